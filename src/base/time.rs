//! Times: microseconds since 1970 in UTC, as both databases keep them.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, to the microsecond. Prints as RFC 3339 in UTC with as short a fraction as
/// possible (`2020-02-22T22:42:42Z`), which is also Marquez's form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The earliest time that is accepted: 1 January of year 0.
    pub const MIN: Self = Self(-62_167_219_200_000_000);
    /// The latest time that is accepted: the end of year 9998.
    pub const MAX: Self = Self(253_370_764_799_999_999);

    /// Makes a time from microseconds since 1970, cut to the accepted range.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Makes a time from milliseconds since 1970, cut to the accepted range.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self::from_micros(millis.saturating_mul(1_000))
    }

    /// Returns microseconds since 1970.
    #[must_use]
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// Returns whole milliseconds since 1970, rounded down.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Returns whole days (UTC) since 1970, rounded down.
    #[must_use]
    pub fn day(self) -> i64 {
        self.0.div_euclid(86_400_000_000)
    }

    /// Returns the time that lies `micros` later (earlier if negative).
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// Reads an ISO 8601 / RFC 3339 date-time.
    ///
    /// More is accepted than RFC 3339 allows, because producers send it: no time zone
    /// (taken as UTC), up to nanoseconds (cut to microseconds), a space for the `T`, a
    /// zone name in brackets, a date alone. Returns `None` for anything else and for
    /// years outside 0 to 9998.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let timestamp = text.parse::<Timestamp>().ok().or_else(|| {
            text.parse::<jiff::civil::DateTime>()
                .ok()
                .and_then(|local| local.to_zoned(jiff::tz::TimeZone::UTC).ok())
                .map(|zoned| zoned.timestamp())
        })?;
        let micros = timestamp.as_nanosecond().div_euclid(1_000);
        let time = Self(i64::try_from(micros).ok()?);
        (Self::MIN..=Self::MAX).contains(&time).then_some(time)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_microsecond(self.0) {
            Ok(timestamp) => timestamp.fmt(f),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected an RFC 3339 date-time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn producers_forms_are_read() {
        let same = [
            "2020-02-22T22:42:42Z",
            "2020-02-22T22:42:42.000000000Z",
            "2020-02-22T23:42:42+01:00",
            "2020-02-22 22:42:42",
            "2020-02-22T22:42:42",
        ];
        for text in same {
            assert_eq!(Time::parse(text).unwrap().to_string(), "2020-02-22T22:42:42Z", "{text}");
        }
        assert_eq!(
            Time::parse("2019-05-09T19:49:24.201361999Z").unwrap().to_string(),
            "2019-05-09T19:49:24.201361Z"
        );
        assert_eq!(Time::parse("2020-02-22").unwrap().to_string(), "2020-02-22T00:00:00Z");
        for text in ["", "yesterday", "2020-13-01T00:00:00Z", "99999-01-01T00:00:00Z"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn borders_print_and_parse() {
        for time in [Time::MIN, Time::MAX, Time::from_micros(0), Time::from_micros(-1)] {
            assert_eq!(Time::parse(&time.to_string()), Some(time));
        }
    }
}
