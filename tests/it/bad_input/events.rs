//! Hostile events, alone and among good ones: refused with the place of the fault, and the
//! good ones beside them kept.

use serde_json::{Value, json};

use super::{ask, good_event, still_well, world};
use crate::world::{Backend, World};

/// A hostile event, and the codes of its refusal; or none if it is accepted.
type Case = (&'static str, Vec<u8>, Option<(u16, &'static str)>);

const INVALID: Option<(u16, &str)> = Some((422, "invalid-event"));
const MALFORMED: Option<(u16, &str)> = Some((400, "malformed-json"));

fn with(pointer: &str, value: Value) -> Vec<u8> {
    let mut event = good_event(5);
    match pointer.rsplit_once('/') {
        Some((parent, key)) => event.pointer_mut(parent).unwrap()[key] = value,
        None => event = value,
    }
    event.to_string().into_bytes()
}

fn with_facet(columns: &Value) -> Vec<u8> {
    let facet = json!({"_producer": "https://x", "_schemaURL": "https://x", "fields": columns});
    with("/outputs/0/facets", json!({"schema": facet}))
}

/// Replaces a text in the good event, to write what a JSON library would not.
fn rewritten(from: &str, to: &str) -> Vec<u8> {
    let text = good_event(6).to_string();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!([]), |inner, _| json!([inner]))
}

fn cases() -> Vec<Case> {
    let columns = |count: usize| Value::from(vec![json!({"name": "a"}); count]);
    let nested_columns =
        (0..100).fold(json!([]), |inner, _| json!([{"name": "a", "fields": inner}]));
    let many: Vec<Value> =
        (0..20_000).map(|i| json!({"namespace": "n", "name": i.to_string()})).collect();
    let mut invalid_utf8 = with("/job/name", json!("@@"));
    let at = invalid_utf8.windows(2).position(|pair| pair == b"@@").unwrap();
    invalid_utf8[at] = 0xff;
    let time = "2026-11-20T10:06:00Z";
    vec![
        (
            "a 20 MB facet",
            with("/run/facets", json!({"big": {"text": "x".repeat(20 << 20)}})),
            Some((413, "body-too-large")),
        ),
        ("a million columns", with_facet(&columns(1_000_000)), INVALID),
        ("columns nested too deep", with_facet(&nested_columns), INVALID),
        ("20,000 inputs", with("/inputs", Value::from(many)), INVALID),
        (
            "100,000 levels",
            rewritten(
                "\"inputs\":[",
                &format!("\"x\":{}{},\"inputs\":[", "[".repeat(100_000), "]".repeat(100_000)),
            ),
            INVALID,
        ),
        ("200 levels", with("/run/facets", json!({"x": nested(200)})), INVALID),
        (
            "a key twice",
            rewritten("\"eventType\":", "\"eventType\":\"START\",\"eventType\":"),
            INVALID,
        ),
        (
            "a job twice",
            rewritten("\"job\":", "\"job\":{\"namespace\":\"a\",\"name\":\"b\"},\"job\":"),
            INVALID,
        ),
        ("invalid UTF-8", invalid_utf8, MALFORMED),
        ("cut off", good_event(5).to_string().into_bytes()[..200].to_vec(), MALFORMED),
        (
            "followed by more",
            [good_event(5).to_string(), "{}".into()].concat().into_bytes(),
            MALFORMED,
        ),
        ("a number out of range of a double", with_raw_facet("1e999999"), None),
        ("a long number", with_raw_facet(&"9".repeat(5_000)), None),
        ("a tiny number", with_raw_facet("1e-999999"), None),
        ("half a surrogate pair", rewritten("orders.daily", "orders\\ud83d"), None),
        ("year 1", rewritten(time, "0001-01-01T00:00:00Z"), None),
        ("year 9998", rewritten(time, "9998-12-31T23:59:59Z"), None),
        ("year 9999", rewritten(time, "9999-12-31T23:59:59Z"), INVALID),
        ("year 10000", rewritten(time, "10000-01-01T00:00:00Z"), INVALID),
        ("year -1", rewritten(time, "-0001-01-01T00:00:00Z"), INVALID),
        ("30 February", rewritten(time, "2026-02-30T00:00:00Z"), INVALID),
        ("no time", rewritten(time, "noon"), INVALID),
        ("a number for a time", with("/eventTime", json!(1_700_000_000)), INVALID),
        ("a run id of 100,000 characters", with("/run/runId", json!("r".repeat(100_000))), INVALID),
        ("an array for an event", with("", json!([])), INVALID),
        ("a text for an event", with("", json!("START")), INVALID),
        ("null for an event", with("", json!(null)), INVALID),
        ("an empty object", with("", json!({})), INVALID),
        ("inputs that are an object", with("/inputs", json!({})), INVALID),
        ("a facet that is a text", with("/run/facets", json!({"parent": "x"})), INVALID),
        ("facets that are a list", with("/run/facets", json!([])), INVALID),
        ("an unknown event type", with("/eventType", json!("BEGIN")), INVALID),
    ]
}

