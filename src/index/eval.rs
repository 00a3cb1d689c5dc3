//! Finds and scores the documents of one segment.
//!
//! Every clause becomes a set of documents, and words add to a score for each. All that is
//! done is reading posting lists from front to back, so the work is bounded by their
//! length, whatever the query.

use std::sync::LazyLock;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Weight;
use tantivy::{DocSet as _, SegmentReader, TERMINATED};

use super::bits::Bits;
use super::encode::Level;
use super::error::IndexError;
use super::plan::Plan;
use super::postings::{add, add_term, each};
use super::prepare::{How, Prepared, Ready, ReadyFind, ReadyLeaf, Source, Token};
use super::schema::{Fields, Part};
use super::score::weight;

/// Level of a hit that is neither named exactly nor found only by mending typos.
pub const PLAIN: u8 = 1;

/// The hits of one segment.
pub struct Hits {
    /// The documents that were found.
    pub docs: Bits,
    /// By document: the score of its text; empty if nothing was scored.
    pub text: Vec<f32>,
    /// The documents at each level above [`PLAIN`], best first; levels without any are
    /// absent. May hold documents that are no hits.
    pub levels: Vec<(u8, Bits)>,
    /// Where typos were mended: the documents that are found without.
    pub unmended: Option<Bits>,
}

impl Hits {
    /// Returns the level of a hit.
    #[must_use]
    #[inline]
    pub fn level(&self, doc: u32) -> u8 {
        if let Some((level, _)) = self.levels.iter().find(|(_, docs)| docs.contains(doc)) {
            return *level;
        }
        PLAIN - u8::from(self.unmended.as_ref().is_some_and(|docs| !docs.contains(doc)))
    }

    /// Returns the score of a hit's text.
    #[must_use]
    #[inline]
    pub fn text(&self, doc: u32) -> f32 {
        self.text.get(doc as usize).copied().unwrap_or(0.0)
    }
}

/// Returns the number that a level adds to the score.
#[must_use]
pub fn level_number(level: Level) -> u8 {
    match level {
        Level::Qualified => 6,
        Level::Name => 5,
        Level::Folded => 4,
        Level::Tail => 3,
        Level::Squashed => 2,
    }
}

/// One segment to be searched.
pub struct Segment<'a> {
    /// Its place among the segments.
    pub place: usize,
    /// Reads it.
    pub reader: &'a SegmentReader,
    /// The schema's fields.
    pub fields: &'a Fields,
}

/// What one posting list added to the score of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// The word that was looked for.
    pub word: String,
    /// The part it was found in.
    pub part: Part,
    /// How: a word, the beginning of one, a phrase.
    pub how: &'static str,
    /// How much it added.
    pub points: f32,
}

/// Watches what is added to one document's score.
pub struct Probe {
    /// The document.
    pub doc: u32,
    /// What was added, in order.
    pub added: Vec<Added>,
    /// The clauses, and whether each holds.
    pub clauses: Vec<(String, bool)>,
}

/// Finds and scores the documents among `base` that meet the plan.
///
/// # Errors
///
/// [`IndexError`] if the segment cannot be read.
pub fn evaluate(
    segment: &Segment<'_>,
    plan: &Plan,
    prepared: &Prepared,
    base: &Bits,
    probe: Option<&mut Probe>,
) -> Result<Hits, IndexError> {
    let max_doc = segment.reader.max_doc();
    let scored = |step: &Ready| {
        !step.negated && matches!(step.find, ReadyFind::Words(_) | ReadyFind::Phrase(..))
    };
    let scores = prepared.free.iter().chain(&prepared.rest).any(scored);
    let text = if scores { vec![0.0; max_doc as usize] } else { Vec::new() };
    let mut run = Run { segment, text, probe };
    let mut docs = base.clone();
    let mut levels = Vec::new();
    if plan.has_free {
        let mut found = if prepared.free.is_empty() { Bits::none(max_doc) } else { base.clone() };
        for step in &prepared.free {
            run.apply(step, &mut found)?;
        }
        docs.and(&run.with_exact(&plan.exact, found, &mut levels)?);
    }
    for step in &prepared.rest {
        run.apply(step, &mut docs)?;
    }
    let mut docs = run.with_exact(&plan.verbatim, docs, &mut levels)?;
    docs.and(base);
    levels.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    Ok(Hits { docs, text: run.text, levels, unmended: None })
}

