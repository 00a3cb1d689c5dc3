//! Drafting and activating sets of rules on a server.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::client::ServerArgs;
use super::super::out::say;
use super::offline::read;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DraftArgs {
    /// The rules, as CSV
    #[arg(value_name = "FILE")]
    policy: PathBuf,
    /// Cases that must come out before the draft is activated, as CSV
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// Why
    #[arg(long, default_value = "")]
    note: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ActivateArgs {
    /// The set's number
    version: i64,
    /// The set that is in force now; if it is another one, nothing is done
    #[arg(long, value_name = "VERSION")]
    expected_active: Option<i64>,
    /// Why the cases that Lethe ships need not come out as they say
    #[arg(long, value_name = "REASON")]
    waive_shipped_cases: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

pub(super) async fn draft(args: DraftArgs) -> anyhow::Result<()> {
    let cases = args.cases.as_deref().map(read).transpose()?.unwrap_or_default();
    let body = json!({"csv": read(&args.policy)?, "cases": cases, "note": args.note});
    let text = args.server.post("/api/v1/policies", &body).await?;
    if args.json {
        say!("{text}")?;
        return Ok(());
    }
    let answer: Value = serde_json::from_str(&text)?;
    for finding in answer["findings"].as_array().into_iter().flatten() {
        let text = |key: &str| finding[key].as_str().unwrap_or("-");
        say!("{:<14} {:<24} {}", text("kind"), text("rule"), text("message"))?;
    }
    say!("version {} is drafted", answer["version"])?;
    Ok(())
}

pub(super) async fn activate(args: ActivateArgs) -> anyhow::Result<()> {
    let path = format!("/api/v1/policies/{}/activate", args.version);
    let body = json!({"expectedActive": args.expected_active,
        "waiveShippedCases": args.waive_shipped_cases});
    let text = args.server.post(&path, &body).await?;
    match args.json {
        true => say!("{text}")?,
        false => say!("version {} is in force", args.version)?,
    }
    Ok(())
}
