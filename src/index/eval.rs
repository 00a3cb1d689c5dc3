//! Finds and scores the documents of one segment.
//!
//! Every word and filter becomes a set of documents, and words add to a score for each.
//! The rarest go first, and each only looks at what those before it left; so the work is
//! bounded by the length of the posting lists, and mostly by that of the shortest.

use tantivy::postings::TermInfo;

use super::bits::Bits;
use super::encode::Level;
use super::error::IndexError;
use super::plan::Plan;
use super::postings::add_term;
use super::ready::{Prepared, ReadyFind, ReadyLeaf, ReadyPhrase, Task, Token};
use super::scan::{Segment, Wanted};
use super::schema::Part;

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

    /// Whether every hit's level is [`PLAIN`].
    #[must_use]
    pub fn all_plain(&self) -> bool {
        self.levels.is_empty() && self.unmended.is_none()
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
    /// The document. It is scored even if it is no hit.
    pub doc: u32,
    /// What was added, in order.
    pub added: Vec<Added>,
    /// By step: whether the document meets it.
    pub holds: Vec<bool>,
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
    let mut levels = Vec::new();
    let exact = named(segment, &plan.exact, &mut levels)?;
    let verbatim = named(segment, &plan.verbatim, &mut levels)?;
    levels.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let scores = |task: &Task| {
        let words = matches!(task.find, ReadyFind::Words(_) | ReadyFind::Phrase(_));
        words && prepared.steps.get(task.step).is_some_and(|step| !step.negated)
    };
    let length = if prepared.tasks.iter().any(scores) { segment.reader.max_doc() } else { 0 };
    let mut run = Run { segment, text: vec![0.0; length as usize], probe };

    // What still meets the free words, and what still meets everything else.
    let has_free = prepared.steps.iter().any(|step| step.free);
    let mut free = if has_free || !plan.has_free { base.clone() } else { segment.none() };
    let mut rest = base.clone();
    // Documents that are named exactly are scored to the end, whatever else they lack.
    let mut kept = exact.clone();
    kept.or(&verbatim);
    if let Some(probe) = &mut run.probe {
        kept.insert(probe.doc);
        probe.holds = vec![true; prepared.steps.len()];
    }
    for task in &prepared.tasks {
        let Some(step) = prepared.steps.get(task.step) else { continue };
        let mut wanted = free.clone();
        wanted.and(&rest);
        wanted.or(&kept);
        let found = run.find(task, !step.negated, &Wanted::new(wanted))?;
        run.note_step(task.step, &found, step.negated);
        let left = if step.free { &mut free } else { &mut rest };
        if step.negated { left.and_not(&found) } else { left.and(&found) }
    }
    free.or(&exact);
    free.and(&rest);
    free.or(&verbatim);
    free.and(base);
    let mut wanted = free.clone();
    wanted.or(&kept);
    let wanted = Wanted::new(wanted);
    for pair in &prepared.pairs {
        run.phrase(pair, true, &wanted)?;
    }
    Ok(Hits { docs: free, text: run.text, levels, unmended: None })
}

/// Finds the documents that are named by one of the terms, and notes their levels.
fn named(
    segment: &Segment<'_>,
    terms: &[(Level, String)],
    levels: &mut Vec<(u8, Bits)>,
) -> Result<Bits, IndexError> {
    let mut any = segment.none();
    for (level, term) in terms {
        let mut docs = segment.none();
        add_term(segment.reader, segment.fields.exact, term, &mut docs)?;
        if docs.count() > 0 {
            any.or(&docs);
            levels.push((level_number(*level), docs));
        }
    }
    Ok(any)
}

struct Run<'a> {
    segment: &'a Segment<'a>,
    text: Vec<f32>,
    probe: Option<&'a mut Probe>,
}

