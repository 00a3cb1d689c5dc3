//! Sessions of the UI and one-time sign-in links, as values.
//!
//! Both are known by 256 random bits that only the browser keeps; the database keeps their SHA-256.
//! A sign-in always makes a new secret, so that a session cannot be fixed beforehand.
//! The token against cross-site requests is derived from the session's secret, so that it
//! needs no store and ends with the session.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::limits::{LINK_LIFE_MINUTES, SESSION_IDLE_MINUTES, SESSION_LIFE_HOURS};
use super::principal::AuthMethod;
use super::token::SecretHash;
use crate::base::Time;

/// Random bytes of a secret.
pub const SECRET_BYTES: usize = 32;

const MINUTE_MICROS: i64 = 60_000_000;
/// Writing down that a session was seen is worth it only now and then.
const SEEN_MICROS: i64 = MINUTE_MICROS;

/// The secret of a session (its cookie's value) or of a sign-in link. Wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; SECRET_BYTES]);

impl Secret {
    /// Takes random bytes (of ring's `SystemRandom`).
    #[must_use]
    pub fn from_entropy(entropy: [u8; SECRET_BYTES]) -> Self {
        Self(entropy)
    }

    /// Reads 43 signs of base64url; `None` if it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let secret = <[u8; SECRET_BYTES]>::try_from(bytes.as_slice()).ok().map(Self);
        bytes.zeroize();
        secret
    }

    /// Returns the text for the cookie or link, to be sent once.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Returns what is kept of the secret, and looked up by.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    /// Returns the token that requests which change something have to repeat in a header.
    #[must_use]
    pub fn csrf_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.csrf_hash().as_bytes())
    }

    /// Returns whether that is this session's token, in a time that does not tell how nearly.
    #[must_use]
    pub fn csrf_matches(&self, shown: &str) -> bool {
        let shown = URL_SAFE_NO_PAD.decode(shown).ok();
        shown.and_then(|bytes| SecretHash::from_bytes(&bytes)) == Some(self.csrf_hash())
    }

    fn csrf_hash(&self) -> SecretHash {
        let mut labelled = [b"lethe csrf v1\0".as_slice(), &self.0].concat();
        let hash = SecretHash::of(&labelled);
        labelled.zeroize();
        hash
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is kept of a session, besides its secret's hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionRecord {
    /// Its id, which the audit log cites and by which it is revoked.
    pub id: Uuid,
    /// Whose it is.
    pub principal: Uuid,
    /// How it was opened.
    pub auth: AuthMethod,
    /// The token that opened it: the session may do what the token may, as long as that works.
    #[serde(default)]
    pub token: Option<Uuid>,
    /// When.
    pub created: Time,
    /// When it was last seen, within a minute.
    pub last_seen: Time,
    /// When it ends at the latest.
    pub expires: Time,
    /// When it was ended, by signing out or by somebody who may.
    pub revoked: Option<Time>,
}

/// Whether a session or a sign-in link works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// It works.
    Active,
    /// It was not used for too long.
    Idle,
    /// It has come to its end, or was made for a later time.
    Expired,
    /// It was ended, or a link was used already.
    Revoked,
}

impl SessionRecord {
    /// Opens a session.
    #[must_use]
    pub fn open(id: Uuid, principal: Uuid, auth: AuthMethod, now: Time) -> Self {
        let expires = now.plus_micros(SESSION_LIFE_HOURS * 60 * MINUTE_MICROS);
        let token = None;
        Self { id, principal, auth, token, created: now, last_seen: now, expires, revoked: None }
    }

    /// Returns whether the session works at that moment.
    #[must_use]
    pub fn state(&self, now: Time) -> SessionState {
        let idle_from = self.last_seen.plus_micros(SESSION_IDLE_MINUTES * MINUTE_MICROS);
        match () {
            // Whatever the clock says now: one that was put back revives nothing.
            () if self.revoked.is_some() => SessionState::Revoked,
            () if now < self.created || now >= self.expires => SessionState::Expired,
            () if now >= idle_from => SessionState::Idle,
            () => SessionState::Active,
        }
    }

