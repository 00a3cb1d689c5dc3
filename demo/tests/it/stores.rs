//! What is really in the stores, read by the names that the events give them.

use std::path::{Path, PathBuf};

use lethe_demo::sqlite::Database;
use lethe_demo::value::Value;
use lethe_demo::{files, lake, parts};

use crate::events::Id;

/// Column names and rows of a dataset.
pub type Table = (Vec<String>, Vec<Vec<Value>>);

/// Reads all of a dataset; `columns` are those that events name.
pub async fn read(id: &Id, columns: &[String]) -> Table {
    if let Some(path) = id.0.strip_prefix("sqlite://") {
        let mut database = Database::open(Path::new(path)).await.unwrap();
        let sql = format!("SELECT {} FROM {}", columns.join(", "), id.1);
        return (columns.to_vec(), database.rows(&sql, &[]).await.unwrap());
    }
    assert_eq!(id.0, "file");
    let folder = Path::new(&id.1);
    let found = parts::list(folder).unwrap();
    if !found.is_empty() {
        return parquet(&found);
    }
    let lines = files::list(folder, "jsonl").unwrap();
    let texts = if lines.is_empty() { files::list(folder, "csv").unwrap() } else { lines };
    // Text is searched as it stands: a cell that holds a whole line has all of its columns.
    let rows = texts.iter().flat_map(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| vec![Value::from(line)]).collect::<Vec<_>>()
    });
    (vec!["*".to_owned()], rows.collect())
}

fn parquet(paths: &[PathBuf]) -> Table {
    let (fields, rows) = lake::read(paths).unwrap();
    (fields.into_iter().map(|field| field.name).collect(), rows)
}

/// Number of records in one file, by its ending.
pub fn count(path: &Path) -> usize {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("parquet") => lake::read(&[path.to_owned()]).unwrap().1.len(),
        Some("csv") => std::fs::read_to_string(path).unwrap().lines().count() - 1,
        _ => std::fs::read_to_string(path).unwrap().lines().count(),
    }
}
