//! Looks the words of a plan up in the dictionaries of all segments.
//!
//! Scores need to know how many documents of the whole index hold a word before the first
//! document is scored; so all terms are found first, and their documents read later
//! (`eval.rs`).

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::query::{EnableScoring, PhraseQuery, Query as _, Weight};
use tantivy::schema::Term;

use super::encode::EDGE_CHARS_MAX;
use super::error::IndexError;
use super::plan::{Find, Leaf, Plan, Step};
use super::postings::{Terms, beginning_with, similar_to};
use super::schema::Part;
use super::score::{rarity, worth};
use super::snapshot::Snapshot;
use super::tokens::{typos, variants};

/// Where typos are mended: in names people type, not in prose or code.
const MENDED: [Part; 5] = [Part::Name, Part::Alias, Part::Place, Part::Column, Part::Label];

/// A plan with all its terms found.
pub struct Prepared {
    /// As in [`Plan::free`].
    pub free: Vec<Ready>,
    /// As in [`Plan::rest`].
    pub rest: Vec<Ready>,
    /// Whether a word stood for more terms than were followed, so that hits may be missing.
    pub cut: bool,
}

/// A step whose terms are found.
pub struct Ready {
    /// Whether what it finds is to be left out.
    pub negated: bool,
    /// The clause as it is printed.
    pub clause: String,
    /// What it finds.
    pub find: ReadyFind,
}

/// As [`Find`], with terms.
pub enum ReadyFind {
    /// All of these words.
    Words(Vec<ReadyLeaf>),
    /// A phrase in one of these parts, each with its query, and its tokens' rarity.
    Phrase(Vec<(Part, Box<dyn Weight>)>, f32),
    /// By segment: the terms of the labels.
    Keys(Vec<Vec<TermInfo>>),
    /// A time in the named column.
    Times(&'static str, i64, i64),
}

/// As [`Leaf`], with terms.
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
            Self::Same => "word",
            Self::Variant => "singular or plural",
            Self::Prefix | Self::Edge => "beginning of a word",
            Self::Typo => "word with typos mended",
        }
    }
}

/// Whether a plan holds words that typos could be mended in.
#[must_use]
pub fn mendable(plan: &Plan) -> bool {
    plan.marks().any(|(leaf, parts)| {
        let word = std::iter::once(&leaf.word.whole).chain(&leaf.word.parts);
        parts.iter().any(|part| MENDED.contains(part)) && word.into_iter().any(|t| typos(t) > 0)
    })
}

/// Finds all terms of a plan; with typos mended if `mend`.
///
/// # Errors
///
/// [`IndexError`] if a segment cannot be read.
pub fn prepare(snapshot: &Snapshot, plan: &Plan, mend: bool) -> Result<Prepared, IndexError> {
    let mut finder = Finder { snapshot, mend, cut: false };
    let free = plan.free.iter().map(|step| finder.step(step)).collect::<Result<_, _>>()?;
    let rest = plan.rest.iter().map(|step| finder.step(step)).collect::<Result<_, _>>()?;
    Ok(Prepared { free, rest, cut: finder.cut })
}

struct Finder<'a> {
    snapshot: &'a Snapshot,
    mend: bool,
    cut: bool,
}

/// A token to be found, and how widely.
struct Wanted<'a> {
    token: &'a str,
    prefix: bool,
    /// Whether only the very token counts: what is left out is left out by its own name.
    strict: bool,
    parts: &'static [Part],
}