    /// Notes that a working session was seen; `None` if there is nothing worth writing down.
    #[must_use]
    pub fn seen(&self, now: Time) -> Option<Self> {
        let due = now >= self.last_seen.plus_micros(SEEN_MICROS);
        let noted = due && self.state(now) == SessionState::Active;
        noted.then(|| Self { last_seen: now, ..self.clone() })
    }
}

/// What is kept of a one-time sign-in link, besides its secret's hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkRecord {
    /// Whom it signs in.
    pub principal: Uuid,
    /// When it was made.
    pub created: Time,
    /// When it ends.
    pub expires: Time,
    /// When it was used.
    pub used: Option<Time>,
}

impl LinkRecord {
    /// Makes a link.
    #[must_use]
    pub fn make(principal: Uuid, now: Time) -> Self {
        let expires = now.plus_micros(LINK_LIFE_MINUTES * MINUTE_MICROS);
        Self { principal, created: now, expires, used: None }
    }

    /// Returns whether the link works at that moment.
    #[must_use]
    pub fn state(&self, now: Time) -> SessionState {
        match () {
            () if self.used.is_some() => SessionState::Revoked,
            () if now < self.created || now >= self.expires => SessionState::Expired,
            () => SessionState::Active,
        }
    }

    /// Uses the link: returns it as it must be stored before the session is opened. `None` if it
    /// does not work any more.
    #[must_use]
    pub fn spend(&self, now: Time) -> Option<Self> {
        let works = self.state(now) == SessionState::Active;
        works.then(|| Self { used: Some(now), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minute: i64) -> Time {
        Time::from_micros(minute * MINUTE_MICROS)
    }

    #[test]
    fn secrets_read_back_and_do_not_print() {
        let secret = Secret::from_entropy([9; SECRET_BYTES]);
        assert_eq!(secret.reveal().len(), 43);
        assert_eq!(Secret::parse(&secret.reveal()).unwrap(), secret);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        for text in ["", "a", &"A".repeat(44), "é"] {
            assert_eq!(Secret::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_csrf_token_belongs_to_its_session() {
        let (one, two) = (Secret::from_entropy([1; 32]), Secret::from_entropy([2; 32]));
        assert!(one.csrf_matches(&one.csrf_token()));
        assert!(!two.csrf_matches(&one.csrf_token()));
        assert!(!one.csrf_matches("") && !one.csrf_matches(&one.reveal()));
    }

    #[test]
    fn a_session_ends_when_idle_when_old_and_when_told() {
        let opened = SessionRecord::open(Uuid::nil(), Uuid::nil(), AuthMethod::Password, minute(0));
        assert_eq!(opened.state(minute(59)), SessionState::Active);
        assert_eq!(opened.state(minute(60)), SessionState::Idle);
        assert_eq!(opened.state(minute(-1)), SessionState::Expired);
        assert_eq!(opened.seen(Time::from_millis(1)), None, "not worth a write");
        let mut session = opened;
        for at in (50..720).step_by(50) {
            session = session.seen(minute(at)).unwrap();
        }
        assert_eq!(session.state(minute(720)), SessionState::Expired);
        session.revoked = Some(minute(705));
        assert_eq!(session.state(minute(704)), SessionState::Revoked, "though the clock went back");
        assert_eq!(session.state(minute(705)), SessionState::Revoked);
        assert_eq!(session.seen(minute(706)), None);
    }

    #[test]
    fn a_link_signs_in_once() {
        let link = LinkRecord::make(Uuid::nil(), minute(0));
        let spent = link.spend(minute(14)).unwrap();
        assert_eq!(spent.state(minute(14)), SessionState::Revoked);
        assert_eq!(spent.spend(minute(14)), None);
        assert_eq!(link.spend(minute(15)), None);
    }
}
