//! Names as texts spell them: SQL, paths and messages name things in whichever way their
//! language quotes, qualifies and cases names.
//!
//! No language is parsed. A text is taken as its words, whatever stands between them, also in
//! literals and comments; a name is known by the words of its last part. So a name is found
//! however it is written, and sometimes where something else is meant: what asks here keeps back
//! rather once too often.

use std::collections::HashSet;

use super::digest::Digest;
use super::fold::fold;

/// Words of a name that it is known by.
const WORDS_KNOWN_BY: usize = 4;
/// Words of one text that are looked at; of a longer one it is said that it may name anything.
const WORDS_MAX: usize = 20_000;
/// What names of files end with, which says nothing of what is in them.
const ENDINGS: [&str; 14] = [
    "avro", "csv", "delta", "gz", "json", "jsonl", "ndjson", "orc", "parquet", "snappy", "tsv",
    "txt", "xml", "zst",
];

/// Returns what a name is known by: the digest of the words of its last part, without regard to
/// case. Nothing if it has no words.
#[must_use]
pub fn tail_of(name: &str) -> Option<Digest> {
    // Before it is taken apart, as texts are: a letter may fold to more than letters.
    let name: String = name.chars().flat_map(fold).collect();
    let path = name.trim_end_matches(['/', '\\']);
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut parts = last.rsplit(['.', ':']).filter(|part| words(part).next().is_some());
    let first = parts.next()?;
    let ending = ENDINGS.iter().any(|ending| first.eq_ignore_ascii_case(ending));
    let part = if ending { parts.next().unwrap_or(first) } else { first };
    let words: Vec<&str> = words(part).take(WORDS_KNOWN_BY).collect();
    Some(key(&words))
}

/// What a text may name.
#[derive(Debug, Clone, Default)]
pub struct Spoken {
    tails: HashSet<Digest>,
    cut: bool,
}

impl Spoken {
    /// Takes a text apart.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text: String = text.chars().flat_map(fold).collect();
        let mut words: Vec<&str> = words(&text).take(WORDS_MAX + 1).collect();
        let cut = words.len() > WORDS_MAX;
        words.truncate(WORDS_MAX);
        let runs = (1..=WORDS_KNOWN_BY).flat_map(|length| words.windows(length));
        Self { tails: runs.map(key).collect(), cut }
    }

    /// Returns whether the text was too long to be looked at, so that it may name anything.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Returns what is named, each as [`tail_of`] knows it.
    #[must_use]
    pub fn tails(&self) -> &HashSet<Digest> {
        &self.tails
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn key(words: &[&str]) -> Digest {
    Digest::of(words.join(" ").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, name: &str) -> bool {
        Spoken::of(text).tails().contains(&tail_of(name).unwrap())
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for text in [
            "select * from hush",
            "SELECT a FROM Crm.\"HUSH\" h",
            "with x as (select 1 from [db].[public].[hush]) select * from x",
            "insert into `hush`(a, b) values (1, 2)",
            "execute immediate 'truncate table hush'",
            "-- reads hush\nselect 1",
            "COPY INTO t FROM 's3://bucket/raw/hush.parquet'",
        ] {
            for name in ["hush", "db.public.Hush", "raw/hush.parquet", "raw/hush/", "hush.csv"] {
                assert!(names(text, name), "{text} {name}");
            }
            assert!(!names(text, "db.hush.other") && !names(text, "hush_2"), "{text}");
        }
        assert!(names("select * from \"order items\"", "shop.order items"));
        assert!(names("read('/lake/part-0.csv')", "lake/part-0.csv"));
        assert!(!names("select items from t", "shop.order items"));
        assert!(names("выбрать Людей", "crm.людей"));
        for (text, name) in
            [("SELECT STRASSE", "straße"), ("ΟΔΟΣ", "οδοσ"), ("select i\u{307}d", "İd")]
        {
            assert!(names(text, name), "{text} {name}");
        }
    }

    #[test]
    fn names_without_words_and_texts_without_end_are_told() {
        assert_eq!(tail_of("//.. :"), None);
        assert!(tail_of("csv").is_some());
        assert!(Spoken::of(&"a ".repeat(WORDS_MAX + 1)).is_cut());
        assert!(!Spoken::of(&"a ".repeat(WORDS_MAX)).is_cut());
    }
}
