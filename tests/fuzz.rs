//! Fuzzing on stable Rust: real events and texts, damaged in ways that know JSON and
//! Lethe's own words, must pass the checks that `fuzz/checks.rs` makes of any input.
//!
//! `LETHE_FUZZ_SECONDS` sets how long each target runs (2), `LETHE_FUZZ_SEED` which inputs
//! it is given (chance), `LETHE_FUZZ_INPUT` a file to try alone. Each target is one thread.

#[path = "../fuzz/checks.rs"]
mod checks;
#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/seeds.rs"]
mod seeds;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use fastrand::Rng;

/// How long one check may take in a debug build on a busy machine.
const CHECK_TIME_MAX: Duration = Duration::from_secs(10);

#[expect(clippy::disallowed_methods, reason = "the knobs of `make fuzz`")]
fn knob(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Tries inputs until the time is up.
fn fuzz(target: &str, next: impl Fn(&mut Rng) -> Vec<u8>, check: impl Fn(&[u8])) {
    if let Some(file) = knob("LETHE_FUZZ_INPUT") {
        return check(&std::fs::read(file).expect("the input can be read"));
    }
    let seconds = knob("LETHE_FUZZ_SECONDS").and_then(|text| text.parse().ok()).unwrap_or(2);
    let seed = knob("LETHE_FUZZ_SEED").and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| fastrand::u64(..));
    let mut rng = Rng::with_seed(seed);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut tried = 0_u64;
    while Instant::now() < until {
        let input = next(&mut rng);
        let started = Instant::now();
        let passed = catch_unwind(AssertUnwindSafe(|| {
            check(&input);
            assert!(started.elapsed() < CHECK_TIME_MAX, "it took {:?}", started.elapsed());
        }));
        tried += 1;
        if let Err(panic) = passed {
            let file = std::env::temp_dir().join(format!("lethe-fuzz-{target}-{seed}"));
            std::fs::write(&file, &input).expect("the input can be kept");
            eprintln!("{target}: input {tried} of seed {seed} is in {}", file.display());
            resume_unwind(panic);
        }
    }
    println!("fuzz {target}: {tried} inputs in {seconds} s, seed {seed}, none broke a check");
}

/// Tries texts: bytes that are no UTF-8 are replaced.
fn fuzz_text(target: &str, next: impl Fn(&mut Rng) -> Vec<u8>, check: impl Fn(&str)) {
    fuzz(target, next, |bytes| check(&String::from_utf8_lossy(bytes)));
}

#[test]
fn event() {
    let seeds = seeds::events();
    fuzz("event", |rng| mutate::json(rng, &seeds), checks::event);
}

#[test]
fn batch() {
    let seeds = seeds::batches();
    fuzz("batch", |rng| mutate::json(rng, &seeds), checks::batch);
}

#[test]
fn naming() {
    let seeds = seeds::names();
    fuzz_text("naming", |rng| mutate::text(rng, &seeds, seeds::NAME_WORDS), checks::naming);
}

#[test]
fn query() {
    let seeds = seeds::queries();
    fuzz_text("query", |rng| mutate::text(rng, &seeds, seeds::QUERY_WORDS), checks::query);
}

#[test]
fn cursor() {
    let seeds = seeds::cursors();
    fuzz_text("cursor", |rng| mutate::cursor(rng, &seeds), checks::cursor);
}
