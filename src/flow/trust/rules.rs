//! The rules in force.

use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::Semaphore;
use uuid::Uuid;

use super::super::error::FlowError;
use super::super::settings::Settings;
use super::super::unrecorded::unrecorded;
use super::known::{Known, Tokens};
use super::voices::Voices;
use crate::access::throttle::{Rate, Throttle};
use crate::access::token::SecretHash;
use crate::access::{AuthMethod, Judge, PolicySet, Principal, PrincipalKind, SHIPPED_POLICY};
use crate::base::limits::HASHED_AT_ONCE_MAX;
use crate::base::rng::Rng;
use crate::base::{Digest, Time};
use crate::db::Db;

/// The rules in force, and the bootstrap administrator.
pub(in crate::flow) struct Trust {
    judge: RwLock<Arc<Judge>>,
    open: bool,
    pub(in crate::flow) bootstrap: Option<(SecretHash, Known)>,
    /// Who holds the bootstrap token, where there is one.
    administrator: Principal,
    pub(super) tokens: Tokens,
    /// Who is bound to what.
    pub(super) voices: Voices,
    /// The count of changes up to which this node knows them.
    pub(super) seen: AtomicI64,
    /// The digest of the rules in force as they were read.
    pub(super) rules: Mutex<Digest>,
    /// Held while changes are looked for.
    pub(super) looking: tokio::sync::Mutex<()>,
    /// Why the rules may be outdated.
    pub(super) alarm: Mutex<Option<&'static str>>,
    /// Sign-ins that were tried lately on this node, by address: what is refused here need not
    /// be asked of the database, which counts for all nodes.
    pub(in crate::flow) addresses_tried: Mutex<Throttle>,
    /// Turns to hash a password.
    pub(in crate::flow) hashing: Semaphore,
    /// Stands for the bootstrap administrator's token in sessions: they end with the process.
    pub(in crate::flow) run: Uuid,
}

impl Trust {
    /// Opens the rules in force; at the very first start, the shipped ones are put into it.
    pub(in crate::flow) async fn load(
        db: &Db,
        now: Time,
        settings: &Settings,
    ) -> Result<Self, FlowError> {
        // Before the rules are read, so that a change meanwhile is seen at the first look.
        let seen = AtomicI64::new(db.trust_mark().await?);
        let row = match db.active_policy().await? {
            Some(row) => row,
            None => install(db, now).await?,
        };
        let judge = RwLock::new(Arc::new(judge_of(row.head.version, &row.rules)?));
        let administrator = Principal::new(
            Uuid::from_bytes(Digest::of(b"system:bootstrap").0),
            PrincipalKind::System,
            "bootstrap",
            AuthMethod::Token,
        );
        let known = Known::new(Arc::new(administrator.clone()), None, None);
        let bootstrap = settings.bootstrap.map(|hash| (hash, known));
        Ok(Self {
            judge,
            open: settings.open,
            bootstrap,
            administrator,
            tokens: Tokens::new(),
            voices: Voices::load(db).await?,
            seen,
            rules: Mutex::new(Digest::of(row.rules.as_bytes())),
            looking: tokio::sync::Mutex::default(),
            alarm: Mutex::default(),
            addresses_tried: Mutex::new(Throttle::new(Rate::ADDRESS)),
            hashing: Semaphore::new(HASHED_AT_ONCE_MAX),
            run: Rng::from_os().uuid_v7(now),
        })
    }

    /// Returns whether nobody is asked who they are.
    pub(in crate::flow) fn is_open(&self) -> bool {
        self.open
    }

    /// Returns the rules in force. Ask it for one request, then ask for it again.
    pub(in crate::flow) fn judge(&self) -> Arc<Judge> {
        Arc::clone(&self.judge.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns whoever holds the bootstrap token, whether there is one or not.
    pub(in crate::flow) fn administrator(&self) -> &Principal {
        &self.administrator
    }

    /// Puts other rules in the place of those in force.
    pub(super) fn replace(&self, judge: Judge) {
        *self.judge.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(judge);
    }

    /// Forgets who showed which token: it may be revoked.
    pub(in crate::flow) fn forget(&self) {
        self.tokens.forget();
    }
}

/// Reads a set of rules and makes its judge.
pub(super) fn judge_of(version: i64, rules: &str) -> Result<Judge, FlowError> {
    let unreadable = |faults: Vec<crate::access::Fault>| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        FlowError::Internal(format!("the rules in force: {}", faults.join("; ")))
    };
    let set = PolicySet::from_csv(version, rules).map_err(unreadable)?;
    Judge::new(set).map_err(unreadable)
}

/// Puts the shipped rules into force.
async fn install(db: &Db, now: Time) -> Result<crate::db::PolicyRow, FlowError> {
    unrecorded(db, async |tx| {
        if db.active_policy().await?.is_some() {
            return Ok(());
        }
        let doc = serde_json::json!({"author": "system", "note": "as shipped"}).to_string();
        let version = tx.add_policy(now, &doc, (SHIPPED_POLICY, "")).await?;
        tx.activate_policy(version, &doc).await?;
        tx.touch_trust().await?;
        Ok(())
    })
    .await?;
    let row = db.active_policy().await?;
    row.ok_or_else(|| FlowError::Internal("the shipped rules are not in force".to_owned()))
}
