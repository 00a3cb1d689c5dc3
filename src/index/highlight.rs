//! Marks in a hit's texts what the search found there.
//!
//! Works on the texts alone, with the same tokens the index has, and never reads the index.

use std::ops::Range;

use super::encode::Stored;
use super::plan::{Find, Leaf, Plan};
use super::schema::Part;
use super::tokens::{Piece, fold, pieces, token, typos, variants};

/// Longest fragment of a text, in bytes.
const FRAGMENT_BYTES_MAX: usize = 240;

/// What a fragment shows before its first mark, in bytes.
const LEAD_BYTES: usize = 60;

/// Columns that one hit lists as matched at most.
pub const MATCHED_FIELDS_MAX: usize = 20;

/// A piece of a hit's text with the places that the search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlight {
    /// Which text: `name`, `namespace`, `description`, `field` or `sql`.
    pub field: &'static str,
    /// The text, or a part of it if it is long.
    pub fragment: String,
    /// The places found, in bytes of the fragment: on character borders, in order, apart.
    pub ranges: Vec<Range<usize>>,
    /// Whether text was left out before or after the fragment.
    pub cut: bool,
}

/// All that is marked in one hit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marked {
    /// The marked texts.
    pub highlights: Vec<Highlight>,
    /// Names of the columns that were found, at most [`MATCHED_FIELDS_MAX`].
    pub fields: Vec<String>,
    /// How many more columns were found.
    pub more_fields: u64,
}

