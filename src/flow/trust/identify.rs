//! Who shows a secret: it is looked up, remembered shortly, and its use is noted.

use std::sync::Arc;

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::people::{Kept, account_of, record_of, user_of};
use super::super::unrecorded::unrecorded;
use super::known::Known;
use crate::access::session::{Secret, SessionState};
use crate::access::token::{SecretHash, Token, TokenRecord};
use crate::access::{AuthMethod, Pattern, Principal};
use crate::base::Time;
use crate::db::PrincipalRow;

/// What somebody shows to be recognised.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    /// Nothing.
    Nothing,
    /// A token.
    Token(&'a str),
    /// A session's secret.
    Session(&'a Secret),
}

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

    /// Returns who shows this; nothing if nobody known does.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn identify(&self, proof: Proof<'_>) -> Result<Option<Known>, FlowError> {
        if self.inner.trust.is_open() {
            return Ok(Some(Known::anonymous()));
        }
        match proof {
            Proof::Nothing => Ok(None),
            Proof::Token(secret) => self.identify_token(secret).await,
            Proof::Session(secret) => self.identify_session(&secret.hash()).await,
        }
    }

    /// Returns who somebody is now that was known a while ago; nothing if what they showed works no
    /// more.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow) async fn identify_again(
        &self,
        known: &Known,
    ) -> Result<Option<Known>, FlowError> {
        match (&known.session, &known.shown) {
            (Some((_, hash)), _) => self.identify_session(hash).await,
            (None, Some(hash)) => self.identify_hash(hash).await,
            // Nobody is asked, or it is the bootstrap administrator, whose token ends with the process.
            (None, None) => Ok(Some(known.clone())),
        }
    }

    async fn identify_session(&self, hash: &SecretHash) -> Result<Option<Known>, FlowError> {
        let tokens = &self.inner.trust.tokens;
        if let Some(known) = tokens.remembered(hash) {
            return Ok(known);
        }
        let epoch = tokens.epoch();
        let known = self.look_up_session(hash).await?;
        tokens.remember(hash, known.clone(), epoch);
        Ok(known)
    }

    /// Returns who shows this token.
    pub(in crate::flow) async fn identify_token(
        &self,
        secret: &str,
    ) -> Result<Option<Known>, FlowError> {
        let trust = &self.inner.trust;
        if let Some((bootstrap, administrator)) = &trust.bootstrap
            // Hashes are compared, so the time this takes tells nothing of the secret.
            && SecretHash::of(secret.as_bytes()) == *bootstrap
        {
            return Ok(Some(administrator.clone()));
        }
        let Some(token) = Token::parse(secret) else { return Ok(None) };
        self.identify_hash(&token.hash()).await
    }

    async fn identify_hash(&self, hash: &SecretHash) -> Result<Option<Known>, FlowError> {
        let tokens = &self.inner.trust.tokens;
        if let Some(known) = tokens.remembered(hash) {
            return Ok(known);
        }
        let epoch = tokens.epoch();
        let known = self.look_up(hash).await?;
        tokens.remember(hash, known.clone(), epoch);
        Ok(known)
    }

    /// Finds whose session it is, if it works.
    async fn look_up_session(&self, hash: &SecretHash) -> Result<Option<Known>, FlowError> {
        let Some(row) = self.db().session(hash.as_bytes()).await? else { return Ok(None) };
        let Kept::Session(session) = Kept::of(&row)? else { return Ok(None) };
        let now = self.now();
        if session.state(now) != SessionState::Active {
            return Ok(None);
        }
        let trust = &self.inner.trust;
        let came_by = Some((session.id, *hash));
        let known = if let Some((_, administrator)) = &trust.bootstrap
            && session.token == Some(trust.run)
        {
            Known::new(Arc::clone(&administrator.principal), None, came_by)
        } else {
            let Some(mut principal) = self.principal_with(session.principal, session.auth).await?
            else {
                return Ok(None);
            };
            if let Some(id) = session.token {
                let token = self.db().token(id).await?.as_ref().map(record_of).transpose()?;
                let Some(token) = token.filter(|token| token.state(now).works()) else {
                    return Ok(None);
                };
                narrow(&mut principal, &token);
            }
            Known::new(Arc::new(principal), session.token, came_by)
        };
        if let Some(seen) = session.seen(now) {
            let (hash, doc) = (hash.as_bytes(), Kept::Session(seen).doc());
            unrecorded(self.db(), async |tx| Ok(tx.note_session(hash, &doc).await?)).await?;
        }
        Ok(Some(known))
    }

    async fn principal_with(
        &self,
        id: Uuid,
        auth: AuthMethod,
    ) -> Result<Option<Principal>, FlowError> {
        let Some(row) = self.db().principal(id).await? else { return Ok(None) };
        self.principal_of(&row, auth).await
    }

    /// Finds who a token belongs to, if it works.
    async fn look_up(&self, hash: &SecretHash) -> Result<Option<Known>, FlowError> {
        let Some(row) = self.db().token_by_hash(hash.as_bytes()).await? else { return Ok(None) };
        let (record, now) = (record_of(&row)?, self.now());
        if !record.state(now).works() {
            return Ok(None);
        }
        let principal = self.principal_with(record.owner, AuthMethod::Token).await?;
        let Some(mut principal) = principal else { return Ok(None) };
        narrow(&mut principal, &record);
        let noted = record.last_used.map_or(i64::MIN, Time::as_micros);
        if now.as_micros().saturating_sub(noted) > USE_NOTED_EVERY_MICROS {
            let id = record.id;
            unrecorded(self.db(), async |tx| Ok(tx.note_token_used(id, now).await?)).await?;
        }
        Ok(Some(Known::by_token(Arc::new(principal), record.id, *hash)))
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
///
/// Its namespaces narrow what it may do, and whose datasets are its own: within them it is what its
/// owner is (what the owner is no longer bound to, a token is not either), elsewhere nobody.
pub(super) fn narrow(principal: &mut Principal, token: &TokenRecord) {
    principal.scopes.clone_from(&token.scopes);
    let Some(bound) = &token.namespaces else { return };
    principal.claims = met(bound, principal.claims.iter().filter(|claim| !claim.is_any()));
    principal.namespaces = Some(match &principal.namespaces {
        Some(limits) => met(bound, limits.iter()),
        None => bound.clone(),
    });
}

/// Returns what these patterns and those of a token have in common, in the token's order. Of claims,
/// `*` claims nothing, and must not come to claim something by being narrowed.
fn met<'a>(bound: &[Pattern], of: impl Iterator<Item = &'a Pattern> + Clone) -> Vec<Pattern> {
    let mut met = Vec::new();
    for pattern in bound.iter().flat_map(|bound| of.clone().filter_map(|one| bound.meet(one))) {
        if !met.contains(&pattern) {
            met.push(pattern);
        }
    }
    met
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::PrincipalKind;

    fn patterns(texts: &[&str]) -> Vec<Pattern> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    /// Narrows an account of these namespaces and claims to a token's namespaces.
    fn narrowed(
        namespaces: &[&str],
        claims: &[&str],
        token: &[&str],
    ) -> (Option<Vec<Pattern>>, Vec<Pattern>) {
        let service = PrincipalKind::Service;
        let mut account = Principal::new(Uuid::nil(), service, "etl", AuthMethod::Token);
        account.namespaces = (!namespaces.is_empty()).then(|| patterns(namespaces));
        account.claims = patterns(claims);
        let token = TokenRecord {
            id: Uuid::nil(),
            owner: Uuid::nil(),
            name: String::new(),
            last4: String::new(),
            scopes: None,
            namespaces: Some(patterns(token)),
            created: Time::MIN,
            expires: Time::MIN,
            last_used: None,
            rotated_from: None,
            overlap_until: None,
            revoked: None,
        };
        narrow(&mut account, &token);
        (account.namespaces, account.claims)
    }

    #[test]
    fn a_token_is_bound_to_no_more_than_its_owner_and_claims_nothing_elsewhere() {
        for (namespaces, claims, token, left, claimed) in [
            (&["a", "b"][..], &["a", "b", "pg://x"][..], &["a"][..], &["a"][..], &["a"][..]),
            (&["team-*"], &["team-*"], &["team-a"], &["team-a"], &["team-a"]),
            (&["team-a"], &["team-a"], &["team-*"], &["team-a"], &["team-a"]),
            (&["a"], &["a", "pg://x/*"], &["a", "pg://x/y"], &["a"], &["a", "pg://x/y"]),
            (&["a"], &["a"], &["b"], &[], &[]),
            (&["a"], &["a"], &["*"], &["a"], &["a"]),
            // All is nobody's own: no more is it if a token names some of it.
            (&["*"], &["*"], &["a"], &["a"], &[]),
            (&[], &["pg://x"], &["a"], &["a"], &[]),
        ] {
            let expected = (Some(patterns(left)), patterns(claimed));
            assert_eq!(narrowed(namespaces, claims, token), expected, "{claims:?} {token:?}");
        }
    }
}
