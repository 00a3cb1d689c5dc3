//! People, service accounts and groups; their tokens and sessions.
//!
//! Documents are kept as the text that `flow` gives: this room does not look into them.

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;

/// A person, service account or group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalRow {
    /// Its id.
    pub id: Uuid,
    /// 0 user, 1 service account, 2 group.
    pub kind: i16,
    /// The name it is found by: unique in its kind.
    pub sort_name: String,
    /// Whether it may do nothing any more.
    pub disabled: bool,
    /// The rest, as JSON.
    pub doc: String,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub id: Uuid,
    /// The SHA-256 of its secret.
    pub hash: Vec<u8>,
    /// Whose it is.
    pub principal: Uuid,
    /// When it was made.
    pub created_at: Time,
    /// When it was last shown, within some minutes.
    pub used_at: Option<Time>,
    /// The rest, as JSON.
    pub doc: String,
}

/// A session or sign-in link, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The SHA-256 of its secret.
    pub hash: Vec<u8>,
    /// Whose it is.
    pub principal: Uuid,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// The rest, as JSON.
    pub doc: String,
}

type PrincipalTuple = (Uuid, i16, String, bool, String);
type TokenTuple = (Uuid, Vec<u8>, Uuid, i64, Option<i64>, String);

fn principal(row: PrincipalTuple) -> PrincipalRow {
    let (id, kind, sort_name, disabled, doc) = row;
    PrincipalRow { id, kind, sort_name, disabled, doc }
}

fn token(row: TokenTuple) -> TokenRow {
    let (id, hash, principal, created_at, used_at, doc) = row;
    let created_at = Time::from_micros(created_at);
    TokenRow { id, hash, principal, created_at, used_at: used_at.map(Time::from_micros), doc }
}

