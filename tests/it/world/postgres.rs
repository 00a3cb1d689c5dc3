//! A PostgreSQL of the test binary's own: in a temporary folder, on a socket, gone with it.
//!
//! Its absence fails the tests that need it; it never skips them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use lethe::db::DbUrl;
use rustix::process::{Signal, kill_process};

use crate::process::{pid_of, signal};

/// Starts the server beside the tests and stops it when they are gone, however they end.
const WATCH: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=300 $4 >"$2/log" 2>&1 &
server=$!
while [ -d "/proc/$3" ] && kill -0 $server 2>/dev/null; do sleep 0.5; done
kill -INT $server 2>/dev/null; wait $server; [ -d "/proc/$3" ] || rm -rf "$2"
"#;

struct Cluster {
    dir: PathBuf,
    /// More settings of the server, as its command line takes them.
    settings: &'static str,
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(start)
}

/// Finds the server's programs.
pub(super) fn programs() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    found.sort();
    found
        .into_iter()
        .rev()
        .chain(option_env!("PATH").iter().flat_map(std::env::split_paths))
        .find(|dir| dir.join("initdb").exists() && dir.join("postgres").exists())
        .expect("PostgreSQL's initdb and postgres (Debian: apt-get install postgresql)")
}

pub(super) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}

/// PostgreSQL refuses to run as root: then it runs as its own user.
pub(super) fn as_server_user(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

#[expect(clippy::zombie_processes, reason = "it ends after this process: nobody is left to wait")]
fn start() -> Cluster {
    let dir = std::env::temp_dir().join(format!("lethe-pg-{}", std::process::id()));
    let cluster = Cluster { dir, settings: "" };
    cluster.make();
    cluster.serve();
    cluster
}

impl Cluster {
    /// Makes the folder, into which the server's user may write.
    fn make_folder(&self) {
        std::fs::create_dir_all(&self.dir).expect("a folder for PostgreSQL");
        Command::new("chmod").arg("777").arg(&self.dir).status().expect("chmod");
    }

    /// Makes an empty cluster in its folder.
    fn make(&self) {
        self.make_folder();
        let made = as_server_user(&programs().join("initdb"))
            .arg("-D")
            .arg(self.dir.join("data"))
            .args(["-U", "lethe", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"])
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    }

    /// Starts the server and waits until it can be connected to.
    #[expect(
        clippy::zombie_processes,
        reason = "it ends after this process: nobody is left to wait"
    )]
    fn serve(&self) -> Child {
        let watch = as_server_user(Path::new("/bin/sh"))
            .args(["-c", WATCH, "sh"])
            .arg(programs())
            .arg(&self.dir)
            .args([std::process::id().to_string().as_str(), self.settings])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PostgreSQL starts");
        let socket = self.dir.join(".s.PGSQL.5432");
        for _ in 0..600 {
            if socket.exists() {
                return watch;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL did not come up: {}", self.last_words());
    }

    /// Returns the end of the server's log.
    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.dir.join("log")).unwrap_or_else(|e| e.to_string());
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// Runs a statement and returns whether it worked, or what was said instead.
    fn run(&self, sql: &str) -> Result<(), String> {
        let url = self.url("postgres");
        let mut psql = Command::new(programs().join("psql"));
        let done = psql.args(["-q", "-d", &url, "-c", sql]).output().expect("psql runs");
        if done.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&done.stderr).into_owned())
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://lethe@localhost/{database}?host={}", self.dir.display())
    }
}

