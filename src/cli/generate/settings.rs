//! The knobs of the generator, as command line arguments.
//!
//! They are those of Marquez's `metadata` command, and shape knobs of our own. Defaults make
//! events of 2 to 3 kB with schemas and column lineage. Nothing is read here but arguments.

use crate::base::Time;

/// How a stream of events is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// One event a line: what `lethe import` and the NDJSON endpoint read.
    #[default]
    Ndjson,
    /// One JSON array: what Marquez's `seed` and the batch endpoint read.
    Json,
}

/// What to generate. Counts of nothing are raised to the least that makes sense, counts beyond
/// what an event may hold (`base/limits.rs`) or beyond 2³¹ are cut.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct Settings {
    /// Jobs, each writing at least one dataset.
    #[arg(long, default_value_t = 5)]
    pub jobs: u64,

    /// Runs of each job.
    #[arg(long, default_value_t = 10)]
    pub runs_per_job: u64,

    /// How many of the last runs have started but not ended.
    #[arg(long, default_value_t = 0)]
    pub runs_active: u64,

    /// Failing runs of a job at most; each job draws its own number from 0 to this.
    #[arg(long, default_value_t = 2)]
    pub max_run_fails_per_job: u64,

    /// Shortest time a run takes, in seconds; the longest is three times that.
    #[arg(long, default_value_t = 300)]
    pub min_run_duration: u64,

    /// When the first run starts (RFC 3339).
    #[arg(long, default_value = "2026-01-01T00:00:00Z", value_parser = parse_time)]
    pub run_start_time: Time,

    /// When the last run has started (RFC 3339). Without it each job runs hourly.
    #[arg(long, value_parser = parse_time)]
    pub run_end_time: Option<Time>,

    /// Fills every event up to this size in bytes with a custom job facet; 0 fills nothing.
    #[arg(long, default_value_t = 0)]
    pub bytes_per_event: usize,

    /// Datasets, raw ones included [default: as many as jobs and a raw one for each four].
    #[arg(long)]
    pub datasets: Option<u64>,

    /// Columns of each dataset.
    #[arg(long, default_value_t = 4)]
    pub columns: u64,

    /// Longest way from a raw dataset to a mart, in jobs.
    #[arg(long, default_value_t = 4)]
    pub depth: u64,

    /// Inputs of each job; more where a dataset would otherwise not be read at all.
    #[arg(long, default_value_t = 2)]
    pub fan_in: u64,

    /// Namespaces over which jobs, and the datasets of each layer, are spread.
    #[arg(long, default_value_t = 2)]
    pub namespaces: u64,

    /// Whether outputs carry the columnLineage facet.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, value_name = "BOOL")]
    pub column_lineage: bool,

    /// Whether the runs of two jobs of three name a run of their DAG as parent.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, value_name = "BOOL")]
    pub parents: bool,

    /// Equal seeds and settings give equal events.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// How the stream is written.
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    pub format: Format,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            jobs: 5,
            runs_per_job: 10,
            runs_active: 0,
            max_run_fails_per_job: 2,
            min_run_duration: 300,
            run_start_time: Time::from_millis(START_MS),
            run_end_time: None,
            bytes_per_event: 0,
            datasets: None,
            columns: 4,
            depth: 4,
            fan_in: 2,
            namespaces: 2,
            column_lineage: true,
            parents: true,
            seed: 1,
            format: Format::Ndjson,
        }
    }
}

/// 1 January 2026, 00:00 UTC, in milliseconds since 1970.
const START_MS: i64 = 1_767_225_600_000;

fn parse_time(text: &str) -> Result<Time, String> {
    Time::parse(text).ok_or_else(|| "expected an RFC 3339 date-time".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        settings: Settings,
    }

    #[test]
    fn no_arguments_are_the_defaults() {
        let parsed = Command::try_parse_from(["generate"]).unwrap().settings;
        assert_eq!(parsed, Settings::default());
    }

    #[test]
    fn every_knob_can_be_set() {
        let line = "generate --jobs 1 --runs-per-job 2 --runs-active 3 --max-run-fails-per-job 4 \
                    --min-run-duration 5 --run-start-time 2020-01-01T00:00:00Z \
                    --run-end-time 2020-01-02T00:00:00Z --bytes-per-event 6 --datasets 7 \
                    --columns 8 --depth 9 --fan-in 10 --namespaces 11 --column-lineage false \
                    --parents false --seed 12 --format json";
        let parsed = Command::try_parse_from(line.split_whitespace()).unwrap().settings;
        assert_eq!(parsed.run_end_time, Time::parse("2020-01-02T00:00:00Z"));
        assert_eq!((parsed.fan_in, parsed.seed), (10, 12));
        assert!(!parsed.column_lineage && !parsed.parents);
        assert_eq!(parsed.format, Format::Json);
    }

    #[test]
    fn a_time_that_is_none_is_refused() {
        assert!(Command::try_parse_from(["generate", "--run-start-time", "soon"]).is_err());
    }
}
