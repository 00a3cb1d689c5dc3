//! Node ids: `dataset:{namespace}:{name}`, `job:…`, `datasetField:…:{field}`, each with
//! `#{version}` or without.
//!
//! Names hold colons (`postgres://host:5432`, `trino://host:1337:20240430_x`), so that an
//! id alone does not say where the namespace ends. Marquez guesses by what follows a colon
//! and fails where the guess is wrong (its issues 2806, 1761); here all ways to split are
//! looked up, and the one that exists is meant. Its guess only decides between several.

use std::collections::HashSet;

use uuid::Uuid;

use super::error::ApiError;
use crate::base::{DatasetId, JobId};
use crate::flow::Asker;
use crate::lineage::NodeRef;

/// Colons of an id up to which every split is tried; beyond it only Marquez's guess is.
const COLONS_MAX: usize = 32;

/// What kind of node an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Dataset,
    Field,
    Job,
}

/// One way to read an id.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reading<'a> {
    namespace: &'a str,
    name: &'a str,
    field: Option<&'a str>,
    version: Option<Uuid>,
}

/// A node that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The node.
    pub(super) node: NodeRef,
    /// The version that the id names, if it names one.
    pub(super) version: Option<Uuid>,
}

/// Returns the kind of node that an id names and the rest of the id.
pub(super) fn kind_of(id: &str) -> Option<(Kind, &str)> {
    let (kind, rest) = id.split_once(':')?;
    let kind = match kind {
        "dataset" => Kind::Dataset,
        "datasetField" => Kind::Field,
        "job" => Kind::Job,
        _ => return None,
    };
    Some((kind, rest))
}

/// Finds the node that an id names.
pub(super) async fn find(app: &Asker, kind: Kind, rest: &str) -> Result<Option<Found>, ApiError> {
    let readings = readings(kind, rest);
    match kind {
        Kind::Job => find_job(app, &readings).await,
        Kind::Dataset | Kind::Field => find_dataset(app, &readings).await,
    }
}

async fn find_job(app: &Asker, readings: &[Reading<'_>]) -> Result<Option<Found>, ApiError> {
    let ids: Vec<JobId> = readings.iter().map(|r| JobId::of(r.namespace, r.name)).collect();
    let rows = app.job_rows(&ids).await?;
    let there: HashSet<JobId> = rows.into_iter().map(|row| row.id).collect();
    let found = ids.into_iter().zip(readings).find(|(id, _)| there.contains(id));
    Ok(found.map(|(id, reading)| Found { node: NodeRef::Job(id), version: reading.version }))
}

async fn find_dataset(app: &Asker, readings: &[Reading<'_>]) -> Result<Option<Found>, ApiError> {
    let of = |r: &Reading<'_>| DatasetId::of(r.namespace, r.name);
    let mut ids: Vec<DatasetId> = readings.iter().map(of).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = app.dataset_rows(&ids).await?;
    let there: HashSet<DatasetId> = rows.iter().map(|row| row.id).collect();
    let mut existing: Vec<&Reading<'_>> =
        readings.iter().filter(|reading| there.contains(&of(reading))).collect();
    if existing.len() > 1 && existing.iter().any(|reading| reading.field.is_some()) {
        let columns = columns(app, rows).await?;
        let has_field = |r: &Reading<'_>| {
            r.field.is_some_and(|field| columns.contains(&(of(r), field.to_owned())))
        };
        existing.sort_by_key(|reading| !has_field(reading));
    }
    Ok(existing.first().map(|reading| {
        let id = of(reading);
        let node = match reading.field {
            Some(field) => NodeRef::Field(id, field.to_owned()),
            None => NodeRef::Dataset(id),
        };
        Found { node, version: reading.version }
    }))
}

async fn columns(
    app: &Asker,
    rows: Vec<crate::db::DatasetRow>,
) -> Result<HashSet<(DatasetId, String)>, ApiError> {
    let full = app.datasets_full(rows).await?;
    let of = |dataset: crate::flow::DatasetFull| {
        let names: Vec<DatasetId> = dataset.names.iter().map(|(id, ..)| *id).collect();
        let columns = dataset.view.columns.into_iter();
        columns.flat_map(move |column| {
            names.clone().into_iter().map(move |id| (id, column.name.clone()))
        })
    };
    Ok(full.into_iter().flat_map(of).collect())
}

/// Lists every way to read an id, the likeliest first.
fn readings(kind: Kind, rest: &str) -> Vec<Reading<'_>> {
    let mut all = splits(kind, rest, None);
    if let Some((before, version)) = rest.rsplit_once('#')
        && let Ok(version) = Uuid::try_parse(version)
    {
        all.extend(splits(kind, before, Some(version)));
    }
    all
}

