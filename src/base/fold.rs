//! Letters without regard to case, as names of datasets and columns are compared wherever they are.
//!
//! It knows nothing of languages, quoting or punctuation.

/// Spells a letter alike in whichever case it was written; there are letters that only one case
/// tells apart.
pub fn fold(letter: char) -> impl Iterator<Item = char> {
    letter.to_uppercase().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

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
