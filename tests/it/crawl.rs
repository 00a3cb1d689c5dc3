//! Every door that reads, asked by everybody there is: no answer names what its asker must not
//! know. Who may know what is said beside the planted words, not asked of the judge.

mod doors;
mod plant;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use lethe::http::acts::GATES;
use serde_json::{Value, json};

use crate::policies::{admin, read};
use crate::world::{Backend, TOKEN, World};
use doors::Told;
use plant::{OPEN, WORDS};

/// Everybody who asks: each shipped role, somebody known with no role, nobody, and a pipeline and a
/// viewer's program that are bound to a namespace.
const ASKERS: [&str; 12] = [
    "viewer",
    "contributor",
    "steward",
    "privacy_officer",
    "approver",
    "auditor",
    "operator",
    "administrator",
    "roleless",
    "nobody",
    "bound",
    "bound-viewer",
];
/// Pages of a list that are followed.
const PAGES: usize = 3;
/// Routes whose answers do not end: what they say first is read.
const STREAMS: [&str; 2] = ["/api/v1/changes", "/api/v1/audit/tail"];

async fn token_of(world: &World, who: &str) -> String {
    match who {
        "nobody" => "no token of anybody's".to_owned(),
        "roleless" => world.person(who, &[]).await,
        "bound" | "bound-viewer" => {
            let account = format!("/api/v1/service-accounts/{who}");
            let roles = if who == "bound" { json!([]) } else { json!([{"role": "viewer"}]) };
            let put = json!({"namespaces": [OPEN], "roles": roles});
            admin(world, "PUT", &account, &put).await.ok(200);
            let make = json!({"name": "one", "namespaces": [OPEN]});
            let made = admin(world, "POST", &format!("{account}/tokens"), &make).await.ok(201);
            made["token"].as_str().expect("a token").to_owned()
        }
        role => world.person(role, &[role]).await,
    }
}

fn ids(list: &Value, member: &str) -> Vec<String> {
    let items = list["items"].as_array().into_iter().flatten();
    items.filter_map(|item| item[member].as_str().map(str::to_owned)).collect()
}

/// Gathers ids that only answers tell, as somebody who sees everything.
async fn gather(world: &World) -> Told {
    let mut told = Told::new();
    told.insert("events", ids(&read(world, "/api/v1/events").await, "id"));
    told.insert("letters", ids(&read(world, "/api/v1/dead-letters").await, "id"));
    let records = read(world, "/api/v1/audit/records?limit=1000").await;
    let items = records["items"].as_array().into_iter().flatten();
    let id = |item: &Value| item["record"]["id"].as_str().map(str::to_owned);
    let mut records: Vec<String> = items.filter_map(id).collect();
    records.truncate(40);
    told.insert("records", records);
    for (kind, all, of) in
        [("dataset-versions", plant::DATASETS, "datasets"), ("job-versions", plant::JOBS, "jobs")]
    {
        let mut versions = Vec::new();
        for (namespace, name) in all {
            let path = format!("/api/v1/namespaces/{namespace}/{of}/{name}/versions");
            let answer = admin(world, "GET", &path, &Value::Null).await;
            let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            let list = body["versions"].as_array().into_iter().flatten();
            versions.extend(
                list.filter_map(|one| Some(format!("{path}/{}", one["version"].as_str()?))),
            );
        }
        assert!(!versions.is_empty(), "{kind}");
        told.insert(kind, versions);
    }
    assert!(told.values().all(|ids| !ids.is_empty()), "{told:?}");
    told
}

/// Asks for a path and the pages after it, and tells each planted word of the answers that the
/// asker must not know. What stands in the question itself, the asker knew.
async fn crawl(
    world: &World,
    (who, token): (&str, &str),
    path: String,
) -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    let route = path.split('?').next().unwrap_or_default().to_owned();
    let mut next = Some(path);
    for _ in 0..PAGES {
        let Some(path) = next.take() else { break };
        let answer = if STREAMS.contains(&route.as_str()) {
            world.begins_with(token, &path).await
        } else {
            world.as_whom(token, "GET", &path, "").await
        };
        assert!(answer.status < 500, "{who}: {path}: {} {}", answer.status, answer.text);
        let said = format!("{:?} {}", answer.headers, answer.text);
        let forbidden = WORDS.iter().filter(|word| !word.known.contains(&who));
        let leaks = forbidden.filter(|word| said.contains(word.word) && !path.contains(word.word));
        found.extend(leaks.map(|leak| (path.clone(), leak.word)));
        let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let cursor = body["next"].as_str().map(str::to_owned);
        next = cursor.map(|cursor| {
            let base = path.split("&after=").next().unwrap_or_default();
            format!("{base}{}&after={cursor}", if base.contains('?') { "" } else { "?limit=100" })
        });
    }
    found
}

/// Returns every way to ask every route that reads.
fn all_ways(told: &Told) -> Vec<String> {
    let mut unknown = String::new();
    let mut all = Vec::new();
    for (method, route, _) in GATES {
        if *method != "GET" {
            continue;
        }
        match doors::ways(route, told) {
            Some(ways) => all.extend(ways),
            None => unknown += &format!("{route}\n"),
        }
    }
    assert!(
        unknown.is_empty(),
        "the crawl does not know how to ask (tests/it/crawl/doors.rs):\n{unknown}"
    );
    all
}

async fn names_nothing_hidden(backend: Backend) {
    let world = World::guarded(backend).await;
    plant::plant(&world).await;
    let mut askers = Vec::new();
    for who in ASKERS {
        askers.push((who, token_of(&world, who).await));
    }
    let told = gather(&world).await;
    let ways = all_ways(&told);
    let mut leaks: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    for (who, token) in &askers {
        for some in ways.chunks(8) {
            let asked = some.iter().map(|path| crawl(&world, (who, token), path.clone()));
            for (path, word) in join_all(asked).await.into_iter().flatten() {
                leaks.entry((word, path)).or_default().insert((*who).to_owned());
            }
        }
    }
    // What is planted can be read, or the crawl would find nothing whatever happened.
    let mut unread: BTreeSet<&str> = WORDS.iter().map(|word| word.word).collect();
    for path in &ways {
        if unread.is_empty() || STREAMS.contains(&path.as_str()) {
            continue;
        }
        let answer = world.as_whom(TOKEN, "GET", path, "").await;
        unread.retain(|word| path.contains(*word) || !answer.text.contains(*word));
    }
    assert_eq!(unread, BTreeSet::from(["zqreader"]), "nobody is told these");
    let text: String =
        leaks.iter().map(|((word, path), who)| format!("{word} to {who:?} by {path}\n")).collect();
    assert!(leaks.is_empty(), "{} names of what is hidden on {backend:?}:\n{text}", leaks.len());
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_names_what_is_hidden() {
    names_nothing_hidden(Backend::Sqlite).await;
}
