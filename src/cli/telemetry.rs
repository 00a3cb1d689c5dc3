//! Logs, metrics and traces of the process.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::config::{Config, LogFormat};

/// Upper bounds of the buckets that durations are counted in, in seconds.
const SECONDS: [f64; 12] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// Upper bounds of the buckets that batch sizes are counted in.
const EVENTS: [f64; 8] = [1.0, 4.0, 16.0, 64.0, 256.0, 1_024.0, 2_048.0, 10_000.0];
/// How long one delivery of spans to the collector may take.
const EXPORT_TIME_MAX: Duration = Duration::from_secs(5);

/// What must be ended in order when the process ends.
#[derive(Debug, Default)]
pub(super) struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Sends what is left to send. To be called outside of the runtime.
    pub(super) fn finish(self) {
        let ended = self.traces.map(|traces| traces.shutdown_with_timeout(EXPORT_TIME_MAX));
        if let Some(Err(error)) = ended {
            tracing::warn!(%error, "the last spans did not reach the collector");
        }
    }
}

/// Starts logging to standard error, and sending traces where a collector is named. To be
/// called outside of the runtime.
pub(super) fn start(config: &Config) -> anyhow::Result<Telemetry> {
    let filter = filter(&config.log)?;
    // Where nobody reads the log any more, complaining of it there would panic.
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = lines.log_internal_errors(false).with_ansi(is_coloured());
    let lines = match config.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let traces = config.otlp_endpoint.as_deref().map(collector).transpose()?;
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .with(traces.as_ref().map(spans))
        .try_init()
        .context("cannot start logging")?;
    Ok(Telemetry { traces })
}

/// Demands that the settings are such that logging and sending traces can start. To be called outside of
/// the runtime.
pub(super) fn check(config: &Config) -> anyhow::Result<()> {
    filter(&config.log)?;
    config.otlp_endpoint.as_deref().map(exporter).transpose()?;
    Ok(())
}

fn filter(log: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(log).with_context(|| format!("the setting `log` is not right: {log}"))
}

/// Only a terminal shows colours, and only where nobody asked for none (<https://no-color.org>).
#[expect(clippy::disallowed_methods, reason = "what terminals are told is told by the environment")]
fn is_coloured() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
}

/// Sends spans to a collector by OTLP over HTTP (`POST {endpoint}/v1/traces`), in the
/// background; a collector that is away holds nothing up.
fn collector(endpoint: &str) -> anyhow::Result<SdkTracerProvider> {
    let exporter = exporter(endpoint)?;
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let resource = Resource::builder().with_service_name("lethe").build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

fn exporter(endpoint: &str) -> anyhow::Result<SpanExporter> {
    // Another part of the process may have chosen the same provider already.
    drop(rustls::crypto::ring::default_provider().install_default());
    SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_timeout(EXPORT_TIME_MAX)
        .build()
        .with_context(|| format!("the setting `otlp_endpoint` is not right: {endpoint}"))
}

fn spans<S: Subscriber + for<'a> LookupSpan<'a>>(traces: &SdkTracerProvider) -> impl Layer<S> {
    tracing_opentelemetry::layer().with_tracer(traces.tracer("lethe"))
}

/// Counters that operators watch for anything but 0.
const WATCHED: [&str; 6] = [
    "lethe_audit_alarms_total",
    "lethe_commit_failures_total",
    "lethe_damage_found_total",
    "lethe_database_connections_dropped_total",
    "lethe_history_changed_total",
    "lethe_policy_alarms_total",
];

/// Starts collecting metrics.
pub(super) fn metrics() -> anyhow::Result<PrometheusHandle> {
    let metrics = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_events".to_owned()), &EVENTS)?
        .install_recorder()
        .context("cannot collect metrics")?;
    // What is watched is there before it is ever counted.
    for name in WATCHED {
        metrics::counter!(name).increment(0);
    }
    Ok(metrics)
}
