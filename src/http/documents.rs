//! What the OpenAPI document says of values that several operations take: words, nodes, patterns,
//! events. Nothing is checked here: each reader has its own checks, and schemathesis compares both
//! (`tests/interop/schemathesis`).

use serde_json::{Value, json};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::access::{Action, Kind};
use crate::base::limits::NAME_BYTES_MAX;
use crate::flow::recorded_acts;

/// Rows that an access event may tell at most: 2^53 - 1.
const ROWS_MAX: i64 = 9_007_199_254_740_991;
/// Longest pattern: `access::Pattern`.
const FORMULA_BYTES_MAX: usize = 2_048;
/// A text that holds no control character, and a `*` at its end only: `access::Pattern`.
const PATTERN: &str = r"^[^*\u0000-\u001f\u007f-\u009f]*([^*\u0000-\u001f\u007f-\u009f]|\*)$";
/// A name of somebody: no white space, control character or slash.
const NAME: &str = r"^[^\s/\u0000-\u001f\u007f-\u009f\ufeff]+$";
/// Whom a question is about: `flow::policies`.
const REFERENCE: &str = r"^((user|service|system):[^\u0000-\u001f\u007f-\u009f]+|anonymous)$";
/// No control character.
const PRINTABLE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

/// Reads a schema from its text in the document; one that is none would be an empty schema, which
/// the committed document shows.
fn schema(json: Value) -> Schema {
    serde_json::from_value(json).unwrap_or_else(|_| ObjectBuilder::new().build().into())
}

/// One of several words. As a pattern and not as an `enum`: what is a text to a client stays one when
/// there are more words.
fn one_of(words: &[&str]) -> Schema {
    matching(&format!("^({})$", words.join("|")))
}

fn matching(pattern: &str) -> Schema {
    schema(json!({"type": "string", "pattern": pattern}))
}

/// Makes types that only describe: the document's word for what a reader checks.
macro_rules! described {
    ($($(#[$doc:meta])* $name:ident = $schema:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T($schema)
            }
        }

        impl ToSchema for $name {}
    )+};
}

described! {
    /// How fine lineage is.
    Level = one_of(&["table", "column"]);
    /// Which way lineage is followed.
    Direction = one_of(&["both", "up", "down", "upstream", "downstream"]);
    /// In which form lineage is exported.
    Format = one_of(&["svg", "csv", "json"]);
    /// In which colours lineage is drawn.
    Theme = one_of(&["auto", "light", "dark"]);
    /// What is searched for.
    Searched = one_of(&["dataset", "job"]);
    /// By what hits are sorted.
    Sorting = one_of(&["relevance", "name", "updated"]);
    /// In which order events are listed.
    Order = one_of(&["desc", "asc"]);
    /// What somebody did to a dataset.
    Operation = one_of(&["read", "write", "delete", "export", "admin"]);
    /// How somebody was recognised.
    Auth = one_of(&["none", "token", "session", "password", "mfa"]);
    /// An act that rules decide on.
    Act = one_of(&Action::ALL.iter().map(|action| action.as_str()).collect::<Vec<_>>());
    /// An act that the audit log records.
    RecordedAct = one_of(&recorded_acts().collect::<Vec<_>>());
    /// A kind of thing that is acted upon.
    ResourceKind = one_of(&Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>());
    /// A node of the lineage.
    NodeText = matching("^(dataset|datasetField|field|job):");
    /// Nodes of the lineage, one a line.
    NodeTexts = matching(
        r"^(dataset|datasetField|field|job):[^\r\n]*(\n(dataset|datasetField|field|job):[^\r\n]*)*$",
    );
    /// A dataset, as a node.
    DatasetText = matching("^dataset:");
    /// A dataset or job, as a node.
    EntityText = matching("^(dataset|job):");
    /// The name of somebody or something that is made.
    Name = schema(json!({"type": "string", "pattern": NAME, "maxLength": 200}));
    /// Whom a question is about.
    Reference = schema(json!({"type": "string", "pattern": REFERENCE, "maxLength": 256}));
    /// A word to whoever reads it later.
    Note = schema(json!({"type": "string", "pattern": PRINTABLE, "maxLength": 1000}));
    /// What somebody or something is called or is, to people.
    Caption = schema(json!({"type": "string", "pattern": r"^[^\u0000]*$", "maxLength": 1000}));
    /// A domain, or the beginning of some.
    Domain = schema(pattern());
    /// A namespace, or the beginning of the names of some.
    Namespace = schema(pattern());
    /// Namespaces, or beginnings of their names.
    Namespaces = schema(json!({"type": "array", "items": pattern(), "maxItems": 100}));
    /// Tags.
    Tags = schema(json!({"type": "array", "items": tag()}));
    /// How many entries; more than there may be are as many as there may be.
    Count = schema(json!({"type": "integer", "minimum": 0}));
    /// How a run stands, in Marquez's words.
    RunState = matching("^(NEW|RUNNING|COMPLETED|ABORTED|FAILED)$");
    /// An OpenLineage event: what every event has. What facets hold is for the standard to say.
    OpenLineageEvent = schema(event());
    /// One access event, or several.
    AccessEvents = schema(access_events());
}

