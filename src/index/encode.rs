//! Turns a [`Document`] into what is written into the index.
//!
//! Here is decided under which terms a document can be found. The readers of these terms
//! (`plan.rs`, `base.rs`, `facets.rs`) use the functions of this file to make the same ones.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tantivy::schema::{Schema, TantivyDocument};
use uuid::Uuid;

use super::document::Document;
use super::query::{Label, Thing};
use super::schema::{Fields, Part, fast};
use super::score::pack_prior;
use super::tokens::{fold, pieces, squash, token};
use crate::base::NodeKind;

/// Longest description or SQL text that is searched, in bytes; what follows is not found.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Longest description or SQL text that highlights are cut from, in bytes.
pub const STORED_BYTES_MAX: usize = 8 * 1024;

/// Longest label (namespace, tag, owner, platform, subtype) that facets count, in bytes.
pub const LABEL_BYTES_MAX: usize = 4 * 1024;

/// Bytes of one document's tags, and of its owners, that facets count: what is beyond is
/// found by filters but not counted. Tantivy keeps no more than 65,535 bytes of a value,
/// and JSON may need six for one.
const COUNTED_BYTES_MAX: usize = 10_000;

/// Prefixes of up to so many letters are terms of their own.
pub const EDGE_CHARS_MAX: usize = 3;

/// Tails of a dotted or slashed name that are found as exact names.
const TAILS_MAX: usize = 4;

/// How exactly a search text names a document, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is `namespace/name`.
    Qualified,
    /// It is the name.
    Name,
    /// It is either of these but for case, accents and spacing.
    Folded,
    /// It is the end of the name after a dot or slash, or another name of it.
    Tail,
    /// It has the same letters and digits as one of these.
    Squashed,
}

impl Level {
    fn letter(self) -> char {
        match self {
            Self::Qualified => 'F',
            Self::Name => 'N',
            Self::Folded => 'n',
            Self::Tail => 't',
            Self::Squashed => 's',
        }
    }
}

/// Tags and owners that a hit shows, of each at most, and their length in bytes.
const SHOWN_MAX: usize = 20;
const SHOWN_BYTES_MAX: usize = 200;

/// What the index stores to show a hit. Keys are short because every document has them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Stored {
    /// Whether it is a job.
    #[serde(rename = "j", default, skip_serializing_if = "std::ops::Not::not")]
    pub job: bool,
    #[serde(rename = "n")]
    pub namespace: String,
    #[serde(rename = "m")]
    pub name: String,
    #[serde(rename = "d", default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Names of columns.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    #[serde(rename = "s", default, skip_serializing_if = "String::is_empty")]
    pub sql: String,
    /// Its own tags.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Tags of its columns.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub column_tags: Vec<String>,
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    #[serde(rename = "p", default, skip_serializing_if = "String::is_empty")]
    pub platform: String,
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub subtype: Option<String>,
    /// When it last changed, in microseconds since 1970.
    #[serde(rename = "u")]
    pub updated: i64,
}

/// Kind, namespace, platform and subtype, as counted together.
pub type Place = (String, String, String, String);

/// Returns the term by which a document is replaced and removed.
#[must_use]
pub fn id_term(kind: NodeKind, id: Uuid) -> [u8; 17] {
    let mut term = [0; 17];
    if let Some((first, rest)) = term.split_first_mut() {
        *first = u8::from(kind == NodeKind::Job);
        rest.copy_from_slice(id.as_bytes());
    }
    term
}

/// Returns the term of a label; the text is folded.
#[must_use]
pub fn label_term(label: Label, text: &str) -> String {
    let letter = match label {
        Label::Namespace => 'n',
        Label::Tag => 't',
        Label::Owner => 'o',
        Label::Platform => 'p',
        Label::Subtype => 's',
    };
    format!("{letter}{}", fold(text))
}

/// Returns the term of a tag that only columns have; the text is folded.
#[must_use]
pub fn column_tag_term(text: &str) -> String {
    format!("c{}", fold(text))
}

