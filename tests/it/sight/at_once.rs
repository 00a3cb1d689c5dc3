//! What was answered holds at once, also while the followers stand still or are beginning anew.

use serde_json::{Value, json};
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use super::doors::tester;
use super::names::{about, facet, schema};
use crate::policies::{activate, draft};
use crate::world::{Backend, TOKEN, World};
use lethe::base::DatasetId;
use lethe::db::{Change, ChangeKind, DbUrl};

const RULES: &str = "\
g, service:tester, looker, *
p, see, looker, *, dataset:*|job:search|job:read|lineage:*|namespace:read, !tag:restricted, *, allow, mask:class:*
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

pub(super) fn id(name: &str) -> DatasetId {
    DatasetId::of("open", name)
}

/// Makes a dataset unreadable: whoever comes to it gets no further.
async fn spoil(world: &World) {
    let (text, broken) = ("UPDATE dataset SET doc = '{' WHERE id = $1", id("broken").0);
    match &world.url {
        DbUrl::Sqlite(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let pool = SqlitePool::connect_with(options).await.expect("the file opens");
            sqlx::query(text).bind(broken).execute(&pool).await.expect("written");
            pool.close().await;
        }
        DbUrl::Postgres(url) => {
            let pool = PgPool::connect(url).await.expect("the database answers");
            sqlx::query(text).bind(broken).execute(&pool).await.expect("written");
            pool.close().await;
        }
    }
}

/// Brings both followers to a standstill: they are told of a dataset that cannot be read.
pub(super) async fn stall(world: &World) {
    spoil(world).await;
    let broken = id("broken").0;
    let mut tx = world.app.db().begin().await.expect("a transaction");
    let head = tx.head().await.expect("the head");
    let mut next = head;
    let changes = [Change { kind: ChangeKind::Dataset, id: broken }];
    tx.append_changes(&mut next, world.app.now(), &changes).await.expect("appended");
    tx.set_head(next).await.expect("set");
    tx.commit().await.expect("committed");
}

/// What a token is told, through the doors that ask the index or the graph.
struct Told {
    hits: Vec<String>,
    total: u64,
    suggested: Vec<String>,
    drawn: String,
    explained: u16,
}

async fn told(world: &World, token: &str, name: &str, query: &str) -> Told {
    let ask = async |path: String| world.as_whom(token, "GET", &path, "").await;
    let found =
        ask(format!("/api/v1/catalog/search?limit=100&facets=true&q={query}")).await.ok(200);
    let names = |list: &Value, key: &str| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.filter_map(|entry| entry[key].as_str().map(str::to_owned)).collect()
    };
    let suggested = ask(format!("/api/v1/catalog/suggest?limit=50&q={query}")).await.ok(200);
    let graph = "/api/v1/lineage/graph?focus=dataset:open:made&level=column&depth=3";
    let explain = format!("/api/v1/catalog/explain?q={query}&kind=dataset&id={}", id(name).0);
    Told {
        hits: names(&found["hits"], "name"),
        total: found["total"].as_u64().expect("a total"),
        suggested: names(&suggested, "text"),
        drawn: ask(graph.to_owned()).await.text,
        explained: ask(explain).await.status,
    }
}

