//! `lethe config check`: what is in force, or what is wrong with it.
//!
//! It demands all that `serve` demands before it opens the database, which it does not touch.

use super::config::{Config, ServeArgs};
use super::out::{self, say};
use super::{local, root_key, telemetry, tls};
use crate::db::DbUrl;

/// Prints what is in force; an error if `serve` would refuse it.
pub(super) fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let config = Config::of(args)?;
    let url = config.db_url()?;
    telemetry::check(&config)?;
    root_key::check(&config.data_dir)?;
    local::admin_token(&config)?;
    out::text(&toml::to_string_pretty(&config)?)?;
    match url {
        DbUrl::Sqlite(path) => say!("# database: SQLite at {}", path.display())?,
        DbUrl::Postgres(_) => say!("# database: PostgreSQL")?,
    }
    if let Some(files) = &config.tls {
        tls::read(files)?;
    }
    Ok(())
}
