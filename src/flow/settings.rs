//! What a node is told when it is started.

use std::path::PathBuf;
use std::sync::Arc;

use super::audit::Signer;
use super::vault::Vault;
use crate::access::token::SecretHash;
#[cfg(doc)]
use crate::base::limits::LISTENERS_MAX;

/// What the use cases need to be told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the search index and the graph's snapshot lie; `None` keeps them in memory.
    pub data_dir: Option<PathBuf>,
    /// Whether lineage and search follow the catalog; not needed to import.
    pub follow: bool,
    /// How long events are kept, in days; `None` keeps them for ever.
    pub retention_days: Option<u32>,
    /// The newest runs of a job that are kept whatever their age, one at least.
    pub retention_runs: u32,
    /// What signs the audit log's head; without it records are kept, but nothing is signed.
    pub signer: Option<Arc<Signer>>,
    /// What seals and opens personal values; without it none are taken.
    pub vault: Option<Arc<Vault>>,
    /// Listeners of the change feed that there is room for; never more than [`LISTENERS_MAX`].
    pub listeners_max: usize,
    /// Whether nobody is asked who they are, and everybody may do everything.
    pub open: bool,
    /// The bootstrap administrator's token.
    pub bootstrap: Option<SecretHash>,
}
