//! Many who ask for what they may not, while one deletes: readers notice nothing of either.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use lethe::base::DatasetId;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Launch, answer, client};
use crate::world::{Answer, Backend, TOKEN, fresh_url};

/// Clients that are denied what they ask for, again and again.
const DENIED: usize = 24;
/// Clients that read meanwhile.
const READERS: usize = 2;
/// Datasets that one deletes for good, one after the other, at most.
const DELETED: usize = 2_000;
/// Datasets of these that are deleted while nobody else asks for anything.
const ALONE: usize = 10;
/// For how long.
const LASTS: Duration = Duration::from_secs(4);
/// What 99 of 100 reads may take at most in a debug build on a busy machine. It was 13 reads in 25 s;
/// of a release build 50 ms are asked.
const READ_TIME_MAX: Duration = Duration::from_secs(2);

/// Asks a node for something by somebody's token.
struct Caller {
    base: String,
    token: String,
    client: reqwest::Client,
}

impl Caller {
    async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, format!("{}/api/v1/{path}", self.base));
        let request = request.bearer_auth(&self.token).header("content-type", "application/json");
        answer(request.body(body.to_string())).await.expect("it answers")
    }
}

fn path_of(number: usize) -> String {
    format!("datasets/{}", DatasetId::of("open", &format!("table_{number}")).0)
}

fn percentile(times: &mut [Duration], share: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * share / 100).min(times.len() - 1)]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_denied_and_who_deletes_keep_nobody_from_reading() {
    let dir = TempDir::new().expect("a temporary folder");
    let url = fresh_url(Backend::Postgres, dir.path()).await;
    let launch = Launch::new(dir.path(), &url).with_env("LETHE_ADMIN_TOKEN", TOKEN);
    let lethe = launch.start().await;
    let caller =
        |token: &str| Caller { base: lethe.url(""), token: token.to_owned(), client: client() };
    let admin = caller(TOKEN);
    let datasets: Vec<Value> = (0..DELETED)
        .map(|number| json!({"namespace": "open", "name": format!("table_{number}")}))
        .collect();
    for datasets in datasets.chunks(500) {
        admin.call("PUT", "datasets", &json!({"datasets": datasets})).await.ok(204);
    }
    admin.call("PUT", "users/vera", &json!({"roles": [{"role": "viewer"}]})).await.ok(200);
    let token = admin.call("POST", "users/vera/tokens", &json!({"name": "one"})).await.ok(201);
    let viewer = caller(token["token"].as_str().expect("a token"));
    lethe.caught_up().await;
    let begun = Instant::now();
    for number in DELETED - READERS - ALONE..DELETED - READERS {
        admin.call("DELETE", &format!("{}?hard=true", path_of(number)), &Value::Null).await.ok(204);
    }
    let alone = begun.elapsed() / u32::try_from(ALONE).expect("few");
    let is_over = AtomicBool::new(false);
    let goes_on = || !is_over.load(Ordering::Acquire);
    let denied = join_all((0..DENIED).map(|number| {
        let (viewer, goes_on) = (&viewer, &goes_on);
        async move {
            let mut count = 0;
            while goes_on() {
                let answer = viewer.call("DELETE", &path_of(number), &Value::Null).await;
                assert_eq!(answer.status, 403, "{}", answer.text);
                count += 1;
            }
            count
        }
    }));
    let reads = join_all((0..READERS).map(|number| {
        let (viewer, goes_on) = (&viewer, &goes_on);
        async move {
            let mut times = Vec::new();
            // From the end, which nobody comes to.
            let paths = [path_of(DELETED - 1 - number), "catalog/search?q=table".to_owned()];
            while goes_on() {
                for path in &paths {
                    let begun = Instant::now();
                    viewer.call("GET", path, &Value::Null).await.ok(200);
                    times.push(begun.elapsed());
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            times
        }
    }));
    let deletes = async {
        let mut number = 0;
        while goes_on() && number < DELETED - READERS - ALONE {
            let path = format!("{}?hard=true", path_of(number));
            admin.call("DELETE", &path, &Value::Null).await.ok(204);
            number += 1;
        }
        number
    };
    let clock = async {
        tokio::time::sleep(LASTS).await;
        is_over.store(true, Ordering::Release);
    };
    let (denied, reads, deleted, ()) = tokio::join!(denied, reads, deletes, clock);
    let (denied, mut times) = (denied.iter().sum::<usize>(), reads.concat());
    let [p50, p99] = [50, 99].map(|share| percentile(&mut times, share));
    println!(
        "{denied} denials, {deleted} deleted (alone {alone:?} each), {} reads: p50 {p50:?}, p99 {p99:?}, no 503",
        times.len()
    );
    assert!(denied > DENIED && deleted > 0 && times.len() > 20, "nothing was tried");
    assert!(p99 <= READ_TIME_MAX, "{p99:?}");
    lethe.kill();
}
