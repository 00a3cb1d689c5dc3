//! Entry bundles: up to 256 entries, each after its length (C2SP tlog-tiles, "Log entries").

/// Greatest size of one entry: its length is written in 16 bits.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// Why a bundle cannot be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntriesError {
    /// An entry is longer than [`ENTRY_BYTES_MAX`].
    #[error("an entry of {bytes} bytes is longer than 65535")]
    TooLong {
        /// Its size.
        bytes: usize,
    },
    /// The bundle ends inside an entry.
    #[error("the entry bundle ends inside entry {at}")]
    Cut {
        /// Position of that entry in the bundle.
        at: usize,
    },
}

/// Writes entries end to end, each after its length as a big-endian 16-bit number.
///
/// # Errors
///
/// [`EntriesError::TooLong`] for an entry that no bundle can hold.
pub fn encode_entries<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, EntriesError> {
    let mut bundle = Vec::with_capacity(entries.iter().map(|e| e.as_ref().len() + 2).sum());
    for entry in entries.iter().map(AsRef::as_ref) {
        let length =
            u16::try_from(entry.len()).map_err(|_| EntriesError::TooLong { bytes: entry.len() })?;
        bundle.extend(length.to_be_bytes());
        bundle.extend(entry);
    }
    Ok(bundle)
}

/// Reads the entries of a bundle, without copying them.
///
/// # Errors
///
/// [`EntriesError::Cut`] if the bundle ends inside an entry.
pub fn decode_entries(bundle: &[u8]) -> Result<Vec<&[u8]>, EntriesError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let cut = EntriesError::Cut { at: entries.len() };
        let (length, body) = rest.split_first_chunk::<2>().ok_or(cut)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = body.split_at_checked(length).ok_or(cut)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn entries_are_read_back(entries: Vec<Vec<u8>>) {
            let bundle = encode_entries(&entries).unwrap();
            prop_assert_eq!(decode_entries(&bundle).unwrap(), entries);
        }

        #[test]
        fn no_bundle_panics(bundle: Vec<u8>) {
            let _ = decode_entries(&bundle);
        }
    }

    #[test]
    fn too_long_and_cut_are_named() {
        let long = vec![vec![0; ENTRY_BYTES_MAX + 1]];
        assert_eq!(encode_entries(&long), Err(EntriesError::TooLong { bytes: 65_536 }));
        assert_eq!(decode_entries(&[0, 1, 7, 0, 2, 7]), Err(EntriesError::Cut { at: 1 }));
    }
}
