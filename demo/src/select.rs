//! SQL queries that know their lineage.
//!
//! A query is put together from templates in which every column is written `{alias.column}`. The
//! same text gives the SQL that runs and the columns it is made of, so neither can be changed
//! without the other.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::dataset::Dataset;
use crate::frame::{Column, Field};
use crate::origin::{How, Origin, Shape, Shapers, merge};
use crate::value::Kind;

/// A query over tables of one database.
#[derive(Debug, Clone)]
pub struct Select {
    tables: Vec<Table>,
    columns: Vec<Expression>,
    filters: Vec<String>,
    groups: Vec<String>,
}

#[derive(Debug, Clone)]
struct Table {
    alias: &'static str,
    dataset: &'static Dataset,
    /// How it is joined, and on what; nothing for the first.
    joined: Option<(&'static str, String)>,
}

#[derive(Debug, Clone)]
struct Expression {
    name: String,
    /// Nothing: that of the column it keeps.
    kind: Option<Kind>,
    text: String,
    how: How,
    masked: bool,
}

impl Select {
    /// Starts a query on one table.
    #[must_use]
    pub fn from(alias: &'static str, dataset: &'static Dataset) -> Self {
        let first = Table { alias, dataset, joined: None };
        Self { tables: vec![first], columns: Vec::new(), filters: Vec::new(), groups: Vec::new() }
    }

    /// Joins a table; rows without a partner go.
    #[must_use]
    pub fn join(self, alias: &'static str, dataset: &'static Dataset, on: &str) -> Self {
        self.joined("JOIN", alias, dataset, on)
    }

    /// Joins a table; rows without a partner stay.
    #[must_use]
    pub fn left_join(self, alias: &'static str, dataset: &'static Dataset, on: &str) -> Self {
        self.joined("LEFT JOIN", alias, dataset, on)
    }

    fn joined(
        mut self,
        word: &'static str,
        alias: &'static str,
        dataset: &'static Dataset,
        on: &str,
    ) -> Self {
        self.tables.push(Table { alias, dataset, joined: Some((word, on.to_owned())) });
        self
    }

    /// Keeps columns `alias.column` as they are; `alias.column>name` also renames.
    #[must_use]
    pub fn keep(mut self, columns: &[&str]) -> Self {
        for column in columns {
            let (column, name) = match column.split_once('>') {
                Some((column, name)) => (column, name),
                None => (*column, column.split_once('.').map_or(*column, |(_, name)| name)),
            };
            self.push(name, None, &format!("{{{column}}}"), (How::Identity, false));
        }
        self
    }

    /// Adds a column that is worked out of others.
    #[must_use]
    pub fn work(mut self, name: &str, kind: Kind, text: &str) -> Self {
        self.push(name, Some(kind), text, (How::Transformation, false));
        self
    }

    /// Adds a column from which its sources cannot be read any more.
    #[must_use]
    pub fn mask(mut self, name: &str, kind: Kind, text: &str) -> Self {
        self.push(name, Some(kind), text, (How::Transformation, true));
        self
    }

    /// Adds a sum, mean, greatest or least of a group.
    #[must_use]
    pub fn fold(mut self, name: &str, kind: Kind, text: &str) -> Self {
        self.push(name, Some(kind), text, (How::Aggregation, false));
        self
    }

    /// Adds a count of a group, which hides what it counted.
    #[must_use]
    pub fn count(mut self, name: &str, text: &str) -> Self {
        self.push(name, Some(Kind::Int), text, (How::Aggregation, true));
        self
    }

    fn push(&mut self, name: &str, kind: Option<Kind>, text: &str, (how, masked): (How, bool)) {
        let (name, text) = (name.to_owned(), text.to_owned());
        self.columns.push(Expression { name, kind, text, how, masked });
    }

    /// Keeps rows of which the condition holds.
    #[must_use]
    pub fn filter(mut self, condition: &str) -> Self {
        self.filters.push(condition.to_owned());
        self
    }

    /// Groups by columns `alias.column`.
    #[must_use]
    pub fn group_by(mut self, columns: &[&str]) -> Self {
        self.groups.extend(columns.iter().map(|column| format!("{{{column}}}")));
        self
    }

