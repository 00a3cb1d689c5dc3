//! What a job may do: read, query, write; and the report of what it did.
//!
//! A job touches data only through its task, so the report (what was read and written, with
//! schemas, rows and column lineage) is complete without the job saying anything.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::batch::Batch;
use crate::check::{Check, Measures};
use crate::dataset::{Dataset, Store};
use crate::files;
use crate::frame::{Column, Field, Frame};
use crate::lake;
use crate::origin::Shapers;
use crate::parts;
use crate::select::Select;
use crate::sqlite::Database;
use crate::value::Kind;

/// What a job read.
#[derive(Debug)]
pub struct Input {
    pub dataset: &'static Dataset,
    pub fields: Vec<Field>,
    pub rows: usize,
    pub checks: Vec<Check>,
    pub measures: Option<Measures>,
}

/// What a job wrote.
#[derive(Debug)]
pub struct Output {
    pub dataset: &'static Dataset,
    pub columns: Vec<Column>,
    pub shapers: Shapers,
    pub rows: usize,
    pub bytes: Option<u64>,
    /// The files written, if the dataset is a folder.
    pub files: Vec<PathBuf>,
    /// `CREATE`, `ALTER` or `OVERWRITE`; nothing if rows were only added.
    pub change: Option<&'static str>,
}

/// What a job did.
#[derive(Debug, Default)]
pub struct Report {
    pub inputs: Vec<Input>,
    pub outputs: Vec<Output>,
    pub sql: Vec<String>,
}

/// A job at work.
pub struct Task<'a> {
    pub root: &'a Path,
    pub batch: &'a Batch,
    pub report: Report,
}

/// Whether what is written takes the place of what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Append,
    Replace,
}

impl<'a> Task<'a> {
    #[must_use]
    pub fn new(root: &'a Path, batch: &'a Batch) -> Self {
        Self { root, batch, report: Report::default() }
    }

    /// Reads all of a lake dataset.
    ///
    /// # Errors
    ///
    /// If there is nothing yet, or it cannot be read.
    pub fn read(&mut self, dataset: &'static Dataset) -> Result<Frame> {
        let parts = parts::list(&dataset.place(self.root))?;
        self.read_parts(dataset, &parts)
    }

    /// Reads the newest part of a lake dataset: the last snapshot.
    ///
    /// # Errors
    ///
    /// If there is nothing yet, or it cannot be read.
    pub fn read_newest(&mut self, dataset: &'static Dataset) -> Result<Frame> {
        let parts = parts::list(&dataset.place(self.root))?;
        self.read_parts(dataset, &parts[parts.len().saturating_sub(1)..])
    }

    fn read_parts(&mut self, dataset: &'static Dataset, parts: &[PathBuf]) -> Result<Frame> {
        let (fields, rows) = lake::read(parts).with_context(|| dataset.path)?;
        self.note_input(dataset, &fields, rows.len());
        Ok(Frame::read(dataset, fields, rows))
    }

    /// Reads the newest file of a landing folder.
    ///
    /// # Errors
    ///
    /// If there is none, or it is garbled.
    pub fn read_file(
        &mut self,
        dataset: &'static Dataset,
        fields: &[(&str, Kind)],
    ) -> Result<Frame> {
        let fields = fields_of(fields);
        let folder = dataset.place(self.root);
        let csv = dataset.store == Store::Csv;
        let paths = files::list(&folder, if csv { "csv" } else { "jsonl" })?;
        let newest = &paths[paths.len().saturating_sub(1)..];
        ensure!(!newest.is_empty(), "{} is empty", dataset.path);
        self.note_input(dataset, &fields, 0);
        let rows = if csv {
            files::read_csv(newest, &fields)?
        } else {
            files::read_lines(newest, &fields)?
        };
        self.note_input(dataset, &fields, rows.len());
        Ok(Frame::read(dataset, fields, rows))
    }

    /// Runs a query and takes its rows.
    ///
    /// # Errors
    ///
    /// Those of the database, or of a template that names no column.
    pub async fn query(&mut self, select: &Select) -> Result<Frame> {
        let mut database = self.database(select).await?;
        let (columns, shapers) = self.describe(&mut database, select).await?;
        let sql = select.sql();
        let rows = database.rows(&sql, &[]).await?;
        self.report.sql.push(sql);
        database.close().await?;
        Ok(Frame { columns, rows, shapers })
    }

