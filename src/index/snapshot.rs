//! The index as it was at one commit: what searches read while writing goes on.
//!
//! A snapshot also keeps the documents that a kind of asker may see at all (its *base*),
//! with their counts, for as long as the snapshot lives: most searches share a few bases.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lru::LruCache;
use tantivy::{Searcher, SegmentReader};
use uuid::Uuid;

use super::bits::Bits;
use super::clearance::{Classes, Clearance};
use super::encode::{DELETED_TERM, kind_term};
use super::error::IndexError;
use super::postings::{add_id, add_term};
use super::schema::{Fields, Part};
use super::table::{Counts, Table};
use crate::base::{NodeKind, Position};

/// Bases that a snapshot keeps. At a million documents each takes about 130 kB.
const BASES_MAX: usize = 64;

/// Counts of terms that a base keeps, of 40 bytes each.
const COUNTED_MAX: NonZeroUsize = NonZeroUsize::new(8_192).unwrap();

/// Which documents may be found at all, before the search's own clauses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct BaseKey {
    /// Only these kinds; all if empty.
    pub kinds: Vec<NodeKind>,
    /// Only what this allows; everything if `None`.
    pub clearance: Option<Arc<Clearance>>,
    /// Whether softly deleted documents are among them.
    pub deleted: bool,
}

impl BaseKey {
    /// Makes the key, bringing its lists into order.
    #[must_use]
    pub fn new(kinds: &[NodeKind], clearance: Option<&Arc<Clearance>>, deleted: bool) -> Self {
        let mut kinds = kinds.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        Self { kinds, clearance: clearance.map(Arc::clone), deleted }
    }
}

/// Documents of one segment of which not every text may be known.
#[derive(Debug, Default)]
pub struct Masks {
    /// Those whose columns may not be known.
    pub columns: Option<Bits>,
    /// Those whose SQL may not be known.
    pub sql: Option<Bits>,
}

impl Masks {
    /// Returns the documents that may not be found by a part.
    #[must_use]
    pub fn over(&self, part: Part) -> Option<&Bits> {
        match part {
            // Descriptions of columns are among those of their dataset.
            Part::Column | Part::ColumnLabel | Part::Description => self.columns.as_ref(),
            Part::Sql => self.sql.as_ref(),
            Part::Name | Part::Alias | Part::Place | Part::Label => None,
        }
    }
}

/// The documents of one base, by segment.
#[derive(Debug)]
pub struct Base {
    /// By segment: its documents.
    pub docs: Vec<Bits>,
    /// By segment: which texts of its documents may not be known.
    pub masks: Vec<Masks>,
    /// How many documents these are.
    pub total: u64,
    counts: OnceLock<Counts>,
    /// How many of them have some terms (see `census.rs`).
    counted: Mutex<LruCache<u64, u64>>,
}

impl Base {
    /// Returns what was counted under a key.
    pub(super) fn counted(&self, key: u64) -> Option<u64> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied()
    }

    /// Remembers what was counted.
    pub(super) fn note_counted(&self, key: u64, count: u64) {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).put(key, count);
    }
}

/// The index at one commit.
pub struct Snapshot {
    /// Reads the segments.
    pub searcher: Searcher,
    /// By segment: its table.
    pub tables: Vec<Arc<Table>>,
    /// The position in the change feed that the commit stands for.
    pub position: Position,
    fields: Fields,
    bases: Mutex<LruCache<BaseKey, Arc<Base>>>,
}

impl Snapshot {
    /// Joins a searcher with the tables of its segments.
    #[must_use]
    pub fn new(
        searcher: Searcher,
        tables: Vec<Arc<Table>>,
        position: Position,
        fields: Fields,
    ) -> Self {
        let bases = NonZeroUsize::new(BASES_MAX).map_or_else(LruCache::unbounded, LruCache::new);
        Self { searcher, tables, position, fields, bases: Mutex::new(bases) }
    }

    /// Returns the fields of the schema.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Returns the segments with their tables.
    pub fn segments(&self) -> impl Iterator<Item = (&SegmentReader, &Table)> {
        self.searcher.segment_readers().iter().zip(self.tables.iter().map(Arc::as_ref))
    }