/// Makes a fresh, empty database.
pub async fn fresh_database() -> DbUrl {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let cluster = cluster();
    let name = format!("world_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut last = None;
    for _ in 0..100 {
        match cluster.run(&format!("CREATE DATABASE {name}")) {
            Ok(()) => return DbUrl::Postgres(cluster.url(&name)),
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no database could be made: {last:?}\n{}", cluster.last_words());
}

fn name_of(url: &DbUrl) -> &str {
    let DbUrl::Postgres(url) = url else { panic!("only a server keeps copies") };
    let path = url.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// Lets nobody in while something is done with a database.
fn alone(name: &str, statements: &[String]) {
    let cluster = cluster();
    let run = |sql: &str| cluster.run(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
    let end = format!(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    run(&end);
    statements.iter().for_each(|statement| run(statement));
    run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
}

/// Keeps a copy of a database as it is now.
pub fn keep(url: &DbUrl) {
    let name = name_of(url);
    let drop = format!("DROP DATABASE IF EXISTS {name}_kept");
    alone(name, &[drop, format!("CREATE DATABASE {name}_kept TEMPLATE {name}")]);
}

/// Puts the copy in the place of the database: what was committed since is lost, as after a
/// failover to a standby that was behind.
pub fn put_back(url: &DbUrl) {
    let name = name_of(url);
    let away = format!("ALTER DATABASE {name} RENAME TO {name}_lost");
    let back = format!("ALTER DATABASE {name}_kept RENAME TO {name}");
    alone(name, &[format!("DROP DATABASE IF EXISTS {name}_lost"), away, back]);
}

/// A PostgreSQL of one test's own, which it may stop, freeze and start again.
pub struct OwnServer {
    cluster: Cluster,
    watch: Child,
}

impl OwnServer {
    /// Makes and starts one.
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// Makes and starts one with settings, as the server's command line takes them.
    pub fn start_with(settings: &'static str) -> Self {
        let cluster = Self::prepare(settings);
        cluster.make();
        let watch = cluster.serve();
        Self { cluster, watch }
    }

    fn prepare(settings: &'static str) -> Cluster {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("lethe-pg-{}-{number}", std::process::id());
        Cluster { dir: std::env::temp_dir().join(name), settings }
    }

    /// Makes and starts a standby of the server behind a port, which it follows from there on
    /// without anybody waiting for it.
    pub fn standby_of(port: u16) -> Self {
        let cluster = Self::prepare("");
        cluster.make_folder();
        let copied = as_server_user(&programs().join("pg_basebackup"))
            .args(["-h", "127.0.0.1", "-U", "lethe", "-R", "-X", "stream", "-c", "fast"])
            .args(["--no-sync", "-p", &port.to_string(), "-D"])
            .arg(cluster.dir.join("data"))
            .output()
            .expect("pg_basebackup runs");
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        let watch = cluster.serve();
        Self { cluster, watch }
    }

    /// Makes the primary of a standby.
    pub fn promote(&self) {
        self.run("SELECT pg_promote()");
    }

    /// Runs a statement.
    pub fn run(&self, sql: &str) {
        self.cluster.run(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Ends all its processes as `kill -9` does; it is not started again.
    pub fn kill(mut self) {
        let server = self.pid();
        let own = children_of(&server);
        // The server first, so that it begins no others.
        for pid in std::iter::once(server).chain(own) {
            _ = kill_process(pid_of(&pid), Signal::KILL);
        }
        self.watch.wait().expect("it is gone");
        drop(std::fs::remove_dir_all(&self.cluster.dir));
    }

    /// Returns the URL of its database.
    pub fn url(&self) -> DbUrl {
        DbUrl::Postgres(self.cluster.url("postgres"))
    }

    /// Ends all connections of Lethe's.
    pub fn end_connections(&self) {
        let ended = self.cluster.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lethe'",
        );
        // A server that is just coming up ends no connections; it has none.
        drop(ended);
    }

    /// Stops it as a crash does: nothing is finished or written.
    pub fn crash(&mut self) {
        self.signal(Signal::QUIT);
        self.watch.wait().expect("it stops");
    }

    /// Starts it again.
    pub fn start_again(&mut self) {
        self.watch = self.cluster.serve();
    }

    /// Stops all its processes from running, as a machine that hangs does, or lets them go on.
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { Signal::STOP } else { Signal::CONT };
        let server = self.pid();
        for pid in std::iter::once(server.clone()).chain(children_of(&server)) {
            // A connection's process may end meanwhile.
            _ = kill_process(pid_of(&pid), signal);
        }
    }

    fn pid(&self) -> String {
        let file = std::fs::read_to_string(self.cluster.dir.join("data/postmaster.pid"));
        file.expect("it runs").lines().next().expect("its process").to_owned()
    }

    fn signal(&self, name: Signal) {
        signal(name, &self.pid());
    }
}

/// Returns the processes that a process began.
fn children_of(parent: &str) -> Vec<String> {
    let is_child = |status: String| {
        let said = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        said.is_some_and(|said| said.trim() == parent)
    };
    let all = std::fs::read_dir("/proc").expect("/proc").flatten();
    let pids = all.filter_map(|entry| entry.file_name().into_string().ok());
    pids.filter(|pid| std::fs::read_to_string(format!("/proc/{pid}/status")).is_ok_and(is_child))
        .collect()
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if self.cluster.dir.join("data/postmaster.pid").exists() {
            self.freeze(false);
            self.crash();
        }
        drop(std::fs::remove_dir_all(&self.cluster.dir));
    }
}
