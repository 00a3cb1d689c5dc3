//! The grammar that selectors and conditions share: terms joined by `&`, `|`, `!` and parentheses.
//!
//! ```text
//! any  = all  { "|" all }
//! all  = unit { "&" unit }
//! unit = "!" unit | "(" any ")" | "*" | term
//! term = word ":" value             value = plain text, or "quoted" with \" and \\
//! ```
//!
//! `*` alone is always true. Text, depth and number of terms are bounded, so that no formula is
//! costly; nothing is ever evaluated as code. What is read prints back as it was meant.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::limits::{FORMULA_BYTES_MAX, FORMULA_DEPTH_MAX, FORMULA_TERMS_MAX};

/// A kind of term: `word:value`.
pub trait Term: Sized + fmt::Display {
    /// Makes a term of its word and value, or says why there is none.
    ///
    /// # Errors
    ///
    /// A sentence without position; the reader of the formula adds it.
    fn of(word: &str, value: &str) -> Result<Self, String>;
}

/// A formula over terms.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Formula<T> {
    /// `*`: always true.
    Always,
    /// One term.
    Term(T),
    /// True if the part is not.
    Not(Box<Self>),
    /// True if every part is (two parts or more).
    All(Vec<Self>),
    /// True if some part is (two parts or more).
    Any(Vec<Self>),
}

impl<T> Formula<T> {
    /// Evaluates the formula, given what each term is.
    pub fn holds(&self, is: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Always => true,
            Self::Term(term) => is(term),
            Self::Not(part) => !part.holds(is),
            Self::All(parts) => parts.iter().all(|part| part.holds(is)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(is)),
        }
    }

    /// Evaluates the formula where terms may be uncertain: returns whether it might hold.
    /// `perhaps` says which terms might, `surely` which are known to; below a `!` they change
    /// places.
    pub fn might_hold(&self, perhaps: &dyn Fn(&T) -> bool, surely: &dyn Fn(&T) -> bool) -> bool {
        match self {
            Self::Always => true,
            Self::Term(term) => perhaps(term),
            Self::Not(part) => !part.might_hold(surely, perhaps),
            Self::All(parts) => parts.iter().all(|part| part.might_hold(perhaps, surely)),
            Self::Any(parts) => parts.iter().any(|part| part.might_hold(perhaps, surely)),
        }
    }

    /// Calls `see` on every term.
    pub fn each_term<'a>(&'a self, see: &mut impl FnMut(&'a T)) {
        match self {
            Self::Always => {}
            Self::Term(term) => see(term),
            Self::Not(part) => part.each_term(see),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.each_term(see));
            }
        }
    }

    /// Returns whether the formula is `*`.
    #[must_use]
    pub fn is_always(&self) -> bool {
        matches!(self, Self::Always)
    }
}

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: {why}")]
pub struct FormulaError {
    /// Where, in bytes from the start of the text.
    pub at: usize,
    /// What is wrong.
    pub why: String,
}

impl<T: Term> FromStr for Formula<T> {
    type Err = FormulaError;

