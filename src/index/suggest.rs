//! Completes what is being typed: names, and the values of labels.
//!
//! Only what the asker may see is offered, and every count is of what they may see.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::clearance::Clearance;
use super::encode::column_beginning;
use super::error::IndexError;
use super::plan::Plan;
use super::postings::{TERMS_MAX, after, each};
use super::query::{Clause, Form, Query, Scope, Test, Text};
use super::rank::{Ranking, Sort, to_minute};
use super::search::{find, stored};
use super::snapshot::{Base, BaseKey, Snapshot};
use super::table::{Facet, Values};
use super::tokens::{fold, part_tokens};
use crate::base::{NodeKind, Time};

/// What is being typed, and by whom.
#[derive(Debug, Clone)]
pub struct SuggestRequest<'a> {
    /// The beginning of a name or value. With a key (`tag:pi`) only its values are offered.
    pub prefix: &'a str,
    /// Suggestions of each kind at most.
    pub limit: usize,
    /// What may be found, and by which texts; everything if `None`.
    pub clearance: Option<&'a Arc<Clearance>>,
    /// What freshness is measured at.
    pub now: Time,
}

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suggested {
    /// The name of a dataset or job, with its kind and id.
    Node(NodeKind, Uuid),
    /// A value of a label.
    Value(Facet),
    /// The name of a column.
    Field,
}

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub what: Suggested,
    /// The name or value.
    pub text: String,
    /// The namespace, for datasets and jobs.
    pub namespace: Option<String>,
    /// The search that asks for it.
    pub query: String,
    /// How many documents that finds; 1 for a dataset or job.
    pub count: u64,
}

/// Completes what is being typed: names first, then namespaces, tags, owners, columns.
pub(super) fn suggest(
    snapshot: &Snapshot,
    values: &Values,
    request: &SuggestRequest<'_>,
) -> Result<Vec<Suggestion>, IndexError> {
    let base_key = BaseKey::new(&[], request.clearance, false);
    let base = snapshot.base(&base_key)?;
    let typed = request.prefix.trim_start();
    let key = typed.split_once(':').and_then(|(key, rest)| Some((wanted(key)?, rest)));
    let (wanted, prefix) = key.unwrap_or((Wanted::Anything, typed));
    let mut found = Vec::new();
    if matches!(wanted, Wanted::Anything | Wanted::Names) {
        found.extend(names(snapshot, (&base, &base_key), prefix, request)?);
    }
    let facets: &[Facet] = match wanted {
        Wanted::Anything if !prefix.is_empty() => &[Facet::Namespace, Facet::Tag, Facet::Owner],
        Wanted::Values(facet) => &[facet],
        _ => &[],
    };
    for facet in facets {
        found.extend(facet_values(snapshot, &base, values, *facet, prefix, request.limit));
    }
    if matches!(wanted, Wanted::Anything | Wanted::Fields) && !prefix.is_empty() {
        found.extend(fields(snapshot, &base, prefix, request.limit)?);
    }
    Ok(found)
}

#[derive(Clone, Copy)]
enum Wanted {
    Anything,
    Names,
    Values(Facet),
    Fields,
}

fn wanted(key: &str) -> Option<Wanted> {
    if key.eq_ignore_ascii_case("name") {
        return Some(Wanted::Names);
    }
    if ["field", "column"].iter().any(|word| key.eq_ignore_ascii_case(word)) {
        return Some(Wanted::Fields);
    }
    let key = if key.eq_ignore_ascii_case("namespace") { "ns" } else { key };
    let facet = Facet::ALL.into_iter().find(|facet| key.eq_ignore_ascii_case(facet.as_str()));
    facet.map(Wanted::Values)
}

fn clause(test: Test) -> Query {
    Query { clauses: vec![Clause { negated: false, test }] }
}

