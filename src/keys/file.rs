//! A root key in a file that a passphrase opens.
//!
//! The file is JSON: the parameters of Argon2id, and all versions of the root key sealed in one
//! envelope for which those parameters are the context. It is written as a whole or not at all
//! (new file, fsync, rename), with mode 0600; one that others may read is refused.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::envelope::{Context, DataKey};
use super::error::KeyError;
use super::passphrase::KdfCost;
use super::provider::{Answer, KeyProvider, Wrapped};
use super::roots::Roots;
use super::secret::{Secret, SecretBytes};

const FORMAT: &str = "lethe-root-key/1";

/// Greatest size of the file: room for over a thousand versions.
const FILE_BYTES_MAX: u64 = 64 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RootFile {
    format: String,
    kdf: String,
    cost: KdfCost,
    salt: String,
    sealed: String,
}

/// A provider whose root keys live in a sealed file.
#[derive(Debug)]
pub struct FileProvider {
    name: String,
    path: PathBuf,
    cost: KdfCost,
    salt: [u8; 16],
    /// What the passphrase became; kept to seal the file again when the root is rotated.
    file_key: DataKey,
    roots: RwLock<Roots>,
}

impl FileProvider {
    /// Draws a new root key and writes it to a file that does not exist yet.
    ///
    /// # Errors
    ///
    /// [`KeyError::Io`] (also if the file exists), [`KeyError::BadRoot`] for an empty
    /// passphrase, [`KeyError::NoRandomness`].
    pub fn create(path: &Path, passphrase: &SecretBytes, cost: KdfCost) -> Result<Self, KeyError> {
        let salt = *Secret::<16>::random()?.expose();
        let file_key = cost.derive(passphrase, &salt)?;
        let provider = Self::new(path, cost, salt, file_key, Roots::generate()?);
        let text = provider.sealed(&provider.roots())?;
        write_whole(path, &text, Replace::No)?;
        Ok(provider)
    }

    /// Opens an existing file.
    ///
    /// # Errors
    ///
    /// [`KeyError::WrongPassphrase`], [`KeyError::OpenToOthers`], [`KeyError::Io`] or
    /// [`KeyError::BadRoot`].
    pub fn open(path: &Path, passphrase: &SecretBytes) -> Result<Self, KeyError> {
        let file = RootFile::read(path)?;
        let salt = decode(&file.salt)?;
        let salt = salt.try_into().map_err(|_| KeyError::BadRoot("its salt is not 16 bytes"))?;
        let file_key = file.cost.derive(passphrase, &salt)?;
        let roots = file.open_roots(&file_key)?;
        Ok(Self::new(path, file.cost, salt, file_key, roots))
    }

    fn new(path: &Path, cost: KdfCost, salt: [u8; 16], file_key: DataKey, roots: Roots) -> Self {
        let name = format!("file {}", path.display());
        Self { name, path: path.to_owned(), cost, salt, file_key, roots: RwLock::new(roots) }
    }

    fn roots(&self) -> std::sync::RwLockReadGuard<'_, Roots> {
        self.roots.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn sealed(&self, roots: &Roots) -> Result<Vec<u8>, KeyError> {
        let sealed =
            self.file_key.seal(&context(&cost_bytes(self.cost)), roots.to_bytes().expose())?;
        let file = RootFile {
            format: FORMAT.to_owned(),
            kdf: "argon2id".to_owned(),
            cost: self.cost,
            salt: STANDARD.encode(self.salt),
            sealed: STANDARD.encode(sealed),
        };
        serde_json::to_vec_pretty(&file).map_err(|_| KeyError::BadRoot("it cannot be written"))
    }

    /// Unwraps a key; if its root version is not known, another process may have rotated the
    /// root, so the file is read again.
    fn unwrap_now(&self, wrapped: &Wrapped, context: &Context) -> Result<Secret<32>, KeyError> {
        let known = self.roots().unwrap(wrapped, context);
        if !matches!(known, Err(KeyError::NoSuchRoot(_))) {
            return known;
        }
        let stored = RootFile::read(&self.path)?.open_roots(&self.file_key)?;
        *self.roots.write().unwrap_or_else(PoisonError::into_inner) = stored;
        self.roots().unwrap(wrapped, context)
    }

