//! API tokens: `lethe_`, 32 base62 signs of chance, 6 base62 signs of CRC-32.
//!
//! 32 signs are 190 bits, so that a plain SHA-256 is kept of them and no slow hash is needed. The
//! checksum lets a scanner of leaked secrets, and us, tell a token from a look-alike without
//! asking a database. A token is shown once; nothing here prints one by accident.

use std::fmt;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::action::ActionSet;
use super::limits::{TOKEN_DAYS_MAX, TOKEN_OVERLAP_HOURS_MAX};
use super::pattern::Pattern;
use crate::base::Time;

/// What every token begins with.
pub const TOKEN_PREFIX: &str = "lethe_";
/// Random bytes that [`Token::generate`] wants: twice what 32 signs need, so that too few is rare.
pub const TOKEN_ENTROPY_BYTES: usize = 64;

const RANDOM_SIGNS: usize = 32;
const CHECK_SIGNS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HOUR_MICROS: i64 = 3_600_000_000;

/// A token's text. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Token(String);

impl Token {
    /// Makes a token of random bytes (of ring's `SystemRandom`). Every sign is equally likely:
    /// bytes above the last multiple of 62 are passed over. `None` if too few bytes are left, which
    /// happens less than once in 10^20 times; draw again.
    #[must_use]
    pub fn generate(entropy: &[u8; TOKEN_ENTROPY_BYTES]) -> Option<Self> {
        let mut text = TOKEN_PREFIX.to_owned();
        let fair = entropy.iter().filter(|byte| **byte < 62 * 4);
        text.extend(fair.take(RANDOM_SIGNS).map(|byte| sign(u32::from(*byte))));
        let complete = text.len() == TOKEN_PREFIX.len() + RANDOM_SIGNS;
        let check = checksum(&text);
        text.push_str(&check);
        let token = Self(text);
        complete.then_some(token)
    }

    /// Reads a token; `None` if it is not of a token's form or its checksum is wrong.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let random = text.strip_prefix(TOKEN_PREFIX)?;
        let fit = random.len() == RANDOM_SIGNS + CHECK_SIGNS
            && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let (body, check) = text.split_at_checked(TOKEN_PREFIX.len() + RANDOM_SIGNS)?;
        (fit && checksum(body) == check).then(|| Self(text.to_owned()))
    }

    /// Returns what is kept of the token, and looked up by.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.0.as_bytes())
    }

    /// Returns the last four signs, by which people tell their tokens apart. They are the
    /// checksum's, and give nothing of the secret away that its hash does not.
    #[must_use]
    pub fn last4(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default()
    }

    /// Returns the text, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token(…{})", self.last4())
    }
}

fn sign(number: u32) -> char {
    let at = usize::try_from(number % 62).unwrap_or(0);
    char::from(BASE62.get(at).copied().unwrap_or(b'0'))
}

fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut signs = ['0'; CHECK_SIGNS];
    for place in signs.iter_mut().rev() {
        *place = sign(rest);
        rest /= 62;
    }
    signs.iter().collect()
}

/// The SHA-256 of a secret of high entropy: a token, a session's id, a sign-in link.
#[derive(Clone, Copy, Eq)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Hashes a secret.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, secret).as_ref());
        Self(hash)
    }

    /// Takes the bytes that a database kept; `None` if they are not 32.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for SecretHash {
    /// Compares in a time that does not tell where the first difference is.
    fn eq(&self, other: &Self) -> bool {
        let differing = self.0.iter().zip(&other.0).fold(0, |bits, (one, two)| bits | (one ^ two));
        std::hint::black_box(differing) == 0
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// What is kept of a token, besides its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRecord {
    /// Its id, which the audit log cites.
    pub id: Uuid,
    /// Whose it is.
    pub owner: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// The last four signs of its text.
    pub last4: String,
    /// What it is limited to; `None` if by nothing but its owner's roles.
    pub scopes: Option<ActionSet>,
    /// The namespaces it is bound to; `None` if to none.
    pub namespaces: Option<Vec<Pattern>>,
    /// When it was made.
    pub created: Time,
    /// When it ends.
    pub expires: Time,
    /// When it was last shown, within some minutes.
    pub last_used: Option<Time>,
    /// The token that this one takes the place of.
    pub rotated_from: Option<Uuid>,
    /// Until when it still works beside the token that took its place.
    pub overlap_until: Option<Time>,
    /// When it was revoked.
    pub revoked: Option<Time>,
}

/// Whether a token works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// It works.
    Active,
    /// It works for a while yet, beside its successor.
    Overlapping,
    /// It was made for a later time.
    NotYet,
    /// Its successor has taken over.
    Rotated,
    /// It has ended.
    Expired,
    /// It was revoked.
    Revoked,
}

impl TokenState {
    /// Returns whether the token works.
    #[must_use]
    pub fn works(self) -> bool {
        matches!(self, Self::Active | Self::Overlapping)
    }
}

/// Why a token cannot be made or rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The end is not after the beginning, or further than the limit.
    #[error("a token ends within {TOKEN_DAYS_MAX} days")]
    Expiry,
    /// The overlap is negative or over the limit.
    #[error("the old token may work for at most {TOKEN_OVERLAP_HOURS_MAX} hours more")]
    Overlap,
    /// What does not work cannot be rotated, nor what was rotated before.
    #[error("only a token that works, and was not rotated yet, can be rotated")]
    NotActive,
}