fn with_raw_facet(number: &str) -> Vec<u8> {
    rewritten("\"runId\"", &format!("\"facets\":{{\"x\":{{\"n\":{number}}}}},\"runId\""))
}

/// An event with so many bytes of text.
fn with_text(bytes: usize) -> String {
    String::from_utf8(with("/run/facets", json!({"x": {"text": "x".repeat(bytes)}}))).unwrap()
}

async fn head(world: &World) -> i64 {
    world.app.db().head().await.unwrap().seq
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_events_are_refused_with_the_place_of_the_fault_and_leave_nothing() {
    for backend in Backend::ALL {
        let world = world(backend).await;
        for (what, event, refusal) in cases() {
            let before = head(&world).await;
            let answer = ask(&world, "POST", "/api/v1/lineage", event).await;
            match refusal {
                None => assert_eq!(answer.status, 201, "{what}: {}", answer.text),
                Some((status, code)) => {
                    assert_eq!(answer.status, status, "{what}: {}", super::cut(&answer.text));
                    answer.problem(status, code);
                    assert!(answer.text.len() < 20_000, "{what}: {} bytes", answer.text.len());
                    assert_eq!(head(&world).await, before, "{what} left something");
                }
            }
        }
        what_was_accepted_can_be_read(&world).await;
        still_well(&world).await;
        world.app.stop().await;
    }
}

async fn what_was_accepted_can_be_read(world: &World) {
    let run = super::RUN;
    let job = lethe::base::JobId::of("etl", "orders.daily").0;
    for path in [
        "/api/v1/events".to_owned(),
        "/api/v1/events?order=asc&from=0001-01-01T00:00:00Z&to=9998-12-31T23:59:59.999999Z"
            .to_owned(),
        "/api/v1/events/lineage?limit=1000&after=0001-01-01T00:00:00Z&before=9998-12-31T23:59:59Z"
            .to_owned(),
        format!("/api/v1/runs/{run}"),
        format!("/api/v1/jobs/{job}/runs"),
        format!("/api/v1/jobs/runs/{run}"),
        format!("/api/v1/jobs/runs/{run}/facets?type=run"),
        "/api/v1/namespaces/etl/jobs/orders%2Edaily/runs".to_owned(),
        format!("/api/v1/runlineage/upstream?runId={run}"),
    ] {
        // Numbers come back as they came, even those that no double can hold.
        let answer = ask(world, "GET", &path, "").await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_events_in_a_batch_and_an_import_do_not_spoil_the_good_ones() {
    for backend in Backend::ALL {
        let world = world(backend).await;
        let mut batch = Vec::new();
        let mut lines = Vec::new();
        let (mut good, mut bad, mut torn) = (0, 0, 0);
        for (place, (what, event, refusal)) in (0_u32..).zip(cases()) {
            let sound = refusal != MALFORMED && event.len() < 1 << 20;
            if sound {
                batch.push(event.clone());
            }
            batch.push(good_event(10 + place % 40).to_string().into_bytes());
            let keeps = refusal.is_none();
            (good, bad) = (good + usize::from(sound && keeps), bad + usize::from(sound && !keeps));
            torn += usize::from(!sound && !keeps);
            assert!(!event.contains(&b'\n'), "{what} is one line");
            lines.push(event);
            lines.push(good_event(10 + place % 40).to_string().into_bytes());
        }
        let body = [b"[".to_vec(), batch.join(&b","[..]), b"]".to_vec()].concat();
        let result = ask(&world, "POST", "/api/v1/lineage/batch", body).await.ok(200);
        assert_eq!(result["summary"]["failed"], bad, "{result}");
        assert_eq!(result["summary"]["successful"], batch.len() - bad);
        let after_batch = head(&world).await;
        let huge = format!("[{},{}]", good_event(10), with_text(40 << 20));
        let result = ask(&world, "POST", "/api/v1/lineage/batch", huge).await.ok(200);
        assert_eq!(result["summary"]["failed"], 1, "{result}");
        let result =
            ask(&world, "POST", "/api/v1/events/import", lines.join(&b"\n"[..])).await.ok(200);
        assert_eq!(result["refused"], bad + torn, "{result}");
        assert_eq!(result["received"], lines.len());
        assert_eq!(head(&world).await, after_batch, "{good}: all good ones were known");
        dead_letters_can_be_read(&world, bad + torn + 1).await;
        still_well(&world).await;
        world.app.stop().await;
    }
}

async fn dead_letters_can_be_read(world: &World, count: usize) {
    let letters = ask(world, "GET", "/api/v1/dead-letters?limit=1000", "").await.ok(200);
    let letters = letters["items"].as_array().unwrap();
    assert_eq!(letters.len(), count);
    for letter in letters {
        let path = format!("/api/v1/dead-letters/{}", letter["id"].as_str().unwrap());
        let whole = ask(world, "GET", &path, "").await.ok(200);
        assert!(whole["faults"].as_array().is_some_and(|faults| !faults.is_empty()), "{letter}");
        let again = ask(world, "POST", &format!("{path}/replay"), "").await;
        assert!((400..=422).contains(&again.status), "{}: {letter}", again.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_datasets_are_refused_and_nothing_of_the_request_is_kept() {
    for backend in Backend::ALL {
        let world = world(backend).await;
        let before = head(&world).await;
        let good = json!({"namespace": "crawled", "name": "good"});
        let fields = |fields: Value| json!({"namespace": "n", "name": "d", "fields": fields});
        let deep = (0..60).fold(json!([]), |inner, _| json!([{"name": "a", "fields": inner}]));
        for (what, bad) in [
            ("a million columns", fields(Value::from(vec![json!({"name": "a"}); 1_000_000]))),
            ("deep columns", fields(deep)),
            ("a column without a name", fields(json!([{}]))),
            ("an empty column name", fields(json!([{"name": ""}]))),
            ("a number for a name", json!({"namespace": "n", "name": 7})),
            ("no name", json!({"namespace": "n"})),
            ("an unknown member", json!({"namespace": "n", "name": "d", "colour": "red"})),
            ("an empty tag", json!({"namespace": "n", "name": "d", "tags": [""]})),
            ("tags that are no list", json!({"namespace": "n", "name": "d", "tags": "x"})),
            ("owners without a name", json!({"namespace": "n", "name": "d", "owners": [{}]})),
        ] {
            let body = json!({"datasets": [good, bad]}).to_string();
            let answer = ask(&world, "PUT", "/api/v1/datasets", body).await;
            assert_eq!(answer.status / 100, 4, "{what}: {} {}", answer.status, answer.text);
            assert!(answer.text.len() < 20_000, "{what}");
            assert_eq!(head(&world).await, before, "{what} left something");
        }
        for bytes in [7 << 20, 9 << 20, (64 << 20) - 200] {
            let long = json!({"namespace": "n", "name": "long", "description": "x".repeat(bytes)});
            let body = json!({"datasets": [long]}).to_string();
            let answer = ask(&world, "PUT", "/api/v1/datasets", body).await;
            assert_eq!(
                answer.status,
                if bytes > 8 << 20 { 400 } else { 204 },
                "{bytes}: {}",
                answer.text
            );
        }
        let odd = json!({
            "namespace": "n", "name": "odd", "description": "\0 NUL and \u{1}", "source": "s\0",
            "properties": {"k\0": "v\0"}, "owners": [{"name": "o\0", "type": "\0"}], "tags": ["💥"],
        });
        let answer =
            ask(&world, "PUT", "/api/v1/datasets", json!({"datasets": [odd]}).to_string()).await;
        answer.problem(400, "bad-input");
        let list = ask(&world, "GET", "/api/v1/datasets?namespace=n", "").await.ok(200);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        still_well(&world).await;
        world.app.stop().await;
    }
}
