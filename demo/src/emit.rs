//! The OpenLineage client: one event a request, in order, again until the server has it.
//!
//! As the standard's clients do: JSON over HTTP, a bearer token if there is one, retries on
//! connection errors, 429 and 5xx. An event that the server refuses (4xx) is logged and let go.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::{Client, StatusCode};
use serde_json::Value as Json;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use crate::settings::Settings;

/// Longest pause between two attempts.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Longest time one attempt may take.
const ATTEMPT_MAX: Duration = Duration::from_secs(10);

/// Where events go.
pub struct Emitter {
    client: Client,
    base: String,
    lineage: String,
    api_key: Option<String>,
    /// How long an event is tried; without it, until the demo is stopped.
    patience: Option<Duration>,
    stop: watch::Receiver<bool>,
}

impl Emitter {
    /// Prepares a client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be set up.
    pub fn new(settings: &Settings, stop: watch::Receiver<bool>) -> Result<Self> {
        // The HTTP client brings no cryptography of its own. An error says that some is there.
        _ = rustls::crypto::ring::default_provider().install_default();
        let base = settings.url.trim_end_matches('/').to_owned();
        let lineage = format!("{base}/{}", settings.endpoint.trim_start_matches('/'));
        Ok(Self {
            client: Client::builder().timeout(ATTEMPT_MAX).build()?,
            base,
            lineage,
            api_key: settings.api_key.clone(),
            patience: settings.once.then_some(settings.patience),
            stop,
        })
    }

    /// Waits until the server says that it is ready (`/readyz`), at most `patience`.
    ///
    /// # Errors
    ///
    /// If it is not ready by then, or the demo is stopped.
    pub async fn wait_ready(&self, patience: Duration) -> Result<()> {
        let url = format!("{}/readyz", self.base);
        let ready = async {
            loop {
                match self.client.get(&url).send().await {
                    Ok(answer) if answer.status().is_success() => return Ok(()),
                    // Another backend may not know this path; it is there, and that will do.
                    Ok(answer) if answer.status() == StatusCode::NOT_FOUND => return Ok(()),
                    _ => self.pause(Duration::from_millis(250)).await?,
                }
            }
        };
        timeout(patience, ready).await.with_context(|| format!("{url} is not ready"))?
    }

    /// Sends one event and returns when the server has it or has refused it.
    ///
    /// # Errors
    ///
    /// If the demo is stopped, or its patience is over.
    pub async fn send(&self, event: &Json) -> Result<()> {
        let since = Instant::now();
        let mut pause = Duration::from_millis(200);
        loop {
            let trouble = match self.attempt(event).await {
                Ok(status) if status.is_success() => return Ok(()),
                Ok(status) if !worth_retrying(status) => {
                    eprintln!("demo: event refused with {status}: {event}");
                    return Ok(());
                }
                Ok(status) => status.to_string(),
                Err(error) => error.to_string(),
            };
            if self.patience.is_some_and(|patience| since.elapsed() > patience) {
                bail!("the server does not take events: {trouble}");
            }
            eprintln!("demo: will try again: {trouble}");
            self.pause(pause).await?;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    async fn attempt(&self, event: &Json) -> reqwest::Result<StatusCode> {
        let mut request = self.client.post(&self.lineage).json(event);
        if let Some(key) = &self.api_key {
            request = request.bearer_auth(key);
        }
        Ok(request.send().await?.status())
    }

    /// Waits that long.
    ///
    /// # Errors
    ///
    /// If the demo is stopped meanwhile.
    pub async fn pause(&self, pause: Duration) -> Result<()> {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = sleep(pause) => Ok(()),
            _ = stop.wait_for(|stop| *stop) => bail!("stopped"),
        }
    }

    /// Whether the demo is to end.
    #[must_use]
    pub fn stopped(&self) -> bool {
        *self.stop.borrow()
    }
}

fn worth_retrying(status: StatusCode) -> bool {
    status.is_server_error()
        || [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status)
}
