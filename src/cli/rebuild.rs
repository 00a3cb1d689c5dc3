//! `lethe rebuild`: the catalog folded anew from the event log.

use super::config::DataArgs;
use super::out::say;
use super::signals::Signals;
use super::{data_dir, local};
use crate::base::{Clock, SystemClock};
use crate::flow::{Holding, Progress, rebuild_until};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let config = args.data.config()?;
    local::demand(&config)?;
    // On SQLite it holds the writer's lock all the while.
    let _alone = data_dir::take_to_serve(&config)?;
    let db = local::open_existing(&config).await?;
    let bar = indicatif::ProgressBar::new_spinner();
    let progress = |Progress { entries, left }| {
        bar.set_message(format!("{entries} entries folded, {left} left"));
        bar.tick();
    };
    let mut stop = Signals::new();
    let (now, holding) = (SystemClock.now(), Holding::default());
    let done = rebuild_until(&db, now, holding, progress, stop.next()).await;
    bar.finish_and_clear();
    db.close().await;
    let Some(done) = done? else { anyhow::bail!("stopped; nothing has changed") };
    if args.json {
        say!("{}", serde_json::json!({"entries": done.entries, "unreadable": done.unreadable}))?;
    } else {
        say!("{} entries of the log folded, {} unreadable", done.entries, done.unreadable)?;
    }
    Ok(())
}
