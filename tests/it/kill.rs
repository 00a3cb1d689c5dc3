//! `kill -9` at any moment: every acknowledged event is there exactly once after the
//! restart, others at most once, and everything that follows the log comes up to it again.
//!
//! One folder (or database) is kept through all rounds, so that each round stands on what
//! all kills before it left. `LETHE_KILL_ROUNDS` sets the number of rounds.

mod audited;
mod chaos;
pub mod check;
mod edits;
pub mod load;
pub mod several;

use std::collections::BTreeMap;
use std::time::Duration;

use lethe::db::{Db, DbUrl};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::process::{Launch, Lethe};
use crate::world::dump::{PROJECTIONS, Rows, difference, dump, live};
use crate::world::{Backend, fresh_url};
use check::Log;
use load::Ledger;

/// Rounds where nothing else is asked for.
const ROUNDS: u32 = 3;
/// Connections that post single events.
const SINGLES: usize = 4;
/// Connections that post batches.
const BATCHES: usize = 2;
/// Milliseconds of load before a kill at most.
const LOAD_MS_MAX: u64 = 900;
/// Milliseconds of a start before a kill at most.
const START_MS_MAX: u64 = 250;
/// How long a clean end may take.
const STOP_TIME_MAX: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_or_doubled_by_kills_on_sqlite() {
    kill_rounds(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_or_doubled_by_kills_on_postgres() {
    kill_rounds(Backend::Postgres).await;
}

#[expect(clippy::disallowed_methods, reason = "the knob of `make test-kill`")]
fn rounds() -> u32 {
    let asked = std::env::var_os("LETHE_KILL_ROUNDS").and_then(|text| text.to_str()?.parse().ok());
    asked.unwrap_or(ROUNDS)
}

async fn kill_rounds(backend: Backend) {
    let dir = TempDir::new().expect("a temporary folder");
    let url = fresh_url(backend, dir.path()).await;
    let launch = Launch::new(dir.path(), &url);
    let (ledger, mut log) = (Ledger::default(), Log::default());
    let rounds = rounds();
    for round in 1..=rounds {
        let lethe = restart(&launch).await;
        load_and_kill(lethe, &ledger).await;
        verify(&launch, &url, &ledger, &mut log).await;
        if round % 20 == 0 {
            eprintln!("{backend:?}: round {round}, {} events in the log", log.marks.len());
        }
    }
    equals_a_rebuild(&launch, &url, &log).await;
    let exported = launch.run(&["export"]);
    assert_eq!(exported.lines().count(), log.marks.len(), "an export has every event once");
    let book = ledger.open();
    println!(
        "kill -9 on {backend:?}: {rounds} rounds, {} events sent, {} acknowledged, {} in the log, {} lost, {} doubled",
        book.sent,
        book.acknowledged.len(),
        log.marks.len(),
        log.lost(&book).len(),
        log.doubled.len(),
    );
}

/// Starts the server, in some rounds after killing it in the midst of a start or two.
async fn restart(launch: &Launch) -> Lethe {
    while fastrand::bool() {
        let mut lethe = launch.spawn();
        if fastrand::bool() {
            // Followers begin to catch up as soon as it listens.
            lethe.listening().await;
            tokio::time::sleep(Duration::from_millis(fastrand::u64(..60))).await;
        } else {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(..START_MS_MAX))).await;
        }
        lethe.kill();
    }
    launch.start().await
}

async fn load_and_kill(lethe: Lethe, ledger: &Ledger) {
    let moment = Duration::from_millis(fastrand::u64(..LOAD_MS_MAX));
    let pid = lethe.pid();
    let singles = (0..SINGLES).map(|_| load::post_singles(&lethe, ledger));
    let batches = (0..BATCHES).map(|_| load::post_batches(&lethe, ledger));
    let kill = async {
        tokio::time::sleep(moment).await;
        crate::process::signal(Signal::KILL, &pid);
    };
    tokio::join!(
        futures_util::future::join_all(singles),
        futures_util::future::join_all(batches),
        load::stream_imports(&lethe, ledger),
        kill,
    );
    lethe.kill();
}

/// Starts it once more and looks at everything.
async fn verify(launch: &Launch, url: &DbUrl, ledger: &Ledger, log: &mut Log) {
    let lethe = launch.start().await;
    lethe.caught_up().await;
    let db = Db::open(url).await.expect("the database opens");
    log.read_on(&db).await;
    let lost = log.lost(&ledger.open());
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(log.doubled.is_empty(), "there twice: {:?}", log.doubled);
    db.close().await;
    check::runs_are_counted(&lethe, log).await;
    check::newest_is_known(&lethe, log).await;
    lethe.kill();
}

/// What grew through all kills is what a fold of the whole log from nothing gives.
async fn equals_a_rebuild(launch: &Launch, url: &DbUrl, log: &Log) {
    let lethe = launch.start().await;
    lethe.ask_to_stop();
    assert!(lethe.stopped(STOP_TIME_MAX).await.success());
    let grown = projections(url).await;
    launch.run(&["rebuild"]);
    let rebuilt = projections(url).await;
    if let Some(difference) = difference(&grown, &rebuilt) {
        panic!("grown and rebuilt differ: {difference}");
    }
    let lethe = launch.start().await;
    lethe.caught_up().await;
    check::newest_is_known(&lethe, log).await;
}

async fn projections(url: &DbUrl) -> BTreeMap<&'static str, Rows> {
    live(dump(url, &PROJECTIONS).await)
}