    /// Keeps every column of the first table that `fields` names.
    #[must_use]
    pub fn keep_all(self, fields: &[Field]) -> Self {
        let alias = self.tables[0].alias;
        let names: Vec<_> = fields.iter().map(|field| format!("{alias}.{}", field.name)).collect();
        self.keep(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The datasets it reads, in order.
    pub fn datasets(&self) -> impl Iterator<Item = &'static Dataset> {
        self.tables.iter().map(|table| table.dataset)
    }

    /// The query as the database reads it.
    #[must_use]
    pub fn sql(&self) -> String {
        let columns = self.columns.iter();
        let columns = columns.map(|column| format!("{} AS {}", plain(&column.text), column.name));
        let mut sql = format!("SELECT {}", columns.collect::<Vec<_>>().join(", "));
        for table in &self.tables {
            let name = format!("{} {}", table.dataset.table, table.alias);
            sql.push_str(&match &table.joined {
                None => format!(" FROM {name}"),
                Some((word, on)) => format!(" {word} {name} ON {}", plain(on)),
            });
        }
        let parts = [(" WHERE ", " AND ", &self.filters), (" GROUP BY ", ", ", &self.groups)];
        for (word, between, texts) in parts {
            if !texts.is_empty() {
                let texts: Vec<_> = texts.iter().map(|text| plain(text)).collect();
                sql.push_str(word);
                sql.push_str(&texts.join(between));
            }
        }
        sql
    }

    /// The columns that come out, and what shaped the rows, given the columns of the tables.
    ///
    /// # Errors
    ///
    /// If a template names a column or alias that is not there.
    pub fn lineage(&self, fields: &[Vec<Field>]) -> Result<(Vec<Column>, Shapers)> {
        let known: BTreeMap<_, _> = self
            .tables
            .iter()
            .zip(fields)
            .map(|(table, fields)| (table.alias, (table.dataset, fields)))
            .collect();
        let find = |alias: &str, column: &str| {
            let (dataset, fields) = known.get(alias).with_context(|| format!("alias {alias}"))?;
            let field = fields.iter().find(|field| field.name == column);
            let field = field.with_context(|| format!("{}.{column}", dataset.table))?;
            anyhow::Ok((Origin::read(dataset, column), field.kind))
        };
        let mut columns = Vec::new();
        for expression in &self.columns {
            let mut origins = Vec::new();
            let mut kind = expression.kind;
            for (alias, column) in references(&expression.text) {
                let (origin, found) = find(alias, column)?;
                kind = kind.or(Some(found));
                merge(&mut origins, [origin.then(expression.how, expression.masked, "")]);
            }
            let kind = kind.unwrap_or(Kind::Text);
            columns.push(Column { field: Field { name: expression.name.clone(), kind }, origins });
        }
        let mut shapers = Shapers::default();
        let joins = self.tables.iter().filter_map(|table| table.joined.as_ref().map(|(_, on)| on));
        let shaped = joins.map(|text| (Shape::Join, text));
        let shaped = shaped.chain(self.filters.iter().map(|text| (Shape::Filter, text)));
        for (shape, text) in shaped.chain(self.groups.iter().map(|text| (Shape::GroupBy, text))) {
            for (alias, column) in references(text) {
                shapers.note(shape, &[find(alias, column)?.0]);
            }
        }
        Ok((columns, shapers))
    }
}

/// The columns that a template names, as (alias, column).
fn references(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let inner = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    inner.filter_map(|(name, _)| name.split_once('.'))
}

/// The template as SQL.
fn plain(text: &str) -> String {
    text.replace(['{', '}'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    static ORDERS: Dataset = Dataset::table("a.db", "orders", "team:t", "");
    static PEOPLE: Dataset = Dataset::table("a.db", "people", "team:t", "");

    fn fields(names: &[&str]) -> Vec<Field> {
        let field = |name: &&str| Field { name: (*name).to_owned(), kind: Kind::Text };
        names.iter().map(field).collect()
    }

    fn query() -> Select {
        Select::from("p", &PEOPLE)
            .join("o", &ORDERS, "{o.person} = {p.id}")
            .keep(&["p.id>person_id"])
            .mask("initial", Kind::Text, "substr({p.name}, 1, 1)")
            .fold("spent", Kind::Real, "sum({o.price} * {o.number})")
            .filter("{o.price} > 0")
            .group_by(&["p.id"])
    }

    #[test]
    fn the_text_is_plain_sql() {
        assert_eq!(
            query().sql(),
            "SELECT p.id AS person_id, substr(p.name, 1, 1) AS initial, sum(o.price * o.number) AS \
             spent FROM people p JOIN orders o ON o.person = p.id WHERE o.price > 0 GROUP BY p.id"
        );
    }

    #[test]
    fn every_column_of_the_text_is_in_the_lineage() {
        let tables = [fields(&["id", "name"]), fields(&["person", "price", "number"])];
        let (columns, shapers) = query().lineage(&tables).unwrap();
        let sources = |at: usize| {
            let origins: &Vec<Origin> = &columns[at].origins;
            origins.iter().map(|o| (o.field.as_str(), o.how, o.masked)).collect::<Vec<_>>()
        };
        assert_eq!(sources(0), [("id", How::Identity, false)]);
        assert_eq!(sources(1), [("name", How::Transformation, true)]);
        let aggregated = How::Aggregation;
        assert_eq!(sources(2), [("price", aggregated, false), ("number", aggregated, false)]);
        let shaped: Vec<_> = shapers.iter().map(|(_, field, shape)| (field, shape)).collect();
        let expected = [
            ("person", Shape::Join),
            ("price", Shape::Filter),
            ("id", Shape::Join),
            ("id", Shape::GroupBy),
        ];
        assert_eq!(shaped, expected);
    }

    #[test]
    fn a_column_that_is_not_there_is_an_error() {
        let error = query().lineage(&[fields(&["id"]), fields(&["person"])]).unwrap_err();
        assert_eq!(error.to_string(), "people.name");
    }
}
