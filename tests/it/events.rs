//! Events for property tests: few names and few times, so that whatever can meet does.
//!
//! Everything is drawn from small pools: jobs, runs and datasets that share each other,
//! facets that change between the events of a run, equal times, names that turn out to be
//! one dataset. What is drawn is always a valid event.

use std::sync::{Arc, LazyLock};

use lethe::base::NodeKind;
use lethe::catalog::{Claims, DatasetPut, Edit, EntityRef, FieldPut, Voice};
use lethe::openlineage::Parsed;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const PRODUCER: &str = "https://example.com/test";
const LAKE: &str = "s3://lake";
const HIVE: &str = "hive://meta:9083";

/// The number of cases of a property: `PROPTEST_CASES`, or else as many as are quick.
pub fn cases(quick: u32) -> ProptestConfig {
    const PROPTESTS_OWN: u32 = 256;
    let mut config = ProptestConfig::default();
    if config.cases == PROPTESTS_OWN {
        config.cases = quick;
    }
    config
}

/// Draws an event of any kind.
pub fn event() -> impl Strategy<Value = Value> {
    prop_oneof![8 => run_event(), 1 => job_event(), 1 => dataset_event()]
}

/// Draws several events.
pub fn events(max: usize) -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(event(), 1..max)
}

/// Draws an event of a run: several runs of several jobs, with and without a parent.
pub fn run_event() -> impl Strategy<Value = Value> {
    let types = prop::option::weighted(
        0.95,
        prop::sample::select(vec!["START", "RUNNING", "OTHER", "COMPLETE", "FAIL", "ABORT"]),
    );
    let parent = prop::option::weighted(0.3, 0..2_u8);
    let io = || prop::collection::vec(dataset(), 0..3);
    (0..5_u8, types, minute(), parent, run_facets(), job_facets(), io(), io()).prop_map(
        |(run, event_type, minute, parent, mut run_facets, job_facets, inputs, outputs)| {
            if let Some(parent) = parent {
                let job = json!({"namespace": "etl", "name": format!("dag{parent}")});
                let id = run_id(100 + parent);
                run_facets
                    .insert("parent".into(), facet(json!({"run": {"runId": id}, "job": job})));
            }
            let mut event = base(minute, "RunEvent");
            if let Some(event_type) = event_type {
                event["eventType"] = json!(event_type);
            }
            event["run"] = json!({"runId": run_id(run), "facets": run_facets});
            event["job"] = json!({"namespace": "etl", "name": job_name(run), "facets": job_facets});
            event["inputs"] = Value::Array(inputs.into_iter().map(as_input).collect());
            event["outputs"] = Value::Array(outputs.into_iter().map(as_output).collect());
            event
        },
    )
}

/// Gives all events of a run the same parent, where they name one: a run has one.
pub fn with_one_parent(mut event: Value) -> Value {
    let odd = event["run"]["runId"].as_str().is_some_and(|id| id.ends_with(['1', '3']));
    if let Some(parent) = event.pointer_mut("/run/facets/parent") {
        let parent_of_run = u8::from(odd);
        parent["run"]["runId"] = json!(run_id(100 + parent_of_run));
        parent["job"]["name"] = json!(format!("dag{parent_of_run}"));
    }
    event
}

/// Draws a declaration of a job.
pub fn job_event() -> impl Strategy<Value = Value> {
    let io = || prop::collection::vec(dataset(), 0..3);
    (0..5_u8, minute(), job_facets(), io(), io()).prop_map(
        |(job, minute, facets, inputs, outputs)| {
            let mut event = base(minute, "JobEvent");
            event["job"] = json!({"namespace": "etl", "name": job_name(job), "facets": facets});
            event["inputs"] = Value::Array(inputs.into_iter().map(|drawn| drawn.0).collect());
            event["outputs"] = Value::Array(outputs.into_iter().map(|drawn| drawn.0).collect());
            event
        },
    )
}

/// Draws a declaration of a dataset.
pub fn dataset_event() -> impl Strategy<Value = Value> {
    let lineage =
        prop::option::weighted(0.5, removable(inputs().prop_map(|i| json!({"inputs": i}))));
    (minute(), dataset(), lineage).prop_map(|(minute, (mut dataset, _), lineage)| {
        if let Some(lineage) = lineage {
            dataset["facets"]["lineage"] = lineage;
        }
        let mut event = base(minute, "DatasetEvent");
        event["dataset"] = dataset;
        event
    })
}

