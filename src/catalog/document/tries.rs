//! What a run's events say of its state, and what follows.
//!
//! A run may be tried again under its own id: a START after an end begins anew. Between two STARTs a
//! FAIL or ABORT stands against a COMPLETE, whichever came first (Spark sends both). Which words were
//! said is a set, so any order of events gives the same tries.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::Time;

/// The state of a run, in Marquez's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunState {
    /// Something spoke of it, but not of its state.
    New,
    /// It started and has not ended.
    Running,
    /// It ended well.
    Completed,
    /// It was stopped.
    Aborted,
    /// It ended badly.
    Failed,
}

impl RunState {
    /// Returns whether nothing should follow.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Aborted | Self::Failed)
    }

    /// Returns the word used in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Aborted => "ABORTED",
            Self::Failed => "FAILED",
        }
    }

    /// Reads the word used in answers, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::New, Self::Running, Self::Completed, Self::Aborted, Self::Failed]
            .into_iter()
            .find(|state| state.as_str().eq_ignore_ascii_case(word))
    }
}

/// A word about a run's state: that it started, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::catalog) enum Word {
    /// START.
    Start,
    /// COMPLETE.
    Complete,
    /// ABORT.
    Abort,
    /// FAIL.
    Fail,
}

impl Word {
    const ALL: [Self; 4] = [Self::Start, Self::Complete, Self::Abort, Self::Fail];

    fn code(self) -> u8 {
        match self {
            Self::Start => 0,
            Self::Complete => 1,
            Self::Abort => 2,
            Self::Fail => 3,
        }
    }
}

/// Which word was said when: the event's time, the word (of one time a START comes before an end:
/// Airflow's queries begin and end at once), what tells events of one time apart.
type Mark = (Time, Word, u64);

/// The words about a run's state, in the order of time; the newest of them, up to a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks(Vec<Mark>);

impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|(at, word, tie)| (at.as_micros(), tie, word.code())))
    }
}

impl<'de> Deserialize<'de> for Marks {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let marks: Vec<(i64, u64, u8)> = Deserialize::deserialize(from)?;
        let word = |code| Word::ALL.into_iter().find(|word| word.code() == code);
        let mark = |(at, tie, code)| Some((Time::from_micros(at), word(code)?, tie));
        Ok(Self(marks.into_iter().filter_map(mark).collect()))
    }
}

/// What lies between a START and the next one that follows an end.
#[derive(Debug, Clone, Copy, Default)]
struct Try {
    complete: Option<Time>,
    /// How else it ended, the last word of that.
    fail: Option<(Time, RunState)>,
}

impl Try {
    fn end(self) -> Option<(Time, RunState)> {
        self.fail.or(self.complete.map(|at| (at, RunState::Completed)))
    }

    fn completed(self) -> Option<Time> {
        self.complete.filter(|_| self.fail.is_none())
    }
}

impl Marks {
    /// Returns whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes one word.
    pub(in crate::catalog) fn of(at: Time, tie: u64, word: Word) -> Self {
        Self(vec![(at, word, tie)])
    }

    /// Joins what else was said.
    pub(super) fn join(&mut self, new: Self, most: usize) {
        for mark in new.0 {
            if let Err(place) = self.0.binary_search(&mark) {
                self.0.insert(place, mark);
            }
        }
        let over = self.0.len().saturating_sub(most);
        self.0.drain(..over);
    }

    /// Returns how the newest try ended, if it has.
    pub(super) fn end(&self) -> Option<(Time, RunState)> {
        self.tries().0.end()
    }

    /// Returns when what the run wrote was last complete: a later try that began, or failed, takes
    /// nothing of that back.
    pub(super) fn completed(&self) -> Option<Time> {
        self.tries().1
    }

    /// Returns whether it ever ended.
    pub(super) fn has_end(&self) -> bool {
        self.0.iter().any(|(_, word, _)| *word != Word::Start)
    }

    /// Returns when it last started.
    pub(super) fn last_start(&self) -> Option<Time> {
        let starts = self.0.iter().filter(|(_, word, _)| *word == Word::Start);
        starts.map(|(at, ..)| *at).max()
    }

    /// Returns the newest try, and when one was last complete.
    fn tries(&self) -> (Try, Option<Time>) {
        let (mut now, mut completed) = (Try::default(), None);
        for (at, word, _) in &self.0 {
            match word {
                Word::Start if now.end().is_some() => {
                    completed = now.completed().or(completed);
                    now = Try::default();
                }
                Word::Start => {}
                Word::Complete => now.complete = Some(*at),
                Word::Abort => now.fail = Some((*at, RunState::Aborted)),
                Word::Fail => now.fail = Some((*at, RunState::Failed)),
            }
        }
        (now, now.completed().or(completed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::limits::RUN_MARKS_MAX;

    fn at(second: i64) -> Time {
        Time::from_micros(second * 1_000_000)
    }

    fn marks(words: &[(i64, Word)]) -> Marks {
        let mut marks = Marks::default();
        for (second, word) in words {
            marks.join(Marks::of(at(*second), 0, *word), RUN_MARKS_MAX);
        }
        marks
    }

    #[test]
    fn a_start_after_an_end_begins_anew() {
        let failed = [(0, Word::Start), (5, Word::Fail)];
        assert_eq!(marks(&failed).end(), Some((at(5), RunState::Failed)));
        let again = [failed[0], failed[1], (60, Word::Start)];
        assert_eq!(marks(&again).end(), None);
        let done = [again[0], again[1], again[2], (64, Word::Complete)];
        assert_eq!(marks(&done).end(), Some((at(64), RunState::Completed)));
        // One that is merely late, older than the end, does not.
        let late = [(5, Word::Fail), (0, Word::Start)];
        assert_eq!(marks(&late).end(), Some((at(5), RunState::Failed)));
    }

    #[test]
    fn a_run_that_begins_and_ends_at_once_has_ended() {
        for tie in [1, 9] {
            let mut marks = Marks::of(at(5), 5, Word::Complete);
            marks.join(Marks::of(at(5), tie, Word::Start), RUN_MARKS_MAX);
            assert_eq!(marks.end(), Some((at(5), RunState::Completed)));
        }
    }

    #[test]
    fn a_failure_stands_against_a_completion_beside_it() {
        for words in
            [[(1, Word::Fail), (2, Word::Complete)], [(1, Word::Complete), (2, Word::Fail)]]
        {
            let marks = marks(&words);
            assert_eq!(marks.end().map(|end| end.1), Some(RunState::Failed), "{words:?}");
            assert_eq!(marks.completed(), None, "{words:?}");
        }
    }

    #[test]
    fn what_was_written_stays_written() {
        let done = [(0, Word::Start), (1, Word::Complete)];
        for later in [vec![(5, Word::Start)], vec![(5, Word::Start), (6, Word::Fail)]] {
            let marks = marks(&[&done[..], &later[..]].concat());
            assert_eq!(marks.completed(), Some(at(1)), "{later:?}");
        }
        let twice = [done[0], done[1], (5, Word::Start), (9, Word::Complete)];
        assert_eq!(marks(&twice).completed(), Some(at(9)));
    }
}
