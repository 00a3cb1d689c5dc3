//! TLS of the server: the certificate and its key, looked after while it runs.
//!
//! TLS 1.3 only (RFC 8446). It makes no certificates and asks clients for none.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use zeroize::Zeroizing;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Files that Lethe speaks TLS with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The certificate, its chain after it (PEM).
    pub cert: PathBuf,
    /// Its private key (PEM).
    pub key: PathBuf,
}

/// Reads the certificate and its key and returns what connections are made with.
///
/// # Errors
///
/// An error that names the file that cannot be read or holds something else, or both files if the
/// key is not the certificate's.
pub(super) fn read(files: &TlsConfig) -> anyhow::Result<Arc<ServerConfig>> {
    let chain = read_chain(&files.cert)
        .with_context(|| format!("the TLS certificate {}", files.cert.display()))?;
    let key =
        read_key(&files.key).with_context(|| format!("the TLS key {}", files.key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .with_context(|| {
            let (cert, key) = (files.cert.display(), files.key.display());
            format!("the TLS certificate {cert} and the key {key} cannot be used together")
        })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn read_chain(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let text = fs::read(path).context("cannot be read")?;
    let chain = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    let chain = chain.context("is not right PEM")?;
    anyhow::ensure!(!chain.is_empty(), "holds no certificate in PEM");
    Ok(chain)
}

fn read_key(path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    let text = Zeroizing::new(fs::read(path).context("cannot be read")?);
    PrivateKeyDer::from_pem_slice(&text)
        .context("holds no private key in PEM (PKCS#8, SEC1 or PKCS#1, not encrypted)")
}

/// What tells that a pair of files changed: when each was written, and its length.
type Stamp = [Option<(SystemTime, u64)>; 2];

fn stamp(files: &TlsConfig) -> Stamp {
    // Links are followed: that is how certbot and Kubernetes put a new pair in place.
    [&files.cert, &files.key].map(|path| {
        let meta = fs::metadata(path).ok()?;
        Some((meta.modified().ok()?, meta.len()))
    })
}

/// What new connections are made with: the last pair of files that was usable.
pub(super) type Current = watch::Receiver<Arc<ServerConfig>>;

/// Reads a certificate and its key, and then whenever they change.
///
/// # Errors
///
/// As [`read`].
pub(super) fn start(files: &TlsConfig) -> anyhow::Result<Current> {
    let known = stamp(files);
    let (sender, current) = watch::channel(read(files)?);
    tokio::spawn(look_after(files.clone(), known, sender));
    Ok(current)
}

/// Reads the files again whenever they change, until nobody listens any more. A pair that cannot be
/// used is logged once and leaves the old one in force.
async fn look_after(files: TlsConfig, mut known: Stamp, sender: watch::Sender<Arc<ServerConfig>>) {
    loop {
        tokio::select! {
            () = sender.closed() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let asked = files.clone();
        let looked = tokio::task::spawn_blocking(move || {
            // Before the reading, so that what is written meanwhile is a change again.
            let now = stamp(&asked);
            (now != known).then(|| (now, read(&asked)))
        });
        let Ok(Some((now, pair))) = looked.await else { continue };
        known = now;
        match pair {
            Ok(config) => {
                // The sessions of the old pair are forgotten with it: nobody resumes one.
                sender.send_replace(config);
                tracing::info!("the TLS certificate was read again");
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(%error, "the TLS certificate changed and is not usable; the old one stays");
            }
        }
    }
}
