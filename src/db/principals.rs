//! People, service accounts and groups.
//!
//! Documents are kept as the text that `flow` gives: this room does not look into them.

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::rng::Rng;

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

type PrincipalTuple = (Uuid, i16, String, bool, String);

fn principal(row: PrincipalTuple) -> PrincipalRow {
    let (id, kind, sort_name, disabled, doc) = row;
    PrincipalRow { id, kind, sort_name, disabled, doc }
}

impl Tx {
    /// Counts a change of who may do what, so that every node looks again, and returns the
    /// count.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn touch_trust(&mut self) -> Result<i64, DbError> {
        let mark = Rng::from_os().below(u64::MAX).cast_signed();
        Ok(on_tx!(self, conn => {
            sqlx::query_scalar("UPDATE trust_head SET version = version + 1, mark = $1 WHERE id = 1 RETURNING version")
                .bind(mark)
                .fetch_one(conn)
                .await
        })?)
    }

    /// Writes a principal.
    ///
    /// # Errors
    ///
    /// [`DbError::Refused`] if another one of its kind has the name.
    pub async fn put_principal(&mut self, row: &PrincipalRow) -> Result<(), DbError> {
        execute!(
            self,
            "INSERT INTO principal (id, kind, sort_name, disabled, doc) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (id) DO UPDATE SET sort_name = excluded.sort_name, disabled = excluded.disabled, doc = excluded.doc",
            row.id,
            row.kind,
            &row.sort_name[..],
            row.disabled,
            &row.doc[..]
        )?;
        Ok(())
    }

    /// Puts somebody into a group, or takes them out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn set_member(&mut self, group: Uuid, member: Uuid, is: bool) -> Result<(), DbError> {
        let text = match is {
            true => "INSERT INTO membership (grp, member) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            false => "DELETE FROM membership WHERE grp = $1 AND member = $2",
        };
        execute!(self, text, group, member)?;
        Ok(())
    }

    /// Returns a principal, as this transaction sees it.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn principal(&mut self, id: Uuid) -> Result<Option<PrincipalRow>, DbError> {
        let row: Option<PrincipalTuple> = on_tx!(self, conn => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE id = $1")
                .bind(id)
                .fetch_optional(conn)
                .await
        })?;
        Ok(row.map(principal))
    }

    /// Returns the principal of a kind that has a name, as this transaction sees it.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn principal_named(
        &mut self,
        kind: i16,
        sort_name: &str,
    ) -> Result<Option<PrincipalRow>, DbError> {
        let row: Option<PrincipalTuple> = on_tx!(self, conn => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE kind = $1 AND sort_name = $2")
                .bind(kind)
                .bind(sort_name)
                .fetch_optional(conn)
                .await
        })?;
        Ok(row.map(principal))
    }

    /// Returns principals of a kind by name, after a name, as this transaction sees them.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn list_principals(
        &mut self,
        kind: i16,
        after: &str,
        limit: usize,
    ) -> Result<Vec<PrincipalRow>, DbError> {
        let rows: Vec<PrincipalTuple> = on_tx!(self, conn => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE kind = $1 AND sort_name > $2 ORDER BY sort_name LIMIT $3")
                .bind(kind)
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(conn)
                .await
        })?;
        Ok(rows.into_iter().map(principal).collect())
    }

    /// Returns the groups that somebody is in, by name, as this transaction sees them.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn groups_of(
        &mut self,
        member: Uuid,
        limit: usize,
    ) -> Result<Vec<PrincipalRow>, DbError> {
        let rows: Vec<PrincipalTuple> = on_tx!(self, conn => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE id IN \
                 (SELECT grp FROM membership WHERE member = $1) ORDER BY sort_name LIMIT $2")
                .bind(member)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(conn)
                .await
        })?;
        Ok(rows.into_iter().map(principal).collect())
    }
}

impl Db {
    /// Returns how often anything changed that rules, people, tokens or sessions come to.
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

    /// Returns the mark of the last of these changes, which no other has, in no history.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn trust_mark(&self) -> Result<i64, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_scalar("SELECT mark FROM trust_head WHERE id = 1")
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

    /// Returns the groups that somebody is in, by name.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn groups_of(
        &self,
        member: Uuid,
        limit: usize,
    ) -> Result<Vec<PrincipalRow>, DbError> {
        let rows: Vec<PrincipalTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE id IN \
                 (SELECT grp FROM membership WHERE member = $1) ORDER BY sort_name LIMIT $2")
                .bind(member)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(principal).collect())
    }

    /// Returns the members of a group by name, after a name.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn members_of(
        &self,
        group: Uuid,
        after: &str,
        limit: usize,
    ) -> Result<Vec<PrincipalRow>, DbError> {
        let rows: Vec<PrincipalTuple> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, kind, sort_name, disabled, doc FROM principal WHERE id IN \
                 (SELECT member FROM membership WHERE grp = $1) AND sort_name > $2 ORDER BY sort_name LIMIT $3")
                .bind(group)
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(principal).collect())
    }
}
