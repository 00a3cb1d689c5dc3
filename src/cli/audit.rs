//! `lethe audit verify`: checks an export of the audit log offline, with the public key alone.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;

use super::out::say;
use crate::audit::bundle::{BUNDLE_LINE_BYTES_MAX, BundleKind, BundleVerifier, Report};
use crate::audit::{Checkpoint, Trust, VerifierKey};

/// Bytes of what was saved in place of an export that are read, to tell what it is.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

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
    /// The log's public key, or a file that holds it or what GET /api/v1/audit answered
    #[arg(long, value_name = "PUB")]
    key: String,
    /// A signed head that you kept, or a copy of audit-checkpoints.jsonl, of which the last counts: the
    /// log must continue it
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
        say!("{body}")?;
    } else {
        say!(
            "{}: {} records and {} signed heads verified{}; the log has {} records, root {}",
            head.origin,
            report.records,
            report.checkpoints,
            scope(&report),
            head.size,
            head.root.to_base64()
        )?;
    }
    Ok(())
}

/// Says which part of the log was verified, where it is not all of it.
fn scope(report: &Report) -> String {
    match (report.kind, report.range) {
        (BundleKind::Full, Some((first, last))) if first > 0 => format!(
            " (those of index {first} to {last}: the {first} before them are not in the export, and only \
             the heads vouch for them)"
        ),
        (BundleKind::Full, None) if report.head.size > 0 => {
            " (none: the export begins where the log ends)".to_owned()
        }
        (BundleKind::Full, _) => String::new(),
        (BundleKind::Partial, Some((first, last))) => format!(
            " (chosen ones of index {first} to {last}: that none was left out is not proven)"
        ),
        (BundleKind::Partial, None) => {
            " (chosen ones: that none was left out is not proven)".to_owned()
        }
    }
}

fn verify(args: &VerifyArgs) -> anyhow::Result<Report> {
    let trust = Trust::key(key(&args.key)?);
    let mut verifier = BundleVerifier::new(trust.clone());
    if let Some(path) = &args.checkpoint {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let held = held(&text, &trust).with_context(|| path.display().to_string())?;
        verifier = verifier.holding(held);
    }
    let mut lines = open(&args.bundle)?;
    let mut line = Vec::new();
    let mut first = true;
    loop {
        line.clear();
        let limit = BUNDLE_LINE_BYTES_MAX as u64 + 2;
        if lines.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let checked = verifier.line(line.strip_suffix(b"\n").unwrap_or(&line));
        if checked.is_err() && first {
            lines.by_ref().take(ANSWER_BYTES_MAX).read_to_end(&mut line)?;
            no_problem(&String::from_utf8_lossy(&line))
                .with_context(|| format!("{} is no export", args.bundle.display()))?;
        }
        checked?;
        first = false;
    }
    let report = verifier.finish()?;
    anyhow::ensure!(
        args.checkpoint.is_none() || report.held_met,
        "the export does not reach back to the signed head that you kept: export more of the log"
    );
    Ok(report)
}

/// What Lethe's API answers where it refuses (RFC 9457).
#[derive(Deserialize)]
struct Problem {
    status: u16,
    detail: String,
}

/// Demands that a text is no refusal that was saved in place of what was asked for.
fn no_problem(text: &str) -> anyhow::Result<()> {
    match serde_json::from_str(text) {
        Ok(Problem { status, detail }) => anyhow::bail!("the server refused: {detail} ({status})"),
        Err(_) => Ok(()),
    }
}

/// A line of `audit-checkpoints.jsonl`.
#[derive(Deserialize)]
struct KeptHead {
    note: String,
}

/// Reads a signed head, or the last one of a file of heads. All of these must be signed, and each of at
/// least as many records as the one before.
fn held(text: &str, trust: &Trust) -> anyhow::Result<Checkpoint> {
    no_problem(text)?;
    if !text.starts_with('{') {
        return Ok(trust.open(text)?);
    }
    let mut last: Option<Checkpoint> = None;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let at = || format!("line {}", number + 1);
        let read = serde_json::from_str(line);
        // One that was cut off by a crash, or while the file was copied, counts for nothing.
        if read.is_err() && !line.ends_with('\n') {
            break;
        }
        let KeptHead { note } = read.with_context(at)?;
        let head = trust.open(&note).with_context(at)?;
        if let Some(last) = &last {
            let grown = head.size > last.size || head == *last;
            anyhow::ensure!(grown, "{}: the head does not continue the one before", at());
        }
        last = Some(head);
    }
    last.context("it holds no signed head")
}

/// What `GET /api/v1/audit` answers, as far as it is read.
#[derive(Deserialize)]
struct Told {
    key: String,
}

/// Reads a key, or the file that holds it.
fn key(text: &str) -> anyhow::Result<VerifierKey> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let held = std::fs::read_to_string(text)
        .with_context(|| format!("--key is neither a public key nor a file: {text}"))?;
    let no_key = || format!("{text} holds no public key");
    no_problem(&held).with_context(no_key)?;
    let told = serde_json::from_str::<Told>(&held).map_or(held, |told| told.key);
    told.trim().parse().with_context(no_key)
}

fn open(path: &PathBuf) -> anyhow::Result<Box<dyn BufRead>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(BufReader::with_capacity(1 << 20, file)))
}
