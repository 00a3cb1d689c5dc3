//! How fast events come in, beside the ceiling of the same machine in the same run.

#[path = "support/load.rs"]
mod load;
#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/report.rs"]
mod report;
#[path = "support/server.rs"]
mod server;

use std::io::Write;
use std::time::Instant;

use lethe::cli::generate::{Generator, Settings};
use load::post_all;
use postgres::Postgres;
use report::{head, percentile, row};
use server::Server;

const EVENTS: usize = 120_000;
const BATCH: usize = 1_000;
const SINGLES: usize = 60_000;
const CONNECTIONS: usize = 64;

fn main() {
    let settings =
        Settings { jobs: 300, runs_per_job: 300, seed: 7, parents: false, ..Settings::default() };
    let events: Vec<Vec<u8>> =
        Generator::new(&settings).take(EVENTS + SINGLES).map(String::into_bytes).collect();
    let (bulk, singles) = events.split_at(EVENTS.min(events.len()));
    let bytes: usize = bulk.iter().map(Vec::len).sum();
    println!("{} events of {} bytes on average", bulk.len(), bytes / bulk.len());
    let ceiling = ceiling(bulk);
    head("Ingest, SQLite");
    row(
        "ceiling: typed parse + compressed append, fdatasync each 1,000",
        &format!("{ceiling:.0} events/s"),
        "",
    );
    let dir = tempfile::tempdir().expect("a folder");
    measure(dir.path(), None, bulk, singles, ceiling, "15,000/s or 0.35");
    guarded(bulk, singles);
    if !std::env::args().any(|arg| arg == "--sqlite-only") {
        let postgres = Postgres::start();
        head("Ingest, PostgreSQL");
        let dir = tempfile::tempdir().expect("a folder");
        let url = postgres.database("bench");
        measure(dir.path(), Some(&url), bulk, singles, ceiling, "6,000/s");
    }
}

fn measure(
    dir: &std::path::Path,
    url: Option<&str>,
    bulk: &[Vec<u8>],
    singles: &[Vec<u8>],
    ceiling: f64,
    target: &str,
) {
    let (server, _) = Server::start(dir, url);
    let (first, second) = bulk.split_at(bulk.len() / 2);
    let stream: Vec<u8> = first.join(&b'\n');
    let started = Instant::now();
    let answer = server.send("POST", "/api/v1/events/import", &stream);
    assert!(answer.contains(&format!("\"new\":{}", first.len())), "{answer}");
    let rate = first.len() as f64 / started.elapsed().as_secs_f64();
    row(
        "NDJSON stream",
        &format!("{rate:.0} events/s = {:.2} of the ceiling", rate / ceiling),
        target,
    );
    let started = Instant::now();
    server.settle();
    row("followers up to date after", &format!("{:.2} s", started.elapsed().as_secs_f64()), "");
    let batches: Vec<Vec<u8>> =
        second.chunks(BATCH).map(|chunk| [&b"["[..], &chunk.join(&b','), b"]"].concat()).collect();
    let started = Instant::now();
    post_all(server.address, ("/api/v1/lineage/batch", ""), &batches, 2);
    let rate = second.len() as f64 / started.elapsed().as_secs_f64();
    row(
        "batches of 1,000 on 2 connections",
        &format!("{rate:.0} events/s = {:.2} of the ceiling", rate / ceiling),
        target,
    );
    server.settle();
    let started = Instant::now();
    let times = post_all(server.address, ("/api/v1/lineage", ""), singles, CONNECTIONS);
    let rate = singles.len() as f64 / started.elapsed().as_secs_f64();
    let p = |share| percentile(&times, share).as_secs_f64() * 1e3;
    row(
        "single POSTs on 64 connections",
        &format!("{rate:.0} events/s, p50 {:.1} ms, p99 {:.1} ms", p(0.5), p(0.99)),
        "5,000/s, p99 50 ms",
    );
    row("memory after it", &format!("{} MB", server.memory() / 1_000_000), "");
}

/// The same events where everybody may do everything, and by a pipeline's token that is known,
/// decided on and held to its namespaces: in turns, so that the machine's moods hit both.
fn guarded(bulk: &[Vec<u8>], singles: &[Vec<u8>]) {
    const ADMIN: &str = "the administrator of this bench";
    const ROUNDS: usize = 3;
    head("Ingest, SQLite, everybody asked who they are");
    let mut rates = [[0.0_f64; 2]; 2];
    for round in 0..ROUNDS {
        let part = |events: &[Vec<u8>]| {
            let size = events.len() / ROUNDS;
            events[round * size..(round + 1) * size].to_vec()
        };
        let (bulk, singles) = (part(bulk), part(singles));
        for (place, settings) in
            [("LETHE_OPEN", "true"), ("LETHE_ADMIN_TOKEN", ADMIN)].into_iter().enumerate()
        {
            let dir = tempfile::tempdir().expect("a folder");
            let (server, _) = Server::start_with(dir.path(), None, &[settings]);
            let token = if place == 0 { String::new() } else { pipeline(&server, ADMIN) };
            let batches: Vec<Vec<u8>> = bulk
                .chunks(BATCH)
                .map(|chunk| [&b"["[..], &chunk.join(&b','), b"]"].concat())
                .collect();
            let started = Instant::now();
            post_all(server.address, ("/api/v1/lineage/batch", &token), &batches, 2);
            rates[place][0] += bulk.len() as f64 / started.elapsed().as_secs_f64();
            let started = Instant::now();
            post_all(server.address, ("/api/v1/lineage", &token), &singles, CONNECTIONS);
            rates[place][1] += singles.len() as f64 / started.elapsed().as_secs_f64();
        }
    }
    for (way, name) in ["batches of 1,000", "single POSTs"].into_iter().enumerate() {
        let (open, asked) = (rates[0][way] / ROUNDS as f64, rates[1][way] / ROUNDS as f64);
        let figure = format!("{asked:.0} events/s / {open:.0} open = {:.2}", asked / open);
        row(name, &figure, "0.8 of open");
    }
}

/// Makes a service account for all namespaces and returns a token of it.
fn pipeline(server: &Server, admin: &str) -> String {
    let account = "/api/v1/service-accounts/bench";
    let made = server.send_as(admin, "PUT", account, br#"{"namespaces": ["*"]}"#);
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    let told = server.send_as(admin, "POST", &format!("{account}/tokens"), br#"{"name": "bench"}"#);
    let body = told.rsplit("\r\n\r\n").next().unwrap_or_default();
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    body["token"].as_str().expect("a token").to_owned()
}

/// The least that durable ingest of typed events costs: parsing, and appending compressed
/// text with one `fdatasync` a thousand events.
fn ceiling(events: &[Vec<u8>]) -> f64 {
    let mut file = tempfile::tempfile().expect("a file");
    let started = Instant::now();
    for chunk in events.chunks(BATCH) {
        let mut text = Vec::new();
        for event in chunk {
            let parsed = lethe::openlineage::parse(event).expect("a valid event");
            text.extend_from_slice(&parsed.raw);
            text.push(b'\n');
        }
        file.write_all(&zstd::bulk::compress(&text, 1).expect("memory")).expect("disk");
        file.sync_data().expect("disk");
    }
    events.len() as f64 / started.elapsed().as_secs_f64()
}
