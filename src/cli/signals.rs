//! The signals that ask for an end.

/// SIGINT and, where there is one, SIGTERM.
pub(super) struct Signals {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
}

impl Signals {
    /// Listens from now on; must be called on a runtime.
    pub(super) fn new() -> Self {
        #[cfg(unix)]
        let kind = tokio::signal::unix::SignalKind::terminate();
        Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(kind).ok(),
        }
    }

    /// Waits for the next of them.
    pub(super) async fn next(&mut self) {
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
