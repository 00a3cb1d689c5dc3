//! No route without a decision, no change without a record: tried on every route there is.
//!
//! What is found is compared with two committed lists, which are empty: whoever adds an entry says
//! that it is meant. A new route that is not tried here is an entry, too.

use std::collections::BTreeMap;

use lethe::access::Action;
use lethe::http::acts::{GATES, Gate};
use reqwest::Method;
use serde_json::{Value, json};

use crate::grid::compare;
use crate::policies::{admin, read};
use crate::world::{Backend, World};

/// A name that whoever may see nothing must not be told.
const MARK: &str = "marked-for-nobody";
/// What pipelines say is kept in the event log, which is a record already; runs that are
/// written by hand are events as well, and so is what stores say of accesses.
const EVENTS: [Action; 4] =
    [Action::EventIngest, Action::EventImport, Action::RunEdit, Action::AccessEventWrite];
/// Changes that need a browser's session or a subject's key: `sign_in.rs` and `keys.rs` look for
/// their records. Rekeying where nothing was shredded changes nothing, nor does rotating a root key that
/// was given.
const ELSEWHERE: [&str; 6] = [
    "/api/v1/session",
    "/api/v1/users/{name}/sessions",
    "/api/v1/users/{name}/sessions/{id}",
    "/api/v1/keys/rekey",
    "/api/v1/keys/rotate",
    "/api/v1/keys/shred",
];
/// Questions that are asked by POST, and change nothing.
const QUESTIONS: [Action; 2] = [Action::PolicyDecide, Action::PolicySimulate];
const RUN: &str = "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69";

fn event() -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z",
        "producer": "https://example.com/etl", "run": {"runId": RUN},
        "job": {"namespace": MARK, "name": MARK}, "outputs": [{"namespace": MARK, "name": MARK}],
    })
}

/// The steps that change something, in an order in which each can be done: a route, and the body.
/// A step may be there twice.
fn steps() -> Vec<(&'static str, &'static str, Value)> {
    let none = || Value::Null;
    let dataset = "/api/v1/namespaces/{namespace}/datasets/{dataset}";
    let field = "/api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}";
    let tag = "/api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}";
    let job_tag = "/api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}";
    let columns = json!([{"name": MARK, "type": "INTEGER"}]);
    let table =
        json!({"type": "DB_TABLE", "physicalName": MARK, "sourceName": MARK, "fields": columns});
    let member = "/api/v1/groups/{name}/members/{user}";
    vec![
        ("PUT", "/api/v1/namespaces/{namespace}", json!({"ownerName": "ann"})),
        (
            "PUT",
            "/api/v1/sources/{source}",
            json!({"type": "POSTGRESQL", "connectionUrl": "pg://x"}),
        ),
        ("PUT", "/api/v1/tags/{tag}", json!({"description": "a tag"})),
        ("PUT", "/api/v1/datasets", json!({"datasets": [{"namespace": MARK, "name": MARK}]})),
        ("PUT", dataset, table),
        ("POST", tag, none()),
        ("DELETE", tag, none()),
        ("POST", field, none()),
        ("DELETE", field, none()),
        ("PUT", "/api/v1/datasets/{id}/tags/{tag}", none()),
        ("DELETE", "/api/v1/datasets/{id}/tags/{tag}", none()),
        ("PUT", "/api/v1/datasets/{id}/columns/{column}/tags/{tag}", none()),
        ("DELETE", "/api/v1/datasets/{id}/columns/{column}/tags/{tag}", none()),
        (
            "PUT",
            "/api/v1/datasets/{id}/columns/{column}/description",
            json!({"description": "a column"}),
        ),
        ("DELETE", dataset, none()),
        ("POST", "/api/v1/datasets/{id}/undelete", none()),
        ("DELETE", "/api/v1/datasets/{id}", none()),
        (
            "PUT",
            "/api/v1/namespaces/{namespace}/jobs/{job}",
            json!({"type": "BATCH", "inputs": [], "outputs": []}),
        ),
        ("POST", job_tag, none()),
        ("DELETE", job_tag, none()),
        ("DELETE", "/api/v1/namespaces/{namespace}/jobs/{job}", none()),
        ("POST", "/api/v1/jobs/{id}/undelete", none()),
        ("DELETE", "/api/v1/jobs/{id}", none()),
        ("DELETE", "/api/v1/namespaces/{namespace}", none()),
        ("POST", "/api/v1/dead-letters/{id}/replay", event()),
        ("DELETE", "/api/v1/dead-letters/{id}", none()),
        ("PUT", "/api/v1/users/{name}", json!({})),
        ("POST", "/api/v1/users/{name}/tokens", json!({"name": "one"})),
        (
            "PUT",
            "/api/v1/users/{name}/password",
            json!({"password": "a password of nobody's choice"}),
        ),
        ("PUT", "/api/v1/groups/{name}", json!({})),
        ("PUT", member, none()),
        ("DELETE", member, none()),
        ("DELETE", "/api/v1/groups/{name}", none()),
        ("PUT", "/api/v1/service-accounts/{name}", json!({"namespaces": [MARK]})),
        ("POST", "/api/v1/service-accounts/{name}/tokens", json!({"name": "one"})),
        ("POST", "/api/v1/tokens/{id}/rotate", json!({})),
        ("DELETE", "/api/v1/tokens/{id}", none()),
        ("DELETE", "/api/v1/service-accounts/{name}", none()),
        ("DELETE", "/api/v1/users/{name}", none()),
        ("POST", "/api/v1/policies", json!({"csv": lethe::access::SHIPPED_POLICY})),
        ("POST", "/api/v1/policies/{version}/activate", json!({})),
        ("POST", "/api/v1/policies", json!({"csv": ""})),
        ("DELETE", "/api/v1/policies/{version}", none()),
    ]
}

