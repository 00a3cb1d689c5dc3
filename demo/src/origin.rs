//! Where a column comes from: the lineage that every value carries along.
//!
//! The words are those of the columnLineage facet of OpenLineage.

use std::collections::BTreeMap;

use crate::dataset::Dataset;

/// How a value got from one column to another; the later, the less of it is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Identity,
    Transformation,
    Aggregation,
}

impl How {
    #[must_use]
    pub fn subtype(self) -> &'static str {
        match self {
            Self::Identity => "IDENTITY",
            Self::Transformation => "TRANSFORMATION",
            Self::Aggregation => "AGGREGATION",
        }
    }
}

/// How a column decided which rows there are, without being in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    Join,
    Filter,
    GroupBy,
    Window,
}

impl Shape {
    #[must_use]
    pub fn subtype(self) -> &'static str {
        match self {
            Self::Join => "JOIN",
            Self::Filter => "FILTER",
            Self::GroupBy => "GROUP_BY",
            Self::Window => "WINDOW",
        }
    }
}

/// A column of a dataset that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub dataset: &'static Dataset,
    pub field: String,
    pub how: How,
    /// Whether the value can no longer be read off the result (hashed, counted, shortened).
    pub masked: bool,
    /// What was done last, in a few words.
    pub by: &'static str,
}

impl Origin {
    /// The column as it was read.
    #[must_use]
    pub fn read(dataset: &'static Dataset, field: &str) -> Self {
        Self { dataset, field: field.to_owned(), how: How::Identity, masked: false, by: "" }
    }

    /// The same origin after one more step.
    #[must_use]
    pub fn then(&self, how: How, masked: bool, by: &'static str) -> Self {
        let by = if by.is_empty() { self.by } else { by };
        Self { how: self.how.max(how), masked: self.masked || masked, by, ..self.clone() }
    }
}

/// Adds origins to others, once each.
pub fn merge(into: &mut Vec<Origin>, more: impl IntoIterator<Item = Origin>) {
    for origin in more {
        if !into.contains(&origin) {
            into.push(origin);
        }
    }
}

/// The columns that shaped a table, once for each way.
#[derive(Debug, Clone, Default)]
pub struct Shapers(BTreeMap<(&'static str, &'static str, String, Shape), &'static Dataset>);

impl Shapers {
    /// Notes that the columns behind `origins` shaped the rows.
    pub fn note(&mut self, shape: Shape, origins: &[Origin]) {
        for origin in origins {
            let key = (origin.dataset.path, origin.dataset.table, origin.field.clone(), shape);
            self.0.insert(key, origin.dataset);
        }
    }

    /// Takes over what shaped another table.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(key, dataset)| (key.clone(), *dataset)));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static Dataset, &str, Shape)> {
        self.0.iter().map(|((_, _, field, shape), dataset)| (*dataset, field.as_str(), *shape))
    }
}
