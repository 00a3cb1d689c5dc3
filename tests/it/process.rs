//! The real binary as an operator runs it: started in a folder of its own, asked over a
//! socket, and ended by the signals that end it in life.
//!
//! It shares no memory with the test, so what it forgets when it is killed is forgotten.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lethe::db::DbUrl;
use rustix::process::{Pid, Signal, kill_process};

use crate::world::Answer;

/// How long a start may take in a debug build on a busy machine.
const START_TIME_MAX: Duration = Duration::from_secs(60);
/// How long the followers may take to come to the last commit.
const READY_TIME_MAX: Duration = Duration::from_secs(90);

/// How Lethe is started.
#[derive(Debug, Clone)]
pub struct Launch {
    dir: PathBuf,
    url: DbUrl,
    /// What a shell does before it becomes Lethe.
    before: Vec<String>,
    open: bool,
    env: Vec<(String, String)>,
}

impl Launch {
    /// Starts it on this folder and database, open to everybody.
    pub fn new(dir: &Path, url: &DbUrl) -> Self {
        Self {
            dir: dir.to_owned(),
            url: url.clone(),
            before: Vec::new(),
            open: true,
            env: Vec::new(),
        }
    }

    /// Lets [`Lethe::limit_files`] make the disk look full: a write beyond a file-size
    /// limit then fails instead of ending the process.
    #[must_use]
    pub fn with_full_disk(mut self) -> Self {
        self.before.push("trap '' XFSZ".to_owned());
        self
    }

    /// Lets it have so many descriptors and no more.
    #[must_use]
    pub fn with_descriptors(mut self, count: usize) -> Self {
        self.before.push(format!("ulimit -n {count}"));
        self
    }

    /// Lets it ask who is there, with no administrator's token.
    #[must_use]
    pub fn guarded(mut self) -> Self {
        self.open = false;
        self
    }

    /// Sets a variable of its environment. Where there is an administrator's token, it asks who
    /// is there.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.open &= name != "LETHE_ADMIN_TOKEN";
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs a command of the binary to its end on the same data and returns what it printed.
    pub fn run(&self, args: &[&str]) -> String {
        let out = self.output(args);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "lethe {args:?}: {}: {said}", out.status);
        String::from_utf8(out.stdout).expect("it prints UTF-8")
    }

    /// Runs a command of the binary to its end on the same data.
    pub fn output(&self, args: &[&str]) -> std::process::Output {
        self.command(args).output().expect("lethe runs")
    }

    /// Starts the server without waiting for anything.
    pub fn spawn(&self) -> Lethe {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("LETHE_LOG", "info,sqlx=error").stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().expect("lethe starts");
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stderr.take().expect("its standard error"));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                lock(&kept).push(line);
            }
        });
        Lethe { child, log, address: None, client: client() }
    }

    /// Starts the server and waits until it takes requests.
    pub async fn start(&self) -> Lethe {
        let mut lethe = self.spawn();
        lethe.listening().await;
        lethe
    }

    /// Makes a command of the binary on the same data, to be started.
    pub fn command(&self, args: &[&str]) -> Command {
        let binary = env!("CARGO_BIN_EXE_lethe");
        let mut command = if self.before.is_empty() {
            Command::new(binary)
        } else {
            let mut shell = Command::new("/bin/sh");
            let before = self.before.join("; ");
            shell.args(["-c", &format!("{before}; exec \"$0\" \"$@\""), binary]);
            shell
        };
        let url = match &self.url {
            DbUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DbUrl::Postgres(url) => url.clone(),
        };
        command.args(args).current_dir(&self.dir);
        command.env_remove("LETHE_ADMIN_TOKEN").env("LETHE_OPEN", self.open.to_string());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.env("LETHE_DATA_DIR", &self.dir).env("LETHE_DATABASE_URL", url);
        command
    }
}

/// A client that keeps connections, as those of producers do.
pub fn client() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running server. Dropped, it is killed.
#[derive(Debug)]
pub struct Lethe {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    address: Option<SocketAddr>,
    client: reqwest::Client,
}

