//! A connection's bytes: whoever does not read what is written to it is not waited for.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::crowd::{Seat, Turn};
use super::pace::Pace;

/// A stream whose writes have a time limit.
#[derive(Debug)]
pub(super) struct Paced<S> {
    stream: S,
    seat: Seat,
    pace: Pace,
    /// While the other side has to read first, the connection is busy.
    blocked: Option<Turn>,
}

impl<S> Paced<S> {
    /// Bears so much waiting for whoever reads.
    pub(super) fn new(stream: S, seat: Seat, grace_ms: u64) -> Self {
        Self { stream, seat, pace: Pace::new(grace_ms), blocked: None }
    }

    fn timed<T>(
        &mut self,
        cx: &mut Context<'_>,
        done: Poll<io::Result<T>>,
        bytes: impl Fn(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        match done {
            Poll::Ready(done) => {
                let bytes = done.as_ref().map_or(0, bytes);
                self.seat.wrote(bytes);
                self.pace.went(bytes);
                self.blocked = None;
                Poll::Ready(done)
            }
            Poll::Pending => {
                if !self.pace.waits() {
                    self.blocked = Some(self.seat.begin());
                }
                let late = || Err(io::Error::new(io::ErrorKind::TimedOut, "nobody reads"));
                self.pace.poll_over(cx).map(|()| late())
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.timed(cx, done, |bytes| *bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.timed(cx, done, |bytes| *bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::cli::listen::crowd::{Crowd, Room};

    #[tokio::test]
    async fn whoever_does_not_read_is_not_waited_for_and_is_busy_until_then() {
        let crowd = Crowd::new(Room { all: 1, busy: 1 }, Vec::new(), Instant::now());
        let seat = crowd.enter([192, 0, 2, 1].into(), Instant::now()).unwrap();
        let (ours, mut theirs) = tokio::io::duplex(16);
        let mut stream = Paced::new(ours, seat, 200);
        stream.write_all(&[0; 16]).await.unwrap();
        assert!(theirs.read(&mut [0; 16]).await.is_ok());
        let writing = stream.write_all(&[0; 64]);
        let (written, room) = tokio::join!(writing, async {
            tokio::task::yield_now().await;
            crowd.make_room()
        });
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(!room, "a connection that is written to was ended for another");
        drop(stream);
        assert!(crowd.make_room());
    }
}
