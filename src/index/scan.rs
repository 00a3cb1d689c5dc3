//! Reads the posting lists of one segment, as far as documents are still wanted.
//!
//! Lists are read from front to back. If only few documents are still wanted, a long list
//! is skipped through instead, from one of these to the next.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, SegmentReader};

use super::bits::{Bits, Inserter};
use super::error::IndexError;
use super::postings::each;
use super::ready::{How, PhrasePart, Source};
use super::schema::{Fields, Part};
use super::score::{Points, of_part};
use super::snapshot::Masks;

/// A list is skipped through if it is so many times longer than the wanted documents.
const SKIP_RATIO: u64 = 24;

/// One segment to be searched.
pub struct Segment<'a> {
    /// Its place among the segments.
    pub place: usize,
    /// Reads it.
    pub reader: &'a SegmentReader,
    /// The schema's fields.
    pub fields: &'a Fields,
    /// Which texts of its documents may not be known.
    pub masks: &'a Masks,
}

/// The documents that are still wanted.
pub struct Wanted {
    docs: Bits,
    count: u64,
    few: Option<Vec<u32>>,
}

impl Wanted {
    /// Counts the documents that are still wanted.
    #[must_use]
    pub fn new(docs: Bits) -> Self {
        let count = docs.count();
        let mut few = None;
        if count < u64::from(u32::MAX) / SKIP_RATIO && count * SKIP_RATIO < docs.capacity() {
            let mut list = Vec::new();
            docs.for_each(|doc| list.push(doc));
            few = Some(list);
        }
        Self { docs, count, few }
    }

    /// Calls `visit` with documents of a term, smallest first. All that are wanted are among
    /// them; others may be, because looking each up costs more than to visit it.
    #[inline]
    fn each(
        &self,
        index: &InvertedIndexReader,
        info: &TermInfo,
        mut visit: impl FnMut(u32),
    ) -> Result<(), IndexError> {
        if let Some(few) = &self.few
            && self.count * SKIP_RATIO < u64::from(info.doc_freq)
        {
            let option = IndexRecordOption::Basic;
            let mut block = index.read_block_postings_from_terminfo(info, option)?;
            for doc in few {
                let at = block.seek(*doc);
                if block.doc(at) == *doc {
                    visit(*doc);
                }
            }
            return Ok(());
        }
        each(index, info, visit)
    }
}

