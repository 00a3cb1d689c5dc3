//! The search index: opening it, writing to it, asking it.
//!
//! The index is a follower of the catalog: its position in the change feed is written with
//! every commit, so what was written and how far are never apart. Whatever cannot be read,
//! and whatever another version wrote, is thrown away and followed anew.
//!
//! All functions block; asynchronous callers run them on a thread for blocking work.

use std::collections::HashSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tantivy::schema::Schema;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy};
use uuid::Uuid;

use super::clearance::Clearance;
use super::encode::Encoder;
use super::error::IndexError;
use super::explain::{Explanation, explain};
use super::schema::{Fields, PAIRS, Pairs, TOKENIZER, VERSION, Words, schema};
use super::sealed::Sealed;
use super::search::{SearchRequest, SearchResults, search};
use super::snapshot::{BaseKey, Snapshot};
use super::suggest::{SuggestRequest, Suggestion, suggest};
use super::table::{Facet, Table, Values};
use super::whole::{LIST, check_all};
use crate::base::{NodeKind, Position};

/// How much memory and how many threads writing takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexSettings {
    /// Memory of the writer that follows the feed, in bytes; at least 15 MB. It is taken
    /// with the first change and given back by [`SearchIndex::rest`].
    pub writer_bytes: usize,
    /// Threads of a rebuild.
    pub rebuild_threads: usize,
    /// Memory of each thread of a rebuild, in bytes; at least 15 MB.
    pub rebuild_thread_bytes: usize,
}

impl Default for IndexSettings {
    fn default() -> Self {
        Self { writer_bytes: 24_000_000, rebuild_threads: 2, rebuild_thread_bytes: 64_000_000 }
    }
}

/// The list of files that tantivy made.
const MANAGED: &str = ".managed.json";

/// What every commit says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Payload {
    pub version: u32,
    pub position: Position,
}

/// Uncompressed blocks of stored documents that are kept, by segment.
const STORE_BLOCKS: usize = 16;

/// The search index. One process writes; any number of threads search.
pub struct SearchIndex {
    pub(super) index: Index,
    pub(super) encoder: Encoder,
    pub(super) fields: Fields,
    pub(super) settings: IndexSettings,
    /// The only writer: taken lazily, dropped on any error so that nothing of a failed
    /// batch is ever committed by a later one.
    pub(super) writer: Mutex<Option<IndexWriter>>,
    reader: IndexReader,
    values: Values,
    snapshot: RwLock<Arc<Snapshot>>,
    /// Where its files are; none in memory.
    pub(super) dir: Option<PathBuf>,
    /// The file that was found damaged, until everything has been written anew.
    pub(super) damage: Mutex<Option<String>>,
}

impl SearchIndex {
    /// Opens the index in a folder, which is made if it is not there. All its files are read
    /// once. An index of another version, or one of which a file is damaged, is emptied: its
    /// position is then 0. Damage is told by [`Self::damage`].
    ///
    /// # Errors
    ///
    /// [`IndexError::Occupied`] if the folder holds something else, and [`IndexError`] if
    /// it cannot be written.
    pub fn open(dir: &Path, settings: IndexSettings) -> Result<Self, IndexError> {
        fs::create_dir_all(dir)?;
        // Tantivy panics on some damaged files, such as ones cut off before their footer.
        let opened = catch_unwind(AssertUnwindSafe(|| Self::open_as_is(dir, settings)));
        let damage = match opened {
            Ok(Ok(Some(index))) => return Ok(index),
            Ok(Ok(None)) => None,
            Ok(Err(IndexError::Damaged { file })) => Some(file.display().to_string()),
            Ok(Err(_)) | Err(_) => Some(LIST.to_owned()),
        };
        empty(dir)?;
        let directory = Sealed::open(dir).map_err(tantivy::TantivyError::from)?;
        let index = Index::create(directory, schema().0, tantivy::IndexSettings::default())?;
        let index = Self::start(index, settings, Some(dir))?;
        index.set_damage(damage);
        Ok(index)
    }

    /// Opens what the folder holds; `None` if that is no index of this version.
    fn open_as_is(dir: &Path, settings: IndexSettings) -> Result<Option<Self>, IndexError> {
        let directory = Sealed::open(dir).map_err(tantivy::TantivyError::from)?;
        if !Index::exists(&directory).map_err(tantivy::TantivyError::from)? {
            // Files without their list are what is left of an index.
            let left = dir.join(MANAGED).exists();
            return if left { Err(IndexError::Damaged { file: LIST.into() }) } else { Ok(None) };
        }
        let index = Index::open(directory)?;
        if index.schema() != schema().0 || payload(&index)?.version != VERSION {
            return Ok(None);
        }
        check_all(&index)?;
        Self::start(index, settings, Some(dir)).map(Some)
    }

    /// Makes an empty index that is never written to disk.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if tantivy refuses.
    pub fn in_memory() -> Result<Self, IndexError> {
        let settings = IndexSettings {
            writer_bytes: 15_000_000,
            rebuild_threads: 1,
            rebuild_thread_bytes: 15_000_000,
        };
        Self::start(Index::create_in_ram(schema().0), settings, None)
    }