/// The term of documents of which only columns have tags.
pub const COLUMN_TAGS_TERM: &str = "g";

/// Returns the term of a kind.
#[must_use]
pub fn kind_term(kind: NodeKind) -> String {
    format!("k{}", kind.as_str())
}

/// Returns the term of having something.
#[must_use]
pub fn has_term(thing: Thing) -> String {
    format!("h{}", super::query::word_of(&Thing::WORDS, &thing))
}

/// The term of softly deleted documents.
pub const DELETED_TERM: &str = "d";

/// Returns the term of a column's name: found by its folded beginning, shown as written.
#[must_use]
pub fn column_term(name: &str) -> String {
    format!("{}\0{name}", column_beginning(&fold(name)))
}

/// Returns the beginning of the terms of all columns whose folded name begins so.
#[must_use]
pub fn column_beginning(folded: &str) -> String {
    format!("f{folded}")
}

/// Folds a name for comparison, with one space wherever there are several.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    fold(&words.join(" ")).into_owned()
}

/// Returns the term of a name at a level; the form must be made for that level.
#[must_use]
pub fn exact_term(level: Level, form: &str) -> String {
    format!("{}{form}", level.letter())
}

/// Returns all terms under which the document is named exactly.
fn exact_terms(document: &Document) -> BTreeSet<String> {
    let (namespace, name) = (document.namespace.as_str(), document.name.as_str());
    let qualified = format!("{namespace}/{name}");
    let mut forms = vec![
        (Level::Qualified, qualified.clone()),
        (Level::Name, name.to_owned()),
        (Level::Folded, fold_name(&qualified)),
        (Level::Folded, fold_name(name)),
        (Level::Squashed, squash(name)),
        (Level::Squashed, squash(&qualified)),
    ];
    let tails = tails(name);
    if let Some(last) = tails.last() {
        let stem = last.split('.').next().unwrap_or_default();
        forms.push((Level::Squashed, squash(last)));
        forms.push((Level::Squashed, squash(stem)));
    }
    forms.extend(tails.into_iter().map(|tail| (Level::Tail, fold_name(tail))));
    for (namespace, name) in &document.aliases {
        forms.push((Level::Tail, fold_name(name)));
        forms.push((Level::Tail, fold_name(&format!("{namespace}/{name}"))));
        forms.push((Level::Squashed, squash(name)));
    }
    forms.retain(|(_, form)| !form.is_empty());
    forms.into_iter().map(|(level, form)| exact_term(level, &form)).collect()
}

/// Returns what follows each of the last separators of a name: for `db.public.orders`
/// these are `public.orders` and `orders`. Slashes count before dots, so that a file's
/// ending is no tail.
fn tails(name: &str) -> Vec<&str> {
    let separator = if name.contains('/') { '/' } else { '.' };
    let name = name.trim_end_matches(separator);
    let mut tails: Vec<&str> = name
        .rmatch_indices(separator)
        .take(TAILS_MAX)
        .filter_map(|(at, _)| name.get(at + 1..))
        .filter(|tail| !tail.is_empty())
        .collect();
    tails.reverse();
    tails
}

/// Returns the first one to [`EDGE_CHARS_MAX`] letters of every token of the names.
fn edges(document: &Document) -> BTreeSet<String> {
    let aliases = document.aliases.iter().map(|(_, name)| name.as_str());
    let mut edges = BTreeSet::new();
    for name in std::iter::once(document.name.as_str()).chain(aliases) {
        for piece in pieces(name) {
            let token = token(name.get(piece.start..piece.end).unwrap_or_default());
            for (at, c) in token.char_indices().take(EDGE_CHARS_MAX) {
                let edge = token.get(..at + c.len_utf8()).unwrap_or_default();
                if !edges.contains(edge) {
                    edges.insert(edge.to_owned());
                }
            }
        }
    }
    edges
}

