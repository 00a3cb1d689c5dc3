//! Stamps: what makes "the newest wins" a rule that every order of events agrees on.

use serde::{Deserialize, Serialize};

use crate::base::{EventId, Time};

/// When something was said: the event's own time, then the event's content as tie-break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(i64, u64)", into = "(i64, u64)")]
pub struct Stamp {
    /// The event's time.
    pub at: Time,
    /// Part of the event's id, so that two events of one time are ordered everywhere alike.
    pub tie: u64,
}

impl Stamp {
    /// Makes the stamp of an event.
    #[must_use]
    pub fn new(at: Time, event: EventId) -> Self {
        Self { at, tie: event.0.as_u64_pair().1 }
    }
}

impl From<(i64, u64)> for Stamp {
    fn from((at, tie): (i64, u64)) -> Self {
        Self { at: Time::from_micros(at), tie }
    }
}

impl From<Stamp> for (i64, u64) {
    fn from(stamp: Stamp) -> Self {
        (stamp.at.as_micros(), stamp.tie)
    }
}

/// A value and when it was said. Of two, the one with the newer stamp stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped<T> {
    /// When it was said.
    #[serde(rename = "s")]
    pub stamp: Stamp,
    /// What was said.
    #[serde(rename = "v")]
    pub value: T,
}

impl<T> Stamped<T> {
    /// Stamps a value.
    pub fn new(stamp: Stamp, value: T) -> Self {
        Self { stamp, value }
    }
}

/// Keeps the newer of what is known and what is new.
pub(super) fn join_newest<T>(known: &mut Option<Stamped<T>>, new: Option<Stamped<T>>) {
    if let Some(new) = new
        && known.as_ref().is_none_or(|known| known.stamp < new.stamp)
    {
        *known = Some(new);
    }
}

/// Keeps the smaller of two optional values, where absence says nothing.
pub(super) fn join_min<T: Ord>(known: &mut Option<T>, new: Option<T>) {
    if let Some(new) = new
        && known.as_ref().is_none_or(|known| new < *known)
    {
        *known = Some(new);
    }
}

/// Keeps the larger of two optional values, where absence says nothing.
pub(super) fn join_max<T: Ord>(known: &mut Option<T>, new: Option<T>) {
    if let Some(new) = new
        && known.as_ref().is_none_or(|known| new > *known)
    {
        *known = Some(new);
    }
}

/// Keeps the later of two times of change. Returns whether it lies on another day (UTC)
/// than the one that was known: people search by day, so a day counts as content where
/// an hour is mere activity.
pub(super) fn join_updated(known: &mut Option<Time>, new: Option<Time>) -> bool {
    let day = known.map(Time::day);
    join_max(known, new);
    day != known.map(Time::day)
}

/// From when to when something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
pub struct Seen {
    /// The earliest sighting.
    pub first: Time,
    /// The latest sighting.
    pub last: Time,
}

impl Seen {
    /// One sighting.
    #[must_use]
    pub fn at(time: Time) -> Self {
        Self { first: time, last: time }
    }

    /// Widens the span by another one.
    pub fn join(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

impl From<(i64, i64)> for Seen {
    fn from((first, last): (i64, i64)) -> Self {
        Self { first: Time::from_micros(first), last: Time::from_micros(last) }
    }
}

impl From<Seen> for (i64, i64) {
    fn from(seen: Seen) -> Self {
        (seen.first.as_micros(), seen.last.as_micros())
    }
}
