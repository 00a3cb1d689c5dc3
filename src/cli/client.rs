//! Asking a running server, for the commands that do.

use anyhow::{Context, bail};

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
        // Another part of the process may have chosen the provider already; it is the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut url = reqwest::Url::parse(&self.url)
            .and_then(|base| base.join(path))
            .with_context(|| format!("{} is no URL", self.url))?;
        url.query_pairs_mut().extend_pairs(query);
        let mut request = reqwest::Client::new().get(url);
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
        let problem: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let detail = problem.as_ref().and_then(|problem| problem["detail"].as_str());
        bail!("{} ({})", detail.unwrap_or("the server refused"), status.as_u16())
    }
}
