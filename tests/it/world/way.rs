//! A way to PostgreSQL that can be cut: over TCP to the socket of the test binary's server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use lethe::db::DbUrl;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};

/// What is swallowed.
#[derive(Default)]
struct Cut {
    /// Connections before this one.
    before: AtomicU64,
    /// All of them, and new ones too.
    all: AtomicBool,
}

/// A way to PostgreSQL.
pub struct Way {
    cut: Arc<Cut>,
    made: Arc<AtomicU64>,
}

impl Way {
    /// Lays a way to a database, and returns the URL that takes it.
    pub async fn to(url: &DbUrl) -> (Self, DbUrl) {
        let DbUrl::Postgres(url) = url else { panic!("only a server has a way to it") };
        let (rest, dir) = url.split_once("?host=").expect("a socket's folder");
        let database = rest.rsplit('/').next().expect("a database");
        let socket = format!("{dir}/.s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (cut, made) = (Arc::new(Cut::default()), Arc::new(AtomicU64::new(0)));
        let way = Self { cut: Arc::clone(&cut), made: Arc::clone(&made) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let number = made.fetch_add(1, Ordering::Relaxed);
                let Ok(server) = UnixStream::connect(&socket).await else { continue };
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(carry(from_client, to_server, (Arc::clone(&cut), number)));
                tokio::spawn(carry(from_server, to_client, (Arc::clone(&cut), number)));
            }
        });
        let url = format!("postgres://lethe@127.0.0.1:{port}/{database}?sslmode=disable");
        (way, DbUrl::Postgres(url))
    }

    /// The host is lost without a word: nothing comes through any more, on no connection.
    pub fn lose(&self) {
        self.cut.all.store(true, Ordering::Release);
    }

    /// The address moves on: new connections work, those that were there stay silent for ever.
    pub fn move_on(&self) {
        self.cut.before.store(self.made.load(Ordering::Acquire), Ordering::Release);
        self.cut.all.store(false, Ordering::Release);
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    (cut, number): (Arc<Cut>, u64),
) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        let swallowed =
            cut.all.load(Ordering::Acquire) || number < cut.before.load(Ordering::Acquire);
        if !swallowed && to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
    // Also that somebody went is swallowed.
    if cut.all.load(Ordering::Acquire) || number < cut.before.load(Ordering::Acquire) {
        std::future::pending::<()>().await;
    }
}
