//! A PostgreSQL whose data lies on a small disk of its own, which can be filled and given room.
//!
//! The disk is a file system in memory, mounted where only the server sees it: root may, and so may
//! everybody in a user namespace of their own.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lethe::db::DbUrl;
use tempfile::TempDir;

use super::postgres::{as_server_user, is_root, programs};

/// Mounts the disk, then runs what follows.
const MOUNT: &str =
    r#"mount -t tmpfs -o "size=$2,mode=1777" tmpfs "$1/disk" || exit 1; shift 2; exec "$@""#;

/// Makes a cluster and serves it while the tests run and the folder `runs` is there. Its journal lies on
/// another disk, as is usual: where that is full the server itself goes down.
const SERVE: &str = r#"
"$1/initdb" -D "$2/disk/data" -X "$2/journal" -U lethe -A trust --no-sync -E UTF8 --locale=C >"$2/log" 2>&1 || exit 1
"$1/postgres" -D "$2/disk/data" -k "$2" -c listen_addresses= -c fsync=off >>"$2/log" 2>&1 &
server=$!
while [ -d "/proc/$3" ] && [ -d "$2/runs" ] && kill -0 $server 2>/dev/null; do sleep 0.1; done
kill -INT $server 2>/dev/null; wait $server; rm -rf "$2/journal"
"#;

/// The server and its disk.
pub struct SmallDisk {
    dir: TempDir,
    watch: Child,
}

impl SmallDisk {
    /// Makes a disk of some bytes and starts a server on it.
    pub fn start(bytes: u64) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        for folder in ["", "disk", "runs"] {
            let folder = dir.path().join(folder);
            std::fs::create_dir_all(&folder).expect("a folder");
            Command::new("chmod").arg("777").arg(&folder).status().expect("chmod");
        }
        let mut alone = Command::new("unshare");
        if !is_root() {
            alone.args(["--user", "--map-current-user", "--keep-caps"]);
        }
        let server = as_server_user(Path::new("/bin/sh"));
        let watch = alone
            .args(["--mount", "/bin/sh", "-c", MOUNT, "sh"])
            .arg(dir.path())
            .arg(bytes.to_string())
            .arg(server.get_program())
            .args(server.get_args())
            .args(["-c", SERVE, "sh"])
            .arg(programs())
            .arg(dir.path())
            .arg(std::process::id().to_string())
            .stdin(Stdio::null())
            .spawn()
            .expect("unshare runs");
        let started = Self { dir, watch };
        started.await_start();
        started
    }

    fn await_start(&self) {
        for _ in 0..600 {
            if self.dir.path().join(".s.PGSQL.5432").exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(self.dir.path().join("log"));
        panic!("PostgreSQL did not come up: {log:?}");
    }

    /// Returns the URL of its database.
    pub fn url(&self) -> DbUrl {
        let dir = self.dir.path().display();
        DbUrl::Postgres(format!("postgres://lethe@localhost/postgres?host={dir}"))
    }

    /// Takes up room with something else.
    pub fn take_room(&self, bytes: usize) {
        let mut file = File::create(self.other()).expect("a file on the disk");
        file.write_all(&vec![1; bytes]).expect("there is room for it");
    }

    /// Gives back what [`Self::take_room`] took.
    pub fn give_room(&self) {
        std::fs::remove_file(self.other()).expect("it is removed");
    }

    /// Returns the other file, seen as the server sees it.
    fn other(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.watch.id()));
        let dir = self.dir.path().strip_prefix("/").expect("an absolute path");
        root.join(dir).join("disk/other")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(std::fs::remove_dir(self.dir.path().join("runs")));
        drop(self.watch.wait());
    }
}
