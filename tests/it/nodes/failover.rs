//! A primary is lost together with what it had not yet told its standby, and the standby takes its place
//! behind the same address, while nodes run: again and again, with nothing, moments and seconds
//! of lag. Nodes and database are of one history each time. Of a standby that is waited for nothing
//! that was acknowledged may be missing.
//!
//! `LETHE_FAILOVER_ROUNDS` sets the number of rounds.

use std::time::{Duration, Instant};

use lethe::db::{Db, DbUrl};
use tempfile::TempDir;

use crate::kill::check::Log;
use crate::kill::several::{Nodes, ROOT_KEY, settled};
use crate::process::{Launch, Lethe};
use crate::world::dump::{PROJECTIONS, difference, dump, live};
use crate::world::{Closely, OwnServer, Told, Way, told, told_otherwise};

/// Rounds where nothing else is asked for.
const ROUNDS: u32 = 1;
/// Milliseconds that the standby is behind, in turn; nothing stands for any of up to a second.
const LAGS_MS: [Option<u64>; 4] = [Some(3_000), Some(30), Some(0), None];
/// How far a standby is away that is waited for.
const WAITED_FOR: Duration = Duration::from_millis(20);
/// Milliseconds of load before the primary is lost at most, and after.
const BEFORE_MS_MAX: u64 = 1_500;
const AFTER_MS_MAX: u64 = 500;
/// How soon a standby must have begun to follow.
const FOLLOWS_TIME_MAX: Duration = Duration::from_secs(30);
/// How soon an alarm is raised that must be.
const ALARM_TIME_MAX: Duration = Duration::from_secs(60);
/// How soon nodes must agree: what only shifts ranking is taken in once nothing happens.
const AGREED_TIME_MAX: Duration = Duration::from_secs(60);
/// Datasets that are looked at closely.
const LOOKED_AT: usize = 5;

#[expect(clippy::disallowed_methods, reason = "the knob of `make test-kill`")]
fn rounds() -> u32 {
    let asked =
        std::env::var_os("LETHE_FAILOVER_ROUNDS").and_then(|text| text.to_str()?.parse().ok());
    asked.unwrap_or(ROUNDS)
}

/// What a node knew before its primary was lost.
struct Before {
    /// Where the first of its followers stood in the history.
    position: u64,
    /// How often it had counted another history.
    changed: u64,
    /// How often it had said so.
    said: usize,
    /// Records of the audit log under the last head that it signed.
    signed: u64,
}

