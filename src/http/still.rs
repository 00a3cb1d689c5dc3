//! Whether whoever sent a request still may, asked when what it waited for is there: at the end of its
//! body, which may take as long as it likes within its limits, and of the wait for a position.
//! Nothing is taken from, or told to, somebody who was shut out meanwhile.
//!
//! Streams (imports, exports, what is followed live) ask piece by piece by themselves.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};

use super::problem::Problem;
use super::state::Http;
use crate::flow::{Known, Since, Still};

/// The parameter by which a request waits for a position.
pub(super) const WAIT_FOR: &str = "wait_for=";

/// Why a body is not taken although all of it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stale {
    /// Whoever sent it is nobody any more.
    Ended,
    /// It must be decided about them anew, or could not be.
    Changed,
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("whoever sent it was changed meanwhile")
    }
}

impl std::error::Error for Stale {}

impl From<Stale> for Problem {
    fn from(stale: Stale) -> Self {
        match stale {
            Stale::Ended => Self::unauthorized(),
            Stale::Changed => Self::unavailable(
                "rights-changed",
                "What you may do was changed while this came in or waited. Nothing of it was kept: send it again",
            ),
        }
    }
}

/// Asks whether what was decided about somebody still holds, if anything may have changed.
///
/// # Errors
///
/// Why not.
pub(super) async fn ask(http: &Http, known: &Known, since: &Since) -> Result<(), Stale> {
    if !http.app.may_have_changed(since) {
        return Ok(());
    }
    match http.app.still_holds(known, since).await {
        Ok(Still::Holds) => Ok(()),
        Ok(Still::Ended) => Err(Stale::Ended),
        Ok(Still::Changed) | Err(_) => Err(Stale::Changed),
    }
}

/// Returns a body that ends only if what was decided about its sender still holds then.
pub(super) fn watched(http: &Http, body: Body, known: &Known, since: Since) -> Body {
    if http_body::Body::is_end_stream(&body) {
        return body;
    }
    Body::new(Watched { body, sender: Some((http.clone(), known.clone(), since)), asking: None })
}

type Asking = Pin<Box<dyn Future<Output = Result<(), Stale>> + Send>>;

struct Watched {
    body: Body,
    /// Whom it is asked about; nobody once it was.
    sender: Option<(Http, Known, Since)>,
    asking: Option<Asking>,
}

impl Watched {
    /// Looks, when all has come, whether what was decided still holds.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Stale>> {
        if let Some((http, known, since)) = self.sender.take()
            && http.app.may_have_changed(&since)
        {
            self.asking = Some(Box::pin(async move { ask(&http, &known, &since).await }));
        }
        let Some(asking) = &mut self.asking else { return Poll::Ready(Ok(())) };
        let still = ready!(asking.as_mut().poll(context));
        self.asking = None;
        Poll::Ready(still)
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if let Some(frame) = ready!(Pin::new(&mut this.body).poll_frame(context)) {
            return Poll::Ready(Some(frame));
        }
        let end = ready!(this.poll_end(context));
        Poll::Ready(end.err().map(|stale| Err(axum::Error::new(stale))))
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
