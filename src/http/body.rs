//! Reading request bodies: unpacked by a layer above, within a size and a time.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use bytes::Bytes;

use super::problem::Problem;
use super::still::Stale;
use crate::base::limits::BODY_WAIT_MS_MAX;

/// How long a body may take to arrive.
const BODY_TIME_MAX: Duration = Duration::from_secs(60);
/// How long the listener lets it stand still meanwhile.
const STILL_MAX: Duration = Duration::from_millis(BODY_WAIT_MS_MAX);

/// Reads a whole body of at most `limit` bytes, unpacked.
///
/// # Errors
///
/// A 413 problem if it is larger, a 408 problem if it takes longer than 60 seconds or stands still for 30, a 400 problem
/// if it breaks off or cannot be unpacked, a 401 or 503 problem if its sender was shut out or changed meanwhile.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    read_within(BODY_TIME_MAX, body, limit).await
}

async fn read_within(time: Duration, body: Body, limit: usize) -> Result<Bytes, Problem> {
    match tokio::time::timeout(time, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_long(&error) => Err(Problem::too_large(limit)),
        Ok(Err(error)) if is_late(&error) => Err(Problem::too_slow(STILL_MAX)),
        Ok(Err(error)) => Err(match stale(&error) {
            Some(stale) => stale.into(),
            None => Problem::bad_input(
                "body",
                "could not be read to its end, or is not what its Content-Encoding says",
            ),
        }),
        Err(_) => Err(Problem::too_slow(time)),
    }
}

/// Goes through an error and what lies behind it: layers wrap what went wrong below them.
fn causes(error: &axum::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |&error| error.source())
}

/// Returns whether a body did not get on: the listener gave it up.
fn is_late(error: &axum::Error) -> bool {
    let mut io = causes(error).filter_map(|error| error.downcast_ref::<std::io::Error>());
    io.any(|error| error.kind() == std::io::ErrorKind::TimedOut)
}

fn is_too_long(error: &axum::Error) -> bool {
    causes(error).any(|error| error.is::<http_body_util::LengthLimitError>())
}

/// Returns why all of a body came and is not taken, if that is so.
fn stale(error: &axum::Error) -> Option<Stale> {
    causes(error).find_map(|error| error.downcast_ref().copied())
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use futures_util::StreamExt;
    use futures_util::stream::{once, pending};

    use super::*;

    fn part() -> Result<Bytes, std::io::Error> {
        Ok(Bytes::from_static(b"{"))
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_to_its_end_in_time_is_a_request_timeout() {
        let slow = Body::from_stream(once(async { part() }).chain(pending()));
        let problem = read_within(Duration::from_millis(5), slow, 10).await.unwrap_err();
        assert_eq!(problem.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(problem.code, "body-too-slow");
    }

    #[tokio::test]
    async fn a_body_in_time_is_read_and_one_that_breaks_off_or_is_too_large_is_told_as_that() {
        let whole = Body::from_stream(once(async { part() }));
        assert_eq!(read(whole, 10).await.unwrap().as_ref(), b"{");
        let broken = async { Err::<Bytes, _>(std::io::Error::other("gone")) };
        let broken = Body::from_stream(once(async { part() }).chain(once(broken)));
        assert_eq!(read(broken, 10).await.unwrap_err().status(), StatusCode::BAD_REQUEST);
        let large = read(Body::from("{}{}"), 3).await.unwrap_err();
        assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}
