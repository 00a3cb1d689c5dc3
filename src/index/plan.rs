//! Turns a query into steps that can be answered segment by segment.
//!
//! Pure: no segment is read here. Words are cut, times are fixed to now, and the forms
//! under which the search as a whole may name a document exactly are made.

use super::encode::{
    COLUMN_TAGS_TERM, Level, column_tag_term, exact_term, fold_name, has_term, kind_term,
    label_term,
};
use super::query::{Clause, Form, Label, Moment, Query, Scope, Test, Text, Thing};
use super::schema::{Part, fast};
use super::tokens::{Word, fold, part_tokens, squash, words};
use crate::base::Time;

/// A query that is ready to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Words and phrases that must be found anywhere: documents that the search names
    /// exactly are excused from these.
    pub free: Vec<Step>,
    /// Everything else; no document is excused.
    pub rest: Vec<Step>,
    /// Each two neighbouring tokens of the free words: documents that hold them side by side
    /// are better hits. At most [`PAIRS_MAX`].
    pub pairs: Vec<Pair>,
    /// Terms of names that equal the free words, by level.
    pub exact: Vec<(Level, String)>,
    /// Terms of names that equal the whole search as it is printed. Such documents are
    /// found whatever the clauses say: a dataset may be called `tag:pii`.
    pub verbatim: Vec<(Level, String)>,
    /// Whether there are free words and phrases at all, perhaps without a letter in them.
    pub has_free: bool,
}

/// Two neighbouring tokens of the free words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The tokens.
    pub tokens: [String; 2],
    /// Whether they were typed as one word (`customer_orders`) and so belong together.
    pub joined: bool,
}

/// Neighbouring tokens that are looked for side by side, at most.
const PAIRS_MAX: usize = 16;

/// One clause, ready to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Whether what it finds is to be left out.
    pub negated: bool,
    /// The clause as it is printed.
    pub clause: String,
    /// What it finds.
    pub find: Find,
}

