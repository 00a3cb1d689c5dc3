//! What the stores say of who read what in them: events, and those whom they name.
//!
//! Names come sealed and marks keyed; this file keeps bytes as they are given.

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;

/// An access, as a store told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// Its computed id.
    pub id: Uuid,
    /// When it was.
    pub at: Time,
    /// When it was told.
    pub received_at: Time,
    /// The dataset, under the name that the store used.
    pub dataset: Uuid,
    /// Who, by reference.
    pub actor: Uuid,
    /// 0 read, 1 write, 2 delete, 3 export, 4 admin.
    pub operation: i16,
    /// The columns, a sorted JSON list; empty if not told.
    pub columns: String,
    /// The rest, as JSON.
    pub doc: String,
}

/// Somebody whom a store named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessActorRow {
    /// The reference, and the id of the key that seals the name.
    pub id: Uuid,
    /// The keyed mark of the name; none once the key was shredded.
    pub mark: Option<Vec<u8>>,
    /// The user or service account of that name.
    pub principal: Option<Uuid>,
    /// The sealed name.
    pub sealed: Vec<u8>,
}

/// Which accesses are wanted; what is `None` or empty does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessFilter {
    /// To one of these datasets.
    pub datasets: Vec<Uuid>,
    /// By whom, by reference.
    pub actor: Option<Uuid>,
    /// Of which operation.
    pub operation: Option<i16>,
    /// At this time or later.
    pub from: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
}

/// All that one reader read of one dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingRow {
    /// Who, by reference.
    pub actor: Uuid,
    /// How often.
    pub count: i64,
    /// First.
    pub first: Time,
    /// Last.
    pub last: Time,
}

type Row = (Uuid, i64, i64, Uuid, Uuid, i16, String, String);
type ActorRow = (Uuid, Option<Vec<u8>>, Option<Uuid>, Vec<u8>);

fn access_row(row: Row) -> AccessRow {
    let (id, at, received_at, dataset, actor, operation, columns, doc) = row;
    let (at, received_at) = (Time::from_micros(at), Time::from_micros(received_at));
    AccessRow { id, at, received_at, dataset, actor, operation, columns, doc }
}

fn actor_row((id, mark, principal, sealed): ActorRow) -> AccessActorRow {
    AccessActorRow { id, mark, principal, sealed }
}

impl Tx {
    /// Keeps accesses and returns the ids of those that were not known.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_access_events(&mut self, rows: &[AccessRow]) -> Result<Vec<Uuid>, DbError> {
        let mut new: Vec<(Uuid,)> = Vec::new();
        on_tx!(self, conn => {
            for chunk in super::rows::chunks(rows) {
                let mut builder = sqlx::QueryBuilder::new(
                    "INSERT INTO access_event (id, at, received_at, dataset, actor, operation, columns, doc) ",
                );
                builder.push_values(chunk, |mut b, row| {
                    b.push_bind(row.id)
                        .push_bind(row.at.as_micros())
                        .push_bind(row.received_at.as_micros())
                        .push_bind(row.dataset)
                        .push_bind(row.actor)
                        .push_bind(row.operation)
                        .push_bind(&row.columns[..])
                        .push_bind(&row.doc[..]);
                });
                builder.push(" ON CONFLICT (id) DO NOTHING RETURNING id");
                new.extend(builder.build_query_as::<(Uuid,)>().fetch_all(&mut *conn).await?);
            }
        });
        Ok(new.into_iter().map(|(id,)| id).collect())
    }

    /// Returns those whom stores named, by the marks of their names.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn access_actors_marked(
        &mut self,
        marks: &[&[u8]],
    ) -> Result<Vec<AccessActorRow>, DbError> {
        let rows = on_tx!(self, conn => {
            fetch_in!(&mut *conn, "SELECT id, mark, principal, sealed FROM access_actor WHERE mark", marks, ActorRow)
        });
        Ok(rows.into_iter().map(actor_row).collect())
    }

    /// Keeps those whom stores named.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_access_actors(&mut self, rows: &[AccessActorRow]) -> Result<(), DbError> {
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO access_actor (id, mark, principal, sealed) ",
                rows,
                " ON CONFLICT (id) DO UPDATE SET mark = excluded.mark, principal = excluded.principal, sealed = excluded.sealed",
                |b, row| {
                    b.push_bind(row.id)
                        .push_bind(row.mark.as_deref())
                        .push_bind(row.principal)
                        .push_bind(&row.sealed[..]);
                });
        });
        Ok(())
    }
}

