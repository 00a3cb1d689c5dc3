//! Ranges of time as they are written in searches: `>2026-01-01`, `2026-01..`, `<90d`.
//!
//! A day stands for all of it, in UTC. `7d` stands for the moment seven days before now,
//! so that `updated:>7d` means changed within the last week. Nothing here knows what time
//! it is: [`When::bounds`] is told.

use std::fmt;

use crate::base::Time;

/// A range of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Anywhere in the point: within a day, or at a moment.
    At(Point),
    /// Earlier than the point.
    Before(Point),
    /// Earlier than the point, or in it.
    Until(Point),
    /// Later than the point.
    After(Point),
    /// In the point, or later.
    Since(Point),
    /// From the earlier of two points to the end of the later.
    Between(Point, Point),
}

/// A day, a moment, or an age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// A whole day in UTC, by its first moment.
    Day(Time),
    /// A moment, and how it was written.
    Moment(Time, String),
    /// So many units before now.
    Ago(u32, Unit),
}

/// Makes a range of a point.
type Form = fn(Point) -> When;

/// A unit of age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 365 days.
    Year,
}

const HOUR_MICROS: i64 = 3_600_000_000;
const DAY_MICROS: i64 = 24 * HOUR_MICROS;

impl Unit {
    const LETTERS: [(char, Self); 4] =
        [('h', Self::Hour), ('d', Self::Day), ('w', Self::Week), ('y', Self::Year)];

    fn micros(self) -> i64 {
        match self {
            Self::Hour => HOUR_MICROS,
            Self::Day => DAY_MICROS,
            Self::Week => 7 * DAY_MICROS,
            Self::Year => 365 * DAY_MICROS,
        }
    }
}

impl Point {
    /// Reads a point; `None` if it is no day, moment or age.
    fn parse(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        let unit = chars.next_back().and_then(|last| {
            Unit::LETTERS.iter().find(|(letter, _)| letter.eq_ignore_ascii_case(&last))
        });
        if let (Some((_, unit)), Ok(count)) = (unit, chars.as_str().parse()) {
            return Some(Self::Ago(count, *unit));
        }
        let time = Time::parse(text)?;
        let day = text.len() == 10 && text.split('-').map(str::len).eq([4, 2, 2]);
        Some(if day { Self::Day(time) } else { Self::Moment(time, text.to_owned()) })
    }

    /// Returns the first moment of the point and the first one after it, in microseconds.
    fn span(&self, now: Time) -> (i64, i64) {
        match self {
            Self::Day(start) => (start.as_micros(), start.as_micros().saturating_add(DAY_MICROS)),
            Self::Moment(time, _) => (time.as_micros(), time.as_micros().saturating_add(1)),
            Self::Ago(count, unit) => {
                let ago = i64::from(*count).saturating_mul(unit.micros());
                let at = now.as_micros().saturating_sub(ago);
                (at, at.saturating_add(1))
            }
        }
    }
}

impl When {
    /// Reads a range.
    ///
    /// # Errors
    ///
    /// What is wrong, as a sentence for whoever typed it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let point = |text: &str| {
            Point::parse(text).ok_or_else(|| {
                format!("`{text}` is no time; write a day (2026-01-31), a moment (2026-01-31T10:00:00Z) or an age (12h, 7d, 4w, 1y)")
            })
        };
        if let Some((from, to)) = text.split_once("..") {
            return match (from, to) {
                ("" | "*", "" | "*") => Err("a range needs a time on at least one side".to_owned()),
                ("" | "*", to) => Ok(Self::Until(point(to)?)),
                (from, "" | "*") => Ok(Self::Since(point(from)?)),
                (from, to) => Ok(Self::Between(point(from)?, point(to)?)),
            };
        }
        let forms: [(&str, Form); 4] =
            [(">=", Self::Since), ("<=", Self::Until), (">", Self::After), ("<", Self::Before)];
        for (sign, make) in forms {
            if let Some(rest) = text.strip_prefix(sign) {
                return point(rest).map(make);
            }
        }
        point(text).map(Self::At)
    }

    /// Returns the range in microseconds since 1970: from the first, up to but without the
    /// second. Empty if the second is not greater.
    #[must_use]
    pub fn bounds(&self, now: Time) -> (i64, i64) {
        match self {
            Self::At(point) => point.span(now),
            Self::Before(point) => (i64::MIN, point.span(now).0),
            Self::Until(point) => (i64::MIN, point.span(now).1),
            Self::After(point) => (point.span(now).1, i64::MAX),
            Self::Since(point) => (point.span(now).0, i64::MAX),
            Self::Between(one, other) => {
                let (one, other) = (one.span(now), other.span(now));
                (one.0.min(other.0), one.1.max(other.1))
            }
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(point) => point.fmt(f),
            Self::Before(point) => write!(f, "<{point}"),
            Self::Until(point) => write!(f, "<={point}"),
            Self::After(point) => write!(f, ">{point}"),
            Self::Since(point) => write!(f, ">={point}"),
            Self::Between(from, to) => write!(f, "{from}..{to}"),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(start) => f.write_str(start.to_string().get(..10).unwrap_or_default()),
            Self::Moment(_, text) => f.write_str(text),
            Self::Ago(count, unit) => {
                let letter = Unit::LETTERS.iter().find(|(_, known)| known == unit);
                write!(f, "{count}{}", letter.map_or('d', |(letter, _)| *letter))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(text: &str) -> (String, String) {
        let now = Time::parse("2026-03-08T12:00:00Z").unwrap();
        let (from, to) = When::parse(text).unwrap().bounds(now);
        let print = |micros: i64| match micros {
            i64::MIN => "-".to_owned(),
            i64::MAX => "+".to_owned(),
            micros => Time::from_micros(micros).to_string(),
        };
        (print(from), print(to))
    }

    #[test]
    fn a_day_is_all_of_it() {
        let day = ("2026-01-01T00:00:00Z".to_owned(), "2026-01-02T00:00:00Z".to_owned());
        assert_eq!(bounds("2026-01-01"), day);
        assert_eq!(bounds(">2026-01-01"), (day.1.clone(), "+".to_owned()));
        assert_eq!(bounds(">=2026-01-01"), (day.0.clone(), "+".to_owned()));
        assert_eq!(bounds("<2026-01-01"), ("-".to_owned(), day.0.clone()));
        assert_eq!(bounds("<=2026-01-01"), ("-".to_owned(), day.1.clone()));
        assert_eq!(bounds("2025-12-31..2026-01-01").1, day.1);
        assert_eq!(bounds("*..2026-01-01"), ("-".to_owned(), day.1));
    }

    #[test]
    fn an_age_counts_back_from_now() {
        assert_eq!(bounds(">7d"), ("2026-03-01T12:00:00.000001Z".to_owned(), "+".to_owned()));
        assert_eq!(bounds("1d..7d"), bounds("7d..1d"));
        assert_eq!(bounds("<12h"), ("-".to_owned(), "2026-03-08T00:00:00Z".to_owned()));
    }

    #[test]
    fn what_is_no_time_says_what_would_be() {
        for text in ["", ">", "yesterday", "..", "2026-13-01", "7", "d", "1..2"] {
            assert!(When::parse(text).is_err(), "{text}");
        }
    }
}
