//! What is hidden takes as long as what is not there.

use std::time::{Duration, Instant};

use super::oracles::catalog;
use super::{Asking, OPEN};
use crate::world::{Backend, World};

/// Tries of each kind in one measurement.
const TRIES: usize = 1_000;
/// Measurements, of which one must be quiet enough: other tests run beside this one.
const MEASURED_MAX: usize = 8;

/// Measures how long each kind takes, in turns, so that whatever slows one slows the other.
async fn measured(
    asker: &Asking<'_>,
    hidden: &str,
    unknown: &str,
) -> (Vec<Duration>, Vec<Duration>) {
    let (mut of_hidden, mut of_unknown) = (Vec::new(), Vec::new());
    for turn in 0..TRIES {
        let first = turn.is_multiple_of(2);
        for is_hidden in [first, !first] {
            let path = if is_hidden { hidden } else { unknown };
            let begun = Instant::now();
            asker.get(path).await;
            let times = if is_hidden { &mut of_hidden } else { &mut of_unknown };
            times.push(begun.elapsed());
        }
    }
    (of_hidden, of_unknown)
}

/// By how much the medians differ, and how often somebody is right who takes all above the best
/// bound for one kind: 0.5 is guessing.
fn told_apart(one: &mut [Duration], other: &mut [Duration]) -> (f64, f64) {
    one.sort_unstable();
    other.sort_unstable();
    let (first, second) = (one[one.len() / 2].as_secs_f64(), other[other.len() / 2].as_secs_f64());
    let below = |all: &[Duration], bound| all.partition_point(|time| *time <= bound);
    let share = |count: usize| count as f64 / TRIES as f64;
    let bounds = one.iter().chain(other.iter());
    let right = bounds
        .map(|bound| 0.5 + (share(below(one, *bound)) - share(below(other, *bound))).abs() / 2.0);
    ((first - second).abs() / first.max(second), right.fold(0.5, f64::max))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_takes_as_long_as_what_is_not_there() {
    let world = World::guarded(Backend::Sqlite).await;
    catalog(&world).await;
    let viewer = Asking::of_role(&world, "viewer").await;
    for (hidden, unknown) in [
        (
            format!("/api/v1/namespaces/{OPEN}/datasets/hush"),
            format!("/api/v1/namespaces/{OPEN}/datasets/nope"),
        ),
        (
            "/api/v1/namespaces/etl/jobs/hush".to_owned(),
            "/api/v1/namespaces/etl/jobs/nope".to_owned(),
        ),
    ] {
        let mut seen = Vec::new();
        for _ in 0..MEASURED_MAX {
            let (mut one, mut other) = measured(&viewer, &hidden, &unknown).await;
            let (apart, right) = told_apart(&mut one, &mut other);
            seen.push((apart, right));
            if apart <= 0.05 && right <= 0.55 {
                break;
            }
        }
        let quiet = seen.iter().any(|(apart, right)| *apart <= 0.05 && *right <= 0.55);
        assert!(quiet, "{hidden}: medians differ by, best guess is right: {seen:?}");
    }
    world.app.stop().await;
}
