//! Whether texts (SQL, paths, events as they came) name what is hidden from an asker.
//!
//! Names are looked for in the words of a text, whatever its language (see
//! [`crate::base::spoken`]). A name that something hidden or masked bears counts, also if
//! something that is seen bears it too: what the text meant is not known.

use std::collections::HashSet;

use serde_json::Value;
use serde_json::value::RawValue;

use super::super::error::FlowError;
use super::answers::Asker;
use super::rights::Rights;
use crate::access::Kind;
use crate::base::Digest;
use crate::base::spoken::{Spoken, tail_of};
use crate::catalog::ColumnMarks;

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
    /// Returns what each of these texts gives away.
    pub(super) async fn given_away(&self, texts: &[String]) -> Result<Vec<GivesAway>, FlowError> {
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
            known
                .iter()
                .filter(|(_, access_class)| is(*access_class))
                .map(|(tail, _)| *tail)
                .collect()
        };
        let hidden = those(&|access_class| !rights.sees(Kind::Dataset, access_class));
        let datasets = those(&|access_class| !rights.whole(access_class));
        let masked = self.masked_fields(&rights)?;
        let gives_away = |spoken: &Spoken| GivesAway {
            hidden: spoken.is_cut() || !spoken.tails().is_disjoint(&hidden),
            datasets: spoken.is_cut() || !spoken.tails().is_disjoint(&datasets),
            fields: spoken.tails().intersection(&masked).copied().collect(),
        };
        Ok(spoken.iter().map(gives_away).collect())
    }

    /// Returns the names of all fields that are kept back because they are marked.
    fn masked_fields(&self, rights: &Rights) -> Result<HashSet<Digest>, FlowError> {
        self.app.graph(|graph| {
            let marked = graph.marked_fields().into_iter();
            let masked = marked.filter(|(access_class, _, mark)| {
                // Class 0: nobody has said yet which it is.
                let own = || {
                    let own = vec![mark.sure.clone()];
                    ColumnMarks { restricting: mark.all.clone(), own }
                };
                *access_class > 0 && rights.hides(*access_class, own)
            });
            masked.filter_map(|(_, name, _)| tail_of(name)).collect()
        })
    }
}