/// Draws an edit by people.
pub fn edit() -> impl Strategy<Value = Edit> {
    let entity = || {
        prop_oneof![
            3 => dataset_name().prop_map(|(namespace, name)| (NodeKind::Dataset, namespace, name)),
            2 => (0..3_u8).prop_map(|n| (NodeKind::Job, "etl", format!("job{n}"))),
        ]
        .prop_map(|(kind, namespace, name)| EntityRef {
            kind,
            namespace: namespace.to_owned(),
            name,
        })
    };
    let word = || prop::sample::select(vec!["pii".to_owned(), "tag1".to_owned()]);
    let text =
        || prop::option::of(prop::sample::select(vec!["this".to_owned(), "that".to_owned()]));
    let pair = || dataset_name().prop_map(|(namespace, name)| (namespace.to_owned(), name));
    let owners = || prop::collection::vec((word(), prop::option::of(word())), 0..2);
    prop_oneof![
        (text(), text()).prop_map(|(owner, description)| {
            Edit::PutNamespace { name: LAKE.to_owned(), owner, description }
        }),
        (word(), text()).prop_map(|(kind, description)| Edit::PutSource {
            name: "lake".to_owned(),
            url: format!("s3://{kind}"),
            kind,
            description,
        }),
        (word(), text()).prop_map(|(name, description)| Edit::PutTag { name, description }),
        prop::collection::vec(dataset_put(), 1..3)
            .prop_map(|datasets| Edit::PutDatasets { datasets }),
        (0..3_u8, prop::collection::vec(pair(), 0..2), prop::collection::vec(pair(), 0..2), text())
            .prop_map(|(job, inputs, outputs, description)| Edit::PutJob {
                namespace: "etl".to_owned(),
                name: format!("job{job}"),
                inputs,
                outputs,
                location: description.clone(),
                description,
                kind: Some("BATCH".to_owned()),
            }),
        (entity(), word(), any::<bool>()).prop_map(|(entity, tag, on)| Edit::Tag {
            entity,
            field: None,
            tag,
            on
        }),
        (pair(), word(), any::<bool>()).prop_map(|((namespace, name), tag, on)| Edit::Tag {
            entity: EntityRef { kind: NodeKind::Dataset, namespace, name },
            field: Some("c1".to_owned()),
            tag,
            on,
        }),
        (entity(), any::<bool>(), text()).prop_map(|(entity, of_column, description)| {
            Edit::Describe { entity, field: of_column.then(|| "c1".to_owned()), description }
        }),
        (entity(), owners()).prop_map(|(entity, owners)| Edit::SetOwners { entity, owners }),
        (prop::collection::vec(entity(), 1..3), any::<bool>())
            .prop_map(|(entities, deleted)| Edit::SetDeleted { entities, deleted }),
        any::<bool>()
            .prop_map(|deleted| Edit::SetNamespaceDeleted { name: LAKE.to_owned(), deleted }),
    ]
}

fn dataset_put() -> impl Strategy<Value = DatasetPut> {
    let columns = prop::option::of(1..4_usize);
    (dataset_name(), columns, prop::option::weighted(0.3, 0..2_u8), any::<bool>()).prop_map(
        |((namespace, name), columns, description, tagged)| DatasetPut {
            namespace: namespace.to_owned(),
            name,
            description: description.map(|n| format!("By hand, {n}")),
            fields: columns.map(|columns| (0..columns).map(column_put).collect()),
            tags: if tagged { vec!["pii".to_owned()] } else { Vec::new() },
            properties: [("tier".to_owned(), description.map(|n| n.to_string()))].into(),
            ..DatasetPut::default()
        },
    )
}

fn column_put(n: usize) -> FieldPut {
    FieldPut { name: format!("c{n}"), data_type: Some("text".to_owned()), ..FieldPut::default() }
}

/// Returns the members that all events have.
pub fn base(minute: u8, kind: &str) -> Value {
    json!({
        "eventTime": format!("2026-11-20T10:{minute:02}:00Z"),
        "producer": PRODUCER,
        "schemaURL": format!("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/{kind}"),
    })
}

/// Makes a facet of its members.
pub fn facet(mut members: Value) -> Value {
    members["_producer"] = json!(PRODUCER);
    members["_schemaURL"] = json!("https://example.com/schema.json");
    members
}

fn minute() -> impl Strategy<Value = u8> {
    0..8_u8
}

/// One of the runs has an id that is no UUID.
fn run_id(run: u8) -> String {
    if run == 4 { "manual__4".to_owned() } else { format!("00000000-0000-7000-8000-{run:012}") }
}

fn job_name(run: u8) -> String {
    format!("job{}", run % 3)
}

fn dataset_name() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        6 => (0..5_u8).prop_map(|n| (LAKE, format!("table{n}"))),
        1 => (0..3_u8).prop_map(|n| (HIVE, format!("db.t{n}"))),
    ]
}

