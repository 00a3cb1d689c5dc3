//! Opening Lethe's own data from a command that works without a server.

use std::sync::Arc;

use anyhow::Context;

use super::config::{Config, DataArgs};
use super::out::say;
use super::{data_dir, root_key};
use crate::access::token::SecretHash;
use crate::base::NodeClock;
use crate::db::{Db, DbUrl};
use crate::flow::{App, Settings, Vault};

/// Shorter tokens of the administrator can be guessed, bytes: 24 random characters of base64 are
/// 144 bits.
const ADMIN_TOKEN_BYTES_MIN: usize = 24;

/// A command that works on what is there found nothing: a name was mistyped, most likely.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no {what} at {place}: is `--data-dir` (or `--database`) right? `lethe serve`, `migrate` \
     and `import` make one"
)]
pub(super) struct NoDatabase {
    what: &'static str,
    place: String,
}

impl NoDatabase {
    fn at(place: String) -> Self {
        Self { what: "database", place }
    }
}

/// Opens and migrates the database; begins one if there is none.
pub(super) async fn open(config: &Config) -> anyhow::Result<Db> {
    make_dir(config)?;
    let db = connect(config).await?;
    db.migrate().await?;
    Ok(db)
}

/// Opens and migrates a database that is there. Makes neither it nor the data directory.
///
/// # Errors
///
/// [`NoDatabase`] if there is none.
pub(super) async fn open_existing(config: &Config) -> anyhow::Result<Db> {
    demand(config)?;
    let db = connect(config).await?;
    match db.ping().await {
        Ok(_) => {}
        Err(error) if error.is_retriable() => return Err(error.into()),
        // It has no such table, as the error says.
        Err(error) => {
            let none = NoDatabase::at(place(&config.db_url()?));
            return Err(anyhow::Error::from(error).context(none));
        }
    }
    db.migrate().await?;
    Ok(db)
}

/// Demands that there is a database, as far as can be told without opening it: a file that is opened
/// is made.
///
/// # Errors
///
/// [`NoDatabase`] if there is none.
pub(super) fn demand(config: &Config) -> anyhow::Result<()> {
    let url = config.db_url()?;
    match &url {
        DbUrl::Sqlite(path) if std::fs::metadata(path).map_or(true, |file| file.len() == 0) => {
            Err(NoDatabase::at(place(&url)).into())
        }
        _ => Ok(()),
    }
}

fn place(url: &DbUrl) -> String {
    match url {
        DbUrl::Sqlite(path) => path.display().to_string(),
        // It may hold a password.
        DbUrl::Postgres(_) => "the PostgreSQL that `database` names".to_owned(),
    }
}

fn make_dir(config: &Config) -> anyhow::Result<()> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data directory {}", config.data_dir.display()))
}

async fn connect(config: &Config) -> anyhow::Result<Db> {
    Db::open(&config.db_url()?).await.context("cannot open the database")
}

/// Starts the use cases with or without followers, with room for so many listeners. Begins a database
/// if there is none.
pub(super) async fn start(
    config: &Config,
    follow: bool,
    listeners_max: usize,
) -> anyhow::Result<App> {
    start_on(open(config).await?, config, follow, listeners_max).await
}

/// Starts the use cases without followers on a database that is there.
///
/// # Errors
///
/// [`NoDatabase`] if there is none, or, with PostgreSQL, no data directory that could hold the root key.
pub(super) async fn resume(config: &Config) -> anyhow::Result<App> {
    let dir = &config.data_dir;
    if !dir.is_dir() && !root_key::is_given() {
        demand(config)?;
        let place = dir.display().to_string();
        return Err(NoDatabase { what: "data directory", place }.into());
    }
    let db = open_existing(config).await?;
    make_dir(config)?;
    start_on(db, config, false, 0).await
}

async fn start_on(
    db: Db,
    config: &Config,
    follow: bool,
    listeners_max: usize,
) -> anyhow::Result<App> {
    let clock = NodeClock::shared();
    let root = root_key::open(&config.data_dir)?;
    let vault = Vault::new(Arc::clone(&root.provider));
    let signer = match vault.signer(&db, clock.now()).await {
        Ok(signer) => signer,
        Err(error) => {
            root.forget_new();
            return Err(error).context(
                "cannot open the database's keys: is this the root key that they were sealed with?",
            );
        }
    };
    let bootstrap = admin_token(config)?;
    let settings = Settings {
        data_dir: Some(config.data_dir.clone()),
        follow,
        retention_days: config.retention_days,
        retention_runs: config.retention_runs,
        signer: Some(Arc::new(signer)),
        listeners_max,
        open: config.open,
        vault: Some(Arc::new(vault)),
        bootstrap,
    };
    Ok(App::start(db, clock, settings).await?)
}

/// Brings the schema up to date.
pub(super) async fn migrate(args: DataArgs) -> anyhow::Result<()> {
    let config = args.config()?;
    let _alone = data_dir::take(&config)?;
    let db = open(&config).await?;
    let told = say!("the schema of the {} database is up to date", db.kind());
    db.close().await;
    Ok(told?)
}

/// Returns the digest of the bootstrap administrator's token, if one is set.
///
/// # Errors
///
/// An error if it is set and nobody is asked for it.
#[expect(clippy::disallowed_methods, reason = "secrets come by the environment, never by flags")]
pub(super) fn admin_token(config: &Config) -> anyhow::Result<Option<SecretHash>> {
    let token = std::env::var("LETHE_ADMIN_TOKEN").ok().filter(|token| !token.is_empty());
    anyhow::ensure!(
        !config.open || token.is_none(),
        "`open` asks nobody for LETHE_ADMIN_TOKEN: set one of them"
    );
    if token.as_ref().is_some_and(|token| token.len() < ADMIN_TOKEN_BYTES_MIN) {
        tracing::warn!(
            "LETHE_ADMIN_TOKEN is short and can be guessed: {ADMIN_TOKEN_BYTES_MIN} random characters or more are safe"
        );
    }
    Ok(token.map(|token| SecretHash::of(token.as_bytes())))
}
