//! Hostile values of every query parameter of every route that reads.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Operation, ask, encode, operations, still_well, world};
use crate::world::Backend;

fn hostile_values() -> Vec<String> {
    let cursor = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let mut values: Vec<String> = [
        "",
        " ",
        "-1",
        "0",
        "1.5",
        "1e9",
        "NaN",
        "99999999999999999999999999",
        "-9223372036854775809",
        "abc",
        "null",
        "[]",
        "{}",
        "true",
        "\0",
        "a\0b",
        "💥",
        "\n",
        "'; DROP TABLE event;--",
        "%",
        "*",
        "..",
        ":",
        "::::",
        "dataset:",
        "dataset::",
        "dataset:a",
        "job:a:b#",
        "datasetField:a:b",
        "a AND (",
        "\"",
        "tag:",
        "-",
        "-\"",
        "updated:>",
        "ns:\"",
        "sort",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-13-45T99:99:99Z",
        "+262143-12-31",
        "00000000-0000-0000-0000-000000000000",
        "!!!!",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("a".repeat(10_000));
    values.push(":".repeat(5_000));
    values.push("a b ".repeat(300));
    values.push("(".repeat(1_000));
    values.push(cursor("{}"));
    values.push(cursor("not json"));
    values.push(cursor(
        r#"{"n":-9223372036854775808,"t":"\u0000","i":"ffffffff-ffff-ffff-ffff-ffffffffffff"}"#,
    ));
    values.push(cursor(
        r#"{"n":9223372036854775807,"t":"'","i":"00000000-0000-0000-0000-000000000000"}"#,
    ));
    values
}

/// Fills a path's own parameters with something that may be there.
fn filled(operation: &Operation) -> String {
    let run = operation.path.contains("/runs/");
    let id = if run { super::RUN.to_owned() } else { super::example("", "id") };
    let path = operation.path.replace("{id}", &id).replace("{version}", &id);
    let path = path.replace("{namespace}", &encode(super::NAMESPACE));
    let path = path.replace("{dataset}", &encode(super::NAME)).replace("{job}", "orders%2Edaily");
    path.replace("{source}", "default").replace("{tag}", "PII").replace("{field}", "id")
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_query_parameters_get_clear_answers() {
    for backend in Backend::ALL {
        let world = world(backend).await;
        let mut asked = 0;
        for operation in operations().iter().filter(|one| one.method == "GET") {
            let path = filled(operation);
            for hostile in 0..operation.query.len() {
                for value in hostile_values() {
                    let query =
                        operation.query.iter().enumerate().map(|(place, (name, example))| {
                            let value = if place == hostile { &value } else { example };
                            (place == hostile || !value.is_empty())
                                .then(|| format!("{name}={}", encode(value)))
                        });
                    let query: Vec<String> = query.flatten().collect();
                    ask(&world, "GET", &format!("{path}?{}", query.join("&")), "").await;
                    asked += 1;
                }
            }
            for query in
                ["%ff=%fe", "limit=%ff", "=&=&&&", "limit=1&limit=2", "%00=%00", "wait_for=-1"]
            {
                ask(&world, "GET", &format!("{path}?{query}"), "").await;
            }
        }
        assert!(asked > 4_000, "{asked}");
        still_well(&world).await;
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn position_that_was_never_given_out_is_not_waited_for() {
    for backend in Backend::ALL {
        let world = world(backend).await;
        for position in
            ["2", "18446744073709551615", "99999999999999999999", "one", "", "1-", "1-x"]
        {
            let path = format!("/api/v1/datasets?namespace=etl&wait_for={position}");
            ask(&world, "GET", &path, "").await.problem(400, "bad-input");
        }
        let answer = ask(&world, "GET", "/api/v1/datasets?namespace=etl&wait_for=1", "").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        for mark in ["1-0000000000000001", "2-0000000000000001"] {
            let path = format!("/api/v1/datasets?namespace=etl&wait_for={mark}");
            ask(&world, "GET", &path, "").await.problem(409, "other-history");
        }
        world.app.stop().await;
    }
}