/// Names that events only refer to, beside those that they are about.
fn any_name() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![3 => dataset_name(), 1 => (0..2_u8).prop_map(|n| ("pg://elsewhere", format!("ghost{n}")))]
}

/// Returns who says an event in these tests: nobody who was kept, the account that is bound to
/// the lake, or a stranger to it. It follows from the event.
pub fn voice_of(event: &Parsed) -> Arc<Voice> {
    static VOICES: LazyLock<[Arc<Voice>; 3]> = LazyLock::new(|| {
        let claims = Arc::new(Claims::new([LAKE.to_owned()]));
        let own = (*claims).clone();
        let jobs = Some(vec!["etl".to_owned()]);
        let author = |name: &str| Voice {
            author: name.to_owned(),
            jobs: jobs.clone(),
            claims: Arc::clone(&claims),
            ..Voice::default()
        };
        let owner = Voice { own, ..author("service:lake") };
        [Arc::default(), Arc::new(owner), Arc::new(author("service:other"))]
    });
    Arc::clone(&VOICES[usize::from(event.id.0.as_bytes()[15] % 3)])
}

/// Parts events by who says them, for submissions.
pub fn by_voice(events: Vec<Parsed>) -> Vec<(Arc<Voice>, Vec<Parsed>)> {
    let mut parts: Vec<(Arc<Voice>, Vec<Parsed>)> = Vec::new();
    for event in events {
        let voice = voice_of(&event);
        match parts.last_mut().filter(|(last, _)| Arc::ptr_eq(last, &voice)) {
            Some((_, events)) => events.push(event),
            None => parts.push((voice, vec![event])),
        }
    }
    parts
}

/// What is drawn of a dataset: the dataset itself and its input or output facets.
type Drawn = (Value, Map<String, Value>);

fn dataset() -> impl Strategy<Value = Drawn> {
    let facets = (
        prop::option::weighted(0.6, removable(schema())),
        prop::option::weighted(0.5, removable(column_lineage())),
        prop::option::weighted(0.1, any_name()),
        prop::option::weighted(0.1, lifecycle()),
        prop::option::weighted(0.3, removable(documentation())),
        prop::option::weighted(0.2, 0..2_u8),
        prop::option::weighted(0.1, tags()),
        prop::option::weighted(0.3, 0..3_u8),
    );
    (dataset_name(), facets).prop_map(|((namespace, name), drawn)| {
        let (schema, columns, symlink, lifecycle, documentation, source, tags, rows) = drawn;
        let symlink = symlink.map(|(namespace, name)| {
            facet(json!({"identifiers": [{"namespace": namespace, "name": name, "type": "TABLE"}]}))
        });
        let source = source.map(|n| facet(json!({"name": "lake", "uri": format!("s3://lake{n}")})));
        let facets = [
            ("schema", schema),
            ("columnLineage", columns),
            ("symlinks", symlink),
            ("lifecycleStateChange", lifecycle),
            ("documentation", documentation),
            ("dataSource", source),
            ("tags", tags),
        ];
        let facets: Map<String, Value> =
            facets.into_iter().filter_map(|(key, said)| Some((key.to_owned(), said?))).collect();
        let io = rows.map(|rows| ("outputStatistics".to_owned(), facet(json!({"rowCount": rows}))));
        (json!({"namespace": namespace, "name": name, "facets": facets}), io.into_iter().collect())
    })
}

fn as_input((mut dataset, facets): Drawn) -> Value {
    dataset["inputFacets"] = Value::Object(facets);
    dataset
}

fn as_output((mut dataset, facets): Drawn) -> Value {
    dataset["outputFacets"] = Value::Object(facets);
    dataset
}

fn schema() -> impl Strategy<Value = Value> {
    (1..4_usize, any::<bool>()).prop_map(|(columns, text)| {
        let kind = if text { "text" } else { "bigint" };
        let fields: Vec<Value> =
            (0..columns).map(|n| json!({"name": format!("c{n}"), "type": kind})).collect();
        json!({"fields": fields})
    })
}

fn column_lineage() -> impl Strategy<Value = Value> {
    let input = || {
        (any_name(), 0..3_u8, 0..3_u8).prop_map(|((namespace, name), column, how)| {
            let how = match how {
                0 => json!([{"type": "DIRECT", "subtype": "IDENTITY"}]),
                1 => json!([{"type": "DIRECT", "subtype": "TRANSFORMATION", "masking": true}]),
                _ => json!([{"type": "INDIRECT", "subtype": "FILTER"}]),
            };
            json!({"namespace": namespace, "name": name, "field": format!("c{column}"), "transformations": how})
        })
    };
    let of_field = prop::collection::vec(input(), 1..3);
    let of_all = prop::collection::vec(input(), 0..2);
    (prop::collection::vec(of_field, 1..3), of_all).prop_map(|(fields, dataset)| {
        let fields: Map<String, Value> = fields
            .into_iter()
            .enumerate()
            .map(|(n, inputs)| (format!("c{n}"), json!({"inputFields": inputs})))
            .collect();
        json!({"fields": fields, "dataset": dataset})
    })
}

