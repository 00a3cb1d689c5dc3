//! `lethe audit verify`: checks an export of the audit log offline, with the public key alone.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use anyhow::Context;

use crate::audit::bundle::{BUNDLE_LINE_BYTES_MAX, BundleKind, BundleVerifier, Report};
use crate::audit::{Trust, VerifierKey};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Check an export of the audit log (`-` is standard input); exit code 1 if anything is wrong
    Verify(VerifyArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// The export: what GET /api/v1/audit/export answers
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// The log's public key, as GET /api/v1/audit tells it, or a file that holds it
    #[arg(long, value_name = "PUB")]
    key: String,
    /// A signed head that you kept: the log must continue it
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Command) -> anyhow::Result<()> {
    let Command::Verify(args) = command;
    let report = verify(args)?;
    let head = &report.head;
    if args.json {
        let whole = report.kind == BundleKind::Full;
        let range = report.range.map(|(first, last)| [first, last]);
        let body = serde_json::json!({
            "log": head.origin, "whole": whole, "records": report.records, "range": range,
            "checkpoints": report.checkpoints, "size": head.size, "root": head.root.to_base64(),
            "heldCheckpointMet": report.held_met,
        });
        println!("{body}");
    } else {
        println!(
            "{}: {} records and {} signed heads verified{}; the log has {} records, root {}",
            head.origin,
            report.records,
            report.checkpoints,
            match report.kind {
                BundleKind::Full => "",
                BundleKind::Partial => " (chosen records: that none was left out is not proven)",
            },
            head.size,
            head.root.to_base64()
        );
    }
    Ok(())
}

fn verify(args: &VerifyArgs) -> anyhow::Result<Report> {
    let trust = Trust::key(key(&args.key)?);
    let mut verifier = BundleVerifier::new(trust.clone());
    if let Some(path) = &args.checkpoint {
        let note = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let held = trust.open(&note).with_context(|| path.display().to_string())?;
        verifier = verifier.holding(held);
    }
    let mut lines = open(&args.bundle)?;
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = BUNDLE_LINE_BYTES_MAX as u64 + 2;
        if lines.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        verifier.line(line.strip_suffix(b"\n").unwrap_or(&line))?;
    }
    let report = verifier.finish()?;
    anyhow::ensure!(
        args.checkpoint.is_none() || report.held_met,
        "the export does not reach back to the signed head that you kept: export more of the log"
    );
    Ok(report)
}

/// Reads a key, or the file that holds it.
fn key(text: &str) -> anyhow::Result<VerifierKey> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let held = std::fs::read_to_string(text)
        .with_context(|| format!("--key is neither a public key nor a file: {text}"))?;
    held.trim().parse().with_context(|| format!("{text} holds no public key"))
}

fn open(path: &PathBuf) -> anyhow::Result<Box<dyn BufRead>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(BufReader::with_capacity(1 << 20, file)))
}
