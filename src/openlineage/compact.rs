//! Brings the text of an event into the one form that Lethe keeps.
//!
//! Insignificant white space goes; order, numbers and escapes stay as they came. So the
//! same event is the same bytes whatever tool indented it, and always a single line.
//!
//! This is no JSON parser: it knows where strings begin and end and how deep brackets are
//! nested, nothing more. Text that is no JSON comes out as text that is no JSON.

/// Text without insignificant white space, and what was noticed on the way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Compact {
    /// The text.
    pub text: String,
    /// Deepest nesting of objects and arrays.
    pub depth: usize,
    /// Where in `text` the escape `\u0000` stands (the place of its backslash).
    nuls: Vec<usize>,
}

impl Compact {
    /// Returns the text with U+FFFD for each escaped NUL, because texts in
    /// databases cannot hold NUL.
    pub(super) fn without_nuls(self) -> String {
        if self.nuls.is_empty() {
            return self.text;
        }
        let mut replaced = String::with_capacity(self.text.len());
        let mut kept = 0;
        for at in self.nuls {
            replaced.push_str(self.text.get(kept..at).unwrap_or_default());
            replaced.push_str(REPLACEMENT);
            kept = at + REPLACEMENT.len();
        }
        replaced.push_str(self.text.get(kept..).unwrap_or_default());
        replaced
    }
}

/// U+FFFD, escaped: as long as any other `\uXXXX`.
const REPLACEMENT: &str = "\\ufffd";

/// Drops insignificant white space and replaces unpaired surrogate escapes, which have no
/// meaning in UTF-8, by U+FFFD.
pub(super) fn compact(text: &str) -> Compact {
    let bytes = text.as_bytes();
    let mut out = Compact { text: String::with_capacity(text.len()), depth: 0, nuls: Vec::new() };
    let mut depth = 0_usize;
    let mut at = 0;
    // Text from `kept` up to `at` is wanted but not yet copied.
    let mut kept = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = string(text, &mut kept, at, &mut out),
            b'{' | b'[' => {
                depth += 1;
                out.depth = out.depth.max(depth);
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {
                copy(text, kept, at, &mut out);
                at += bytes.iter().skip(at).take_while(|byte| is_space(**byte)).count();
                kept = at;
                // `1 2` and `tr ue` are no JSON and must not become `12` and `true`.
                if out.text.bytes().next_back().is_some_and(is_bare)
                    && bytes.get(at).copied().is_some_and(is_bare)
                {
                    out.text.push(' ');
                }
            }
            _ => at += 1,
        }
    }
    copy(text, kept, at, &mut out);
    out
}

/// Copies a part of the text, which begins and ends at whole characters.
fn copy(text: &str, from: usize, to: usize, out: &mut Compact) {
    out.text.push_str(text.get(from..to).unwrap_or_default());
}

/// Passes the string that opens at `start`; returns the place behind it. Copies only what
/// stands before an escape that is replaced, and moves `kept` behind that escape.
fn string(text: &str, kept: &mut usize, start: usize, out: &mut Compact) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => {
                let rest = bytes.get(at..).unwrap_or_default();
                let (length, is_half) = escape(rest);
                if is_half {
                    copy(text, *kept, at, out);
                    out.text.push_str(REPLACEMENT);
                    *kept = at + length;
                } else if rest.starts_with(b"\\u0000") {
                    out.nuls.push(out.text.len() + at - *kept);
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    // The string does not end: the parser will say so.
    bytes.len()
}

/// Measures the escape at the start of `bytes` (a surrogate pair is one escape) and tells
/// whether it is half of a pair.
fn escape(bytes: &[u8]) -> (usize, bool) {
    match unit(bytes) {
        None => (2, false),
        Some(0xD800..=0xDBFF) => match bytes.get(6..).and_then(unit) {
            Some(0xDC00..=0xDFFF) => (12, false),
            _ => (6, true),
        },
        Some(0xDC00..=0xDFFF) => (6, true),
        Some(_) => (6, false),
    }
}

/// Reads `\uXXXX` at the start of `bytes`.
fn unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Tells whether a byte may be part of a number or of a word such as `true`.
fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn compacted(text: &str) -> String {
        compact(text).text
    }

    #[test]
    fn space_goes_outside_strings_only() {
        assert_eq!(compacted(" { \"a b\" :\r\n[ 1 ,\t2 ] } "), "{\"a b\":[1,2]}");
        assert_eq!(compacted(r#"{"a\\" : "\" }"}"#), r#"{"a\\":"\" }"}"#);
    }

    #[test]
    fn nonsense_does_not_become_json() {
        for text in ["1 2", "tr ue", "- 1", "1 .5", "[1 2]"] {
            assert!(serde_json::from_str::<Value>(&compacted(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced() {
        assert_eq!(compacted(r#""a\ud83db\ude00\ud83d\ude00""#), r#""a\ufffdb\ufffd\ud83d\ude00""#);
        assert_eq!(compacted(r#""\\ud83d""#), r#""\\ud83d""#);
    }

    #[test]
    fn escaped_nuls_are_found_and_replaced() {
        let found = compact(r#"{ "a\u0000" : "\\u0000\u0000" }"#);
        assert_eq!(found.nuls.len(), 2);
        assert_eq!(found.without_nuls(), r#"{"a\ufffd":"\\u0000\ufffd"}"#);
    }

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert_eq!(compact(r#"{"[[[[":[{}]}"#).depth, 3);
    }

    proptest! {
        #[test]
        fn twice_is_once(text: String) {
            let once = compacted(&text);
            prop_assert_eq!(compacted(&once), once);
        }

        #[test]
        fn meaning_of_json_stays(text in "[ \t\n\\[\\]{}:,\"a0-9.eE+\\\\u-]{0,24}") {
            let before = serde_json::from_str::<Value>(&text).ok();
            prop_assert_eq!(serde_json::from_str::<Value>(&compacted(&text)).ok(), before);
        }
    }
}
