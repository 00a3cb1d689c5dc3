//! The catalog: what datasets, jobs, runs and namespaces there are, and what was said of them.
//!
//! Pure. Every aggregate is a *document* whose parts are joined by minimum, maximum or
//! "the newest by event time", so that joining is commutative, associative and
//! idempotent: [`fold()`] turns one event into small documents, and [`Working::apply`]
//! joins them to what is known. Any order and any repetition of the same events
//! therefore gives the same catalog. Nothing here knows SQL, HTTP or the clock.

mod apply;
mod attributes;
mod author;
mod bounds;
mod caps;
mod changed;
mod compare;
mod dataset;
mod delta;
mod edit;
mod facet;
mod fact;
mod finding;
mod fold_context;
mod fold_dataset;
mod fold_edit;
mod fold_event;
mod fold_job;
mod fold_mention;
mod fold_run;
mod fold_tags;
mod in_force;
mod job;
#[cfg(test)]
mod joins;
mod marks;
mod naming;
mod refs;
mod run;
mod said;
mod shared_runs;
mod small;
mod stamp;
#[cfg(test)]
mod strangers;
mod uses;
mod view;

pub use apply::Working;
pub use attributes::{Attributes, Telling, share_edits};
pub use author::{Claims, Standing, Voice, Weight};
pub use bounds::OverBound;
pub use changed::{Changed, Recount, Told, Touch};
pub use compare::{SchemaChange, compare_schemas};
pub use dataset::DatasetDoc;
pub use delta::Delta;
pub use edit::{DatasetPut, DatasetType, Edit, EditRecord, EntityRef, FieldPut, Owners};
pub use facet::{Bodies, FacetBody, FacetBook};
pub use fact::{Fact, FactKind, JobVersionContent};
pub use finding::{Finding, FindingKind, Findings};
pub use fold_context::Received;
pub use fold_edit::fold_edit;
pub use fold_event::fold;
pub use in_force::OwnerView;
pub use job::{CurrentIo, Declared, Expired, JobDoc, LatestRun};
pub use marks::{ColumnMarks, Mark, Marked, NameMarks};
pub use naming::{JobNaming, job_naming};
pub use refs::{DatasetNames, jobs_named_in};
pub use run::{RunDoc, RunIo, RunJob, RunState, Teller};
pub use said::{SaidTags, restricts, split_tags};
pub use small::{NamespaceDoc, SourceDoc, TagDoc};
pub use stamp::{Seen, Stamp, Stamped};
pub use uses::{RunUse, RunUseKey};
pub use view::{ColumnView, DatasetView, JobView, columns_of_schema, merge_names};
