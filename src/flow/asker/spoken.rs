//! Whether texts (SQL, paths, events as they came) name what is hidden from an asker.
//!
//! Names are looked for in the words of a text, whatever its language (see
//! [`crate::base::spoken`]). A name that something hidden or masked bears counts, also if
//! something that is seen bears it too: what the text meant is not known.

use std::collections::HashSet;

use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::super::error::FlowError;
use super::super::positions::Follower;
use super::answers::Asker;
use super::rights::Rights;
use crate::access::{Action, Kind};
use crate::base::spoken::{Spoken, tail_of};
use crate::base::{DatasetId, Digest};
use crate::catalog::{ColumnMarks, Marked};

/// Datasets that changed for rules and whose fields the graph does not know yet, at most: over that
/// no text is shown.
const CHANGED_MAX: usize = 2_000;
/// Of these, those that are read at once.
const AT_ONCE: usize = 200;

/// What a text gives away to an asker.
#[derive(Debug, Clone, Default)]
pub(super) struct GivesAway {
    /// Whether it names a dataset that is hidden.
    pub(super) hidden: bool,
    /// Whether it names a dataset that is hidden or has masked fields.
    pub(super) datasets: bool,
    /// Which names of masked fields it holds, whosever they are.
    pub(super) fields: Vec<Digest>,
}

/// Writes all texts of a JSON value one after the other, names of members too.
pub(super) fn write_texts(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| write_texts(value, out)),
        Value::Object(members) => {
            for (name, value) in members {
                out.push_str(name);
                out.push('\n');
                write_texts(value, out);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Writes all texts of a JSON value but for the names of its members.
pub(super) fn write_values(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => members.values().for_each(|value| write_values(value, out)),
        Value::Array(values) => values.iter().for_each(|value| write_values(value, out)),
        value => write_texts(value, out),
    }
}

/// Returns all texts of a facet.
pub(super) fn texts_of_facet(raw: &RawValue) -> String {
    let mut text = String::new();
    if let Ok(value) = serde_json::from_str(raw.get()) {
        write_texts(&value, &mut text);
    }
    text
}

impl Asker {
    /// Returns what each of these texts gives away where fields are read and `further` acts are done.
    pub(super) async fn given_away(
        &self,
        texts: &[String],
        further: &[Action],
    ) -> Result<Vec<GivesAway>, FlowError> {
        let spoken: Vec<Spoken> = texts.iter().map(|text| Spoken::of(text)).collect();
        let tails: HashSet<Digest> = spoken.iter().flat_map(Spoken::tails).copied().collect();
        if tails.is_empty() {
            return Ok(vec![GivesAway::default(); texts.len()]);
        }
        let tails: Vec<Digest> = tails.into_iter().collect();
        let known = self.app.db().classes_of_tails(&tails).await?;
        self.learn(&known.iter().map(|(_, access_class)| *access_class).collect::<Vec<_>>())
            .await?;
        let Some(rights) = self.rights() else {
            return Ok(vec![GivesAway::default(); texts.len()]);
        };
        let those = |is: &dyn Fn(u32) -> bool| -> HashSet<Digest> {
            let those = known.iter().filter(|(_, access_class)| is(*access_class));
            those.map(|(tail, _)| *tail).collect()
        };
        let whole = |access_class: u32| {
            rights.whole(access_class) && rights.shows_all_fields(access_class, further)
        };
        let hidden = those(&|access_class| !rights.sees(Kind::Dataset, access_class));
        let datasets = those(&|access_class| !whole(access_class));
        let masked = self.masked_fields(&rights, further).await?;
        let names = |spoken: &Spoken, those: &HashSet<Digest>| {
            masked.is_none() || spoken.is_cut() || !spoken.tails().is_disjoint(those)
        };
        let gives_away = |spoken: &Spoken| GivesAway {
            hidden: names(spoken, &hidden),
            datasets: names(spoken, &datasets),
            fields: masked
                .as_ref()
                .map(|masked| spoken.tails().intersection(masked).copied().collect())
                .unwrap_or_default(),
        };
        Ok(spoken.iter().map(gives_away).collect())
    }

    /// Returns the names of all fields that are kept back because they are marked: those that the
    /// graph knows, and those of whatever changed for rules since. Nothing if more changed than can
    /// be looked at.
    async fn masked_fields(
        &self,
        rights: &Rights,
        further: &[Action],
    ) -> Result<Option<HashSet<Digest>>, FlowError> {
        // Before the graph is looked at: what changes meanwhile is then in the one or the other.
        let since = self.app.since(Follower::Lineage, self.seen)?;
        let may_hide = |(_, access_class): &(Uuid, u32)| {
            let is_job = rights.kind_of(*access_class) == Some(Kind::Job);
            !is_job && !rights.shows_all_fields(*access_class, further)
        };
        let changed = since.all().filter(may_hide).map(|(id, _)| DatasetId(id));
        let changed: Vec<DatasetId> = changed.take(CHANGED_MAX + 1).collect();
        if !since.is_complete() || changed.len() > CHANGED_MAX {
            return Ok(None);
        }
        let hides = |access_class: u32, mark: &Marked| {
            let own = || {
                let own = vec![mark.sure.clone()];
                ColumnMarks { restricting: mark.all.clone(), own }
            };
            rights.hides(access_class, further, own)
        };
        let mut masked: HashSet<Digest> = self.app.graph(|graph| {
            let marked = graph.marked_fields().into_iter();
            // Class 0: nobody has said yet which it is.
            let masked = marked.filter(|(number, _, mark)| *number > 0 && hides(*number, mark));
            masked.filter_map(|(_, name, _)| tail_of(name)).collect()
        })?;
        for ids in changed.chunks(AT_ONCE) {
            let rows = self.app.db().datasets(ids).await?;
            for full in self.app.datasets_full(rows).await? {
                let marked = full.marks.iter().flatten();
                let hidden = marked.filter(|(_, mark)| hides(full.access_class, mark));
                masked.extend(hidden.filter_map(|(name, _)| tail_of(name)));
            }
        }
        Ok(Some(masked))
    }
}
