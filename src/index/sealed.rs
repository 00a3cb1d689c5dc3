//! The folder of the index, in which every file says whether it is whole.
//!
//! Tantivy's files of segments end in a checksum. Its two lists (`meta.json`, which says what
//! the last commit consists of and how far it follows, and `.managed.json`) do not: here each
//! gets the digest of its text as a last line.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

use crate::base::Digest;

/// A folder whose lists are sealed.
#[derive(Debug, Clone)]
pub(super) struct Sealed(MmapDirectory);

impl Sealed {
    /// Opens a folder, which must be there.
    pub(super) fn open(dir: &Path) -> Result<Self, OpenDirectoryError> {
        MmapDirectory::open(dir).map(Self)
    }
}

fn seal(text: &[u8]) -> Vec<u8> {
    let mut sealed = text.to_vec();
    sealed.extend_from_slice(format!("\n{}", Digest::of(text)).as_bytes());
    sealed
}

/// Returns the text, if its last line is its digest.
fn unseal(mut sealed: Vec<u8>) -> Option<Vec<u8>> {
    let end = sealed.iter().rposition(|byte| *byte == b'\n')?;
    let whole = Digest::of(&sealed[..end]).to_string().as_bytes() == &sealed[end + 1..];
    sealed.truncate(end);
    whole.then_some(sealed)
}

impl Directory for Sealed {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.0.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        unseal(self.0.atomic_read(path)?).ok_or_else(|| {
            let error = io::Error::new(io::ErrorKind::InvalidData, "it is not what was written");
            OpenReadError::wrap_io_error(error, path.to_path_buf())
        })
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.0.atomic_write(path, &seal(data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.0.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_with_any_byte_changed_or_missing_is_not_read() {
        let whole = seal(b"{\"a\":\n 1}");
        assert_eq!(unseal(whole.clone()).unwrap(), b"{\"a\":\n 1}");
        for place in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[place] ^= 1;
            assert_eq!(unseal(flipped), None, "byte {place}");
            assert_eq!(unseal(whole[..place].to_vec()), None, "cut at {place}");
        }
    }
}
