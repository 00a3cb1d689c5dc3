//! A way to PostgreSQL that can be cut, slowed down or laid to another server: over TCP to a server's
//! socket.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lethe::db::DbUrl;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What becomes of what is sent.
struct Path {
    /// The socket that new connections come to.
    socket: Mutex<String>,
    /// Connections before this one are swallowed.
    cut_before: AtomicU64,
    /// All of them are, and new ones too.
    all_cut: AtomicBool,
    /// Milliseconds that what the server says takes longer.
    late_ms: AtomicU64,
    /// Connections that were made.
    made: AtomicU64,
}

/// A way to PostgreSQL.
pub struct Way {
    path: Arc<Path>,
    port: u16,
}

/// Returns the socket of a server, and the database.
fn place(url: &DbUrl) -> (String, &str) {
    let DbUrl::Postgres(url) = url else { panic!("only a server has a way to it") };
    let (rest, dir) = url.split_once("?host=").expect("a socket's folder");
    (format!("{dir}/.s.PGSQL.5432"), rest.rsplit('/').next().expect("a database"))
}

impl Way {
    /// Lays a way to a database, and returns the URL that takes it.
    pub async fn to(url: &DbUrl) -> (Self, DbUrl) {
        let (socket, database) = place(url);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let path = Arc::new(Path {
            socket: Mutex::new(socket),
            cut_before: AtomicU64::default(),
            all_cut: AtomicBool::default(),
            late_ms: AtomicU64::default(),
            made: AtomicU64::default(),
        });
        tokio::spawn(carry_all(listener, Arc::clone(&path)));
        let url = format!("postgres://lethe@127.0.0.1:{port}/{database}?sslmode=disable");
        (Self { path, port }, DbUrl::Postgres(url))
    }

    /// Returns the port at which it begins.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The host is lost without a word: nothing comes through any more, on no connection.
    pub fn lose(&self) {
        self.path.all_cut.store(true, Ordering::Release);
    }

    /// The address moves on: new connections work, those that were there stay silent for ever.
    pub fn move_on(&self) {
        let made = self.path.made.load(Ordering::Acquire);
        self.path.cut_before.store(made, Ordering::Release);
        self.path.all_cut.store(false, Ordering::Release);
    }

    /// The address is another server's from now on. Connections that were made stay where they are.
    pub fn lead_to(&self, url: &DbUrl) {
        *self.path.socket.lock().unwrap_or_else(PoisonError::into_inner) = place(url).0;
    }

    /// What the server says comes so much later from now on.
    pub fn delay(&self, late: Duration) {
        let late = u64::try_from(late.as_millis()).expect("a short time");
        self.path.late_ms.store(late, Ordering::Release);
    }
}

impl Path {
    fn swallows(&self, number: u64) -> bool {
        self.all_cut.load(Ordering::Acquire) || number < self.cut_before.load(Ordering::Acquire)
    }

    fn socket(&self) -> String {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn carry_all(listener: TcpListener, path: Arc<Path>) {
    while let Ok((client, _)) = listener.accept().await {
        let number = path.made.fetch_add(1, Ordering::Relaxed);
        let Ok(server) = UnixStream::connect(path.socket()).await else { continue };
        drop(client.set_nodelay(true));
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::spawn(carry(from_client, to_server, (Arc::clone(&path), number)));
        let (late, later) = mpsc::unbounded_channel();
        tokio::spawn(hear(from_server, late, Arc::clone(&path)));
        tokio::spawn(tell(later, to_client, (Arc::clone(&path), number)));
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    (path, number): (Arc<Path>, u64),
) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        if !path.swallows(number) && to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
    // Also that somebody went is swallowed.
    if path.swallows(number) {
        std::future::pending::<()>().await;
    }
}

/// Hears what the server says, with when it is to be told.
async fn hear(
    mut from: impl AsyncRead + Unpin,
    late: mpsc::UnboundedSender<(Instant, Vec<u8>)>,
    path: Arc<Path>,
) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        let when = Instant::now() + Duration::from_millis(path.late_ms.load(Ordering::Acquire));
        if late.send((when, piece[..length].to_vec())).is_err() {
            return;
        }
    }
}

async fn tell(
    mut later: mpsc::UnboundedReceiver<(Instant, Vec<u8>)>,
    mut to: impl AsyncWrite + Unpin,
    (path, number): (Arc<Path>, u64),
) {
    while let Some((when, piece)) = later.recv().await {
        tokio::time::sleep_until(when).await;
        // Lost is also what was on its way.
        if !path.swallows(number) && to.write_all(&piece).await.is_err() {
            return;
        }
    }
    if path.swallows(number) {
        std::future::pending::<()>().await;
    }
}
