//! `lethe keys`: keys listed, rotated, destroyed and put aside, on Lethe's own database.
//!
//! A running server takes what is done here into account: it reads wrapped keys anew for every
//! use. Every act but listing is recorded in the audit log.

use std::path::PathBuf;

use anyhow::Context;
use uuid::Uuid;

use super::config::DataArgs;
use super::local;
use super::out::say;
use super::root_key::secret_env;
use crate::flow::{Actor, App, KeyEntry};
use crate::keys::{KdfCost, SecretBytes, open_backup, seal_backup};

/// Seals and opens backups of wrapped keys.
const PASSPHRASE: &str = "LETHE_BACKUP_PASSPHRASE";
/// Keys that are read at once.
const PAGE: usize = 1_000;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
    /// Print the result as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List keys, without their bytes
    List,
    /// Make a new version of the root key, where it lies in a sealed file, and wrap bucket keys under
    /// it; where it is given from outside, wrap them under the highest version that was given
    Rotate,
    /// Give new keys to buckets in which something was shredded
    Rekey {
        /// Rekey every bucket
        #[arg(long)]
        all: bool,
    },
    /// Destroy a subject's key: what it sealed is gone for good
    Shred {
        /// The subject's reference
        subject: Uuid,
        /// Why, for the audit log; no personal data
        #[arg(long)]
        reason: Option<String>,
    },
    /// Destroy a version of the root key, so that backups of its time cannot be opened
    DestroyRoot {
        /// The version
        version: u32,
    },
    /// Write all wrapped keys to a file, sealed under LETHE_BACKUP_PASSPHRASE; the root key is not among them
    Backup {
        /// The file, which must not exist
        file: PathBuf,
    },
    /// Put back keys that are missing; shredded ones stay shredded
    Restore {
        /// A file that `backup` wrote
        file: PathBuf,
    },
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let app = local::resume(&args.data.config()?).await?;
    let done = work(&app, &args).await;
    app.stop().await;
    done
}

async fn work(app: &App, args: &Args) -> anyhow::Result<()> {
    let actor = Actor::system();
    let (words, json) = match &args.command {
        Command::List => return list(app, args.json).await,
        Command::Rotate => {
            let done = app.rotate_root(&actor, true).await?;
            let (version, buckets) = (done.root_version, done.buckets);
            (
                format!("root key version {version}; {buckets} bucket keys wrapped anew"),
                serde_json::json!({"rootVersion": version, "buckets": buckets}),
            )
        }
        Command::Rekey { all } => {
            let bar = indicatif::ProgressBar::no_length();
            let told = |done: usize, of: usize| {
                bar.set_length(of as u64);
                bar.set_position(done as u64);
            };
            let buckets = app.rekey(&actor, *all, told).await?;
            bar.finish_and_clear();
            (format!("{buckets} buckets rekeyed"), serde_json::json!({"buckets": buckets}))
        }
        Command::Shred { subject, reason } => {
            app.shred_key(&actor, *subject, reason.as_deref()).await?;
            (format!("{subject} shredded"), serde_json::json!({"shredded": subject}))
        }
        Command::DestroyRoot { version } => {
            app.destroy_root(&actor, *version).await?;
            (format!("root version {version} destroyed"), serde_json::json!({"destroyed": version}))
        }
        Command::Backup { file } => {
            let (text, keys) = app.backup_keys(&actor).await?;
            let sealed = seal_backup(&passphrase()?, KdfCost::RECOMMENDED, &text)?;
            write_new(file, &sealed)?;
            (format!("{keys} keys in {}", file.display()), serde_json::json!({"keys": keys}))
        }
        Command::Restore { file } => {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            let opened = open_backup(&passphrase()?, &text)?;
            let keys = app.restore_keys(&actor, opened.expose()).await?;
            (format!("{keys} keys put back"), serde_json::json!({"restored": keys}))
        }
    };
    Ok(say!("{}", if args.json { json.to_string() } else { words })?)
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let mut after = Uuid::nil();
    loop {
        let keys = app.keys(after, PAGE).await?;
        for key in &keys {
            say!("{}", line(key, json))?;
        }
        let Some(last) = keys.last().filter(|_| keys.len() == PAGE) else { return Ok(()) };
        after = last.id;
    }
}

fn line(key: &KeyEntry, json: bool) -> String {
    let KeyEntry { id, kind, bucket, generation, root_version, created, shredded } = key;
    if json {
        return serde_json::json!({
            "id": id, "kind": kind, "bucket": bucket, "generation": generation,
            "rootVersion": root_version, "createdAt": created, "shreddedAt": shredded,
        })
        .to_string();
    }
    let state = if shredded.is_some() { " shredded" } else { "" };
    let generation = generation.map_or(String::new(), |number| format!(" generation {number}"));
    let root = root_version.map_or(String::new(), |number| format!(" under root version {number}"));
    format!("{id} {kind} bucket {bucket}{generation}{root}{state}")
}

fn passphrase() -> anyhow::Result<SecretBytes> {
    secret_env(PASSPHRASE).with_context(|| format!("set {PASSPHRASE}"))
}

fn write_new(path: &std::path::Path, text: &str) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file =
        options.open(path).with_context(|| format!("cannot write {}", path.display()))?;
    std::io::Write::write_all(&mut file, text.as_bytes())?;
    Ok(file.sync_all()?)
}
