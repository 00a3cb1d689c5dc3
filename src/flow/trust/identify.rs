//! Who shows a secret: it is looked up, remembered shortly, and its use is noted.

use std::sync::Arc;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::people::{account_of, record_of, user_of};
use super::known::Known;
use crate::access::token::{SecretHash, Token, TokenRecord};
use crate::access::{AuthMethod, Pattern, Principal};
use crate::base::Time;
use crate::db::PrincipalRow;

/// How exactly it is noted when a token was last shown.
const USE_NOTED_EVERY_MICROS: i64 = 300_000_000;
/// Groups of one person that are looked at; they may not be in more.
const GROUPS_MAX: usize = 200;

impl App {
    /// Returns whether anybody is asked who they are.
    #[must_use]
    pub fn asks_who(&self) -> bool {
        !self.inner.trust.is_open()
    }

    /// Returns who shows this secret; nothing if nobody known does.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn identify(&self, secret: Option<&str>) -> Result<Option<Known>, FlowError> {
        let trust = &self.inner.trust;
        if trust.is_open() {
            return Ok(Some(Known::anonymous()));
        }
        let Some(secret) = secret else { return Ok(None) };
        if let Some((bootstrap, administrator)) = &trust.bootstrap
            // Hashes are compared, so the time this takes tells nothing of the secret.
            && SecretHash::of(secret.as_bytes()) == *bootstrap
        {
            return Ok(Some(administrator.clone()));
        }
        let Some(token) = Token::parse(secret) else { return Ok(None) };
        let hash = token.hash();
        if let Some(known) = trust.tokens.remembered(&hash) {
            return Ok(known);
        }
        let known = self.look_up(&hash).await?;
        trust.tokens.remember(&hash, known.clone());
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
        let Some(owner) = owner else { return Ok(None) };
        let Some(mut principal) = self.principal_of(&owner, AuthMethod::Token).await? else {
            return Ok(None);
        };
        narrow(&mut principal, &record);
        let noted = record.last_used.map_or(i64::MIN, Time::as_micros);
        if now.as_micros().saturating_sub(noted) > USE_NOTED_EVERY_MICROS {
            let mut tx = self.db().begin().await?;
            tx.note_token_used(record.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(Known { principal: Arc::new(principal), token: Some(record.id) }))
    }

    /// Returns somebody as the judge sees them, with all their roles; nothing if they may do
    /// nothing any more.
    pub(in crate::flow) async fn principal_of(
        &self,
        row: &PrincipalRow,
        auth: AuthMethod,
    ) -> Result<Option<Principal>, FlowError> {
        if let Some(account) = account_of(row)? {
            return Ok(Some(account.principal(auth)));
        }
        let Some(user) = user_of(row)? else { return Ok(None) };
        let groups = self.db().groups_of(user.id, GROUPS_MAX).await?;
        user.principal(&groups, auth).map(Some)
    }
}

/// Narrows a principal to what a token of theirs is limited to.
pub(super) fn narrow(principal: &mut Principal, token: &TokenRecord) {
    principal.scopes.clone_from(&token.scopes);
    if let Some(bound) = &token.namespaces {
        // What the owner is no longer bound to, a token is not either.
        let inside = |name: &&Pattern| {
            let limits = principal.namespaces.as_ref();
            limits.is_none_or(|limits| limits.iter().any(|limit| limit.includes(name)))
        };
        principal.namespaces = Some(bound.iter().filter(inside).cloned().collect());
    }
}