/// What became of all rounds.
#[derive(Default)]
struct Figures {
    lost: usize,
    rounds_with_loss: u32,
    changed: u64,
    alarms: u64,
    answers: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_follow_a_standby_that_was_behind_as_if_nothing_else_had_been() {
    let mut primary = OwnServer::start();
    let (way, url) = Way::to(&primary.url()).await;
    let nodes = Nodes::new(&[&url, &url]);
    let running = [nodes.start(0).await, nodes.start(1).await];
    let mut figures = Figures::default();
    let rounds = rounds();
    for round in 0..rounds {
        let from = nodes.ledger.open().sent + 1;
        let (replication, _) = Way::to(&primary.url()).await;
        let standby = tokio::task::block_in_place(|| OwnServer::standby_of(replication.port()));
        follows(&primary).await;
        let lag = LAGS_MS[round as usize % LAGS_MS.len()].unwrap_or_else(|| fastrand::u64(..1_000));
        replication.delay(Duration::from_millis(lag));
        let lose = Lose { primary, standby: &standby, replication, way: &way };
        let (before, (lost, reached)) = lose.under_load(&nodes, &running).await;
        nodes.send_all_again(from).await;
        settled(&[&running[0], &running[1]]).await;
        for (node, before) in running.iter().zip(&before) {
            figures.changed += told_of(node, before, &reached).await;
        }
        if before.iter().any(|before| before.signed > reached.records) {
            alarm_is_raised(&running).await;
        }
        figures.lost += lost;
        figures.rounds_with_loss += u32::from(lost > 0);
        nodes.whole_log(&standby.url()).await;
        figures.answers = as_rebuilt(&nodes, &running, &standby.url()).await;
        primary = standby;
        if (round + 1) % 10 == 0 {
            eprintln!("failover {}: {} acknowledged events lost so far", round + 1, figures.lost);
        }
    }
    for node in &running {
        figures.alarms += metric(node, "lethe_audit_alarm ").await;
    }
    println!(
        "asynchronous failovers: {rounds} rounds, {} lost acknowledged events, {} in all, of {}; \
         nodes met another history {} times; {} of 2 alarms; {} answers of each node compared each time",
        figures.rounds_with_loss,
        figures.lost,
        nodes.ledger.open().sent,
        figures.changed,
        figures.alarms,
        figures.answers,
    );
    running.into_iter().for_each(Lethe::kill);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_is_waited_for_has_all_that_was_acknowledged() {
    let primary = OwnServer::start();
    let (way, url) = Way::to(&primary.url()).await;
    let nodes = Nodes::new(&[&url, &url]);
    let running = [nodes.start(0).await, nodes.start(1).await];
    let (replication, _) = Way::to(&primary.url()).await;
    let standby = tokio::task::block_in_place(|| OwnServer::standby_of(replication.port()));
    follows(&primary).await;
    primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.run("SELECT pg_reload_conf()");
    until_one(&primary, "SELECT COUNT(*)::text FROM pg_stat_replication WHERE sync_state = 'sync'")
        .await;
    replication.delay(WAITED_FOR);
    let lose = Lose { primary, standby: &standby, replication, way: &way };
    let (_, (lost, _)) = lose.under_load(&nodes, &running).await;
    assert_eq!(lost, 0, "acknowledged events are not with the standby");
    let acknowledged = nodes.ledger.open().acknowledged.len();
    assert!(acknowledged > 0, "somebody wrote before the primary was lost");
    nodes.send_all_again(1).await;
    settled(&[&running[0], &running[1]]).await;
    for node in &running {
        // What is not with the standby yet is seen by nobody.
        assert_eq!(histories(node), 0, "{}", node.log());
        assert_eq!(metric(node, "lethe_audit_alarm ").await, 0);
    }
    nodes.whole_log(&standby.url()).await;
    as_rebuilt(&nodes, &running, &standby.url()).await;
    println!("a synchronous failover: {acknowledged} acknowledged events, none lost");
    running.into_iter().for_each(Lethe::kill);
}

/// A primary that is lost, and the standby that takes its place.
struct Lose<'a> {
    primary: OwnServer,
    standby: &'a OwnServer,
    replication: Way,
    way: &'a Way,
}

impl Lose<'_> {
    /// Does it while everybody writes. Returns what the nodes knew before, and what is lost.
    async fn under_load(
        self,
        nodes: &Nodes,
        running: &[Lethe; 2],
    ) -> ([Before; 2], (usize, Reached)) {
        let failover = async {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(100..BEFORE_MS_MAX))).await;
            let before = [known(&running[0]).await, known(&running[1]).await];
            // What is on its way is lost with the primary.
            self.replication.lose();
            tokio::task::block_in_place(|| self.primary.kill());
            tokio::task::block_in_place(|| self.standby.promote());
            let lost = lost(nodes, &self.standby.url()).await;
            self.way.lead_to(&self.standby.url());
            tokio::time::sleep(Duration::from_millis(fastrand::u64(..AFTER_MS_MAX))).await;
            nodes.end();
            (before, lost)
        };
        nodes.begin();
        let load =
            async { tokio::join!(nodes.produce(), nodes.produce(), nodes.edit(), nodes.edit()) };
        tokio::join!(failover, load).0
    }
}

/// Waits until somebody follows a server.
async fn follows(primary: &OwnServer) {
    until_one(primary, "SELECT COUNT(*)::text FROM pg_stat_replication WHERE state = 'streaming'")
        .await;
}

