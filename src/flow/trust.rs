//! Who is asking, and whether they may: the rules in force, and those who are known.
//!
//! Without a bootstrap token nobody is asked who they are, and everybody may do everything:
//! that is for a trial on one's own machine, and Lethe says so when it starts.

use std::sync::Arc;

use ring::digest::{SHA256, digest};
use uuid::Uuid;

use super::app::App;
use super::audit::{Act, Actor, record_all};
use super::error::FlowError;
use crate::access::{
    Action, AuthMethod, Context, Decision, Judge, PolicySet, Principal, PrincipalKind, Resource,
    SHIPPED_POLICY,
};
use crate::audit::{DecisionRef, Outcome};
use crate::base::Digest;
use crate::db::Db;

/// The SHA-256 of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    /// Digests a secret.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
        Self(bytes)
    }
}

/// Somebody who is known, or anybody where nobody is asked.
#[derive(Debug, Clone)]
pub struct Known {
    principal: Arc<Principal>,
    token: Option<Uuid>,
}

impl Known {
    /// Somebody who did not say who they are.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { principal: Arc::new(Principal::anonymous()), token: None }
    }

    /// Returns how records know them, apart from the request.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let principal = &*self.principal;
        match principal.kind {
            PrincipalKind::Anonymous => Actor::anonymous(),
            kind => Actor {
                id: Some(principal.id),
                kind: kind.as_str(),
                auth: Some("token"),
                token: self.token,
                request: None,
            },
        }
    }
}

/// Why somebody is not let in.
#[derive(Debug)]
pub enum Refusal {
    /// The rules say so; in words.
    Denied(String),
    /// It could not be decided, or not be recorded.
    Failed(FlowError),
}

impl<E: Into<FlowError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The rules in force, and the bootstrap administrator.
pub(super) struct Trust {
    judge: Judge,
    bootstrap: Option<(SecretDigest, Known)>,
}

impl Trust {
    /// Opens the rules in force; at the very first start, the shipped ones are put into it.
    pub(super) async fn open(
        db: &Db,
        now: crate::base::Time,
        bootstrap: Option<SecretDigest>,
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
        Ok(Self { judge, bootstrap: bootstrap.map(|digest| (digest, administrator)) })
    }

    fn decide(
        &self,
        known: &Known,
        action: Action,
        resource: Resource,
        now: Context,
    ) -> Arc<Decision> {
        self.judge.decide_for(&known.principal, action, &resource.class(), &now)
    }
}

/// Puts the shipped rules into force.
async fn install(db: &Db, now: crate::base::Time) -> Result<crate::db::PolicyRow, FlowError> {
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

impl App {
    /// Returns whether anybody is asked who they are.
    #[must_use]
    pub fn asks_who(&self) -> bool {
        self.inner.trust.bootstrap.is_some()
    }

    /// Returns who shows this secret; nothing if nobody known does.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    #[expect(clippy::unused_async, reason = "tokens of others are looked up in the database")]
    pub async fn identify(&self, secret: Option<&str>) -> Result<Option<Known>, FlowError> {
        let Some((digest, administrator)) = &self.inner.trust.bootstrap else {
            return Ok(Some(Known::anonymous()));
        };
        // Digests are compared, so the time this takes tells nothing of the secret.
        let shown = secret.map(SecretDigest::of);
        Ok(shown.filter(|shown| shown == digest).map(|_| administrator.clone()))
    }

    /// Decides whether somebody may do something of a kind. A denial is recorded.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] with the rules that say so, [`Refusal::Failed`] if the denial
    /// cannot be recorded.
    pub async fn enter(&self, known: &Known, actor: &Actor, action: Action) -> Result<(), Refusal> {
        let trust = &self.inner.trust;
        if trust.bootstrap.is_none() {
            return Ok(());
        }
        let resource = Resource::new(action.kind());
        let decision = trust.decide(known, action, resource, Context::at(self.now()));
        if decision.allow {
            return Ok(());
        }
        let mut act = Act::done(action.as_str());
        act.outcome = Outcome::Denied;
        act.decision = Some(DecisionRef {
            policy: decision.policy_version.to_string(),
            rules: decision.rules.iter().map(ToString::to_string).collect(),
            obligations: Vec::new(),
        });
        let sealed = self.seal(actor, act)?;
        let mut tx = self.db().begin().await?;
        record_all(&mut tx, &[sealed]).await?;
        tx.commit().await?;
        Err(Refusal::Denied(denied(action, &decision)))
    }
}

fn denied(action: Action, decision: &Decision) -> String {
    let rules: Vec<&str> = decision.rules.iter().map(|rule| &**rule).collect();
    let why = if rules.is_empty() {
        "no rule allows it".to_owned()
    } else {
        format!("denied by {}", rules.join(", "))
    };
    format!("`{action}`: {why} (rules of version {})", decision.policy_version)
}
