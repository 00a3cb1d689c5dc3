//! A part of the week at a fixed offset from UTC: `Mon-Fri 08:00-18:00 UTC`, `Sat 00:00-24:00 +02:00`.
//!
//! The part is the same on each of its days and ends on the day it began; a night is two parts.

use std::fmt;
use std::str::FromStr;

use crate::base::Time;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY_MINUTES: i64 = 24 * 60;
const MINUTE_MICROS: i64 = 60_000_000;
/// 1 January 1970 was a Thursday.
const EPOCH_WEEKDAY: i64 = 3;
/// No place on earth is further from UTC than this.
const OFFSET_MINUTES_MAX: i64 = 14 * 60;

/// A part of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WeekSpan {
    first_day: i64,
    last_day: i64,
    from_minute: i64,
    to_minute: i64,
    offset_minutes: i64,
}

impl WeekSpan {
    /// Returns whether the moment is in this part of its week.
    #[must_use]
    pub fn contains(&self, now: Time) -> bool {
        let local = self.local_minute(now);
        let weekday = (local.div_euclid(DAY_MINUTES) + EPOCH_WEEKDAY).rem_euclid(7);
        let day_in = match self.first_day <= self.last_day {
            true => (self.first_day..=self.last_day).contains(&weekday),
            false => weekday >= self.first_day || weekday <= self.last_day,
        };
        day_in && (self.from_minute..self.to_minute).contains(&local.rem_euclid(DAY_MINUTES))
    }

    /// Returns the next moment after `now` at which the answer may change: a border of the part,
    /// or midnight.
    #[must_use]
    pub fn next_change(&self, now: Time) -> Time {
        let local = self.local_minute(now);
        let minute = local.rem_euclid(DAY_MINUTES);
        let borders = [self.from_minute, self.to_minute, DAY_MINUTES];
        let border = borders.into_iter().filter(|border| *border > minute).min();
        let next = local - minute + border.unwrap_or(DAY_MINUTES);
        Time::from_micros((next - self.offset_minutes).saturating_mul(MINUTE_MICROS))
    }

    fn local_minute(&self, now: Time) -> i64 {
        now.as_micros().div_euclid(MINUTE_MICROS) + self.offset_minutes
    }
}

impl FromStr for WeekSpan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no part of a week: `Mon-Fri 08:00-18:00 UTC` is one");
        let [days, hours, zone] = text.split_ascii_whitespace().collect::<Vec<_>>()[..] else {
            return Err(wrong());
        };
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (from, to) = hours.split_once('-').ok_or_else(wrong)?;
        let span = Self {
            first_day: day(first).ok_or_else(wrong)?,
            last_day: day(last).ok_or_else(wrong)?,
            from_minute: minute(from).ok_or_else(wrong)?,
            to_minute: minute(to).ok_or_else(wrong)?,
            offset_minutes: offset(zone).ok_or_else(wrong)?,
        };
        match span.from_minute < span.to_minute {
            true => Ok(span),
            false => Err("a part of a day ends after it begins; write a night as two".to_owned()),
        }
    }
}

fn day(name: &str) -> Option<i64> {
    DAYS.iter().position(|day| *day == name).and_then(|at| i64::try_from(at).ok())
}

fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| match part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())
    {
        true => part.parse::<i64>().ok(),
        false => None,
    };
    let (hour, minute) = (two_digits(hour)?, two_digits(minute).filter(|minute| *minute < 60)?);
    Some(hour * 60 + minute).filter(|minute| *minute <= DAY_MINUTES)
}

fn offset(zone: &str) -> Option<i64> {
    let minutes = match zone.split_at_checked(1)? {
        ("+", ahead) => minute(ahead)?,
        ("-", behind) => -minute(behind)?,
        _ if zone == "UTC" => 0,
        _ => return None,
    };
    Some(minutes).filter(|minutes| minutes.abs() <= OFFSET_MINUTES_MAX)
}

impl fmt::Display for WeekSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name =
            |day: i64| usize::try_from(day).ok().and_then(|day| DAYS.get(day)).unwrap_or(&"");
        f.write_str(name(self.first_day))?;
        if self.first_day != self.last_day {
            write!(f, "-{}", name(self.last_day))?;
        }
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        write!(f, " {}-{} ", clock(self.from_minute), clock(self.to_minute))?;
        match self.offset_minutes {
            0 => f.write_str("UTC"),
            ahead if ahead > 0 => write!(f, "+{}", clock(ahead)),
            behind => write!(f, "-{}", clock(-behind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(text: &str) -> WeekSpan {
        text.parse().unwrap()
    }

    #[test]
    fn spans_print_as_they_read() {
        for text in
            ["Mon-Fri 08:00-18:00 UTC", "Sat 00:00-24:00 +02:00", "Fri-Mon 09:15-09:16 -05:30"]
        {
            assert_eq!(span(text).to_string(), text);
        }
        for text in [
            "",
            "Mon",
            "Mon 18:00-08:00 UTC",
            "Mon 08:00-25:00 UTC",
            "Mon 8:00-9:00 UTC",
            "Mon 08:60-09:00 UTC",
            "Mon 08:00-09:00 CET",
            "Mon 08:00-09:00 +15:00",
            "mon 08:00-09:00 UTC",
        ] {
            assert!(text.parse::<WeekSpan>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_span_may_wrap_around_the_end_of_the_week() {
        let saturday = Time::parse("2026-11-21T10:00:00Z").unwrap();
        assert!(span("Fri-Mon 09:00-11:00 UTC").contains(saturday));
        assert!(!span("Mon-Fri 09:00-11:00 UTC").contains(saturday));
        assert!(span("Sat 11:00-13:00 +02:00").contains(saturday));
    }

    proptest! {
        #[test]
        fn nothing_changes_before_the_next_change(
            micros in -4_000_000_000_000_000_i64..4_000_000_000_000_000, share in 0.0..1.0_f64,
            text in prop::sample::select(vec!["Mon-Fri 08:00-18:00 UTC", "Sat-Mon 22:00-24:00 +05:30"]),
        ) {
            let (span, now) = (span(text), Time::from_micros(micros));
            let change = span.next_change(now);
            prop_assert!(change > now);
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "some moment between")]
            let between = now.plus_micros(((change.as_micros() - micros - 1) as f64 * share) as i64);
            prop_assert_eq!(span.contains(between), span.contains(now));
        }
    }
}
