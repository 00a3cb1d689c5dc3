//! `lethe search`: finds datasets and jobs.

use super::client::ServerArgs;
use super::out::say;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Search text: words, "phrases", -not, tag:, ns:, owner:, column:, has:, updated:>7d
    query: Vec<String>,
    /// Hits at most
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let query = [
        ("q", args.query.join(" ")),
        ("limit", args.limit.to_string()),
        ("facets", args.json.to_string()),
    ];
    let text = args.server.get("/api/v1/catalog/search", &query).await?;
    if args.json {
        say!("{text}")?;
        return Ok(());
    }
    let answer: serde_json::Value = serde_json::from_str(&text)?;
    for hit in answer["hits"].as_array().into_iter().flatten() {
        let text = |key: &str| hit[key].as_str().unwrap_or_default();
        say!("{:<8} {}  {}", text("kind"), text("namespace"), text("name"))?;
    }
    say!("{} found", answer["total"])?;
    Ok(())
}
