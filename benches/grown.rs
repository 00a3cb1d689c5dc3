//! A database that has grown: rebuilding it, and removing most of it, while somebody writes.

#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/report.rs"]
mod report;
#[path = "support/server.rs"]
mod server;

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lethe::base::{Clock, SystemClock, Time};
use lethe::cli::generate::{Generator, Settings};
use postgres::Postgres;
use report::{head, percentile, row};
use server::Server;

/// Hours of 200 jobs that run hourly, each with two events: 400,000 events.
const HOURS: u64 = 1_000;
const JOBS: u64 = 200;
/// Time between two writes.
const PACE: Duration = Duration::from_millis(50);
/// How long what is idle is looked at.
const IDLE: Duration = Duration::from_secs(30);
/// A size that does not change for so long is the last.
const STEADY: Duration = Duration::from_secs(30);

fn main() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("events.ndjson");
    let settings = Settings { jobs: JOBS, runs_per_job: HOURS, ..Settings::default() };
    let mut out = std::io::BufWriter::new(std::fs::File::create(&file).expect("a file"));
    let mut events = 0;
    for event in Generator::new(&settings) {
        writeln!(out, "{event}").expect("the disk has room");
        events += 1;
    }
    drop(out);
    println!("{events} events");
    if !std::env::args().any(|arg| arg == "--postgres-only") {
        head("Grown, SQLite");
        measure(&dir.path().join("sqlite"), None, &file);
    }
    if !std::env::args().any(|arg| arg == "--sqlite-only") {
        let postgres = Postgres::start();
        head("Grown, PostgreSQL");
        let url = postgres.database("grown");
        measure(&dir.path().join("postgres"), Some(&url), &file);
    }
}

fn measure(dir: &Path, url: Option<&str>, file: &Path) {
    let size = || match url {
        Some(url) => asked_size(url),
        None => std::fs::metadata(dir.join("lethe.sqlite")).map_or(0, |file| file.len()),
    };
    run(dir, url, &["import", &file.display().to_string()]);
    let (server, _) = Server::start(dir, url);
    server.settle();
    let idle = beside(&server, |_| std::thread::sleep(IDLE));
    tell("writes while nothing else happens", &idle, "");
    let grown = size();
    row("size", &format!("{} MB", grown / 1_000_000), "");

    let mut most = 0;
    let rebuild = |other: &Path| {
        let began = Instant::now();
        run(other, url, &["rebuild"]);
        row("rebuild", &format!("{:.1} s", began.elapsed().as_secs_f64()), "");
    };
    if url.is_some() {
        let meanwhile = beside(&server, |_| {
            std::thread::scope(|scope| {
                let other = dir.with_extension("other");
                let rebuilding = scope.spawn(move || rebuild(&other));
                while !rebuilding.is_finished() {
                    most = size().max(most);
                    std::thread::sleep(Duration::from_millis(200));
                }
            });
        });
        tell("writes meanwhile", &meanwhile, "p99 ≤ 3 × idle");
        drop(server);
    } else {
        drop(server);
        rebuild(dir);
    }
    row("growth meanwhile", &ratio(most, grown), "");
    row("growth", &ratio(size(), grown), "≤ 1.3 ×");

    let before = size();
    let cut = Time::parse("2026-01-01T00:00:00Z").expect("a time");
    let cut = cut.plus_micros(i64::try_from(HOURS * 9 / 10).unwrap_or(0) * 3_600_000_000);
    let days = (SystemClock.now().as_micros() - cut.as_micros()) / 86_400_000_000;
    let days = days.to_string();
    let settings = [("LETHE_OPEN", "true"), ("LETHE_RETENTION_DAYS", &days)];
    let began = Instant::now();
    let (server, _) = Server::start_with(dir, url, &settings);
    let mut took = Duration::ZERO;
    let meanwhile = beside(&server, |_| {
        let (mut last, mut since) = (0, Instant::now());
        while since.elapsed() < STEADY || last * 100 > before * 95 {
            let now = size();
            // What is written beside it adds to it all the while.
            if now.abs_diff(last) > 4_000_000 {
                (last, since, took) = (now, Instant::now(), began.elapsed());
            }
            assert!(began.elapsed() < Duration::from_secs(1_200), "nothing is given back");
            std::thread::sleep(Duration::from_millis(500));
        }
    });
    row("retention of 90 % and giving back", &format!("{:.0} s", took.as_secs_f64()), "");
    tell("writes meanwhile", &meanwhile, "p99 ≤ 2 × idle");
    row("memory of the node", &format!("{} MB", server.memory() / 1_000_000), "");
    drop(server);
    row("size after it", &ratio(size(), before), "≤ 0.35 ×");
}

/// Asks a database how many bytes it takes.
fn asked_size(url: &str) -> u64 {
    const SIZE: &str = "SELECT pg_database_size(current_database())";
    let said = Command::new("psql").args(["-At", "-d", url, "-c", SIZE]).output();
    let said = said.map(|out| out.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).trim().parse().expect("psql tells the size")
}

fn ratio(now: u64, then: u64) -> String {
    format!("{:.2} × ({} MB)", now as f64 / then as f64, now / 1_000_000)
}

/// Runs a command of the binary on the data.
fn run(dir: &Path, url: Option<&str>, args: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
    command.args(args).arg("--data-dir").arg(dir).stdout(std::process::Stdio::null());
    if let Some(url) = url {
        command.args(["--database", url]);
    }
    assert!(command.status().is_ok_and(|status| status.success()), "{args:?}");
}

/// Writes an event now and then while something is done, and returns how long each took, sorted.
fn beside(server: &Server, work: impl FnOnce(&Server)) -> Vec<Duration> {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut took = Vec::new();
            let mut number = 0_u64;
            while !done.load(Ordering::Relaxed) {
                let began = Instant::now();
                let at = SystemClock.now();
                let event = format!(
                    r#"{{"eventType":"COMPLETE","eventTime":"{at}","producer":"https://example.com/p","run":{{"runId":"{}"}},"job":{{"namespace":"beside","name":"w"}},"inputs":[{{"namespace":"db","name":"a"}}],"outputs":[{{"namespace":"db","name":"b"}}]}}"#,
                    uuid::Uuid::from_u128((u128::from(at.as_micros().unsigned_abs()) << 64) | u128::from(number)),
                );
                number += 1;
                let answer = server.send("POST", "/api/v1/lineage", event.as_bytes());
                assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
                took.push(began.elapsed());
                std::thread::sleep(PACE.saturating_sub(began.elapsed()));
            }
            took.sort_unstable();
            took
        });
        work(server);
        done.store(true, Ordering::Relaxed);
        writing.join().expect("it writes")
    })
}

fn tell(name: &str, took: &[Duration], target: &str) {
    let at = |share| percentile(took, share).as_secs_f64() * 1e3;
    let value = format!(
        "{} answered, p50 {:.1}, p99 {:.1}, longest {:.0} ms",
        took.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    row(name, &value, target);
}
