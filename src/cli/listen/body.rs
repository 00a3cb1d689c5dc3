//! Bodies: one that comes must get on, and one that is given out keeps its connection busy until it was taken.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};

use super::crowd::Turn;
use super::pace::Pace;
use crate::base::limits::BODY_WAIT_MS_MAX;

type BoxError = Box<dyn Error + Send + Sync>;

fn bytes_of(frame: &Frame<Bytes>) -> usize {
    frame.data_ref().map_or(0, Bytes::len)
}

/// The body of a request, which breaks off if its sender does not get on.
#[derive(Debug)]
pub(super) struct Arriving<B> {
    body: B,
    pace: Pace,
}

impl<B> Arriving<B> {
    pub(super) fn new(body: B) -> Self {
        Self { body, pace: Pace::new(BODY_WAIT_MS_MAX) }
    }
}

impl<B> http_body::Body for Arriving<B>
where
    B: http_body::Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                let bytes =
                    frame.as_ref().and_then(|frame| frame.as_ref().ok()).map_or(0, bytes_of);
                self.pace.went(bytes);
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                let late = || io::Error::new(io::ErrorKind::TimedOut, "the body does not get on");
                self.pace.poll_over(cx).map(|()| Some(Err(late().into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer.
#[derive(Debug)]
pub(super) struct Leaving {
    body: Body,
    turn: Turn,
}

impl Leaving {
    pub(super) fn new(body: Body, turn: Turn) -> Self {
        Self { body, turn }
    }
}

impl http_body::Body for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => self.turn.gave(bytes_of(frame), Instant::now()),
            _ => self.turn.owes_nothing(),
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
