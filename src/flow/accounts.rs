//! Service accounts of pipelines, and their tokens.
//!
//! A service account is bound to namespaces and posts events for these, and nothing else: the
//! shipped rules give its group, `pipelines`, the role `ingest`.

use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::app::App;
use super::audit::{Act, Actor, record_all};
use super::error::FlowError;
use crate::access::token::{TOKEN_ENTROPY_BYTES, Token, TokenRecord};
use crate::access::{Pattern, Principal, PrincipalKind};
use crate::base::limits::NAME_BYTES_MAX;
use crate::base::{Digest, Time};
use crate::db::{PrincipalRow, TokenRow};

/// The group that service accounts are members of.
pub(super) const PIPELINES: &str = "pipelines";
/// How the rows' kind is numbered.
const SERVICE: i16 = 1;
/// Namespaces that one account is bound to, at most.
const NAMESPACES_MAX: usize = 100;
/// How long a token lives if nobody says, in days.
const TOKEN_DAYS: i64 = 90;
const DAY_MICROS: i64 = 86_400_000_000;

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique among service accounts.
    pub name: String,
    /// Namespaces that it may speak for: names, or beginnings that end in `*`.
    pub namespaces: Vec<Pattern>,
    /// Whether it may do nothing any more.
    pub disabled: bool,
}

#[derive(Serialize, Deserialize)]
struct AccountDoc {
    name: String,
    namespaces: Vec<Pattern>,
}

impl Account {
    fn of(row: &PrincipalRow) -> Result<Self, FlowError> {
        let doc: AccountDoc = serde_json::from_str(&row.doc)
            .map_err(|error| FlowError::Internal(format!("service account {}: {error}", row.id)))?;
        let AccountDoc { name, namespaces } = doc;
        Ok(Self { id: row.id, name, namespaces, disabled: row.disabled })
    }

    fn row(&self) -> PrincipalRow {
        let doc = AccountDoc { name: self.name.clone(), namespaces: self.namespaces.clone() };
        PrincipalRow {
            id: self.id,
            kind: SERVICE,
            sort_name: self.name.clone(),
            disabled: self.disabled,
            // A struct of texts always serialises.
            doc: serde_json::to_string(&doc).unwrap_or_default(),
        }
    }

    /// Returns the account as the judge sees it.
    pub(super) fn principal(&self, token: &TokenRecord) -> Principal {
        let auth = crate::access::AuthMethod::Token;
        let mut principal = Principal::new(self.id, PrincipalKind::Service, &self.name, auth);
        principal.groups = vec![PIPELINES.to_owned()];
        principal.scopes.clone_from(&token.scopes);
        principal.namespaces = Some(self.namespaces.clone());
        principal
    }
}

impl App {
    /// Makes a service account, or changes the namespaces of one.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if name or namespaces are not allowed.
    pub async fn put_account(
        &self,
        actor: &Actor,
        name: &str,
        namespaces: Vec<Pattern>,
    ) -> Result<Account, FlowError> {
        check_name(name)?;
        if namespaces.is_empty() || namespaces.len() > NAMESPACES_MAX {
            let message = format!("must name 1 to {NAMESPACES_MAX} namespaces");
            return Err(FlowError::bad("namespaces", message));
        }
        let id = Uuid::from_bytes(Digest::of_parts(&[b"service", name.as_bytes()]).0);
        let account = Account { id, name: name.to_owned(), namespaces, disabled: false };
        self.store_account(actor, &account, "service_account:write").await?;
        Ok(account)
    }

    /// Disables a service account: its tokens work no more.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that name.
    pub async fn disable_account(&self, actor: &Actor, name: &str) -> Result<(), FlowError> {
        let account = Account { disabled: true, ..self.account(name).await? };
        self.store_account(actor, &account, "service_account:write").await
    }

    async fn store_account(
        &self,
        actor: &Actor,
        account: &Account,
        action: &'static str,
    ) -> Result<(), FlowError> {
        let act = Act::done(action).on("service_account", account.id, &account.name);
        let sealed = self.seal(actor, act.with("disabled", account.disabled))?;
        let mut tx = self.db().begin().await?;
        tx.put_principal(&account.row()).await?;
        tx.touch_trust().await?;
        record_all(&mut tx, &[sealed]).await?;
        tx.commit().await?;
        self.inner.trust.forget();
        Ok(())
    }

