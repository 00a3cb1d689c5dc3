//! A plan whose words were looked up: the terms that stand for each, in every segment.
//!
//! Made by `prepare.rs`, answered by `eval.rs`. Nothing is read here.

use tantivy::postings::TermInfo;

use super::schema::Part;
use super::score::worth;

/// A plan with all its terms found.
pub struct Prepared {
    /// The steps of the plan, those of `Plan::free` first.
    pub steps: Vec<StepInfo>,
    /// What is to be looked for, the rarest first. A step of several words is several.
    pub tasks: Vec<Task>,
    /// Neighbouring words: hits that hold them side by side score more.
    pub pairs: Vec<ReadyPhrase>,
    /// Whether a word stood for more terms than were followed, so that hits may be missing.
    pub cut: bool,
}

/// What is known of a step without its terms.
pub struct StepInfo {
    /// The clause as it is printed.
    pub clause: String,
    /// Whether what it finds is to be left out.
    pub negated: bool,
    /// Whether documents that are named exactly are excused.
    pub free: bool,
}

/// One thing to be looked for.
pub struct Task {
    /// The place of its step.
    pub step: usize,
    /// About how many documents it finds.
    pub docs: u64,
    /// What is looked for.
    pub find: ReadyFind,
}

/// As `Find`, with terms.
pub enum ReadyFind {
    /// All of these words.
    Words(Vec<ReadyLeaf>),
    /// Words one after the other.
    Phrase(ReadyPhrase),
    /// By segment: the terms of the labels, and those that tell of columns.
    Keys(Vec<Vec<TermInfo>>, Vec<Vec<TermInfo>>),
    /// A time in the named column, from the first up to but without the second.
    Times(&'static str, i64, i64),
}

/// As `Leaf`, with terms.
pub struct ReadyLeaf {
    /// The whole word.
    pub whole: Token,
    /// Its parts, if it has any.
    pub parts: Vec<Token>,
}

/// One token with all terms that it stands for.
pub struct Token {
    /// The token.
    pub text: String,
    /// How much it says, times what it is worth beside other tokens of its word.
    pub weight: f32,
    /// By segment: where its documents are, those of one part together, the best first.
    pub segments: Vec<Vec<Source>>,
    /// About how many documents hold it.
    pub docs: u64,
}

/// Terms of one part that a token stands for in the same way.
pub struct Source {
    /// The part.
    pub part: Part,
    /// How the terms relate to the token.
    pub how: How,
    /// The terms.
    pub infos: Vec<TermInfo>,
}

/// A phrase, with terms.
pub struct ReadyPhrase {
    /// Its tokens.
    pub text: String,
    /// How much it says.
    pub weight: f32,
    /// By segment: the parts in which all its tokens occur.
    pub segments: Vec<Vec<PhrasePart>>,
    /// By segment: the columns that begin as was typed, if such are looked for.
    pub columns: Vec<Vec<TermInfo>>,
}

/// The terms of a phrase in one part of one segment.
pub struct PhrasePart {
    /// The part.
    pub part: Part,
    /// The terms of neighbouring tokens, where the part has such.
    pub pairs: Vec<TermInfo>,
    /// The terms of the tokens.
    pub tokens: Vec<TermInfo>,
}

/// How a term relates to the token that was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is the token.
    Same,
    /// It is its singular or plural.
    Variant,
    /// It begins with it.
    Prefix,
    /// It begins with it, by the terms kept for short beginnings.
    Edge,
    /// It differs by a letter or two.
    Typo,
}

impl How {
    /// Returns what such a match is worth, the token itself being worth 1.
    #[must_use]
    pub fn worth(self) -> f32 {
        match self {
            Self::Same => 1.0,
            Self::Variant => worth::VARIANT,
            Self::Prefix | Self::Edge => worth::PREFIX,
            Self::Typo => worth::TYPO,
        }
    }

    /// Returns the words for it in explanations.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "the word",
            Self::Variant => "its singular or plural",
            Self::Prefix | Self::Edge => "the beginning of a word",
            Self::Typo => "a word with typos mended",
        }
    }
}