struct Run<'a> {
    segment: &'a Segment<'a>,
    text: Vec<f32>,
    probe: Option<&'a mut Probe>,
}

impl Run<'_> {
    /// Narrows `docs` to those that meet the step.
    fn apply(&mut self, step: &Ready, docs: &mut Bits) -> Result<(), IndexError> {
        let found = self.find(step)?;
        if let Some(probe) = &mut self.probe {
            let holds = found.contains(probe.doc) != step.negated;
            probe.clauses.push((step.clause.clone(), holds));
        }
        if step.negated {
            docs.and_not(&found)
        } else {
            docs.and(&found)
        }
        Ok(())
    }

    /// Adds the documents that are named exactly, and notes their levels.
    fn with_exact(
        &self,
        terms: &[(Level, String)],
        mut docs: Bits,
        levels: &mut Vec<(u8, Bits)>,
    ) -> Result<Bits, IndexError> {
        for (level, term) in terms {
            let mut named = Bits::none(self.segment.reader.max_doc());
            add_term(self.segment.reader, self.segment.fields.exact, term, &mut named)?;
            if named.count() > 0 {
                docs.or(&named);
                levels.push((level_number(*level), named));
            }
        }
        Ok(docs)
    }

    fn find(&mut self, step: &Ready) -> Result<Bits, IndexError> {
        match &step.find {
            ReadyFind::Words(leaves) => {
                let mut all: Option<Bits> = None;
                for leaf in leaves {
                    let found = self.leaf(leaf, step.negated)?;
                    match &mut all {
                        Some(all) => all.and(&found),
                        None => all = Some(found),
                    }
                }
                Ok(all.unwrap_or_else(|| self.none()))
            }
            ReadyFind::Phrase(queries, said) => {
                let mut any = self.none();
                for (part, query) in queries {
                    let said = if step.negated { 0.0 } else { *said };
                    any.or(&self.phrase(*part, query.as_ref(), said, &step.clause)?);
                }
                Ok(any)
            }
            ReadyFind::Keys(segments) => {
                let index = self.segment.reader.inverted_index(self.segment.fields.key)?;
                let mut any = self.none();
                for info in segments.get(self.segment.place).into_iter().flatten() {
                    add(&index, info, &mut any)?;
                }
                Ok(any)
            }
            ReadyFind::Times(column, from, to) => self.times(column, *from, *to),
        }
    }

    fn none(&self) -> Bits {
        Bits::none(self.segment.reader.max_doc())
    }

    /// Finds the documents that hold a word, as a whole or in all its parts.
    fn leaf(&mut self, leaf: &ReadyLeaf, negated: bool) -> Result<Bits, IndexError> {
        let whole = self.token(&leaf.whole, negated)?;
        let mut parts: Option<Bits> = None;
        for part in &leaf.parts {
            let found = self.token(part, negated)?;
            match &mut parts {
                Some(parts) => parts.and(&found),
                None => parts = Some(found),
            }
        }
        Ok(match parts {
            Some(mut parts) => {
                parts.or(&whole);
                parts
            }
            None => whole,
        })
    }

    /// Finds the documents that hold a token, and adds to their scores. Where several
    /// terms of one part stand for the token, a document gets the points of the best.
    fn token(&mut self, token: &Token, negated: bool) -> Result<Bits, IndexError> {
        let mut any = self.none();
        let sources = token.segments.get(self.segment.place).map_or(&[][..], Vec::as_slice);
        for of_part in sources.chunk_by(|a, b| a.part == b.part) {
            let mut seen = self.none();
            for source in of_part {
                let weight = if negated { 0.0 } else { token.weight };
                self.source(source, &token.text, weight, &mut seen)?;
            }
            any.or(&seen);
        }
        Ok(any)
    }

    fn source(
        &mut self,
        source: &Source,
        word: &str,
        weight: f32,
        seen: &mut Bits,
    ) -> Result<(), IndexError> {
        let fields = self.segment.fields;
        let field = if source.how == How::Edge { fields.edge } else { fields.text(source.part) };
        let index = self.segment.reader.inverted_index(field)?;
        let before = self.probed();
        if weight == 0.0 {
            for info in &source.infos {
                add(&index, info, seen)?;
            }
            return Ok(());
        }
        let lengths = self.segment.reader.get_fieldnorms_reader(fields.text(source.part))?;
        let points = points(source.part);
        let weight = weight * source.how.worth();
        let repeats = counts_repeats(source.part) && source.how != How::Edge;
        for info in &source.infos {
            each(&index, info, repeats, |doc, freq| {
                if seen.insert(doc)
                    && let Some(text) = self.text.get_mut(doc as usize)
                {
                    *text += weight * points.of(&lengths, doc, freq);
                }
            })?;
        }
        self.note(before, word, source.part, source.how.as_str());
        Ok(())
    }

    fn phrase(
        &mut self,
        part: Part,
        query: &dyn Weight,
        said: f32,
        clause: &str,
    ) -> Result<Bits, IndexError> {
        let mut found = self.none();
        let lengths = self.segment.reader.get_fieldnorms_reader(self.segment.fields.text(part))?;
        let points = points(part);
        let before = self.probed();
        let mut docs = query.scorer(self.segment.reader, 1.0)?;
        let mut doc = docs.doc();
        while doc != TERMINATED {
            found.insert(doc);
            if let Some(text) = self.text.get_mut(doc as usize) {
                *text += said * points.of(&lengths, doc, 1);
            }
            doc = docs.advance();
        }
        self.note(before, clause, part, "words in a row");
        Ok(found)
    }

    fn times(&self, column: &str, from: i64, to: i64) -> Result<Bits, IndexError> {
        let mut found = self.none();
        let Some(column) = self.segment.reader.fast_fields().column_opt::<i64>(column)? else {
            return Ok(found);
        };
        if to <= from {
            return Ok(found);
        }
        let mut docs = Vec::new();
        let max_doc = self.segment.reader.max_doc();
        column.get_docids_for_value_range(from..=to - 1, 0..max_doc, &mut docs);
        for doc in docs {
            found.insert(doc);
        }
        Ok(found)
    }

    fn probed(&self) -> f32 {
        let doc = self.probe.as_ref().map(|probe| probe.doc as usize);
        doc.and_then(|doc| self.text.get(doc)).copied().unwrap_or(0.0)
    }

    /// Notes what was added to the probed document since it had `before`.
    fn note(&mut self, before: f32, word: &str, part: Part, how: &'static str) {
        let points = self.probed() - before;
        if let Some(probe) = &mut self.probe
            && points > 0.0
        {
            probe.added.push(Added { word: word.to_owned(), part, how, points });
        }
    }
}