    /// Reads a formula.
    ///
    /// # Errors
    ///
    /// [`FormulaError`] with the place and the reason.
    fn from_str(text: &str) -> Result<Self, FormulaError> {
        let mut reader = Reader { text, at: 0, depth: 0, terms: 0 };
        if text.len() > FORMULA_BYTES_MAX {
            return reader.fault(format!("longer than {FORMULA_BYTES_MAX} bytes"));
        }
        let formula = reader.any()?;
        match reader.peek() {
            None => Ok(formula),
            Some(other) => reader.fault(format!("`{other}` is not expected here")),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    terms: usize,
}

impl<'a> Reader<'a> {
    fn fault<R>(&self, why: impl Into<String>) -> Result<R, FormulaError> {
        Err(FormulaError { at: self.at, why: why.into() })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&mut self) -> Option<char> {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn any<T: Term>(&mut self) -> Result<Formula<T>, FormulaError> {
        let first = self.all()?;
        let mut parts = vec![first];
        while self.take('|') {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Formula::Any))
    }

    fn all<T: Term>(&mut self) -> Result<Formula<T>, FormulaError> {
        let first = self.unit()?;
        let mut parts = vec![first];
        while self.take('&') {
            parts.push(self.unit()?);
        }
        Ok(joined(parts, Formula::All))
    }

    fn unit<T: Term>(&mut self) -> Result<Formula<T>, FormulaError> {
        self.depth += 1;
        if self.depth > FORMULA_DEPTH_MAX {
            return self.fault(format!("nested deeper than {FORMULA_DEPTH_MAX}"));
        }
        let unit = if self.take('!') {
            Formula::Not(Box::new(self.unit()?))
        } else if self.take('(') {
            let inner = self.any()?;
            if !self.take(')') {
                return self.fault("a `)` is missing");
            }
            inner
        } else {
            self.term()?
        };
        self.depth -= 1;
        Ok(unit)
    }

    fn term<T: Term>(&mut self) -> Result<Formula<T>, FormulaError> {
        if self.peek().is_none() {
            return self.fault("a term is missing");
        }
        let length = self.term_length()?;
        let term = self.rest().get(..length).unwrap_or_default().trim_end();
        self.terms += 1;
        if self.terms > FORMULA_TERMS_MAX {
            return self.fault(format!("more than {FORMULA_TERMS_MAX} terms"));
        }
        if term == "*" {
            self.at += length;
            return Ok(Formula::Always);
        }
        let Some((word, value)) = term.split_once(':') else {
            return self.fault(format!("`{term}` is no term: `word:value` is expected"));
        };
        let made = unquoted(value).and_then(|value| T::of(word, &value));
        let made = made.map_err(|why| FormulaError { at: self.at, why })?;
        self.at += length;
        Ok(Formula::Term(made))
    }

    /// Bytes up to the sign that ends the term; signs inside quotes do not.
    fn term_length(&self) -> Result<usize, FormulaError> {
        let (mut quoted, mut escaped) = (false, false);
        for (at, sign) in self.rest().char_indices() {
            match sign {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '&' | '|' | '!' | '(' | ')' if !quoted => return Ok(at),
                _ => {}
            }
        }
        if quoted { self.fault("a `\"` is missing") } else { Ok(self.rest().len()) }
    }
}

fn joined<T>(mut parts: Vec<Formula<T>>, join: fn(Vec<Formula<T>>) -> Formula<T>) -> Formula<T> {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => Formula::Always,
    }
}

fn unquoted(value: &str) -> Result<Cow<'_, str>, String> {
    let Some(inner) = value.strip_prefix('"') else {
        return match value.contains('"') {
            true => Err("quotes go around the whole value".to_owned()),
            false => Ok(Cow::Borrowed(value)),
        };
    };
    let mut plain = String::with_capacity(inner.len());
    let mut signs = inner.chars();
    loop {
        match signs.next() {
            Some('"') if signs.as_str().is_empty() => return Ok(Cow::Owned(plain)),
            Some('\\') => plain.extend(signs.next()),
            None | Some('"') => return Err("quotes go around the whole value".to_owned()),
            Some(sign) => plain.push(sign),
        }
    }
}

/// Writes a term's value, in quotes where the grammar needs them.
pub(super) fn write_value(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    let plain = !value.contains(['&', '|', '!', '(', ')', '"', '\\', ';']) && value.trim() == value;
    if plain {
        return f.write_str(value);
    }
    write!(f, "\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

impl<T: fmt::Display> fmt::Display for Formula<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("*"),
            Self::Term(term) => term.fmt(f),
            Self::Not(part) => match **part {
                Self::All(_) | Self::Any(_) => write!(f, "!({part})"),
                _ => write!(f, "!{part}"),
            },
            Self::All(parts) => {
                write_joined(f, parts, " & ", |part| matches!(part, Self::All(_) | Self::Any(_)))
            }
            Self::Any(parts) => write_joined(f, parts, " | ", |part| matches!(part, Self::Any(_))),
        }
    }
}

fn write_joined<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    parts: &[Formula<T>],
    between: &str,
    wrapped: impl Fn(&Formula<T>) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        match wrapped(part) {
            true => write!(f, "({part})")?,
            false => write!(f, "{part}")?,
        }
    }
    Ok(())
}
