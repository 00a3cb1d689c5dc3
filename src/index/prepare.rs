//! Looks the words of a plan up in the dictionaries of all segments.
//!
//! Scores need to know how many documents of the whole index hold a word before the first
//! document is scored; so all terms are found first, and their documents read later
//! (`eval.rs`), those of the rarest first.

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::census::Census;
use super::encode::column_beginning;
use super::error::IndexError;
use super::plan::{Find, Leaf, Plan, Step};
use super::postings::{beginning_with, docs};
use super::query::Sought;
use super::ready::{PhrasePart, Prepared, ReadyFind, ReadyLeaf, ReadyPhrase, StepInfo, Task};
use super::schema::{Part, pair};
use super::score::{rarity, worth};
use super::snapshot::Snapshot;

/// Searches that find more documents do not look for neighbouring words in code, where each
/// document would have to be read.
const READ_MAX: u64 = 20_000;

/// Where neighbouring words count; all but the last hold their pairs as terms.
const PAIRED: [Part; 4] = [Part::Name, Part::Column, Part::Description, Part::Sql];

/// Finds all terms of a plan, and weighs them by a census; with typos mended if `mend`.
///
/// # Errors
///
/// [`IndexError`] if a segment cannot be read.
pub fn prepare(
    snapshot: &Snapshot,
    plan: &Plan,
    census: &Census<'_>,
    mend: bool,
) -> Result<Prepared, IndexError> {
    let mut finder = Finder { snapshot, census, mend, cut: false };
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
    let parts = if few { &PAIRED[..] } else { &PAIRED[..3] };
    let mut pairs = Vec::new();
    for pair in &plan.pairs {
        let worth = if pair.joined { worth::JOINED } else { worth::PAIR };
        pairs.push(finder.phrase(&pair.tokens, parts, worth)?.1);
    }
    Ok(Prepared { steps, tasks, pairs, cut: finder.cut })
}

/// Finds the terms of a plan.
pub struct Finder<'a> {
    /// The index.
    pub snapshot: &'a Snapshot,
    /// Says how many documents hold a word.
    pub census: &'a Census<'a>,
    /// Whether typos are mended.
    pub mend: bool,
    /// Whether terms were left out.
    pub cut: bool,
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
            Find::Phrase(tokens, parts, column) => {
                let (mut docs, mut phrase) = self.phrase(tokens, parts, worth::PHRASE)?;
                if let Some(column) = column {
                    let (more, columns) = self.keys(&[(column_beginning(column), true)])?;
                    docs += more;
                    phrase.columns = columns;
                }
                Ok(vec![(docs, ReadyFind::Phrase(phrase))])
            }
            Find::Keys(keys, of_columns) => {
                let ((docs, keys), (more, of_columns)) = (self.keys(keys)?, self.keys(of_columns)?);
                Ok(vec![(docs + more, ReadyFind::Keys(keys, of_columns))])
            }
            // Unknown; reading a time of each document takes as long as a common word.
            Find::Times(column, from, to) => {
                Ok(vec![(self.census.total() / 2, ReadyFind::Times(column, *from, *to))])
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
            self.token(&Sought { token, prefix, strict, parts }, share)
        };
        let share = if count == 0 { 1.0 } else { worth::WHOLE };
        let whole = find(&leaf.word.whole, leaf.prefix, share)?;
        let tokens = leaf.word.parts.iter().enumerate();
        let parts = tokens
            .map(|(place, part)| find(part, leaf.prefix && place + 1 == count, 1.0))
            .collect::<Result<_, _>>()?;
        Ok(ReadyLeaf { whole, parts })
    }

    /// Returns the dictionary of one segment's field.
    pub fn index(
        &self,
        place: usize,
        field: Field,
    ) -> Result<Option<Arc<InvertedIndexReader>>, IndexError> {
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
            let mut least = None;
            for PhrasePart { part, tokens, .. } in &here {
                let of_part = (place, *part, self.snapshot.fields().text(*part));
                for info in tokens {
                    let held = self.census.held(of_part, std::slice::from_ref(info))?;
                    least = Some(least.map_or(held, |least: u64| least.min(held)));
                }
            }
            found += least.unwrap_or(0);
            segments.push(here);
        }
        let mut said = 0.0;
        for token in tokens {
            let mut most = 0;
            for part in parts {
                most = most.max(self.census.of_token(*part, token)?);
            }
            said += rarity(most, self.census.total());
        }
        let text = tokens.join(" ");
        Ok((found, ReadyPhrase { text, weight: said * worth, segments, columns: Vec::new() }))
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

    /// Finds label terms by segment, and about how many documents have one.
    fn keys(&mut self, keys: &[(String, bool)]) -> Result<(u64, Vec<Vec<TermInfo>>), IndexError> {
        let mut segments = Vec::new();
        for place in 0..self.snapshot.tables.len() {
            let mut infos = Vec::new();
            if let Some(index) = self.index(place, self.snapshot.fields().key)? {
                for (key, prefix) in keys {
                    if *prefix {
                        let terms = beginning_with(&index, key, &[])?;
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
        Ok((found, segments))
    }
}
