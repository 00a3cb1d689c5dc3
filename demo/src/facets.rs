//! Datasets in events: their facets, and the column lineage that a report holds.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::check::{Check, Measures};
use crate::dataset::{Dataset, Store};
use crate::event::facet;
use crate::frame::{Column, Field};
use crate::origin::{Origin, Shapers};
use crate::task::{Input, Output};
use crate::value::Kind;

/// A dataset by its names alone, as START events mention it.
#[must_use]
pub fn mention(root: &Path, dataset: &Dataset) -> Json {
    json!({ "namespace": dataset.namespace(root), "name": dataset.name(root) })
}

/// A dataset as its owners declare it, whoever reads it.
#[must_use]
pub fn declared(root: &Path, input: &Input) -> Json {
    let mut json = mention(root, input.dataset);
    json["facets"] = Json::Object(standing(root, input.dataset, &input.fields));
    json
}

/// A dataset that was read.
#[must_use]
pub fn input(root: &Path, input: &Input) -> Json {
    let mut json = declared(root, input);
    let mut facets = Map::new();
    let statistics = json!({ "rowCount": input.rows });
    facets.insert(
        "inputStatistics".to_owned(),
        facet("1-0-0/InputStatisticsInputDatasetFacet", statistics),
    );
    if let Some(measures) = &input.measures {
        facets.insert("dataQualityMetrics".to_owned(), metrics(measures, input.rows));
    }
    if !input.checks.is_empty() {
        let checks: Vec<_> = input.checks.iter().map(assertion).collect();
        facets.insert(
            "dataQualityAssertions".to_owned(),
            facet("1-1-0/DataQualityAssertionsDatasetFacet", json!({ "assertions": checks })),
        );
    }
    json["inputFacets"] = Json::Object(facets);
    json
}

/// A dataset that was written. `version` names the state it is in now.
#[must_use]
pub fn output(root: &Path, output: &Output, version: &str) -> Json {
    let fields: Vec<_> = output.columns.iter().map(|column| column.field.clone()).collect();
    let mut facets = standing(root, output.dataset, &fields);
    facets
        .insert("columnLineage".to_owned(), column_lineage(root, &output.columns, &output.shapers));
    facets.insert(
        "version".to_owned(),
        facet("1-0-1/DatasetVersionDatasetFacet", json!({ "datasetVersion": version })),
    );
    if let Some(change) = output.change {
        facets.insert(
            "lifecycleStateChange".to_owned(),
            facet(
                "1-0-1/LifecycleStateChangeDatasetFacet",
                json!({ "lifecycleStateChange": change }),
            ),
        );
    }
    let mut statistics = json!({ "rowCount": output.rows });
    if let Some(bytes) = output.bytes {
        statistics["size"] = json!(bytes);
        statistics["fileCount"] = json!(output.files.len());
    }
    let mut output_facets = Map::new();
    output_facets.insert(
        "outputStatistics".to_owned(),
        facet("1-0-2/OutputStatisticsOutputDatasetFacet", statistics),
    );
    if !output.files.is_empty() {
        let locations = output.files.iter().map(|path| format!("file://{}", path.display()));
        let locations: Vec<_> = locations.collect();
        let written = json!({ "outputCondition": { "type": "location", "locations": locations } });
        let mut subset = facet("1-0-0/BaseSubsetDatasetFacet", written);
        // The schema file defines an output's facet beside the base that its name tells.
        subset["_schemaURL"] = json!(
            "https://openlineage.io/spec/facets/1-0-0/BaseSubsetDatasetFacet.json#/$defs/\
             OutputSubsetOutputDatasetFacet"
        );
        output_facets.insert("subset".to_owned(), subset);
    }
    let mut json = mention(root, output.dataset);
    json["facets"] = Json::Object(facets);
    json["outputFacets"] = Json::Object(output_facets);
    json
}