    /// Returns a service account.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that name.
    pub async fn account(&self, name: &str) -> Result<Account, FlowError> {
        let missing = || FlowError::NotFound(format!("service account {name}"));
        check_name(name).map_err(|_| missing())?;
        let row = self.db().principal_named(SERVICE, name).await?;
        let row = row.ok_or_else(missing)?;
        Account::of(&row)
    }

    /// Returns service accounts by name, after a name.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn accounts(&self, after: &str, limit: usize) -> Result<Vec<Account>, FlowError> {
        let rows = self.db().list_principals(SERVICE, after, limit).await?;
        rows.iter().map(Account::of).collect()
    }

    /// Makes a token of a service account. Its text is told this once and kept nowhere.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such account, [`FlowError::BadInput`] if it
    /// should live too long.
    pub async fn make_token(
        &self,
        actor: &Actor,
        account: &str,
        name: &str,
        days: Option<i64>,
    ) -> Result<(TokenRecord, Token), FlowError> {
        check_name(name)?;
        let account = self.account(account).await?;
        let token = draw()?;
        let now = self.now();
        let life = days.unwrap_or(TOKEN_DAYS).saturating_mul(DAY_MICROS);
        let record = TokenRecord {
            id: self.draw_id(),
            owner: account.id,
            name: name.to_owned(),
            last4: token.last4().to_owned(),
            scopes: None,
            namespaces: None,
            created: now,
            expires: now.plus_micros(life),
            last_used: None,
            rotated_from: None,
            overlap_until: None,
            revoked: None,
        };
        let record =
            record.checked().map_err(|error| FlowError::bad("expiresInDays", error.to_string()))?;
        let hash = token.hash().as_bytes().to_vec();
        self.store_token(actor, &record, hash, "token:create").await?;
        Ok((record, token))
    }

    /// Returns the tokens of a service account, the latest first, before a place in that order.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such account.
    pub async fn tokens(
        &self,
        account: &str,
        before: Option<(Time, Uuid)>,
        limit: usize,
    ) -> Result<Vec<TokenRecord>, FlowError> {
        let account = self.account(account).await?;
        let rows = self.db().tokens_of(account.id, before, limit).await?;
        rows.iter().map(record_of).collect()
    }

    /// Revokes a token: it works no more, on any node, within a second.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none.
    pub async fn revoke_token(&self, actor: &Actor, id: Uuid) -> Result<(), FlowError> {
        let row = self.db().token(id).await?;
        let row = row.ok_or_else(|| FlowError::NotFound(format!("token {id}")))?;
        let known = record_of(&row)?;
        let revoked = Some(known.revoked.unwrap_or(self.now()));
        let record = TokenRecord { revoked, ..known };
        self.store_token(actor, &record, row.hash, "token:revoke").await
    }

    async fn store_token(
        &self,
        actor: &Actor,
        record: &TokenRecord,
        hash: Vec<u8>,
        action: &'static str,
    ) -> Result<(), FlowError> {
        let act = Act::done(action).on("token", record.id, "");
        let sealed = self.seal(actor, act.with("owner", record.owner.to_string()))?;
        let row = TokenRow {
            id: record.id,
            hash,
            principal: record.owner,
            created_at: record.created,
            used_at: record.last_used,
            // A struct of texts and numbers always serialises.
            doc: serde_json::to_string(record).unwrap_or_default(),
        };
        let mut tx = self.db().begin().await?;
        tx.put_token(&row).await?;
        tx.touch_trust().await?;
        record_all(&mut tx, &[sealed]).await?;
        tx.commit().await?;
        self.inner.trust.forget();
        Ok(())
    }
}

/// Reads a token's record; when it was last shown is kept beside it.
pub(super) fn record_of(row: &TokenRow) -> Result<TokenRecord, FlowError> {
    let record: TokenRecord = serde_json::from_str(&row.doc)
        .map_err(|error| FlowError::Internal(format!("token {}: {error}", row.id)))?;
    Ok(TokenRecord { last_used: row.used_at, ..record })
}

/// Returns the account that a principal's row holds, if it is one.
pub(super) fn account_of(row: &PrincipalRow) -> Result<Option<Account>, FlowError> {
    (row.kind == SERVICE && !row.disabled).then(|| Account::of(row)).transpose()
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

fn check_name(name: &str) -> Result<(), FlowError> {
    let odd = |c: char| c.is_control() || c.is_whitespace();
    if name.is_empty() || name.len() > NAME_BYTES_MAX.min(200) || name.contains(odd) {
        return Err(FlowError::bad("name", "must be 1 to 200 bytes without spaces"));
    }
    Ok(())
}
