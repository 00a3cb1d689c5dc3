//! The catalog: what datasets, jobs, runs and namespaces there are, and what was said of them.
//!
//! Pure. Every aggregate is a *document* whose parts are joined by minimum, maximum or
//! "the newest by event time", so that joining is commutative, associative and
//! idempotent: [`fold()`] turns one event into small documents, and [`Working::apply`]
//! joins them to what is known. Any order and any repetition of the same events
//! therefore gives the same catalog, but for what follows from when they were received: what is
//! deleted, and who told first where a source is. Nothing here knows SQL, HTTP or the clock.
//!
//! Four storeys, each importing only those before it: `document` (what is known of one thing),
//! `fold` (what one event says), `join` (the one taken into the other), `view` (what readers and
//! rules see of it). Other rooms name what they need by the list below.

mod document;
mod fold;
mod join;
#[cfg(test)]
mod laws;
mod view;

pub use document::author::{Claims, Voice, Weight};
pub use document::bounds::OverBound;
pub use document::dataset::DatasetDoc;
pub use document::edit::{DatasetPut, DatasetType, Edit, EditRecord, EntityRef, FieldPut};
pub use document::facet::{Bodies, FacetBook};
pub use document::fact::{FactKind, JobVersionContent};
pub use document::finding::{Finding, FindingKind};
pub use document::job::{CurrentIo, JobDoc, LatestRun};
pub use document::lasting::Gone;
pub use document::named::Named;
pub use document::refs::{DatasetNames, jobs_named_in};
pub use document::run::{RunDoc, RunIo, RunJob};
pub use document::said::split_tags;
pub use document::small::{NamespaceDoc, SourceDoc, TagDoc};
pub use document::stamp::{Seen, Stamp};
pub use document::tries::RunState;
pub use document::uses::{RunUse, RunUseKey};
pub use fold::context::Received;
pub use fold::delta::Delta;
pub use fold::edit::fold_edit;
pub use fold::event::fold;
pub use fold::naming::job_naming;
pub use join::apply::Working;
pub use join::changed::{Changed, Recount, Told, Touch};
pub use join::names::Names;
pub use view::attributes::{Attributes, Telling};
pub use view::compare::{SchemaChange, compare_schemas};
pub use view::in_force::OwnerView;
pub use view::marks::{ColumnMarks, Mark, Marked, NameMarks};
pub use view::shown::{ColumnView, DatasetView, JobView, columns_of_schema, merge_names};