async fn until_one(primary: &OwnServer, question: &'static str) {
    let until = Instant::now() + FOLLOWS_TIME_MAX;
    while crate::world::dump::ask(&primary.url(), question).await != "1" {
        assert!(Instant::now() < until, "nobody follows");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Reads a counter or gauge of a node; nothing was counted where it is not there.
async fn metric(node: &Lethe, name: &str) -> u64 {
    let text = node.get("/metrics").await.text;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.map_or(0, |value| value.trim().parse().expect("a number"))
}

async fn known(node: &Lethe) -> Before {
    let state = node.get("/readyz").await.json();
    let followers = state["followers"].as_array().into_iter().flatten();
    let position = followers.filter_map(|one| one["position"].as_u64()).max();
    let position = position.expect("followers");
    let changed = metric(node, "lethe_history_changed_total ").await;
    let head = node.get("/api/v1/audit/checkpoint").await;
    let size = head.text.lines().nth(1).filter(|_| head.status == 200);
    let said = histories(node);
    Before { position, changed, said, signed: size.map_or(0, |size| size.parse().expect("a size")) }
}

/// How far a new primary came: the last commit, and the records of the audit log.
struct Reached {
    position: u64,
    records: u64,
}

/// Counts what was acknowledged and is not with the new primary, and looks how far that came.
async fn lost(nodes: &Nodes, url: &DbUrl) -> (usize, Reached) {
    let db = Db::open(url).await.expect("the database opens");
    let mut log = Log::default();
    log.read_on(&db).await;
    let position = db.head().await.expect("a head").reached().number;
    let records = crate::world::dump::ask(url, "SELECT COUNT(*)::text FROM audit_record").await;
    db.close().await;
    let lost = log.lost(&nodes.ledger.open()).len();
    (lost, Reached { position, records: records.parse().expect("a number") })
}

/// Demands that a node which had seen what is lost says so, and returns how often it has counted another
/// history since.
async fn told_of(node: &Lethe, before: &Before, reached: &Reached) -> u64 {
    let said = histories(node);
    if before.position > reached.position {
        assert!(said > before.said, "it saw {} of {}", before.position, reached.position);
    }
    metric(node, "lethe_history_changed_total ").await - before.changed
}

/// Returns how often a node has said that the history is another one.
fn histories(node: &Lethe) -> usize {
    node.log().matches("the database's history is another one").count()
}

/// Demands that somebody raises the alarm where signed records are lost.
async fn alarm_is_raised(nodes: &[Lethe; 2]) {
    let until = Instant::now() + ALARM_TIME_MAX;
    loop {
        for node in nodes {
            if metric(node, "lethe_audit_alarm ").await == 1 {
                return;
            }
        }
        assert!(Instant::now() < until, "signed records are lost, and nobody says so");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn ask(node: &Lethe, closely: &Closely) -> Told {
    told(async |path| node.get(&path).await, closely, &[]).await
}

/// Waits until nodes say of everything what is expected, or else the same.
async fn agree(nodes: &[&Lethe], closely: &Closely, expected: Option<&Told>) -> Told {
    let until = Instant::now() + AGREED_TIME_MAX;
    loop {
        let mut otherwise = None;
        let first = ask(nodes[0], closely).await;
        let expected = expected.unwrap_or(&first);
        for (number, node) in nodes.iter().enumerate() {
            let said = if number == 0 { first.clone() } else { ask(node, closely).await };
            otherwise = otherwise.or(told_otherwise(expected, &said));
        }
        let Some(otherwise) = otherwise else { return first };
        assert!(Instant::now() < until, "{otherwise}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Demands that the nodes say what one says that begins with nothing, and all of them what they say when
/// everything was folded anew. Returns how many answers were compared.
async fn as_rebuilt(nodes: &Nodes, running: &[Lethe; 2], url: &DbUrl) -> usize {
    let closely = nodes.closely(LOOKED_AT);
    let all = [&running[0], &running[1]];
    let dir = TempDir::new().expect("a temporary folder");
    let launch = Launch::new(dir.path(), url).with_env("LETHE_ROOT_KEY", ROOT_KEY);
    let fresh = launch.start().await;
    settled(&[all[0], all[1], &fresh]).await;
    let grown = agree(&[&fresh, all[0], all[1]], &closely, None).await;
    fresh.kill();
    let before = live(dump(url, &PROJECTIONS).await);
    launch.run(&["rebuild"]);
    if let Some(difference) = difference(&before, &live(dump(url, &PROJECTIONS).await)) {
        panic!("grown and rebuilt differ: {difference}");
    }
    settled(&all).await;
    agree(&all, &closely, Some(&grown)).await.len()
}
