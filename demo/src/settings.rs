//! The demo's command line.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::people::PEOPLE;

/// Runs the pipelines of Meridian Pharma, a made-up company, and tells Lethe their lineage.
#[derive(Debug, Clone, clap::Parser)]
#[command(name = "lethe-demo", version)]
pub struct Settings {
    /// Where Lethe (or another `OpenLineage` backend) listens.
    #[arg(long, env = "OPENLINEAGE_URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,

    /// Path of the lineage endpoint.
    #[arg(long, env = "OPENLINEAGE_ENDPOINT", default_value = "/api/v1/lineage")]
    pub endpoint: String,

    /// Sent as a bearer token.
    #[arg(long, env = "OPENLINEAGE_API_KEY", hide_env_values = true)]
    pub api_key: Option<String>,

    /// Where the company's databases and files are made.
    #[arg(long, default_value = "./data/demo")]
    pub data_dir: PathBuf,

    /// Pause between two departments' runs, such as 20s, 500ms or 2m.
    #[arg(long, default_value = "20s", value_parser = parse_duration)]
    pub every: Duration,

    /// Days of business that are run at once when the data folder is new.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=30))]
    pub days: u32,

    /// Ends after the first round instead of going on.
    #[arg(long)]
    pub once: bool,

    /// How many people the company knows.
    #[arg(long, default_value_t = PEOPLE, value_parser = parse_people)]
    pub people: usize,

    /// Equal seeds make equal people.
    #[arg(long, default_value_t = 20)]
    pub seed: u64,

    /// How long to wait for the server to be ready at the start.
    #[arg(long, default_value = "60s", value_parser = parse_duration)]
    pub patience: Duration,
}

/// Telephone numbers are handed out by the hundred and area code, and names run out at 1024.
fn parse_people(text: &str) -> Result<usize> {
    let people: usize = text.parse()?;
    if !(20..=1_000).contains(&people) {
        bail!("from 20 to 1000 people");
    }
    Ok(people)
}

fn parse_duration(text: &str) -> Result<Duration> {
    let split = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().context("expected a number and ms, s or m")?;
    Ok(match unit {
        "ms" => Duration::from_millis(number),
        "s" | "" => Duration::from_secs(number),
        "m" => Duration::from_secs(number.saturating_mul(60)),
        _ => bail!("expected a number and ms, s or m"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(parse_duration("20s").unwrap(), Duration::from_secs(20));
        assert_eq!(parse_duration("5").unwrap(), Duration::from_secs(5));
        assert_eq!(parse_duration("250ms").unwrap(), Duration::from_millis(250));
        assert_eq!(parse_duration("2m").unwrap(), Duration::from_secs(120));
        assert!(parse_duration("soon").is_err() && parse_duration("1h").is_err());
    }
}