    /// Writes the file with other versions than it has now, and only then uses them. Two
    /// processes must not do this at the same time.
    fn change(
        &self,
        change: impl FnOnce(&Roots) -> Result<Roots, KeyError>,
    ) -> Result<u32, KeyError> {
        let mut roots = self.roots.write().unwrap_or_else(PoisonError::into_inner);
        let next = change(&RootFile::read(&self.path)?.open_roots(&self.file_key)?)?;
        write_whole(&self.path, &self.sealed(&next)?, Replace::Yes)?;
        *roots = next;
        Ok(roots.current_version())
    }
}

impl KeyProvider for FileProvider {
    fn name(&self) -> &str {
        &self.name
    }

    fn current_version(&self) -> Answer<'_, u32> {
        Box::pin(async { Ok(self.roots().current_version()) })
    }

    fn wrap_key<'a>(&'a self, key: &'a Secret<32>, context: Context<'a>) -> Answer<'a, Wrapped> {
        Box::pin(async move { self.roots().wrap(key, &context) })
    }

    fn unwrap_key<'a>(
        &'a self,
        wrapped: &'a Wrapped,
        context: Context<'a>,
    ) -> Answer<'a, Secret<32>> {
        Box::pin(async move { self.unwrap_now(wrapped, &context) })
    }

    /// Writes and syncs a small file before it is ready.
    fn rotate(&self) -> Answer<'_, u32> {
        Box::pin(async { self.change(Roots::with_next) })
    }

    /// Writes and syncs a small file before it is ready.
    fn destroy(&self, version: u32) -> Answer<'_, ()> {
        Box::pin(async move { self.change(|roots| roots.without(version)).map(drop) })
    }
}

impl RootFile {
    fn read(path: &Path) -> Result<Self, KeyError> {
        let file: Self = serde_json::from_slice(&read_private(path)?)
            .map_err(|_| KeyError::BadRoot("it is no root key file"))?;
        if file.format != FORMAT || file.kdf != "argon2id" {
            return Err(KeyError::BadRoot("it has another format or version"));
        }
        Ok(file)
    }

    fn open_roots(&self, key: &DataKey) -> Result<Roots, KeyError> {
        let opened = key.open(&context(&cost_bytes(self.cost)), &decode(&self.sealed)?);
        Roots::from_bytes(&opened.map_err(|_| KeyError::WrongPassphrase)?)
    }
}

fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    STANDARD.decode(text).map_err(|_| KeyError::BadRoot("it is not base64"))
}

fn context(cost: &[u8]) -> Context<'_> {
    Context { table: "root key file", purpose: FORMAT, row: cost }
}

fn cost_bytes(cost: KdfCost) -> Vec<u8> {
    [cost.memory_kib, cost.passes, cost.lanes].map(u32::to_be_bytes).concat()
}

fn read_private(path: &Path) -> Result<Vec<u8>, KeyError> {
    let file = File::open(path)?;
    refuse_open_to_others(&file)?;
    let mut text = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut text)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(KeyError::BadRoot("the file is too large"));
    }
    Ok(text)
}

#[cfg(unix)]
fn refuse_open_to_others(file: &File) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if (mode & 0o077) == 0 { Ok(()) } else { Err(KeyError::OpenToOthers { mode }) }
}

#[cfg(not(unix))]
fn refuse_open_to_others(_: &File) -> Result<(), KeyError> {
    Ok(())
}

#[derive(Clone, Copy)]
enum Replace {
    Yes,
    No,
}

/// Writes a file beside the final one, syncs it, moves it there and syncs the folder.
fn write_whole(path: &Path, text: &[u8], replace: Replace) -> Result<(), KeyError> {
    let suffix = u64::from_be_bytes(*Secret::<8>::random()?.expose());
    let beside = path.with_extension(format!("{suffix:016x}.new"));
    let moved = write_new(&beside, text).and_then(|()| match replace {
        Replace::Yes => fs::rename(&beside, path),
        // Unlike a rename, a link does not take the place of an existing file.
        Replace::No => fs::hard_link(&beside, path).and_then(|()| fs::remove_file(&beside)),
    });
    if let Err(fault) = moved {
        let _ = fs::remove_file(&beside);
        return Err(fault.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

fn write_new(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text)?;
    file.sync_all()
}
