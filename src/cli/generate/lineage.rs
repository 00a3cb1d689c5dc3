//! Where each generated column comes from: the columnLineage facet and the SQL that says the same.
//!
//! A column is copied from the input that has one of its name, else worked out of another; the
//! published layer also aggregates numbers and masks personal data.

use super::words::Kind;
use super::world::{Dataset, Job, World, mix};

/// What happens to a value on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Copied,
    Worked,
    Masked,
    Summed,
}

/// One input column that an output column is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Source {
    input: usize,
    column: u64,
    how: How,
}

/// Works out the one or two sources of an output's column.
fn sources(world: &World, job: &Job, output: &Dataset, at: u64) -> (Source, Option<Source>) {
    let noise = mix(world.seed ^ job.index, mix(at, output.layer));
    let count = job.inputs.len();
    let mut first = Source { input: 0, column: noise % world.columns, how: How::Worked };
    for turn in 0..count {
        let input = (turn + usize::try_from(at).unwrap_or(0)) % count;
        if let Some(column) = job.inputs[input].same_column(output, at, world.columns) {
            let (kind, personal) = (output.column(at).0.kind, output.column(at).0.personal);
            let last = job.layer == world.depth;
            let how = match (kind, personal) {
                (_, true) if last => How::Masked,
                (Kind::Number, _) if last => How::Summed,
                (Kind::Text, _) if noise >> 60 == 0 => How::Worked,
                _ => How::Copied,
            };
            first = Source { input, column, how };
            break;
        }
    }
    let second = (first.how == How::Worked && count > 1).then(|| Source {
        input: (first.input + 1) % count,
        column: (noise >> 20) % world.columns,
        how: How::Worked,
    });
    (first, second)
}

/// Writes the facet's body after its head: `"fields":{…},"dataset":[…]`.
pub(super) fn write_column_lineage(out: &mut String, world: &World, job: &Job, output: &Dataset) {
    out.push_str(r#""fields":{"#);
    for at in 0..world.columns {
        let (first, second) = sources(world, job, output, at);
        out.push_str(if at == 0 { "\"" } else { ",\"" });
        output.write_column(out, at);
        out.push_str(r#"":{"inputFields":["#);
        write_field(out, &job.inputs[first.input], first.column, first.how.transformation());
        if let Some(second) = second {
            out.push(',');
            write_field(out, &job.inputs[second.input], second.column, second.how.transformation());
        }
        out.push_str("]}");
    }
    out.push_str(r#"},"dataset":["#);
    let subtype = if job.inputs.len() > 1 { JOIN } else { FILTER };
    for (at, input) in job.inputs.iter().take(2).enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_field(out, input, 0, subtype);
    }
    out.push(']');
}

fn write_field(out: &mut String, input: &Dataset, column: u64, transformation: &str) {
    out.push_str(r#"{"namespace":""#);
    out.push_str(&input.namespace);
    out.push_str(r#"","name":""#);
    out.push_str(&input.name);
    out.push_str(r#"","field":""#);
    input.write_column(out, column);
    out.push_str(r#"","transformations":["#);
    out.push_str(transformation);
    out.push_str("]}");
}

const JOIN: &str = r#"{"type":"INDIRECT","subtype":"JOIN","masking":false}"#;
const FILTER: &str = r#"{"type":"INDIRECT","subtype":"FILTER","masking":false}"#;

impl How {
    fn transformation(self) -> &'static str {
        match self {
            Self::Copied => r#"{"type":"DIRECT","subtype":"IDENTITY","masking":false}"#,
            Self::Worked => r#"{"type":"DIRECT","subtype":"TRANSFORMATION","masking":false}"#,
            Self::Masked => {
                r#"{"type":"DIRECT","subtype":"TRANSFORMATION","description":"SHA-256","masking":true}"#
            }
            Self::Summed => {
                r#"{"type":"DIRECT","subtype":"AGGREGATION","description":"sum","masking":false}"#
            }
        }
    }
}

/// Writes the statement that fills a job's first output, as the facet describes it.
pub(super) fn write_sql(out: &mut String, world: &World, job: &Job) {
    let Some(output) = job.outputs.first() else { return };
    out.push_str("INSERT INTO `");
    out.push_str(&output.name);
    out.push_str("` SELECT ");
    let mut summed = false;
    for at in 0..world.columns {
        if at > 0 {
            out.push_str(", ");
        }
        let (first, second) = sources(world, job, output, at);
        summed |= first.how == How::Summed;
        out.push_str(match (first.how, second.is_some()) {
            (How::Copied, _) => "",
            (How::Worked, true) => "concat(",
            (How::Worked, false) => "trim(",
            (How::Masked, _) => "sha256(",
            (How::Summed, _) => "sum(",
        });
        write_name(out, job, first);
        if let Some(second) = second {
            out.push_str(", ");
            write_name(out, job, second);
        }
        out.push_str(if first.how == How::Copied { "" } else { ")" });
        out.push_str(" AS ");
        output.write_column(out, at);
    }
    for (at, input) in job.inputs.iter().enumerate() {
        out.push_str(if at == 0 { " FROM `" } else { " JOIN `" });
        out.push_str(&input.name);
        out.push_str("` ");
        write_alias(out, at);
        if at > 0 {
            out.push_str(" ON t0.");
            job.inputs[0].write_column(out, 0);
            out.push_str(" = ");
            write_alias(out, at);
            out.push('.');
            input.write_column(out, 0);
        }
    }
    if summed {
        out.push_str(" GROUP BY ALL");
    }
}

fn write_name(out: &mut String, job: &Job, source: Source) {
    write_alias(out, source.input);
    out.push('.');
    job.inputs[source.input].write_column(out, source.column);
}

fn write_alias(out: &mut String, input: usize) {
    out.push('t');
    super::number::push_number(out, input as u64);
}
