//! `lethe serve`: the server, from its settings to a clean end.

use std::sync::Arc;

use anyhow::Context;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use super::config::{Config, LogFormat, ServeArgs};
use super::{local, runtime, telemetry};
use crate::catalog::Edit;
use crate::flow::{Actor, App};
use crate::http::{Http, HttpSettings, router};

pub(super) fn run(args: ServeArgs) -> anyhow::Result<()> {
    let config = Config::of(&args)?;
    telemetry::start(&config)?;
    runtime()?.block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let metrics = telemetry::metrics()?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let app = local::start(&config, true).await?;
    put_tags(&app, &config).await?;
    let settings = HttpSettings {
        marquez_strict: config.marquez_strict,
        tags: config.tags.iter().map(|tag| (tag.name.clone(), tag.description.clone())).collect(),
    };
    let http = Http { app: app.clone(), settings: Arc::new(settings), metrics: Some(metrics) };
    tracing::info!(%address, database = app.db().kind(), "lethe listens");
    if config.log_format == LogFormat::Text {
        eprintln!("Lethe listens on http://{address}");
    }
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    axum::serve(listener, router(http)).with_graceful_shutdown(asked_to_stop()).await?;
    tracing::info!("finishing what was accepted");
    app.stop().await;
    Ok(())
}

/// Tags from the settings exist from the start; descriptions that people gave stay.
async fn put_tags(app: &App, config: &Config) -> anyhow::Result<()> {
    for tag in &config.tags {
        if app.db().tag(&tag.name).await?.is_none() {
            let description = Some(tag.description.clone()).filter(|text| !text.is_empty());
            let edit = Edit::PutTag { name: tag.name.clone(), description };
            app.edit(&Actor("settings".to_owned()), edit).await?;
        }
    }
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = async { tokio::signal::ctrl_c().await.ok() };
    #[cfg(unix)]
    let terminate = async {
        let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        match signal {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! {
        _ = interrupt => {}
        _ = terminate => {}
    }
}
