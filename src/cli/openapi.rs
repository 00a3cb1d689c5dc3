//! `lethe openapi`: the document that `openapi/openapi.json` is compared with.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let mut text = crate::http::document().to_pretty_json()?;
    text.push('\n');
    match &args.output {
        Some(path) => std::fs::write(path, text)?,
        None => super::out::text(&text)?,
    }
    Ok(())
}