fn names(
    snapshot: &Snapshot,
    known: (&Base, &BaseKey),
    prefix: &str,
    request: &SuggestRequest<'_>,
) -> Result<Vec<Suggestion>, IndexError> {
    let query = if part_tokens(prefix).is_empty() {
        Query::default()
    } else {
        let text =
            Text { scope: Scope::Name, form: Form::Prefix, text: prefix.trim_end().to_owned() };
        clause(Test::Text(text))
    };
    let now = to_minute(request.now);
    let found = find(snapshot, &Plan::new(&query, now), known)?;
    let ranking = Ranking { sort: Sort::Relevance, now, after: None, limit: request.limit };
    let mut suggestions = Vec::new();
    for ranked in ranking.best(&found.hits)? {
        let stored = stored(snapshot, &ranked)?;
        let kind = if stored.job { NodeKind::Job } else { NodeKind::Dataset };
        let qualified = format!("{}/{}", stored.namespace, stored.name);
        suggestions.push(Suggestion {
            what: Suggested::Node(kind, ranked.id),
            text: stored.name,
            namespace: Some(stored.namespace),
            query: Query::quoted(&qualified).to_string(),
            count: 1,
        });
    }
    Ok(suggestions)
}

/// Finds the values that begin with the prefix, or hold a word that does.
fn facet_values(
    snapshot: &Snapshot,
    base: &Base,
    values: &Values,
    facet: Facet,
    prefix: &str,
    limit: usize,
) -> Vec<Suggestion> {
    let prefix = fold(prefix.trim_end()).into_owned();
    let known = values.read();
    let counts = snapshot.base_counts(base);
    let present = counts.present(&known).filter(|(of, ..)| *of == facet);
    let mut found: Vec<(bool, u64, &str)> = present
        .filter_map(|(_, value, count)| {
            let folded = fold(value);
            let begins = folded.starts_with(&prefix);
            let holds = || part_tokens(value).iter().any(|token| token.starts_with(&prefix));
            (begins || holds()).then_some((begins, count, &**value))
        })
        .collect();
    found.sort_by_key(|(begins, count, value)| (!begins, std::cmp::Reverse(*count), *value));
    let suggestion = |(_, count, value): (bool, u64, &str)| Suggestion {
        what: Suggested::Value(facet),
        text: value.to_owned(),
        namespace: None,
        query: value_query(facet, value).to_string(),
        count,
    };
    found.into_iter().take(limit).map(suggestion).collect()
}

fn value_query(facet: Facet, value: &str) -> Query {
    use super::query::{Label, Pattern};
    let label = match facet {
        Facet::Kind => {
            let kind = if value == "job" { NodeKind::Job } else { NodeKind::Dataset };
            return clause(Test::Kind(vec![kind]));
        }
        Facet::Namespace => Label::Namespace,
        Facet::Platform => Label::Platform,
        Facet::Subtype => Label::Subtype,
        Facet::Tag => Label::Tag,
        Facet::Owner => Label::Owner,
    };
    clause(Test::Label(label, vec![Pattern { text: value.to_owned(), prefix: false }]))
}

/// Finds the columns whose names begin with the prefix, the most frequent first.
fn fields(
    snapshot: &Snapshot,
    base: &Base,
    prefix: &str,
    limit: usize,
) -> Result<Vec<Suggestion>, IndexError> {
    let start = &column_beginning(&fold(prefix.trim_end()));
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let parts = base.docs.iter().zip(&base.masks);
    for (reader, (docs, masks)) in snapshot.searcher.segment_readers().iter().zip(parts) {
        let known = |doc| masks.columns.as_ref().is_none_or(|masked| !masked.contains(doc));
        let index = reader.inverted_index(snapshot.fields().key)?;
        let range = index.terms().range().ge(start);
        let mut stream = match after(start) {
            Some(end) => range.lt(end).into_stream()?,
            None => range.into_stream()?,
        };
        let mut seen = 0;
        while stream.advance() && seen < TERMS_MAX {
            seen += 1;
            let term = String::from_utf8_lossy(stream.key());
            let Some((_, name)) = term.split_once('\0') else { continue };
            let mut count = 0;
            each(&index, stream.value(), |doc| {
                count += u64::from(docs.contains(doc) && known(doc));
            })?;
            if count > 0 {
                *counts.entry(name.to_owned()).or_default() += count;
            }
        }
    }
    let mut found: Vec<(String, u64)> = counts.into_iter().collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let suggestion = |(name, count): (String, u64)| {
        let text = Text { scope: Scope::Field, form: Form::Phrase, text: name.clone() };
        let query = clause(Test::Text(text)).to_string();
        Suggestion { what: Suggested::Field, text: name, namespace: None, query, count }
    };
    Ok(found.into_iter().take(limit).map(suggestion).collect())
}
