//! Lines of comma-separated values, as policies and their cases are written.
//!
//! One record a line; fields trimmed; a field in quotes may hold commas and `""` for a quote
//! (RFC 4180, but no line breaks inside fields); empty lines and lines that begin with `#` are
//! skipped. Every file that casbin's own reader understands is read alike.

/// Reads the records of a text, each with its line's number, from 1.
pub(super) fn records(text: &str) -> impl Iterator<Item = (usize, Result<Vec<String>, String>)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| (number, fields(line)))
}

fn fields(line: &str) -> Result<Vec<String>, String> {
    let mut fields = vec![];
    let mut rest = line;
    loop {
        let (field, after) = match rest.trim_start().strip_prefix('"') {
            Some(quoted) => quoted_field(quoted)?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                (field.trim().to_owned(), after)
            }
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(fields),
            None => return Err("a comma is missing after a quoted field".to_owned()),
        }
    }
}

fn quoted_field(quoted: &str) -> Result<(String, &str), String> {
    let mut field = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"').ok_or("a quoted field does not end")?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None => return Ok((field, after.trim_start())),
        }
    }
}

/// Writes a record, with quotes where they are needed.
pub(super) fn record<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let written = fields.into_iter().map(|field| {
        let plain = field.trim() == field && !field.contains([',', '"', '#']);
        if plain { field.to_owned() } else { format!("\"{}\"", field.replace('"', "\"\"")) }
    });
    written.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn records_keep_their_line_numbers() {
        let read: Vec<_> = records("# note\n\na, \"b, \"\"c\"\" \" ,\n\"x\n\"x\" y").collect();
        assert_eq!(read[0], (3, Ok(vec!["a".into(), "b, \"c\" ".into(), String::new()])));
        assert!(read[1].1.is_err() && read[2].1.is_err());
        assert_eq!(read[2].0, 5);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fields in prop::collection::vec("[a-z ,\"#|é]{0,6}", 2..5)) {
            let mut all = vec!["p"];
            all.extend(fields.iter().map(String::as_str));
            let line = record(all.iter().copied());
            let read: Vec<_> = records(&line).collect();
            prop_assert_eq!(&read[0].1, &Ok(all.iter().map(|f| (*f).to_owned()).collect()), "{}", line);
        }
    }
}
