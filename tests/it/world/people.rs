//! Who asks: people and service accounts, as an administrator makes them.

use serde_json::{Value, json};

use super::{TOKEN, World};

impl World {
    /// Makes a token of a person or a service account, whose path is given, and returns its text.
    pub async fn token_of(&self, account: &str) -> String {
        let (tokens, one) = (format!("{account}/tokens"), json!({"name": "one"}));
        let made = self.call_as(TOKEN, "POST", &tokens, &one).await.ok(201);
        made["token"].as_str().expect("a text").to_owned()
    }

    /// Makes a service account (`namespaces`, `datasetNamespaces`, `roles`) and returns a token.
    pub async fn service(&self, name: &str, account: &Value) -> String {
        let path = format!("/api/v1/service-accounts/{name}");
        self.call_as(TOKEN, "PUT", &path, account).await.ok(200);
        self.token_of(&path).await
    }

    /// Makes a person with roles everywhere and returns a token of theirs.
    pub async fn person(&self, name: &str, roles: &[&str]) -> String {
        let path = format!("/api/v1/users/{name}");
        let roles: Vec<Value> = roles.iter().map(|role| json!({"role": role})).collect();
        self.call_as(TOKEN, "PUT", &path, &json!({"roles": roles})).await.ok(200);
        self.token_of(&path).await
    }
}

/// A runtime for a property test, whose cases are run one after the other.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("one")
}
