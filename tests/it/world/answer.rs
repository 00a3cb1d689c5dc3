//! An answer, read to its end.

use std::time::Duration;

use axum::body::to_bytes;
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::StreamExt;

/// How long a stream may be silent after what it says first.
const FIRST: Duration = Duration::from_millis(300);
/// Parts of a stream that are read.
const FRAMES_MAX: usize = 50;

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body.
    pub bytes: axum::body::Bytes,
}

impl Answer {
    pub(super) async fn read(response: Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("the body ends");
        Self { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// Reads what an answer says within a moment, whether or not it ends.
    pub(super) async fn begin(response: Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut frames = response.into_body().into_data_stream();
        let mut bytes = Vec::new();
        for _ in 0..FRAMES_MAX {
            let Ok(Some(Ok(frame))) = tokio::time::timeout(FIRST, frames.next()).await else {
                break;
            };
            bytes.extend_from_slice(&frame);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self { status, headers, text, bytes: bytes.into() }
    }

    /// Returns the body as JSON; it must be.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    /// Demands a status and returns the body as JSON.
    #[track_caller]
    pub fn ok(&self, status: u16) -> serde_json::Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { serde_json::Value::Null } else { self.json() }
    }

    /// Demands a problem with that code and returns it.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> serde_json::Value {
        let problem = self.ok(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(problem["code"], code, "{}", self.text);
        assert_eq!(problem["status"], status);
        problem
    }

    /// Returns a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
