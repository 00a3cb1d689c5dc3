//! Tells text that is JSON in UTF-8 from text that is not, and where it stops being so.

use serde::de::IgnoredAny;

use super::rejection::{Position, Rejection, RejectionCode};

/// Takes bytes for text, without a byte order mark.
///
/// # Errors
///
/// [`RejectionCode::MalformedJson`] if they are not UTF-8.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Rejection> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let offset = before.len();
            let position = Position { offset, line, column: offset - line_start + 1 };
            Err(refuse(position, "not_utf8", "is not UTF-8"))
        }
    }
}

/// Checks that bytes are JSON.
///
/// # Errors
///
/// [`RejectionCode::MalformedJson`] if they are not.
pub(super) fn check(bytes: &[u8]) -> Result<(), Rejection> {
    let checked = serde_json::from_str::<IgnoredAny>(text(bytes)?);
    checked.map(drop).map_err(|error| malformed(bytes, &error))
}

/// Turns the parser's error about bytes that are UTF-8 into a refusal.
pub(super) fn malformed(bytes: &[u8], error: &serde_json::Error) -> Rejection {
    let (line, column) = (error.line().max(1), error.column().max(1));
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let line_start: usize = lines.take(line - 1).map(<[u8]>::len).sum();
    let mark = if line == 1 && bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    let offset = (line_start + mark + column - 1).min(bytes.len());
    // The parser writes "what it expected at line 1 column 2" and repeats no input.
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    refuse(Position { offset, line, column }, "malformed_json", &format!("is not JSON: {what}"))
}

fn refuse(position: Position, code: &'static str, what: &str) -> Rejection {
    let message = format!("{what} at line {}, column {}", position.line, position.column);
    let mut rejection = Rejection::whole(RejectionCode::MalformedJson, code, message);
    rejection.position = Some(position);
    rejection
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn place_of_a_syntax_error_is_told() {
        let rejection = check(b"{\n  \"a\": 1,\n  oops\n}").unwrap_err();
        assert_eq!(rejection.position, Some(Position { offset: 14, line: 3, column: 3 }));
        assert!(!rejection.to_string().contains("oops"), "{rejection}");
    }

    #[test]
    fn place_of_a_wrong_byte_is_told() {
        let rejection = text(b"{\n\"\xff\"}").unwrap_err();
        assert_eq!(rejection.position, Some(Position { offset: 3, line: 2, column: 2 }));
    }

    #[test]
    fn byte_order_mark_is_passed_over() {
        assert_eq!(text("\u{feff}{}".as_bytes()), Ok("{}"));
    }

    proptest! {
        #[test]
        fn place_is_never_outside(bytes: Vec<u8>) {
            if let Err(rejection) = check(&bytes) {
                prop_assert!(rejection.position.unwrap().offset <= bytes.len());
            }
        }
    }
}
