//! What a search asks for, once it has been read; and how it is written back.
//!
//! A [`Query`] is a list of clauses that must all hold. It comes from [`Query::parse`] and
//! prints as text that parses to the same query. This file knows the words of the syntax,
//! but not how they are read (`parse.rs`) nor how they are answered.

use std::fmt;

use super::schema::Part;
use super::when::When;
use crate::base::NodeKind;

/// Clauses that must all hold. The empty query matches everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The clauses, in the order in which they were written.
    pub(super) clauses: Vec<Clause>,
}

/// One condition, or its opposite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Whether the condition must not hold (`-tag:pii`).
    pub negated: bool,
    /// The condition.
    pub test: Test,
}

/// A condition that a document meets or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Holds these words: `orders`, `"order id"`, `name:orders`, `field:email`.
    Text(Text),
    /// Carries one of these labels: `tag:pii`, `ns:shop*,erp`.
    Label(Label, Vec<Pattern>),
    /// Is one of these kinds: `type:dataset`.
    Kind(Vec<NodeKind>),
    /// Has one of these at all: `has:owner`.
    Has(Vec<Thing>),
    /// Has a time in this range: `updated:>7d`.
    Time(Moment, When),
}

/// Words to look for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Where the words must stand.
    pub scope: Scope,
    /// How they are compared.
    pub form: Form,
    /// The words as they were typed.
    pub text: String,
}

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In every searched text.
    Anywhere,
    /// In the name and the other names.
    Name,
    /// In the names of columns.
    Field,
    /// In descriptions, those of columns too.
    Description,
    /// In the SQL text.
    Sql,
}

/// How words are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Word by word, in any order; a search's last word may be the beginning of one.
    Word,
    /// Word by word, the last one being the beginning of a word (`cust*`).
    Prefix,
    /// One after the other (`"order id"`).
    Phrase,
}

/// A kind of label that is compared as a whole, without regard to case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The namespace.
    Namespace,
    /// A tag of the document or of one of its columns.
    Tag,
    /// An owner.
    Owner,
    /// The system it lives in.
    Platform,
    /// What it is there.
    Subtype,
}

/// What a label is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The text that must be equal, or stand at the beginning.
    pub text: String,
    /// Whether more may follow (`ns:shop*`).
    pub prefix: bool,
}

/// Something a document has or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A description of its own.
    Description,
    /// An owner.
    Owner,
    /// A tag, its columns' tags counted.
    Tag,
    /// A lineage edge.
    Lineage,
    /// An SQL text.
    Sql,
    /// At least one known column; `has:schema` and `has:column` mean the same.
    Field,
}

/// Which of a document's times is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// When it was first seen.
    Created,
    /// When it last changed.
    Updated,
    /// When it last ran, or was last read or written by a run.
    Run,
}

impl Label {
    /// Every label with its word in queries.
    pub(super) const WORDS: [(&'static str, Self); 6] = [
        ("ns", Self::Namespace),
        ("namespace", Self::Namespace),
        ("tag", Self::Tag),
        ("owner", Self::Owner),
        ("platform", Self::Platform),
        ("subtype", Self::Subtype),
    ];
}

impl Scope {
    /// Every scope that has a word in queries, with it.
    pub(super) const WORDS: [(&'static str, Self); 5] = [
        ("name", Self::Name),
        ("field", Self::Field),
        ("column", Self::Field),
        ("description", Self::Description),
        ("sql", Self::Sql),
    ];
}

impl Thing {
    /// Everything that can be had, with its word in queries.
    pub(super) const WORDS: [(&'static str, Self); 8] = [
        ("description", Self::Description),
        ("owner", Self::Owner),
        ("tag", Self::Tag),
        ("lineage", Self::Lineage),
        ("sql", Self::Sql),
        ("field", Self::Field),
        ("column", Self::Field),
        ("schema", Self::Field),
    ];
}

impl Moment {
    /// Every time with its word in queries.
    pub(super) const WORDS: [(&'static str, Self); 3] =
        [("created", Self::Created), ("updated", Self::Updated), ("run", Self::Run)];
}

/// Finds the first word that stands for `value`: the one queries are printed with.
pub(super) fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}

impl Query {
    /// Makes the query that asks for exactly this text: quoted, so that nothing in it is
    /// read as syntax. An exact name then comes first, whatever characters it holds.
    #[must_use]
    pub fn quoted(text: &str) -> Self {
        let text = Text { scope: Scope::Anywhere, form: Form::Phrase, text: text.to_owned() };
        Self { clauses: vec![Clause { negated: false, test: Test::Text(text) }] }
    }

    /// Whether the query has no clause, and so matches everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Returns the clauses, in the order in which they were written.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, clause) in self.clauses.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            clause.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("-")?;
        }
        match &self.test {
            Test::Text(text) => text.fmt(f),
            Test::Label(label, any) => {
                write!(f, "{}:", word_of(&Label::WORDS, label))?;
                list(f, any.iter())
            }
            Test::Kind(any) => {
                f.write_str("type:")?;
                list(f, any.iter().map(|kind| kind.as_str()))
            }
            Test::Has(any) => {
                f.write_str("has:")?;
                list(f, any.iter().map(|thing| word_of(&Thing::WORDS, thing)))
            }
            Test::Time(moment, when) => write!(f, "{}:{when}", word_of(&Moment::WORDS, moment)),
        }
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, any: impl Iterator<Item = T>) -> fmt::Result {
    for (place, one) in any.enumerate() {
        if place > 0 {
            f.write_str(",")?;
        }
        one.fmt(f)?;
    }
    Ok(())
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scope != Scope::Anywhere {
            write!(f, "{}:", word_of(&Scope::WORDS, &self.scope))?;
        }
        match self.form {
            Form::Word => f.write_str(&self.text),
            Form::Prefix => write!(f, "{}*", self.text),
            Form::Phrase => quote(f, &self.text),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = !self.text.starts_with('"')
            && !self.text.is_empty()
            && !self.text.contains(|c: char| c.is_whitespace() || c == ',' || c == '*');
        if plain || (self.text.is_empty() && self.prefix) {
            f.write_str(&self.text)?;
        } else {
            quote(f, &self.text)?;
        }
        if self.prefix { f.write_str("*") } else { Ok(()) }
    }
}

/// Writes a text between quotes. A backslash is doubled only where it would otherwise be
/// read as escaping what follows.
fn quote(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_none_or(|next| matches!(next, '"' | '\\'));
        if c == '"' || escapes {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}
/// A token to be found, and how widely.
pub struct Sought<'a> {
    /// The token.
    pub token: &'a str,
    /// Whether it may be the beginning of a longer one.
    pub prefix: bool,
    /// Whether only the very token counts: what is left out is left out by its own name.
    pub strict: bool,
    /// Where to look.
    pub parts: &'static [Part],
}
