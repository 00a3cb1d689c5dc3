//! Where the root key comes from: the environment, a file sealed by a passphrase, or, so that
//! a first start needs nothing, a plain file of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::keys::{FileProvider, GivenProvider, KdfCost, KeyProvider, Secret, SecretBytes};

/// 32 bytes in base64, or several versions as `1:<base64>,2:<base64>`.
const ROOT_KEY: &str = "LETHE_ROOT_KEY";
/// Opens (and at first seals) the root key's file.
const PASSPHRASE: &str = "LETHE_ROOT_PASSPHRASE";
/// The sealed file and the plain one, in the data directory.
const SEALED_FILE: &str = "root.key";
const PLAIN_FILE: &str = "root.key.plain";

/// The root key, and the file that was made for it just now.
pub(super) struct RootKey {
    pub(super) provider: Arc<dyn KeyProvider>,
    made: Option<PathBuf>,
}

impl RootKey {
    /// Removes a file that was made just now: it opens nothing of what the database holds.
    pub(super) fn forget_new(&self) {
        if let Some(path) = &self.made
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!(path = %path.display(), %error, "a root key that opens nothing is left");
        }
    }
}

/// Opens the root key; makes one the first time.
pub(super) fn open(data_dir: &Path) -> anyhow::Result<RootKey> {
    let files = [SEALED_FILE, PLAIN_FILE].map(|name| data_dir.join(name));
    let missing = files.into_iter().filter(|path| !path.exists()).collect::<Vec<_>>();
    let provider = provider(data_dir)?;
    let made = missing.into_iter().find(|path| path.exists());
    Ok(RootKey { provider, made })
}

/// Returns whether it comes by the environment: then no file is needed.
pub(super) fn is_given() -> bool {
    secret_env(ROOT_KEY).is_some()
}

/// Demands that the root key opens, as far as it is there; makes none.
///
/// # Errors
///
/// As [`open`].
pub(super) fn check(data_dir: &Path) -> anyhow::Result<()> {
    let name = if secret_env(PASSPHRASE).is_some() { SEALED_FILE } else { PLAIN_FILE };
    // A sealed file without its passphrase is refused and never made.
    if is_given() || [name, SEALED_FILE].iter().any(|name| data_dir.join(name).exists()) {
        provider(data_dir)?;
    }
    Ok(())
}

/// Reads the root key that the environment gives, if it gives one.
fn given() -> anyhow::Result<Option<GivenProvider>> {
    let given = secret_env(ROOT_KEY).map(|text| GivenProvider::parse(&text));
    given.transpose().with_context(|| format!("{ROOT_KEY} is not right"))
}

fn provider(data_dir: &Path) -> anyhow::Result<Arc<dyn KeyProvider>> {
    if let Some(given) = given()? {
        return Ok(Arc::new(given));
    }
    let sealed = data_dir.join(SEALED_FILE);
    if let Some(passphrase) = secret_env(PASSPHRASE) {
        let provider = if sealed.exists() {
            FileProvider::open(&sealed, &passphrase)
        } else {
            FileProvider::create(&sealed, &passphrase, KdfCost::RECOMMENDED)
        };
        return Ok(Arc::new(provider.with_context(|| sealed.display().to_string())?));
    }
    anyhow::ensure!(!sealed.exists(), "{} is sealed: set {PASSPHRASE}", sealed.display());
    plain(&data_dir.join(PLAIN_FILE))
}

/// Whoever reads this file can read what Lethe seals. It is good for a trial, and said so.
fn plain(path: &Path) -> anyhow::Result<Arc<dyn KeyProvider>> {
    if !path.exists() {
        write_new(path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    tracing::warn!(
        path = %path.display(),
        "the root key lies in a plain file; set {PASSPHRASE} or {ROOT_KEY} before there is anything to protect"
    );
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let given = GivenProvider::parse(&SecretBytes::from(text));
    Ok(Arc::new(given.with_context(|| format!("{} is not right", path.display()))?))
}

fn write_new(path: &Path) -> anyhow::Result<()> {
    let key = Secret::<32>::random()?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Under its name it is whole, also if this is killed half-way, and never another's.
    let unfinished = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = options.open(&unfinished)?;
    file.write_all(STANDARD.encode(key.expose()).as_bytes())?;
    file.sync_all()?;
    std::fs::hard_link(&unfinished, path)?;
    Ok(std::fs::remove_file(unfinished)?)
}

#[expect(clippy::disallowed_methods, reason = "secrets come by the environment, never by flags")]
pub(super) fn secret_env(name: &str) -> Option<SecretBytes> {
    std::env::var(name).ok().filter(|text| !text.is_empty()).map(|text| text.into_bytes().into())
}
