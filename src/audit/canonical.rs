//! Canonical JSON: RFC 8785 without floating-point numbers, so that one record has one text.
//!
//! Allowed: null, booleans, strings, arrays, objects, and integers that every JSON reader
//! keeps exactly (-(2^53-1) to 2^53-1). Keys are sorted by their UTF-16 units and unique;
//! there is no white space; only what has to be escaped is escaped, in its shortest form.
//! Unicode is not normalised: strings are hashed as they came.
//!
//! Encoding happens once, when a record is written. Afterwards texts are only checked
//! ([`check`]): what is stored and hashed is never encoded again.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::base::limits::JSON_DEPTH_MAX;

/// The greatest integer that every JSON reader keeps exactly: 2^53-1.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// Why a value has no canonical text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// It holds a number with a fraction or an exponent: write it as a string.
    #[error("a floating-point number has no canonical form here")]
    Float,
    /// It holds an integer beyond [`INTEGER_MAX`]: write it as a string.
    #[error("an integer is outside of -(2^53-1) to 2^53-1")]
    IntegerRange,
    /// It is nested deeper than [`JSON_DEPTH_MAX`].
    #[error("it is nested too deeply")]
    TooDeep,
}

/// Writes the canonical text of a value.
///
/// # Errors
///
/// [`EncodeError`] if it has none.
pub fn encode(value: &Value) -> Result<Vec<u8>, EncodeError> {
    let mut text = Vec::with_capacity(512);
    write_value(value, JSON_DEPTH_MAX, &mut text)?;
    Ok(text)
}