fn lifecycle() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(facet(json!({"lifecycleStateChange": "DROP"}))),
        Just(facet(json!({"lifecycleStateChange": "CREATE"}))),
        dataset_name().prop_map(|(namespace, name)| facet(json!({
            "lifecycleStateChange": "RENAME",
            "previousIdentifier": {"namespace": namespace, "name": name},
        }))),
    ]
}

/// Short ones lie in their owner's row, long ones apart.
fn documentation() -> impl Strategy<Value = Value> {
    (0..3_u8, any::<bool>()).prop_map(|(n, long)| {
        let text = format!("What it holds, {n}. ");
        json!({"description": if long { text.repeat(20) } else { text }})
    })
}

fn run_facets() -> impl Strategy<Value = Map<String, Value>> {
    (prop::option::weighted(0.2, 0..3_u8), prop::option::weighted(0.2, 0..3_u8)).prop_map(
        |(nominal, engine)| {
            let nominal = nominal.map(|hour| {
                facet(json!({"nominalStartTime": format!("2026-11-20T{hour:02}:00:00Z")}))
            });
            let engine =
                engine.map(|n| facet(json!({"version": format!("3.{n}"), "name": "spark"})));
            let facets = [("nominalTime", nominal), ("processing_engine", engine)];
            facets.into_iter().filter_map(|(key, said)| Some((key.to_owned(), said?))).collect()
        },
    )
}

fn job_facets() -> impl Strategy<Value = Map<String, Value>> {
    let drawn = (
        prop::option::weighted(0.3, removable(explicit_lineage())),
        prop::option::weighted(0.2, 0..2_u8),
        prop::option::weighted(0.2, any::<bool>()),
        prop::option::weighted(0.2, 0..3_u8),
        prop::option::weighted(0.1, tags()),
    );
    drawn.prop_map(|(lineage, code, endless, sql, tags)| {
        let code = code.map(|n| facet(json!({"type": "git", "url": format!("https://git/{n}")})));
        let kind = endless.map(|endless| {
            let processing = if endless { "STREAMING" } else { "BATCH" };
            facet(json!({"processingType": processing, "integration": "SPARK", "jobType": "JOB"}))
        });
        let sql = sql.map(|n| facet(json!({"query": format!("SELECT {n} FROM t")})));
        let facets = [
            ("lineage", lineage),
            ("sourceCodeLocation", code),
            ("jobType", kind),
            ("sql", sql),
            ("tags", tags),
        ];
        facets.into_iter().filter_map(|(key, said)| Some((key.to_owned(), said?))).collect()
    })
}

fn tags() -> impl Strategy<Value = Value> {
    (0..3_u8).prop_map(|n| {
        facet(json!({"tags": [{"key": format!("tag{n}"), "value": "true", "source": "test"}]}))
    })
}

fn inputs() -> impl Strategy<Value = Vec<Value>> {
    let input = prop_oneof![
        4 => (any_name(), prop::option::of(0..3_u8)).prop_map(|((namespace, name), column)| {
            let mut input = json!({"type": "DATASET", "namespace": namespace, "name": name});
            if let Some(column) = column {
                input["field"] = json!(format!("c{column}"));
            }
            input
        }),
        1 => (0..4_u8).prop_map(|n| json!({"type": "JOB", "namespace": "etl", "name": format!("job{n}")})),
    ];
    prop::collection::vec(input, 0..3)
}

fn explicit_lineage() -> impl Strategy<Value = Value> {
    let target = prop_oneof![
        3 => dataset_name().prop_map(|(namespace, name)| {
            json!({"type": "DATASET", "namespace": namespace, "name": name})
        }),
        1 => Just(json!({"type": "JOB"})),
    ];
    let entry = (target, inputs()).prop_map(|(mut entry, inputs)| {
        entry["inputs"] = Value::Array(inputs);
        entry
    });
    prop::collection::vec(entry, 1..3).prop_map(|entries| json!({"entries": entries}))
}

/// A facet, or once in a while its removal.
fn removable(members: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![8 => members.prop_map(facet), 1 => Just(facet(json!({"_deleted": true})))]
}
