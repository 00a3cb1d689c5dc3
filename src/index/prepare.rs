//! Looks the words of a plan up in the dictionaries of all segments.
//!
//! Scores need to know how many documents of the whole index hold a word before the first
//! document is scored; so all terms are found first, and their documents read later
//! (`eval.rs`), those of the rarest first.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, Term};

use super::encode::EDGE_CHARS_MAX;
use super::error::IndexError;
use super::plan::{Find, Leaf, Plan, Step};
use super::postings::{Terms, beginning_with, similar_to};
use super::schema::{Part, pair};
use super::score::{rarity, worth};
use super::snapshot::Snapshot;
use super::tokens::{typos, variants};

/// A word that at least so many documents hold, and one in so many of all, is not taken
/// for misspelt.
const KNOWN_FROM: u64 = 10;
const KNOWN_ONE_IN: u64 = 200;

/// Where typos are mended: not in code.
const MENDED: [Part; 6] =
    [Part::Name, Part::Alias, Part::Place, Part::Column, Part::Label, Part::Description];

/// Searches that find more documents look for neighbouring words in names and columns only:
/// in prose and code, each document would have to be read.
const READ_MAX: u64 = 20_000;

/// A plan with all its terms found.
pub struct Prepared {
    /// The steps of the plan, those of [`Plan::free`] first.
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

/// As [`Find`], with terms.
pub enum ReadyFind {
    /// All of these words.
    Words(Vec<ReadyLeaf>),
    /// Words one after the other.
    Phrase(ReadyPhrase),
    /// By segment: the terms of the labels.
    Keys(Vec<Vec<TermInfo>>),
    /// A time in the named column, from the first up to but without the second.
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
    docs: u64,
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

/// Whether a plan holds words that typos could be mended in.
#[must_use]
pub fn mendable(plan: &Plan) -> bool {
    plan.marks().any(|(leaf, parts)| {
        let mut tokens = std::iter::once(&leaf.word.whole).chain(&leaf.word.parts);
        parts.iter().any(|part| MENDED.contains(part)) && tokens.any(|token| typos(token) > 0)
    })
}

/// Where neighbouring words count; the first two hold their pairs as terms.
const PAIRED: [Part; 4] = [Part::Name, Part::Column, Part::Description, Part::Sql];

/// Finds all terms of a plan; with typos mended if `mend`.
///
/// # Errors
///
/// [`IndexError`] if a segment cannot be read.
pub fn prepare(snapshot: &Snapshot, plan: &Plan, mend: bool) -> Result<Prepared, IndexError> {
    let mut finder = Finder { snapshot, mend, cut: false };
    let (mut steps, mut tasks) = (Vec::new(), Vec::new());
    let free = plan.free.iter().map(|step| (step, true));
    for (step, free) in free.chain(plan.rest.iter().map(|step| (step, false))) {
        for (docs, find) in finder.step(step)? {
            tasks.push(Task { step: steps.len(), docs, find });
        }
        steps.push(StepInfo { clause: step.clause.clone(), negated: step.negated, free });
    }
    tasks.sort_by_key(|task| task.docs);
    let few = tasks.first().is_none_or(|task| task.docs <= READ_MAX);
    let parts = if few { &PAIRED[..] } else { &PAIRED[..2] };
    let mut pairs = Vec::new();
    for pair in &plan.pairs {
        let worth = if pair.joined { worth::JOINED } else { worth::PAIR };
        pairs.push(finder.phrase(&pair.tokens, parts, worth)?.1);
    }
    Ok(Prepared { steps, tasks, pairs, cut: finder.cut })
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
    /// Finds what a step looks for, each with about how many documents it finds.
    fn step(&mut self, step: &Step) -> Result<Vec<(u64, ReadyFind)>, IndexError> {
        match &step.find {
            Find::Words(leaves, parts) => {
                let mut words = Vec::new();
                for leaf in leaves {
                    let leaf = self.leaf(leaf, parts, step.negated)?;
                    let rarest = leaf.parts.iter().map(|token| token.docs).min().unwrap_or(0);
                    words.push((leaf.whole.docs + rarest, leaf));
                }
                if !step.negated {
                    let one = |(docs, leaf)| (docs, ReadyFind::Words(vec![leaf]));
                    return Ok(words.into_iter().map(one).collect());
                }
                // What holds all the words is left out, not what holds any.
                let rarest = words.iter().map(|(docs, _)| *docs).min().unwrap_or(0);
                let all = words.into_iter().map(|(_, leaf)| leaf).collect();
                Ok(vec![(rarest, ReadyFind::Words(all))])
            }
            Find::Phrase(tokens, parts) => {
                let (docs, phrase) = self.phrase(tokens, parts, worth::PHRASE)?;
                Ok(vec![(docs, ReadyFind::Phrase(phrase))])
            }
            Find::Keys(keys) => Ok(vec![self.keys(keys)?]),
            // Unknown; reading a time of each document takes as long as a common word.
            Find::Times(column, from, to) => {
                Ok(vec![(self.total() / 2, ReadyFind::Times(column, *from, *to))])
            }
        }
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
        // By part: how many documents hold the token.
        let mut held = [0_u64; Part::ALL.len()];
        for place in 0..self.snapshot.tables.len() {
            let mut sources = Vec::new();
            for part in wanted.parts {
                self.find_in(place, *part, wanted, &mut sources)?;
            }
            for source in &sources {
                if let Some(sum) = held.get_mut(source.part as usize) {
                    *sum += docs(&source.infos);
                }
            }
            segments.push(sources);
        }
        let mut found = most(held);
        let unknown = found < KNOWN_FROM || found < self.total() / KNOWN_ONE_IN;
        if self.mend && !wanted.strict && unknown && typos(wanted.token) > 0 {
            let misspelt = self.mend(wanted, &mut segments)?;
            // A word's own documents say how rare it is, if it has any.
            found = if found > 0 { found } else { misspelt };
        }
        let weight = share * rarity(found, self.total());
        Ok(Token { text: wanted.token.to_owned(), weight, segments, docs: found })
    }

    /// Finds the terms of one part of one segment that the token stands for.
    fn find_in(
        &mut self,
        place: usize,
        part: Part,
        wanted: &Wanted<'_>,
        sources: &mut Vec<Source>,
    ) -> Result<(), IndexError> {
        let token = wanted.token;
        let Some(index) = self.index(place, self.snapshot.fields().text(part))? else {
            return Ok(());
        };
        let one = |token: &str| index.terms().get(token);
        push(sources, part, How::Same, one(token)?.into_iter().collect());
        if !wanted.strict {
            let mut infos = Vec::new();
            for variant in variants(token) {
                infos.extend(one(&variant)?);
            }
            push(sources, part, How::Variant, infos);
        }
        if wanted.prefix {
            self.find_prefix(place, &index, part, wanted, sources)?;
        }
        Ok(())
    }

    /// Finds the terms of all segments that the token may be a misspelling of.
    fn mend(
        &mut self,
        wanted: &Wanted<'_>,
        segments: &mut [Vec<Source>],
    ) -> Result<u64, IndexError> {
        let mut held = [0_u64; Part::ALL.len()];
        for (place, sources) in segments.iter_mut().enumerate() {
            for part in wanted.parts.iter().filter(|part| MENDED.contains(part)) {
                let field = self.snapshot.fields().text(*part);
                let Some(index) = self.index(place, field)? else { continue };
                let terms = similar_to(&index, wanted.token, typos(wanted.token), wanted.prefix)?;
                if let Some(sum) = held.get_mut(*part as usize) {
                    *sum += docs(&terms.infos);
                }
                self.push_terms(sources, *part, How::Typo, terms);
            }
            sources.sort_by_key(|source| (source.part, source.how));
        }
        Ok(most(held))
    }

    /// Finds the terms that begin with the token. One or two letters begin nearly every
    /// word: anywhere but in names they say nothing. For names they are terms of their own.
    fn find_prefix(
        &mut self,
        place: usize,
        index: &InvertedIndexReader,
        part: Part,
        wanted: &Wanted<'_>,
        sources: &mut Vec<Source>,
    ) -> Result<(), IndexError> {
        let letters = wanted.token.chars().count();
        let anywhere = wanted.parts.len() == Part::ALL.len();
        if part == Part::Name && letters <= EDGE_CHARS_MAX {
            if let Some(edges) = self.index(place, self.snapshot.fields().edge)? {
                let info = edges.terms().get(wanted.token)?;
                push(sources, part, How::Edge, info.into_iter().collect());
            }
        } else if !anywhere || letters >= EDGE_CHARS_MAX {
            let terms = beginning_with(index, wanted.token)?;
            self.push_terms(sources, part, How::Prefix, terms);
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

    fn index(
        &self,
        place: usize,
        field: Field,
    ) -> Result<Option<std::sync::Arc<InvertedIndexReader>>, IndexError> {
        let segment = self.snapshot.searcher.segment_readers().get(place);
        Ok(segment.map(|segment| segment.inverted_index(field)).transpose()?)
    }

    /// Finds the terms of a phrase, and about how many documents hold it.
    fn phrase(
        &self,
        tokens: &[String],
        parts: &[Part],
        worth: f32,
    ) -> Result<(u64, ReadyPhrase), IndexError> {
        let mut segments = Vec::new();
        let mut found = 0;
        for place in 0..self.snapshot.tables.len() {
            let mut here = Vec::new();
            for part in parts {
                here.extend(self.phrase_in(place, *part, tokens)?);
            }
            let all = here.iter().flat_map(|part| part.pairs.iter().chain(&part.tokens));
            found += all.map(|info| u64::from(info.doc_freq)).min().unwrap_or(0);
            segments.push(here);
        }
        let mut said = 0.0;
        for token in tokens {
            let mut most = 0;
            for part in parts {
                let term = Term::from_field_text(self.snapshot.fields().text(*part), token);
                most = most.max(self.snapshot.searcher.doc_freq(&term)?);
            }
            said += rarity(most, self.total());
        }
        let text = tokens.join(" ");
        Ok((found, ReadyPhrase { text, weight: said * worth, segments }))
    }

    /// Finds the terms of a phrase in one part of one segment, if all of them are there.
    fn phrase_in(
        &self,
        place: usize,
        part: Part,
        tokens: &[String],
    ) -> Result<Option<PhrasePart>, IndexError> {
        let Some(index) = self.index(place, self.snapshot.fields().text(part))? else {
            return Ok(None);
        };
        let mut infos = Vec::new();
        for token in tokens {
            let Some(info) = index.terms().get(token)? else { return Ok(None) };
            infos.push(info);
        }
        let mut pairs = Vec::new();
        if let Some(field) = self.snapshot.fields().pairs(part) {
            let Some(index) = self.index(place, field)? else { return Ok(None) };
            for two in tokens.windows(2) {
                let [first, second] = two else { continue };
                let Some(info) = index.terms().get(pair(first, second))? else { return Ok(None) };
                pairs.push(info);
            }
        }
        Ok(Some(PhrasePart { part, pairs, tokens: infos }))
    }

    fn keys(&mut self, keys: &[(String, bool)]) -> Result<(u64, ReadyFind), IndexError> {
        let mut segments = Vec::new();
        for place in 0..self.snapshot.tables.len() {
            let mut infos = Vec::new();
            if let Some(index) = self.index(place, self.snapshot.fields().key)? {
                for (key, prefix) in keys {
                    if *prefix {
                        let terms = beginning_with(&index, key)?;
                        self.cut |= terms.cut;
                        infos.extend(terms.infos);
                    } else {
                        infos.extend(index.terms().get(key)?);
                    }
                }
            }
            segments.push(infos);
        }
        let found = segments.iter().map(|infos| docs(infos)).sum();
        Ok((found, ReadyFind::Keys(segments)))
    }
}

/// Returns how many documents the terms have, those with several counted so often.
fn docs(infos: &[TermInfo]) -> u64 {
    infos.iter().map(|info| u64::from(info.doc_freq)).sum()
}

fn most(by_part: [u64; Part::ALL.len()]) -> u64 {
    by_part.into_iter().max().unwrap_or(0)
}

fn push(sources: &mut Vec<Source>, part: Part, how: How, infos: Vec<TermInfo>) {
    if !infos.is_empty() {
        sources.push(Source { part, how, infos });
    }
}
