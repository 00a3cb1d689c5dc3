//! What the benches share: the real server as a child process, a PostgreSQL of their own,
//! a light load generator, and the table that is printed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The server under measurement.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts the release binary on a data directory and waits until it is ready.
    pub fn start(data_dir: &Path, database: Option<&str>) -> (Self, Duration) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        drop(listener);
        let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
        command.args(["serve", "--listen", &address.to_string(), "--data-dir"]).arg(data_dir);
        command.env("LETHE_LOG", "warn").stdin(Stdio::null()).stderr(Stdio::inherit());
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let started = Instant::now();
        let child = command.spawn().expect("lethe starts");
        let server = Self { child, address };
        while server.status("/readyz") != Some(200) {
            assert!(started.elapsed() < Duration::from_secs(300), "the server does not get ready");
            std::thread::sleep(Duration::from_millis(5));
        }
        (server, started.elapsed())
    }

    /// Returns its resident memory in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) * 1024
    }

    /// Asks for a path and returns the status.
    pub fn status(&self, path: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        text.split(' ').nth(1)?.parse().ok()
    }

    /// Sends a request on a connection of its own and returns the body.
    pub fn send(&self, method: &str, path: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("it reads");
        stream.write_all(body).expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Waits until every follower is up to date.
    pub fn settle(&self) {
        loop {
            let answer = self.send("GET", "/readyz", b"");
            let body = answer.rsplit("\r\n\r\n").next().unwrap_or_default().to_owned();
            if body.matches("\"behind\":0").count() == 2 {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = Command::new("kill").arg(self.child.id().to_string()).status();
        drop(stopped);
        drop(self.child.wait());
    }
}

/// Posts bodies on `connections` kept-alive connections and returns each request's time.
pub fn post_all(address: SocketAddr, path: &str, bodies: &[Vec<u8>], connections: usize) -> Vec<Duration> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| scope.spawn(|| post_some(address, path, bodies, &next)))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    times.sort_unstable();
    times
}

fn post_some(
    address: SocketAddr,
    path: &str,
    bodies: &[Vec<u8>],
    next: &std::sync::atomic::AtomicUsize,
) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_nodelay(true).expect("nodelay");
    let mut times = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    let mut request = Vec::new();
    loop {
        let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let Some(body) = bodies.get(place) else { return times };
        request.clear();
        write!(request, "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len())
            .expect("memory");
        request.extend_from_slice(body);
        let started = Instant::now();
        stream.write_all(&request).expect("it reads");
        let read = read_answer(&mut stream, &mut buffer);
        times.push(started.elapsed());
        assert!(buffer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&buffer[..read]));
    }
}

fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    loop {
        filled += stream.read(&mut buffer[filled..]).expect("it answers");
        let text = String::from_utf8_lossy(&buffer[..filled]).to_ascii_lowercase();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
            if filled >= end + 4 + length {
                return filled;
            }
        }
        assert!(filled > 0, "the connection was closed");
    }
}

/// Returns the value at a share of sorted values.
pub fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let place = ((sorted.len() as f64 - 1.0) * share).round() as usize;
    sorted.get(place).copied().unwrap_or_default()
}

/// Prints a figure as a row of a table.
pub fn row(name: &str, value: &str, target: &str) {
    println!("| {name} | {value} | {target} |");
}

/// Prints the head of the table.
pub fn head(title: &str) {
    println!("\n### {title}\n\n| figure | measured | target |\n|---|---|---|");
}

/// A PostgreSQL in a temporary folder, durable as installed, stopped when dropped.
pub struct Postgres {
    child: Child,
    dir: tempfile::TempDir,
}

impl Postgres {
    /// Makes and starts one.
    pub fn start() -> Self {
        let programs = programs();
        let dir = tempfile::Builder::new().prefix("lethe-bench-pg").tempdir().expect("a folder");
        let chmod = Command::new("chmod").arg("777").arg(dir.path()).status();
        assert!(chmod.is_ok_and(|status| status.success()));
        let data = dir.path().join("data");
        let made = as_server_user(&programs.join("initdb"))
            .arg("-D")
            .arg(&data)
            .args(["-U", "lethe", "-A", "trust", "-E", "UTF8", "--locale=C"])
            .stdout(Stdio::null())
            .status();
        assert!(made.is_ok_and(|status| status.success()), "initdb works");
        let child = as_server_user(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(dir.path())
            .args(["-c", "listen_addresses=", "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts");
        let server = Self { child, dir };
        while !server.psql("SELECT 1") {
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    fn psql(&self, text: &str) -> bool {
        let url = self.url("postgres");
        let mut command = Command::new(programs().join("psql"));
        command.args(["-q", "-d", &url, "-c", text]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// Makes a database and returns its URL.
    pub fn database(&self, name: &str) -> String {
        assert!(self.psql(&format!("CREATE DATABASE {name}")));
        self.url(name)
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://lethe@localhost/{name}?host={}", self.dir.path().display())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let pid = std::fs::read_to_string(self.dir.path().join("data/postmaster.pid"));
        let pid = pid.ok().and_then(|text| text.lines().next().map(str::to_owned));
        if let Some(pid) = pid {
            drop(Command::new("kill").args(["-INT", &pid]).status());
        }
        drop(self.child.wait());
    }
}

fn programs() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    found.sort();
    found.pop().expect("PostgreSQL (Debian: apt-get install postgresql)")
}

fn as_server_user(program: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}
