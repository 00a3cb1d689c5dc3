//! `lethe serve`: the server, from its settings to a clean end.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::{Listener, ListenerExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::config::{Config, LogFormat, ServeArgs};
use super::tls::{self, TlsListener};
use super::{local, runtime, sign_in_link, telemetry};
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
    let tls = config.tls.as_ref().map(tls::start).transpose()?;
    let metrics = telemetry::metrics()?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let app = tokio::select! {
        app = start(&config) => app?,
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
        eprintln!("Lethe listens on {url}");
    }
    if let Some(secret) = first {
        // For a person at a terminal, in whatever form the log is; the code is never logged.
        eprintln!("Sign in once as `admin`: {}", sign_in_link::url(url, &secret));
    }
    match tls {
        Some(current) => listen(TlsListener::new(listener, current), http, stop).await?,
        None => listen(listener.tap_io(|stream| no_delay(stream)), http, stop).await?,
    }
    tracing::info!("finishing what was accepted");
    if tokio::time::timeout(FINISH_TIME_MAX, app.stop()).await.is_err() {
        tracing::warn!("the database did not answer; what was not acknowledged may be missing");
    }
    Ok(())
}

async fn start(config: &Config) -> anyhow::Result<App> {
    let app = local::start(config, true).await?;
    put_tags(&app, config).await?;
    Ok(app)
}

/// Answers requests until told to stop, and then those that were begun.
async fn listen<L>(listener: L, http: Http, stop: CancellationToken) -> anyhow::Result<()>
where
    L: Listener<Addr = SocketAddr>,
{
    // axum tells the client's address for its own listeners and for tapped ones only.
    let listener = listener.tap_io(|_| {});
    let (asked, app) = (stop.clone(), http.app.clone());
    let asked = async move {
        asked.cancelled().await;
        app.end_streams();
    };
    let serving =
        axum::serve(listener, router(http).into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(asked);
    let too_long = async {
        stop.cancelled().await;
        tokio::time::sleep(REQUESTS_TIME_MAX).await;
    };
    tokio::select! {
        done = serving.into_future() => done?,
        () = too_long => tracing::warn!("requests that did not end were cut off"),
    }
    Ok(())
}

/// Returns the names that this server is asked by: the machine's own is one of them.
fn hosts(config: &Config) -> Hosts {
    let mut names = config.hosts.clone();
    #[cfg(unix)]
    names.extend(rustix::system::uname().nodename().to_str().ok().map(str::to_owned));
    Hosts::new(config.listen.ip(), names)
}

/// Lets small answers leave at once.
pub(super) fn no_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
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

/// SIGINT and, where there is one, SIGTERM.
struct Signals {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
}

impl Signals {
    fn new() -> Self {
        #[cfg(unix)]
        let kind = tokio::signal::unix::SignalKind::terminate();
        Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(kind).ok(),
        }
    }

    async fn next(&mut self) {
        let terminate = async {
            #[cfg(unix)]
            if let Some(signal) = &mut self.terminate {
                signal.recv().await;
                return;
            }
            std::future::pending::<()>().await;
        };
        let interrupt = async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}