    /// Returns the base for the key, from memory if it was asked for before.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if a segment cannot be read.
    pub fn base(&self, key: &BaseKey) -> Result<Arc<Base>, IndexError> {
        let lock = || self.bases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(base) = lock().get(key) {
            return Ok(Arc::clone(base));
        }
        let docs: Vec<Bits> = self
            .segments()
            .map(|(segment, table)| self.base_docs(segment, table, key))
            .collect::<Result<_, _>>()?;
        let masks = self
            .segments()
            .map(|(segment, table)| self.masks(segment, table, key))
            .collect::<Result<_, _>>()?;
        let total = docs.iter().map(Bits::count).sum();
        let base = Arc::new(Base {
            docs,
            masks,
            total,
            counts: OnceLock::new(),
            counted: Mutex::new(LruCache::new(COUNTED_MAX)),
        });
        lock().put(key.clone(), Arc::clone(&base));
        Ok(base)
    }

    fn base_docs(
        &self,
        segment: &SegmentReader,
        table: &Table,
        key: &BaseKey,
    ) -> Result<Bits, IndexError> {
        let max_doc = segment.max_doc();
        let any_of = |terms: Vec<String>| self.any_of(segment, terms);
        let mut docs = Bits::all(max_doc);
        if let Some(alive) = segment.alive_bitset() {
            docs = Bits::none(max_doc);
            alive.iter_alive().for_each(|doc| {
                docs.insert(doc);
            });
        }
        if !key.deleted {
            docs.and_not(&any_of(vec![DELETED_TERM.to_owned()])?);
        }
        if !key.kinds.is_empty() {
            docs.and(&any_of(key.kinds.iter().map(|kind| kind_term(*kind)).collect())?);
        }
        if let Some(clearance) = &key.clearance {
            docs.and(&table.of_classes(&clearance.classes));
            docs.and_not(&self.of_ids(segment, &clearance.unseen)?);
        }
        Ok(docs)
    }

    fn masks(
        &self,
        segment: &SegmentReader,
        table: &Table,
        key: &BaseKey,
    ) -> Result<Masks, IndexError> {
        let Some(clearance) = &key.clearance else { return Ok(Masks::default()) };
        let bare = self.of_ids(segment, &clearance.bare)?;
        let over = |classes: &Classes| {
            let some = !classes.is_empty() || !clearance.bare.is_empty();
            some.then(|| {
                let mut docs = table.of_classes(classes);
                docs.or(&bare);
                docs
            })
        };
        let (columns, sql) = (over(&clearance.without_columns), over(&clearance.without_sql));
        Ok(Masks { columns, sql })
    }

    fn of_ids(&self, segment: &SegmentReader, ids: &[Uuid]) -> Result<Bits, IndexError> {
        let mut docs = Bits::none(segment.max_doc());
        for id in ids {
            add_id(segment, self.fields.id, *id, &mut docs)?;
        }
        Ok(docs)
    }

    fn any_of(&self, segment: &SegmentReader, terms: Vec<String>) -> Result<Bits, IndexError> {
        let mut docs = Bits::none(segment.max_doc());
        for term in terms {
            add_term(segment, self.fields.key, &term, &mut docs)?;
        }
        Ok(docs)
    }

    /// Returns the counts of all documents of a base.
    pub fn base_counts<'a>(&self, base: &'a Base) -> &'a Counts {
        base.counts.get_or_init(|| self.count(base, &base.docs))
    }

    /// Counts the values of documents, given by segment, as far as they may be known by this
    /// base.
    #[must_use]
    pub fn count(&self, base: &Base, docs: &[Bits]) -> Counts {
        let mut counts = Counts::default();
        for ((table, masks), docs) in self.tables.iter().zip(&base.masks).zip(docs) {
            table.count(docs, masks.over(Part::ColumnLabel), &mut counts);
        }
        counts
    }

    /// Counts the values of `hits`, which are among the base's documents and `total` in
    /// number. Of a hit list larger than half its base, what is missing is counted instead.
    #[must_use]
    pub fn hit_counts(&self, base: &Base, hits: &[Bits], total: u64) -> Counts {
        if total == base.total {
            return self.base_counts(base).clone();
        }
        if total <= base.total / 2 {
            return self.count(base, hits);
        }
        let missing: Vec<Bits> = base
            .docs
            .iter()
            .zip(hits)
            .map(|(all, hits)| {
                let mut missing = all.clone();
                missing.and_not(hits);
                missing
            })
            .collect();
        self.base_counts(base).without(&self.count(base, &missing))
    }
}