fn pattern() -> Value {
    json!({"type": "string", "pattern": PATTERN, "maxLength": FORMULA_BYTES_MAX})
}

fn text(max: usize) -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": max, "pattern": r"^[^\u0000]+$"})
}

/// A text that is more than space.
fn tag() -> Value {
    let mut tag = text(NAME_BYTES_MAX);
    tag["pattern"] = json!(r"^[^\u0000]*[^\s\u0000][^\u0000]*$");
    tag
}

fn or_null(mut of: Value) -> Value {
    of["type"] = json!([of["type"], "null"]);
    of
}

fn event() -> Value {
    let facets = or_null(json!({"type": "object"}));
    let named = json!({
        "type": "object", "required": ["namespace", "name"],
        "properties": {
            "namespace": text(NAME_BYTES_MAX), "name": text(NAME_BYTES_MAX), "facets": facets,
        },
    });
    let datasets = or_null(json!({"type": "array", "items": named}));
    let run = json!({
        "type": "object", "required": ["runId"],
        "properties": {"runId": {"type": "string", "format": "uuid"}, "facets": facets},
    });
    let states = json!(["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER", null]);
    let members = json!({
        "eventTime": {"type": "string", "format": "date-time"},
        "producer": {"type": "string"},
        "eventType": or_null(json!({"type": "string", "enum": states})),
        "run": or_null(run), "job": or_null(named.clone()), "dataset": or_null(named.clone()),
        "inputs": datasets, "outputs": datasets,
    });
    let of = |kind: &str, named: Value| {
        let mut members = members.clone();
        members[kind] = named;
        json!({"type": "object", "required": ["eventTime", "producer", kind], "properties": members})
    };
    json!({"anyOf": [of("job", named.clone()), of("dataset", named)]})
}

fn access_events() -> Value {
    let word = || or_null(text(256));
    let dataset = json!({
        "type": "object", "required": ["namespace", "name"], "additionalProperties": false,
        "properties": {"namespace": text(NAME_BYTES_MAX), "name": text(NAME_BYTES_MAX)},
    });
    let operations = json!(["read", "write", "delete", "export", "admin", null]);
    let event = json!({
        "type": "object", "required": ["actor", "dataset", "at"], "additionalProperties": false,
        "properties": {
            "actor": text(512), "dataset": dataset,
            "at": {"type": "string", "format": "date-time"},
            "columns": or_null(json!({"type": "array", "items": text(NAME_BYTES_MAX)})),
            "operation": or_null(json!({"type": "string", "enum": operations})),
            "id": word(), "fingerprint": word(), "purpose": word(),
            "rows": or_null(json!({"type": "integer", "minimum": 0, "maximum": ROWS_MAX})),
        },
    });
    let several = json!({"type": "array", "items": event, "minItems": 1});
    json!({"oneOf": [event, several]})
}
