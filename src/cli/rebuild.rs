//! `lethe rebuild`: the catalog folded anew from the event log.

use super::config::DataArgs;
use super::{data_dir, local};
use crate::base::{Clock, SystemClock};

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
    let _alone = data_dir::take(&config)?;
    let db = local::open(&config).await?;
    let bar = indicatif::ProgressBar::new_spinner();
    let done = crate::flow::rebuild(&db, SystemClock.now(), |entries| {
        bar.set_message(format!("{entries} entries folded"));
        bar.tick();
    })
    .await?;
    bar.finish_and_clear();
    db.close().await;
    if args.json {
        println!("{}", serde_json::json!({"entries": done.entries, "unreadable": done.unreadable}));
    } else {
        println!("{} entries of the log folded, {} unreadable", done.entries, done.unreadable);
    }
    Ok(())
}
