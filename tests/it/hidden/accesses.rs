//! Who read what in the stores tells no more of a dataset than reading the dataset would.

use serde_json::{Value, json};

use super::{Asking, OPEN, about, columns, dataset, tags};
use crate::policies::{admin, shipped_and};
use crate::world::{Backend, World};

const ALL: &str = "/api/v1/access-events";
const SPAN: &str = "from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z";

/// Rules of somebody who sees what viewers do, and accesses besides; and of somebody who sees all, but
/// of accesses no personal field.
const RULES: &str = "\
p, looks, looker, *, access_event:read, *, *, allow
p, all, counter, *, dataset:*|job:*|run:*|lineage:read, *, *, allow
p, counts, counter, *, access_event:read, *, *, allow, mask:class:*; redact_sql
";

/// A dataset with a personal field, one that is restricted, a plain one, and accesses to each.
async fn catalog(world: &World) {
    let classed = tags(&[("class", "user.ssn", Some("zqssn"))]);
    let people = json!({"schema": columns(&["id", "zqssn"]), "tags": classed});
    about(world, dataset("people", people)).await;
    let hushed = tags(&[("restricted", "true", None)]);
    let hush = json!({"schema": columns(&["zqcol"]), "tags": hushed});
    about(world, dataset("zqhush", hush)).await;
    about(world, dataset("plain", json!({"schema": columns(&["id"])}))).await;
    let access = |id: &str, name: &str, columns: &[&str], query: &str, purpose: &str| {
        json!({"id": id, "at": "2026-11-20T12:00:00Z", "actor": "a", "columns": columns, "rows": 7,
            "dataset": {"namespace": OPEN, "name": name}, "fingerprint": query, "purpose": purpose})
    };
    let accesses = json!([
        access("q-1", "people", &["id", "zqssn", "ZQSSN"], "select zqssn from people", "support"),
        access("q-2-zqhush", "zqhush", &["zqcol"], "select zqcol from zqhush", "audit of zqhush"),
        access("q-3", "plain", &["id"], "select id from plain", "as for zqhush"),
        access("q-4-zqssn", "plain", &["id"], "select zqssn as id from p", "support"),
    ]);
    admin(world, "POST", ALL, &accesses).await.ok(200);
    world.settle().await;
}

/// Returns the accesses to a dataset, by the store's own ids.
async fn listed(who: &Asking<'_>, name: &str) -> Vec<Value> {
    let list = who.get(&format!("{ALL}?dataset=dataset:{OPEN}:{name}")).await.ok(200);
    let mut items = list["items"].as_array().expect("a list").clone();
    items.sort_by_key(|item| item["record"].to_string());
    items
}

async fn read_by(who: &Asking<'_>, name: &str) -> Value {
    let path = format!("/api/v1/audit/readers?of=dataset:{OPEN}:{name}&{SPAN}");
    who.get(&path).await.ok(200)["items"][0]["columns"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_masked_field_is_not_told_by_who_read_it() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, &shipped_and(RULES)).await;
        catalog(&world).await;
        for role in ["auditor", "counter"] {
            let who = Asking::of_role(&world, role).await;
            let people = listed(&who, "people").await.remove(0);
            assert_eq!(people["columns"], json!(["id"]), "{role} {backend:?}");
            assert_eq!(people["fingerprint"], Value::Null, "{role}: {people}");
            assert_eq!(people["purpose"], "support", "{role}: what names nothing is told");
            assert_eq!(read_by(&who, "people").await, json!(["id"]), "{role} {backend:?}");
        }
        let auditor = Asking { token: world.person("anna", &["auditor"]).await, world: &world };
        for path in
            [ALL.to_owned(), format!("/api/v1/audit/readers?of=dataset:{OPEN}:people&{SPAN}")]
        {
            let answer = auditor.get(&path).await;
            assert!(!answer.text.to_lowercase().contains("zqssn"), "{path}: {}", answer.text);
        }
        // Who may read the field is told who read it.
        for role in ["privacy_officer", "steward"] {
            let who = Asking::of_role(&world, role).await;
            let people = listed(&who, "people").await.remove(0);
            assert_eq!(people["columns"], json!(["ZQSSN", "id", "zqssn"]), "{role} {backend:?}");
            assert_eq!(people["fingerprint"], "select zqssn from people");
            assert_eq!(read_by(&who, "people").await, people["columns"]);
            let plain = listed(&who, "plain").await;
            assert_eq!(plain[1]["fingerprint"], "select zqssn as id from p", "{role}");
            assert_eq!(plain[0]["purpose"], "as for zqhush", "{role}");
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_to_what_is_hidden_names_it_in_no_member() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, &shipped_and(RULES)).await;
        catalog(&world).await;
        let token = world.person("lucy", &["viewer", "looker"]).await;
        let lucy = Asking { world: &world, token };
        let list = lucy.get(ALL).await;
        assert!(!list.text.contains("zq"), "{backend:?}: {}", list.text);
        let list = list.ok(200);
        let items = list["items"].as_array().expect("a list");
        assert_eq!(items.len(), 4, "that there are accesses is told");
        let hidden = items.iter().find(|item| item["dataset"].is_null()).expect("it is there");
        for member in ["datasetId", "record", "fingerprint", "purpose", "rows"] {
            assert_eq!(hidden[member], Value::Null, "{member}");
        }
        assert_eq!(hidden["columns"], json!([]));
        // Of what is seen all is told that names nothing hidden or masked.
        let people = listed(&lucy, "people").await.remove(0);
        assert_eq!(people["columns"], json!(["id"]), "{backend:?}");
        assert_eq!((&people["record"], &people["rows"]), (&json!("q-1"), &json!(7)));
        let plain = listed(&lucy, "plain").await;
        let told = |item: &Value| ["record", "fingerprint", "purpose"].map(|key| item[key].clone());
        let (null, text) = (Value::Null, |text: &str| Value::from(text));
        assert_eq!(told(&plain[0]), [text("q-3"), text("select id from plain"), null.clone()]);
        assert_eq!(told(&plain[1]), [null.clone(), null, text("support")], "{plain:?}");
        let gone = format!("{ALL}?dataset=dataset:{OPEN}:zqhush");
        assert_eq!(lucy.get(&gone).await.status, 404);
        world.app.stop().await;
    }
}
