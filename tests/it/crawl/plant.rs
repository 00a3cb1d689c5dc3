//! What is planted: open things and hidden ones beside each other, named in every way in which
//! one can name another. Each name that somebody must not learn is a word found nowhere else.

use serde_json::{Value, json};

use crate::policies::{admin, read};
use crate::world::World;

/// A namespace that everybody with a role knows.
pub const OPEN: &str = "open";
/// A namespace that only the bound token's bounds leave out.
pub const ELSE: &str = "zqelse-ns";
/// A namespace in which everything is hidden.
pub const DARK: &str = "zqdark-ns";

/// A word and who may know it.
pub struct Word {
    /// The word.
    pub word: &'static str,
    /// Who may know it, among [`super::ASKERS`].
    pub known: &'static [&'static str],
}

/// Whoever sees that a restricted thing is there.
const THERE: &[&str] = &["steward", "privacy_officer", "auditor", "operator", "administrator"];
/// Whoever sees what is in a restricted thing.
const INSIDE: &[&str] = &["steward", "privacy_officer", "auditor"];
/// Whoever sees fields that hold personal data.
const PERSONAL: &[&str] = &["steward", "privacy_officer"];
/// Whoever sees what is not restricted, wherever it is.
const ROLES: &[&str] = &[
    "viewer",
    "contributor",
    "steward",
    "privacy_officer",
    "approver",
    "auditor",
    "operator",
    "administrator",
];

/// Every planted word, by the shipped rules as somebody reads them who knows no code.
pub const WORDS: &[Word] = &[
    // Names of what is restricted, in the ways in which it is named.
    Word { word: "zqedited", known: THERE },
    Word { word: "zqfaceted", known: THERE },
    Word { word: "zqlinked", known: THERE },
    Word { word: "zqformer", known: THERE },
    Word { word: "zqdark-ns", known: THERE },
    Word { word: "zqdark-table", known: THERE },
    Word { word: "zqtagonly", known: THERE },
    Word { word: "zqsource", known: THERE },
    Word { word: "zqhidden-job", known: THERE },
    // Where something hidden lives, beside something that all see.
    Word { word: "zqhost", known: THERE },
    // What is in it.
    Word { word: "zqsecret-column", known: INSIDE },
    Word { word: "zqdescribed", known: INSIDE },
    // Personal fields: on the column, on the whole, nested, and what is said of them.
    Word { word: "zqmail", known: PERSONAL },
    Word { word: "zqwhole", known: PERSONAL },
    Word { word: "zqnested", known: PERSONAL },
    // Elsewhere, open to every role but bound to another namespace.
    Word { word: "zqelse", known: ROLES },
    // Whoever read in a store: sealed.
    Word { word: "zqreader", known: &[] },
    // What was refused.
    Word { word: "zqrefused", known: &["steward", "operator", "administrator"] },
];

/// Ids of runs, all of them asked for by everybody.
pub const RUNS: [&str; 6] = [
    "0199e2a0-5d1c-7c3e-b3a8-000000000001",
    "0199e2a0-5d1c-7c3e-b3a8-000000000002",
    "0199e2a0-5d1c-7c3e-b3a8-000000000003",
    "0199e2a0-5d1c-7c3e-b3a8-000000000004",
    "0199e2a0-5d1c-7c3e-b3a8-000000000005",
    "0199e2a0-5d1c-7c3e-b3a8-000000000006",
];

/// Datasets that are asked for by name, open and hidden.
pub const DATASETS: &[(&str, &str)] = &[
    (OPEN, "plain"),
    (OPEN, "people"),
    (OPEN, "whole"),
    (OPEN, "out"),
    (ELSE, "zqelse-table"),
    (OPEN, "zqedited"),
    (OPEN, "zqfaceted"),
    (OPEN, "zqlinked"),
    (OPEN, "zqformer"),
    (OPEN, "zqformer-now"),
    (DARK, "zqdark-table"),
];

/// Jobs that are asked for by name.
pub const JOBS: &[(&str, &str)] = &[
    ("etl", "plain-job"),
    ("etl", "naming-job"),
    ("etl", "parent-job"),
    ("etl", "zqhidden-job"),
    ("etl", "columns-job"),
];

fn facet(body: Value) -> Value {
    let mut facet = json!({"_producer": "https://example.com/etl", "_schemaURL": "https://example.com/facet.json"});
    if let (Some(facet), Value::Object(body)) = (facet.as_object_mut(), body) {
        facet.extend(body);
    }
    facet
}

fn dataset(namespace: &str, name: &str, facets: Value) -> Value {
    json!({"namespace": namespace, "name": name, "facets": facets})
}

fn schema(columns: &[&str]) -> Value {
    let field = |name: &&str| json!({"name": name, "type": "TEXT"});
    facet(json!({"fields": columns.iter().map(field).collect::<Vec<_>>()}))
}

fn restricted() -> Value {
    facet(json!({"tags": [{"key": "restricted", "value": "true", "source": "USER"}]}))
}

