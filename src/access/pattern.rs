//! Patterns of names: exact, everything under a path, a prefix, or anything.
//!
//! | written | matches |
//! |---|---|
//! | `a/b` | `a/b` alone |
//! | `a/*`, `a.*` | `a` itself and everything under it (`a/x`, `a/x/y`), not `ab` |
//! | `a*` | whatever begins with `a` |
//! | `*` | any name |
//!
//! The `*` stands at the end or nowhere. Upper and lower case differ. There is no other wildcard,
//! so that matching costs one comparison.

use std::fmt;
use std::str::FromStr;

use super::limits::FORMULA_BYTES_MAX;

/// A pattern of names; prints as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(Box<str>);

impl Pattern {
    /// Returns the pattern that matches any name.
    #[must_use]
    pub fn any() -> Self {
        Self("*".into())
    }

    /// Returns whether this is `*`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        &*self.0 == "*"
    }

    /// Returns whether the name matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        crate::base::name::pattern_matches(&self.0, name)
    }

    /// Returns whether every name that the other pattern matches matches this one.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        match (self.0.strip_suffix('*'), other.0.strip_suffix('*')) {
            (_, None) => self.matches(&other.0),
            (Some(prefix), Some(narrower)) => narrower.starts_with(prefix),
            (None, Some(_)) => false,
        }
    }

    /// Returns the pattern of the names that both match, if there are any.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Option<Self> {
        if self.includes(other) {
            return Some(other.clone());
        }
        if other.includes(self) {
            return Some(self.clone());
        }
        // `a/*` and `a.*` have one name in common: `a`.
        let whole = |pattern: &Self| -> Option<String> {
            let prefix = pattern.0.strip_suffix('*')?.strip_suffix(['/', '.'])?;
            (!prefix.is_empty()).then(|| prefix.to_owned())
        };
        let (one, two) = (whole(self)?, whole(other)?);
        (one == two).then(|| Self(one.into()))
    }

    /// Returns the pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Pattern {
    type Err = String;

    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// Says why, if it is empty, over 2 KiB, holds a control character, or a `*` before its end.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a pattern is empty".to_owned());
        }
        if text.len() > FORMULA_BYTES_MAX {
            return Err(format!("a pattern is longer than {FORMULA_BYTES_MAX} bytes"));
        }
        if text.chars().any(char::is_control) {
            return Err("a pattern holds a control character".to_owned());
        }
        match text.find('*') {
            Some(at) if at + 1 != text.len() => {
                Err(format!("`*` may only end a pattern: `{text}`"))
            }
            _ => Ok(Self(text.into())),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_what_its_table_says() {
        let cases = [
            ("a/b", "a/b", true),
            ("a/b", "a/b/c", false),
            ("a/*", "a", true),
            ("a/*", "a/b", true),
            ("a/*", "a/b/c", true),
            ("a/*", "ab", false),
            ("user.contact.*", "user.contact", true),
            ("user.contact.*", "user.contact.email", true),
            ("user.contact.*", "user.contacts", false),
            ("ware*", "warehouse", true),
            ("ware*", "soft", false),
            ("*", "", true),
            ("/*", "", false),
            ("A", "a", false),
        ];
        for (pattern, name, expected) in cases {
            let read: Pattern = pattern.parse().unwrap();
            assert_eq!(read.matches(name), expected, "{pattern} on {name}");
            assert_eq!(read.to_string(), pattern);
        }
    }

    #[test]
    fn two_patterns_meet_in_the_names_that_both_match() {
        let cases = [
            ("team-a", "team-a", Some("team-a")),
            ("team-*", "team-a", Some("team-a")),
            ("team-*", "team-a*", Some("team-a*")),
            ("*", "team-*", Some("team-*")),
            ("pg/*", "pg", Some("pg")),
            ("pg/*", "pg/sales/*", Some("pg/sales/*")),
            ("pg/*", "pg.*", Some("pg")),
            ("pg/*", "pgx", None),
            ("team-a", "team-b", None),
            ("team-a*", "team-b*", None),
        ];
        for (one, two, expected) in cases {
            let (a, b): (Pattern, Pattern) = (one.parse().unwrap(), two.parse().unwrap());
            let expected = expected.map(|text| text.parse::<Pattern>().unwrap());
            assert_eq!(a.meet(&b), expected, "{one} and {two}");
            assert_eq!(b.meet(&a), expected, "{two} and {one}");
        }
        // Whatever they are, a name matches what they meet in if and only if it matches both.
        let patterns = ["*", "a", "a*", "a/*", "a.*", "a/b*", "a/b/*", "ab", "/*", "b*"];
        let names = ["", "a", "ab", "a/", "a/b", "a/bc", "a/b/c", "a.b", "b", "/", "/x"];
        for (one, two) in patterns.iter().flat_map(|one| patterns.map(|two| (*one, two))) {
            let (a, b): (Pattern, Pattern) = (one.parse().unwrap(), two.parse().unwrap());
            for name in names {
                let met = a.meet(&b).is_some_and(|met| met.matches(name));
                assert_eq!(met, a.matches(name) && b.matches(name), "{one}, {two}: `{name}`");
            }
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["", "*a", "a*b", "**", "a\nb"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
