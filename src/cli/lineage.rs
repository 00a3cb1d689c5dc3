//! `lethe lineage`: what feeds a thing and what it feeds, as a list, JSON or a drawing.

use std::path::PathBuf;

use super::client::ServerArgs;
use super::out::{self, say};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Node: dataset:{namespace}:{name}, job:{namespace}:{name} or
    /// datasetField:{namespace}:{dataset}:{field}
    node: String,
    /// Which way: up, down or both
    #[arg(long, default_value = "both")]
    direction: String,
    /// Hops at most
    #[arg(long, default_value_t = 5)]
    depth: u32,
    /// Level: table or column
    #[arg(long, default_value = "table")]
    level: String,
    /// Nodes at most
    #[arg(long, default_value_t = 500)]
    limit: usize,
    /// Draw it as SVG into this file (`-` is standard output)
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let mut query = vec![
        ("focus", args.node.clone()),
        ("direction", args.direction.clone()),
        ("depth", args.depth.to_string()),
        ("level", args.level.clone()),
        ("limit", args.limit.to_string()),
    ];
    if let Some(path) = &args.svg {
        query.push(("format", "svg".to_owned()));
        let drawn = args.server.get("/api/v1/lineage/export", &query).await?;
        if path.as_os_str() == "-" {
            out::text(&drawn)?;
        } else {
            std::fs::write(path, drawn)?;
        }
        return Ok(());
    }
    let text = args.server.get("/api/v1/lineage/graph", &query).await?;
    if args.json {
        say!("{text}")?;
        return Ok(());
    }
    let answer: serde_json::Value = serde_json::from_str(&text)?;
    Ok(print_nodes(&answer)?)
}

fn print_nodes(answer: &serde_json::Value) -> std::io::Result<()> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    for node in answer["nodes"].as_array().into_iter().flatten() {
        let hops = node["hops"].as_i64().unwrap_or(0);
        let (kind, namespace, name) =
            (text(&node["kind"]), text(&node["namespace"]), text(&node["name"]));
        say!("{hops:>4}  {kind:<8} {namespace}  {name}")?;
    }
    let left_out = answer["truncated"]["leftOut"].as_u64().unwrap_or(0);
    if left_out > 0 {
        say!("      {left_out} more were left out; raise --limit")?;
    }
    Ok(())
}