/// Returns the terms by which the document is filtered.
fn key_terms(document: &Document, own: &[String], of_columns: &[String]) -> BTreeSet<String> {
    let mut keys = BTreeSet::from([
        label_term(Label::Namespace, &document.namespace),
        kind_term(document.kind),
    ]);
    keys.extend(own.iter().map(|tag| label_term(Label::Tag, tag)));
    keys.extend(of_columns.iter().map(|tag| column_tag_term(tag)));
    if own.is_empty() && !of_columns.is_empty() {
        keys.insert(COLUMN_TAGS_TERM.to_owned());
    }
    keys.extend(document.owners.iter().map(|owner| label_term(Label::Owner, owner)));
    if !document.platform.is_empty() {
        keys.insert(label_term(Label::Platform, &document.platform));
    }
    if let Some(subtype) = document.subtype.as_deref().filter(|subtype| !subtype.is_empty()) {
        keys.insert(label_term(Label::Subtype, subtype));
    }
    keys.extend(document.fields.iter().map(|field| column_term(&field.name)));
    let has = [
        (Thing::Description, given(document.description.as_deref())),
        (Thing::Owner, !document.owners.is_empty()),
        (Thing::Tag, !own.is_empty()),
        (Thing::Lineage, document.has_lineage),
        (Thing::Sql, given(document.sql.as_deref())),
        (Thing::Field, !document.fields.is_empty()),
    ];
    keys.extend(has.into_iter().filter(|(_, has)| *has).map(|(thing, _)| has_term(thing)));
    if document.deleted {
        keys.insert(DELETED_TERM.to_owned());
    }
    keys
}

fn given(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// Returns the beginning of a text, at most `bytes_max` long.
fn beginning(text: Option<&str>, bytes_max: usize) -> &str {
    let text = text.unwrap_or_default();
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or_default()
}

/// Makes tantivy documents of ours.
#[derive(Debug, Clone)]
pub struct Encoder {
    fields: Fields,
    schema: Schema,
}

impl Encoder {
    /// Makes an encoder for the schema.
    #[must_use]
    pub fn new(schema: Schema, fields: Fields) -> Self {
        Self { fields, schema }
    }

    /// Turns one document into the form that is written.
    #[must_use]
    pub fn encode(&self, document: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::new();
        let (own, of_columns) = (document.own_tags(), document.column_tags());
        out.add_bytes(self.fields.id, &id_term(document.kind, document.id));
        for term in exact_terms(document) {
            out.add_text(self.fields.exact, term);
        }
        for term in key_terms(document, &own, &of_columns) {
            out.add_text(self.fields.key, term);
        }
        for term in edges(document) {
            out.add_text(self.fields.edge, term);
        }
        self.add_texts(document, (&own, &of_columns), &mut out);
        self.add_fast(document, &own, &mut out);
        out.add_bytes(self.fields.stored, &stored(document));
        out
    }

    fn add_texts(
        &self,
        document: &Document,
        (own, of_columns): (&[String], &[String]),
        out: &mut TantivyDocument,
    ) {
        let mut add = |part, text: &str| {
            if !text.is_empty() {
                out.add_text(self.fields.text(part), text);
                self.fields.pairs(part).into_iter().for_each(|field| out.add_text(field, text));
            }
        };
        add(Part::Name, &document.name);
        for (namespace, name) in &document.aliases {
            add(Part::Alias, name);
            add(Part::Alias, namespace);
        }
        add(Part::Place, &document.namespace);
        add(Part::Place, &document.platform);
        add(Part::Place, document.subtype.as_deref().unwrap_or_default());
        for label in own.iter().chain(&document.owners) {
            add(Part::Label, label);
        }
        of_columns.iter().for_each(|tag| add(Part::ColumnLabel, tag));
        add(Part::Description, beginning(document.description.as_deref(), TEXT_BYTES_MAX));
        for field in &document.fields {
            add(Part::Column, &field.name);
            add(Part::Description, beginning(field.description.as_deref(), TEXT_BYTES_MAX));
        }
        add(Part::Sql, beginning(document.sql.as_deref(), TEXT_BYTES_MAX));
    }

    fn add_fast(&self, document: &Document, own: &[String], out: &mut TantivyDocument) {
        // The names are those of the schema that made these fields.
        let field = |name| self.schema.get_field(name).ok();
        let (high, low) = document.id.as_u64_pair();
        let prior = u64::from(pack_prior(document));
        let class = u64::from(document.access_class);
        let numbers = [
            (fast::ID_HIGH, high),
            (fast::ID_LOW, low),
            (fast::PRIOR, prior),
            (fast::CLASS, class),
        ];
        for (name, value) in numbers {
            field(name).into_iter().for_each(|field| out.add_u64(field, value));
        }
        let times = [
            (fast::CREATED, Some(document.created_at)),
            (fast::UPDATED, Some(document.updated_at)),
            (fast::RUN, document.last_run_at),
        ];
        for (name, time) in times {
            if let (Some(field), Some(time)) = (field(name), time) {
                out.add_i64(field, time.as_micros());
            }
        }
        let subtype = document.subtype.as_deref().unwrap_or_default();
        let one = |label| counted([label]).pop().unwrap_or_default();
        let (namespace, platform) = (one(&document.namespace), one(&document.platform));
        let place = (document.kind.as_str(), namespace, platform, one(subtype));
        let owners: BTreeSet<&str> = document.owners.iter().map(String::as_str).collect();
        let all = document.all_tags();
        let tags = |list: &[String]| {
            let list = counted(list.iter().map(String::as_str));
            serde_json::to_string(&list).unwrap_or_default()
        };
        let owners = counted(owners);
        // Strings and lists of strings always serialise.
        let texts = [
            (fast::SORT_NAME, fold(&document.name).into_owned()),
            (fast::PLACE, serde_json::to_string(&place).unwrap_or_default()),
            (fast::TAGS, tags(&all)),
            (fast::OWN_TAGS, tags(own)),
            (fast::OWNERS, serde_json::to_string(&owners).unwrap_or_default()),
        ];
        for (name, text) in texts {
            field(name).into_iter().for_each(|field| out.add_text(field, &text));
        }
    }
}

/// Returns the labels that facets count.
fn counted<'a>(labels: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut left = COUNTED_BYTES_MAX;
    let short = labels.into_iter().filter(|label| label.len() <= LABEL_BYTES_MAX);
    short
        .take_while(|label| {
            left = left.saturating_sub(label.len() + 1);
            left > 0
        })
        .collect()
}

