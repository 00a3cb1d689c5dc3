//! `lethe generate`: synthetic events to a file or standard output.

use std::io::BufWriter;
use std::path::PathBuf;

use super::generate::{Settings, write};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    settings: Settings,
    /// File to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let output: Box<dyn std::io::Write> = match &args.output {
        Some(path) => Box::new(std::fs::File::create(path)?),
        None => Box::new(std::io::stdout().lock()),
    };
    write(&args.settings, &mut BufWriter::new(output))?;
    Ok(())
}
