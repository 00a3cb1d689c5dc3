//! Loops are watched: one that panics is begun again, one that stands still is told of.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;

use super::app::App;
use super::pulse::Loop;

/// How long a loop that panicked rests before it begins again.
const BEGIN_AGAIN_AFTER: Duration = Duration::from_secs(1);

impl App {
    /// Returns the loops that stand still, by name; empty if all is well.
    #[must_use]
    pub fn standing_still(&self) -> Vec<&'static str> {
        self.inner.pulse.still().map(Loop::as_str).collect()
    }
}

/// Runs a loop until it ends by itself, which it does when it is told to. A panic is logged and
/// counted, and the loop begun again.
pub(super) async fn supervise<F: Future<Output = ()>>(
    app: App,
    which: Loop,
    begin: impl Fn(App) -> F,
) {
    loop {
        app.inner.pulse.beat(which);
        if AssertUnwindSafe(begin(app.clone())).catch_unwind().await.is_ok() {
            return app.inner.pulse.end(which);
        }
        tracing::error!(name = which.as_str(), "a loop panicked; it is begun again");
        metrics::counter!("lethe_loop_panics_total", "loop" => which.as_str()).increment(1);
        let stop = app.inner.stop_following.cancelled();
        if tokio::time::timeout(BEGIN_AGAIN_AFTER, stop).await.is_ok() {
            return app.inner.pulse.end(which);
        }
    }
}