    /// Fills a table of the same database with what a query gives.
    ///
    /// # Errors
    ///
    /// Those of the database, or of a template that names no column.
    pub async fn build(&mut self, dataset: &'static Dataset, select: &Select) -> Result<()> {
        let mut database = self.database(select).await?;
        let (columns, shapers) = self.describe(&mut database, select).await?;
        let fields: Vec<_> = columns.iter().map(|column| column.field.clone()).collect();
        let change = change(&database.fields(dataset.table).await?, &fields, Mode::Replace);
        database.create(dataset.table, &fields, true).await?;
        let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
        let names = names.join(", ");
        let sql = format!("INSERT INTO {} ({names}) {}", dataset.table, select.sql());
        let rows = usize::try_from(database.run(&sql).await?)?;
        self.report.sql.push(sql);
        database.close().await?;
        let files = Vec::new();
        let output = Output { dataset, columns, shapers, rows, bytes: None, files, change };
        self.report.outputs.push(output);
        Ok(())
    }

    async fn database(&self, select: &Select) -> Result<Database> {
        let first = select.datasets().next().context("a query without tables")?;
        Database::open(&first.place(self.root)).await
    }

    async fn describe(
        &mut self,
        database: &mut Database,
        select: &Select,
    ) -> Result<(Vec<Column>, Shapers)> {
        let mut known = Vec::new();
        for dataset in select.datasets() {
            let fields = database.fields(dataset.table).await?;
            ensure!(!fields.is_empty(), "there is no table {} yet", dataset.table);
            let rows = usize::try_from(database.count(dataset.table).await?)?;
            self.note_input(dataset, &fields, rows);
            known.push(fields);
        }
        select.lineage(&known)
    }

    /// Columns of a table; none if it is not there.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn fields(&self, dataset: &'static Dataset) -> Result<Vec<Field>> {
        let mut database = Database::open(&dataset.place(self.root)).await?;
        let fields = database.fields(dataset.table).await?;
        database.close().await?;
        Ok(fields)
    }

    /// Writes a frame to a table, a lake folder or a file, as the dataset's kind wants it.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub async fn write(
        &mut self,
        dataset: &'static Dataset,
        frame: Frame,
        mode: Mode,
    ) -> Result<()> {
        let fields = frame.fields();
        let folder = dataset.place(self.root);
        let (before, files) = match dataset.store {
            Store::Sqlite => (self.write_table(dataset, &frame, mode).await?, Vec::new()),
            Store::Parquet => {
                let newest = parts::list(&folder)?.pop();
                let before = newest.map_or(Ok(Vec::new()), |path| lake::fields(&path))?;
                let path = match mode {
                    Mode::Append => parts::next(&folder, self.batch),
                    Mode::Replace => folder.join("part-00000.parquet"),
                };
                lake::write(&path, &fields, &frame.rows)?;
                (before, vec![path])
            }
            Store::Lines | Store::Csv => {
                let csv = dataset.store == Store::Csv;
                let path = folder.join(if csv { "export.csv" } else { "export.jsonl" });
                let before = if path.exists() { fields.clone() } else { Vec::new() };
                let write = if csv { files::write_csv } else { files::write_lines };
                write(&path, &fields, &frame.rows)?;
                (before, vec![path])
            }
        };
        let bytes = files.iter().map(|path| std::fs::metadata(path).map(|found| found.len()));
        let bytes = bytes.sum::<std::io::Result<u64>>()?;
        self.report.outputs.push(Output {
            dataset,
            rows: frame.rows.len(),
            bytes: (!files.is_empty()).then_some(bytes),
            change: change(&before, &fields, mode),
            columns: frame.columns,
            shapers: frame.shapers,
            files,
        });
        Ok(())
    }

    async fn write_table(
        &self,
        dataset: &Dataset,
        frame: &Frame,
        mode: Mode,
    ) -> Result<Vec<Field>> {
        let fields = frame.fields();
        let mut database = Database::open(&dataset.place(self.root)).await?;
        let before = database.fields(dataset.table).await?;
        database.create(dataset.table, &fields, mode == Mode::Replace).await?;
        let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
        database.insert(dataset.table, &names, &frame.rows).await?;
        database.close().await?;
        Ok(before)
    }

    fn note_input(&mut self, dataset: &'static Dataset, fields: &[Field], rows: usize) {
        let known = self.report.inputs.iter_mut().find(|input| input.dataset == dataset);
        match known {
            Some(input) => input.rows = input.rows.max(rows),
            None => self.report.inputs.push(Input {
                dataset,
                fields: fields.to_vec(),
                rows,
                checks: Vec::new(),
                measures: None,
            }),
        }
    }
}

/// What a write did to a dataset, given its columns before and after.
fn change(before: &[Field], after: &[Field], mode: Mode) -> Option<&'static str> {
    match mode {
        _ if before.is_empty() => Some("CREATE"),
        _ if before != after => Some("ALTER"),
        Mode::Append => None,
        Mode::Replace => Some("OVERWRITE"),
    }
}

/// Fields of a fixed list.
#[must_use]
pub fn fields_of(list: &[(&str, Kind)]) -> Vec<Field> {
    list.iter().map(|(name, kind)| Field { name: (*name).to_owned(), kind: *kind }).collect()
}
