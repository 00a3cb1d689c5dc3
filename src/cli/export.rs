//! `lethe export`: the event log as newline-delimited JSON.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use super::config::DataArgs;
use super::local;
use crate::db::EntryKind;

/// Entries that are read at once.
const PAGE: usize = 1_000;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write edits made through the API too (they are no OpenLineage events)
    #[arg(long)]
    edits: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let db = local::open_existing(&args.data.config()?).await?;
    let output: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(std::fs::File::create(path)?),
        None => Box::new(std::io::stdout()),
    };
    let mut output = BufWriter::new(output);
    let mut after = 0;
    loop {
        let rows = db.scan_events(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in rows.iter().filter(|row| args.edits || row.kind != EntryKind::Edit) {
            output.write_all(row.raw.as_bytes())?;
            output.write_all(b"\n")?;
        }
    }
    output.flush()?;
    db.close().await;
    Ok(())
}
