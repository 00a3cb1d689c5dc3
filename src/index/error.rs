//! What can go wrong in the index. A search text that cannot be read is no such thing: see
//! [`QueryFault`](super::QueryFault).

use std::path::PathBuf;

/// Why the index cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The index's files cannot be read or written, or tantivy refuses.
    #[error("search index: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
    /// The folder cannot be read or written.
    #[error("search index: {0}")]
    Io(#[from] std::io::Error),
    /// Something the index itself wrote cannot be read back.
    #[error("search index holds what cannot be read: {0}")]
    Stored(#[from] serde_json::Error),
    /// The index is not of this version's schema.
    #[error("search index has no `{missing}`: it is not ours")]
    Foreign {
        /// The field that was looked for.
        missing: &'static str,
    },
    /// A file is not what was written into it.
    #[error("{} of the search index is damaged", file.display())]
    Damaged {
        /// Its name.
        file: PathBuf,
    },
    /// The folder holds other files than an index, so it was not emptied.
    #[error("{path} holds files that are no search index; name an empty folder")]
    Occupied {
        /// The folder.
        path: PathBuf,
    },
}
