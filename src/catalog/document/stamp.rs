//! Stamps: what makes "the newest wins" a rule that every order of events agrees on.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::author::Weight;
use crate::base::{EventId, Time};

/// When something was said, and with which weight: the weight first, then the event's own
/// time, then the event's content as tie-break. Written as `[at, tie]`, or `[at, tie, weight]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// What weight it has against what others say of the same.
    pub weight: Weight,
    /// The event's time.
    pub at: Time,
    /// Part of the event's id, so that two events of one time are ordered everywhere alike.
    pub tie: u64,
}

impl Stamp {
    /// Makes the stamp of an event.
    #[must_use]
    pub fn new(at: Time, event: EventId) -> Self {
        Self { weight: Weight::default(), at, tie: event.0.as_u64_pair().1 }
    }

    /// Returns the same stamp with a weight.
    #[must_use]
    pub fn weighing(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let at = self.at.as_micros();
        if self.weight == Weight::default() {
            return (at, self.tie).serialize(to);
        }
        (at, self.tie, self.weight.code()).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = Stamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time, a tie-break and perhaps a weight")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Stamp, A::Error> {
                let at = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let tie = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
                let weight = seq.next_element()?.map(Weight::from_code).unwrap_or_default();
                Ok(Stamp { weight, at: Time::from_micros(at), tie })
            }
        }
        from.deserialize_seq(Parts)
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
pub(in crate::catalog) fn join_newest<T>(known: &mut Option<Stamped<T>>, new: Option<Stamped<T>>) {
    if let Some(new) = new
        && known.as_ref().is_none_or(|known| known.stamp < new.stamp)
    {
        *known = Some(new);
    }
}

/// Joins a stamped value and tells whether the value changed.
pub(in crate::catalog) fn join_noting<T: PartialEq>(
    known: &mut Option<Stamped<T>>,
    new: Option<Stamped<T>>,
) -> bool {
    let Some(new) = new else { return false };
    let changed = known.as_ref().is_none_or(|k| k.value != new.value && k.stamp < new.stamp);
    join_newest(known, Some(new));
    changed
}

/// Joins maps of stamped values and tells whether a value changed.
pub(in crate::catalog) fn join_map<T: PartialEq>(
    known: &mut BTreeMap<String, Stamped<T>>,
    new: BTreeMap<String, Stamped<T>>,
) -> bool {
    let mut changed = false;
    for (key, value) in new {
        let mut slot = known.remove(&key);
        changed |= join_noting(&mut slot, Some(value));
        if let Some(slot) = slot {
            known.insert(key, slot);
        }
    }
    changed
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
pub(in crate::catalog) fn join_max<T: Ord>(known: &mut Option<T>, new: Option<T>) {
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
