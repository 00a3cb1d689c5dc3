//! `lethe serve`: the server, from its settings to a clean end.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::config::{Config, LogFormat, ServeArgs};
use super::listen::{Port, connections, listen};
use super::out::tell;
use super::runtime::runtime;
use super::signals::Signals;
use super::{data_dir, local, sign_in_link, telemetry, tls};
use crate::catalog::Edit;
use crate::flow::{Actor, App};
use crate::http::{Hosts, Http, HttpSettings, router};

/// How long requests that were begun may take to end once a stop was asked for.
const REQUESTS_TIME_MAX: Duration = Duration::from_secs(15);
/// How long it may then take to write what was accepted and to close the database.
const FINISH_TIME_MAX: Duration = Duration::from_secs(10);

pub(super) fn run(args: ServeArgs) -> anyhow::Result<()> {
    let config = Config::of(&args)?;
    let telemetry = telemetry::start(&config)?;
    let served = runtime()?.block_on(serve(config));
    telemetry.finish();
    served
}

async fn serve(config: Config) -> anyhow::Result<()> {
    // Before anything else, so that a stop that is asked for while starting is heard too.
    let stop = signals();
    let _alone = data_dir::take_to_serve(&config)?;
    let tls = config.tls.as_ref().map(tls::start).transpose()?;
    let metrics = telemetry::metrics()?;
    let room = connections();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let app = tokio::select! {
        app = start(&config, room.all / 2) => app?,
        () = stop.cancelled() => return Ok(()),
    };
    let settings = HttpSettings {
        marquez_strict: config.marquez_strict,
        tls: tls.is_some(),
        base_path: config.base_path.clone(),
        hosts: hosts(&config),
        trusted_proxies: config.trusted_proxies.clone(),
        tags: config.tags.iter().map(|tag| (tag.name.clone(), tag.description.clone())).collect(),
    };
    let http = Http { app: app.clone(), settings: Arc::new(settings), metrics: Some(metrics) };
    let address = listener.local_addr()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{address}{}", config.base_path);
    let url = url.trim_end_matches('/');
    tracing::info!(%address, database = app.db().kind(), "lethe listens");
    if !app.asks_who() {
        tracing::warn!(%address, "open: whoever comes here may do everything");
    }
    let first = app.first_link().await?;
    if config.log_format == LogFormat::Text {
        tell(format_args!("Lethe listens on {url}"));
    }
    if let Some(secret) = first {
        // For a person at a terminal, in whatever form the log is; the code is never logged.
        tell(format_args!("Sign in once as `admin`: {}", sign_in_link::url(url, &secret)));
    }
    let settings = Arc::clone(&http.settings);
    let port = Port { tcp: listener, tls, room, router: router(http), settings };
    answer(port, &app, stop).await;
    tracing::info!("finishing what was accepted");
    if tokio::time::timeout(FINISH_TIME_MAX, app.stop()).await.is_err() {
        tracing::warn!("the database did not answer; what was not acknowledged may be missing");
    }
    Ok(())
}

async fn start(config: &Config, listeners_max: usize) -> anyhow::Result<App> {
    let app = local::start(config, true, listeners_max).await?;
    put_tags(&app, config).await?;
    Ok(app)
}

/// Answers requests until told to stop, and then those that were begun.
async fn answer(port: Port, app: &App, stop: CancellationToken) {
    let streams = async {
        stop.cancelled().await;
        app.end_streams();
        tokio::time::sleep(REQUESTS_TIME_MAX).await;
    };
    tokio::select! {
        () = listen(port, stop.clone()) => {}
        () = streams => tracing::warn!("requests that did not end were cut off"),
    }
}

/// Returns the names that this server is asked by: the machine's own is one of them.
fn hosts(config: &Config) -> Hosts {
    let mut names = config.hosts.clone();
    #[cfg(unix)]
    names.extend(rustix::system::uname().nodename().to_str().ok().map(str::to_owned));
    Hosts::new(config.listen.ip(), names)
}

/// Tags from the settings exist from the start; descriptions that people gave stay.
async fn put_tags(app: &App, config: &Config) -> anyhow::Result<()> {
    for tag in &config.tags {
        if app.db().tag(&tag.name).await?.is_none() {
            let description = Some(tag.description.clone()).filter(|text| !text.is_empty());
            let edit = Edit::PutTag { name: tag.name.clone(), description };
            app.edit(&Actor::system(), edit).await?;
        }
    }
    Ok(())
}

/// Listens to the signals that ask for an end. The first one asks, the next one insists.
fn signals() -> CancellationToken {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    let mut signals = Signals::new();
    tokio::spawn(async move {
        signals.next().await;
        asked.cancel();
        signals.next().await;
        tracing::warn!("stopped at once; what was acknowledged is on disk");
        std::process::exit(1);
    });
    stop
}
