//! A PgBouncer of one test's own before a PostgreSQL, which it may stop and start again.
//!
//! Its absence fails the tests that need it; it never skips them.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lethe::db::DbUrl;
use tempfile::TempDir;

use super::postgres::as_server_user;

/// Where Debian and others put it.
const PLACES: [&str; 4] = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];

/// For how long a client keeps its connection to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// As long as its own.
    Session,
    /// For a transaction.
    Transaction,
}

/// A PgBouncer.
pub struct Pooler {
    dir: TempDir,
    port: u16,
    child: Child,
}

fn program() -> PathBuf {
    let places = PLACES.iter().map(|place| PathBuf::from(place).join("pgbouncer"));
    let found = places.into_iter().find(|path| path.exists());
    found.expect("pgbouncer (Debian: apt-get install pgbouncer)")
}

impl Pooler {
    /// Starts one before the server of a database.
    pub fn start(pooling: Pooling, url: &DbUrl) -> Self {
        let DbUrl::Postgres(url) = url else { panic!("only a server has a pooler") };
        let (_, socket) = url.split_once("?host=").expect("a socket's folder");
        // Whoever takes the port meanwhile makes the test fail, and not pass.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = port.expect("a port").port();
        let mode = match pooling {
            Pooling::Session => "session",
            Pooling::Transaction => "transaction",
        };
        let dir = TempDir::new().expect("a temporary folder");
        Command::new("chmod").arg("777").arg(dir.path()).status().expect("chmod");
        let settings = format!(
            "[databases]\n* = host={socket} user=lethe\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = {mode}\n\
             default_pool_size = 60\nmax_client_conn = 200\n"
        );
        std::fs::write(dir.path().join("pgbouncer.ini"), settings).expect("it is written");
        let child = Self::spawn(&dir, port);
        Self { dir, port, child }
    }

    fn spawn(dir: &TempDir, port: u16) -> Child {
        let child = as_server_user(&program())
            .arg("-q")
            .arg(dir.path().join("pgbouncer.ini"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.expect("pgbouncer starts");
        let until = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = child.try_wait().expect("its state");
            assert!(ended.is_none() && Instant::now() < until, "pgbouncer: {ended:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        child
    }

    /// Returns the URL of a database behind it, with these parameters.
    pub fn url(&self, parameters: &str) -> DbUrl {
        let port = self.port;
        let url = format!("postgres://lethe@127.0.0.1:{port}/postgres?sslmode=disable{parameters}");
        DbUrl::Postgres(url)
    }

    /// Ends it at once, with all connections through it, and starts it again.
    pub fn restart(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
        self.child = Self::spawn(&self.dir, self.port);
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
