//! Cuts names and prose into the tokens that are indexed and searched.
//!
//! `customerOrders`, `customer_orders`, `customer-orders` and `shop.customer/orders` all
//! give `customer` and `orders`. A word that was cut (`customerOrders`, `orders2024`) is
//! also a token as a whole, so that it is found however it is typed. Both sides, indexing
//! and searching, call this file and nothing else; it knows no index and no weights.

use std::borrow::Cow;

use tantivy::tokenizer::{AsciiFoldingFilter, RawTokenizer, TextAnalyzer, TokenStream};

/// Longest token in bytes; what is longer is cut there, in the index and in searches.
pub const TOKEN_BYTES_MAX: usize = 128;

/// A piece of a text that makes one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends in the text, in bytes.
    pub end: usize,
    /// Where its word begins: equal for the parts of one word.
    pub word: usize,
    /// Its place among the parts, from 0; a whole word stands at its first part's place.
    pub position: usize,
    /// Whether it is a whole word whose parts were pieces of their own.
    pub whole: bool,
}

/// What kind of character stands on either side of a possible cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    /// Written without spaces between words (Chinese, Japanese, Korean): each its own part.
    Ideograph,
    /// Belongs to the character before it (a combining accent).
    Mark,
    /// Ends a word.
    Gap,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' => Class::Lower,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Digit,
        _ if c.is_ascii() => Class::Gap,
        '\u{300}'..='\u{36f}' => Class::Mark,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => {
            Class::Ideograph
        }
        _ if c.is_uppercase() => Class::Upper,
        _ if c.is_numeric() => Class::Digit,
        _ if c.is_alphanumeric() => Class::Lower,
        _ => Class::Gap,
    }
}

/// The pieces of one text, in order of their ends; a whole word follows its parts.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    text: &'a str,
    /// Where the next part begins.
    at: usize,
    /// Where the current word began, and the place of its first part.
    word_start: usize,
    word_position: usize,
    position: usize,
    /// Whether the whole of the word that was just finished is due.
    due: bool,
}

/// Cuts `text` into pieces.
#[must_use]
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0, word_start: 0, word_position: 0, position: 0, due: false }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.due {
            self.due = false;
            let (start, position) = (self.word_start, self.word_position);
            return Some(Piece { start, end: self.at, word: start, position, whole: true });
        }
        let start = self.at + self.gap(self.at)?;
        if start > self.at || self.at == 0 {
            (self.word_start, self.word_position) = (start, self.position);
        }
        let (end, word_ended) = self.part_end(start);
        self.at = end;
        self.due = word_ended && start > self.word_start;
        let position = self.position;
        self.position += 1;
        Some(Piece { start, end, word: self.word_start, position, whole: false })
    }
}

impl Pieces<'_> {
    /// Returns how many bytes of gap lie before the next word; `None` at the text's end.
    fn gap(&self, from: usize) -> Option<usize> {
        let rest = self.text.get(from..)?;
        rest.find(|c| !matches!(class(c), Class::Gap | Class::Mark))
    }

    /// Finds where the part that begins at `start` ends, and whether its word ends too.
    fn part_end(&self, start: usize) -> (usize, bool) {
        let rest = self.text.get(start..).unwrap_or_default();
        let mut chars = rest.char_indices().peekable();
        let mut before = chars.next().map_or(Class::Gap, |(_, c)| class(c));
        while let Some((at, c)) = chars.next() {
            let here = class(c);
            if here == Class::Mark {
                continue;
            }
            if here == Class::Gap {
                return (start + at, true);
            }
            // `HTTPServer`: the last capital begins the next part.
            let begins_word = before == Class::Upper
                && here == Class::Upper
                && chars.peek().is_some_and(|(_, next)| class(*next) == Class::Lower);
            let same = before == here || (before == Class::Upper && here == Class::Lower);
            if begins_word || !same || here == Class::Ideograph {
                return (start + at, false);
            }
            before = here;
        }
        (self.text.len(), true)
    }
}

/// Folds a text for comparison: lower case, without accents (`Größe` is `grosse`).
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let lower: String =
        text.chars().flat_map(char::to_lowercase).filter(|c| class(*c) != Class::Mark).collect();
    let mut analyzer =
        TextAnalyzer::builder(RawTokenizer::default()).filter(AsciiFoldingFilter).build();
    let mut stream = analyzer.token_stream(&lower);
    let folded = if stream.advance() { stream.token().text.clone() } else { lower.clone() };
    Cow::Owned(folded.to_lowercase())
}

