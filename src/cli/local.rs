//! Opening Lethe's own data from a command that works without a server.

use std::sync::Arc;

use anyhow::Context;

use super::config::{Config, DataArgs};
use super::{data_dir, root_key};
use crate::access::token::SecretHash;
use crate::base::NodeClock;
use crate::db::Db;
use crate::flow::{App, Settings, Vault};

/// Opens and migrates the database.
pub(super) async fn open(config: &Config) -> anyhow::Result<Db> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data directory {}", config.data_dir.display()))?;
    let db = Db::open(&config.db_url()?).await.context("cannot open the database")?;
    db.migrate().await?;
    Ok(db)
}

/// Starts the use cases with or without followers, with room for so many listeners.
pub(super) async fn start(
    config: &Config,
    follow: bool,
    listeners_max: usize,
) -> anyhow::Result<App> {
    let db = open(config).await?;
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
    let bootstrap = admin_token();
    anyhow::ensure!(
        !config.open || bootstrap.is_none(),
        "`open` asks nobody for LETHE_ADMIN_TOKEN: set one of them"
    );
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
    println!("the schema of the {} database is up to date", db.kind());
    db.close().await;
    Ok(())
}

/// Returns the digest of the bootstrap administrator's token, if one is set.
#[expect(clippy::disallowed_methods, reason = "secrets come by the environment, never by flags")]
fn admin_token() -> Option<SecretHash> {
    let token = std::env::var("LETHE_ADMIN_TOKEN").ok().filter(|token| !token.is_empty());
    token.map(|token| SecretHash::of(token.as_bytes()))
}
