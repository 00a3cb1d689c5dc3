//! Looks one word up: itself, its singular or plural, words that begin with it, and words
//! it may be a misspelling of.

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;

use super::encode::EDGE_CHARS_MAX;
use super::error::IndexError;
use super::plan::{Find, Plan};
use super::postings::{Terms, beginning_with, similar_to};
use super::prepare::Finder;
use super::query::Sought;
use super::ready::{How, Source, Token};
use super::schema::Part;
use super::score::rarity;
use super::tokens::{typos, variants};

/// A word that at least so many documents hold, and one in so many of all, is not taken
/// for misspelt.
const KNOWN_FROM: u64 = 10;
const KNOWN_ONE_IN: u64 = 200;

/// Where typos are mended: not in code.
const MENDED: [Part; 7] = [
    Part::Name,
    Part::Alias,
    Part::Place,
    Part::Column,
    Part::Label,
    Part::ColumnLabel,
    Part::Description,
];

/// Whether a plan holds words that typos could be mended in.
#[must_use]
pub fn mendable(plan: &Plan) -> bool {
    plan.marks().any(|find| {
        let Find::Words(leaves, parts) = find else { return false };
        let words = leaves.iter().map(|leaf| &leaf.word);
        let mut tokens = words.flat_map(|word| std::iter::once(&word.whole).chain(&word.parts));
        parts.iter().any(|part| MENDED.contains(part)) && tokens.any(|token| typos(token) > 0)
    })
}

impl Finder<'_> {
    /// Finds all terms that a token stands for.
    pub fn token(&mut self, sought: &Sought<'_>, share: f32) -> Result<Token, IndexError> {
        let mut segments = Vec::new();
        // By part: how many documents hold the token.
        let mut held = [0_u64; Part::ALL.len()];
        for place in 0..self.snapshot.tables.len() {
            let mut sources = Vec::new();
            for part in sought.parts {
                self.find_in(place, *part, sought, &mut sources)?;
            }
            for source in &sources {
                if let Some(sum) = held.get_mut(source.part as usize) {
                    *sum += self.held(place, source.part, source.how, &source.infos)?;
                }
            }
            segments.push(sources);
        }
        let mut found = most(held);
        let unknown = found < KNOWN_FROM || found < self.census.total() / KNOWN_ONE_IN;
        if self.mend && !sought.strict && unknown && typos(sought.token) > 0 {
            let misspelt = self.mend(sought, &mut segments)?;
            // A word's own documents say how rare it is, if it has any.
            found = if found > 0 { found } else { misspelt };
        }
        let weight = share * rarity(found, self.census.total());
        Ok(Token { text: sought.token.to_owned(), weight, segments, docs: found })
    }

    /// Returns how many documents the terms of one segment have.
    fn held(
        &self,
        place: usize,
        part: Part,
        how: How,
        infos: &[TermInfo],
    ) -> Result<u64, IndexError> {
        let fields = self.snapshot.fields();
        let field = if how == How::Edge { fields.edge } else { fields.text(part) };
        self.census.held((place, part, field), infos)
    }

    /// Finds the terms of one part of one segment that the token stands for.
    fn find_in(
        &mut self,
        place: usize,
        part: Part,
        sought: &Sought<'_>,
        sources: &mut Vec<Source>,
    ) -> Result<(), IndexError> {
        let token = sought.token;
        let Some(index) = self.index(place, self.snapshot.fields().text(part))? else {
            return Ok(());
        };
        let one = |token: &str| index.terms().get(token);
        push(sources, part, How::Same, one(token)?.into_iter().collect());
        if !sought.strict {
            let mut infos = Vec::new();
            for variant in variants(token) {
                infos.extend(one(&variant)?);
            }
            push(sources, part, How::Variant, infos);
        }
        if sought.prefix {
            self.find_prefix(place, &index, part, sought, sources)?;
        }
        Ok(())
    }

    /// Finds the terms of all segments that the token may be a misspelling of, and about
    /// how many documents these have.
    fn mend(
        &mut self,
        sought: &Sought<'_>,
        segments: &mut [Vec<Source>],
    ) -> Result<u64, IndexError> {
        let mut held = [0_u64; Part::ALL.len()];
        let parts: Vec<Part> =
            sought.parts.iter().copied().filter(|part| MENDED.contains(part)).collect();
        for part in parts {
            let indexes = self.indexes(part)?;
            let found = similar_to(&indexes, sought.token, typos(sought.token), sought.prefix)?;
            let found = found.into_iter().zip(segments.iter_mut());
            for (place, (terms, sources)) in found.enumerate() {
                if let Some(sum) = held.get_mut(part as usize) {
                    *sum += self.held(place, part, How::Typo, &terms.infos)?;
                }
                self.push_terms(sources, part, How::Typo, terms);
            }
        }
        for sources in segments {
            sources.sort_by_key(|source| (source.part, source.how));
        }
        Ok(most(held))
    }

    fn indexes(&self, part: Part) -> Result<Vec<Arc<InvertedIndexReader>>, IndexError> {
        let field = self.snapshot.fields().text(part);
        let segments = self.snapshot.searcher.segment_readers();
        Ok(segments
            .iter()
            .map(|segment| segment.inverted_index(field))
            .collect::<Result<_, _>>()?)
    }

    /// Finds the terms that begin with the token. One or two letters begin nearly every
    /// word: anywhere but in names they say nothing. For names they are terms of their own.
    fn find_prefix(
        &mut self,
        place: usize,
        index: &InvertedIndexReader,
        part: Part,
        sought: &Sought<'_>,
        sources: &mut Vec<Source>,
    ) -> Result<(), IndexError> {
        let letters = sought.token.chars().count();
        let anywhere = sought.parts.len() == Part::ALL.len();
        if part == Part::Name && letters <= EDGE_CHARS_MAX {
            if let Some(edges) = self.index(place, self.snapshot.fields().edge)? {
                let info = edges.terms().get(sought.token)?;
                push(sources, part, How::Edge, info.into_iter().collect());
            }
        } else if !anywhere || letters >= EDGE_CHARS_MAX {
            // What was found as the word or its plural already is not read again.
            let mut except = if sought.strict { Vec::new() } else { variants(sought.token) };
            except.push(sought.token.to_owned());
            let terms = beginning_with(index, sought.token, &except)?;
            self.push_terms(sources, part, How::Prefix, terms);
        }
        Ok(())
    }

    fn push_terms(&mut self, sources: &mut Vec<Source>, part: Part, how: How, terms: Terms) {
        self.cut |= terms.cut;
        push(sources, part, how, terms.infos);
    }
}

fn most(by_part: [u64; Part::ALL.len()]) -> u64 {
    by_part.into_iter().max().unwrap_or(0)
}

fn push(sources: &mut Vec<Source>, part: Part, how: How, infos: Vec<TermInfo>) {
    if !infos.is_empty() {
        sources.push(Source { part, how, infos });
    }
}
