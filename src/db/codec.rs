//! How documents and texts lie in columns.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::DbError;

/// Texts up to this size are kept as they are; compressing them saves nothing.
const PLAIN_BYTES_MAX: usize = 512;
/// The first byte of a packed text says how the rest is to be read.
const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
/// zstd's level: the fastest of its normal ones; the log's blocks repeat themselves enough.
const LEVEL: i32 = 1;

pub(super) fn to_json<T: Serialize>(doc: &T) -> String {
    // Documents are maps with text keys: they always serialise.
    serde_json::to_string(doc).unwrap_or_default()
}

pub(super) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|error| DbError::Corrupt { what, why: error.to_string() })
}

/// Packs a text: compressed unless it is small.
pub(super) fn pack(text: &[u8]) -> Vec<u8> {
    if text.len() > PLAIN_BYTES_MAX
        && let Ok(mut packed) = zstd::bulk::compress(text, LEVEL)
    {
        packed.insert(0, ZSTD);
        return packed;
    }
    let mut plain = Vec::with_capacity(text.len() + 1);
    plain.push(PLAIN);
    plain.extend_from_slice(text);
    plain
}

/// Unpacks a text whose length is at most `limit` bytes.
pub(super) fn unpack(what: &'static str, packed: &[u8], limit: usize) -> Result<Vec<u8>, DbError> {
    match packed.split_first() {
        Some((&PLAIN, text)) => Ok(text.to_vec()),
        Some((&ZSTD, body)) => zstd::bulk::decompress(body, limit)
            .map_err(|error| DbError::Corrupt { what, why: error.to_string() }),
        _ => Err(DbError::Corrupt { what, why: "empty or of an unknown form".to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packed_text_is_read_back(text: Vec<u8>, repeat in 1usize..40) {
            let text = text.repeat(repeat);
            prop_assert_eq!(unpack("text", &pack(&text), text.len() + 1).unwrap(), text);
        }
    }
}
