//! Page cursors: where a list goes on, opaque to whoever holds one.
//!
//! A cursor is the last row's sort key (a number and a text, then an id) written as
//! base64url, so that paging is by key and never by offset: rows that come or go
//! between two pages shift nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::limits::{PAGE_DEFAULT, PAGE_MAX};

/// The sort key of the last row that was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The numeric part of the key (a time, a count); 0 where the order has none.
    #[serde(rename = "n", default)]
    pub number: i64,
    /// The textual part of the key (a name); empty where the order has none.
    #[serde(rename = "t", default)]
    pub text: String,
    /// The id that makes the key unique.
    #[serde(rename = "i")]
    pub id: uuid::Uuid,
    /// What the first page was made of, where the order of a list may change between pages: a
    /// number that another state does not have. 0 where nothing is said of it.
    #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
    pub state: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(state: &i64) -> bool {
    *state == 0
}

impl Cursor {
    /// Writes the cursor as it appears in answers.
    #[must_use]
    pub fn encode(&self) -> String {
        // A struct of three plain fields always serialises.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a cursor from a query parameter; `None` if it is none of ours.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

/// What part of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Entries wanted, from 1 to [`PAGE_MAX`].
    pub limit: usize,
    /// The last entry already seen, if any.
    pub after: Option<Cursor>,
}

impl Page {
    /// Makes a page of `limit` entries, brought into the allowed range.
    #[must_use]
    pub fn new(limit: Option<usize>, after: Option<Cursor>) -> Self {
        Self { limit: limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX), after }
    }
}

/// Some entries of a list, and where it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<T> {
    /// The entries, in the list's order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cursor_is_read_back(number: i64, text: String, id: u128, state: i64) {
            let cursor = Cursor { number, text, id: uuid::Uuid::from_u128(id), state };
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = Cursor::decode(&text);
        }
    }
}
