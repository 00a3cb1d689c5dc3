//! Takes out of what was read what the asker may not know.
//!
//! Facets are what producers make of them: only those that can name neither fields nor other
//! datasets are shown to somebody from whom anything is hidden, and of these the members that
//! the standard knows. Lineage, which the facets tell in their way, is told by the graph, where
//! it is filtered exactly.

use std::collections::HashSet;

use serde_json::Value;
use serde_json::value::to_raw_value;

use super::read::{DatasetFull, JobFull};
use super::rights::Rights;
use super::spoken::write_values;
use crate::access::{Action, Kind};
use crate::base::DatasetId;
use crate::catalog::{
    Bodies, ColumnMarks, ColumnView, DatasetDoc, DatasetView, FacetBook, JobDoc, JobView,
};
use crate::openlineage::{Entity, narrowed};

/// Facets of datasets that name nothing else, but for the name before a rename.
const OF_DATASETS: &[&str] = &[
    "catalog",
    "dataSource",
    "datasetType",
    "documentation",
    "lifecycleStateChange",
    "ownership",
    "schema",
    "storage",
    "tags",
    "version",
];
/// Facets of jobs that name nothing else; SQL and the place of the code are looked at.
const OF_JOBS: &[&str] = &["documentation", "jobType", "ownership", "tags"];
/// Facets of runs that name nothing else.
pub(super) const OF_RUNS: &[&str] = &["nominalTime"];
/// The same, where these may be shown: they hold texts (see [`super::texts`]).
pub(super) const OF_WHOLE_RUNS: &[&str] =
    &["externalQuery", "nominalTime", "processing_engine", "tags"];
/// Facets of what a run read or wrote that name no field.
pub(super) const OF_IO: &[&str] = &["inputStatistics", "outputStatistics"];
/// The same, where every field may be known.
pub(super) const OF_WHOLE_IO: &[&str] =
    &["dataQualityAssertions", "dataQualityMetrics", "inputStatistics", "outputStatistics"];

/// The fields of a dataset that are kept back.
pub(super) struct Hidden {
    /// All fields are, whatever they are called.
    all: bool,
    /// Whether fields that the dataset has no more are: nobody knows what they held.
    gone: bool,
    hidden: HashSet<String>,
    known: HashSet<String>,
}

impl Hidden {
    /// Finds what is kept back of a dataset's fields where these are read and `further` acts are done.
    pub(super) fn of(rights: &Rights, full: &DatasetFull, further: &[Action]) -> Self {
        let masks = rights.fields(full.access_class, further);
        let is = |column: &&ColumnView| {
            let marks = || ColumnMarks::among(&column.name, &full.marks);
            rights.hides(full.access_class, further, marks)
        };
        let named = |column: &ColumnView| column.name.clone();
        Self {
            all: masks.is_none(),
            gone: masks.is_some_and(|masks| !masks.is_empty()),
            hidden: full.view.columns.iter().filter(is).map(named).collect(),
            known: full.view.columns.iter().map(named).collect(),
        }
    }

    fn none(&self) -> bool {
        !self.all && !self.gone
    }

    /// Returns whether a field is kept back: itself, or one that it is nested in.
    pub(super) fn has(&self, field: &str) -> bool {
        let ends = field.match_indices('.').map(|(at, _)| at).chain([field.len()]);
        let mut above = ends.filter_map(|end| field.get(..end));
        self.all
            || (self.gone && !self.known.contains(field))
            || above.any(|name| self.hidden.contains(name))
    }

    /// Returns whether something is kept back within a field: its type may name it.
    fn holds(&self, field: &str) -> bool {
        let within = |name: &String| name.strip_prefix(field).is_some_and(|n| n.starts_with('.'));
        self.hidden.iter().any(within)
    }

    pub(super) fn keep(&self, columns: &mut Vec<ColumnView>) {
        columns.retain(|column| !self.has(&column.name));
        for column in columns.iter_mut().filter(|column| self.holds(&column.name)) {
            column.data_type = None;
        }
    }
}

/// Takes out of a dataset what the asker may not know of it.
pub(super) fn dataset(rights: &Rights, full: &mut DatasetFull) {
    if rights.unbounded() {
        return;
    }
    if !rights.about(Action::DatasetRead, Kind::Dataset, full.access_class).allow {
        let DatasetDoc { namespace, name, created, updated, deleted, canonical, .. } =
            std::mem::take(&mut full.doc);
        let bare = DatasetDoc {
            namespace,
            name,
            created,
            updated,
            deleted,
            canonical,
            ..DatasetDoc::default()
        };
        (full.doc, full.view) = (bare, DatasetView::default());
        return;
    }
    let hidden = Hidden::of(rights, full, &[]);
    narrow((&mut full.doc.facets, &full.bodies), Entity::Dataset, OF_DATASETS, |name, facet| {
        match name {
            _ if hidden.none() => {}
            "schema" => schema(facet, &hidden),
            "tags" => tags(facet, &hidden),
            _ => {}
        }
    });
    (full.doc.declared_lineage, full.doc.declared_columns) = (None, None);
    if hidden.none() {
        return;
    }
    hidden.keep(&mut full.view.columns);
    let shown = |column: &String| !hidden.has(column);
    full.doc.findings.keep_only(|finding| finding.column.as_ref().is_none_or(shown));
    full.doc.field_tags.retain(|field, _| !hidden.has(field));
    full.doc.field_descriptions.retain(|field, _| !hidden.has(field));
}

