//! `lethe import`: events from files into the database, resumable.

use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, BufReader};
use uuid::Uuid;

use super::config::DataArgs;
use super::out::say;
use super::{data_dir, local};
use crate::base::Digest;
use crate::flow::{App, Imported, Importer, Refusal};

/// Bytes of a file's beginning that tell whether it is the file it was.
const BEGINNING_BYTES: usize = 64 * 1024;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files of newline-delimited JSON; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Import files from their beginning, even if they were imported before
    #[arg(long)]
    from_start: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let config = args.data.config()?;
    let _alone = data_dir::take(&config)?;
    let app = local::start(&config, false, 0).await?;
    let mut sum = Imported::default();
    let mut result = Ok(());
    for file in &args.files {
        let done = if file.as_os_str() == "-" {
            let bar = bar(None, "standard input");
            let mut stdin = BufReader::with_capacity(1 << 20, tokio::io::stdin());
            match stdin.fill_buf().await.map_err(Into::into).and_then(not_packed) {
                Ok(()) => app
                    .import(stdin, Importer::Itself, (None, 0), |done| bar.set_position(done.bytes))
                    .await
                    .map_err(failed),
                Err(error) => Err(error),
            }
        } else {
            import_file(&app, file, args.from_start).await
        };
        match done {
            Ok(done) => add(&mut sum, done),
            Err(error) => {
                result =
                    Err(error).with_context(|| format!("importing {} stopped", file.display()));
                break;
            }
        }
    }
    app.stop().await;
    let told = report(&sum, args.json);
    result?;
    anyhow::ensure!(
        sum.refused == 0 || sum.new + sum.known > 0,
        "nothing was taken: all {} lines were refused",
        sum.refused
    );
    Ok(told?)
}

/// Demands that what begins so is not packed: its lines would all be refused.
fn not_packed(beginning: &[u8]) -> anyhow::Result<()> {
    const PACKED: [(&[u8], &str, &str); 2] =
        [(&[0x28, 0xb5, 0x2f, 0xfd], "zstd", "zstd -dc"), (&[0x1f, 0x8b], "gzip", "gzip -dc")];
    match PACKED.iter().find(|(magic, ..)| beginning.starts_with(magic)) {
        Some((_, name, unpack)) => anyhow::bail!(
            "it is packed with {name}: unpack it on the way, `{unpack} FILE | lethe import -`"
        ),
        None => Ok(()),
    }
}

fn add(sum: &mut Imported, done: Imported) {
    sum.received += done.received;
    sum.new += done.new;
    sum.known += done.known;
    sum.refused += done.refused;
    sum.bytes += done.bytes;
    sum.position = done.position;
}

fn report(sum: &Imported, json: bool) -> std::io::Result<()> {
    if json {
        return say!(
            "{}",
            serde_json::json!({"received": sum.received, "new": sum.new, "known": sum.known, "refused": sum.refused})
        );
    }
    say!(
        "{} lines: {} new events, {} known, {} refused",
        sum.received,
        sum.new,
        sum.known,
        sum.refused
    )?;
    if sum.refused > 0 {
        say!("refused lines are kept: see /api/v1/dead-letters")?;
    }
    Ok(())
}

async fn import_file(app: &App, path: &Path, from_start: bool) -> anyhow::Result<Imported> {
    let mut file = tokio::fs::File::open(path).await?;
    let size = file.metadata().await?.len();
    let id = identify(&mut file, path).await?;
    let start = if from_start { 0 } else { app.import_start(id).await? };
    let start = if start > size { 0 } else { start };
    file.seek(std::io::SeekFrom::Start(start)).await?;
    let bar = bar(Some(size), &path.display().to_string());
    let reader = BufReader::with_capacity(1 << 20, file);
    let done = app
        .import(reader, Importer::Itself, (Some(id), start), |done| bar.set_position(done.bytes))
        .await
        .map_err(failed)?;
    bar.finish_and_clear();
    Ok(done)
}

/// Words why an import stopped. Nothing is decided about whoever holds the database.
fn failed(refusal: Refusal) -> anyhow::Error {
    match refusal {
        Refusal::Denied(why) => anyhow::anyhow!(why),
        Refusal::Ended => anyhow::anyhow!("whoever imports is nobody any more"),
        Refusal::Failed(error) => error.into(),
    }
}

/// Tells a file by its name and beginning, which must not be packed.
async fn identify(file: &mut tokio::fs::File, path: &Path) -> anyhow::Result<Uuid> {
    let mut beginning = vec![0; BEGINNING_BYTES];
    let mut filled = 0;
    while filled < beginning.len() {
        let read = file.read(&mut beginning[filled..]).await?;
        if read == 0 {
            break;
        }
        filled += read;
    }
    beginning.truncate(filled);
    not_packed(&beginning)?;
    // A file that still grows keeps its first line.
    let line = beginning.iter().position(|byte| *byte == b'\n').unwrap_or(filled);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Uuid::from_bytes(Digest::of_parts(&[name.as_bytes(), &beginning[..line]]).0))
}

fn bar(size: Option<u64>, name: &str) -> ProgressBar {
    let bar = size.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let template = if size.is_some() {
        "{msg} [{bar:30}] {bytes}/{total_bytes} {binary_bytes_per_sec} {eta} left"
    } else {
        "{msg} {spinner} {bytes} {binary_bytes_per_sec}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    bar
}
