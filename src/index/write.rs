//! Writing to the index: batches of changes, and whole rebuilds.
//!
//! A batch and the position it leads to are one commit. If anything fails, nothing of the
//! batch stays: the next writer starts from the last commit.

use tantivy::IndexWriter;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::schema::Term;

use super::document::{Change, Document};
use super::encode::id_term;
use super::error::IndexError;
use super::merge::Moderate;
use super::open::{Payload, SearchIndex};
use super::schema::VERSION;
use crate::base::Position;

impl SearchIndex {
    /// Writes a batch of changes, commits it as `position`, and lets searches see it.
    /// Changes of one document take effect in their order. An empty batch moves the
    /// position on.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be written; the batch has then no effect and can
    /// be tried again.
    pub fn apply(&self, batch: &[Change], position: impl Into<Position>) -> Result<(), IndexError> {
        let mut slot = self.lock_writer();
        let mut writer = match slot.take() {
            Some(writer) => writer,
            None => self.writer(1, self.settings.writer_bytes)?,
        };
        // On an error the writer is dropped here, and with it what was not committed.
        for change in batch {
            self.write(&writer, change)?;
        }
        commit(&mut writer, position.into())?;
        *slot = Some(writer);
        self.reload()
    }

    fn writer(&self, threads: usize, bytes: usize) -> Result<IndexWriter, IndexError> {
        let writer: IndexWriter = self.index.writer_with_num_threads(threads, bytes)?;
        writer.set_merge_policy(Box::new(Moderate::default()));
        Ok(writer)
    }

    fn write(&self, writer: &IndexWriter, change: &Change) -> Result<(), IndexError> {
        let (kind, id) = match change {
            Change::Put(document) => (document.kind, document.id),
            Change::Remove(kind, id) => (*kind, *id),
        };
        writer.delete_term(Term::from_field_bytes(self.fields.id, &id_term(kind, id)));
        if let Change::Put(document) = change {
            writer.add_document(self.encoder.encode(document))?;
        }
        Ok(())
    }

    /// Replaces everything by these documents, each of a different kind and id, in one
    /// commit as `position`. Searches see the old documents until it is done. Returns how
    /// many documents were written.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be written; it is then as before.
    pub fn rebuild(
        &self,
        documents: impl IntoIterator<Item = Document>,
        position: impl Into<Position>,
    ) -> Result<u64, IndexError> {
        let mut slot = self.lock_writer();
        // There can be only one writer; this one's memory is needed anyway.
        drop(slot.take());
        self.replace_unreadable_list()?;
        let threads = self.settings.rebuild_threads.max(1);
        let bytes = threads * self.settings.rebuild_thread_bytes;
        let mut writer = self.writer(threads, bytes)?;
        // Merging while writing would write most documents twice or more.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        writer.delete_all_documents()?;
        let mut count = 0;
        for document in documents {
            writer.add_document(self.encoder.encode(&document))?;
            count += 1;
        }
        commit(&mut writer, position.into())?;
        drop(writer);
        self.reload()?;
        self.set_damage(None);
        Ok(count)
    }

    /// Gives the writer's memory back until the next change. Merges that are under way are
    /// waited for.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if a merge failed; the index is as it was without it.
    pub fn rest(&self) -> Result<(), IndexError> {
        let writer = self.lock_writer().take();
        if let Some(writer) = writer {
            writer.wait_merging_threads()?;
            self.reload()?;
        }
        Ok(())
    }
}

fn commit(writer: &mut IndexWriter, position: Position) -> Result<(), IndexError> {
    let payload = serde_json::to_string(&Payload { version: VERSION, position })?;
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&payload);
    commit.commit()?;
    Ok(())
}