impl TokenRecord {
    /// Checks that the token ends after it begins and within 366 days.
    ///
    /// # Errors
    ///
    /// [`TokenError::Expiry`].
    pub fn checked(self) -> Result<Self, TokenError> {
        let latest = self.created.plus_micros(TOKEN_DAYS_MAX * 24 * HOUR_MICROS);
        let fit = self.created < self.expires && self.expires <= latest;
        if fit { Ok(self) } else { Err(TokenError::Expiry) }
    }

    /// Returns whether the token works at that moment.
    #[must_use]
    pub fn state(&self, now: Time) -> TokenState {
        // Whatever the clock says now: one that was put back revives nothing.
        if self.revoked.is_some() {
            return TokenState::Revoked;
        }
        if now >= self.expires {
            return TokenState::Expired;
        }
        if now < self.created {
            return TokenState::NotYet;
        }
        match self.overlap_until {
            None => TokenState::Active,
            Some(until) if now < until => TokenState::Overlapping,
            Some(_) => TokenState::Rotated,
        }
    }

    /// Replaces the token by a new one with the same owner, limits and length of life, and lets
    /// the old one work until `now` + `overlap_hours`. Returns (old, new); both have to be stored
    /// in one transaction.
    ///
    /// # Errors
    ///
    /// [`TokenError`] if it does not work, was rotated before, or should overlap too long.
    pub fn rotate(
        &self,
        new: Uuid,
        new_last4: &str,
        now: Time,
        overlap_hours: i64,
    ) -> Result<(Self, Self), TokenError> {
        if self.state(now) != TokenState::Active {
            return Err(TokenError::NotActive);
        }
        if !(0..=TOKEN_OVERLAP_HOURS_MAX).contains(&overlap_hours) {
            return Err(TokenError::Overlap);
        }
        let life_micros = self.expires.as_micros().saturating_sub(self.created.as_micros());
        let successor = Self {
            id: new,
            last4: new_last4.to_owned(),
            created: now,
            expires: now.plus_micros(life_micros),
            last_used: None,
            rotated_from: Some(self.id),
            ..self.clone()
        };
        let overlap_until = Some(now.plus_micros(overlap_hours * HOUR_MICROS));
        Ok((Self { overlap_until, ..self.clone() }, successor.checked()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> TokenRecord {
        TokenRecord {
            id: Uuid::from_u128(1),
            owner: Uuid::from_u128(2),
            name: "nightly".into(),
            last4: "abcd".into(),
            scopes: Some("event:ingest".parse().unwrap()),
            namespaces: Some(vec!["warehouse/*".parse().unwrap()]),
            created: Time::from_millis(0),
            expires: Time::from_millis(90 * 86_400_000),
            last_used: None,
            rotated_from: None,
            overlap_until: None,
            revoked: None,
        }
    }

    fn hour(hour: i64) -> Time {
        Time::from_micros(hour * HOUR_MICROS)
    }

    proptest! {
        #[test]
        fn tokens_read_back_and_a_changed_sign_is_noticed(
            seed in any::<u64>(), at in 0..44_usize, to in "[0-9A-Za-z]",
        ) {
            let mut rng = fastrand::Rng::with_seed(seed);
            let mut entropy = [0; TOKEN_ENTROPY_BYTES];
            rng.fill(&mut entropy);
            let token = Token::generate(&entropy).unwrap();
            prop_assert_eq!(token.reveal().len(), 44);
            prop_assert_eq!(Token::parse(token.reveal()).unwrap().hash(), token.hash());
            let mut changed = token.reveal().to_owned();
            changed.replace_range(at..=at, &to);
            prop_assert!(changed == token.reveal() || Token::parse(&changed).is_none());
        }
    }

    #[test]
    fn too_little_entropy_makes_no_token() {
        assert_eq!(Token::generate(&[255; TOKEN_ENTROPY_BYTES]), None);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", "lethe_", "ghp_0000", "lethe_é0000000000000000000000000000000000000"] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_prints_a_token() {
        let token = Token::generate(&[7; TOKEN_ENTROPY_BYTES]).unwrap();
        let printed = format!("{token:?} {:?}", token.hash());
        assert!(!printed.contains("777777"), "{printed}");
    }

    #[test]
    fn a_token_works_from_its_beginning_to_its_end() {
        let mut token = record();
        assert_eq!(token.state(hour(-1)), TokenState::NotYet);
        assert_eq!(token.state(hour(0)), TokenState::Active);
        assert_eq!(token.state(token.expires), TokenState::Expired);
        token.revoked = Some(hour(5));
        assert_eq!(token.state(hour(4)), TokenState::Revoked, "though the clock went back");
        assert_eq!(token.state(hour(5)), TokenState::Revoked);
        token.expires = token.created.plus_micros(367 * 24 * HOUR_MICROS);
        assert_eq!(token.checked(), Err(TokenError::Expiry));
    }

    #[test]
    fn both_tokens_of_a_rotation_work_while_they_overlap() {
        let (old, new) = record().rotate(Uuid::from_u128(9), "wxyz", hour(10), 2).unwrap();
        assert_eq!(old.state(hour(11)), TokenState::Overlapping);
        assert_eq!(old.state(hour(12)), TokenState::Rotated);
        assert_eq!(new.state(hour(10)), TokenState::Active);
        assert_eq!(new.rotated_from, Some(old.id));
        assert_eq!((&new.scopes, &new.namespaces), (&old.scopes, &old.namespaces));
        assert_eq!(old.rotate(Uuid::nil(), "", hour(11), 1), Err(TokenError::NotActive));
        assert_eq!(record().rotate(Uuid::nil(), "", hour(1), -1), Err(TokenError::Overlap));
        let text = serde_json::to_string(&old).unwrap();
        assert_eq!(serde_json::from_str::<TokenRecord>(&text).unwrap(), old);
    }
}
