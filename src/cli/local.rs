//! Opening Lethe's own data from a command that works without a server.

use anyhow::Context;

use super::config::{Config, StoreArgs};
use crate::db::Db;
use crate::flow::{App, Settings};

/// Opens and migrates the database.
pub(super) async fn open(config: &Config) -> anyhow::Result<Db> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data directory {}", config.data_dir.display()))?;
    let db = Db::open(&config.db_url()?).await.context("cannot open the database")?;
    db.migrate().await?;
    Ok(db)
}

/// Starts the use cases with or without followers.
pub(super) async fn start(config: &Config, follow: bool) -> anyhow::Result<App> {
    let db = open(config).await?;
    let settings = Settings {
        data_dir: Some(config.data_dir.clone()),
        follow,
        retention_days: config.retention_days,
    };
    Ok(App::start(db, crate::base::SystemClock::shared(), settings).await?)
}

/// Brings the schema up to date.
pub(super) async fn migrate(args: StoreArgs) -> anyhow::Result<()> {
    let db = open(&args.config()?).await?;
    println!("the schema of the {} database is up to date", db.kind());
    db.close().await;
    Ok(())
}
