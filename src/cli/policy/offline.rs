//! Trying rules from files, as an editor or a pipeline does before anything is drafted.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde_json::json;

use super::super::out::say;
use crate::access::cases::{Failure, SHIPPED_CASES, read_cases, run_cases};
use crate::access::lint::lint as findings_of;
use crate::access::{Fault, PolicySet, SHIPPED_POLICY};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct TestArgs {
    /// The rules, as CSV; those that Lethe ships if absent
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A folder of cases, *.csv; those that Lethe ships if absent
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct LintArgs {
    /// The rules, as CSV
    #[arg(value_name = "FILE")]
    policy: PathBuf,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// A file of cases, and what came out otherwise.
struct Tried {
    file: String,
    count: usize,
    failures: Vec<Failure>,
}

/// Runs cases; an error if any comes out otherwise.
pub(super) fn test(args: &TestArgs) -> anyhow::Result<()> {
    let set = rules(args.policy.as_deref())?;
    let mut tried = Vec::new();
    for (file, text) in case_files(args.cases.as_deref())? {
        let cases = read_cases(&text).map_err(|faults| listed(&file, &faults))?;
        let failures = run_cases(&set, &cases).map_err(|faults| listed("policy", &faults))?;
        tried.push(Tried { file, count: cases.len(), failures });
    }
    let count: usize = tried.iter().map(|one| one.count).sum();
    let failed: usize = tried.iter().map(|one| one.failures.len()).sum();
    let failures = || {
        tried.iter().flat_map(|one| one.failures.iter().map(|failure| (one.file.as_str(), failure)))
    };
    let told = if args.json {
        let entry = |(file, failure): (&str, &Failure)| {
            json!({"file": file, "line": failure.line, "expected": failure.expected.to_string(),
                "got": failure.came_out().to_string(), "why": failure.got})
        };
        let failed: Vec<_> = failures().map(entry).collect();
        say!("{}", json!({"cases": count, "failed": failed}))
    } else {
        let lines = failures().try_for_each(|(file, failure)| say!("{file}: {failure}"));
        lines.and_then(|()| say!("{} of {count} cases come out as they say", count - failed))
    };
    ensure!(failed == 0, "{failed} cases come out otherwise");
    Ok(told?)
}

/// Lists findings; an error only if the file holds no rules.
pub(super) fn lint(args: &LintArgs) -> anyhow::Result<()> {
    let findings = findings_of(&rules(Some(&args.policy))?);
    if args.json {
        return Ok(say!("{}", json!({"findings": findings}))?);
    }
    for finding in &findings {
        let kind = serde_json::to_value(finding.kind)?;
        let rule = finding.rule.as_deref().unwrap_or("-");
        say!("{:<14} {rule:<24} {}", kind.as_str().unwrap_or_default(), finding.message)?;
    }
    Ok(say!("{} findings", findings.len())?)
}

fn rules(path: Option<&Path>) -> anyhow::Result<PolicySet> {
    let (name, text) = match path {
        Some(path) => (path.display().to_string(), read(path)?),
        None => ("policy.csv".to_owned(), SHIPPED_POLICY.to_owned()),
    };
    PolicySet::from_csv(0, &text).map_err(|faults| listed(&name, &faults))
}

/// Returns the names and texts of files of cases, in order of name.
fn case_files(dir: Option<&Path>) -> anyhow::Result<Vec<(String, String)>> {
    let Some(dir) = dir else {
        let owned = |(file, text): &(&str, &str)| ((*file).to_owned(), (*text).to_owned());
        return Ok(SHIPPED_CASES.iter().map(owned).collect());
    };
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "csv") {
            files.push((path.display().to_string(), read(&path)?));
        }
    }
    if files.is_empty() {
        bail!("{} holds no files of cases (*.csv)", dir.display());
    }
    files.sort();
    Ok(files)
}

pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn listed(name: &str, faults: &[Fault]) -> anyhow::Error {
    let faults: Vec<String> = faults.iter().map(|fault| format!("{name}: {fault}")).collect();
    anyhow::anyhow!("{}", faults.join("\n"))
}
