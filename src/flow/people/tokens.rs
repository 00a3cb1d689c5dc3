//! API tokens of people and service accounts.

use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::account::Account;
use super::find::Owner;
use super::names::{SERVICE, USER, check_name};
use super::secrets::Limits;
use crate::access::token::{TOKEN_ENTROPY_BYTES, Token, TokenRecord};
use crate::access::{Action, ActionSet, Pattern};
use crate::base::Time;
use crate::db::{PrincipalRow, TokenRow, Tx};

/// How long a token lives if nobody says, in days.
const TOKEN_DAYS: i64 = 90;
const DAY_MICROS: i64 = 86_400_000_000;
/// How long both tokens of a rotation work if nobody says, in hours.
const OVERLAP_HOURS: i64 = 24;
/// Tokens of one principal that are not revoked, at most.
const TOKENS_MAX: i64 = 1_000;
/// Namespaces that one token is bound to, at most.
const NAMESPACES_MAX: usize = 100;
/// Namespaces of an account that an error tells.
const NAMESPACES_TOLD: usize = 10;

/// What a new token is to be.
#[derive(Debug, Clone, Default)]
pub struct TokenAsk {
    /// What it is called.
    pub name: String,
    /// How long it lives, in days; 90 if absent.
    pub days: Option<i64>,
    /// What it is limited to; by nothing but its owner's rights if absent.
    pub scopes: Option<ActionSet>,
    /// The namespaces that it is bound to; those of its owner if absent.
    pub namespaces: Option<Vec<Pattern>>,
}

impl TokenAsk {
    fn check(&self) -> Result<(), FlowError> {
        check_name(&self.name)?;
        let namespaces = self.namespaces.as_deref().unwrap_or_default();
        if self.namespaces.is_some() && namespaces.is_empty() || namespaces.len() > NAMESPACES_MAX {
            let message = format!("must name 1 to {NAMESPACES_MAX} namespaces, or be absent");
            return Err(FlowError::bad("namespaces", message));
        }
        Ok(())
    }

    /// Demands that a token of a service account that is bound to namespaces is for some of them: those
    /// whose datasets alone are its own let it do nothing.
    fn leaves_something(&self, owner: &PrincipalRow) -> Result<(), FlowError> {
        let Some(asked) = self.namespaces.as_deref().filter(|_| owner.kind == SERVICE) else {
            return Ok(());
        };
        let account = Account::of(owner)?;
        let bound = &account.namespaces;
        if bound.is_empty()
            || asked.iter().any(|one| bound.iter().any(|own| own.meet(one).is_some()))
        {
            return Ok(());
        }
        let names: Vec<&str> = bound.iter().take(NAMESPACES_TOLD).map(Pattern::as_str).collect();
        let more = if bound.len() > names.len() { " and more" } else { "" };
        let names = names.join("`, `");
        let message = format!(
            "must name some of what the account is bound to, or the token could do nothing: `{names}`{more}"
        );
        Err(FlowError::bad("namespaces", message))
    }

    fn limits(&self) -> Limits<'_> {
        Limits { scopes: self.scopes.as_ref(), namespaces: self.namespaces.as_deref() }
    }
}

impl App {
    /// Finds whose tokens a path means: a person's, or a service account's.
    async fn token_owner(&self, is_user: bool, name: &str) -> Result<Owner, FlowError> {
        self.owner(if is_user { USER } else { SERVICE }, name).await
    }

    /// Decides whether somebody may make a token of this owner.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if not.
    pub async fn may_make_token(
        &self,
        asker: (&Known, &Actor),
        (is_user, owner): (bool, &str),
    ) -> Result<(), Refusal> {
        let owner = self.token_owner(is_user, owner).await?;
        self.enter_for_secret(asker, Action::TokenCreate, &owner).await
    }

    /// Decides whether somebody may rotate this token.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if not.
    pub async fn may_rotate_token(&self, asker: (&Known, &Actor), id: Uuid) -> Result<(), Refusal> {
        let owner = self.owner_of_token(id).await?;
        self.enter_for_secret(asker, Action::TokenCreate, &owner).await
    }

