//! One connection, from its handshake to its end.

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::body::{Arriving, Leaving};
use super::crowd::Seat;
use crate::base::limits::{HEAD_BYTES_MAX, PING_MS, STREAMS_OF_A_CONNECTION_MAX};
use crate::http::{HttpSettings, too_many_requests};

/// How long an HTTP/2 client may take to be told that its connection ends.
const PARTING_TIME_MAX: Duration = Duration::from_millis(100);

/// Answers the requests of one connection.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub(super) router: Router,
    pub(super) settings: Arc<HttpSettings>,
    pub(super) seat: Seat,
    pub(super) from: SocketAddr,
}

type Answer = Result<Response<Leaving>, Infallible>;

impl<B> Service<Request<B>> for Answers
where
    B: http_body::Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Leaving>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let turn = self.seat.begin();
        let too_many = turn.is_one_too_many() && !self.settings.is_health(request.uri().path());
        let mut request = request.map(|body| Body::new(Arriving::new(body)));
        request.extensions_mut().insert(ConnectInfo(self.from));
        let answer = (!too_many).then(|| self.router.call(request));
        Box::pin(async move {
            let response = match answer {
                Some(answer) => answer.await?,
                None => too_many_requests(),
            };
            Ok(response.map(|body| Leaving::new(body, turn)))
        })
    }
}

/// Answers what comes until the client goes, keeps us waiting for too long, or has to make room. Once `stop` is
/// told, what was begun is still answered.
pub(super) async fn serve<S>(stream: S, answers: Answers, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let seat = answers.seat.clone();
    let builder = builder();
    let service = TowerToHyperService::new(answers);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut stopping = false;
    loop {
        tokio::select! {
            done = connection.as_mut() => {
                if let Err(error) = done {
                    tracing::debug!(error, "a connection broke off");
                }
                return;
            }
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
            () = seat.ended() => break,
        }
    }
    connection.as_mut().graceful_shutdown();
    drop(tokio::time::timeout(PARTING_TIME_MAX, connection).await);
}

/// Speaks HTTP/1.1 and HTTP/2. Of HTTP/1.1 the crowd keeps the time.
fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().max_buf_size(HEAD_BYTES_MAX);
    let ping = Duration::from_millis(PING_MS);
    let list = u32::try_from(HEAD_BYTES_MAX).unwrap_or(u32::MAX);
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(ping).keep_alive_timeout(ping);
    http2.max_concurrent_streams(STREAMS_OF_A_CONNECTION_MAX).max_header_list_size(list);
    builder
}
