//! Asking a running server, for the commands that do.

use anyhow::{Context, bail};
use serde_json::Value;

/// Which server to ask.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ServerArgs {
    /// Address of the server
    #[arg(
        long,
        env = "LETHE_URL",
        global = true,
        default_value = "http://127.0.0.1:8080",
        value_name = "URL"
    )]
    url: String,
    /// API token
    #[arg(long, env = "LETHE_TOKEN", global = true, hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
}

impl ServerArgs {
    /// Asks for a path and returns the answer's text.
    pub(super) async fn get(&self, path: &str, query: &[(&str, String)]) -> anyhow::Result<String> {
        let mut url = self.url(&path.split('/').collect::<Vec<_>>())?;
        url.query_pairs_mut().extend_pairs(query);
        self.send(client().get(url)).await
    }

    /// Sends JSON to a path and returns the answer's text.
    pub(super) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<String> {
        let url = self.url(&path.split('/').collect::<Vec<_>>())?;
        self.send(client().post(url).json(body)).await
    }

    /// Sends something to a path, given as its parts, and returns the answer's text.
    pub(super) async fn call(
        &self,
        method: &str,
        path: &[&str],
        body: Option<Value>,
    ) -> anyhow::Result<String> {
        let request = client().request(method.parse()?, self.url(path)?);
        self.send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    /// Returns the URL of a path; what its parts hold is quoted where it must be.
    fn url(&self, path: &[&str]) -> anyhow::Result<reqwest::Url> {
        let no_url = || format!("{} is no URL", self.url);
        let mut url = reqwest::Url::parse(&self.url).with_context(no_url)?;
        let parts = path.iter().filter(|part| !part.is_empty());
        let mut segments = url.path_segments_mut().map_err(|()| anyhow::anyhow!(no_url()))?;
        segments.clear().extend(parts);
        drop(segments);
        Ok(url)
    }

    async fn send(&self, mut request: reqwest::RequestBuilder) -> anyhow::Result<String> {
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

fn client() -> reqwest::Client {
    // Another part of the process may have chosen the provider already; it is the same.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::new()
}