/// What is true of a dataset whoever touches it.
fn standing(root: &Path, dataset: &Dataset, fields: &[Field]) -> Map<String, Json> {
    let database = dataset.store == Store::Sqlite;
    let namespace = dataset.namespace(root);
    let source = if database { namespace } else { format!("file://{}", root.display()) };
    let kind = if database { "TABLE" } else { "FILE" };
    let owners = json!({ "owners": [{ "name": dataset.owner, "type": "OWNER" }] });
    let mut facets = Map::new();
    let mut put = |key: &str, schema, body| facets.insert(key.to_owned(), facet(schema, body));
    put("schema", "1-2-0/SchemaDatasetFacet", json!({ "fields": schema(fields, database) }));
    put("dataSource", "1-0-1/DatasourceDatasetFacet", json!({ "name": source, "uri": source }));
    put("documentation", "1-1-0/DocumentationDatasetFacet", json!({ "description": dataset.doc }));
    put("ownership", "1-0-1/OwnershipDatasetFacet", owners);
    put("datasetType", "1-0-1/DatasetTypeDatasetFacet", json!({ "datasetType": kind }));
    put("tags", "1-0-0/TagsDatasetFacet", json!({ "tags": tags(dataset, fields) }));
    let format = match dataset.store {
        Store::Sqlite => return facets,
        Store::Parquet => "parquet",
        Store::Lines => "json",
        Store::Csv => "csv",
    };
    let storage = json!({ "storageLayer": "file", "fileFormat": format });
    put("storage", "1-0-1/StorageDatasetFacet", storage);
    facets
}

fn schema(fields: &[Field], database: bool) -> Vec<Json> {
    let kind = |kind: Kind| if database { kind.sqlite() } else { kind.lake() };
    let field = |(at, field): (usize, &Field)| json!({ "name": field.name, "type": kind(field.kind), "ordinal_position": at + 1 });
    fields.iter().enumerate().map(field).collect()
}

fn tags(dataset: &Dataset, fields: &[Field]) -> Vec<Json> {
    let layer = json!({ "key": "layer", "value": dataset.layer(), "source": "MERIDIAN" });
    let here = |column: &str| fields.iter().any(|field| field.name == column);
    let personal = dataset.classes.iter().filter(|(column, _)| here(column));
    let personal = personal.map(
        |(column, class)| json!({ "key": "class", "value": class, "source": "STEWARD", "field": column }),
    );
    std::iter::once(layer).chain(personal).collect()
}

fn column_lineage(root: &Path, columns: &[Column], shapers: &Shapers) -> Json {
    let fields: Map<_, _> = columns
        .iter()
        .filter(|column| !column.origins.is_empty())
        .map(|column| {
            let inputs = input_fields(root, &column.origins);
            (column.field.name.clone(), json!({ "inputFields": inputs }))
        })
        .collect();
    let shaped: Vec<_> = shapers
        .iter()
        .map(|(dataset, field, shape)| {
            let how = json!({ "type": "INDIRECT", "subtype": shape.subtype(), "masking": false });
            input_field(root, dataset, field, &[how])
        })
        .collect();
    facet("1-2-0/ColumnLineageDatasetFacet", json!({ "fields": fields, "dataset": shaped }))
}

/// One entry for each source column, with every way it came.
fn input_fields(root: &Path, origins: &[Origin]) -> Vec<Json> {
    let mut ways = BTreeMap::<_, (&Dataset, Vec<Json>)>::new();
    for origin in origins {
        let key = (origin.dataset.path, origin.dataset.table, origin.field.as_str());
        ways.entry(key).or_insert((origin.dataset, Vec::new())).1.push(json!({
            "type": "DIRECT",
            "subtype": origin.how.subtype(),
            "description": origin.by,
            "masking": origin.masked,
        }));
    }
    ways.iter()
        .map(|((_, _, field), (dataset, ways))| input_field(root, dataset, field, ways))
        .collect()
}

fn input_field(root: &Path, dataset: &Dataset, field: &str, ways: &[Json]) -> Json {
    let mut json = mention(root, dataset);
    json["field"] = json!(field);
    json["transformations"] = json!(ways);
    json
}

fn metrics(measures: &Measures, rows: usize) -> Json {
    let columns: Map<_, _> = measures
        .iter()
        .map(|measure| {
            let mut json = json!({
                "nullCount": measure.nulls,
                "distinctCount": measure.distinct,
                "count": rows - measure.nulls.min(rows),
            });
            if let Some((least, most)) = measure.range {
                json["min"] = json!(least);
                json["max"] = json!(most);
            }
            (measure.column.clone(), json)
        })
        .collect();
    let body = json!({
        "rowCount": rows,
        "lastUpdated": Timestamp::now().to_string(),
        "columnMetrics": columns,
    });
    facet("1-0-3/DataQualityMetricsInputDatasetFacet", body)
}

fn assertion(check: &Check) -> Json {
    json!({
        "assertion": check.kind,
        "success": check.success,
        "column": check.column,
        "severity": "warn",
        "expected": "0",
        "actual": check.broken.to_string(),
    })
}
