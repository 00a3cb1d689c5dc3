//! Frames: tables in memory whose columns know where they come from.
//!
//! Every operation moves the lineage along with the values, so what a job reports is what it did
//! and cannot drift from the code. An operation that names a column that is not there is an
//! error: the job fails, the demo goes on.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result, ensure};

use crate::dataset::Dataset;
use crate::origin::{How, Origin, Shape, Shapers, merge};
use crate::value::{Kind, Value};

/// Name and type of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
}

/// A column's head: its field and its lineage.
#[derive(Debug, Clone)]
pub struct Column {
    pub field: Field,
    pub origins: Vec<Origin>,
}

/// A table in memory.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Value>>,
    /// The columns that decided which rows there are.
    pub shapers: Shapers,
}

impl Frame {
    /// A frame as read from a dataset.
    #[must_use]
    pub fn read(dataset: &'static Dataset, fields: Vec<Field>, rows: Vec<Vec<Value>>) -> Self {
        let columns = fields
            .into_iter()
            .map(|field| Column { origins: vec![Origin::read(dataset, &field.name)], field });
        Self { columns: columns.collect(), rows, shapers: Shapers::default() }
    }

    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        self.columns.iter().map(|column| column.field.clone()).collect()
    }

    /// The place of a column.
    ///
    /// # Errors
    ///
    /// If there is none of that name.
    pub fn at(&self, name: &str) -> Result<usize> {
        let found = self.columns.iter().position(|column| column.field.name == name);
        found.with_context(|| format!("no column {name}"))
    }

    /// Keeps these columns, in this order. A name `old>new` also renames.
    ///
    /// # Errors
    ///
    /// If a column is missing.
    pub fn select(self, names: &[&str]) -> Result<Self> {
        let mut places = Vec::new();
        let mut columns = Vec::new();
        for name in names {
            let (old, new) = name.split_once('>').unwrap_or((name, name));
            let at = self.at(old)?;
            let mut column = self.columns[at].clone();
            new.clone_into(&mut column.field.name);
            places.push(at);
            columns.push(column);
        }
        let rows = self.rows.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect());
        Ok(Self { rows: rows.collect(), columns, shapers: self.shapers })
    }

    /// Changes a column in place.
    ///
    /// # Errors
    ///
    /// If it is missing.
    pub fn map(
        mut self,
        name: &str,
        by: &'static str,
        change: impl Fn(&Value) -> Value,
    ) -> Result<Self> {
        let at = self.at(name)?;
        for origin in &mut self.columns[at].origins {
            *origin = origin.then(How::Transformation, false, by);
        }
        for row in &mut self.rows {
            row[at] = change(&row[at]);
        }
        Ok(self)
    }

    /// Adds a column that is worked out of others.
    ///
    /// # Errors
    ///
    /// If one of them is missing or the new one is there already.
    pub fn derive(
        self,
        new: (&str, Kind),
        from: &[&str],
        by: &'static str,
        make: impl Fn(&[&Value]) -> Value,
    ) -> Result<Self> {
        self.add(new, from, (by, false), make)
    }

    /// Adds a column from which the ones it is made of cannot be read any more.
    ///
    /// # Errors
    ///
    /// If one of them is missing or the new one is there already.
    pub fn mask(
        self,
        new: (&str, Kind),
        from: &str,
        by: &'static str,
        make: impl Fn(&Value) -> Value,
    ) -> Result<Self> {
        self.add(new, &[from], (by, true), |values| make(values[0]))
    }

    fn add(
        mut self,
        (name, kind): (&str, Kind),
        from: &[&str],
        (by, masked): (&'static str, bool),
        make: impl Fn(&[&Value]) -> Value,
    ) -> Result<Self> {
        ensure!(self.at(name).is_err(), "column {name} is there already");
        let places = from.iter().map(|name| self.at(name)).collect::<Result<Vec<_>>>()?;
        let mut origins = Vec::new();
        for at in &places {
            let more = self.columns[*at].origins.iter();
            merge(&mut origins, more.map(|origin| origin.then(How::Transformation, masked, by)));
        }
        for row in &mut self.rows {
            let values: Vec<_> = places.iter().map(|at| &row[*at]).collect();
            let made = make(&values);
            row.push(made);
        }
        self.columns.push(Column { field: Field { name: name.to_owned(), kind }, origins });
        Ok(self)
    }

    /// Keeps the rows of which the condition on one column holds.
    ///
    /// # Errors
    ///
    /// If the column is missing.
    pub fn filter(mut self, name: &str, keep: impl Fn(&Value) -> bool) -> Result<Self> {
        let at = self.at(name)?;
        self.shapers.note(Shape::Filter, &self.columns[at].origins);
        self.rows.retain(|row| keep(&row[at]));
        Ok(self)
    }

    /// Keeps the last row of each value of a column: later copies of a record win.
    ///
    /// # Errors
    ///
    /// If the column is missing.
    pub fn last_of_each(mut self, name: &str) -> Result<Self> {
        let at = self.at(name)?;
        self.shapers.note(Shape::Window, &self.columns[at].origins);
        let mut seen = BTreeSet::new();
        self.rows.reverse();
        self.rows.retain(|row| seen.insert(row[at].to_string()));
        self.rows.reverse();
        Ok(self)
    }

    /// Joins each row with the first match of `right`, whose key column is left out.
    ///
    /// Rows without a match stay, with nulls, if `keep_all`.
    ///
    /// # Errors
    ///
    /// If a key is missing or both sides have a column of one name.
    pub fn join(
        mut self,
        right: &Self,
        (left_key, right_key): (&str, &str),
        keep_all: bool,
    ) -> Result<Self> {
        let (left_at, right_at) = (self.at(left_key)?, right.at(right_key)?);
        self.shapers.extend(&right.shapers);
        self.shapers.note(Shape::Join, &self.columns[left_at].origins);
        self.shapers.note(Shape::Join, &right.columns[right_at].origins);
        let others: Vec<usize> = (0..right.columns.len()).filter(|at| *at != right_at).collect();
        for at in &others {
            let column = right.columns[*at].clone();
            ensure!(self.at(&column.field.name).is_err(), "both have {}", column.field.name);
            self.columns.push(column);
        }
        let mut index = HashMap::new();
        for row in right.rows.iter().filter(|row| !row[right_at].is_null()) {
            index.entry(row[right_at].to_string()).or_insert(row);
        }
        let mut joined = Vec::with_capacity(self.rows.len());
        for mut row in std::mem::take(&mut self.rows) {
            match index.get(&row[left_at].to_string()) {
                Some(found) => row.extend(others.iter().map(|at| found[*at].clone())),
                None if keep_all => row.extend(others.iter().map(|_| Value::Null)),
                None => continue,
            }
            joined.push(row);
        }
        self.rows = joined;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row;

    static LEFT: Dataset = Dataset::lake("left", "team:t", "");
    static RIGHT: Dataset = Dataset::lake("right", "team:t", "");

    fn frame(dataset: &'static Dataset, names: &[&str], rows: Vec<Vec<Value>>) -> Frame {
        let field = |name: &&str| Field { name: (*name).to_owned(), kind: Kind::Text };
        Frame::read(dataset, names.iter().map(field).collect(), rows)
    }

    #[test]
    fn a_value_carries_its_lineage_through_every_step() {
        let right = frame(&RIGHT, &["id", "city"], vec![row!["1", "Ghent"]]);
        let joined = frame(&LEFT, &["key", "name"], vec![row!["1", "Ada"], row!["2", "Bob"]])
            .join(&right, ("key", "id"), false)
            .unwrap()
            .mask(("name_key", Kind::Text), "name", "hash", |_| Value::from("#"))
            .unwrap()
            .derive(("label", Kind::Text), &["name_key", "city"], "concat", |values| {
                format!("{}{}", values[0], values[1]).into()
            })
            .unwrap()
            .select(&["label>title"])
            .unwrap();
        assert_eq!(joined.rows, vec![row!["#Ghent"]]);
        let [name, city] = &joined.columns[0].origins[..] else { panic!("two origins") };
        assert_eq!((name.field.as_str(), name.masked), ("name", true));
        assert_eq!((city.field.as_str(), city.masked), ("city", false));
        let shapers: Vec<_> = joined.shapers.iter().map(|(_, field, _)| field).collect();
        assert_eq!(shapers, ["key", "id"]);
    }

    #[test]
    fn later_copies_of_a_record_win_and_nulls_never_match() {
        let rows = vec![row!["1", "old"], row!["2", "two"], row!["1", "new"]];
        let latest = frame(&LEFT, &["id", "text"], rows).last_of_each("id").unwrap();
        assert_eq!(latest.rows, vec![row!["2", "two"], row!["1", "new"]]);
        let right = frame(&RIGHT, &["id2", "more"], vec![vec![Value::Null, Value::from("x")]]);
        let left = frame(&LEFT, &["id"], vec![vec![Value::Null]]);
        let joined = left.join(&right, ("id", "id2"), true).unwrap();
        assert_eq!(joined.rows, vec![vec![Value::Null, Value::Null]]);
    }
}