impl Run<'_> {
    /// Finds the wanted documents of a task, and scores them if asked to.
    fn find(&mut self, task: &Task, score: bool, wanted: &Wanted) -> Result<Bits, IndexError> {
        let place = self.segment.place;
        match &task.find {
            ReadyFind::Words(leaves) => {
                let mut all: Option<Bits> = None;
                for leaf in leaves {
                    let found = self.word(leaf, score, wanted)?;
                    match &mut all {
                        Some(all) => all.and(&found),
                        None => all = Some(found),
                    }
                }
                Ok(all.unwrap_or_else(|| self.segment.none()))
            }
            ReadyFind::Phrase(phrase) => self.phrase(phrase, score, wanted),
            ReadyFind::Keys(own, of_columns) => {
                let [own, of_columns] =
                    [own, of_columns].map(|all| all.get(place).map_or(&[][..], Vec::as_slice));
                let mut any = self.segment.keys(own, wanted)?;
                any.or(&self.of_columns(of_columns, wanted)?);
                Ok(any)
            }
            ReadyFind::Times(column, from, to) => self.segment.times(column, *from, *to),
        }
    }

    /// Finds the documents of terms that tell of columns, where these may be known.
    fn of_columns(&self, infos: &[TermInfo], wanted: &Wanted) -> Result<Bits, IndexError> {
        if infos.is_empty() {
            return Ok(self.segment.none());
        }
        let mut any = self.segment.keys(infos, wanted)?;
        if let Some(masked) = self.segment.masks.over(Part::Column) {
            any.and_not(masked);
        }
        Ok(any)
    }

    /// Finds the documents that hold a phrase, and scores them if asked to.
    fn phrase(
        &mut self,
        phrase: &ReadyPhrase,
        score: bool,
        wanted: &Wanted,
    ) -> Result<Bits, IndexError> {
        let columns = phrase.columns.get(self.segment.place).map_or(&[][..], Vec::as_slice);
        let mut any = self.of_columns(columns, wanted)?;
        for part in phrase.segments.get(self.segment.place).into_iter().flatten() {
            let before = self.probed();
            let text = if score { &mut self.text[..] } else { &mut [] };
            any.or(&self.segment.phrase(part, phrase.weight, wanted, text)?);
            self.note(before, &phrase.text, part.part, "words in a row");
        }
        Ok(any)
    }

    /// Finds the documents that hold a word, as a whole or in all its parts.
    fn word(&mut self, leaf: &ReadyLeaf, score: bool, wanted: &Wanted) -> Result<Bits, IndexError> {
        let mut whole = self.token(&leaf.whole, score, wanted)?;
        let mut parts: Option<Bits> = None;
        for part in &leaf.parts {
            let found = self.token(part, score, wanted)?;
            match &mut parts {
                Some(parts) => parts.and(&found),
                None => parts = Some(found),
            }
        }
        if let Some(parts) = parts {
            whole.or(&parts);
        }
        Ok(whole)
    }

    /// Finds the documents that hold a token, and adds to their scores. Where several
    /// terms of one part stand for the token, a document gets the points of the best.
    fn token(&mut self, token: &Token, score: bool, wanted: &Wanted) -> Result<Bits, IndexError> {
        let mut any = self.segment.none();
        let sources = token.segments.get(self.segment.place).map_or(&[][..], Vec::as_slice);
        for of_part in sources.chunk_by(|a, b| a.part == b.part) {
            let mut seen = self.segment.none();
            for source in of_part {
                let before = self.probed();
                let text = if score { &mut self.text[..] } else { &mut [] };
                self.segment.source(source, token.weight, wanted, &mut seen, text)?;
                self.note(before, &token.text, source.part, source.how.as_str());
            }
            any.or(&seen);
        }
        Ok(any)
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

    /// Notes whether the probed document meets a step as far as `found` tells.
    fn note_step(&mut self, step: usize, found: &Bits, negated: bool) {
        if let Some(probe) = &mut self.probe {
            let meets = found.contains(probe.doc) != negated;
            if let Some(holds) = probe.holds.get_mut(step) {
                *holds &= meets;
            }
        }
    }
}
