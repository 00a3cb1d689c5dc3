//! Writes a whole stream of events in one of its formats.

use std::io;

use super::generator::Generator;
use super::settings::{Format, Settings};

/// Writes the whole stream in the format of the settings and returns the number of events.
///
/// # Errors
///
/// Those of `out`.
pub fn write(settings: &Settings, out: &mut impl io::Write) -> io::Result<u64> {
    let array = settings.format == Format::Json;
    let mut count = 0;
    if array {
        out.write_all(b"[")?;
    }
    for event in Generator::new(settings) {
        if array && count > 0 {
            out.write_all(b",\n")?;
        }
        out.write_all(event.as_bytes())?;
        if !array {
            out.write_all(b"\n")?;
        }
        count += 1;
    }
    if array {
        out.write_all(b"]\n")?;
    }
    out.flush()?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn both_formats_hold_the_same_events() {
        let settings = Settings::default();
        let (mut lines, mut array) = (Vec::new(), Vec::new());
        let count = write(&settings, &mut lines).unwrap();
        write(&Settings { format: Format::Json, ..settings }, &mut array).unwrap();
        let lines: Vec<Value> = std::str::from_utf8(&lines)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len() as u64, count);
        assert_eq!(lines, serde_json::from_slice::<Vec<Value>>(&array).unwrap());
    }
}
