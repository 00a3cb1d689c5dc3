//! The table that is printed, and percentiles.

use std::time::Duration;

/// Returns the value at a share of sorted values.
pub fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let place = ((sorted.len() as f64 - 1.0) * share).round() as usize;
    sorted.get(place).copied().unwrap_or_default()
}

/// Prints a figure as a row of a table.
pub fn row(name: &str, value: &str, target: &str) {
    println!("| {name} | {value} | {target} |");
}

/// Prints the head of the table.
pub fn head(title: &str) {
    println!("\n### {title}\n\n| figure | measured | target |\n|---|---|---|");
}
