//! What somebody did, on its way into the audit log.

use std::sync::Arc;

use uuid::Uuid;

use super::super::error::FlowError;
use super::super::vault::failed;
use super::acts::recorded_acts;
use crate::audit::{self, Hash, Outcome, RECORD_VERSION, Record, RequestRef};
use crate::base::Time;
use crate::base::rng::Rng;
use crate::db::{AuditPiiRow, AuditRow};
use crate::keys::{Context, DataKey, KeyError, SecretBytes};

/// Who acts, and by which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The principal's id; none for Lethe itself.
    pub id: Option<Uuid>,
    /// What it is: `user`, `service`, `system`, `anonymous`.
    pub kind: &'static str,
    /// How it proved who it is: `session`, `token`, `password`.
    pub auth: Option<&'static str>,
    /// The token it showed.
    pub token: Option<Uuid>,
    /// The request's id.
    pub request: Option<String>,
}

impl Actor {
    /// Lethe itself: settings at the start, retention.
    #[must_use]
    pub fn system() -> Self {
        Self { id: None, kind: "system", auth: None, token: None, request: None }
    }

    /// Somebody who did not say who they are.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { kind: "anonymous", ..Self::system() }
    }

    /// Returns the reference that records and edits know it by.
    #[must_use]
    pub fn reference(&self) -> String {
        self.id.map_or_else(|| self.kind.to_owned(), |id| id.to_string())
    }
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Act {
    /// The action's name, `resource:verb`.
    pub action: &'static str,
    /// Kind, id and name of what it was done to.
    pub resource: Option<(&'static str, Uuid, String)>,
    /// How it ended.
    pub outcome: Outcome,
    /// The decision behind it.
    pub decision: Option<audit::DecisionRef>,
    /// The purpose that was stated.
    pub purpose: Option<String>,
    /// The digest of what was written.
    pub after: Option<Hash>,
    /// Counts and the like; never personal values.
    pub ext: serde_json::Map<String, serde_json::Value>,
    /// Personal values, to be sealed beside the record.
    pub pii: Vec<Personal>,
}

/// A personal value on its way beside the record: the record holds the digest of its
/// ciphertext only, so that every proof outlives the key.
#[derive(Debug, Clone)]
pub struct Personal {
    slot: &'static str,
    key: Arc<DataKey>,
    value: Arc<SecretBytes>,
}

impl Act {
    /// Something that took effect.
    #[must_use]
    pub fn done(action: &'static str) -> Self {
        debug_assert!(recorded_acts().any(|known| known == action), "{action} is not in `acts.rs`");
        Self {
            action,
            resource: None,
            outcome: Outcome::Done,
            decision: None,
            purpose: None,
            after: None,
            ext: serde_json::Map::new(),
            pii: Vec::new(),
        }
    }

    /// Adds a personal value, which is sealed under this key and kept beside the record. The
    /// key's id is the reference of whose value it is.
    #[must_use]
    pub fn with_sealed(
        mut self,
        slot: &'static str,
        key: &Arc<DataKey>,
        value: impl Into<SecretBytes>,
    ) -> Self {
        let (key, value) = (Arc::clone(key), Arc::new(value.into()));
        self.pii.push(Personal { slot, key, value });
        self
    }

    /// Says what it was done to.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: Uuid, name: impl Into<String>) -> Self {
        self.resource = Some((kind, id, name.into()));
        self
    }

    /// Says something more, such as a count.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<serde_json::Value>) -> Self {
        self.ext.insert(key.to_owned(), value.into());
        self
    }
}

/// A record in the bytes that stay, with its leaf; only its place in the log is missing.
#[derive(Debug, Clone)]
pub struct Sealed {
    pub(super) row: AuditRow,
    pub(super) leaf: Hash,
    pub(super) pii: Vec<AuditPiiRow>,
}

