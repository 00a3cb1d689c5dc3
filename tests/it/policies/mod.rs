//! Sets of rules, administered and explained over the API.

mod command_line;
mod hostile;
mod in_force;
mod sets;
mod why;

use lethe::access::SHIPPED_POLICY;
use serde_json::{Value, json};

use crate::world::{Answer, TOKEN, World};

/// Asks as the bootstrap administrator.
pub async fn admin(world: &World, method: &str, path: &str, body: &Value) -> Answer {
    world.call_as(TOKEN, method, path, body).await
}

/// Reads as the bootstrap administrator.
pub async fn read(world: &World, path: &str) -> Value {
    admin(world, "GET", path, &Value::Null).await.ok(200)
}

/// Returns the shipped rules with more lines.
pub fn shipped_and(more: &str) -> String {
    format!("{SHIPPED_POLICY}\n{more}\n")
}

/// Drafts rules, which must be accepted, and returns their number.
pub async fn draft(world: &World, csv: &str) -> i64 {
    let drafted = admin(world, "POST", "/api/v1/policies", &json!({"csv": csv})).await.ok(201);
    drafted["version"].as_i64().expect("a number")
}

/// Activates a set of rules.
pub async fn activate(world: &World, version: i64, body: &Value) -> Answer {
    admin(world, "POST", &format!("/api/v1/policies/{version}/activate"), body).await
}

/// Makes a service account and a token of it; returns its text and id.
pub async fn pipeline(world: &World, name: &str, namespace: &str) -> (String, String) {
    let account = format!("/api/v1/service-accounts/{name}");
    let bound = json!({"namespaces": [namespace]});
    admin(world, "PUT", &account, &bound).await.ok(200);
    let make = json!({"name": "first"});
    let made = admin(world, "POST", &format!("{account}/tokens"), &make).await.ok(201);
    let text = |member: &str| made[member].as_str().expect("a text").to_owned();
    (text("token"), text("id"))
}