/// Returns the token that a piece of text makes: folded and cut to [`TOKEN_BYTES_MAX`].
#[must_use]
pub fn token(piece: &str) -> Cow<'_, str> {
    let folded = fold(piece);
    if folded.len() <= TOKEN_BYTES_MAX {
        return folded;
    }
    let end = folded.floor_char_boundary(TOKEN_BYTES_MAX);
    Cow::Owned(folded.get(..end).unwrap_or_default().to_owned())
}

/// Returns whether a piece is a whole word whose token one of its parts has already: cut short or
/// folded, they can be the same. The index takes a token's places in a text in their order, and
/// that of a whole word is that of its first part.
#[must_use]
pub fn is_said(text: &str, piece: &Piece) -> bool {
    let Some(word) = text.get(piece.start..piece.end).filter(|_| piece.whole) else { return false };
    // Else it is longer than each of its parts.
    if word.len() <= TOKEN_BYTES_MAX && word.is_ascii() {
        return false;
    }
    let whole = token(word);
    let parts = pieces(word).filter(|part| !part.whole);
    parts.filter_map(|part| word.get(part.start..part.end)).any(|part| token(part) == whole)
}

/// One word of a search: the word as a whole and, if it was cut, its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The token of the whole word.
    pub whole: String,
    /// The tokens of its parts; empty if the word was not cut, or into parts too short to
    /// say anything (`s3` is not `s` and `3`).
    pub parts: Vec<String>,
}

/// Cuts a search text into its words.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut word_start = None;
    for piece in pieces(text) {
        let token = token(text.get(piece.start..piece.end).unwrap_or_default()).into_owned();
        let known = words.last_mut().filter(|_| word_start == Some(piece.word));
        word_start = Some(piece.word);
        match known {
            None => words.push(Word { whole: token.clone(), parts: vec![token] }),
            Some(word) if piece.whole => word.whole = token,
            Some(word) => word.parts.push(token),
        }
    }
    for word in &mut words {
        if word.parts.len() == 1 || word.parts.iter().any(|part| part.len() < 2) {
            word.parts.clear();
        }
    }
    words
}

/// Returns the tokens of the parts alone, in order: what phrases are made of.
#[must_use]
pub fn part_tokens(text: &str) -> Vec<String> {
    pieces(text)
        .filter(|piece| !piece.whole)
        .map(|piece| token(text.get(piece.start..piece.end).unwrap_or_default()).into_owned())
        .collect()
}

/// Returns the text without anything but its letters and digits, folded: equal for
/// `Customer Orders`, `customer_orders` and `customerOrders`.
#[must_use]
pub fn squash(text: &str) -> String {
    let kept: String =
        text.chars().filter(|c| !matches!(class(*c), Class::Gap | Class::Mark)).collect();
    fold(&kept).into_owned()
}

/// Returns the singular or plural of an English word, as other tokens that mean the same:
/// `order` for `orders`, `orders` for `order`, `country` for `countries`.
#[must_use]
pub fn variants(token: &str) -> Vec<String> {
    if token.len() < 3 || !token.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    if let Some(stem) = token.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return vec![format!("{stem}y")];
    }
    if token.ends_with("ss") || token.ends_with("us") || token.ends_with("is") {
        return vec![format!("{token}es")];
    }
    if let Some(stem) = token.strip_suffix('s') {
        let short = stem
            .strip_suffix('e')
            .filter(|stem| ["s", "x", "ch", "sh"].iter().any(|end| stem.ends_with(end)));
        return std::iter::once(stem).chain(short).map(str::to_owned).collect();
    }
    let plural = match token.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o'])) {
        Some(stem) => format!("{stem}ies"),
        None if ["x", "ch", "sh"].iter().any(|end| token.ends_with(end)) => format!("{token}es"),
        None => format!("{token}s"),
    };
    vec![plural]
}