fn stored(document: &Document) -> Vec<u8> {
    let stored = Stored {
        job: document.kind == NodeKind::Job,
        namespace: document.namespace.clone(),
        name: document.name.clone(),
        description: beginning(document.description.as_deref(), STORED_BYTES_MAX).to_owned(),
        fields: document.fields.iter().map(|field| field.name.clone()).collect(),
        sql: beginning(document.sql.as_deref(), STORED_BYTES_MAX).to_owned(),
        tags: shown(&document.tags),
        column_tags: shown(document.fields.iter().flat_map(|field| &field.tags)),
        owners: shown(&document.owners),
        platform: document.platform.clone(),
        subtype: document.subtype.clone(),
        updated: document.updated_at.as_micros(),
    };
    // A struct of strings always serialises.
    serde_json::to_vec(&stored).unwrap_or_default()
}

/// Returns the labels that a hit shows: each once, in order, and not too many.
fn shown<'a>(labels: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let labels: BTreeSet<&str> = labels.into_iter().map(String::as_str).collect();
    let short = labels.into_iter().filter(|label| label.len() <= SHOWN_BYTES_MAX);
    short.take(SHOWN_MAX).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_follow_dots_or_slashes_but_never_a_files_ending() {
        assert_eq!(tails("db.public.orders"), ["public.orders", "orders"]);
        assert_eq!(tails("raw/2026/orders.parquet/"), ["2026/orders.parquet", "orders.parquet"]);
        assert_eq!(tails("orders"), Vec::<&str>::new());
        assert_eq!(tails("a.b.c.d.e.f").len(), TAILS_MAX);
    }

    #[test]
    fn names_are_folded_without_regard_to_case_and_spacing() {
        assert_eq!(fold_name(" My   Café\tOrders "), "my cafe orders");
    }
}