/// Ids that paths name, as far as they are known.
#[derive(Default)]
struct Ids(BTreeMap<&'static str, String>);

impl Ids {
    /// Fills a route's parts in.
    fn path(&self, route: &str) -> String {
        let kinds = ["datasets", "jobs", "runs", "dead-letters", "tokens", "audit"];
        let kind = route.split('/').rfind(|part| kinds.contains(part)).unwrap_or_default();
        let part = |part: &str| match part {
            "{id}" => self.0.get(kind).cloned().unwrap_or_else(|| RUN.to_owned()),
            "{version}" => self.0.get("version").cloned().unwrap_or_else(|| "1".to_owned()),
            "{*path}" => "0/000".to_owned(),
            "{period}" => "DAY".to_owned(),
            part if part.starts_with('{') => MARK.to_owned(),
            part => part.to_owned(),
        };
        route.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// Remembers the ids that an answer tells.
    fn learn(&mut self, route: &str, answer: &str) {
        let Ok(answer) = serde_json::from_str::<Value>(answer) else { return };
        if route.ends_with("/tokens") || route.ends_with("/rotate") {
            self.0.extend(answer["id"].as_str().map(|id| ("tokens", id.to_owned())));
        }
        self.0.extend(answer["version"].as_i64().map(|version| ("version", version.to_string())));
    }
}

fn marked() -> Ids {
    let mut ids = Ids::default();
    ids.0.insert("datasets", lethe::base::DatasetId::of(MARK, MARK).0.to_string());
    ids.0.insert("jobs", lethe::base::JobId::of(MARK, MARK).0.to_string());
    ids
}

/// Says what is wrong with how a route answers somebody who may do nothing; nothing if all is well.
fn shown(action: Action, status: u16, text: &str) -> Option<String> {
    // To end the session that one has not.
    let own = action == Action::SessionRevoke && text.is_empty();
    match status {
        403 | 404 => None,
        200 if !text.contains(MARK) => None,
        204 if own => None,
        _ => Some(format!("answers {status} to whoever holds no role")),
    }
}

/// Whether a text tells the marked name, except as the question that was asked.
fn told(text: &str) -> bool {
    let mut rest = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
    if let Some(object) = rest.as_object_mut() {
        object.retain(|member, _| !["query", "q", "focus", "text"].contains(&member.as_str()));
    }
    rest.to_string().contains(MARK)
}

/// A query that a route which reads understands.
fn query(route: &str) -> String {
    match route {
        "/api/v1/datasets" => return format!("namespace={MARK}"),
        "/api/v1/jobs/runs/{id}/facets" => return "type=run".to_owned(),
        _ => {}
    }
    if !["lineage", "stats", "explain"].iter().any(|word| route.contains(word)) {
        return format!("q={MARK}");
    }
    let node = format!("dataset%3A{MARK}%3A{MARK}");
    let moments = "before=2026-11-20T11:00:00Z&after=2026-11-20T13:00:00Z";
    format!(
        "nodeId={node}&focus={node}&from={node}&to={node}&runId={RUN}&q={MARK}&kind=dataset&id={RUN}&period=DAY&type=run&{moments}"
    )
}

/// A question about somebody else.
fn question() -> Value {
    json!({
        "principal": {"reference": format!("user:{MARK}")}, "action": "dataset:read",
        "dataset": {"namespace": MARK, "name": MARK},
    })
}

/// A body that a route understands.
fn body_of(route: &str) -> Value {
    match route {
        "/api/v1/lineage" => event(),
        "/api/v1/lineage/batch" => json!([event()]),
        "/api/v1/access-events" => json!({
            "id": "1", "actor": "ann", "dataset": {"namespace": "pg", "name": MARK},
            "at": "2026-11-20T12:00:00Z",
        }),
        "/api/v1/policies/decide" => question(),
        "/api/v1/policies/decide/batch" => json!({"questions": [question()]}),
        _ if route.ends_with("/tokens") => json!({"name": "one"}),
        _ => json!({}),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_answers_without_a_decision() {
    let world = World::guarded(Backend::Sqlite).await;
    admin(&world, "POST", "/api/v1/lineage", &event()).await.ok(201);
    let nobody = world.person("nobody", &[]).await;
    let elsewhere = world.person("elsewhere", &[]).await;
    let roles = ["viewer", "contributor", "steward", "privacy_officer", "auditor"]
        .map(|role| json!({"role": role, "domain": "elsewhere/*"}));
    admin(&world, "PUT", "/api/v1/users/elsewhere", &json!({"roles": roles})).await.ok(200);
    world.settle().await;
    world.person(MARK, &[]).await;
    let ids = marked();
    let mut found = String::new();
    for (method, route, gate) in GATES {
        let Some(action) = gate.action() else { continue };
        let (path, body) = (ids.path(route), body_of(route));
        let stranger = world.call(method, &path, body.to_string()).await;
        if stranger.status != 401 {
            found += &format!("{method} {route} answers {} to nobody\n", stranger.status);
        }
        let answer = world.call_as(&nobody, method, &path, &body).await;
        if let Some(fault) = shown(action, answer.status, &answer.text) {
            found += &format!("{method} {route} {fault}\n");
        }
        // Somebody who may do much, but nowhere here, is shown nothing of what is here.
        // The change feed tells positions and never ends: see changes.rs.
        let tells = matches!(gate, Gate::Seen(_)) && *route != "/api/v1/changes";
        if tells && *method == "GET" {
            let path = format!("{path}?{}", query(route));
            let answer = world.call_as(&elsewhere, method, &path, &body).await;
            if answer.status == 200 && told(&answer.text) {
                found += &format!("{method} {route} shows what the asker may not see\n");
            }
            if ![200, 403, 404].contains(&answer.status) {
                found += &format!("{method} {route} answers {}\n", answer.status);
            }
        }
    }
    compare("routes-without-decision.txt", &found);
    world.app.stop().await;
}

async fn audit_size(world: &World) -> u64 {
    let size = world.app.db().audit_size().await.expect("a size");
    u64::try_from(size).expect("a size")
}

/// Makes a refused event and remembers its id.
async fn refused(world: &World, ids: &mut Ids) {
    let broken = json!([{"eventTime": "never", "job": MARK}]);
    admin(world, "POST", "/api/v1/lineage/batch", &broken).await.ok(200);
    let letters = read(world, "/api/v1/dead-letters").await;
    let id = letters["items"][0]["id"].as_str().expect("a dead letter").to_owned();
    ids.0.insert("dead-letters", id);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_made_without_a_record() {
    let world = World::guarded(Backend::Sqlite).await;
    let (mut ids, mut tried, mut found) = (marked(), Vec::new(), String::new());
    for (method, route, body) in steps() {
        if route.starts_with("/api/v1/dead-letters") {
            refused(&world, &mut ids).await;
        }
        let before = audit_size(&world).await;
        let answer = admin(&world, method, &ids.path(route), &body).await;
        assert!(answer.status < 300, "{method} {route}: {} {}", answer.status, answer.text);
        ids.learn(route, &answer.text);
        if audit_size(&world).await == before {
            found += &format!("{method} {route} leaves no record\n");
        }
        tried.push((method, route));
    }
    for (method, route, gate) in GATES {
        let Some(action) = gate.action() else { continue };
        let changes =
            *method != Method::GET && !EVENTS.contains(&action) && !QUESTIONS.contains(&action);
        if changes && !ELSEWHERE.contains(route) && !tried.contains(&(*method, *route)) {
            found += &format!("{method} {route} is not tried\n");
        }
    }
    compare("changes-without-record.txt", &found);
    world.app.stop().await;
}
