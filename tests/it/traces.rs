//! Traces go to a collector that speaks OTLP over HTTP.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use lethe::db::DbUrl;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::process::{Launch, client};

/// How long spans may take: they are sent together every few seconds, and at the end.
const SPANS_TIME_MAX: Duration = Duration::from_secs(60);
/// A trace that a client began.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

async fn collect(
    State(seen): State<UnboundedSender<(HeaderMap, Bytes)>>,
    headers: HeaderMap,
    body: Bytes,
) {
    seen.send((headers, body)).expect("the test looks");
}

async fn collector() -> (String, UnboundedReceiver<(HeaderMap, Bytes)>) {
    let (sender, seen) = unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let router = Router::new().route("/v1/traces", post(collect)).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}"), seen)
}

fn holds(body: &[u8], text: &[u8]) -> bool {
    body.windows(text.len()).any(|window| window == text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_a_span_of_the_trace_that_its_client_began() {
    let (endpoint, mut seen) = collector().await;
    let dir = tempfile::tempdir().expect("a folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    let lethe = launch.with_env("LETHE_OTLP_ENDPOINT", &endpoint).start().await;
    let asked = client()
        .get(lethe.url("/api/v1/search?q=secret"))
        .header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"))
        .send()
        .await
        .expect("an answer");
    assert!(asked.status().is_success());
    let trace: Vec<u8> = (0..16)
        .map(|place| u8::from_str_radix(&TRACE[2 * place..2 * place + 2], 16).expect("hex"))
        .collect();
    let found = tokio::time::timeout(SPANS_TIME_MAX, async {
        loop {
            let (headers, body) = seen.recv().await.expect("a delivery");
            assert_eq!(headers["content-type"], "application/x-protobuf");
            assert!(!holds(&body, b"secret"), "what people search for is in no span");
            if holds(&body, &trace) {
                return body;
            }
        }
    });
    let body = found.await.expect("the span is delivered");
    for text in ["lethe", "request", "/api/v1/search"] {
        assert!(holds(&body, text.as_bytes()), "{text}");
    }
}
