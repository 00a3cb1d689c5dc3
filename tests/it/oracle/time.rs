//! Times as the oracle counts them: microseconds since 1970 in UTC.

/// One minute.
pub const MINUTE: i64 = 60_000_000;
/// One hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Longer ago than anything.
pub const BEGINNING: i64 = i64::MIN;
/// Later than anything.
pub const END: i64 = i64::MAX;

/// Reads an RFC 3339 time; without an offset it is UTC, a region in brackets is left aside.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.split('[').next()?.trim();
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let mut parts = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let cut = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, offset) = rest.split_at(cut);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.split(':').map(str::parse::<i64>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().map_or(Some(0), Result::ok)?;
    let micros: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    let shift = match offset.get(..1) {
        Some(sign @ ("+" | "-")) => {
            let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
            let minutes = digits.get(..2)?.parse::<i64>().ok()? * 60
                + digits.get(2..4).map_or(Ok(0), str::parse::<i64>).ok()?;
            if sign == "+" { minutes } else { -minutes }
        }
        _ => 0,
    };
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute - shift) * 60 + second;
    Some(seconds * 1_000_000 + micros)
}

/// Counts the days from 1970 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[test]
fn the_same_instant_is_read_from_every_spelling() {
    let noon = parse("2026-07-01T12:00:00Z");
    assert_eq!(noon, Some(1_782_907_200_000_000));
    for text in [
        "2026-07-01T14:00:00+02:00",
        "2026-07-01T12:00:00",
        "2026-07-01T13:00:00.000+01:00[Europe/London]",
        "2026-07-01T06:30:00-0530",
    ] {
        assert_eq!(parse(text), noon, "{text}");
    }
    assert_eq!(parse("1969-12-31T23:59:59.5Z"), Some(-500_000));
    assert_eq!(parse("yesterday"), None);
}
