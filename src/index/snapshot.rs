//! The index as it was at one commit: what searches read while writing goes on.
//!
//! A snapshot also keeps the documents that a kind of asker may see at all (its *base*),
//! with their counts, for as long as the snapshot lives: most searches share a few bases.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lru::LruCache;
use tantivy::{Searcher, SegmentReader};

use super::bits::Bits;
use super::encode::{DELETED_TERM, class_term, kind_term};
use super::error::IndexError;
use super::postings::add_term;
use super::schema::Fields;
use super::table::{Counts, Table};
use crate::base::NodeKind;

/// Bases that a snapshot keeps. At a million documents each takes about 130 kB.
const BASES_MAX: usize = 64;

/// Which documents may be found at all, before the search's own clauses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct BaseKey {
    /// Only these kinds; all if empty.
    pub kinds: Vec<NodeKind>,
    /// Only these access classes; all if `None`. Sorted, each once.
    pub classes: Option<Vec<u32>>,
    /// Whether softly deleted documents are among them.
    pub deleted: bool,
}

impl BaseKey {
    /// Makes the key, bringing kinds and classes into order.
    #[must_use]
    pub fn new(kinds: &[NodeKind], classes: Option<&[u32]>, deleted: bool) -> Self {
        let mut kinds = kinds.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        let classes = classes.map(|classes| {
            let mut classes = classes.to_vec();
            classes.sort_unstable();
            classes.dedup();
            classes
        });
        Self { kinds, classes, deleted }
    }
}

/// The documents of one base, by segment.
#[derive(Debug)]
pub struct Base {
    /// By segment: its documents.
    pub docs: Vec<Bits>,
    /// How many these are.
    pub total: u64,
    counts: OnceLock<Counts>,
}

/// The index at one commit.
pub struct Snapshot {
    /// Reads the segments.
    pub searcher: Searcher,
    /// By segment: its table.
    pub tables: Vec<Arc<Table>>,
    /// The position in the change feed that the commit stands for.
    pub position: u64,
    fields: Fields,
    bases: Mutex<LruCache<BaseKey, Arc<Base>>>,
}

impl Snapshot {
    /// Joins a searcher with the tables of its segments.
    #[must_use]
    pub fn new(searcher: Searcher, tables: Vec<Arc<Table>>, position: u64, fields: Fields) -> Self {
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
            .searcher
            .segment_readers()
            .iter()
            .map(|segment| self.base_docs(segment, key))
            .collect::<Result<_, _>>()?;
        let total = docs.iter().map(Bits::count).sum();
        let base = Arc::new(Base { docs, total, counts: OnceLock::new() });
        lock().put(key.clone(), Arc::clone(&base));
        Ok(base)
    }

    fn base_docs(&self, segment: &SegmentReader, key: &BaseKey) -> Result<Bits, IndexError> {
        let max_doc = segment.max_doc();
        let any_of = |terms: Vec<String>| {
            let mut docs = Bits::none(max_doc);
            for term in terms {
                add_term(segment, self.fields.key, &term, &mut docs)?;
            }
            Ok::<_, IndexError>(docs)
        };
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
        if let Some(classes) = &key.classes {
            docs.and(&any_of(classes.iter().map(|class| class_term(*class)).collect())?);
        }
        Ok(docs)
    }

    /// Returns the counts of all documents of a base.
    pub fn base_counts<'a>(&self, base: &'a Base) -> &'a Counts {
        base.counts.get_or_init(|| self.count(&base.docs))
    }

    /// Counts the values of documents, given by segment.
    #[must_use]
    pub fn count(&self, docs: &[Bits]) -> Counts {
        let mut counts = Counts::default();
        for (table, docs) in self.tables.iter().zip(docs) {
            table.count(docs, &mut counts);
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
            return self.count(hits);
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
        self.base_counts(base).without(&self.count(&missing))
    }
}
