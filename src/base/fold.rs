//! Letters without regard to case, as names of datasets and columns are compared wherever they are.
//!
//! It knows nothing of languages, quoting or punctuation.

/// Spells a letter alike in whichever case it was written; there are letters that only one case
/// tells apart.
pub fn fold(letter: char) -> impl Iterator<Item = char> {
    letter.to_uppercase().flat_map(char::to_lowercase)
}

/// Returns a text without what shows nothing at its ends: space, and letters of no width.
#[must_use]
pub fn bare(text: &str) -> &str {
    let no_width = |c| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.trim_matches(|c: char| c.is_whitespace() || no_width(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_at_the_ends_is_not_of_a_text() {
        for text in ["a b", " a b\t", "\u{a0}a b", "a b\u{200b} \u{feff}", "\u{2060}a b"] {
            assert_eq!(bare(text), "a b", "{text:?}");
        }
        assert_eq!(bare(" \u{200b} "), "");
    }

    #[test]
    fn letters_that_only_one_case_tells_apart_are_one() {
        let folded = |text: &str| text.chars().flat_map(fold).collect::<String>();
        for (one, other) in
            [("STRASSE", "straße"), ("ΟΔΟΣ", "οδος"), ("Ids", "ıdſ"), ("ΟΔΟΣ", "οδοσ")]
        {
            assert_eq!(folded(one), folded(other));
        }
    }
}
