//! The record that fields of personal data were shown, by whichever door: their names, or texts that
//! hold these.
//!
//! A field is personal if a class bears on it, as masks read that. Of a text that names a personal field
//! it is recorded that the datasets were read which the text goes with and that have such a field; what
//! a text says of others is not known. One answer leaves one record a dataset.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::audit::Act;
use super::super::error::FlowError;
use super::super::positions::Follower;
use super::answers::Asker;
use super::read::DatasetFull;
use super::rights::Rights;
use crate::access::{Action, Kind};
use crate::audit::Outcome;
use crate::base::fold::fold;
use crate::base::spoken::{Spoken, tail_of};
use crate::base::{DatasetId, Digest};
use crate::catalog::{ColumnMarks, NameMarks};
use crate::db::DatasetRow;
use crate::lineage::NodeRef;

/// Datasets whose fields are looked at together.
const AT_ONCE: usize = 200;

/// A text that is shown, and the datasets that it goes with.
pub(super) type Text = (BTreeSet<DatasetId>, String);

impl Asker {
    /// Notes that datasets were shown with the columns that they have here.
    pub(super) async fn note_personal(&self, shown: &[DatasetFull]) -> Result<(), FlowError> {
        let Some(rights) = self.rights() else { return Ok(()) };
        let personal = |full: &&DatasetFull| {
            full.view.columns.iter().any(|column| is_personal(&column.name, &full.marks))
                || (rights.shows_all_fields(full.access_class, &[]) && is_marked(&full.marks))
        };
        let full: Vec<&DatasetFull> = shown.iter().filter(personal).collect();
        self.note_full(&rights, &full).await
    }

    /// Notes that fields of datasets were named.
    pub(in crate::flow) async fn note_fields(
        &self,
        named: impl IntoIterator<Item = (DatasetId, String)>,
    ) -> Result<(), FlowError> {
        let Some(rights) = self.rights() else { return Ok(()) };
        let mut fields: BTreeMap<DatasetId, BTreeSet<String>> = BTreeMap::new();
        for (dataset, field) in named {
            fields.entry(dataset).or_default().insert(field);
        }
        let (personal, unsure) = self.personal_in_graph(fields.keys().copied(), |id, marks| {
            fields.get(id).is_some_and(|fields| fields.iter().any(|field| bears(marks(field))))
        })?;
        for ids in personal.chunks(AT_ONCE) {
            let rows = self.app.db().datasets(ids).await?;
            let acts = rows.iter().filter_map(|row| self.shown_row(&rights, row));
            self.note(acts.collect()).await?;
        }
        self.note_among(&rights, &unsure, |full| {
            let named = full.names.iter().filter_map(|(id, ..)| fields.get(id)).flatten();
            named.into_iter().any(|field| is_personal(field, &full.marks))
        })
        .await
    }

    /// Notes that texts were shown.
    pub(super) async fn note_texts(&self, texts: &[Text]) -> Result<(), FlowError> {
        let Some(rights) = self.rights() else { return Ok(()) };
        let told = || texts.iter().filter(|(_, text)| !text.is_empty());
        let datasets: BTreeSet<DatasetId> = told().flat_map(|(ids, _)| ids).copied().collect();
        let marked = |_: &DatasetId, marks: &dyn Fn(&str) -> ColumnMarks| bears(marks(""));
        let (personal, unsure) = self.personal_in_graph(datasets.into_iter(), marked)?;
        let looked_at: HashSet<DatasetId> = personal.iter().chain(&unsure).copied().collect();
        if looked_at.is_empty() {
            return Ok(());
        }
        let told = told().filter(|(ids, _)| ids.iter().any(|id| looked_at.contains(id)));
        let spoken: Vec<(&BTreeSet<DatasetId>, Spoken)> =
            told.map(|(ids, text)| (ids, Spoken::of(text))).collect();
        let looked_at = Vec::from_iter(looked_at);
        self.note_among(&rights, &looked_at, |full| {
            let fields = personal_of(full);
            spoken.iter().any(|(ids, spoken)| {
                full.names.iter().any(|(id, ..)| ids.contains(id))
                    && (spoken.is_cut() || !spoken.tails().is_disjoint(&fields))
            })
        })
        .await
    }

    /// Notes that it was told how a dataset was found, by words that personal fields of it may hold.
    pub(super) async fn note_found(&self, id: DatasetId, words: &[&str]) -> Result<(), FlowError> {
        let Some(rights) = self.rights() else { return Ok(()) };
        let folded = |text: &str| text.chars().flat_map(fold).collect::<String>();
        let words: Vec<String> = words.iter().map(|word| folded(word)).collect();
        self.note_among(&rights, &[id], |full| {
            let names = full.view.columns.iter().map(|column| &column.name);
            let personal = names.filter(|name| is_personal(name, &full.marks));
            personal.map(|name| folded(name)).any(|name| {
                words.iter().any(|word| name.contains(&word[..]) || word.contains(&name[..]))
            })
        })
        .await
    }

