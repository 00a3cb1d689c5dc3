//! Sessions of people in a browser: opened, listed, ended.

use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::find::Owner;
use super::names::USER;
use crate::access::session::{LinkRecord, SECRET_BYTES, Secret, SessionRecord, SessionState};
use crate::access::token::SecretHash;
use crate::access::{Action, AuthMethod};
use crate::db::{SessionRow, Tx};

/// Sessions of one person at most; with another, the oldest ends.
const SESSIONS_MAX: usize = 20;
/// Sessions and links of one person that are looked at.
const LOOKED_AT: usize = 200;

/// What the database keeps under a secret's hash.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(in crate::flow) enum Kept {
    /// A session.
    Session(SessionRecord),
    /// A one-time sign-in link.
    Link(LinkRecord),
}

impl Kept {
    /// Reads a row's document.
    pub(in crate::flow) fn of(row: &SessionRow) -> Result<Self, FlowError> {
        serde_json::from_str(&row.doc).map_err(|error| {
            FlowError::Internal(format!("a session of {}: {error}", row.principal))
        })
    }

    /// Returns the document to be kept.
    pub(in crate::flow) fn doc(&self) -> String {
        // A struct of ids and times always serialises.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the row to be kept under a hash.
    pub(super) fn row(&self, hash: SecretHash) -> SessionRow {
        let (principal, expires_at) = match self {
            Self::Session(session) => (session.principal, session.expires),
            Self::Link(link) => (link.principal, link.expires),
        };
        SessionRow { hash: hash.as_bytes().to_vec(), principal, expires_at, doc: self.doc() }
    }
}

/// Draws a secret of 256 bits.
pub(super) fn draw_secret() -> Result<Secret, FlowError> {
    let mut entropy = [0; SECRET_BYTES];
    let drawn = SystemRandom::new().fill(&mut entropy);
    drawn.map_err(|_| FlowError::Internal("the system gives no randomness".to_owned()))?;
    Ok(Secret::from_entropy(entropy))
}

impl App {
    /// Opens a session under a fresh secret. Sessions that have ended are cleared away, and those
    /// of the same person that are too many.
    pub(super) async fn open_session(
        &self,
        tx: &mut Tx,
        principal: Uuid,
        (auth, token): (AuthMethod, Option<Uuid>),
    ) -> Result<(Secret, SessionRecord), FlowError> {
        let (secret, now) = (draw_secret()?, self.now());
        let record = SessionRecord::open(self.draw_id(), principal, auth, now);
        let record = SessionRecord { token, ..record };
        tx.drop_sessions_before(now).await?;
        for old in tx.sessions_of(principal, LOOKED_AT).await?.iter().skip(SESSIONS_MAX - 1) {
            tx.drop_session(&old.hash).await?;
        }
        tx.put_session(&Kept::Session(record.clone()).row(secret.hash())).await?;
        Ok((secret, record))
    }

    /// Ends the session that is shown.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the rules do not let the asker; [`FlowError::Db`] if the database
    /// fails.
    pub async fn sign_out(&self, asker: (&Known, &Actor)) -> Result<(), Refusal> {
        let owner = Owner { row: None, reference: asker.0.principal().reference() };
        self.enter_for(asker, Action::SessionRevoke, &owner).await?;
        let Some((id, hash)) = asker.0.session else { return Ok(()) };
        let act = Act::done("session:sign_out").on("session", id, "");
        self.change(asker.1, async |tx| {
            tx.drop_session(hash.as_bytes()).await?;
            tx.touch_trust().await?;
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        Ok(())
    }

    /// Returns the working sessions of a person, those that end last first.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not know, [`FlowError::NotFound`] if nobody has that
    /// name.
    pub async fn sessions(
        &self,
        asker: (&Known, &Actor),
        name: &str,
    ) -> Result<Vec<SessionRecord>, Refusal> {
        let owner = self.owner(USER, name).await?;
        self.enter_for(asker, Action::SessionRead, &owner).await?;
        let rows = self.db().sessions_of(owner.there()?.id, LOOKED_AT).await?;
        let now = self.now();
        let mut sessions = Vec::new();
        for row in &rows {
            if let Kept::Session(session) = Kept::of(row)?
                && session.state(now) == SessionState::Active
            {
                sessions.push(session);
            }
        }
        Ok(sessions)
    }

    /// Ends a session of a person, or all of them.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not, [`FlowError::NotFound`] if there is no such
    /// person or session.
    pub async fn end_sessions(
        &self,
        asker: (&Known, &Actor),
        name: &str,
        session: Option<Uuid>,
    ) -> Result<(), Refusal> {
        let owner = self.owner(USER, name).await?;
        self.enter_for(asker, Action::SessionRevoke, &owner).await?;
        let owner = owner.there()?.id;
        let act = Act::done("session:revoke").on("session", session.unwrap_or(owner), "");
        let act = act.with("owner", owner.to_string());
        self.change(asker.1, async |tx| {
            match session {
                None => tx.drop_sessions_of(owner).await?,
                Some(id) => {
                    let mut found = None;
                    for row in tx.sessions_of(owner, LOOKED_AT).await? {
                        if matches!(Kept::of(&row)?, Kept::Session(session) if session.id == id) {
                            found = Some(row);
                        }
                    }
                    let missing = || FlowError::NotFound(format!("session {id}"));
                    tx.drop_session(&found.ok_or_else(missing)?.hash).await?;
                }
            }
            tx.touch_trust().await?;
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        Ok(())
    }
}