    fn start(
        index: Index,
        settings: IndexSettings,
        dir: Option<&Path>,
    ) -> Result<Self, IndexError> {
        index.tokenizers().register(TOKENIZER, TextAnalyzer::from(Words::default()));
        index.tokenizers().register(PAIRS, TextAnalyzer::from(Pairs::default()));
        let (schema, fields): (Schema, Fields) = schema();
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(STORE_BLOCKS)
            .try_into()?;
        let values = Values::default();
        let snapshot = take_snapshot(&index, &reader, &fields, &values, None)?;
        Ok(Self {
            encoder: Encoder::new(schema, fields.clone()),
            index,
            fields,
            settings,
            writer: Mutex::new(None),
            reader,
            values,
            snapshot: RwLock::new(Arc::new(snapshot)),
            dir: dir.map(Path::to_owned),
            damage: Mutex::new(None),
        })
    }

    /// Returns the position in the change feed up to which the index has followed.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.snapshot().position.number
    }

    /// Returns the same with its history.
    #[must_use]
    pub fn reached(&self) -> Position {
        self.snapshot().position
    }

    /// Returns how many documents the index holds, softly deleted ones included.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.snapshot().searcher.num_docs()
    }

    /// Whether the index holds no document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Answers a search.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be read.
    pub fn search(&self, request: &SearchRequest<'_>) -> Result<SearchResults, IndexError> {
        search(&self.snapshot(), &self.values, request)
    }

    /// Completes what is being typed.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be read.
    pub fn suggest(&self, request: &SuggestRequest<'_>) -> Result<Vec<Suggestion>, IndexError> {
        suggest(&self.snapshot(), &self.values, request)
    }

    /// Explains why a search finds a document and how it scores; `None` if the index does
    /// not hold the document or the asker may not see it.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be read.
    pub fn explain(
        &self,
        request: &SearchRequest<'_>,
        kind: NodeKind,
        id: Uuid,
    ) -> Result<Option<Explanation>, IndexError> {
        explain(&self.snapshot(), request, kind, id)
    }

    /// Returns the tags of whatever may be found, softly deleted documents included.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be read.
    pub fn tags(&self, clearance: &Arc<Clearance>) -> Result<HashSet<String>, IndexError> {
        let snapshot = self.snapshot();
        let base = snapshot.base(&BaseKey::new(&[], Some(clearance), true))?;
        let known = self.values.read();
        let present = snapshot.base_counts(&base).present(&known);
        let tags = present.filter(|(facet, ..)| *facet == Facet::Tag);
        Ok(tags.map(|(_, tag, _)| tag.to_string()).collect())
    }

    /// Returns the index as it is now; later commits do not change it.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the writer's place. Only one thread writes at a time.
    pub(super) fn lock_writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets searches see the last commit.
    pub(super) fn reload(&self) -> Result<(), IndexError> {
        self.reader.reload()?;
        let before = self.snapshot();
        let snapshot =
            take_snapshot(&self.index, &self.reader, &self.fields, &self.values, Some(&before))?;
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }
}

/// Joins the reader's segments with their tables; those known before are not read again.
fn take_snapshot(
    index: &Index,
    reader: &IndexReader,
    fields: &Fields,
    values: &Values,
    before: Option<&Snapshot>,
) -> Result<Snapshot, IndexError> {
    let searcher = reader.searcher();
    let known = |id| {
        let before = before?;
        let mut segments = before.searcher.segment_readers().iter().zip(&before.tables);
        segments.find(|(segment, _)| segment.segment_id() == id).map(|(_, table)| Arc::clone(table))
    };
    let mut tables = Vec::new();
    for segment in searcher.segment_readers() {
        tables.push(match known(segment.segment_id()) {
            Some(table) => table,
            None => Arc::new(Table::load(segment, values)?),
        });
    }
    let position = payload(index)?.position;
    Ok(Snapshot::new(searcher, tables, position, fields.clone()))
}

/// Reads what the last commit says of itself; an index without commits is at 0.
fn payload(index: &Index) -> Result<Payload, IndexError> {
    match index.load_metas()?.payload {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(Payload { version: VERSION, position: Position::default() }),
    }
}

/// Empties a folder that holds an index, or what is left of one, and nothing else.
fn empty(dir: &Path) -> Result<(), IndexError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        if !entry.file_type()?.is_file() || !is_index_file(&name.to_string_lossy()) {
            return Err(IndexError::Occupied { path: dir.to_owned() });
        }
        files.push(entry.path());
    }
    for file in files {
        fs::remove_file(file)?;
    }
    Ok(())
}

/// Whether tantivy gives its files such names: its own, or a segment's id and an ending.
fn is_index_file(name: &str) -> bool {
    let own = [LIST, MANAGED, ".tantivy-writer.lock", ".tantivy-meta.lock"];
    let stem = name.split('.').next().unwrap_or_default();
    let segment = stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit());
    segment || own.contains(&name) || name.starts_with(".tmp")
}
