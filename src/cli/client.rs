//! Asking a running server, for the commands that do.

use anyhow::{Context, bail};
use serde_json::Value;

/// Which server to ask.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ServerArgs {
    /// Address of the server
    #[arg(long, env = "LETHE_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    url: String,
    /// API token
    #[arg(long, env = "LETHE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
}

impl ServerArgs {
    /// Asks for a path and returns the answer's text.
    pub(super) async fn get(&self, path: &str, query: &[(&str, String)]) -> anyhow::Result<String> {
        self.send(
            |client, mut url| {
                url.query_pairs_mut().extend_pairs(query);
                client.get(url)
            },
            path,
        )
        .await
    }

    /// Sends JSON to a path and returns the answer's text.
    pub(super) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<String> {
        let json = "application/json";
        let text = body.to_string();
        self.send(|client, url| client.post(url).header("content-type", json).body(text), path)
            .await
    }

    async fn send(
        &self,
        request: impl FnOnce(&reqwest::Client, reqwest::Url) -> reqwest::RequestBuilder,
        path: &str,
    ) -> anyhow::Result<String> {
        // Another part of the process may have chosen the provider already; it is the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let url = reqwest::Url::parse(&self.url)
            .and_then(|base| base.join(path))
            .with_context(|| format!("{} is no URL", self.url))?;
        let mut request = request(&reqwest::Client::new(), url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request
            .send()
            .await
            .with_context(|| format!("cannot reach a server at {}", self.url))?;
        let status = response.status();
        let text = response.text().await?;
        if status.is_success() {
            return Ok(text);
        }
        let problem: Value = serde_json::from_str(&text).unwrap_or_default();
        let detail = problem["detail"].as_str().unwrap_or("the server refused");
        let faults = problem["errors"].as_array().into_iter().flatten();
        let faults = faults.filter_map(|fault| {
            let at =
                fault["line"].as_u64().map_or_else(String::new, |line| format!(" line {line}"));
            Some(format!("\n  {}{at}: {}", fault["pointer"].as_str()?, fault["message"].as_str()?))
        });
        bail!("{detail} ({}){}", status.as_u16(), faults.collect::<String>())
    }
}
