//! The real server as a child process.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The server under measurement.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts the release binary on a data directory and waits until it is ready.
    pub fn start(data_dir: &Path, database: Option<&str>) -> (Self, Duration) {
        Self::start_with(data_dir, database, &[("LETHE_OPEN", "true")])
    }

    /// As [`Self::start`], with these settings in the environment.
    pub fn start_with(
        data_dir: &Path,
        database: Option<&str>,
        settings: &[(&str, &str)],
    ) -> (Self, Duration) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        drop(listener);
        let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
        command.args(["serve", "--listen", &address.to_string(), "--data-dir"]).arg(data_dir);
        command.env_remove("LETHE_OPEN").env_remove("LETHE_ADMIN_TOKEN");
        command.envs(settings.iter().copied());
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
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) * 1024
    }

    /// Asks for a path and returns the status.
    pub fn status(&self, path: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        text.split(' ').nth(1)?.parse().ok()
    }

    /// Sends a request on a connection of its own and returns the body.
    pub fn send(&self, method: &str, path: &str, body: &[u8]) -> String {
        self.send_as("", method, path, body)
    }

    /// As [`Self::send`], showing a token.
    pub fn send_as(&self, token: &str, method: &str, path: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
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
        _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        drop(self.child.wait());
    }
}
