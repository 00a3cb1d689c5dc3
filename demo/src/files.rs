//! Folders of text files: JSON lines and CSV, as devices, laboratories and platforms send them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value as Json};

use crate::frame::Field;
use crate::value::{Kind, Value};

/// Files of a folder with that ending, by name; none if the folder is not there.
///
/// # Errors
///
/// If the folder cannot be read.
pub fn list(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|found| found == ending) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    Ok(paths)
}

/// Folders in a folder; none if it is not there.
///
/// # Errors
///
/// If it cannot be read.
pub fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            paths.extend(Some(entry?.path()).filter(|path| path.is_dir()));
        }
    }
    Ok(paths)
}

/// Deletes all but the newest files of a folder.
///
/// # Errors
///
/// If one cannot be deleted.
pub fn trim(folder: &Path, ending: &str, files_max: usize) -> Result<()> {
    let paths = list(folder, ending)?;
    for path in paths.iter().rev().skip(files_max) {
        fs::remove_file(path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Writes one JSON object for each row, one a line.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_lines(path: &Path, fields: &[Field], rows: &[Vec<Value>]) -> Result<()> {
    let mut text = String::new();
    for row in rows {
        let pairs = fields.iter().zip(row).map(|(field, value)| {
            let json = match value {
                Value::Null => Json::Null,
                Value::Int(number) => Json::from(*number),
                Value::Real(number) => Json::from(*number),
                Value::Text(text) => Json::from(text.as_str()),
            };
            (field.name.clone(), json)
        });
        text.push_str(&Json::Object(pairs.collect::<Map<_, _>>()).to_string());
        text.push('\n');
    }
    replace(path, &text)
}

/// Reads the given columns of JSON lines.
///
/// # Errors
///
/// If a file cannot be read or a line is no JSON.
pub fn read_lines(paths: &[PathBuf], fields: &[Field]) -> Result<Vec<Vec<Value>>> {
    let mut rows = Vec::new();
    for path in paths {
        for line in fs::read_to_string(path)?.lines() {
            let object: Json = serde_json::from_str(line).with_context(|| line.to_owned())?;
            let cell = |field: &Field| match (&object[&field.name], field.kind) {
                (Json::String(text), _) => Value::from(text),
                (Json::Number(number), Kind::Int) => {
                    number.as_i64().map_or(Value::Null, Value::Int)
                }
                (Json::Number(number), _) => number.as_f64().map_or(Value::Null, Value::Real),
                _ => Value::Null,
            };
            rows.push(fields.iter().map(cell).collect());
        }
    }
    Ok(rows)
}

/// Writes a CSV file with a head line; text is quoted where RFC 4180 wants it.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_csv(path: &Path, fields: &[Field], rows: &[Vec<Value>]) -> Result<()> {
    let names = fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    let mut text = names.join(",") + "\n";
    for row in rows {
        let cells = row.iter().map(|value| {
            let cell = value.to_string();
            if cell.contains([',', '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell
            }
        });
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    replace(path, &text)
}

/// Reads CSV files whose head line has exactly these columns and whose cells hold no commas.
///
/// # Errors
///
/// If a cell is not of its column's type, with the file and line: what a laboratory garbled
/// must not reach the lake.
pub fn read_csv(paths: &[PathBuf], fields: &[Field]) -> Result<Vec<Vec<Value>>> {
    let mut rows = Vec::new();
    for path in paths {
        let text = fs::read_to_string(path)?;
        for (number, line) in text.lines().enumerate().skip(1) {
            let cells: Vec<_> = line.split(',').collect();
            let place = || format!("{} line {}", path.display(), number + 1);
            if cells.len() != fields.len() {
                bail!("{}: {} cells, expected {}", place(), cells.len(), fields.len());
            }
            let row = cells.iter().zip(fields).map(|(cell, field)| parse(cell, field));
            rows.push(row.collect::<Result<_>>().with_context(place)?);
        }
    }
    Ok(rows)
}

fn parse(cell: &str, field: &Field) -> Result<Value> {
    let refused = || format!("{}: '{cell}' is no number", field.name);
    Ok(match field.kind {
        _ if cell.is_empty() => Value::Null,
        Kind::Text => Value::from(cell),
        Kind::Int => Value::Int(cell.parse().with_context(refused)?),
        Kind::Real => Value::Real(cell.parse().with_context(refused)?),
    })
}

/// Writes a file so that nobody sees half of it.
///
/// # Errors
///
/// If the file cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension("tmp");
    fs::write(&unfinished, text)?;
    Ok(fs::rename(unfinished, path)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row;

    #[test]
    fn lines_and_csv_give_back_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let field = |name: &str, kind| Field { name: name.to_owned(), kind };
        let fields = [field("a", Kind::Text), field("n", Kind::Int), field("r", Kind::Real)];
        let rows = vec![row!["x", 1_i64, 1.5], vec![Value::Null, Value::Null, Value::Null]];
        let (lines, csv) = (folder.path().join("a.jsonl"), folder.path().join("a.csv"));
        write_lines(&lines, &fields, &rows).unwrap();
        write_csv(&csv, &fields, &rows).unwrap();
        assert_eq!(read_lines(&[lines], &fields).unwrap(), rows);
        assert_eq!(read_csv(std::slice::from_ref(&csv), &fields).unwrap(), rows);
        replace(&csv, "a,n,r\nx,1,n/a\n").unwrap();
        let error = format!("{:#}", read_csv(&[csv], &fields).unwrap_err());
        assert!(error.contains("line 2") && error.contains("'n/a' is no number"), "{error}");
    }
}
