//! Says why an event was refused: a kind of refusal and every fault with its place.
//!
//! No fault repeats a value that was sent: values may be personal data or secrets. Keys
//! appear in pointers, because a fault without a place helps nobody. HTTP status codes are
//! not decided here.

use std::fmt;

use crate::base::limits::FAULTS_MAX;

/// Longest key that a pointer shows, in bytes; longer ones are cut and end in `…`.
const POINTER_STEP_BYTES_MAX: usize = 200;

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RejectionCode {
    /// It is not JSON (RFC 8259) or not UTF-8.
    MalformedJson,
    /// It is larger than a limit of [`crate::base::limits`] allows to read at all.
    TooLarge,
    /// It is JSON, but not an event as the standard defines one.
    Invalid,
}

/// Where text stops being JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Bytes before that place.
    pub offset: usize,
    /// Line, counted from 1.
    pub line: usize,
    /// Byte in its line, counted from 1.
    pub column: usize,
}

/// Every code that a [`Fault`] can have.
///
/// Of the text: `not_utf8`, `malformed_json`, `json_too_deep`, `event_too_large`,
/// `too_many_events` (of a batch). Of a member: `missing`, `not_allowed`, `duplicate_key`.
/// Of a value: `wrong_type`, `unknown_value`, `bad_time`, `bad_number`, `empty`,
/// `nul_character`, `name_too_long`. Of the whole: `too_many_datasets`, `too_many_columns`,
/// `columns_too_deep`, `too_many_column_edges`.
pub const FAULT_CODES: &[&str] = &[
    "not_utf8",
    "malformed_json",
    "json_too_deep",
    "event_too_large",
    "too_many_events",
    "missing",
    "not_allowed",
    "duplicate_key",
    "wrong_type",
    "unknown_value",
    "bad_time",
    "bad_number",
    "empty",
    "nul_character",
    "name_too_long",
    "too_many_datasets",
    "too_many_columns",
    "columns_too_deep",
    "too_many_column_edges",
];

/// One thing that is wrong with an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: a JSON pointer (RFC 6901) into the event; empty for the whole of it.
    pub pointer: String,
    /// What, as a stable word for programs: one of [`FAULT_CODES`].
    pub code: &'static str,
    /// What, for people: a clause that goes on from the pointer ("must be a string").
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the event" } else { &self.pointer };
        write!(f, "{place} {}", self.message)
    }
}

/// Why an event was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Rejection {
    /// The kind of refusal.
    pub code: RejectionCode,
    /// The faults, in the order in which they stand in the event; at most [`FAULTS_MAX`].
    pub faults: Vec<Fault>,
    /// How many more faults there are than `faults` lists.
    pub faults_left_out: usize,
    /// For malformed JSON: where it stops being JSON.
    pub position: Option<Position>,
}

impl Rejection {
    /// Makes a refusal for a single fault that concerns the event as a whole.
    pub(super) fn whole(code: RejectionCode, word: &'static str, message: String) -> Self {
        let fault = Fault { pointer: String::new(), code: word, message };
        Self { code, faults: vec![fault], faults_left_out: 0, position: None }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            write!(f, "{}{fault}", if index == 0 { "" } else { "; " })?;
        }
        if self.faults_left_out > 0 {
            write!(f, "; and {} more", self.faults_left_out)?;
        }
        Ok(())
    }
}

/// Faults found so far; lists [`FAULTS_MAX`] and counts the rest.
#[derive(Debug, Default)]
pub(super) struct Faults {
    list: Vec<Fault>,
    left_out: usize,
}

impl Faults {
    /// Adds a fault at the end of `path`.
    pub(super) fn push(&mut self, path: &Path<'_>, code: &'static str, message: impl Into<String>) {
        if self.list.len() < FAULTS_MAX {
            let pointer = path.to_string();
            self.list.push(Fault { pointer, code, message: message.into() });
        } else {
            self.left_out += 1;
        }
    }

    /// Tells whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Turns the faults into the refusal of an invalid event.
    pub(super) fn into_rejection(self) -> Rejection {
        Rejection {
            code: RejectionCode::Invalid,
            faults: self.list,
            faults_left_out: self.left_out,
            position: None,
        }
    }
}

/// The way from the top of an event to a value, kept on the stack and only written out
/// when there is a fault. Prints as a JSON pointer (RFC 6901).
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'a> {
    /// The event itself.
    Root,
    /// A member of the object above.
    Key(&'a Path<'a>, &'a str),
    /// An element of the list above, counted from 0.
    Index(&'a Path<'a>, usize),
    /// A path that was written out before.
    Written(&'a str),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Written(pointer) => f.write_str(pointer),
            Self::Index(above, index) => write!(f, "{above}/{index}"),
            Self::Key(above, key) => {
                let shown = &key[..key.floor_char_boundary(POINTER_STEP_BYTES_MAX)];
                let cut = if shown.len() < key.len() { "…" } else { "" };
                write!(f, "{above}/{}{cut}", shown.replace('~', "~0").replace('/', "~1"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointer_escapes_slash_and_tilde() {
        let facets = Path::Key(&Path::Root, "a/b~c");
        assert_eq!(Path::Index(&facets, 3).to_string(), "/a~1b~0c/3");
    }

    #[test]
    fn faults_beyond_the_limit_are_counted() {
        let mut faults = Faults::default();
        for _ in 0..FAULTS_MAX + 7 {
            faults.push(&Path::Root, "missing", "is required");
        }
        let rejection = faults.into_rejection();
        assert_eq!((rejection.faults.len(), rejection.faults_left_out), (FAULTS_MAX, 7));
        assert!(rejection.to_string().ends_with("and 7 more"));
    }

    #[test]
    fn long_key_is_cut_in_the_pointer() {
        let key = "é".repeat(1_000);
        let pointer = Path::Key(&Path::Root, &key).to_string();
        assert!(pointer.len() < 210 && pointer.ends_with('…'));
    }
}
