//! Checks single values: texts, names, times, numbers, words.
//!
//! Messages state what is wanted and never repeat what was given.

use std::borrow::Cow;

use serde::Deserialize;

use super::shape::Kind;
use crate::base::Time;
use crate::base::limits::NAME_BYTES_MAX;

/// A single value as the parser met it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A string.
    Text(&'a str),
}

/// A key, borrowed from the text unless it holds escapes.
#[derive(Deserialize)]
pub(super) struct Key<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// The member that tells one kind of object from another.
#[derive(Deserialize)]
pub(super) struct Tag<'a> {
    /// The kind's word.
    #[serde(rename = "type", borrow, default)]
    pub tag: Option<Cow<'a, str>>,
}

/// Returns what is wrong with a single value, as a code and a message.
pub(super) fn fault(kind: &Kind, given: Given<'_>) -> Option<(&'static str, Cow<'static, str>)> {
    let wrong_type = Some(("wrong_type", wanted(kind)));
    match (kind, given) {
        (Kind::Text | Kind::Scalar, Given::Text(_))
        | (Kind::Scalar | Kind::Flag, Given::Flag)
        | (Kind::Scalar | Kind::Count | Kind::Number, Given::Number) => None,
        (Kind::Name, Given::Text(text)) => name(text, false),
        (Kind::Column, Given::Text(text)) => name(text, true),
        (Kind::Moment, Given::Text(text)) => match Time::parse(text) {
            Some(_) => None,
            None => Some(("bad_time", "must be a date-time such as 2020-02-22T22:42:42Z".into())),
        },
        (Kind::Count | Kind::Number, Given::Text(text)) => match number(text) {
            Some(_) => None,
            None => wrong_type,
        },
        (Kind::Choice(words), Given::Text(text)) => {
            if words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
                return None;
            }
            Some(("unknown_value", format!("must be one of {}", words.join(", ")).into()))
        }
        _ => wrong_type,
    }
}

/// Reads a number that a producer wrote into a string.
pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

fn name(text: &str, may_be_empty: bool) -> Option<(&'static str, Cow<'static, str>)> {
    if text.is_empty() && !may_be_empty {
        Some(("empty", "must not be empty".into()))
    } else if text.len() > NAME_BYTES_MAX {
        Some(("name_too_long", format!("is over the limit of {NAME_BYTES_MAX} bytes").into()))
    } else if text.contains('\0') {
        Some(("nul_character", "must not contain NUL (U+0000)".into()))
    } else {
        None
    }
}

/// Says in words what a value of that kind must be.
pub(super) fn wanted(kind: &Kind) -> Cow<'static, str> {
    Cow::Borrowed(match kind {
        Kind::Text | Kind::Name | Kind::Column | Kind::Moment | Kind::Choice(_) => {
            "must be a string"
        }
        Kind::Flag => "must be true or false",
        Kind::Count => "must be a whole number",
        Kind::Number => "must be a number",
        Kind::Scalar => "must be a string, a number or a boolean",
        Kind::List(_) | Kind::Datasets(_) => "must be an array",
        Kind::Values
        | Kind::Map(_)
        | Kind::ColumnMap(_)
        | Kind::Object(_)
        | Kind::Tagged(_)
        | Kind::Facets(_) => "must be an object",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(kind: &Kind, text: &str) -> Option<&'static str> {
        fault(kind, Given::Text(text)).map(|(code, _)| code)
    }

    #[test]
    fn names_are_not_empty_not_long_and_without_nul() {
        assert_eq!(code(&Kind::Name, "名前 /:#"), None);
        assert_eq!(code(&Kind::Name, ""), Some("empty"));
        assert_eq!(code(&Kind::Column, ""), None);
        assert_eq!(code(&Kind::Name, "a\0"), Some("nul_character"));
        assert_eq!(code(&Kind::Name, &"x".repeat(NAME_BYTES_MAX)), None);
        assert_eq!(code(&Kind::Name, &"x".repeat(NAME_BYTES_MAX + 1)), Some("name_too_long"));
    }

    #[test]
    fn numbers_in_strings_count_as_numbers() {
        assert_eq!(code(&Kind::Count, "12"), None);
        assert_eq!(code(&Kind::Number, " 1.5e3 "), None);
        assert_eq!(code(&Kind::Number, "NaN"), Some("wrong_type"));
        assert_eq!(code(&Kind::Text, "12"), None);
        assert!(fault(&Kind::Text, Given::Number).is_some());
    }

    #[test]
    fn words_are_read_in_any_case() {
        let kind = Kind::Choice(&["START", "FAIL"]);
        assert_eq!(code(&kind, "start"), None);
        assert_eq!(code(&kind, "DONE"), Some("unknown_value"));
    }
}
