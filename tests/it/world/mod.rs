//! A world for one test: Lethe on one database, in a folder of its own, with a clock that
//! the test moves, asked through its real router without a socket.

mod answer;
mod answers;
mod clock;
pub mod dump;
mod people;
mod pooler;
mod postgres;
mod small_disk;
mod told;
mod way;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use lethe::access::SecretHash;
use lethe::audit::VerifierKey;
use lethe::db::{Db, DbUrl};
use lethe::flow::{App, Settings, Signer, Vault};
use lethe::http::{Hosts, Http, HttpSettings, router};
use lethe::keys::GivenProvider;
use ring::signature::{Ed25519KeyPair, KeyPair};
use tempfile::TempDir;
use tower::ServiceExt;

pub use answer::Answer;
pub use answers::answers;
pub use clock::TestClock;
pub use people::runtime;
pub use pooler::{Pooler, Pooling};
pub use postgres::{OwnServer, keep, put_back};
pub use small_disk::SmallDisk;
pub use told::{Closely, Told, told, told_otherwise};
pub use way::Way;

/// Which database a world stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file in the world's folder.
    Sqlite,
    /// A database of its own on a PostgreSQL that the test binary starts.
    Postgres,
}

impl Backend {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// Makes an empty database: in this folder, or on the test binary's PostgreSQL.
pub async fn fresh_url(backend: Backend, dir: &std::path::Path) -> DbUrl {
    match backend {
        Backend::Sqlite => DbUrl::in_dir(dir),
        Backend::Postgres => postgres::fresh_database().await,
    }
}

/// Lethe, to be asked.
pub struct World {
    /// Which database it stands on.
    pub backend: Backend,
    /// The use cases.
    pub app: App,
    /// The clock.
    pub clock: Arc<TestClock>,
    /// Where its files are.
    pub dir: TempDir,
    /// Its database's URL.
    pub url: DbUrl,
    door: Door,
    router: axum::Router,
}

/// The bootstrap administrator's token, where a world is guarded.
pub const TOKEN: &str = "a token of the administrator's own choice";

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// Everybody.
    Open,
    /// The bootstrap administrator, and whoever is known.
    Bootstrap,
    /// Whoever is known.
    Known,
}

impl World {
    /// Makes a world on a fresh database.
    pub async fn new(backend: Backend) -> Self {
        Self::with(backend, settings()).await
    }

