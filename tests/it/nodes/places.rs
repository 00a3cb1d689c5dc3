//! Where the database is: behind a pooler that is started again, or on one of several hosts.

use std::time::{Duration, Instant};

use lethe::db::DbUrl;
use tempfile::TempDir;

use crate::kill::check::newest_is_known;
use crate::kill::several::{Nodes, settled};
use crate::process::{Launch, Lethe};
use crate::world::{OwnServer, Pooler, Pooling, Way};

/// Milliseconds of load before and after a pooler is started again.
const LOAD_MS: u64 = 700;
/// How soon a node must have found another server.
const FOUND_TIME_MAX: Duration = Duration::from_secs(60);

/// Sends events and edits through a pooler that is started again meanwhile, and demands that all of them
/// are there and found.
async fn through_a_pooler(pooling: Pooling) {
    let server = OwnServer::start();
    let mut pooler = Pooler::start(pooling, &server.url());
    let url = match pooling {
        Pooling::Session => pooler.url(""),
        Pooling::Transaction => {
            let dir = TempDir::new().expect("a temporary folder");
            let url = pooler.url("&pooler=transaction");
            let refused = Launch::new(dir.path(), &url).spawn();
            let log = refused.log_to_the_end(FOUND_TIME_MAX).await;
            assert!(log.contains("run `lethe migrate` with a URL"), "{log}");
            Launch::new(dir.path(), &server.url()).run(&["migrate"]);
            url
        }
    };
    let nodes = Nodes::new(&[&url, &url]);
    let running = [nodes.start(0).await, nodes.start(1).await];
    let story = async {
        tokio::time::sleep(Duration::from_millis(LOAD_MS)).await;
        tokio::task::block_in_place(|| pooler.restart());
        tokio::time::sleep(Duration::from_millis(LOAD_MS)).await;
        nodes.end();
    };
    tokio::join!(nodes.produce(), nodes.produce(), nodes.produce(), nodes.edit(), story);
    nodes.send_all_again(1).await;
    settled(&[&running[0], &running[1]]).await;
    let log = nodes.whole_log(&server.url()).await;
    assert!(!nodes.edits().is_empty(), "nobody edited");
    for node in &running {
        newest_is_known(node, &log).await;
        // Two clients' statements of one name would be told here.
        assert!(!node.log().contains("prepared statement"), "{}", node.log());
    }
    running.into_iter().for_each(Lethe::kill);
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_work_through_a_pooler_by_sessions_that_is_started_again() {
    through_a_pooler(Pooling::Session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_work_through_a_pooler_by_transactions_that_is_started_again() {
    through_a_pooler(Pooling::Transaction).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_hosts_the_one_is_taken_that_can_be_written() {
    let server = OwnServer::start();
    let (first, _) = Way::to(&server.url()).await;
    let standby = tokio::task::block_in_place(|| OwnServer::standby_of(first.port()));
    // Nobody listens at the first host, the second is a standby, the third the primary.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let (second, _) = Way::to(&standby.url()).await;
    let ports = [nobody.expect("a port").port(), second.port(), first.port()];
    let hosts = ports.map(|port| format!("127.0.0.1:{port}")).join(",");
    let url = |more: &str| {
        DbUrl::Postgres(format!("postgres://lethe@{hosts}/postgres?sslmode=disable{more}"))
    };
    // Also where it is not said, a standby is none to work on.
    let urls = [url("&target_session_attrs=read-write"), url("")];
    let nodes = Nodes::new(&[&urls[0], &urls[1]]);
    let running = [nodes.start(0).await, nodes.start(1).await];
    let story = async {
        tokio::time::sleep(Duration::from_millis(LOAD_MS)).await;
        tokio::task::block_in_place(|| {
            server.kill();
            standby.promote();
        });
        tokio::time::sleep(Duration::from_millis(LOAD_MS)).await;
        nodes.end();
    };
    tokio::join!(nodes.produce(), nodes.produce(), nodes.edit(), story);
    // What the standby had not heard of is sent again, as after any failover.
    nodes.send_all_again(1).await;
    settled(&[&running[0], &running[1]]).await;
    let log = nodes.whole_log(&standby.url()).await;
    for node in &running {
        newest_is_known(node, &log).await;
        ready(node).await;
    }
    running.into_iter().for_each(Lethe::kill);
}

async fn ready(node: &Lethe) {
    let until = Instant::now() + FOUND_TIME_MAX;
    loop {
        let answer = node.get("/readyz").await;
        if answer.status == 200 {
            return;
        }
        assert!(Instant::now() < until, "{}\n{}", answer.text, node.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