fn run(place: usize, job: (&str, Value), run_facets: Value, io: (Value, Value)) -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": format!("2026-11-20T12:00:0{place}Z"),
        "producer": "https://example.com/etl", "run": {"runId": RUNS[place], "facets": run_facets},
        "job": {"namespace": "etl", "name": job.0, "facets": job.1}, "inputs": io.0, "outputs": io.1,
    })
}

fn about(dataset: Value) -> Value {
    json!({"eventTime": "2026-11-20T11:00:00Z", "producer": "https://example.com/etl", "dataset": dataset})
}

/// What people say.
async fn edits(world: &World) {
    let mail = json!(["class:user.contact.email"]);
    let datasets = json!({"datasets": [
        {"namespace": OPEN, "name": "plain", "fields": [{"name": "id"}], "tags": ["gold"], "source": "half"},
        {"namespace": OPEN, "name": "people", "description": "People",
         "fields": [{"name": "id"}, {"name": "zqmail", "tags": mail, "description": "zqmail of theirs",
            "fields": [{"name": "zqnested"}]}]},
        {"namespace": OPEN, "name": "whole", "tags": mail, "fields": [{"name": "zqwhole"}]},
        {"namespace": ELSE, "name": "zqelse-table", "fields": [{"name": "zqelse-column"}]},
        {"namespace": OPEN, "name": "zqedited", "tags": ["restricted", "zqtagonly"], "source": "zqsource",
         "description": "zqdescribed", "fields": [{"name": "zqsecret-column", "description": "zqdescribed"}]},
        {"namespace": DARK, "name": "zqdark-table", "tags": ["restricted"], "source": "half",
         "fields": [{"name": "zqsecret-column"}]},
    ]});
    admin(world, "PUT", "/api/v1/datasets", &datasets).await.ok(204);
    let source = json!({"type": "POSTGRESQL", "connectionUrl": "postgres://zqsource:5432/db"});
    admin(world, "PUT", "/api/v1/sources/zqsource", &source).await.ok(200);
    let half = json!({"type": "POSTGRESQL", "connectionUrl": "postgres://zqhost:5432/db", "description": "zqhost"});
    admin(world, "PUT", "/api/v1/sources/half", &half).await.ok(200);
    let described = json!({"description": "made by hand"});
    admin(world, "PUT", "/api/v1/tags/zqtagonly", &described).await.ok(200);
}

/// What pipelines say of datasets: restricted ones, one of two names, one that was renamed.
fn declared() -> Vec<Value> {
    let secret = || json!({"tags": restricted(), "schema": schema(&["zqsecret-column"])});
    let link = json!({"identifiers": [{"namespace": OPEN, "name": "zqlinked", "type": "TABLE"}]});
    let rename = json!({
        "lifecycleStateChange": "RENAME",
        "previousIdentifier": {"namespace": OPEN, "name": "zqformer"},
    });
    // Facets that may be shown, with members that a producer made up.
    let made_up = json!({
        "storage": facet(json!({"storageLayer": "iceberg", "partitionBy": ["zqmail"]})),
        "documentation": facet(json!({"description": "People", "columns": {"zqmail": "x"}})),
        "version": facet(json!({"datasetVersion": "1", "sortedBy": "zqmail"})),
        "datasetType": facet(json!({"datasetType": "TABLE", "keys": ["zqmail"]})),
        "tags": facet(json!({"tags": [], "fields": ["zqmail"]})),
        "ownership": facet(json!({"owners": [{"name": "ann", "of": "zqmail"}]})),
        "catalog": facet(json!({"framework": "x", "type": "x", "name": "x", "catalogProperties": {"by": "zqmail"}})),
        "schema": facet(json!({"primaryKey": ["zqmail"], "fields": [
            {"name": "id", "joinedWith": "zqmail"}, {"name": "zqmail", "fields": [{"name": "zqnested"}]}]})),
    });
    let altered = json!({
        "lifecycleStateChange": "ALTER",
        "previousIdentifier": {"namespace": OPEN, "name": "zqfaceted"},
    });
    vec![
        about(dataset(OPEN, "people", made_up)),
        about(dataset(OPEN, "out", json!({"lifecycleStateChange": facet(altered)}))),
        about(dataset(OPEN, "zqfaceted", secret())),
        about(dataset(OPEN, "zqfaceted", json!({"symlinks": facet(link)}))),
        about(dataset(OPEN, "zqformer", secret())),
        about(dataset(OPEN, "zqformer-now", json!({"lifecycleStateChange": facet(rename)}))),
    ]
}

