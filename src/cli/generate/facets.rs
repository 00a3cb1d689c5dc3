//! The facets of generated events, written straight as JSON text.
//!
//! Every string that goes in is a word of `words.rs` or a number, so nothing needs escaping; a
//! test parses every event that comes out.

use super::lineage::write_column_lineage;
use super::number::push_number;
use super::world::{Dataset, Job, World};

/// Who the events say they come from.
pub(super) const PRODUCER: &str = "urn:lethe:generate";

/// Opens a facet: `"key":{` and its two obligatory fields, with a comma after them.
pub(super) fn open(out: &mut String, key: &str, version: &str, schema: &str) {
    out.push('"');
    out.push_str(key);
    out.push_str(r#"":{"_producer":""#);
    out.push_str(PRODUCER);
    out.push_str(r#"","_schemaURL":"https://openlineage.io/spec/facets/"#);
    out.push_str(version);
    out.push('/');
    out.push_str(schema);
    out.push_str(r#".json","#);
}

/// Writes the schema facet.
pub(super) fn write_schema(out: &mut String, world: &World, dataset: &Dataset) {
    open(out, "schema", "1-2-0", "SchemaDatasetFacet");
    out.push_str(r#""fields":["#);
    for at in 0..world.columns {
        out.push_str(if at == 0 { r#"{"name":""# } else { r#",{"name":""# });
        dataset.write_column(out, at);
        out.push_str(r#"","type":""#);
        out.push_str(dataset.column(at).0.kind.sql());
        out.push_str("\"}");
    }
    out.push_str("]}");
}

/// Writes the dataSource facet.
pub(super) fn write_source(out: &mut String, dataset: &Dataset) {
    open(out, "dataSource", "1-0-1", "DatasourceDatasetFacet");
    out.push_str(r#""name":""#);
    out.push_str(&dataset.namespace);
    out.push_str("\"}");
}

/// Writes the tags facet: the layer's, and `pii` on columns of personal data.
pub(super) fn write_tags(out: &mut String, world: &World, dataset: &Dataset) {
    open(out, "tags", "1-0-0", "TagsDatasetFacet");
    out.push_str(r#""tags":[{"key":"layer","value":""#);
    push_number(out, dataset.layer);
    out.push_str("\"}");
    for at in (0..world.columns).filter(|at| dataset.column(*at).0.personal) {
        out.push_str(r#",{"key":"pii","value":"true","field":""#);
        dataset.write_column(out, at);
        out.push_str("\"}");
    }
    out.push_str("]}");
}

/// Writes the facet of a dataset's or job's owner; `schema` is the facet's name.
pub(super) fn write_owner(out: &mut String, schema: &str, team: &str) {
    open(out, "ownership", "1-0-1", schema);
    out.push_str(r#""owners":[{"name":"team:"#);
    out.push_str(team);
    out.push_str(r#"","type":"MAINTAINER"}]}"#);
}

/// Writes the columnLineage facet.
pub(super) fn write_columns(out: &mut String, world: &World, job: &Job, output: &Dataset) {
    open(out, "columnLineage", "1-2-0", "ColumnLineageDatasetFacet");
    write_column_lineage(out, world, job, output);
    out.push('}');
}

/// Writes the outputStatistics facet.
pub(super) fn write_statistics(out: &mut String, rows: u64) {
    open(out, "outputStatistics", "1-0-2", "OutputStatisticsOutputDatasetFacet");
    out.push_str(r#""rowCount":"#);
    push_number(out, rows);
    out.push_str(r#","size":"#);
    push_number(out, rows * 96);
    out.push_str(r#","fileCount":"#);
    push_number(out, rows / 50_000 + 1);
    out.push('}');
}
