//! Which files an index must have, and whether one is what was written.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tantivy::Index;
use tantivy::directory::ManagedDirectory;
use tantivy::index::SegmentComponent;

use super::error::IndexError;
use super::sealed::Sealed;

/// The list of what the last commit consists of.
pub(super) const LIST: &str = "meta.json";

/// The files that every segment has.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Terms,
    SegmentComponent::Store,
];

/// Lists the files that an index must have.
pub(super) fn files_of(index: &Index) -> Result<HashSet<PathBuf>, IndexError> {
    let mut files = HashSet::new();
    for segment in &index.load_metas()?.segments {
        files.extend(COMPONENTS.iter().map(|part| segment.relative_path(part.clone())));
        if segment.has_deletes() {
            files.insert(segment.relative_path(SegmentComponent::Delete));
        }
    }
    Ok(files)
}

/// Demands that every file of an index is what was written.
///
/// # Errors
///
/// [`IndexError::Damaged`] names the first that is not.
pub(super) fn check_all(index: &Index) -> Result<(), IndexError> {
    for file in files_of(index)? {
        if !index.directory().validate_checksum(&file).unwrap_or(false) {
            return Err(IndexError::Damaged { file });
        }
    }
    Ok(())
}

/// Reads a file of a folder anew, to its end.
pub(super) fn is_sound(dir: &Path, file: &Path) -> bool {
    // Tantivy panics on some files that were cut off.
    let sound = catch_unwind(AssertUnwindSafe(|| {
        let directory = ManagedDirectory::wrap(Box::new(Sealed::open(dir).ok()?)).ok()?;
        directory.validate_checksum(file).ok()
    }));
    matches!(sound, Ok(Some(true)))
}