/// What a step finds.
#[derive(Debug, Clone, PartialEq)]
pub enum Find {
    /// All of these words, in any of the parts.
    Words(Vec<Leaf>, &'static [Part]),
    /// These tokens one after the other, in one of the parts; or a column whose name begins
    /// with the text, which is folded.
    Phrase(Vec<String>, &'static [Part], Option<String>),
    /// One of these label terms, or of these that tell of columns; those with `true` are beginnings
    /// of terms.
    Keys(Vec<(String, bool)>, Vec<(String, bool)>),
    /// A time from the first up to but without the second, in microseconds.
    Times(&'static str, i64, i64),
}

/// One word that must be found: the whole of it, or all of its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// The word.
    pub word: Word,
    /// Whether it may be the beginning of a longer one.
    pub prefix: bool,
}

const ANYWHERE: &[Part] = &Part::ALL;
const NAMES: &[Part] = &[Part::Name, Part::Alias];
const COLUMNS: &[Part] = &[Part::Column];
const DESCRIPTIONS: &[Part] = &[Part::Description];
const SQL: &[Part] = &[Part::Sql];

impl Step {
    /// Whether what this step finds is found by a later one too: the same words again, of
    /// which the last may then be the beginning of one.
    fn implies(&self, later: &Self) -> bool {
        let (Find::Words(own, _), Find::Words(theirs, _)) = (&self.find, &later.find) else {
            return false;
        };
        let implied = |(own, theirs): (&Leaf, &Leaf)| {
            own.word == theirs.word && (own.prefix == theirs.prefix || theirs.prefix)
        };
        own.len() == theirs.len() && own.iter().zip(theirs).all(implied)
    }
}

impl Plan {
    /// Plans a query. `now` is what ages like `7d` count back from.
    #[must_use]
    pub fn new(query: &Query, now: Time) -> Self {
        let last_word = last_word(query);
        let mut plan = Self {
            free: Vec::new(),
            rest: Vec::new(),
            pairs: Vec::new(),
            exact: Vec::new(),
            verbatim: Vec::new(),
            has_free: false,
        };
        let mut free_text: Vec<&str> = Vec::new();
        let mut loose_text: Vec<&str> = Vec::new();
        for (place, clause) in query.clauses().iter().enumerate() {
            let find = find(&clause.test, last_word == Some(place), now);
            let free = is_free(clause);
            if let (true, Test::Text(text)) = (free, &clause.test) {
                plan.has_free = true;
                free_text.push(&text.text);
                loose_text.extend((text.form != Form::Phrase).then_some(text.text.as_str()));
            }
            // Words without a letter or digit ask for nothing that could be found.
            let Some(find) = find else { continue };
            let step = Step { negated: clause.negated, clause: clause.to_string(), find };
            if free && plan.free.iter().any(|before| before.implies(&step)) {
                continue;
            }
            if free { plan.free.push(step) } else { plan.rest.push(step) }
        }
        let free_text = free_text.join(" ");
        plan.pairs = pairs(&loose_text);
        plan.exact = exact_forms(&free_text);
        let printed = query.to_string();
        if printed != free_text {
            plan.verbatim = exact_forms(&printed);
        }
        plan
    }

    /// Returns what is looked for in texts, and so marked there.
    pub fn marks(&self) -> impl Iterator<Item = &Find> {
        let steps = self.free.iter().chain(&self.rest).filter(|step| !step.negated);
        steps.map(|step| &step.find)
    }
}

fn is_free(clause: &Clause) -> bool {
    let anywhere = |text: &Text| text.scope == Scope::Anywhere;
    !clause.negated && matches!(&clause.test, Test::Text(text) if anywhere(text))
}

/// Finds the clause whose last word may be the beginning of one: the last clause, if it is
/// a word without quotes. People search while they type.
fn last_word(query: &Query) -> Option<usize> {
    let last = query.clauses().len().checked_sub(1)?;
    let clause = query.clauses().get(last)?;
    let is_word = matches!(&clause.test, Test::Text(text) if text.form == Form::Word);
    (is_word && !clause.negated).then_some(last)
}

/// Makes the step for a condition; `None` if it holds nothing that could be looked for.
fn find(test: &Test, last: bool, now: Time) -> Option<Find> {
    Some(match test {
        Test::Text(text) => find_text(text, last)?,
        Test::Label(label, any) => {
            let own = any.iter().map(|one| (label_term(*label, &one.text), one.prefix));
            let of_columns = any.iter().filter(|_| *label == Label::Tag);
            let of_columns = of_columns.map(|one| (column_tag_term(&one.text), one.prefix));
            Find::Keys(own.collect(), of_columns.collect())
        }
        Test::Kind(any) => {
            let terms = any.iter().map(|kind| (kind_term(*kind), false));
            Find::Keys(terms.collect(), Vec::new())
        }
        Test::Has(any) => {
            let of_columns = any.iter().filter(|thing| **thing == Thing::Tag);
            let of_columns = of_columns.map(|_| (COLUMN_TAGS_TERM.to_owned(), false));
            let own = any.iter().map(|thing| (has_term(*thing), false));
            Find::Keys(own.collect(), of_columns.collect())
        }
        Test::Time(moment, when) => {
            let (from, to) = when.bounds(now);
            let column = match moment {
                Moment::Created => fast::CREATED,
                Moment::Updated => fast::UPDATED,
                Moment::Run => fast::RUN,
            };
            Find::Times(column, from, to)
        }
    })
}

fn find_text(text: &Text, last: bool) -> Option<Find> {
    let parts = match text.scope {
        Scope::Anywhere => ANYWHERE,
        Scope::Name => NAMES,
        Scope::Field => COLUMNS,
        Scope::Description => DESCRIPTIONS,
        Scope::Sql => SQL,
    };
    // Several tokens in one column's name: they must not come from different columns.
    let adjoining = text.form == Form::Phrase || text.scope == Scope::Field;
    let tokens = part_tokens(&text.text);
    if adjoining && tokens.len() > 1 {
        let open = text.form == Form::Prefix || (last && text.form == Form::Word);
        return Some(Find::Phrase(tokens, parts, open.then(|| fold(&text.text).into_owned())));
    }
    let found = words(&text.text);
    let count = found.len();
    let opens = |place: usize| {
        place + 1 == count && (text.form == Form::Prefix || (last && text.form == Form::Word))
    };
    let leaves: Vec<Leaf> = found
        .into_iter()
        .enumerate()
        .map(|(place, word)| Leaf { word, prefix: opens(place) })
        .collect();
    (!leaves.is_empty()).then_some(Find::Words(leaves, parts))
}

/// Finds the neighbouring tokens in words that need not stand side by side.
fn pairs(words: &[&str]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut before: Option<String> = None;
    for word in words {
        let mut joined = false;
        for token in part_tokens(word) {
            if let Some(before) = before.replace(token.clone()) {
                pairs.push(Pair { tokens: [before, token], joined });
            }
            joined = true;
        }
    }
    pairs.truncate(PAIRS_MAX);
    pairs
}

/// Makes the terms of names that equal the text, at every level.
fn exact_forms(text: &str) -> Vec<(Level, String)> {
    if text.is_empty() {
        return Vec::new();
    }
    let folded = fold_name(text);
    // Node ids as Marquez writes them: `dataset:namespace:name`.
    let bare = ["dataset:", "job:"].iter().find_map(|kind| folded.strip_prefix(kind));
    let mut forms = vec![
        (Level::Qualified, text.to_owned()),
        (Level::Name, text.to_owned()),
        (Level::Folded, folded.clone()),
        (Level::Tail, folded.clone()),
        (Level::Squashed, squash(text)),
    ];
    if let Some(bare) = bare {
        forms.push((Level::Squashed, squash(bare)));
    }
    forms.retain(|(_, form)| !form.is_empty());
    forms.into_iter().map(|(level, form)| (level, exact_term(level, &form))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Plan {
        Plan::new(&Query::parse(text).unwrap(), Time::from_micros(0))
    }

    #[test]
    fn only_the_last_word_may_be_a_beginning() {
        let prefixes = |text: &str| {
            let plan = plan(text);
            plan.free
                .iter()
                .flat_map(|step| match &step.find {
                    Find::Words(leaves, _) => leaves.iter().map(|leaf| leaf.prefix).collect(),
                    _ => vec![],
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(prefixes("customer orders"), [false, true]);
        assert_eq!(prefixes("customer.orders"), [false, true]);
        assert_eq!(prefixes("cust* orders tag:x"), [true, false]);
        assert_eq!(prefixes("\"orders\""), [false]);
    }

    #[test]
    fn words_without_letters_are_dropped_but_known_to_be_there() {
        let plan = plan("***! --");
        assert!(plan.free.is_empty() && plan.has_free);
        assert!(!plan_is_exactly_empty(""));
    }

    fn plan_is_exactly_empty(text: &str) -> bool {
        plan(text).has_free
    }

    #[test]
    fn several_tokens_of_a_column_must_adjoin() {
        let plan = plan("field:customer_id");
        let tokens = vec!["customer".to_owned(), "id".to_owned()];
        assert_eq!(
            plan.rest.first().map(|step| &step.find),
            Some(&Find::Phrase(tokens, COLUMNS, Some("customer_id".to_owned())))
        );
    }
}