    /// Makes a world with settings of the HTTP door.
    pub async fn with(backend: Backend, settings: HttpSettings) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let url = fresh_url(backend, dir.path()).await;
        Self::open(backend, dir, url, settings, Door::Open).await
    }

    /// Makes a world that asks who is there, and knows the bootstrap administrator.
    pub async fn guarded(backend: Backend) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let url = fresh_url(backend, dir.path()).await;
        Self::open(backend, dir, url, settings(), Door::Bootstrap).await
    }

    /// Makes a world where everybody is asked who they are, with these rules in force. The
    /// administrator's token is [`TOKEN`].
    pub async fn with_rules(backend: Backend, rules: &str) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let url = fresh_url(backend, dir.path()).await;
        let db = Db::open(&url).await.expect("the database opens");
        db.migrate().await.expect("the schema is made");
        let mut tx = db.begin().await.expect("a transaction");
        let now = lethe::base::Time::from_micros(1);
        let version = tx.add_policy(now, "{}", (rules, "")).await.expect("a draft");
        tx.activate_policy(version, "{}").await.expect("in force");
        tx.commit().await.expect("committed");
        db.close().await;
        Self::open(backend, dir, url, settings(), Door::Bootstrap).await
    }

    /// Makes a second node on the same database.
    pub async fn another_node(&self) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        Self::open(self.backend, dir, self.url.clone(), settings(), self.door).await
    }

    /// Makes a second node on the same PostgreSQL, and the way that it takes there.
    pub async fn another_node_by_a_way(&self) -> (Self, Way) {
        let dir = TempDir::new().expect("a temporary folder");
        let (way, url) = Way::to(&self.url).await;
        (Self::open(self.backend, dir, url, settings(), self.door).await, way)
    }

    async fn open(
        backend: Backend,
        dir: TempDir,
        url: DbUrl,
        settings: HttpSettings,
        door: Door,
    ) -> Self {
        let db = Db::open(&url).await.expect("the database opens");
        db.migrate().await.expect("the schema is made");
        let clock = Arc::new(TestClock::default());
        let app_settings = Settings {
            data_dir: Some(dir.path().to_owned()),
            follow: true,
            retention_days: None,
            retention_runs: 20,
            signer: Some(Arc::new(signer())),
            vault: Some(Arc::new(vault())),
            listeners_max: lethe::base::limits::LISTENERS_MAX,
            open: door == Door::Open,
            bootstrap: (door == Door::Bootstrap).then(|| SecretHash::of(TOKEN.as_bytes())),
        };
        let app = App::start(db, Arc::clone(&clock) as _, app_settings).await.expect("it starts");
        let http = Http { app: app.clone(), settings: Arc::new(settings), metrics: None };
        Self { backend, app, clock, dir, url, door, router: router(http) }
    }

    /// Stops it and starts it again on what it left.
    pub async fn restart(self) -> Self {
        self.app.stop().await;
        let Self { backend, dir, url, door, .. } = self;
        Self::open(backend, dir, url, settings(), door).await
    }

    /// Keeps a copy of the database as it is now.
    pub async fn keep(&self) {
        match &self.url {
            DbUrl::Sqlite(path) => {
                let copy = format!("VACUUM INTO '{}'", path.with_extension("kept").display());
                dump::run(&self.url, &[copy.leak()]).await;
            }
            DbUrl::Postgres(_) => keep(&self.url),
        }
    }

    /// Stops it, puts the copy in the place of its database, and starts it again.
    pub async fn put_back(self) -> Self {
        self.app.stop().await;
        match &self.url {
            DbUrl::Sqlite(path) => {
                std::fs::rename(path.with_extension("kept"), path).expect("it is put back");
            }
            DbUrl::Postgres(_) => put_back(&self.url),
        }
        let Self { backend, dir, url, door, .. } = self;
        Self::open(backend, dir, url, settings(), door).await
    }

    /// Starts it again where no bootstrap administrator is known.
    pub async fn restart_without_bootstrap(self) -> Self {
        Self { door: Door::Known, ..self }.restart().await
    }

    /// Asks as somebody, by their token.
    pub async fn as_whom(&self, token: &str, method: &str, path: &str, body: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("content-type", "application/json");
        let request = request.header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    /// Asks as somebody for an answer that may not end, and reads what it says first.
    pub async fn begins_with(&self, token: &str, path: &str) -> Answer {
        let request = Request::get(path).header("host", "localhost");
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        Answer::begin(response).await
    }

    /// Sends a request; to `localhost`, if it names no host.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let host = request.headers_mut().entry("host");
        host.or_insert(HeaderValue::from_static("localhost"));
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        Answer::read(response).await
    }

    /// Asks for a path.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// Sends a body by a method.
    pub async fn call(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("content-type", "application/json");
        self.send(request.body(body.into()).expect("a request")).await
    }

    /// Sends JSON with a token.
    pub async fn call_as(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: &serde_json::Value,
    ) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    /// Posts an event, which must be accepted.
    pub async fn ingest(&self, event: &serde_json::Value) {
        let answer = self.call("POST", "/api/v1/lineage", event.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    /// Reads what follows from the event log, whole tables.
    pub async fn projections(&self) -> BTreeMap<&'static str, dump::Rows> {
        dump::live(dump::dump(&self.url, &dump::PROJECTIONS).await)
    }

    /// Waits until lineage and search have seen everything that is committed.
    pub async fn settle(&self) {
        let head = self.app.db().head().await.expect("the database answers");
        let position = u64::try_from(head.position).expect("positions are positive");
        self.app.wait_for(position.into()).await.expect("the followers come there");
    }
}

/// The door's settings: it is known as `lethe.example.com` too.
pub fn settings() -> HttpSettings {
    let name = "lethe.example.com".to_owned();
    HttpSettings { hosts: Hosts::new([127, 0, 0, 1].into(), [name]), ..HttpSettings::default() }
}

/// Signs the audit log with a key that every world shares.
fn signer() -> Signer {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key");
    let public = pair.public_key().as_ref().try_into().expect("32 bytes");
    let key = VerifierKey::new("lethe.test/audit", public).expect("a name");
    Signer::new(key, move |text| pair.sign(text).as_ref().try_into().expect("64 bytes"))
}

/// Seals personal values under a root key that every world shares.
fn vault() -> Vault {
    let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned();
    let provider = GivenProvider::parse(&text.into()).expect("a root key");
    Vault::new(Arc::new(provider))
}
