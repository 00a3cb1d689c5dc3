//! The demo's process: arguments in, a clean end on SIGTERM or Ctrl-C.

use anyhow::Result;
use clap::Parser;
use lethe_demo::settings::Settings;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let settings = Settings::parse();
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        eprintln!("demo: ending");
        _ = stop.send(true);
    });
    lethe_demo::run(&settings, stopped).await
}
