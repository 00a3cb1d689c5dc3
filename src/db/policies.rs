//! Sets of rules, and the attributes that they see.

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;

/// What is known of a set of rules besides the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyHead {
    /// Its number.
    pub version: i64,
    /// 0 draft, 1 active, 2 retired. Drafts that were dropped are not told of.
    pub state: i16,
    /// When it was written.
    pub created_at: Time,
    /// Who wrote it, why, and when it came into force, as JSON.
    pub doc: String,
}

/// A set of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// What is known of it.
    pub head: PolicyHead,
    /// The rules, as CSV.
    pub rules: String,
    /// Examples of what the rules must say, as CSV.
    pub cases: String,
}

type HeadTuple = (i64, i16, i64, String);
type PolicyTuple = (i64, i16, i64, String, String, String);

fn head((version, state, created_at, doc): HeadTuple) -> PolicyHead {
    PolicyHead { version, state, created_at: Time::from_micros(created_at), doc }
}

fn policy((version, state, created_at, doc, rules, cases): PolicyTuple) -> PolicyRow {
    PolicyRow { head: head((version, state, created_at, doc)), rules, cases }
}

impl Tx {
    /// Writes a new draft and returns its number.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn add_policy(
        &mut self,
        at: Time,
        doc: &str,
        (rules, cases): (&str, &str),
    ) -> Result<i64, DbError> {
        let last: Option<i64> = on_tx!(self, conn => {
            sqlx::query_scalar("SELECT MAX(version) FROM policy_set")
                .fetch_one(conn)
                .await
        })?;
        let version = last.unwrap_or(0) + 1;
        execute!(
            self,
            "INSERT INTO policy_set (version, state, created_at, doc, rules, cases) VALUES ($1, 0, $2, $3, $4, $5)",
            version,
            at.as_micros(),
            doc,
            rules,
            cases
        )?;
        Ok(version)
    }

    /// Drops a draft: its rules are emptied, its number stays taken. Returns whether there was
    /// such a draft.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn drop_policy(&mut self, version: i64) -> Result<bool, DbError> {
        let done = on_tx!(self, conn => {
            sqlx::query("UPDATE policy_set SET state = 3, rules = '', cases = '' WHERE version = $1 AND state = 0")
                .bind(version)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(done > 0)
    }

    /// Puts a set of rules into force; the one that was is retired. Returns whether there is
    /// such a set, which no dropped draft is.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn activate_policy(&mut self, version: i64, doc: &str) -> Result<bool, DbError> {
        execute!(self, "UPDATE policy_set SET state = 2 WHERE state = 1")?;
        let done = on_tx!(self, conn => {
            sqlx::query("UPDATE policy_set SET state = 1, doc = $2 WHERE version = $1 AND state <> 3")
                .bind(version)
                .bind(doc)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(done > 0)
    }

    /// Returns the number of an access class, giving it one if it has none.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn access_class(&mut self, digest: Uuid, doc: &str) -> Result<i64, DbError> {
        let known: Option<i64> = on_tx!(self, conn => {
            sqlx::query_scalar("SELECT id FROM access_class WHERE digest = $1")
                .bind(digest)
                .fetch_optional(conn)
                .await
        })?;
        if let Some(known) = known {
            return Ok(known);
        }
        let last: Option<i64> = on_tx!(self, conn => {
            sqlx::query_scalar("SELECT CAST(MAX(id) AS BIGINT) FROM access_class")
                .fetch_one(conn)
                .await
        })?;
        let id = last.unwrap_or(0) + 1;
        execute!(
            self,
            "INSERT INTO access_class (id, digest, doc) VALUES ($1, $2, $3)",
            id,
            digest,
            doc
        )?;
        Ok(id)
    }
}

impl Db {
    /// Returns a set of rules.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn policy(&self, version: i64) -> Result<Option<PolicyRow>, DbError> {
        let row: Option<PolicyTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT version, state, created_at, doc, rules, cases FROM policy_set WHERE version = $1 AND state <> 3")
                .bind(version)
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(policy))
    }

    /// Returns the set of rules in force.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn active_policy(&self) -> Result<Option<PolicyRow>, DbError> {
        let row: Option<PolicyTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT version, state, created_at, doc, rules, cases FROM policy_set WHERE state = 1")
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(policy))
    }

    /// Returns the number of the set of rules in force.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn active_policy_version(&self) -> Result<Option<i64>, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_scalar("SELECT CAST(version AS BIGINT) FROM policy_set WHERE state = 1")
                .fetch_optional(pool)
                .await
        })?)
    }

    /// Returns what is known of sets of rules, the latest first, before a number.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn list_policies(
        &self,
        before: i64,
        limit: usize,
    ) -> Result<Vec<PolicyHead>, DbError> {
        let rows: Vec<HeadTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT version, state, created_at, doc FROM policy_set WHERE version < $1 AND state <> 3 ORDER BY version DESC LIMIT $2")
                .bind(before)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(head).collect())
    }

    /// Returns access classes after a number: number, attributes.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn access_classes(
        &self,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, String)>, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_as("SELECT id, doc FROM access_class WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?)
    }
}
