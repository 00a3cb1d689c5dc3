//! A PostgreSQL of the test binary's own: in a temporary folder, on a socket, gone with it.
//!
//! Its absence fails the tests that need it; it never skips them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use lethe::db::DbUrl;

/// Starts the server beside the tests and stops it when they are gone, however they end.
const WATCH: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=300 >"$2/log" 2>&1 &
server=$!
while [ -d "/proc/$3" ] && kill -0 $server 2>/dev/null; do sleep 0.5; done
kill -INT $server 2>/dev/null; wait $server; rm -rf "$2"
"#;

struct Cluster {
    dir: PathBuf,
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(start)
}

/// Finds the server's programs.
fn programs() -> PathBuf {
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

/// PostgreSQL refuses to run as root: then it runs as its own user.
fn as_server_user(program: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
    if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

#[expect(clippy::zombie_processes, reason = "it ends after this process: nobody is left to wait")]
fn start() -> Cluster {
    let programs = programs();
    let dir = std::env::temp_dir().join(format!("lethe-pg-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder for PostgreSQL");
    std::process::Command::new("chmod").arg("777").arg(&dir).status().expect("chmod");
    let made = as_server_user(&programs.join("initdb"))
        .arg("-D")
        .arg(dir.join("data"))
        .args(["-U", "lethe", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"])
        .output()
        .expect("initdb runs");
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    as_server_user(Path::new("/bin/sh"))
        .args(["-c", WATCH, "sh"])
        .arg(&programs)
        .arg(&dir)
        .arg(std::process::id().to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("PostgreSQL starts");
    let socket = dir.join(".s.PGSQL.5432");
    for _ in 0..600 {
        if socket.exists() {
            return Cluster { dir };
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let log = std::fs::read_to_string(dir.join("log")).unwrap_or_default();
    panic!("PostgreSQL did not come up: {log}");
}

impl Cluster {
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
        let created = Command::new(programs().join("psql"))
            .args(["-q", "-d", &cluster.url("postgres"), "-c", &format!("CREATE DATABASE {name}")])
            .output()
            .expect("psql runs");
        if created.status.success() {
            return DbUrl::Postgres(cluster.url(&name));
        }
        last = Some(String::from_utf8_lossy(&created.stderr).into_owned());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no database could be made: {last:?}");
}