impl Tx {
    /// Counts a change of who may do what, so that every node looks again.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn touch_trust(&mut self) -> Result<(), DbError> {
        on_tx!(self, conn => {
            sqlx::query("UPDATE trust_head SET version = version + 1 WHERE id = 1")
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        Ok(())
    }

    /// Writes a principal.
    ///
    /// # Errors
    ///
    /// [`DbError::Refused`] if another one of its kind has the name.
    pub async fn put_principal(&mut self, row: &PrincipalRow) -> Result<(), DbError> {
        on_tx!(self, conn => {
            sqlx::query("INSERT INTO principal (id, kind, sort_name, disabled, doc) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (id) DO UPDATE SET sort_name = excluded.sort_name, disabled = excluded.disabled, doc = excluded.doc")
                .bind(row.id)
                .bind(row.kind)
                .bind(&row.sort_name[..])
                .bind(row.disabled)
                .bind(&row.doc[..])
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        Ok(())
    }

    /// Writes a token.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_token(&mut self, row: &TokenRow) -> Result<(), DbError> {
        on_tx!(self, conn => {
            sqlx::query("INSERT INTO token (id, hash, principal, created_at, used_at, doc) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at, doc = excluded.doc")
                .bind(row.id)
                .bind(&row.hash[..])
                .bind(row.principal)
                .bind(row.created_at.as_micros())
                .bind(row.used_at.map(Time::as_micros))
                .bind(&row.doc[..])
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        Ok(())
    }

    /// Notes when a token was last shown.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn note_token_used(&mut self, id: Uuid, at: Time) -> Result<(), DbError> {
        on_tx!(self, conn => {
            sqlx::query("UPDATE token SET used_at = $2 WHERE id = $1")
                .bind(id)
                .bind(at.as_micros())
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        Ok(())
    }

    /// Writes a session or sign-in link.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_session(&mut self, row: &SessionRow) -> Result<(), DbError> {
        on_tx!(self, conn => {
            sqlx::query("INSERT INTO session (hash, principal, expires_at, doc) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at, doc = excluded.doc")
                .bind(&row.hash[..])
                .bind(row.principal)
                .bind(row.expires_at.as_micros())
                .bind(&row.doc[..])
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        Ok(())
    }

    /// Removes a session or link. Returns whether it was there: of two that use a one-time
    /// link at once, one is told so.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn drop_session(&mut self, hash: &[u8]) -> Result<bool, DbError> {
        let done = on_tx!(self, conn => {
            sqlx::query("DELETE FROM session WHERE hash = $1")
                .bind(hash)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(done > 0)
    }

    /// Removes all sessions of a principal.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn drop_sessions_of(&mut self, principal: Uuid) -> Result<(), DbError> {
        on_tx!(self, conn => {
            sqlx::query("DELETE FROM session WHERE principal = $1")
                .bind(principal)
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        Ok(())
    }

    /// Removes sessions and links that have ended.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn drop_sessions_before(&mut self, now: Time) -> Result<(), DbError> {
        on_tx!(self, conn => {
            sqlx::query("DELETE FROM session WHERE expires_at < $1")
                .bind(now.as_micros())
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        Ok(())
    }
}

impl Db {
    /// Returns the count of changes of who may do what.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn trust_version(&self) -> Result<i64, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_scalar("SELECT version FROM trust_head WHERE id = 1")
                .fetch_one(pool)
                .await
        })?)
    }

    /// Returns a principal.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn principal(&self, id: Uuid) -> Result<Option<PrincipalRow>, DbError> {
        let row: Option<PrincipalTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE id = $1")
                .bind(id)
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(principal))
    }

    /// Returns the principal of a kind that has a name.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn principal_named(
        &self,
        kind: i16,
        sort_name: &str,
    ) -> Result<Option<PrincipalRow>, DbError> {
        let row: Option<PrincipalTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE kind = $1 AND sort_name = $2")
                .bind(kind)
                .bind(sort_name)
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(principal))
    }

    /// Returns principals of a kind by name, after a name.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn list_principals(
        &self,
        kind: i16,
        after: &str,
        limit: usize,
    ) -> Result<Vec<PrincipalRow>, DbError> {
        let rows: Vec<PrincipalTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE kind = $1 AND sort_name > $2 ORDER BY sort_name LIMIT $3")
                .bind(kind)
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(principal).collect())
    }

    /// Returns the token whose secret has this SHA-256.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn token_by_hash(&self, hash: &[u8]) -> Result<Option<TokenRow>, DbError> {
        let row: Option<TokenTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, hash, principal, created_at, used_at, doc FROM token WHERE hash = $1")
                .bind(hash)
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(token))
    }

    /// Returns a token.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn token(&self, id: Uuid) -> Result<Option<TokenRow>, DbError> {
        let row: Option<TokenTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, hash, principal, created_at, used_at, doc FROM token WHERE id = $1")
                .bind(id)
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(token))
    }

    /// Returns the tokens of a principal, the latest first, before a place in that order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn tokens_of(
        &self,
        principal: Uuid,
        before: Option<(Time, Uuid)>,
        limit: usize,
    ) -> Result<Vec<TokenRow>, DbError> {
        let (at, id) = before.unwrap_or((Time::MAX, Uuid::max()));
        let rows: Vec<TokenTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, hash, principal, created_at, used_at, doc FROM token WHERE principal = $1 \
                 AND (created_at < $2 OR (created_at = $2 AND id < $3)) ORDER BY created_at DESC, id DESC LIMIT $4")
                .bind(principal)
                .bind(at.as_micros())
                .bind(id)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(token).collect())
    }

    /// Returns a session or link.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn session(&self, hash: &[u8]) -> Result<Option<SessionRow>, DbError> {
        let row: Option<(Uuid, i64, String)> = on_db!(self, pool => {
            sqlx::query_as("SELECT principal, expires_at, doc FROM session WHERE hash = $1")
                .bind(hash)
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(|(principal, expires_at, doc)| SessionRow {
            hash: hash.to_vec(),
            principal,
            expires_at: Time::from_micros(expires_at),
            doc,
        }))
    }
}
