//! Reads what people type into the search box.
//!
//! ```text
//! orders            a word; the last one may be the beginning of a word
//! cust*             the beginning of a word
//! "order id"        these words, one after the other; \" and \\ inside
//! -staging          not this
//! name:orders  field:email (or column:)  description:  sql:      words in one place
//! tag:pii  tag:pii.*  ns:shop,erp  owner:  platform:  subtype:   labels; commas mean or
//! type:dataset  has:description|owner|tag|lineage|sql|field|column|schema
//! updated:>7d  created:2026-01-01..2026-02-01  run:<=2026-01-01
//! ```
//!
//! A word with a colon that is none of these keys (`s3://lake/raw`) is just a word.
//! Reading never panics. A fault says where it is and what to do about it.

use super::query::{Clause, Form, Label, Moment, Pattern, Query, Scope, Test, Text, Thing};
use super::when::When;
use crate::base::NodeKind;
use crate::base::limits::{QUERY_BYTES_MAX, QUERY_CLAUSES_MAX};

/// Why a search text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: {message}")]
pub struct QueryFault {
    /// Where the fault lies, in bytes from the beginning of the text.
    pub at: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Query {
    /// Reads a search text.
    ///
    /// # Errors
    ///
    /// [`QueryFault`] at the first place that cannot be read, or where the text grows over
    /// [`QUERY_BYTES_MAX`] or [`QUERY_CLAUSES_MAX`].
    pub fn parse(text: &str) -> Result<Self, QueryFault> {
        if text.len() > QUERY_BYTES_MAX {
            let message = format!("a search has at most {QUERY_BYTES_MAX} bytes; shorten it");
            return Err(QueryFault { at: QUERY_BYTES_MAX, message });
        }
        let mut reader = Reader { text, at: 0 };
        let mut clauses = Vec::new();
        while reader.skip_space() {
            let at = reader.at;
            if let Some(clause) = reader.clause()? {
                clauses.push(clause);
            }
            if clauses.len() > QUERY_CLAUSES_MAX {
                let message = format!("a search has at most {QUERY_CLAUSES_MAX} clauses");
                return Err(QueryFault { at, message });
            }
        }
        Ok(Self { clauses })
    }
}

/// What a key asks for.
enum Key {
    Text(Scope),
    Label(Label),
    Kind,
    Has,
    Time(Moment),
}

fn find<T: Copy>(words: &[(&'static str, T)], word: &str) -> Option<T> {
    words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, value)| *value)
}

fn key(word: &str) -> Option<Key> {
    find(&Scope::WORDS, word)
        .map(Key::Text)
        .or_else(|| find(&Label::WORDS, word).map(Key::Label))
        .or_else(|| find(&Moment::WORDS, word).map(Key::Time))
        .or_else(|| find(&[("type", ()), ("kind", ())], word).map(|()| Key::Kind))
        .or_else(|| find(&[("has", ())], word).map(|()| Key::Has))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Moves to the next clause; false if there is none.
    fn skip_space(&mut self) -> bool {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.at < self.text.len()
    }

    fn fault<T>(&self, at: usize, message: impl Into<String>) -> Result<T, QueryFault> {
        Err(QueryFault { at: at.min(self.text.len()), message: message.into() })
    }

    /// Takes everything up to the next white space.
    fn bare(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Reads one clause; `None` for what says nothing (`*`, `AND`).
    fn clause(&mut self) -> Result<Option<Clause>, QueryFault> {
        let start = self.at;
        let after = self
            .rest()
            .strip_prefix('-')
            .filter(|rest| rest.chars().next().is_some_and(|c| !c.is_whitespace()));
        let negated = after.is_some();
        self.at += usize::from(negated);
        if self.rest().starts_with('"') {
            let text = Text { scope: Scope::Anywhere, form: Form::Phrase, text: self.quoted()? };
            self.ends()?;
            return Ok(Some(Clause { negated, test: Test::Text(text) }));
        }
        let word = self.rest().split(char::is_whitespace).next().unwrap_or_default();
        if let Some((name, _)) = word.split_once(':')
            && let Some(key) = key(name)
        {
            self.at += name.len() + 1;
            return Ok(Some(Clause { negated, test: self.test(&key, name)? }));
        }
        self.bare();
        match word {
            "AND" if !negated => return Ok(None),
            "OR" if !negated => {
                return self.fault(start, "there is no OR between clauses; write tag:a,b for either label, or \"OR\" to find the word");
            }
            "NOT" if !negated => {
                return self
                    .fault(start, "write -word to leave a word out, or \"NOT\" to find the word");
            }
            _ => {}
        }
        let text = bare_text(Scope::Anywhere, word);
        if text.text.is_empty() {
            if negated {
                return self.fault(start, "-* would leave everything out; name a word");
            }
            return Ok(None);
        }
        Ok(Some(Clause { negated, test: Test::Text(text) }))
    }

    /// Reads what follows a key.
    fn test(&mut self, key: &Key, name: &str) -> Result<Test, QueryFault> {
        let start = self.at;
        if self.rest().chars().next().is_none_or(char::is_whitespace) {
            return self.fault(start, format!("say what to look for after `{name}:`"));
        }
        match key {
            Key::Text(scope) => self.scoped(*scope).map(Test::Text),
            Key::Label(label) => Ok(Test::Label(*label, self.patterns()?)),
            Key::Kind => {
                let kinds = [("dataset", NodeKind::Dataset), ("job", NodeKind::Job)];
                self.choices(&kinds, "dataset or job").map(Test::Kind)
            }
            Key::Has => {
                let choices = "description, owner, tag, lineage, sql, field, column or schema";
                self.choices(&Thing::WORDS, choices).map(Test::Has)
            }
            Key::Time(moment) => match When::parse(self.bare()) {
                Ok(when) => Ok(Test::Time(*moment, when)),
                Err(message) => self.fault(start, message),
            },
        }
    }

    fn scoped(&mut self, scope: Scope) -> Result<Text, QueryFault> {
        let start = self.at;
        if self.rest().starts_with('"') {
            let text = Text { scope, form: Form::Phrase, text: self.quoted()? };
            self.ends()?;
            return Ok(text);
        }
        let text = bare_text(scope, self.bare());
        if text.text.is_empty() {
            return self.fault(start, "say how the word begins, before the `*`");
        }
        Ok(text)
    }

    /// Reads patterns with commas between them.
    fn patterns(&mut self) -> Result<Vec<Pattern>, QueryFault> {
        let mut patterns = Vec::new();
        loop {
            patterns.push(self.pattern()?);
            if !self.rest().starts_with(',') {
                self.ends()?;
                return Ok(patterns);
            }
            self.at += 1;
        }
    }

    fn pattern(&mut self) -> Result<Pattern, QueryFault> {
        let start = self.at;
        let quoted = self.rest().starts_with('"');
        let text = if quoted {
            self.quoted()?
        } else {
            let rest = self.rest();
            let ends = |c: char| c.is_whitespace() || c == ',' || c == '*';
            let end = rest.find(ends).unwrap_or(rest.len());
            self.at += end;
            rest.get(..end).unwrap_or_default().to_owned()
        };
        let prefix = self.rest().starts_with('*');
        self.at += usize::from(prefix);
        if text.is_empty() && !prefix {
            return self.fault(start, "a value is missing here");
        }
        let more = self.rest().chars().next();
        if prefix && more.is_some_and(|c| !c.is_whitespace() && c != ',') {
            return self.fault(
                self.at - 1,
                "`*` can only stand at the end; put the value in quotes if it holds a `*`",
            );
        }
        Ok(Pattern { text, prefix })
    }

    fn choices<T: Copy>(
        &mut self,
        words: &[(&'static str, T)],
        expected: &str,
    ) -> Result<Vec<T>, QueryFault> {
        let mut at = self.at;
        let mut chosen = Vec::new();
        for word in self.bare().split([',', '|']) {
            match find(words, word) {
                Some(value) => chosen.push(value),
                None => return self.fault(at, format!("expected {expected}, not `{word}`")),
            }
            at += word.len() + 1;
        }
        Ok(chosen)
    }

    /// Takes a quoted text, both quotes included, and returns what is between them.
    fn quoted(&mut self) -> Result<String, QueryFault> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if text.is_empty() => {
                    return self.fault(start, "there is nothing between the quotes");
                }
                '"' => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '\\' => match chars.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                    Some((_, escaped)) => text.push(escaped),
                    None => text.push('\\'),
                },
                _ => text.push(c),
            }
        }
        self.fault(start, "this quote is never closed; add a \" or escape it as \\\" in quotes")
    }

