//! The tantivy schema: which fields there are and what each is for.
//!
//! Changing anything here, in `tokens.rs` or in `encode.rs` so that old documents would be
//! found differently means raising [`VERSION`]: an index of another version is emptied and
//! followed anew.

use tantivy::schema::{
    Field, INDEXED, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::tokens::{Pieces, is_said, pieces, token};

/// Version of what is written into the index.
pub const VERSION: u32 = 7;

/// Name under which our tokenizer is registered.
pub const TOKENIZER: &str = "lethe";

/// Name under which the tokenizer of neighbouring tokens is registered.
pub const PAIRS: &str = "lethe_pairs";

/// A text that is searched for words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The name.
    Name,
    /// Names and namespaces of symlinks.
    Alias,
    /// Namespace, platform and subtype.
    Place,
    /// Names of columns.
    Column,
    /// Its own tags, and owners.
    Label,
    /// Tags that only columns have.
    ColumnLabel,
    /// The description, and those of columns.
    Description,
    /// The SQL text.
    Sql,
}

impl Part {
    /// Every part, in the order in which it is scored.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Alias,
        Self::Place,
        Self::Column,
        Self::Label,
        Self::ColumnLabel,
        Self::Description,
        Self::Sql,
    ];

    /// Returns the word for the part in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Alias => "alias",
            Self::Place => "namespace",
            Self::Column => "field",
            Self::Label => "label",
            Self::ColumnLabel => "field_label",
            Self::Description => "description",
            Self::Sql => "sql",
        }
    }
}

/// The fields of the schema.
#[derive(Debug, Clone)]
pub struct Fields {
    /// One term: the kind and the id. Replacing and removing go by it.
    pub id: Field,
    /// Whole names in several forms, by level of exactness (see `encode.rs`).
    pub exact: Field,
    /// Labels, each as a letter for its kind and its folded text (see `encode.rs`).
    pub key: Field,
    /// The first one, two and three letters of every token of a name.
    pub edge: Field,
    texts: [Field; 8],
    name_pairs: Field,
    column_pairs: Field,
    description_pairs: Field,
    /// What a hit shows and what highlights are cut from.
    pub stored: Field,
}

/// Names of the fast fields, which tantivy looks up by name.
pub mod fast {
    /// Upper half of the id.
    pub const ID_HIGH: &str = "id_high";
    /// Lower half of the id.
    pub const ID_LOW: &str = "id_low";
    /// First seen, in microseconds.
    pub const CREATED: &str = "created";
    /// Last changed, in microseconds.
    pub const UPDATED: &str = "updated";
    /// Last run, in microseconds; absent if none.
    pub const RUN: &str = "run";
    /// Usage and age, packed (see `score.rs`).
    pub const PRIOR: &str = "prior";
    /// The number of the access class.
    pub const CLASS: &str = "access_class";
    /// The folded name, by which lists are sorted.
    pub const SORT_NAME: &str = "sort_name";
    /// Kind, namespace, platform and subtype in one text, to be counted at one stroke.
    pub const PLACE: &str = "place_key";
    /// All tags in one text.
    pub const TAGS: &str = "tag_key";
    /// Its own tags, without those of columns, in one text.
    pub const OWN_TAGS: &str = "own_tag_key";
    /// All owners in one text.
    pub const OWNERS: &str = "owner_key";
}

impl Fields {
    /// Returns the field that holds a part's words.
    #[must_use]
    pub fn text(&self, part: Part) -> Field {
        let [name, alias, place, column, label, column_label, description, sql] = self.texts;
        match part {
            Part::Name => name,
            Part::Alias => alias,
            Part::Place => place,
            Part::Column => column,
            Part::Label => label,
            Part::ColumnLabel => column_label,
            Part::Description => description,
            Part::Sql => sql,
        }
    }
}

impl Fields {
    /// Returns the field that holds each two neighbouring tokens of a part as one term: for
    /// the parts in which phrases of common words are looked for.
    #[must_use]
    pub fn pairs(&self, part: Part) -> Option<Field> {
        match part {
            Part::Name => Some(self.name_pairs),
            Part::Column => Some(self.column_pairs),
            Part::Description => Some(self.description_pairs),
            _ => None,
        }
    }
}

/// Returns the term of two neighbouring tokens.
#[must_use]
pub fn pair(first: &str, second: &str) -> String {
    format!("{first} {second}")
}

/// Builds the schema.
#[must_use]
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let id = builder.add_bytes_field("id", INDEXED);
    let [exact, key, edge] =
        ["exact", "key", "edge"].map(|name| builder.add_text_field(name, terms("raw")));
    let texts = Part::ALL.map(|part| builder.add_text_field(part.as_str(), words()));
    let [name_pairs, column_pairs, description_pairs] =
        ["name_pairs", "field_pairs", "description_pairs"]
            .map(|name| builder.add_text_field(name, terms(PAIRS)));
    let stored = builder.add_bytes_field("stored", STORED);
    add_fast(&mut builder);
    (
        builder.build(),
        Fields { id, exact, key, edge, texts, name_pairs, column_pairs, description_pairs, stored },
    )
}

fn add_fast(builder: &mut SchemaBuilder) {
    let number = NumericOptions::default().set_fast();
    for name in [fast::ID_HIGH, fast::ID_LOW, fast::PRIOR, fast::CLASS] {
        builder.add_u64_field(name, number.clone());
    }
    for name in [fast::CREATED, fast::UPDATED, fast::RUN] {
        builder.add_i64_field(name, number.clone());
    }
    for name in [fast::SORT_NAME, fast::PLACE, fast::TAGS, fast::OWN_TAGS, fast::OWNERS] {
        builder.add_text_field(name, TextOptions::default().set_fast("raw"));
    }
}

/// Options of a field of whole terms.
fn terms(tokenizer: &str) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic),
    )
}

/// Options of a field of words.
fn words() -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    )
}

/// Our tokens as tantivy takes them.
#[derive(Clone, Default)]
pub struct Words {
    token: Token,
}

/// The tokens of one text.
pub struct WordStream<'a> {
    text: &'a str,
    pieces: Pieces<'a>,
    token: &'a mut Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, pieces: pieces(text), token: &mut self.token }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(piece) = self.pieces.find(|piece| !is_said(self.text, piece)) else {
            return false;
        };
        self.token.text.clear();
        let text = self.text.get(piece.start..piece.end).unwrap_or_default();
        self.token.text.push_str(&token(text));
        self.token.offset_from = piece.start;
        self.token.offset_to = piece.end;
        self.token.position = piece.position;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Each two neighbouring tokens, as one.
#[derive(Clone, Default)]
pub struct Pairs {
    token: Token,
}

/// The neighbours of one text.
pub struct PairStream<'a> {
    text: &'a str,
    pieces: Pieces<'a>,
    before: String,
    token: &'a mut Token,
}

impl Tokenizer for Pairs {
    type TokenStream<'a> = PairStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PairStream<'a> {
        self.token.reset();
        PairStream { text, pieces: pieces(text), before: String::new(), token: &mut self.token }
    }
}

impl TokenStream for PairStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            let Some(piece) = self.pieces.next() else { return false };
            if piece.whole {
                continue;
            }
            let here = token(self.text.get(piece.start..piece.end).unwrap_or_default());
            let first = self.before.is_empty();
            if !first {
                self.token.text = pair(&self.before, &here);
                self.token.position = piece.position;
            }
            self.before.clear();
            self.before.push_str(&here);
            if !first {
                return true;
            }
        }
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