impl Db {
    /// Returns accesses that a filter lets through, the latest first, before a place.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn access_events(
        &self,
        filter: &AccessFilter,
        before: Option<(Time, Uuid)>,
        limit: usize,
    ) -> Result<Vec<AccessRow>, DbError> {
        let rows: Vec<Row> = on_db!(self, pool => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT id, at, received_at, dataset, actor, operation, columns, doc FROM access_event",
            );
            let until = filter.until.map_or(i64::MAX, Time::as_micros);
            query.push(" WHERE at < ").push_bind(until);
            if let Some(from) = filter.from {
                query.push(" AND at >= ").push_bind(from.as_micros());
            }
            if let Some((at, id)) = before {
                query.push(" AND (at < ").push_bind(at.as_micros());
                query.push(" OR (at = ").push_bind(at.as_micros());
                query.push(" AND id < ").push_bind(id).push("))");
            }
            if let Some(actor) = filter.actor {
                query.push(" AND actor = ").push_bind(actor);
            }
            if let Some(operation) = filter.operation {
                query.push(" AND operation = ").push_bind(operation);
            }
            if !filter.datasets.is_empty() {
                query.push(" AND dataset IN (");
                let mut list = query.separated(", ");
                for dataset in &filter.datasets {
                    list.push_bind(*dataset);
                }
                query.push(")");
            }
            query.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
            query.build_query_as().fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(access_row).collect())
    }

    /// Returns those whom stores named, by their references, in no order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn access_actors(&self, ids: &[Uuid]) -> Result<Vec<AccessActorRow>, DbError> {
        let rows = on_db!(self, pool => {
            fetch_in!(pool, "SELECT id, mark, principal, sealed FROM access_actor WHERE id", ids, ActorRow)
        });
        Ok(rows.into_iter().map(actor_row).collect())
    }

    /// Returns which of these datasets have accesses at all, in no order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn accessed_among(&self, datasets: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
        let rows = on_db!(self, pool => {
            fetch_in!(pool, "SELECT DISTINCT dataset FROM access_event WHERE dataset", datasets, (Uuid,))
        });
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns who read or exported a dataset in a span of time, by reference, after one.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn access_readings(
        &self,
        dataset: Uuid,
        (from, until): (Time, Time),
        after: Uuid,
        limit: usize,
    ) -> Result<Vec<ReadingRow>, DbError> {
        let rows: Vec<(Uuid, i64, i64, i64)> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT actor, COUNT(*), MIN(at), MAX(at) FROM access_event \
                 WHERE dataset = $1 AND at >= $2 AND at < $3 AND actor > $4 AND operation IN (0, 3) \
                 GROUP BY actor ORDER BY actor LIMIT $5",
            )
            .bind(dataset)
            .bind(from.as_micros())
            .bind(until.as_micros())
            .bind(after)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await
        })?;
        let reading = |(actor, count, first, last)| ReadingRow {
            actor,
            count,
            first: Time::from_micros(first),
            last: Time::from_micros(last),
        };
        Ok(rows.into_iter().map(reading).collect())
    }

    /// Returns the lists of columns that somebody read of a dataset in a span of time.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn access_columns(
        &self,
        (dataset, actor): (Uuid, Uuid),
        (from, until): (Time, Time),
        limit: usize,
    ) -> Result<Vec<String>, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_scalar(
                "SELECT DISTINCT columns FROM access_event \
                 WHERE dataset = $1 AND actor = $2 AND at >= $3 AND at < $4 AND operation IN (0, 3) \
                 ORDER BY columns LIMIT $5",
            )
            .bind(dataset)
            .bind(actor)
            .bind(from.as_micros())
            .bind(until.as_micros())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await
        })?)
    }
}
