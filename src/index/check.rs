//! Finds files of the index that are not what was written: a disk that forgets, a copy that
//! was cut off, somebody who deleted one.
//!
//! What is read here is read anew from the folder, not through the memory that searches use.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use tantivy::{Directory, Index, IndexMeta};

use super::error::IndexError;
use super::open::SearchIndex;
use super::sealed::Sealed;
use super::whole::{LIST, files_of, is_sound};

impl SearchIndex {
    /// Returns which file was found damaged, until the index has been rebuilt.
    #[must_use]
    pub fn damage(&self) -> Option<String> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_damage(&self, damage: Option<String>) {
        *self.damage.lock().unwrap_or_else(PoisonError::into_inner) = damage;
    }

    /// Lists the files of the last commit, each to be given to [`Self::check`]; none in
    /// memory. A list that cannot be read is itself found damaged.
    #[must_use]
    pub fn files(&self) -> HashSet<PathBuf> {
        let Some(dir) = &self.dir else { return HashSet::new() };
        let listed = catch_unwind(AssertUnwindSafe(|| {
            let index = Index::open(Sealed::open(dir).map_err(tantivy::TantivyError::from)?)?;
            files_of(&index)
        }));
        match listed {
            Ok(Ok(files)) => files,
            Ok(Err(_)) | Err(_) => {
                self.set_damage(Some(LIST.to_owned()));
                HashSet::new()
            }
        }
    }

    /// Reads a file to its end and compares its checksum. Returns its size in bytes; what is
    /// found is told by [`Self::damage`].
    pub fn check(&self, file: &Path) -> u64 {
        let Some(dir) = &self.dir else { return 0 };
        // One that went meanwhile is no longer listed.
        if !is_sound(dir, file) && self.files().contains(file) && !is_sound(dir, file) {
            self.set_damage(Some(file.display().to_string()));
        }
        std::fs::metadata(dir.join(file)).map_or(0, |metadata| metadata.len())
    }

    /// Puts an empty list in the place of one that cannot be read, since nobody writes to an
    /// index without. Searches go on with what they have in memory.
    pub(super) fn replace_unreadable_list(&self) -> Result<(), IndexError> {
        if self.index.load_metas().is_err() {
            let empty = serde_json::to_vec(&IndexMeta::with_schema(self.index.schema()))?;
            self.index.directory().atomic_write(Path::new(LIST), &empty)?;
        }
        Ok(())
    }
}
