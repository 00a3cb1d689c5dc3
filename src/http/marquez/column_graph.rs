//! A column-level graph as Marquez writes it.
//!
//! Marquez knows columns only. Where the graph says that a column bears on a whole dataset
//! (a filter, a join), that is written as bearing on each of the dataset's columns that are
//! shown, or, if none are, on all that its schema names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto_dataset::TransformationDto;
use super::error::ApiError;
use super::graph::{EdgeDto, TruncatedDto, left_out};
use super::node_id::of_field;
use super::read_datasets::current_versions;
use crate::base::DatasetId;
use crate::flow::DatasetFull;
use crate::http::asked::Asked;
use crate::lineage::{Edge, NodeType, SubGraph, Transformation, TransformationKind};

/// A column-level graph.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::ColumnGraph)]
pub(super) struct ColumnGraphDto {
    /// Its columns, by id.
    graph: Vec<ColumnNodeDto>,
    /// What it leaves out; absent if nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<TruncatedDto>,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::ColumnNode)]
struct ColumnNodeDto {
    /// Its id.
    #[schema(example = "datasetField:shop:public.orders:id")]
    id: String,
    /// `DATASET_FIELD`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The column.
    data: ColumnDataDto,
    /// Edges to what it was made from; their origin is this column.
    in_edges: Vec<EdgeDto>,
    /// Edges to what was made from it.
    out_edges: Vec<EdgeDto>,
}

/// What a column is, and what it was made from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::ColumnData)]
struct ColumnDataDto {
    /// Its dataset's namespace.
    namespace: String,
    /// Its dataset.
    dataset: String,
    /// The newest version of its dataset.
    dataset_version: Uuid,
    /// Its name.
    field: String,
    /// Its type; empty if not known.
    field_type: String,
    /// Deprecated by the standard.
    transformation_description: Option<String>,
    /// Deprecated by the standard.
    transformation_type: Option<String>,
    /// What it was made from.
    input_fields: Vec<ColumnOriginDto>,
}

/// A column that another was made from.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::ColumnOrigin)]
struct ColumnOriginDto {
    /// Its dataset's namespace.
    namespace: String,
    /// Its dataset.
    dataset: String,
    /// The newest version of its dataset.
    dataset_version: Uuid,
    /// Its name.
    field: String,
    /// Deprecated by the standard.
    transformation_description: Option<String>,
    /// Deprecated by the standard.
    transformation_type: Option<String>,
    /// What was done to the value; not known to Marquez.
    transformations: Vec<TransformationDto>,
}

/// Pairs of a column and one it was made from that are written at most. What bears on a
/// whole dataset is written for each of its columns, so there are more than edges.
const PAIRS_MAX: usize = 50_000;

/// A column of the graph: the place of its dataset's node, and its name.
type Column = (usize, String);

/// What a column was made from: each column, with what was done to it.
type Inputs = BTreeMap<Column, BTreeMap<Column, Vec<Transformation>>>;

/// What is written with: the graph, its datasets by node, their versions.
struct Writer<'a> {
    graph: &'a SubGraph,
    datasets: BTreeMap<Uuid, DatasetFull>,
    versions: BTreeMap<DatasetId, Uuid>,
    strict: bool,
}

/// Writes a column-level graph.
pub(super) async fn write(http: &Asked, graph: SubGraph) -> Result<ColumnGraphDto, ApiError> {
    let of_datasets = graph.nodes.iter().filter(|node| node.kind == NodeType::Dataset);
    let ids: Vec<DatasetId> = of_datasets.filter_map(|node| node.id).map(DatasetId).collect();
    let rows = http.app.dataset_rows(&ids).await?;
    let full = http.app.datasets_full(rows).await?;
    let writer = Writer {
        graph: &graph,
        versions: current_versions(&http.app, &full).await?,
        datasets: full.into_iter().map(|dataset| (dataset.id.0, dataset)).collect(),
        strict: http.settings.marquez_strict,
    };
    let (nodes, pairs_left_out) = writer.write();
    let truncated = left_out(graph.truncated, pairs_left_out);
    Ok(ColumnGraphDto { graph: nodes, truncated })
}

