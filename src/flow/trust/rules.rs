//! The rules in force.

use std::sync::{Arc, PoisonError, RwLock};

use uuid::Uuid;

use super::super::app::Settings;
use super::super::error::FlowError;
use super::known::{Known, Tokens};
use crate::access::token::SecretHash;
use crate::access::{AuthMethod, Judge, PolicySet, Principal, PrincipalKind, SHIPPED_POLICY};
use crate::base::{Digest, Time};
use crate::db::Db;

/// The rules in force, and the bootstrap administrator.
pub(in crate::flow) struct Trust {
    judge: RwLock<Arc<Judge>>,
    open: bool,
    pub(in crate::flow) bootstrap: Option<(SecretHash, Known)>,
    pub(super) tokens: Tokens,
}

impl Trust {
    /// Opens the rules in force; at the very first start, the shipped ones are put into it.
    pub(in crate::flow) async fn load(
        db: &Db,
        now: Time,
        settings: &Settings,
    ) -> Result<Self, FlowError> {
        let row = match db.active_policy().await? {
            Some(row) => row,
            None => install(db, now).await?,
        };
        let unreadable = |faults: Vec<crate::access::Fault>| {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            FlowError::Internal(format!("the rules in force: {}", faults.join("; ")))
        };
        let set = PolicySet::from_csv(row.version, &row.rules).map_err(unreadable)?;
        let judge = Judge::new(set).map_err(unreadable)?;
        let administrator = Known {
            principal: Arc::new(Principal::new(
                Uuid::from_bytes(Digest::of(b"system:bootstrap").0),
                PrincipalKind::System,
                "bootstrap",
                AuthMethod::Token,
            )),
            token: None,
        };
        let bootstrap = settings.bootstrap.map(|hash| (hash, administrator));
        let judge = RwLock::new(Arc::new(judge));
        Ok(Self { judge, open: settings.open, bootstrap, tokens: Tokens::new() })
    }

    /// Returns whether nobody is asked who they are.
    pub(in crate::flow) fn is_open(&self) -> bool {
        self.open
    }

    /// Returns the rules in force. Ask it for one request, then ask for it again.
    pub(in crate::flow) fn judge(&self) -> Arc<Judge> {
        Arc::clone(&self.judge.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets who showed which token: it may be revoked.
    pub(in crate::flow) fn forget(&self) {
        self.tokens.forget();
    }
}

/// Puts the shipped rules into force.
async fn install(db: &Db, now: Time) -> Result<crate::db::PolicyRow, FlowError> {
    let mut tx = db.begin().await?;
    if let Some(row) = db.active_policy().await? {
        return Ok(row);
    }
    let doc = serde_json::json!({"author": "system", "note": "as shipped"}).to_string();
    let version = tx.add_policy(now, &doc, SHIPPED_POLICY).await?;
    tx.activate_policy(version, &doc).await?;
    tx.touch_trust().await?;
    tx.commit().await?;
    let row = db.active_policy().await?;
    row.ok_or_else(|| FlowError::Internal("the shipped rules are not in force".to_owned()))
}
