//! Grouping of frames: sums, counts and means with their lineage.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::frame::{Column, Field, Frame};
use crate::origin::{How, Shape};
use crate::value::{Kind, Value};

/// What is made of the values of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    Count,
    Sum,
    Mean,
    Max,
}

impl Fold {
    fn word(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Max => "max",
        }
    }

    fn kind(self) -> Kind {
        if self == Self::Count { Kind::Int } else { Kind::Real }
    }

    fn of(self, values: &[f64], count: usize) -> Value {
        let sum: f64 = values.iter().sum();
        match self {
            Self::Count => Value::Int(i64::try_from(count).unwrap_or(i64::MAX)),
            _ if values.is_empty() => Value::Null,
            Self::Sum => Value::Real(round(sum)),
            #[expect(clippy::cast_precision_loss)]
            Self::Mean => Value::Real(round(sum / values.len() as f64)),
            Self::Max => Value::Real(values.iter().copied().fold(f64::MIN, f64::max)),
        }
    }
}

impl Frame {
    /// Makes one row of each group: its keys, then the folds `(new name, fold, column)`.
    ///
    /// # Errors
    ///
    /// If a column is missing.
    pub fn group(self, keys: &[&str], folds: &[(&str, Fold, &str)]) -> Result<Self> {
        let places = keys.iter().map(|key| self.at(key)).collect::<Result<Vec<_>>>()?;
        let mut shapers = self.shapers.clone();
        let mut columns = Vec::new();
        for at in &places {
            shapers.note(Shape::GroupBy, &self.columns[*at].origins);
            columns.push(self.columns[*at].clone());
        }
        let mut sources = Vec::new();
        for (name, fold, from) in folds {
            let at = self.at(from)?;
            let masked = *fold == Fold::Count;
            let origins = self.columns[at].origins.iter();
            let origins = origins.map(|origin| origin.then(How::Aggregation, masked, fold.word()));
            let field = Field { name: (*name).to_owned(), kind: fold.kind() };
            columns.push(Column { field, origins: origins.collect() });
            sources.push((at, *fold));
        }
        let mut groups = BTreeMap::<Vec<String>, Vec<&Vec<Value>>>::new();
        for row in &self.rows {
            let key = places.iter().map(|at| row[*at].to_string()).collect();
            groups.entry(key).or_default().push(row);
        }
        let rows = groups.into_values().map(|group| {
            let keys = places.iter().map(|at| group[0][*at].clone());
            let folded = sources.iter().map(|(at, fold)| {
                let filled = group.iter().filter(|row| !row[*at].is_null()).count();
                let values: Vec<_> = group.iter().filter_map(|row| row[*at].as_real()).collect();
                fold.of(&values, filled)
            });
            keys.chain(folded).collect()
        });
        Ok(Self { rows: rows.collect(), columns, shapers })
    }
}

/// Rounds to cents, as the ledger does.
#[must_use]
pub fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::row;

    static SALES: Dataset = Dataset::lake("sales", "team:t", "");

    #[test]
    fn groups_are_folded_and_counts_are_masked() {
        let field = |name: &str, kind| Field { name: name.to_owned(), kind };
        let fields = vec![field("who", Kind::Text), field("amount", Kind::Real)];
        let rows = vec![row!["a", 1.5], row!["b", 4.0], row!["a", 2.0]];
        let folds = [("sum", Fold::Sum, "amount"), ("count", Fold::Count, "amount")];
        let grouped = Frame::read(&SALES, fields, rows).group(&["who"], &folds).unwrap();
        assert_eq!(grouped.rows, vec![row!["a", 3.5, 2_i64], row!["b", 4.0, 1_i64]]);
        let masked: Vec<_> = grouped.columns.iter().map(|c| c.origins[0].masked).collect();
        assert_eq!(masked, [false, false, true]);
    }
}
