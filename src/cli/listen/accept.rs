//! Takes connections in, and looks after them until the server stops.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::{Answers, serve};
use super::crowd::{Crowd, Room, Seat};
use super::stream::Paced;
use crate::base::limits::STALL_MS_MAX;
use crate::cli::tls;
use crate::http::HttpSettings;

/// How often it is looked who has waited too long.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long nobody is taken in once descriptors ran out.
const REST: Duration = Duration::from_millis(20);
/// How often that is logged, at most.
const TELL_EVERY: Duration = Duration::from_secs(60);
/// After how much silence the other machine is asked whether it is there.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// How long connections without a request stay once a stop was asked for: one may be on its way.
const LAST_REQUESTS: Duration = Duration::from_secs(1);

/// What is listened on, and what answers.
#[derive(Debug)]
pub(in crate::cli) struct Port {
    /// Where connections come from.
    pub(in crate::cli) tcp: TcpListener,
    /// What TLS is spoken with; without it, plain http.
    pub(in crate::cli) tls: Option<tls::Current>,
    /// How many connections there may be.
    pub(in crate::cli) room: Room,
    /// What answers.
    pub(in crate::cli) router: Router,
    /// The door's settings.
    pub(in crate::cli) settings: Arc<HttpSettings>,
}

/// Takes connections in until told to stop, and ends when what was begun is answered.
pub(in crate::cli) async fn listen(port: Port, stop: CancellationToken) {
    let near: Vec<IpNet> = port.settings.trusted_proxies.clone();
    let crowd = Crowd::new(port.room, near, Instant::now());
    let tasks = TaskTracker::new();
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut told: Option<Instant> = None;
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            _ = look.tick() => {
                sweep(&crowd);
                continue;
            }
            accepted = port.tcp.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) => {
                if let Some(seat) = crowd.enter(from.ip(), Instant::now()) {
                    tasks.spawn(port.begin(stream, from, seat, stop.clone()));
                }
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                crowd.make_room();
                if told.is_none_or(|told| told.elapsed() > TELL_EVERY) {
                    tracing::error!(%error, "no connection can be taken in");
                    told = Some(Instant::now());
                }
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(port);
    finish(&crowd, &tasks).await;
}

fn sweep(crowd: &Crowd) {
    let ended = crowd.sweep(Instant::now());
    if ended > 0 {
        tracing::debug!(ended, "connections that did not get on were ended");
    }
}

/// Waits until what was begun is answered.
async fn finish(crowd: &Crowd, tasks: &TaskTracker) {
    tasks.close();
    let mut look = tokio::time::interval_at((Instant::now() + LAST_REQUESTS).into(), LOOK_EVERY);
    loop {
        tokio::select! {
            () = tasks.wait() => return,
            _ = look.tick() => {
                crowd.end_waiting();
                sweep(crowd);
            }
        }
    }
}

/// Returns whether only the connection that was to be taken in failed.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::ConnectionAborted | Kind::ConnectionReset | Kind::ConnectionRefused
    )
}

impl Port {
    /// Begins a connection.
    fn begin(
        &self,
        stream: TcpStream,
        from: SocketAddr,
        seat: Seat,
        stop: CancellationToken,
    ) -> impl Future<Output = ()> + Send + 'static {
        prepare(&stream);
        let acceptor = self.tls.as_ref().map(|tls| TlsAcceptor::from(Arc::clone(&tls.borrow())));
        let (router, settings) = (self.router.clone(), Arc::clone(&self.settings));
        async move {
            let stream = Paced::new(stream, seat.clone(), STALL_MS_MAX);
            let answers = Answers { router, settings, seat: seat.clone(), from };
            match acceptor {
                None => serve(stream, answers, stop).await,
                Some(acceptor) => tokio::select! {
                    shaken = acceptor.accept(stream) => match shaken {
                        Ok(stream) => serve(stream, answers, stop).await,
                        Err(error) => tracing::debug!(%error, "no TLS connection came about"),
                    },
                    () = seat.ended() => tracing::debug!("a TLS handshake took too long"),
                },
            }
            seat.leave();
        }
    }
}

/// Lets small answers leave at once, and a machine that is gone be noticed.
fn prepare(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::net::sockopt;
        let unread = u32::try_from(STALL_MS_MAX).unwrap_or(u32::MAX);
        let set = sockopt::set_tcp_user_timeout(stream, unread)
            .and_then(|()| sockopt::set_socket_keepalive(stream, true))
            .and_then(|()| sockopt::set_tcp_keepidle(stream, SILENCE_MAX));
        if let Err(error) = set {
            tracing::debug!(%error, "time limits of TCP could not be set");
        }
    }
}