/// Whether it matters how often a word occurs in the part: only in prose and code.
fn counts_repeats(part: Part) -> bool {
    matches!(part, Part::Description | Part::Sql)
}

/// BM25 of one part, made ready for every length and for low frequencies.
struct Points {
    part: Part,
    once: [f32; 256],
    length: [f32; 256],
}

impl Points {
    fn new(part: Part) -> Self {
        let weight = weight(part);
        // Lengths of texts are far below 2^24.
        #[allow(clippy::cast_precision_loss)]
        let length = std::array::from_fn(|id| {
            FieldNormReader::id_to_fieldnorm(u8::try_from(id).unwrap_or(u8::MAX)) as f32
        });
        Self { part, once: length.map(|length: f32| weight.bm25(1.0, length)), length }
    }

    #[inline]
    fn of(&self, lengths: &FieldNormReader, doc: u32, freq: u32) -> f32 {
        let id = usize::from(lengths.fieldnorm_id(doc));
        if freq == 1 {
            return self.once.get(id).copied().unwrap_or(0.0);
        }
        // Frequencies are far below 2^24.
        #[allow(clippy::cast_precision_loss)]
        let freq = freq as f32;
        self.length.get(id).map_or(0.0, |length| weight(self.part).bm25(freq, *length))
    }
}

/// Returns the ready BM25 of a part.
fn points(part: Part) -> &'static Points {
    static ALL: LazyLock<[Points; Part::ALL.len()]> = LazyLock::new(|| Part::ALL.map(Points::new));
    let [name, alias, place, column, label, description, sql] = &*ALL;
    match part {
        Part::Name => name,
        Part::Alias => alias,
        Part::Place => place,
        Part::Column => column,
        Part::Label => label,
        Part::Description => description,
        Part::Sql => sql,
    }
}
