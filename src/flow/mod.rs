//! The use cases: what happens, in order, in one transaction.
//!
//! `start` puts a node together and stops it; `app` holds what every use case needs. `ingest` takes
//! events and edits in, `commit` is the only writer of the log, `change` what everything else is
//! written by, `follow` keeps the lineage graph and the search index up to date from the change
//! feed, `asker` answers questions, `rebuild` folds the catalog anew, `maintain` does what is done by the hour, `expire` removes what is past, `remove` removes for good.
//! HTTP and the command line are two doors to the same functions.

pub mod access_events;
mod app;
mod asker;
mod audit;
mod bounds;
mod change;
mod commit;
mod edit;
mod error;
mod expire;
mod facts;
mod folded;
mod follow;
mod import;
mod ingest;
mod lease;
mod listeners;
mod maintain;
mod namesakes;
mod people;
mod policies;
mod positions;
mod probe;
mod pulse;
mod rebuild;
mod refold;
mod remove;
mod replay;
mod settings;
mod spelling;
mod start;
mod supervise;
mod trust;
mod unrecorded;
mod vault;
mod writable;
mod write;

pub use app::App;
pub use asker::{
    Asker, DatasetFull, DatasetVersion, Intent, JobFull, JobVersion, Names, RunFull, SchemaVersion,
    Told, WouldBeStranger, dataset_version_id,
};
pub use audit::{
    Act, Actor, AuditChecked, AuditExport, AuditTail, ExportQuestion, Sealed, Signer, recorded_acts,
};
pub use error::FlowError;
pub use expire::Expired;
pub use follow::{LiveChanges, Reached};
pub use import::{Imported, Importer};
pub(crate) use ingest::rejection_code;
pub use ingest::{Accepted, Import, Refused, Submission};
pub use listeners::{ListenerKey, NoPlace};
pub use people::{
    Account, AccountPut, Given, Group, GroupPut, NotSignedIn, RoleEntry, Shown, SignedIn, TokenAsk,
    User, UserPut,
};
pub use policies::{
    About, Asked, Decided, Draft, Drafted, Place, PolicyDetail, PolicyError, PolicyFault,
    PolicyState, PolicySummary, Simulated, Trial, Who, WhoCan,
};
pub use positions::{Follower, Positions};
pub use rebuild::{Holding, Progress, rebuild, rebuild_until};
pub use refold::Rebuilt;
pub use settings::Settings;
pub use spelling::tag_name;
pub use trust::{Known, Obeyed, Proof, Refusal, Since, Still};
pub use vault::{KeyEntry, Rotated, Vault};
