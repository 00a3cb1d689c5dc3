//! Explains a score: which clauses hold, what each word added, what use and age added.
//!
//! The numbers come from the search's own code, run once more while watching the one
//! document, so that an explanation cannot tell another story than the ranking.

use std::fmt;

use serde::Serialize;
use tantivy::DocSet as _;
use tantivy::schema::{IndexRecordOption, Term};
use uuid::Uuid;

use super::census::Census;
use super::encode::id_term;
use super::error::IndexError;
use super::eval::{Added, Probe, evaluate};
use super::plan::Plan;
use super::prepare::prepare;
use super::rank::to_minute;
use super::scan::Segment;
use super::score::{Prior, points, total};
use super::search::{SearchRequest, find};
use super::snapshot::Snapshot;
use crate::base::NodeKind;

/// Why a search finds a document, or does not, and how it scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The search as it was read.
    pub query: String,
    /// Whether the document is a hit.
    pub matched: bool,
    /// The score it has in the ranking by relevance.
    pub score: f32,
    /// How exactly the search names the document: the score's whole part.
    pub exactness: Exactness,
    /// The clauses, and whether the document meets each.
    pub clauses: Vec<ClauseHeld>,
    /// What each word added to the score of the text.
    pub text: Vec<TextPoints>,
    /// The sum of these.
    pub text_points: f32,
    /// How much the document is used, from 0 to 1.
    pub usage: f32,
    /// How fresh it is, from 0 to 1.
    pub freshness: f32,
    /// The factor that both make.
    pub prior_factor: f32,
}

/// How exactly a search names a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Exactness {
    /// From 6, the qualified name, to 0, words with typos mended.
    pub level: u8,
    /// The level in words.
    pub meaning: &'static str,
}

/// Whether a clause holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseHeld {
    /// The clause.
    pub clause: String,
    /// Whether the document meets it.
    pub holds: bool,
}

/// What a word added.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextPoints {
    /// The word that was looked for.
    pub word: String,
    /// The text it was found in.
    pub field: &'static str,
    /// As what it was found: a word, the beginning of one, words in a row.
    pub how: &'static str,
    /// What it added.
    pub points: f32,
}

fn meaning(level: u8) -> &'static str {
    match level {
        6 => "namespace and name are exactly what was searched",
        5 => "the name is exactly what was searched",
        4 => "the name is what was searched, but for case, accents or spacing",
        3 => "an alias, or the end of the name, is what was searched",
        2 => "the name has the same letters and digits as what was searched",
        1 => "all words were found",
        _ => "all words were found after mending typos",
    }
}

/// Explains one document's place in a search.
pub(super) fn explain(
    snapshot: &Snapshot,
    request: &SearchRequest<'_>,
    kind: NodeKind,
    id: Uuid,
) -> Result<Option<Explanation>, IndexError> {
    let now = to_minute(request.now);
    let plan = Plan::new(&request.query, now);
    let key = request.base_key();
    let base = snapshot.base(&key)?;
    let term = Term::from_field_bytes(snapshot.fields().id, &id_term(kind, id));
    let found = find(snapshot, &plan, (&base, &key))?;
    for (place, (reader, table)) in snapshot.segments().enumerate() {
        let index = reader.inverted_index(snapshot.fields().id)?;
        let Some(mut docs) = index.read_postings(&term, IndexRecordOption::Basic)? else {
            continue;
        };
        let (Some(allowed), Some(masks)) = (base.docs.get(place), base.masks.get(place)) else {
            continue;
        };
        // A replaced document is still listed, but no longer in the base.
        while docs.doc() != tantivy::TERMINATED && !allowed.contains(docs.doc()) {
            docs.advance();
        }
        if docs.doc() == tantivy::TERMINATED {
            continue;
        }
        let mut probe = Probe { doc: docs.doc(), added: Vec::new(), holds: Vec::new() };
        let prepared = prepare(snapshot, &plan, &Census::new(snapshot, &key)?, found.mended)?;
        let segment = Segment { place, reader, fields: snapshot.fields(), masks };
        let mut hits = evaluate(&segment, &plan, &prepared, allowed, Some(&mut probe))?;
        hits.unmended = found.hits.into_iter().nth(place).and_then(|(_, hits)| hits.unmended);
        let packed = table.priors.get(probe.doc as usize).copied().unwrap_or(0);
        let prior = Prior::at(now);
        let (level, text) = (hits.level(probe.doc), hits.text(probe.doc));
        let (usage, freshness) = prior.of(packed);
        let matched = hits.docs.contains(probe.doc);
        let steps = prepared.steps.into_iter().zip(probe.holds);
        return Ok(Some(Explanation {
            query: request.query.to_string(),
            matched,
            score: if matched { total(level, points(text, prior.factor(packed))) } else { 0.0 },
            exactness: Exactness { level, meaning: meaning(level) },
            clauses: steps.map(|(step, holds)| ClauseHeld { clause: step.clause, holds }).collect(),
            text: probe.added.into_iter().map(text_points).collect(),
            text_points: text,
            usage,
            freshness,
            prior_factor: prior.factor(packed),
        }));
    }
    Ok(None)
}

fn text_points(added: Added) -> TextPoints {
    let Added { word, part, how, points } = added;
    TextPoints { word, field: part.as_str(), how, points }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.matched {
            writeln!(f, "`{}` finds it with a score of {:.4}:", self.query, self.score)?;
            writeln!(f, "  {} for exactness: {}", self.exactness.level, self.exactness.meaning)?;
        } else {
            writeln!(f, "`{}` does not find it:", self.query)?;
        }
        for ClauseHeld { clause, holds } in &self.clauses {
            writeln!(f, "  {} {clause}", if *holds { "meets" } else { "does not meet" })?;
        }
        for TextPoints { word, field, how, points } in &self.text {
            writeln!(f, "  {points:.3} for `{word}` in the {field}, as {how}")?;
        }
        writeln!(
            f,
            "  x {:.3} for usage {:.2} and freshness {:.2}",
            self.prior_factor, self.usage, self.freshness
        )
    }
}
