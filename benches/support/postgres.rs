//! A PostgreSQL of the bench's own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

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
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "shared_buffers=512MB",
                "-c",
                "max_wal_size=4GB",
            ])
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
        let pid = pid.ok().and_then(|text| text.lines().next()?.parse().ok());
        if let Some(pid) = pid.and_then(Pid::from_raw) {
            _ = kill_process(pid, Signal::INT);
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