fn splits(kind: Kind, rest: &str, version: Option<Uuid>) -> Vec<Reading<'_>> {
    let colons: Vec<usize> = rest.match_indices(':').map(|(at, _)| at).collect();
    let guessed: Vec<usize> = colons.iter().copied().filter(|at| separates(rest, *at)).collect();
    let tried = if colons.len() <= COLONS_MAX { &colons } else { &guessed };
    let mut all = Vec::new();
    for (place, first) in tried.iter().enumerate().take(COLONS_MAX) {
        if kind == Kind::Field {
            let seconds = tried.iter().skip(place + 1).take(COLONS_MAX);
            all.extend(seconds.filter_map(|second| read(rest, *first, Some(*second), version)));
        } else {
            all.extend(read(rest, *first, None, version));
        }
    }
    let needed = if kind == Kind::Field { 2 } else { 1 };
    if guessed.len() == needed {
        let likeliest =
            guessed.first().and_then(|first| read(rest, *first, guessed.get(1).copied(), version));
        all.sort_by_key(|reading| Some(reading) != likeliest.as_ref());
    }
    all
}

/// Tells whether Marquez would split at a colon: nothing that looks like a URL's scheme or
/// port follows.
fn separates(rest: &str, colon: usize) -> bool {
    let after = rest.get(colon + 1..).unwrap_or_default();
    !after.starts_with("//") && !after.starts_with(|c: char| c.is_ascii_digit())
}

fn read(
    rest: &str,
    first: usize,
    second: Option<usize>,
    version: Option<Uuid>,
) -> Option<Reading<'_>> {
    let namespace = rest.get(..first)?;
    let name = rest.get(first + 1..second.unwrap_or(rest.len()))?;
    let field = match second {
        Some(second) => Some(rest.get(second + 1..)?),
        None => None,
    };
    let named = !namespace.is_empty() && !name.is_empty() && field != Some("");
    named.then_some(Reading { namespace, name, field, version })
}

/// Writes a dataset's node id.
pub(super) fn of_dataset(namespace: &str, name: &str) -> String {
    format!("dataset:{namespace}:{name}")
}

/// Writes a job's node id.
pub(super) fn of_job(namespace: &str, name: &str) -> String {
    format!("job:{namespace}:{name}")
}

/// Writes a field's node id.
pub(super) fn of_field(namespace: &str, dataset: &str, field: &str) -> String {
    format!("datasetField:{namespace}:{dataset}:{field}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(kind: Kind, rest: &str) -> Vec<(&str, &str)> {
        readings(kind, rest).iter().map(|r| (r.namespace, r.name)).collect()
    }

    #[test]
    fn marquezs_guess_comes_first_and_all_other_splits_follow() {
        assert_eq!(
            parts(Kind::Dataset, "postgres://h:5432:db.s.t"),
            [
                ("postgres://h:5432", "db.s.t"),
                ("postgres", "//h:5432:db.s.t"),
                ("postgres://h", "5432:db.s.t"),
            ]
        );
        assert!(
            parts(Kind::Job, "trino://h:1337:20240430_x")
                .contains(&("trino://h:1337", "20240430_x"))
        );
    }

    #[test]
    fn version_is_read_but_may_be_part_of_the_name() {
        let version = "3f5e83fa-3480-44ff-99c5-ff943904e5e8";
        let id = format!("ns:name#{version}");
        let all = readings(Kind::Dataset, &id);
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].name, all[0].version), (id.get(3..).unwrap(), None));
        assert_eq!((all[1].name, all[1].version), ("name", Uuid::try_parse(version).ok()));
        assert_eq!(readings(Kind::Dataset, "ns:name#7").len(), 1);
    }

    #[test]
    fn field_is_what_follows_the_second_split() {
        let all = readings(Kind::Field, "food_delivery:public.menus:id");
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].field, Some("id"));
    }

    #[test]
    fn other_kinds_are_told_apart() {
        assert_eq!(kind_of("job:a:b"), Some((Kind::Job, "a:b")));
        assert_eq!(kind_of("run:3f5e"), None);
        assert_eq!(kind_of("dataset"), None);
    }

    proptest! {
        #[test]
        fn whatever_was_written_is_among_the_readings(
            namespace in "[a-z:/#0-9]{1,12}", name in "[a-z:/#0-9é]{1,12}", field in "[a-z:]{1,6}",
        ) {
            let id = of_field(&namespace, &name, &field);
            let (kind, rest) = kind_of(&id).unwrap();
            let found = readings(kind, rest).into_iter().any(|r| {
                r.namespace == namespace && r.name == name && r.field == Some(&field)
            });
            prop_assert!(found);
        }

        #[test]
        fn no_text_panics_or_explodes(text in "\\PC{0,200}", colons in 0usize..4_000) {
            let text = format!("{text}{}", ":a".repeat(colons));
            prop_assert!(readings(Kind::Field, &text).len() <= 2 * COLONS_MAX * COLONS_MAX);
        }
    }
}
