//! Counts and measures of datasets: column metrics, and what a run read and wrote.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lenient;
use super::map::Facet;
use crate::base::Time;
use crate::openlineage::shape::Field::Opt;
use crate::openlineage::shape::{Kind, Object};

/// Measures of a dataset and its columns (`DataQualityMetricsDatasetFacet` and
/// `DataQualityMetricsInputDatasetFacet`, which have the same members).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataQualityMetrics {
    /// Rows.
    #[serde(default, deserialize_with = "lenient::count")]
    pub row_count: Option<i64>,
    /// Size in bytes.
    #[serde(default, deserialize_with = "lenient::count")]
    pub bytes: Option<i64>,
    /// Files.
    #[serde(default, deserialize_with = "lenient::count")]
    pub file_count: Option<i64>,
    /// When the dataset was last changed.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub last_updated: Option<Time>,
    /// Measures by column; empty if they were left out, which the standard does not allow
    /// but row counts alone are worth having.
    #[serde(default, deserialize_with = "lenient::map")]
    pub column_metrics: BTreeMap<String, ColumnMetrics>,
}

/// Measures of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnMetrics {
    /// Nulls.
    #[serde(default, deserialize_with = "lenient::count")]
    pub null_count: Option<i64>,
    /// Distinct values.
    #[serde(default, deserialize_with = "lenient::count")]
    pub distinct_count: Option<i64>,
    /// Sum of the values.
    #[serde(default, deserialize_with = "lenient::number")]
    pub sum: Option<f64>,
    /// Values.
    #[serde(default, deserialize_with = "lenient::number")]
    pub count: Option<f64>,
    /// Least value.
    #[serde(default, deserialize_with = "lenient::number")]
    pub min: Option<f64>,
    /// Greatest value.
    #[serde(default, deserialize_with = "lenient::number")]
    pub max: Option<f64>,
    /// Quantiles: from `0.25` and the like to the value there.
    #[serde(default, deserialize_with = "lenient::number_map")]
    pub quantiles: BTreeMap<String, f64>,
}

impl Facet for DataQualityMetrics {
    const KEY: &'static str = "dataQualityMetrics";
}

pub(in crate::openlineage) static DATA_QUALITY_METRICS: Object = Object::facet(&[
    Opt("rowCount", Kind::Count),
    Opt("bytes", Kind::Count),
    Opt("fileCount", Kind::Count),
    Opt("lastUpdated", Kind::Moment),
    Opt("columnMetrics", Kind::ColumnMap(&Kind::Object(&COLUMN_METRICS))),
]);

static COLUMN_METRICS: Object = Object::plain(&[
    Opt("nullCount", Kind::Count),
    Opt("distinctCount", Kind::Count),
    Opt("sum", Kind::Number),
    Opt("count", Kind::Number),
    Opt("min", Kind::Number),
    Opt("max", Kind::Number),
    Opt("quantiles", Kind::Map(&Kind::Number)),
]);

/// What a run read of an input (`InputStatisticsInputDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InputStatistics {
    /// Rows read.
    #[serde(default, deserialize_with = "lenient::count")]
    pub row_count: Option<i64>,
    /// Bytes read.
    #[serde(default, deserialize_with = "lenient::count")]
    pub size: Option<i64>,
    /// Files read.
    #[serde(default, deserialize_with = "lenient::count")]
    pub file_count: Option<i64>,
}

impl Facet for InputStatistics {
    const KEY: &'static str = "inputStatistics";
}

/// What a run wrote to an output (`OutputStatisticsOutputDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputStatistics {
    /// Rows written.
    #[serde(default, deserialize_with = "lenient::count")]
    pub row_count: Option<i64>,
    /// Bytes written.
    #[serde(default, deserialize_with = "lenient::count")]
    pub size: Option<i64>,
    /// Files written.
    #[serde(default, deserialize_with = "lenient::count")]
    pub file_count: Option<i64>,
}

impl Facet for OutputStatistics {
    const KEY: &'static str = "outputStatistics";
}

pub(in crate::openlineage) static IO_STATISTICS: Object = Object::facet(&[
    Opt("rowCount", Kind::Count),
    Opt("size", Kind::Count),
    Opt("fileCount", Kind::Count),
]);