    /// Checks that a clause ends here.
    fn ends(&self) -> Result<(), QueryFault> {
        if self.rest().chars().next().is_some_and(|c| !c.is_whitespace()) {
            return self.fault(self.at, "a space is missing here");
        }
        Ok(())
    }
}

/// Reads a word that was typed without quotes.
fn bare_text(scope: Scope, word: &str) -> Text {
    let stem = word.trim_end_matches('*');
    let form = if stem.len() < word.len() { Form::Prefix } else { Form::Word };
    Text { scope, form, text: stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn printed(text: &str) -> String {
        Query::parse(text).unwrap().to_string()
    }

    #[test]
    fn every_form_is_read_and_printed() {
        let same = [
            "orders cust*",
            "\"order id\" -staging",
            "name:orders field:email description:\"who pays\" sql:select",
            "tag:pii tag:pii.* ns:\"my shop\",erp* owner:jane,joe platform:s3 subtype:view",
            "type:dataset,job has:owner,field -has:description",
            "updated:>7d created:2026-01-01..2026-02-01 run:<=2026-01-01T10:00:00Z",
            "s3://lake/raw a:b - --x \"say \\\"hi\\\" \\\\\" \"C:\\dir\"",
            "owner:* -tag:*",
        ];
        for text in same {
            assert_eq!(printed(text), text);
        }
        assert_eq!(
            printed("Namespace:a  COLUMN:b kind:job|dataset"),
            "ns:a field:b type:job,dataset"
        );
        assert_eq!(printed(" * orders AND cust** tag:\"pii\" "), "orders cust* tag:pii");
        assert_eq!(printed(""), "");
    }

    #[test]
    fn faults_say_where_they_are() {
        let faults = [
            ("orders \"open", 7),
            ("\"\"", 0),
            ("\"a\"b", 3),
            ("tag:", 4),
            ("x tag:a,,b", 8),
            ("tag:a*b", 5),
            ("type:view", 5),
            ("type:job,view", 9),
            ("updated:soon", 8),
            ("a OR b", 2),
            ("-*", 0),
            ("name:*", 5),
        ];
        for (text, at) in faults {
            assert_eq!(Query::parse(text).map_err(|fault| fault.at), Err(at), "{text}");
        }
    }

    #[test]
    fn length_and_number_of_clauses_are_bounded() {
        let long = "a".repeat(QUERY_BYTES_MAX);
        assert!(Query::parse(&long).is_ok());
        assert_eq!(Query::parse(&format!("{long}a")).unwrap_err().at, QUERY_BYTES_MAX);
        assert!(Query::parse(&"a ".repeat(QUERY_CLAUSES_MAX)).is_ok());
        let many = "a ".repeat(QUERY_CLAUSES_MAX + 1);
        assert_eq!(Query::parse(&many).unwrap_err().at, 2 * QUERY_CLAUSES_MAX);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_read_prints_as_itself(
            text in prop_oneof![
                any::<String>(),
                "[-a:\"*,\\\\ .<>=0-9dOR]{0,40}",
                "((-)?(tag|ns|name|field|has|type|updated|run|x)?(:)?(\")?[a-z*0-9,.\\\\ ]{0,8}(\")?(\\*)? ?){0,6}",
            ]
        ) {
            if let Ok(query) = Query::parse(&text) {
                let printed = query.to_string();
                prop_assert_eq!(Query::parse(&printed), Ok(query), "{}", printed);
            }
        }

        #[test]
        fn a_quoted_text_is_one_phrase(text in "\\PC{1,40}") {
            let query = Query::quoted(&text);
            prop_assert_eq!(Query::parse(&query.to_string()), Ok(query));
        }
    }
}
