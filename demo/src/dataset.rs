//! Datasets: what they are called, where they lie, what a steward says of them.
//!
//! Names follow the OpenLineage naming where it has a rule (local files: namespace `file`, name
//! the absolute path). It has none for `SQLite`; here the namespace is `sqlite://` and the absolute
//! path of the database, which is also its connection URL, and the name is the table's.

use std::path::{Path, PathBuf};

/// What kind of store holds a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// A table of a `SQLite` database.
    Sqlite,
    /// A folder of Parquet files.
    Parquet,
    /// A folder of files with one JSON object a line.
    Lines,
    /// A folder of CSV files with a head line.
    Csv,
}

/// A dataset of the company; always a constant of the department that makes it.
#[derive(Debug)]
pub struct Dataset {
    pub store: Store,
    /// The database or folder, below the data folder.
    pub path: &'static str,
    /// The table; empty for files.
    pub table: &'static str,
    /// Who answers for it, as `team:NAME`.
    pub owner: &'static str,
    pub doc: &'static str,
    /// Which columns hold which class of personal data. Stewards tag sources only: what is
    /// made of them is for lineage to tell.
    pub classes: &'static [(&'static str, &'static str)],
}

impl Dataset {
    /// A table of a database.
    #[must_use]
    pub const fn table(
        path: &'static str,
        table: &'static str,
        owner: &'static str,
        doc: &'static str,
    ) -> Self {
        Self { store: Store::Sqlite, path, table, owner, doc, classes: &[] }
    }

    /// A folder of files.
    #[must_use]
    pub const fn files(
        store: Store,
        path: &'static str,
        owner: &'static str,
        doc: &'static str,
    ) -> Self {
        Self { store, path, table: "", owner, doc, classes: &[] }
    }

    /// A folder of Parquet files.
    #[must_use]
    pub const fn lake(path: &'static str, owner: &'static str, doc: &'static str) -> Self {
        Self::files(Store::Parquet, path, owner, doc)
    }

    /// The same dataset with its personal data tagged.
    #[must_use]
    pub const fn holding(mut self, classes: &'static [(&'static str, &'static str)]) -> Self {
        self.classes = classes;
        self
    }

    /// Where it lies.
    #[must_use]
    pub fn place(&self, root: &Path) -> PathBuf {
        root.join(self.path)
    }

    /// Its namespace in lineage events.
    #[must_use]
    pub fn namespace(&self, root: &Path) -> String {
        match self.store {
            Store::Sqlite => format!("sqlite://{}", self.place(root).display()),
            _ => "file".to_owned(),
        }
    }

    /// Its name in lineage events.
    #[must_use]
    pub fn name(&self, root: &Path) -> String {
        match self.store {
            Store::Sqlite => self.table.to_owned(),
            _ => self.place(root).display().to_string(),
        }
    }

    /// The layer it belongs to, told by its place.
    #[must_use]
    pub fn layer(&self) -> &'static str {
        let by_path = [
            ("lake/bronze/", "bronze"),
            ("lake/silver/", "silver"),
            ("warehouse/", "gold"),
            ("exports/", "export"),
        ];
        let staging = self.table.starts_with("stg_");
        let found = by_path.iter().find(|(path, _)| self.path.starts_with(path));
        found.map_or("source", |(_, layer)| if staging { "staging" } else { layer })
    }
}

impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        (self.path, self.table) == (other.path, other.table)
    }
}

impl Eq for Dataset {}