impl Finder<'_> {
    fn step(&mut self, step: &Step) -> Result<Ready, IndexError> {
        let find = match &step.find {
            Find::Words(leaves, parts) => {
                let leaves = leaves.iter().map(|leaf| self.leaf(leaf, parts, step.negated));
                ReadyFind::Words(leaves.collect::<Result<_, _>>()?)
            }
            Find::Phrase(tokens, parts) => self.phrase(tokens, parts)?,
            Find::Keys(keys) => self.keys(keys)?,
            Find::Times(column, from, to) => ReadyFind::Times(column, *from, *to),
        };
        Ok(Ready { negated: step.negated, clause: step.clause.clone(), find })
    }

    fn leaf(
        &mut self,
        leaf: &Leaf,
        parts: &'static [Part],
        strict: bool,
    ) -> Result<ReadyLeaf, IndexError> {
        let count = leaf.word.parts.len();
        let mut find = |token: &str, prefix, share| {
            self.token(&Wanted { token, prefix, strict, parts }, share)
        };
        let share = if count == 0 { 1.0 } else { worth::WHOLE };
        let whole = find(&leaf.word.whole, leaf.prefix, share)?;
        let tokens = leaf.word.parts.iter().enumerate();
        let parts = tokens
            .map(|(place, part)| find(part, leaf.prefix && place + 1 == count, 1.0))
            .collect::<Result<_, _>>()?;
        Ok(ReadyLeaf { whole, parts })
    }

    fn token(&mut self, wanted: &Wanted<'_>, share: f32) -> Result<Token, IndexError> {
        let mut segments = Vec::new();
        // By part: how many documents hold the token, and how many hold it misspelt.
        let mut held = [0_u64; Part::ALL.len()];
        let mut misspelt = held;
        for segment in self.snapshot.searcher.segment_readers() {
            let mut sources = Vec::new();
            for part in wanted.parts {
                let index = segment.inverted_index(self.snapshot.fields().text(*part))?;
                self.find_in(&index, *part, wanted, &mut sources)?;
                if *part == Part::Name && wanted.prefix && short(wanted.token) {
                    let edges = segment.inverted_index(self.snapshot.fields().edge)?;
                    let term = Term::from_field_text(self.snapshot.fields().edge, wanted.token);
                    let infos: Vec<_> = edges.get_term_info(&term)?.into_iter().collect();
                    push(&mut sources, *part, How::Edge, infos);
                }
            }
            sources.sort_by_key(|source| (source.part, source.how));
            for source in &sources {
                let sums = if source.how == How::Typo { &mut misspelt } else { &mut held };
                let found: u64 = source.infos.iter().map(|info| u64::from(info.doc_freq)).sum();
                if let Some(sum) = sums.get_mut(source.part as usize) {
                    *sum += found;
                }
            }
            segments.push(sources);
        }
        let most = |sums: [u64; Part::ALL.len()]| sums.into_iter().max().unwrap_or(0);
        let found = if most(held) > 0 { most(held) } else { most(misspelt) };
        let weight = share * rarity(found, self.total());
        Ok(Token { text: wanted.token.to_owned(), weight, segments })
    }

    /// Finds the terms of one part of one segment that the token stands for.
    fn find_in(
        &mut self,
        index: &InvertedIndexReader,
        part: Part,
        wanted: &Wanted<'_>,
        sources: &mut Vec<Source>,
    ) -> Result<(), IndexError> {
        let token = wanted.token;
        let one = |token: &str| index.terms().get(token);
        push(sources, part, How::Same, one(token)?.into_iter().collect());
        if !wanted.strict {
            let mut infos = Vec::new();
            for variant in variants(token) {
                infos.extend(one(&variant)?);
            }
            push(sources, part, How::Variant, infos);
        }
        // One or two letters begin nearly every word: anywhere but in names they say
        // nothing. For names they are terms of their own.
        let anywhere = wanted.parts.len() == Part::ALL.len();
        let telling = !anywhere || token.chars().count() >= EDGE_CHARS_MAX;
        if wanted.prefix && telling && !(part == Part::Name && short(token)) {
            let terms = beginning_with(index, token)?;
            self.push_terms(sources, part, How::Prefix, terms);
        }
        if self.mend && !wanted.strict && typos(token) > 0 && MENDED.contains(&part) {
            let terms = similar_to(index, token, typos(token), wanted.prefix)?;
            self.push_terms(sources, part, How::Typo, terms);
        }
        Ok(())
    }

    fn push_terms(&mut self, sources: &mut Vec<Source>, part: Part, how: How, terms: Terms) {
        self.cut |= terms.cut;
        push(sources, part, how, terms.infos);
    }

    fn total(&self) -> u64 {
        self.snapshot.searcher.num_docs()
    }

    fn phrase(&self, tokens: &[String], parts: &[Part]) -> Result<ReadyFind, IndexError> {
        let searcher = &self.snapshot.searcher;
        let mut queries = Vec::new();
        let mut said = 0.0_f32;
        for part in parts {
            let field = self.snapshot.fields().text(*part);
            let terms: Vec<Term> =
                tokens.iter().map(|token| Term::from_field_text(field, token)).collect();
            let mut sum = 0.0;
            for term in &terms {
                sum += rarity(searcher.doc_freq(term)?, self.total());
            }
            // The part where the tokens are most common tells how much they say.
            said = if said > 0.0 { said.min(sum) } else { sum };
            let query = PhraseQuery::new(terms);
            queries.push((*part, query.weight(EnableScoring::disabled_from_searcher(searcher))?));
        }
        Ok(ReadyFind::Phrase(queries, said * worth::PHRASE))
    }

    fn keys(&mut self, keys: &[(String, bool)]) -> Result<ReadyFind, IndexError> {
        let mut segments = Vec::new();
        for segment in self.snapshot.searcher.segment_readers() {
            let index = segment.inverted_index(self.snapshot.fields().key)?;
            let mut infos = Vec::new();
            for (key, prefix) in keys {
                if *prefix {
                    let terms = beginning_with(&index, key)?;
                    self.cut |= terms.cut;
                    infos.extend(terms.infos);
                } else {
                    infos.extend(index.terms().get(key)?);
                }
            }
            segments.push(infos);
        }
        Ok(ReadyFind::Keys(segments))
    }
}

/// Whether the beginnings of names of this length are terms of their own.
fn short(token: &str) -> bool {
    token.chars().count() <= EDGE_CHARS_MAX
}

fn push(sources: &mut Vec<Source>, part: Part, how: How, infos: Vec<TermInfo>) {
    if !infos.is_empty() {
        sources.push(Source { part, how, infos });
    }
}