/// What is to be marked.
pub struct Marker {
    marks: Vec<(Mark, &'static [Part])>,
    /// Tokens that are marked where they stand in a row.
    rows: Vec<(Vec<String>, &'static [Part])>,
    /// Columns whose folded names begin so are marked as a whole.
    columns: Vec<String>,
}

/// One token to be marked.
struct Mark {
    token: String,
    variants: Vec<String>,
    prefix: bool,
    typos: u8,
}

impl Marker {
    /// Makes a marker for a plan; `mended` if typos were mended to find the hits.
    #[must_use]
    pub fn new(plan: &Plan, mended: bool) -> Self {
        let (mut marks, mut rows, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for find in plan.marks() {
            match find {
                Find::Words(leaves, parts) => {
                    let all = leaves.iter().flat_map(|leaf| marks_of(leaf, mended));
                    marks.extend(all.map(|mark| (mark, *parts)));
                }
                Find::Phrase(tokens, parts, column) => {
                    rows.push((tokens.clone(), *parts));
                    columns.extend(column.clone());
                }
                Find::Keys(..) | Find::Times(..) => {}
            }
        }
        Self { marks, rows, columns }
    }

    /// Marks a hit's texts.
    #[must_use]
    pub fn mark(&self, stored: &Stored) -> Marked {
        let mut marked = Marked::default();
        if self.marks.is_empty() && self.rows.is_empty() {
            return marked;
        }
        let texts = [
            (Part::Name, &stored.name),
            (Part::Place, &stored.namespace),
            (Part::Description, &stored.description),
        ];
        for (part, text) in texts {
            marked.highlights.extend(self.highlight(part, text));
        }
        for field in &stored.fields {
            let Some(highlight) = self.highlight(Part::Column, field) else { continue };
            if marked.fields.len() == MATCHED_FIELDS_MAX {
                marked.more_fields += 1;
                continue;
            }
            marked.fields.push(field.clone());
            marked.highlights.push(highlight);
        }
        marked.highlights.extend(self.highlight(Part::Sql, &stored.sql));
        marked
    }

    fn highlight(&self, part: Part, text: &str) -> Option<Highlight> {
        let ranges = self.ranges(part, text);
        let first = ranges.first()?.start;
        let window = window(text, first);
        let ranges = ranges
            .iter()
            .filter(|range| range.end <= window.end)
            .map(|range| range.start - window.start..range.end - window.start)
            .collect();
        let cut = window.len() < text.len();
        let fragment = text.get(window).unwrap_or_default().to_owned();
        Some(Highlight { field: part.as_str(), fragment, ranges, cut })
    }

    /// Finds what is to be marked in one text of a hit.
    fn ranges(&self, part: Part, text: &str) -> Vec<Range<usize>> {
        let marks = self.marks.iter().filter(|(_, parts)| parts.contains(&part));
        let marks: Vec<&Mark> = marks.map(|(mark, _)| mark).collect();
        let rows = self.rows.iter().filter(|(_, parts)| parts.contains(&part));
        let rows: Vec<&[String]> = rows.map(|(row, _)| row.as_slice()).collect();
        let begun = |begins: &String| part == Part::Column && fold(text).starts_with(begins);
        if self.columns.iter().any(begun) {
            return std::iter::once(0..text.len()).collect();
        }
        if marks.is_empty() && rows.is_empty() {
            return Vec::new();
        }
        let token_of = |piece: &Piece| token(text.get(piece.start..piece.end).unwrap_or_default());
        let marked = |piece: &Piece| marks.iter().any(|mark| mark.is(&token_of(piece)));
        let mut found: Vec<Range<usize>> =
            pieces(text).filter(marked).map(|piece| piece.start..piece.end).collect();
        if !rows.is_empty() {
            let parts: Vec<Piece> = pieces(text).filter(|piece| !piece.whole).collect();
            for row in rows {
                let is_row = |parts: &&[Piece]| {
                    parts.iter().zip(row).all(|(piece, token)| token_of(piece) == token.as_str())
                };
                let places = parts.windows(row.len().max(1)).filter(is_row);
                found.extend(places.filter_map(|row| Some(row.first()?.start..row.last()?.end)));
            }
        }
        joined(found)
    }
}

/// Sorts ranges and joins those that touch.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

fn marks_of(leaf: &Leaf, mended: bool) -> Vec<Mark> {
    let last = leaf.word.parts.len();
    let whole = std::iter::once((&leaf.word.whole, leaf.prefix));
    let parts = leaf.word.parts.iter().enumerate();
    let parts = parts.map(|(place, part)| (part, leaf.prefix && place + 1 == last));
    let mark = |(token, prefix): (&String, bool)| Mark {
        token: token.clone(),
        variants: variants(token),
        prefix,
        typos: if mended { typos(token) } else { 0 },
    };
    whole.chain(parts).map(mark).collect()
}

impl Mark {
    fn is(&self, token: &str) -> bool {
        token == self.token
            || self.variants.iter().any(|variant| variant == token)
            || (self.prefix && token.starts_with(&self.token))
            || (self.typos > 0 && self.nearly(token))
    }

    /// Whether the token, or a beginning of it if that may be, is a misspelling of this.
    fn nearly(&self, token: &str) -> bool {
        let own: Vec<char> = self.token.chars().collect();
        let theirs: Vec<char> = token.chars().collect();
        let last = distances(&own, &theirs);
        let most = usize::from(self.typos);
        match self.prefix {
            true => last.iter().any(|distance| *distance <= most),
            false => last.last().is_some_and(|distance| *distance <= most),
        }
    }
}

/// Returns by how many letters `a` differs from each beginning of `b`, the empty one first;
/// a swapped pair counts as one.
fn distances(a: &[char], b: &[char]) -> Vec<usize> {
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let at = |rows: &[Vec<usize>], i: usize, j: usize| {
        rows.get(i).and_then(|row| row.get(j)).copied().unwrap_or(usize::MAX / 2)
    };
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let left = row.last().copied().unwrap_or(0) + 1;
            let above = at(&rows, i, j + 1) + 1;
            let across = at(&rows, i, j) + usize::from(x != y);
            let mut least = left.min(above).min(across);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                least = least.min(at(&rows, i - 1, j - 1) + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.pop().unwrap_or_default()
}

/// Chooses the part of a text to show: all of a short one, else some text around `first`.
fn window(text: &str, first: usize) -> Range<usize> {
    if text.len() <= FRAGMENT_BYTES_MAX {
        return 0..text.len();
    }
    let mut start = text.floor_char_boundary(first.saturating_sub(LEAD_BYTES));
    if start > 0 {
        // Begin with a word, if one begins before the mark.
        let lead = text.get(start..first).unwrap_or_default();
        start += lead.find(char::is_whitespace).map_or(0, |at| at + 1);
        start = text.ceil_char_boundary(start).min(first);
    }
    start..text.floor_char_boundary((start + FRAGMENT_BYTES_MAX).min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;
    use crate::index::Query;
    use proptest::prelude::*;

    fn marked(query: &str, stored: &Stored, mended: bool) -> Vec<String> {
        let plan = Plan::new(&Query::parse(query).unwrap(), Time::from_micros(0));
        let marked = Marker::new(&plan, mended).mark(stored);
        let show = |highlight: &Highlight| {
            let mut text = highlight.fragment.clone();
            for range in highlight.ranges.iter().rev() {
                text.insert(range.end, ']');
                text.insert(range.start, '[');
            }
            format!("{}: {text}", highlight.field)
        };
        marked.highlights.iter().map(show).collect()
    }

    fn stored() -> Stored {
        Stored {
            name: "dim_customerOrders".to_owned(),
            namespace: "warehouse".to_owned(),
            description: "One row for each order of a Customer".to_owned(),
            fields: vec!["customer_id".to_owned(), "amount".to_owned()],
            ..Stored::default()
        }
    }

    #[test]
    fn words_are_marked_in_every_text() {
        assert_eq!(
            marked("customers ord", &stored(), false),
            [
                "name: dim_[customerOrders]",
                "description: One row for each [order] of a [Customer]",
                "field: [customer]_id"
            ]
        );
    }

    #[test]
    fn marks_keep_to_the_place_that_was_searched() {
        assert_eq!(marked("field:customer", &stored(), false), ["field: [customer]_id"]);
        assert_eq!(
            marked("\"each order\"", &stored(), false),
            ["description: One row for [each order] of a Customer"]
        );
        assert_eq!(marked("-customer tag:order", &stored(), false), Vec::<String>::new());
    }

    #[test]
    fn typos_are_marked_only_if_they_were_mended() {
        assert_eq!(marked("amuont x", &stored(), false), Vec::<String>::new());
        assert_eq!(marked("amuont x", &stored(), true), ["field: [amount]"]);
        assert_eq!(marked("wrehou", &stored(), true), ["namespace: [warehouse]"]);
    }

    #[test]
    fn long_texts_are_cut_around_the_first_mark() {
        let description = format!("{} the orders {}", "é".repeat(300), "x ".repeat(300));
        let stored = Stored { description, ..Stored::default() };
        let found = marked("orders", &stored, false);
        assert!(
            found.iter().all(|text| text.contains("[orders]") && text.len() < 300),
            "{found:?}"
        );
    }

    proptest! {
        #[test]
        fn ranges_lie_on_character_borders(text in "\\PC{0,400}", query in "[a-zé ]{1,8}") {
            let plan = Plan::new(&Query::parse(&query).unwrap(), Time::from_micros(0));
            let stored = Stored { description: text, ..Stored::default() };
            for highlight in Marker::new(&plan, true).mark(&stored).highlights {
                for range in highlight.ranges {
                    prop_assert!(highlight.fragment.get(range).is_some());
                }
            }
        }
    }
}