impl Sealed {
    /// Writes the record of an act.
    ///
    /// # Errors
    ///
    /// [`FlowError::Internal`] if it is too large: names and purposes are bounded before.
    pub(in crate::flow) fn new(
        origin: &str,
        actor: &Actor,
        act: Act,
        now: Time,
        rng: &mut Rng,
    ) -> Result<Self, FlowError> {
        let id = rng.uuid_v7(now);
        let resource = act.resource.as_ref().map(|(_, id, _)| *id);
        let row = AuditRow {
            seq: 0,
            id,
            at: now,
            actor: actor.id,
            action: act.action.to_owned(),
            resource,
            subject: None,
            outcome: outcome_code(act.outcome),
            purpose: act.purpose.clone(),
            body: Vec::new(),
        };
        let pii = act.pii.iter().map(|one| seal(one, id)).collect::<Result<Vec<_>, _>>();
        let pii = pii.map_err(failed)?;
        let row = AuditRow { subject: pii.first().map(|one| one.subject), ..row };
        let body = canonical(origin, actor, act, &pii, (id, now))
            .map_err(|error| FlowError::Internal(format!("an audit record: {error}")))?;
        Ok(Self { leaf: Hash::leaf(&body), row: AuditRow { body, ..row }, pii })
    }
}

impl Sealed {
    /// Says of the record of one text that it is of another, which was written in its place.
    pub(in crate::flow) fn retell(&mut self, (before, after): (Hash, Hash)) {
        let Ok(mut record) = audit::Record::from_canonical(&self.row.body) else { return };
        let Some(change) = record.change.as_mut().filter(|one| one.after == Some(before)) else {
            return;
        };
        change.after = Some(after);
        // It is as long as it was.
        if let Ok(body) = record.to_canonical() {
            self.leaf = Hash::leaf(&body);
            self.row.body = body;
        }
    }
}

/// Returns what a sealed value is bound to: its record and slot.
pub(super) fn place_of<'a>(slot: &'a str, record: &'a Uuid) -> Context<'a> {
    Context { table: "audit_pii", purpose: slot, row: record.as_bytes() }
}

fn seal(personal: &Personal, record: Uuid) -> Result<AuditPiiRow, KeyError> {
    let Personal { slot, key, value } = personal;
    let sealed = key.seal(&place_of(slot, &record), value.expose())?;
    let (slot, kid) = ((*slot).to_owned(), key.kid());
    Ok(AuditPiiRow { record, slot, subject: kid, kid, sealed })
}

fn canonical(
    origin: &str,
    actor: &Actor,
    act: Act,
    pii: &[AuditPiiRow],
    (id, now): (Uuid, Time),
) -> Result<Vec<u8>, audit::RecordError> {
    let resource = act.resource.map(|(kind, id, name)| audit::Resource {
        kind: kind.to_owned(),
        id: id.to_string(),
        name: Some(name).filter(|name| !name.is_empty()),
        version: None,
    });
    Record {
        v: RECORD_VERSION,
        log: origin.to_owned(),
        id,
        ts: now,
        actor: audit::Actor {
            reference: actor.reference(),
            kind: actor.kind.to_owned(),
            auth: actor.auth.map(str::to_owned),
            token: actor.token.map(|token| token.to_string()),
        },
        on_behalf_of: None,
        action: act.action.to_owned(),
        resource,
        outcome: act.outcome,
        decision: act.decision,
        purpose: act.purpose,
        request: actor.request.clone().map(|id| RequestRef { id, trace: None }),
        change: act.after.map(|after| audit::Change {
            before: None,
            after: Some(after),
            patch: None,
        }),
        pii: pii.iter().map(sealed_value).collect(),
        ext: act.ext,
    }
    .to_canonical()
}

fn sealed_value(row: &AuditPiiRow) -> audit::SealedValue {
    audit::SealedValue {
        slot: row.slot.clone(),
        subject_ref: row.subject,
        alg: "A256GCM".to_owned(),
        kid: row.kid,
        ct_sha256: Hash::of(&row.sealed),
    }
}

pub(super) fn outcome_code(outcome: Outcome) -> i16 {
    match outcome {
        Outcome::Done => 0,
        Outcome::Allowed => 1,
        Outcome::Denied => 2,
        Outcome::Failed => 3,
    }
}
