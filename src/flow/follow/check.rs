//! Reads the search index's files anew, over and over at a bounded rate. What is found damaged
//! is told, and the follower builds the index anew.

use std::sync::Arc;
use std::time::Duration;

use super::super::app::App;
use super::stopped_within;
use crate::base::limits::INDEX_CHECK_BYTES_PER_SECOND;

/// How long nothing is read after all files were.
const CHECK_EVERY: Duration = Duration::from_secs(30);

/// Checks until told to stop.
pub(in crate::flow) async fn check_loop(app: App) {
    while !stopped_within(&app, CHECK_EVERY).await {
        let index = Arc::clone(app.index());
        let files = tokio::task::spawn_blocking(move || index.files()).await;
        for file in files.into_iter().flatten() {
            let index = Arc::clone(app.index());
            let read = tokio::task::spawn_blocking(move || index.check(&file)).await;
            let millis = read.unwrap_or(0).saturating_mul(1_000) / INDEX_CHECK_BYTES_PER_SECOND;
            if app.index().damage().is_some() {
                break;
            }
            if stopped_within(&app, Duration::from_millis(millis)).await {
                return;
            }
        }
        if let Some(file) = app.index().damage() {
            tell(&file);
        }
    }
}

/// Counts and logs that a file was found damaged.
pub(super) fn tell(file: &str) {
    metrics::counter!("lethe_damage_found_total").increment(1);
    tracing::error!(file, "a damaged file: what is in it is built anew from the catalog");
}