/// Returns by how many letters a misspelt token may differ from the right one: none for
/// short ones and for numbers.
#[must_use]
pub fn typos(token: &str) -> u8 {
    if token.chars().any(|c| !c.is_alphabetic()) {
        return 0;
    }
    match token.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<String> {
        pieces(text).map(|piece| token(&text[piece.start..piece.end]).into_owned()).collect()
    }

    #[test]
    fn names_are_cut_where_people_see_words() {
        let cut = ["customer", "orders"];
        for text in ["customer_orders", "customer-orders", "customer.orders", "Customer Orders"] {
            assert_eq!(all(text), cut, "{text}");
        }
        assert_eq!(all("customerOrders"), ["customer", "orders", "customerorders"]);
        assert_eq!(all("HTTPServer2"), ["http", "server", "2", "httpserver2"]);
        assert_eq!(all("s3://lake/raw"), ["s", "3", "s3", "lake", "raw"]);
        assert_eq!(all("Größe"), ["grosse"]);
        assert_eq!(all("re\u{301}sume\u{301}"), ["resume"]);
        assert_eq!(all("顧客x"), ["顧", "客", "x", "顧客x"]);
        assert_eq!(all("🚀 --- "), Vec::<String>::new());
    }

    #[test]
    fn words_keep_their_parts_only_if_these_tell_something() {
        let word = |whole: &str, parts: &[&str]| Word {
            whole: whole.to_owned(),
            parts: parts.iter().map(|part| (*part).to_owned()).collect(),
        };
        assert_eq!(
            words("dim.customerOrders s3"),
            [word("dim", &[]), word("customerorders", &["customer", "orders"]), word("s3", &[])]
        );
    }

    #[test]
    fn squashed_names_are_equal_however_they_are_written() {
        for text in ["customer_orders", "customerOrders", "CUSTOMER ORDERS", "customer.orders/"] {
            assert_eq!(squash(text), "customerorders");
        }
    }

    #[test]
    fn singular_and_plural_find_each_other() {
        for (one, many) in
            [("order", "orders"), ("country", "countries"), ("batch", "batches"), ("box", "boxes")]
        {
            assert_eq!(variants(one), [many]);
            assert!(variants(many).contains(&one.to_owned()), "{many}");
        }
        assert_eq!(variants("status"), ["statuses"]);
        for token in ["id", "s3", "größe", "2024"] {
            assert_eq!(variants(token), Vec::<String>::new(), "{token}");
        }
    }

    /// What is long, folds to little, or to the same.
    fn odd_text() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a",
            "B",
            "7",
            "\u{301}",
            "ß",
            "顧",
            "_",
            " ",
            "Ａ",
            "ﬀ",
            "\u{2b0}",
            "ａ",
            "Ⅳ",
            "\u{e0101}",
        ]);
        let piece = (piece, prop_oneof![Just(1_usize), 1..4_usize, Just(130_usize)]);
        prop::collection::vec(piece, 0..12)
            .prop_map(|all| all.into_iter().map(|(piece, times)| piece.repeat(times)).collect())
    }

    #[test]
    fn a_whole_word_that_is_cut_short_to_one_of_its_parts_is_not_said_twice() {
        let word = format!("B{}", "a".repeat(130)).repeat(2);
        let said: Vec<usize> = pieces(&word)
            .filter(|piece| !is_said(&word, piece))
            .map(|piece| piece.position)
            .collect();
        assert_eq!(said, [0, 1]);
    }

    proptest! {
        #[test]
        fn places_of_a_token_never_go_back(text in odd_text()) {
            let mut last = std::collections::HashMap::new();
            for piece in pieces(&text).filter(|piece| !is_said(&text, piece)) {
                let token = token(&text[piece.start..piece.end]).into_owned();
                let before = last.insert(token, piece.position);
                prop_assert!(before.is_none_or(|before| before <= piece.position), "{piece:?}");
            }
        }

        #[test]
        fn pieces_lie_in_order_on_character_borders(text in "\\PC{0,40}|[a-zA-Z0-9_.é顧\u{301}]{0,30}") {
            let mut before = 0;
            for piece in pieces(&text) {
                prop_assert!(piece.start < piece.end && piece.word <= piece.start);
                prop_assert!(text.get(piece.start..piece.end).is_some());
                if !piece.whole {
                    prop_assert!(piece.start >= before);
                    before = piece.end;
                }
            }
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,30}") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once).into_owned(), once.clone());
        }

        #[test]
        fn words_and_part_tokens_agree_on_what_is_there(text in "[a-zA-Z0-9_. ]{0,30}") {
            let whole: String = words(&text).into_iter().map(|word| word.whole).collect();
            prop_assert_eq!(whole, part_tokens(&text).concat());
            prop_assert_eq!(squash(&text), part_tokens(&text).concat());
        }
    }
}
