//! Counts how many documents hold a term, of those that an asker may know to hold it.
//!
//! A word's rarity is in every score, so it must not move when something hidden gets the
//! word. Counting reads the word's posting lists; what was counted is kept with the base, for
//! as long as its snapshot lives. Whoever sees everything is answered by tantivy's own counts.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, Term};

use super::error::IndexError;
use super::postings::{docs, each};
use super::schema::Part;
use super::snapshot::{Base, BaseKey, Snapshot};

/// The documents whose words count.
pub struct Census<'a> {
    snapshot: &'a Snapshot,
    /// What may be known; everything if `None`.
    base: Option<Arc<Base>>,
}

impl<'a> Census<'a> {
    /// Counts for whoever sees with this key. Kinds and deleted documents are left aside, so
    /// that a word weighs the same whichever filters are set.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if a segment cannot be read.
    pub fn new(snapshot: &'a Snapshot, key: &BaseKey) -> Result<Self, IndexError> {
        let known = |clearance| BaseKey { clearance: Some(clearance), ..BaseKey::default() };
        let key = key.clearance.clone().map(known);
        let base = key.map(|key| snapshot.base(&key)).transpose()?;
        Ok(Self { snapshot, base })
    }

    /// Returns how many documents there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.base.as_ref().map_or(self.snapshot.searcher.num_docs(), |base| base.total)
    }

    /// Returns how many documents the terms have in one part of one segment, those with
    /// several counted so often.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the segment cannot be read.
    pub fn held(
        &self,
        (place, part, field): (usize, Part, Field),
        infos: &[TermInfo],
    ) -> Result<u64, IndexError> {
        let Some(base) = &self.base else { return Ok(docs(infos)) };
        let segment = self.snapshot.searcher.segment_readers().get(place);
        let (Some(segment), Some(known), Some(masks)) =
            (segment, base.docs.get(place), base.masks.get(place))
        else {
            return Ok(0);
        };
        let mut key = DefaultHasher::new();
        (place, field.field_id()).hash(&mut key);
        infos.iter().for_each(|info| info.postings_range.start.hash(&mut key));
        let key = key.finish();
        if let Some(count) = base.counted(key) {
            return Ok(count);
        }
        let index: Arc<InvertedIndexReader> = segment.inverted_index(field)?;
        let masked = masks.over(part);
        let mut count = 0;
        for info in infos {
            each(&index, info, |doc| {
                let holds = known.contains(doc) && masked.is_none_or(|bits| !bits.contains(doc));
                count += u64::from(holds);
            })?;
        }
        base.note_counted(key, count);
        Ok(count)
    }

    /// Returns how many documents hold a token in a part, in all segments.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if a segment cannot be read.
    pub fn of_token(&self, part: Part, token: &str) -> Result<u64, IndexError> {
        let field = self.snapshot.fields().text(part);
        let term = Term::from_field_text(field, token);
        if self.base.is_none() {
            return Ok(self.snapshot.searcher.doc_freq(&term)?);
        }
        let mut sum = 0;
        for (place, segment) in self.snapshot.searcher.segment_readers().iter().enumerate() {
            if let Some(info) = segment.inverted_index(field)?.get_term_info(&term)? {
                sum += self.held((place, part, field), &[info])?;
            }
        }
        Ok(sum)
    }
}