impl Writer<'_> {
    /// Writes the columns, and tells how many pairs are left out.
    fn write(&self) -> (Vec<ColumnNodeDto>, usize) {
        let mut columns = self.columns();
        let (inputs, left_out) = self.inputs(&columns);
        let mut outputs: BTreeMap<&Column, BTreeSet<&Column>> = BTreeMap::new();
        for (made, from) in &inputs {
            columns.insert(made.clone());
            for column in from.keys() {
                outputs.entry(column).or_default().insert(made);
            }
        }
        let none = BTreeMap::new();
        let node = |column: &Column| {
            let made_from = inputs.get(column).unwrap_or(&none);
            let out = outputs.get(column).into_iter().flatten().copied();
            self.node(column, made_from, out)
        };
        let mut nodes: Vec<ColumnNodeDto> = columns.iter().filter_map(node).collect();
        nodes.sort_by(|a, b| a.id.cmp(&b.id));
        (nodes, left_out)
    }

    /// Lists the columns that the graph names.
    fn columns(&self) -> BTreeSet<Column> {
        let nodes = self.graph.nodes.iter().enumerate();
        let named = nodes.flat_map(|(place, node)| {
            node.fields.iter().map(move |field| (place, field.name.clone()))
        });
        named.collect()
    }

    fn inputs(&self, columns: &BTreeSet<Column>) -> (Inputs, usize) {
        let mut inputs = Inputs::new();
        let mut pairs = 0;
        for edge in &self.graph.edges {
            let Some(from) = &edge.source_field else { continue };
            for made in self.targets(edge, columns) {
                pairs += 1;
                if pairs > PAIRS_MAX {
                    continue;
                }
                let said = inputs.entry((edge.target, made)).or_default();
                let said = said.entry((edge.source, from.clone())).or_default();
                said.extend(edge.transformations.iter().cloned());
            }
        }
        (inputs, pairs.saturating_sub(PAIRS_MAX))
    }

    /// Lists the columns that an edge leads to.
    fn targets(&self, edge: &Edge, columns: &BTreeSet<Column>) -> Vec<String> {
        if let Some(field) = &edge.target_field {
            return vec![field.clone()];
        }
        let of_dataset =
            columns.range((edge.target, String::new())..(edge.target + 1, String::new()));
        let shown: Vec<String> = of_dataset.map(|(_, name)| name.clone()).collect();
        if !shown.is_empty() {
            return shown;
        }
        let dataset = self.dataset(edge.target);
        let columns = dataset.map(|dataset| dataset.view.columns.as_slice()).unwrap_or_default();
        columns.iter().map(|column| column.name.clone()).collect()
    }

    fn dataset(&self, place: usize) -> Option<&DatasetFull> {
        self.datasets.get(&self.graph.nodes.get(place)?.id?)
    }

    fn node<'c>(
        &self,
        column: &Column,
        made_from: &BTreeMap<Column, Vec<Transformation>>,
        out: impl Iterator<Item = &'c Column>,
    ) -> Option<ColumnNodeDto> {
        let (place, field) = column;
        let dataset = self.dataset(*place)?;
        let id = self.id(column)?;
        let edge =
            |other: &Column| Some(EdgeDto { origin: id.clone(), destination: self.id(other)? });
        let told = dataset.view.columns.iter().find(|known| known.name == *field);
        let told = told.filter(|_| !(self.strict && made_from.is_empty()));
        let input_fields: Vec<ColumnOriginDto> =
            made_from.iter().filter_map(|(from, said)| self.origin(from, said)).collect();
        let deprecated = input_fields.iter().find(|input| input.transformation_type.is_some());
        Some(ColumnNodeDto {
            kind: "DATASET_FIELD",
            data: ColumnDataDto {
                namespace: dataset.doc.namespace.clone(),
                dataset: dataset.doc.name.clone(),
                dataset_version: self.version(dataset),
                field: field.clone(),
                field_type: told.and_then(|known| known.data_type.clone()).unwrap_or_default(),
                transformation_description: deprecated
                    .and_then(|input| input.transformation_description.clone()),
                transformation_type: deprecated.and_then(|input| input.transformation_type.clone()),
                input_fields,
            },
            in_edges: made_from.keys().filter_map(edge).collect(),
            out_edges: out.filter_map(edge).collect(),
            id,
        })
    }

    fn origin(&self, column: &Column, said: &[Transformation]) -> Option<ColumnOriginDto> {
        let dataset = self.dataset(column.0)?;
        let deprecated = said.iter().find(|one| is_deprecated(one));
        Some(ColumnOriginDto {
            namespace: dataset.doc.namespace.clone(),
            dataset: dataset.doc.name.clone(),
            dataset_version: self.version(dataset),
            field: column.1.clone(),
            transformation_description: deprecated.and_then(|one| one.description.clone()),
            transformation_type: deprecated.and_then(|one| one.subtype.clone()),
            transformations: said.iter().map(transformation).collect(),
        })
    }

    fn id(&self, (place, field): &Column) -> Option<String> {
        let doc = &self.dataset(*place)?.doc;
        Some(of_field(&doc.namespace, &doc.name, field))
    }

    fn version(&self, dataset: &DatasetFull) -> Uuid {
        let known = self.versions.get(&dataset.id).copied();
        known.unwrap_or_else(|| crate::flow::dataset_version_id(dataset.id, None))
    }
}

/// Tells whether a transformation may come from the deprecated pair of fields, whose types
/// are IDENTITY and MASKED.
fn is_deprecated(said: &Transformation) -> bool {
    let word = said.subtype.as_deref().unwrap_or_default();
    said.kind == TransformationKind::Direct && (word == "IDENTITY" || word == "MASKED")
}

fn transformation(said: &Transformation) -> TransformationDto {
    let kind = match said.kind {
        TransformationKind::Direct => "DIRECT",
        TransformationKind::Indirect => "INDIRECT",
        TransformationKind::Other => "OTHER",
    };
    TransformationDto {
        kind: kind.to_owned(),
        subtype: said.subtype.clone(),
        description: said.description.clone(),
        masking: said.masking,
    }
}