    /// Makes a token of a person or service account. Its text is told this once and kept
    /// nowhere.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not, or has less rights than the token would have;
    /// [`FlowError::NotFound`] if nobody has that name, [`FlowError::BadInput`] if the token would
    /// live too long or could do nothing, [`FlowError::Conflict`] if its owner is disabled or has too many.
    pub async fn make_token(
        &self,
        asker: (&Known, &Actor),
        (is_user, owner): (bool, &str),
        ask: TokenAsk,
    ) -> Result<(TokenRecord, Token), Refusal> {
        ask.check()?;
        let owner = self.token_owner(is_user, owner).await?;
        self.enter_for_secret(asker, Action::TokenCreate, &owner).await?;
        ask.limits().check(asker.0.principal())?;
        let owner = owner.there()?;
        ask.leaves_something(&owner)?;
        let owner = owner.id;
        let (token, now) = (draw()?, self.now());
        let life = ask.days.unwrap_or(TOKEN_DAYS).saturating_mul(DAY_MICROS);
        let record = TokenRecord {
            id: self.draw_id(),
            owner,
            name: ask.name,
            last4: token.last4().to_owned(),
            scopes: ask.scopes,
            namespaces: ask.namespaces,
            created: now,
            expires: now.plus_micros(life),
            last_used: None,
            rotated_from: None,
            overlap_until: None,
            revoked: None,
        };
        let record =
            record.checked().map_err(|error| FlowError::bad("expiresInDays", error.to_string()))?;
        let act = Act::done("token:create").on("token", record.id, "");
        let act = act.with("owner", owner.to_string());
        self.change(asker.1, async |tx| {
            working_owner(tx, owner).await?;
            tx.put_token(&row_of(&record, token.hash().as_bytes())).await?;
            tx.touch_trust().await?;
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        Ok((record, token))
    }

    /// Puts a new token in the place of one; for a while, both work. The new one's text is told
    /// this once.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not, or has less rights than the token;
    /// [`FlowError::NotFound`] if there is no such token, [`FlowError::BadInput`] if they should overlap too long, [`FlowError::Conflict`] if
    /// it does not work any more.
    pub async fn rotate_token(
        &self,
        asker: (&Known, &Actor),
        id: Uuid,
        overlap_hours: Option<i64>,
    ) -> Result<(TokenRecord, Token), Refusal> {
        let owner = self.owner_of_token(id).await?;
        self.enter_for_secret(asker, Action::TokenCreate, &owner).await?;
        let old = self.db().token(id).await?.ok_or_else(|| missing(id))?;
        let old = record_of(&old)?;
        // What is told is worth as much as a new one, and asks for as much.
        let limits = Limits { scopes: old.scopes.as_ref(), namespaces: old.namespaces.as_deref() };
        limits.check(asker.0.principal())?;
        let overlap = overlap_hours.unwrap_or(OVERLAP_HOURS);
        let (token, new) = (draw()?, self.draw_id());
        let write = async |tx: &mut Tx| {
            let row = tx.token(id).await?.ok_or_else(|| missing(id))?;
            let owner = row.principal;
            working_owner(tx, owner).await?;
            let rotated = record_of(&row)?.rotate(new, token.last4(), self.now(), overlap);
            let (old, new) = rotated.map_err(|error| match error {
                crate::access::token::TokenError::Overlap => {
                    FlowError::bad("overlapHours", error.to_string())
                }
                _ => FlowError::Conflict(error.to_string()),
            })?;
            let act = Act::done("token:create").on("token", new.id, "");
            let act = act.with("owner", owner.to_string()).with("inPlaceOf", id.to_string());
            tx.put_token(&row_of(&old, &row.hash)).await?;
            tx.put_token(&row_of(&new, token.hash().as_bytes())).await?;
            tx.touch_trust().await?;
            Ok((new, vec![act]))
        };
        let new = self.change(asker.1, write).await?;
        self.inner.trust.forget();
        Ok((new, token))
    }

    /// Returns the tokens of a person or service account, the latest first, before a place in
    /// that order.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not know, [`FlowError::NotFound`] if nobody has that
    /// name.
    pub async fn tokens(
        &self,
        asker: (&Known, &Actor),
        (is_user, owner): (bool, &str),
        before: Option<(Time, Uuid)>,
        limit: usize,
    ) -> Result<Vec<TokenRecord>, Refusal> {
        let owner = self.token_owner(is_user, owner).await?;
        self.enter_for(asker, Action::TokenRead, &owner).await?;
        let rows = self.db().tokens_of(owner.there()?.id, before, limit).await?;
        Ok(rows.iter().map(record_of).collect::<Result<_, _>>()?)
    }

    /// Revokes a token: it works no more, on any node, within a second.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if the asker may not, [`FlowError::NotFound`] if there is none.
    pub async fn revoke_token(&self, asker: (&Known, &Actor), id: Uuid) -> Result<(), Refusal> {
        let owner = self.owner_of_token(id).await?;
        self.enter_for(asker, Action::TokenRevoke, &owner).await?;
        self.change(asker.1, async |tx| {
            let row = tx.token(id).await?.ok_or_else(|| missing(id))?;
            let act = Act::done("token:revoke").on("token", id, "");
            let act = act.with("owner", row.principal.to_string());
            let revoked_at = Some(row.revoked_at.unwrap_or_else(|| self.now()));
            tx.put_token(&TokenRow { revoked_at, ..row }).await?;
            tx.touch_trust().await?;
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        Ok(())
    }

    async fn owner_of_token(&self, id: Uuid) -> Result<Owner, FlowError> {
        match self.db().token(id).await? {
            Some(row) => self.owner_of(row.principal).await,
            None => Ok(Owner { row: None, reference: String::new() }),
        }
    }
}

/// Demands an owner who may do something, and has room for one more token.
async fn working_owner(tx: &mut Tx, owner: Uuid) -> Result<(), FlowError> {
    if tx.principal(owner).await?.is_none_or(|row| row.disabled) {
        return Err(FlowError::Conflict("the token's owner is disabled".to_owned()));
    }
    if tx.count_tokens(owner).await? >= TOKENS_MAX {
        let message = format!("there are {TOKENS_MAX} tokens already; revoke some");
        return Err(FlowError::Conflict(message));
    }
    Ok(())
}

fn missing(id: Uuid) -> FlowError {
    FlowError::NotFound(format!("token {id}"))
}

fn row_of(record: &TokenRecord, hash: &[u8]) -> TokenRow {
    TokenRow {
        id: record.id,
        hash: hash.to_vec(),
        principal: record.owner,
        created_at: record.created,
        used_at: record.last_used,
        revoked_at: record.revoked,
        // A struct of texts and numbers always serialises.
        doc: serde_json::to_string(record).unwrap_or_default(),
    }
}

/// Reads a token's record; when it was last shown and when it was revoked is kept beside it.
pub(in crate::flow) fn record_of(row: &TokenRow) -> Result<TokenRecord, FlowError> {
    let record: TokenRecord = serde_json::from_str(&row.doc)
        .map_err(|error| FlowError::Internal(format!("token {}: {error}", row.id)))?;
    Ok(TokenRecord { last_used: row.used_at, revoked: row.revoked_at, ..record })
}

fn draw() -> Result<Token, FlowError> {
    let mut entropy = [0; TOKEN_ENTROPY_BYTES];
    // Too few fair bytes come less than once in 10^20 draws.
    let drawn = (0..3).find_map(|_| {
        SystemRandom::new().fill(&mut entropy).ok()?;
        Token::generate(&entropy)
    });
    drawn.ok_or_else(|| FlowError::Internal("the system gives no randomness".to_owned()))
}