async fn fill(world: &World) {
    about(world, "open", "broken", json!({"schema": schema(&["id"])})).await;
    let names = ["hush", "quiet", "golden", "plain"];
    for name in names {
        let mail = format!("mail_of_{name}");
        about(world, "open", name, json!({"schema": schema(&["id", &mail])})).await;
    }
    let gold = format!("/api/v1/datasets/{}/tags/gold", id("golden").0);
    assert!(world.as_whom(TOKEN, "PUT", &gold, "").await.status < 300);
    let inputs: Vec<Value> = names
        .iter()
        .map(|name| json!({"namespace": "open", "name": name, "field": format!("mail_of_{name}")}))
        .collect();
    let lineage = facet(json!({"fields": {"copy": {"inputFields": inputs}}}));
    about(world, "open", "made", json!({"schema": schema(&["copy"]), "columnLineage": lineage}))
        .await;
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn restrictions_hold_at_once_while_the_followers_stand_still() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, RULES).await;
        let token = tester(&world).await;
        fill(&world).await;
        for name in ["hush", "quiet", "golden"] {
            let before = told(&world, &token, name, name).await;
            assert_eq!((before.hits, before.explained), (vec![name.to_owned()], 200));
            assert!(before.drawn.contains(&format!("mail_of_{name}")), "{}", before.drawn);
        }
        stall(&world).await;
        let put = async |path: String| {
            let path = format!("/api/v1/datasets/{path}");
            let answer = world.as_whom(TOKEN, "PUT", &path, "").await;
            assert!(answer.status < 300, "{}", answer.text);
        };
        put(format!("{}/tags/restricted", id("hush").0)).await;
        let now = told(&world, &token, "hush", "hush").await;
        assert_eq!((now.hits, now.total), (vec![], 0), "search on {backend:?}");
        assert_eq!((now.suggested, now.explained), (vec![], 404), "{backend:?}");
        assert!(!now.drawn.contains("hush"), "{}", now.drawn);
        assert!(now.drawn.contains("mail_of_plain"), "{}", now.drawn);
        // A mark masks: the dataset is there, what the column is called is not told.
        put(format!("{}/columns/mail_of_quiet/tags/class:user.mail", id("quiet").0)).await;
        let now = told(&world, &token, "quiet", "mail_of_quiet").await;
        assert_eq!((now.hits, now.total), (vec![], 0), "{backend:?}");
        assert!(!now.drawn.contains("mail_of_quiet"), "{}", now.drawn);
        assert_eq!(told(&world, &token, "quiet", "quiet").await.hits, ["quiet"]);
        // Rules that mention what none mentioned before.
        let rules = format!("{RULES}p, gold, looker, *, *, tag:gold, *, deny\n");
        let version = draft(&world, &rules).await;
        let waived = json!({"waiveShippedCases": "other roles"});
        activate(&world, version, &waived).await.ok(200);
        let now = told(&world, &token, "golden", "golden").await;
        assert_eq!((now.hits, now.total, now.explained), (vec![], 0, 404), "{backend:?}");
        assert!(!now.drawn.contains("golden"), "{}", now.drawn);
        // Nothing of this is forgotten by beginning anew, and what is not known is not told.
        let world = world.restart().await;
        world.clock.advance_secs(1);
        for (name, found) in [("hush", vec![]), ("golden", vec![]), ("plain", vec!["plain"])] {
            let now = told(&world, &token, name, name).await;
            assert_eq!(now.hits, found, "restarted on {backend:?}");
            assert_eq!(now.total, found.len() as u64);
            let hidden = ["hush", "golden", "mail_of_quiet"];
            assert!(!hidden.iter().any(|text| now.drawn.contains(text)), "{}", now.drawn);
        }
        let all = told(&world, TOKEN, "hush", "hush").await;
        assert_eq!((all.hits, all.total), (vec!["hush".to_owned()], 1));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_node_restricts_is_hidden_by_this_one_though_its_followers_stand_still() {
    let one = World::with_rules(Backend::Postgres, RULES).await;
    let token = tester(&one).await;
    fill(&one).await;
    let other = one.another_node().await;
    other.clock.advance_secs(1);
    other.settle().await;
    assert_eq!(told(&other, &token, "hush", "hush").await.hits, ["hush"]);
    stall(&one).await;
    let path = format!("/api/v1/datasets/{}/tags/restricted", id("hush").0);
    assert!(one.as_whom(TOKEN, "PUT", &path, "").await.status < 300);
    let since = std::time::Instant::now();
    while !told(&other, &token, "hush", "hush").await.hits.is_empty() {
        assert!(since.elapsed().as_secs() < 5, "it is still told of");
        tokio::task::yield_now().await;
    }
    assert!(!told(&other, &token, "hush", "hush").await.drawn.contains("hush"));
    one.app.stop().await;
    other.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_that_nothing_has_any_more_are_forgotten_and_numbers_are_not_given_again() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, RULES).await;
        about(&world, "open", "plain", json!({"schema": schema(&["id"])})).await;
        let numbers = async || -> Vec<i64> {
            let all = world.app.db().access_classes(0, 100).await.expect("classes");
            all.into_iter().map(|(number, _)| number).collect()
        };
        for round in 0..5 {
            let path = format!("/api/v1/datasets/{}/tags/once_{round}", id("plain").0);
            assert!(world.as_whom(TOKEN, "PUT", &path, "").await.status < 300);
        }
        let before = numbers().await;
        assert!(before.len() > 5, "{before:?}");
        world.app.retain().await.expect("retained");
        let after = numbers().await;
        assert_eq!(after, before[before.len() - 1..], "{backend:?}");
        let token = tester(&world).await;
        let path = format!("/api/v1/datasets/{}", id("plain").0);
        world.as_whom(&token, "GET", &path, "").await.ok(200);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_restricted_in_a_database_that_was_put_back_is_hidden_before_anything_is_built() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, RULES).await;
        let token = tester(&world).await;
        fill(&world).await;
        let mark = |name: &str| format!("/api/v1/datasets/{}/tags/restricted", id(name).0);
        assert!(world.as_whom(TOKEN, "PUT", &mark("hush"), "").await.status < 300);
        world.settle().await;
        // Nothing can be built from the copy.
        spoil(&world).await;
        world.keep().await;
        assert!(world.as_whom(TOKEN, "DELETE", &mark("hush"), "").await.status < 300);
        for later in ["later1", "later2", "later3", "later4"] {
            about(&world, "open", later, json!({"schema": schema(&["id"])})).await;
        }
        world.settle().await;
        assert_eq!(told(&world, &token, "hush", "hush").await.hits, ["hush"], "{backend:?}");
        let world = world.put_back().await;
        world.clock.advance_secs(1);
        // Also what is marked now, at a place that the lost history had too.
        assert!(world.as_whom(TOKEN, "PUT", &mark("quiet"), "").await.status < 300);
        for _ in 0..10 {
            for name in ["hush", "quiet"] {
                let now = told(&world, &token, name, name).await;
                assert_eq!((now.hits, now.total), (vec![], 0), "{name} on {backend:?}");
                assert!(!now.drawn.contains(name), "{}", now.drawn);
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        world.get("/readyz").await.ok(503);
        world.app.stop().await;
    }
}