impl Drop for Lethe {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Lethe {
    /// Waits until it takes requests.
    #[track_caller]
    pub fn listening(&mut self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let until = Instant::now() + START_TIME_MAX;
            while self.address.is_none() {
                self.address = lock(&self.log).iter().find_map(|line| {
                    line.strip_prefix("Lethe listens on ")?.split_once("://")?.1.parse().ok()
                });
                let ended = self.child.try_wait().expect("its state");
                assert!(ended.is_none(), "{caller}: it ended: {ended:?}\n{}", self.log());
                assert!(Instant::now() < until, "{caller}: it does not start\n{}", self.log());
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }

    /// Waits until it is ready and its followers have seen everything that is committed.
    pub async fn caught_up(&self) {
        let until = Instant::now() + READY_TIME_MAX;
        loop {
            let answer = self.get("/readyz").await;
            let state = answer.json();
            let behind = state["followers"].as_array().into_iter().flatten();
            let close = behind.map(|one| &one["behind"]).all(|behind| behind == 0);
            if answer.status == 200 && close {
                return;
            }
            assert!(Instant::now() < until, "it does not catch up: {state}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Returns what it has written to its log.
    pub fn log(&self) -> String {
        lock(&self.log).join("\n")
    }

    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address.expect("it listens")
    }

    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// Returns the id of its process.
    pub fn pid(&self) -> String {
        self.child.id().to_string()
    }

    /// Asks for a path; a failure of the connection fails the test.
    pub async fn get(&self, path: &str) -> Answer {
        let answer = answer(self.client.get(self.url(path))).await;
        answer.unwrap_or_else(|error| panic!("GET {path}: {error}\n{}", self.log()))
    }

    /// Sends a body; a failure of the connection fails the test.
    pub async fn call(&self, method: &str, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let answer = self.try_call(method, path, body).await;
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.log()))
    }

    /// Sends a body.
    pub async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: impl Into<reqwest::Body>,
    ) -> reqwest::Result<Answer> {
        let method = method.parse().expect("a method");
        answer(self.client.request(method, self.url(path)).body(body)).await
    }

    /// Makes every file look full beyond this many bytes, or takes the limit away.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let soft = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        let pid = self.pid();
        let mut prlimit = Command::new("prlimit");
        prlimit.args(["--pid", &pid, &format!("--fsize={soft}:unlimited")]);
        assert!(prlimit.status().expect("prlimit (Debian: util-linux)").success());
    }

    /// Kills it as `kill -9` does and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
        self.unharmed();
    }

    /// Asks it to stop (SIGTERM); does not wait.
    pub fn ask_to_stop(&self) {
        signal(Signal::TERM, &self.pid());
    }

    /// Waits until it has stopped by itself and returns how.
    pub async fn stopped(mut self, within: Duration) -> ExitStatus {
        let until = Instant::now() + within;
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                self.unharmed();
                return status;
            }
            assert!(Instant::now() < until, "it does not stop\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until it has failed by itself and returns what it said.
    pub async fn log_to_the_end(mut self, within: Duration) -> String {
        let until = Instant::now() + within;
        while self.child.try_wait().expect("its state").is_none() {
            assert!(Instant::now() < until, "it does not end\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(!self.child.wait().expect("its state").success());
        // Its last words may still be on their way.
        tokio::time::sleep(Duration::from_millis(200)).await;
        self.unharmed();
        self.log()
    }

    /// Demands that nothing in it panicked.
    #[track_caller]
    pub fn unharmed(&self) {
        let log = self.log();
        assert!(!log.contains("panicked at") && !log.contains("panic:"), "{log}");
    }
}

/// Sends a request and reads the whole answer.
pub async fn answer(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Answer { status, headers, text, bytes })
}

/// Sends a signal to a process. No program of the system is needed for it: small ones have none.
pub fn signal(signal: Signal, pid: &str) {
    let sent = kill_process(pid_of(pid), signal);
    assert!(sent.is_ok(), "no process {pid} to be sent {signal:?}: {sent:?}");
}

/// Reads the number of a process.
pub fn pid_of(text: &str) -> Pid {
    text.trim().parse().ok().and_then(Pid::from_raw).expect("the number of a process")
}
