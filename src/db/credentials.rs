//! What principals show: tokens, sessions and sign-in links, by the SHA-256 of their secrets.
//!
//! Documents are kept as the text that `flow` gives: this room does not look into them.

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;

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
    /// When it was revoked.
    pub revoked_at: Option<Time>,
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

type TokenTuple = (Uuid, Vec<u8>, Uuid, i64, Option<i64>, Option<i64>, String);
type SessionTuple = (Vec<u8>, Uuid, i64, String);

fn token(row: TokenTuple) -> TokenRow {
    let (id, hash, principal, created_at, used_at, revoked_at, doc) = row;
    let (used_at, revoked_at) = (used_at.map(Time::from_micros), revoked_at.map(Time::from_micros));
    let created_at = Time::from_micros(created_at);
    TokenRow { id, hash, principal, created_at, used_at, revoked_at, doc }
}

fn session((hash, principal, expires_at, doc): SessionTuple) -> SessionRow {
    SessionRow { hash, principal, expires_at: Time::from_micros(expires_at), doc }
}

impl Tx {
    /// Writes a token.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_token(&mut self, row: &TokenRow) -> Result<(), DbError> {
        execute!(
            self,
            "INSERT INTO token (id, hash, principal, created_at, used_at, revoked_at, doc) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at, revoked_at = excluded.revoked_at, doc = excluded.doc",
            row.id,
            &row.hash[..],
            row.principal,
            row.created_at.as_micros(),
            row.used_at.map(Time::as_micros),
            row.revoked_at.map(Time::as_micros),
            &row.doc[..]
        )?;
        Ok(())
    }

    /// Notes when a token was last shown.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn note_token_used(&mut self, id: Uuid, at: Time) -> Result<(), DbError> {
        execute!(self, "UPDATE token SET used_at = $2 WHERE id = $1", id, at.as_micros())?;
        Ok(())
    }

    /// Revokes all tokens of a principal that are not revoked yet.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn revoke_tokens_of(&mut self, principal: Uuid, at: Time) -> Result<(), DbError> {
        execute!(
            self,
            "UPDATE token SET revoked_at = $2 WHERE principal = $1 AND revoked_at IS NULL",
            principal,
            at.as_micros()
        )?;
        Ok(())
    }

    /// Returns a token, as this transaction sees it.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn token(&mut self, id: Uuid) -> Result<Option<TokenRow>, DbError> {
        let row: Option<TokenTuple> = on_tx!(self, conn => {
            sqlx::query_as("SELECT id, hash, principal, created_at, used_at, revoked_at, doc FROM token WHERE id = $1")
                .bind(id)
                .fetch_optional(conn)
                .await
        })?;
        Ok(row.map(token))
    }

    /// Counts the tokens of a principal that are not revoked.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn count_tokens(&mut self, principal: Uuid) -> Result<i64, DbError> {
        Ok(on_tx!(self, conn => {
            sqlx::query_scalar("SELECT COUNT(*) FROM token WHERE principal = $1 AND revoked_at IS NULL")
                .bind(principal)
                .fetch_one(conn)
                .await
        })?)
    }

    /// Writes a session or sign-in link.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_session(&mut self, row: &SessionRow) -> Result<(), DbError> {
        execute!(
            self,
            "INSERT INTO session (hash, principal, expires_at, doc) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at, doc = excluded.doc",
            &row.hash[..],
            row.principal,
            row.expires_at.as_micros(),
            &row.doc[..]
        )?;
        Ok(())
    }

    /// Writes the document of a session that is there; one that has ended does not come back.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn note_session(&mut self, hash: &[u8], doc: &str) -> Result<(), DbError> {
        execute!(self, "UPDATE session SET doc = $2 WHERE hash = $1", hash, doc)?;
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

    /// Returns the sessions and links of a principal, those that end last first, as this
    /// transaction sees them.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn sessions_of(
        &mut self,
        principal: Uuid,
        limit: usize,
    ) -> Result<Vec<SessionRow>, DbError> {
        let rows: Vec<SessionTuple> = on_tx!(self, conn => {
            sqlx::query_as("SELECT hash, principal, expires_at, doc FROM session WHERE principal = $1 ORDER BY expires_at DESC, hash LIMIT $2")
                .bind(principal)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(conn)
                .await
        })?;
        Ok(rows.into_iter().map(session).collect())
    }

    /// Removes all sessions of a principal.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn drop_sessions_of(&mut self, principal: Uuid) -> Result<(), DbError> {
        execute!(self, "DELETE FROM session WHERE principal = $1", principal)?;
        Ok(())
    }

    /// Removes sessions and links that have ended.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn drop_sessions_before(&mut self, now: Time) -> Result<(), DbError> {
        execute!(self, "DELETE FROM session WHERE expires_at < $1", now.as_micros())?;
        Ok(())
    }
}

impl Db {
    /// Returns the token whose secret has this SHA-256.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn token_by_hash(&self, hash: &[u8]) -> Result<Option<TokenRow>, DbError> {
        let row: Option<TokenTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, hash, principal, created_at, used_at, revoked_at, doc FROM token WHERE hash = $1")
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
            sqlx::query_as("SELECT id, hash, principal, created_at, used_at, revoked_at, doc FROM token WHERE id = $1")
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
            sqlx::query_as("SELECT id, hash, principal, created_at, used_at, revoked_at, doc FROM token WHERE principal = $1 \
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
        let row: Option<SessionTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT hash, principal, expires_at, doc FROM session WHERE hash = $1")
                .bind(hash)
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(session))
    }

    /// Returns the sessions and links of a principal, those that end last first.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn sessions_of(
        &self,
        principal: Uuid,
        limit: usize,
    ) -> Result<Vec<SessionRow>, DbError> {
        let rows: Vec<SessionTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT hash, principal, expires_at, doc FROM session WHERE principal = $1 ORDER BY expires_at DESC, hash LIMIT $2")
                .bind(principal)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(session).collect())
    }
}
