//! An answer, read to its end.

use axum::body::to_bytes;
use axum::http::HeaderMap;
use axum::response::Response;

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