fn write_value(value: &Value, depth_left: usize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let deeper = || depth_left.checked_sub(1).ok_or(EncodeError::TooDeep);
    match value {
        Value::Null => out.extend(b"null"),
        Value::Bool(true) => out.extend(b"true"),
        Value::Bool(false) => out.extend(b"false"),
        Value::Number(number) => {
            if number.is_f64() {
                return Err(EncodeError::Float);
            }
            let fits = |integer: &i64| (-INTEGER_MAX..=INTEGER_MAX).contains(integer);
            let integer = number.as_i64().filter(fits).ok_or(EncodeError::IntegerRange)?;
            out.extend(integer.to_string().bytes());
        }
        Value::String(string) => write_string(string, out),
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_value(item, deeper()?, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => write_object(members, deeper()?, out)?,
    }
    Ok(())
}

fn write_object(
    members: &Map<String, Value>,
    depth_left: usize,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_unstable_by(|(a, _), (b, _)| by_utf16(a, b));
    out.push(b'{');
    for (at, (key, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(key, out);
        out.push(b':');
        write_value(value, depth_left, out)?;
    }
    out.push(b'}');
    Ok(())
}

/// Writes a string with its quotes (RFC 8785, 3.2.2.2).
pub(super) fn write_string(string: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in string.bytes() {
        match (byte, short_escape(byte)) {
            (_, Some(letter)) => out.extend([b'\\', letter]),
            (0..0x20, None) => out.extend(format!("\\u{byte:04x}").bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// The letter after the backslash, for characters that have a short escape.
fn short_escape(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        0x08 => Some(b'b'),
        0x09 => Some(b't'),
        0x0a => Some(b'n'),
        0x0c => Some(b'f'),
        0x0d => Some(b'r'),
        _ => None,
    }
}

/// Orders keys by UTF-16 units, which differs from byte order only beyond U+FFFF.
fn by_utf16(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// A text is not the canonical form of anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not canonical JSON at byte {at}: {why}")]
pub struct NotCanonical {
    /// Offset of the first fault.
    pub at: usize,
    /// What is wrong there.
    pub why: &'static str,
}

/// Checks that a text is canonical.
///
/// # Errors
///
/// [`NotCanonical`] at the first fault.
pub fn check(text: &[u8]) -> Result<(), NotCanonical> {
    find_member(text, "").map(|_| ())
}

/// Checks that a text is canonical and returns the canonical text of the member `key` of the
/// outermost object, if it is one and has it.
///
/// # Errors
///
/// [`NotCanonical`] at the first fault.
pub fn find_member<'a>(text: &'a [u8], key: &str) -> Result<Option<&'a [u8]>, NotCanonical> {
    let text = std::str::from_utf8(text)
        .map_err(|fault| NotCanonical { at: fault.valid_up_to(), why: "not UTF-8" })?;
    let mut scan = Scan { text, at: 0, wanted: key, found: None };
    scan.value(JSON_DEPTH_MAX)?;
    if scan.at < text.len() {
        return Err(scan.fault("text after the value"));
    }
    Ok(scan.found)
}

/// One pass over a text that allocates only for keys with escapes.
struct Scan<'a, 'k> {
    text: &'a str,
    at: usize,
    /// The member of the outermost object to keep the text of.
    wanted: &'k str,
    found: Option<&'a [u8]>,
}

impl<'a> Scan<'a, '_> {
    fn fault(&self, why: &'static str) -> NotCanonical {
        NotCanonical { at: self.at, why }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over `byte` if it comes next.
    fn take(&mut self, byte: u8) -> bool {
        let taken = self.next() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn value(&mut self, depth_left: usize) -> Result<(), NotCanonical> {
        match self.next() {
            Some(b'{') => self.object(depth_left),
            Some(b'[') => self.array(depth_left),
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => Err(self.fault("expected a value")),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), NotCanonical> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.fault("expected a value"));
        }
        self.at += word.len();
        Ok(())
    }

    fn array(&mut self, depth_left: usize) -> Result<(), NotCanonical> {
        let depth_left = depth_left.checked_sub(1).ok_or(self.fault("nested too deeply"))?;
        self.at += 1;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.value(depth_left)?;
            if self.take(b']') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err(self.fault("expected a comma or the end of the array"));
            }
        }
    }

    fn object(&mut self, depth_left: usize) -> Result<(), NotCanonical> {
        let outermost = depth_left == JSON_DEPTH_MAX;
        let depth_left = depth_left.checked_sub(1).ok_or(self.fault("nested too deeply"))?;
        self.at += 1;
        if self.take(b'}') {
            return Ok(());
        }
        let mut last: Option<&'a str> = None;
        loop {
            let key_at = self.at;
            let key = self.string()?;
            if last.is_some_and(|last| !keys_rise(last, key)) {
                return Err(NotCanonical { at: key_at, why: "keys are not in order or repeated" });
            }
            last = Some(key);
            if !self.take(b':') {
                return Err(self.fault("expected a colon"));
            }
            let value_at = self.at;
            self.value(depth_left)?;
            if outermost && key == self.wanted {
                self.found = self.text.as_bytes().get(value_at..self.at);
            }
            if self.take(b'}') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err(self.fault("expected a comma or the end of the object"));
            }
        }
    }

    /// Passes over a string and returns what stands between its quotes, escapes and all.
    fn string(&mut self) -> Result<&'a str, NotCanonical> {
        if !self.take(b'"') {
            return Err(self.fault("expected a string"));
        }
        let start = self.at;
        loop {
            let special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
            let rest = self.rest();
            let plain = rest.iter().position(special).unwrap_or(rest.len());
            self.at += plain;
            match self.next() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(self.fault("a control character is not escaped")),
                None => return Err(self.fault("the string does not end")),
            }
        }
        // Both ends stand beside an ASCII quote, so they are borders of characters.
        let inner = self.text.get(start..self.at).unwrap_or_default();
        self.at += 1;
        Ok(inner)
    }

    fn escape(&mut self) -> Result<(), NotCanonical> {
        self.at += match self.rest() {
            [_, b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r', ..] => 2,
            [_, b'u', b'0', b'0', high @ b'0'..=b'1', low @ (b'0'..=b'9' | b'a'..=b'f'), ..]
                if short_escape(control(*high, *low)).is_none() =>
            {
                6
            }
            _ => return Err(self.fault("not the shortest escape")),
        };
        Ok(())
    }

    fn integer(&mut self) -> Result<(), NotCanonical> {
        let start = self.at;
        let negative = self.take(b'-');
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, after) = self.rest().split_at(digits);
        match digits {
            [] => return Err(self.fault("expected a digit")),
            [b'0', ..] if digits.len() > 1 || negative => {
                return Err(NotCanonical { at: start, why: "a zero too many" });
            }
            _ => {}
        }
        if matches!(after.first(), Some(b'.' | b'e' | b'E')) {
            return Err(NotCanonical { at: start, why: "a floating-point number" });
        }
        let value = digits.iter().take(17).fold(0, |value, d| value * 10 + i64::from(d - b'0'));
        if digits.len() > 16 || value > INTEGER_MAX {
            return Err(NotCanonical { at: start, why: "an integer beyond 2^53-1" });
        }
        self.at += digits.len();
        Ok(())
    }
}

/// The character that `\u00` and those two digits stand for.
fn control(high: u8, low: u8) -> u8 {
    let low = if low.is_ascii_digit() { low - b'0' } else { low - b'a' + 10 };
    (high - b'0') * 16 + low
}

/// Says whether `next` comes after `last`; both are canonical texts of keys without quotes.
fn keys_rise(last: &str, next: &str) -> bool {
    let plain = |key: &str| key.is_ascii() && !key.contains('\\');
    if plain(last) && plain(next) {
        return last < next;
    }
    by_utf16(&unescaped(last), &unescaped(next)) == Ordering::Less
}

fn unescaped(key: &str) -> String {
    // The text was just passed as a string without faults, so it parses.
    serde_json::from_str(&format!("\"{key}\"")).unwrap_or_default()
}