impl Segment<'_> {
    /// Returns the empty set of the segment's documents.
    #[must_use]
    pub fn none(&self) -> Bits {
        Bits::none(self.reader.max_doc())
    }

    /// Finds the documents of the label terms: all that are wanted, and perhaps others.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the segment cannot be read.
    pub fn keys(&self, infos: &[TermInfo], wanted: &Wanted) -> Result<Bits, IndexError> {
        let index = self.reader.inverted_index(self.fields.key)?;
        let mut any = self.none();
        let mut inserter = Inserter::new(&mut any);
        for info in infos {
            wanted.each(&index, info, |doc| {
                inserter.insert(doc);
            })?;
        }
        drop(inserter);
        Ok(any)
    }

    /// Adds the documents of a source to `seen`, and points for each that was not there to
    /// `text`. All that are wanted are among them; others may be, whose points nobody asks
    /// for. Without texts to be scored, `text` is empty.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the segment cannot be read.
    pub fn source(
        &self,
        source: &Source,
        weight: f32,
        wanted: &Wanted,
        seen: &mut Bits,
        text: &mut [f32],
    ) -> Result<(), IndexError> {
        let edge = source.how == How::Edge;
        let field = if edge { self.fields.edge } else { self.fields.text(source.part) };
        let index = self.reader.inverted_index(field)?;
        let points = of_part(source.part);
        let weight = weight * source.how.worth();
        let lengths = if points.same.is_none() { Some(self.lengths(source.part)?) } else { None };
        let mut seen = Inserter::new(seen);
        let masked = self.masks.over(source.part);
        for info in &source.infos {
            let mut add = |doc: u32, points: f32| {
                if masked.is_none_or(|masked| !masked.contains(doc))
                    && seen.insert(doc)
                    && let Some(text) = text.get_mut(doc as usize)
                {
                    *text += weight * points;
                }
            };
            match &lengths {
                Some(lengths) => wanted.each(&index, info, |doc| {
                    add(doc, points.of(lengths.fieldnorm_id(doc)));
                })?,
                None => wanted.each(&index, info, |doc| add(doc, points.same.unwrap_or(0.0)))?,
            }
        }
        Ok(())
    }

    /// Finds the wanted documents that hold a phrase in a part, and adds points for each.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the segment cannot be read.
    pub fn phrase(
        &self,
        phrase: &PhrasePart,
        weight: f32,
        wanted: &Wanted,
        text: &mut [f32],
    ) -> Result<Bits, IndexError> {
        let mut near = wanted.docs.clone();
        let mut narrow = |field, infos: &[TermInfo]| {
            let index = self.reader.inverted_index(field)?;
            for info in infos {
                let mut found = self.none();
                let wanted = Wanted::new(near.clone());
                let mut inserter = Inserter::new(&mut found);
                wanted.each(&index, info, |doc| {
                    inserter.insert(doc);
                })?;
                drop(inserter);
                near.and(&found);
            }
            Ok::<_, IndexError>(())
        };
        match self.fields.pairs(phrase.part) {
            Some(pairs) => narrow(pairs, &phrase.pairs)?,
            None => narrow(self.fields.text(phrase.part), &phrase.tokens)?,
        }
        // One pair is the phrase; several might stand in different places.
        if let Some(masked) = self.masks.over(phrase.part) {
            near.and_not(masked);
        }
        let found = if phrase.pairs.len() == 1 { near } else { self.in_a_row(phrase, &near)? };
        let lengths = self.lengths(phrase.part)?;
        let points: &Points = of_part(phrase.part);
        if !text.is_empty() {
            found.for_each(|doc| {
                if let Some(text) = text.get_mut(doc as usize) {
                    *text += weight * points.of(lengths.fieldnorm_id(doc));
                }
            });
        }
        Ok(found)
    }

    /// Keeps the documents that hold the tokens one right after the other.
    fn in_a_row(&self, phrase: &PhrasePart, docs: &Bits) -> Result<Bits, IndexError> {
        let index = self.reader.inverted_index(self.fields.text(phrase.part))?;
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut lists: Vec<SegmentPostings> = phrase
            .tokens
            .iter()
            .map(|info| index.read_postings_from_terminfo(info, option))
            .collect::<Result<_, _>>()?;
        let mut found = self.none();
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        docs.for_each(|doc| {
            rows.clear();
            for (offset, list) in lists.iter_mut().enumerate() {
                if list.doc() < doc {
                    list.seek(doc);
                }
                if list.doc() != doc {
                    return;
                }
                // Where the phrase would begin, counted from far enough to stay positive.
                let shift = u32::try_from(phrase.tokens.len() - offset).unwrap_or(0);
                list.positions_with_offset(shift, &mut places);
                if offset == 0 {
                    rows.clone_from(&places);
                } else {
                    rows.retain(|place| places.binary_search(place).is_ok());
                }
                if rows.is_empty() {
                    return;
                }
            }
            found.insert(doc);
        });
        Ok(found)
    }

    /// Finds all documents with a time from `from` up to but without `to`.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the segment cannot be read.
    pub fn times(&self, column: &str, from: i64, to: i64) -> Result<Bits, IndexError> {
        let mut found = self.none();
        let column = self.reader.fast_fields().column_opt::<i64>(column)?;
        let Some(column) = column.filter(|_| from < to) else { return Ok(found) };
        // Tantivy takes a range that lies below all values for one that holds the least.
        let (from, last) = (from.max(column.min_value()), (to - 1).min(column.max_value()));
        if from > last {
            return Ok(found);
        }
        let mut docs = Vec::new();
        column.get_docids_for_value_range(from..=last, 0..self.reader.max_doc(), &mut docs);
        for doc in docs {
            found.insert(doc);
        }
        Ok(found)
    }

    fn lengths(&self, part: Part) -> Result<FieldNormReader, IndexError> {
        Ok(self.reader.get_fieldnorms_reader(self.fields.text(part))?)
    }
}
