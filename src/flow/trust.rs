//! Who is asking, and whether they may: the rules in force, and those who are known.
//!
//! Without a bootstrap token nobody is asked who they are, and everybody may do everything:
//! that is for a trial on one's own machine, and Lethe says so when it starts.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use uuid::Uuid;

use super::accounts::{account_of, record_of};
use super::app::App;
use super::audit::{Act, Actor, record_all};
use super::error::FlowError;
use crate::access::token::{SecretHash, Token};
use crate::access::{
    Action, AuthMethod, Context, Decision, Judge, Kind, PolicySet, Principal, PrincipalKind,
    Resource, SHIPPED_POLICY,
};
use crate::audit::{DecisionRef, Outcome};
use crate::base::{Digest, Time};
use crate::db::Db;
use crate::openlineage::{Event, Parsed};

/// How long what is known of a token is relied on: revoked elsewhere, it works so long.
const TOKEN_KNOWN_FOR: Duration = Duration::from_millis(500);
/// Tokens that are remembered.
const TOKENS_KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();
/// How exactly it is noted when a token was last shown.
const USE_NOTED_EVERY_MICROS: i64 = 300_000_000;

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

/// Who a token belonged to when it was looked up, and when that was.
type Shown = (Instant, Option<Known>);

/// The rules in force, and the bootstrap administrator.
pub(super) struct Trust {
    judge: Judge,
    bootstrap: Option<(SecretHash, Known)>,
    /// Who showed which token lately, and when that was looked up.
    tokens: Mutex<LruCache<[u8; 32], Shown>>,
}

impl Trust {
    /// Opens the rules in force; at the very first start, the shipped ones are put into it.
    pub(super) async fn open(
        db: &Db,
        now: Time,
        bootstrap: Option<SecretHash>,
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
        let bootstrap = bootstrap.map(|hash| (hash, administrator));
        Ok(Self { judge, bootstrap, tokens: Mutex::new(LruCache::new(TOKENS_KNOWN_MAX)) })
    }

    /// Forgets who showed which token: it may be revoked.
    pub(super) fn forget(&self) {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remembered(&self, hash: &SecretHash) -> Option<Option<Known>> {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, known) = tokens.get(hash.as_bytes())?;
        (at.elapsed() < TOKEN_KNOWN_FOR).then(|| known.clone())
    }

    fn remember(&self, hash: &SecretHash, known: Option<Known>) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.put(*hash.as_bytes(), (Instant::now(), known));
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
    pub async fn identify(&self, secret: Option<&str>) -> Result<Option<Known>, FlowError> {
        let trust = &self.inner.trust;
        let Some((bootstrap, administrator)) = &trust.bootstrap else {
            return Ok(Some(Known::anonymous()));
        };
        let Some(secret) = secret else { return Ok(None) };
        // Hashes are compared, so the time this takes tells nothing of the secret.
        if SecretHash::of(secret.as_bytes()) == *bootstrap {
            return Ok(Some(administrator.clone()));
        }
        let Some(token) = Token::parse(secret) else { return Ok(None) };
        let hash = token.hash();
        if let Some(known) = trust.remembered(&hash) {
            return Ok(known);
        }
        let known = self.look_up(&hash).await?;
        trust.remember(&hash, known.clone());
        Ok(known)
    }

    /// Finds who a token belongs to, if it works.
    async fn look_up(&self, hash: &SecretHash) -> Result<Option<Known>, FlowError> {
        let Some(row) = self.db().token_by_hash(hash.as_bytes()).await? else { return Ok(None) };
        let (record, now) = (record_of(&row)?, self.now());
        if !record.state(now).works() {
            return Ok(None);
        }
        let owner = self.db().principal(record.owner).await?;
        let Some(account) = owner.as_ref().map(account_of).transpose()?.flatten() else {
            return Ok(None);
        };
        let noted = record.last_used.map_or(i64::MIN, Time::as_micros);
        if now.as_micros().saturating_sub(noted) > USE_NOTED_EVERY_MICROS {
            let mut tx = self.db().begin().await?;
            tx.note_token_used(record.id, now).await?;
            tx.commit().await?;
        }
        let principal = Arc::new(account.principal(&record));
        Ok(Some(Known { principal, token: Some(record.id) }))
    }

    /// Decides whether somebody may post these events: each by the namespace of its job, or of
    /// its dataset if it names no job.
    ///
    /// # Errors
    ///
    /// As [`App::enter`]; one namespace that is not allowed refuses them all.
    pub async fn enter_with_events(
        &self,
        known: &Known,
        actor: &Actor,
        events: &[Parsed],
    ) -> Result<(), Refusal> {
        let namespaces: BTreeSet<&str> = events.iter().map(namespace).collect();
        for namespace in namespaces {
            let resource = Resource::new(Kind::Event).in_namespace(namespace);
            self.admit(known, actor, Action::EventIngest, resource).await?;
        }
        Ok(())
    }

    /// Decides whether somebody may do something of a kind. A denial is recorded.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] with the rules that say so, [`Refusal::Failed`] if the denial
    /// cannot be recorded.
    pub async fn enter(&self, known: &Known, actor: &Actor, action: Action) -> Result<(), Refusal> {
        self.admit(known, actor, action, Resource::new(action.kind())).await
    }

    async fn admit(
        &self,
        known: &Known,
        actor: &Actor,
        action: Action,
        resource: Resource,
    ) -> Result<(), Refusal> {
        let trust = &self.inner.trust;
        if trust.bootstrap.is_none() {
            return Ok(());
        }
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

fn namespace(parsed: &Parsed) -> &str {
    match &parsed.event {
        Event::Run(event) => &event.job.namespace,
        Event::Job(event) => &event.job.namespace,
        Event::Dataset(event) => &event.dataset.namespace,
    }
}