    /// Returns whether anything at all may be personal.
    pub(super) fn knows_personal(&self) -> Result<bool, FlowError> {
        if self.rights().is_none() {
            return Ok(false);
        }
        let since = self.app.since(Follower::Lineage, self.seen).ok();
        let known = since.is_some_and(|since| since.is_complete() && since.all().next().is_none());
        Ok(!known || self.app.graph(|graph| graph.is_any_classified())?)
    }

    /// Returns those of some datasets for which something holds, given the marks of their fields, and
    /// those of which the graph does not surely know that.
    fn personal_in_graph(
        &self,
        ids: impl Iterator<Item = DatasetId>,
        is: impl Fn(&DatasetId, &dyn Fn(&str) -> ColumnMarks) -> bool,
    ) -> Result<(Vec<DatasetId>, Vec<DatasetId>), FlowError> {
        let since = self.app.since(Follower::Lineage, self.seen).ok();
        let since = since.filter(|since| since.is_complete());
        self.app.graph(|graph| {
            let sure = |id: &DatasetId| {
                let known = graph.access(&NodeRef::Dataset(*id)).is_some_and(|class| class > 0);
                known && since.as_ref().is_some_and(|since| since.access_class(id.0).is_none())
            };
            let (sure, unsure): (Vec<_>, Vec<_>) = ids.partition(sure);
            let personal = |id: &DatasetId| is(id, &|field| graph.field_marks(*id, field));
            (sure.into_iter().filter(personal).collect(), unsure)
        })
    }

    /// Notes those of some datasets, as the database has them, for which something holds.
    async fn note_among(
        &self,
        rights: &Rights,
        ids: &[DatasetId],
        holds: impl Fn(&DatasetFull) -> bool,
    ) -> Result<(), FlowError> {
        for ids in ids.chunks(AT_ONCE) {
            let rows = self.app.db().datasets(ids).await?;
            let full = self.app.datasets_full(rows).await?;
            let full: Vec<&DatasetFull> = full.iter().filter(|full| holds(full)).collect();
            self.note_full(rights, &full).await?;
        }
        Ok(())
    }

    async fn note_full(&self, rights: &Rights, all: &[&DatasetFull]) -> Result<(), FlowError> {
        let act = |full: &&DatasetFull| {
            let name = (&full.doc.namespace[..], &full.doc.name[..]);
            self.shown(rights, full.id, full.access_class, name)
        };
        self.note(all.iter().filter_map(act).collect()).await
    }

    fn shown_row(&self, rights: &Rights, row: &DatasetRow) -> Option<Act> {
        let name = (&row.doc.namespace[..], &row.doc.name[..]);
        self.shown(rights, row.doc.canonical_id(), row.access_class, name)
    }

    /// Makes the record that fields of a dataset were shown, unless this answer has one.
    fn shown(
        &self,
        rights: &Rights,
        id: DatasetId,
        access_class: u32,
        (namespace, name): (&str, &str),
    ) -> Option<Act> {
        if !self.is_first(id) {
            return None;
        }
        let decision = rights.about(Action::DatasetReadFields, Kind::Dataset, access_class);
        let mut act = Act::done(Action::DatasetReadFields.as_str());
        act.outcome = Outcome::Allowed;
        let act = act.on("dataset", id.0, format!("{namespace} {name}"));
        Some(self.decided_by(act, &decision))
    }
}

fn bears(marks: ColumnMarks) -> bool {
    !marks.restricting.classes.is_empty()
}

/// Returns whether a class bears on a field, given the marks of each name of its dataset.
fn is_personal(field: &str, names: &[NameMarks]) -> bool {
    bears(ColumnMarks::among(field, names))
}

/// Returns whether a class is on anything of a dataset.
fn is_marked(names: &[NameMarks]) -> bool {
    names.iter().flatten().any(|(_, mark)| !mark.all.classes.is_empty())
}

/// Returns what the personal fields of a dataset are known by in texts, those too that only marks name.
fn personal_of(full: &DatasetFull) -> HashSet<Digest> {
    let columns = full.view.columns.iter().map(|column| &column.name);
    let columns = columns.filter(|name| is_personal(name, &full.marks));
    let marked = full.marks.iter().flatten();
    let marked = marked.filter(|(_, mark)| !mark.all.classes.is_empty()).map(|(at, _)| at);
    columns.chain(marked).filter_map(|name| tail_of(name)).collect()
}
