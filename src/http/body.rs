//! Reading request bodies: unpacked by a layer above, within a size and a time.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use bytes::Bytes;

use super::problem::Problem;

/// How long a body may take to arrive.
const BODY_TIME_MAX: Duration = Duration::from_secs(60);

/// Reads a whole body of at most `limit` bytes, unpacked.
///
/// # Errors
///
/// A 413 problem if it is larger, a 400 problem if it breaks off, cannot be unpacked or
/// takes too long.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(BODY_TIME_MAX, to_bytes(body, limit)).await;
    match read {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_long(&error) => Err(Problem::too_large(limit)),
        Ok(Err(_)) => Err(Problem::bad_input(
            "body",
            "could not be read to its end, or is not what its Content-Encoding says",
        )),
        Err(_) => Err(Problem::bad_input("body", "took longer than 60 seconds to arrive")),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = source {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        source = error.source();
    }
    false
}