/// Keeps some facets, and of each what the standard knows and a change of it leaves.
pub(super) fn narrow(
    (book, bodies): (&mut FacetBook, &Bodies),
    entity: Entity,
    shown: &[&str],
    change: impl Fn(&str, &mut Value),
) {
    book.keep_only(|name| shown.contains(&name));
    for name in shown {
        let Some(raw) = book.raw(name, bodies) else { continue };
        let facet = narrowed(entity, name, raw).map(|mut facet| {
            change(name, &mut facet);
            facet
        });
        book.rewrite(name, facet.and_then(|facet| to_raw_value(&facet).ok()));
    }
}

/// Returns those facets of a run that hold texts.
pub(super) fn texts_among(book: &FacetBook) -> FacetBook {
    let mut book = book.clone();
    book.keep_only(|name| OF_WHOLE_RUNS.contains(&name) && !OF_RUNS.contains(&name));
    book
}

/// Returns the texts of these facets, as far as they would be shown.
pub(super) fn texts_of_run(book: &FacetBook, bodies: &Bodies) -> String {
    let mut text = String::new();
    for (name, _) in book.iter() {
        let facet = book.raw(name, bodies).and_then(|raw| narrowed(Entity::Run, name, raw));
        let Some(Value::Object(members)) = facet else { continue };
        let own = members.iter().filter(|(member, _)| !member.starts_with('_'));
        own.for_each(|(_, value)| write_values(value, &mut text));
    }
    text
}

/// The facet that tells what a dataset was called before a rename, and the member that does.
const RENAME: (&str, &str) = ("lifecycleStateChange", "previousIdentifier");

/// Returns by which other name a facet of a dataset calls it, if any does.
pub(super) fn name_before(full: &DatasetFull) -> Option<(String, String)> {
    let raw = full.doc.facets.raw(RENAME.0, &full.bodies)?;
    let facet: Value = serde_json::from_str(raw.get()).ok()?;
    let text = |member| facet.get(RENAME.1)?.get(member)?.as_str().map(str::to_owned);
    text("namespace").zip(text("name"))
}

/// Leaves out of a dataset's facets by which other name they call it.
pub(super) fn forget_name_before(full: &mut DatasetFull) {
    narrow_one((&mut full.doc.facets, &full.bodies), RENAME.0, |facet| {
        if let Value::Object(facet) = facet {
            facet.remove(RENAME.1);
        }
    });
}

/// Changes one facet.
fn narrow_one((book, bodies): (&mut FacetBook, &Bodies), name: &str, change: impl Fn(&mut Value)) {
    let Some(raw) = book.raw(name, bodies) else { return };
    let changed = serde_json::from_str(raw.get()).ok().and_then(|mut facet| {
        change(&mut facet);
        to_raw_value(&facet).ok()
    });
    book.rewrite(name, changed);
}

fn schema(facet: &mut Value, hidden: &Hidden) {
    fn keep(fields: Option<&mut Value>, above: &str, hidden: &Hidden) {
        let Some(Value::Array(fields)) = fields else { return };
        fields.retain_mut(|field| {
            let Some(name) = field.get("name").and_then(Value::as_str) else { return false };
            let name = if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
            keep(field.get_mut("fields"), &name, hidden);
            if hidden.holds(&name)
                && let Value::Object(field) = field
            {
                field.remove("type");
            }
            !hidden.has(&name)
        });
    }
    keep(facet.get_mut("fields"), "", hidden);
}

fn tags(facet: &mut Value, hidden: &Hidden) {
    let Some(Value::Array(tags)) = facet.get_mut("tags") else { return };
    let field = |tag: &Value| tag.get("field").and_then(Value::as_str).map(str::to_owned);
    tags.retain(|tag| field(tag).is_none_or(|field| field.is_empty() || !hidden.has(&field)));
}

/// Which texts of a job may be shown to somebody from whom something is hidden.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts {
    /// Its SQL.
    pub(super) sql: bool,
    /// Where its code is.
    pub(super) location: bool,
}

/// Takes out of a job what its runs say of it, where these may not be read.
pub(super) fn runs(rights: &Rights, full: &mut JobFull) {
    if !rights.about(Action::RunRead, Kind::Job, full.access_class).allow {
        (full.doc.runs, full.doc.latest) = (0, None);
    }
}

/// Takes out of a job what the asker may not know of it. `seen` are the datasets that they
/// see among those it reads and writes. Descriptions are shown: they are written for readers.
pub(super) fn job(rights: &Rights, full: &mut JobFull, seen: &HashSet<DatasetId>, texts: Texts) {
    if rights.unbounded() {
        return;
    }
    let read = rights.about(Action::JobRead, Kind::Job, full.access_class);
    if !read.allow {
        let JobDoc { namespace, name, simple_name, created, updated, deleted, renamed_to, .. } =
            std::mem::take(&mut full.doc);
        let bare = JobDoc {
            namespace,
            name,
            simple_name,
            created,
            updated,
            deleted,
            renamed_to,
            ..JobDoc::default()
        };
        (full.doc, full.view, full.io) =
            (bare, JobView::default(), crate::catalog::CurrentIo::default());
        return;
    }
    let sql = rights.tells_sql(full.access_class) && texts.sql;
    let told = [("sql", sql), ("sourceCodeLocation", texts.location)];
    let told = told.into_iter().filter_map(|(name, shown)| shown.then_some(name));
    let shown: Vec<&str> = OF_JOBS.iter().copied().chain(told).collect();
    narrow((&mut full.doc.facets, &full.bodies), Entity::Job, &shown, |_, _| {});
    full.view.sql.take_if(|_| !sql);
    if !texts.location {
        (full.view.location, full.doc.location) = (None, None);
    }
    full.io.inputs.retain(|id| seen.contains(id));
    full.io.outputs.retain(|id| seen.contains(id));
}

/// Keeps of a run's facets those that may be shown.
pub(super) fn facets(book: &mut FacetBook, shown: &[&str]) {
    book.keep_only(|name| shown.contains(&name));
}