/// The open job that names what is hidden: in its SQL, its facets, its error, its columns.
fn naming() -> Value {
    let from = |name: &str, field: &str| json!({"namespace": OPEN, "name": name, "field": field});
    let mut seen = from("plain", "id");
    seen["transformations"] = json!([{"type": "DIRECT", "subtype": "TRANSFORMATION",
        "description": "id + (select max(zqmail) from zqedited)"}]);
    let inputs = [from("zqedited", "zqsecret-column"), from("people", "zqmail"), seen];
    let columns = facet(json!({"fields": {"a": {"inputFields": inputs}}}));
    let input = json!([{"type": "DATASET", "namespace": OPEN, "name": "zqfaceted"}]);
    let entry = json!({"type": "DATASET", "namespace": OPEN, "name": "out", "inputs": input});
    let text = "select zqsecret-column, zqmail from zqedited join people using (id)";
    let job = json!({
        "sql": facet(json!({"query": text})), "lineage": facet(json!({"entries": [entry]})),
    });
    let error = json!({"message": "no zqsecret-column in zqedited", "programmingLanguage": "SQL"});
    let read = ["zqedited", "people", "plain"].map(|name| dataset(OPEN, name, json!({})));
    let out = json!({"schema": schema(&["a"]), "columnLineage": columns});
    let io = (json!(read), json!([dataset(OPEN, "out", out)]));
    let query = facet(json!({"externalQueryId": "zqdark-table_load", "source": "zqdark-table"}));
    let engine = facet(json!({"version": "1", "name": "zqdark-table engine"}));
    let tags = facet(json!({"tags": [{"key": "reads", "value": "zqdark-table"}]}));
    let facets = json!({"errorMessage": facet(error), "externalQuery": query, "processing_engine": engine, "tags": tags});
    run(1, ("naming-job", job), facets, io)
}

/// The open job whose facets name a masked field in members that a producer made up.
fn plain() -> Value {
    let job = json!({
        "sourceCodeLocation": facet(json!({"type": "git", "url": "https://git.example/etl/zqmail.sql"})),
        "jobType": facet(json!({"processingType": "BATCH", "integration": "x", "keys": ["zqmail"]})),
        "ownership": facet(json!({"owners": [], "of": "zqmail"})),
    });
    let time = json!({"nominalStartTime": "2026-11-20T12:00:00Z", "why": "zqmail"});
    let mut out = dataset(OPEN, "out", json!({}));
    out["outputFacets"] =
        json!({"outputStatistics": facet(json!({"rowCount": 1, "columns": {"zqmail": 1}}))});
    let io = (json!([dataset(OPEN, "plain", json!({}))]), json!([out]));
    run(0, ("plain-job", job), json!({"nominalTime": facet(time)}), io)
}

/// The open job that read what is hidden only by the columns that it made of it, and says so.
fn columns() -> Value {
    let inputs = json!([{"namespace": OPEN, "name": "zqfaceted", "field": "zqsecret-column"}]);
    let columns = facet(json!({"fields": {"a": {"inputFields": inputs}}}));
    let out = json!({"schema": schema(&["a"]), "columnLineage": columns});
    let query = facet(json!({"externalQueryId": "zqsecret-column", "source": "store"}));
    let io = (json!([dataset(OPEN, "plain", json!({}))]), json!([dataset(OPEN, "out", out)]));
    run(5, ("columns-job", json!({})), json!({"externalQuery": query}), io)
}

/// What pipelines say of runs: open ones, one that names what is hidden, a hidden one, its child.
fn runs() -> [Value; 6] {
    let one = |namespace: &str, name: &str| json!([dataset(namespace, name, json!({}))]);
    // A child's job is named after its parent's, hidden or not (docs/security.md): this one's name
    // is no planted word.
    let parent = json!({
        "run": {"runId": RUNS[4]}, "job": {"namespace": "etl", "name": "shut-job"},
    });
    let hidden = ("zqhidden-job", json!({"tags": restricted()}));
    let child = json!({"parent": facet(parent)});
    [
        plain(),
        naming(),
        columns(),
        run(3, hidden, json!({}), (one(DARK, "zqdark-table"), one(OPEN, "plain"))),
        run(4, ("shut-job", json!({"tags": restricted()})), json!({}), (json!([]), json!([]))),
        run(2, ("parent-job", json!({})), child, (one(OPEN, "out"), json!([]))),
    ]
}

/// Plants everything.
pub async fn plant(world: &World) {
    edits(world).await;
    for event in declared().into_iter().chain(runs()) {
        admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
    }
    let broken = json!([{"eventTime": "never", "job": "zqrefused"}]);
    admin(world, "POST", "/api/v1/lineage/batch", &broken).await.ok(200);
    let access = |id: &str, name: &str, columns: &[&str], query: &str| {
        json!({"id": id, "actor": "zqreader", "at": "2026-11-20T12:00:00Z", "columns": columns,
            "dataset": {"namespace": OPEN, "name": name}, "fingerprint": query, "purpose": query})
    };
    let accesses = json!([
        access("1", "zqedited", &["zqsecret-column"], "select zqsecret-column from zqedited"),
        access(
            "2",
            "people",
            &["id", "ZQMAIL", "zqmail", "zqmail.zqnested"],
            "select zqmail from people"
        ),
        access("3", "whole", &["zqwhole"], "select zqwhole from whole"),
        access("4", "plain", &["id"], "select zqmail.zqnested as id from people"),
    ]);
    admin(world, "POST", "/api/v1/access-events", &accesses).await.ok(200);
    world.settle().await;
    let planted = read(world, "/api/v1/datasets?namespace=open&name=zqformer-now").await;
    assert_eq!(planted["items"].as_array().map(Vec::len), Some(1), "{planted}");
}
