//! Counting a job's sums anew from its stored runs.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::error::DbError;
use super::runs::state_of;
use super::tx::Tx;
use crate::base::{RunId, Time};
use crate::catalog::{FactKind, LatestRun, Recount, Seen, Working};

/// Counts sums anew from what is stored, and sets them in `working`.
pub(super) async fn recount(
    tx: &mut Tx,
    working: &mut Working,
    recounts: &BTreeSet<Recount>,
) -> Result<(), DbError> {
    for recount in recounts {
        let text = recount_statement(recount);
        match *recount {
            Recount::Latest(id) => {
                let row: Option<(i64, Uuid, i16)> = on_tx!(tx, conn => {
                    sqlx::query_as(text).bind(id.0).fetch_optional(conn).await
                })?;
                let settled: Option<i64> = on_tx!(tx, conn => {
                    sqlx::query_scalar("SELECT max(settles_at) FROM run WHERE job = $1")
                        .bind(id.0)
                        .fetch_one(conn)
                        .await
                })?;
                if let Some(job) = working.jobs.get_mut(&id) {
                    job.settled = settled.map(Time::from_micros);
                    job.latest = row.map(|(last, run, state)| LatestRun {
                        last: Time::from_micros(last),
                        run: RunId(run),
                        state: state_of(state),
                    });
                }
            }
            Recount::Written(id) => {
                let rows: Vec<(Uuid, i64)> = on_tx!(tx, conn => {
                    sqlx::query_as(text).bind(id.0).fetch_all(conn).await
                })?;
                if let Some(doc) = working.datasets.get_mut(&id) {
                    doc.written = None;
                    for (run, at) in rows {
                        doc.note_written(RunId(run), Some(Time::from_micros(at)));
                    }
                }
            }
            Recount::Fact(id, kind, dataset, content) => {
                let content_id = content.map(|digest| Uuid::from_bytes(digest.0));
                let (first, last): (Option<i64>, Option<i64>) = on_tx!(tx, conn => {
                    let query = sqlx::query_as(text).bind(id.0);
                    let query = match kind {
                        FactKind::Version | FactKind::PastColumns | FactKind::PastExplicit => {
                            query.bind(content_id)
                        }
                        FactKind::Explicit => query.bind(content_id.map(|id| format!("%{id}%"))),
                        FactKind::Input => query.bind(dataset.map(|id| id.0)).bind(false),
                        FactKind::Output => query.bind(dataset.map(|id| id.0)).bind(true),
                        FactKind::Columns => query.bind(dataset.map(|id| id.0)).bind(true).bind(content_id),
                    };
                    query.fetch_one(conn).await
                })?;
                let counted = first.zip(last).map(Seen::from);
                if let Some(job) = working.jobs.get_mut(&id) {
                    job.set_fact_seen((kind, dataset, content), counted);
                }
            }
        }
    }
    Ok(())
}

/// Names what a recount looks for, so that the exhaustive match is in one place.
fn recount_statement(recount: &Recount) -> &'static str {
    match recount {
        Recount::Latest(_) => {
            "SELECT last_at, id, state FROM run WHERE job = $1 ORDER BY last_at DESC, id DESC LIMIT 1"
        }
        Recount::Written(_) => {
            "SELECT run, done_at FROM run_use WHERE dataset = $1 AND write = TRUE AND done_at = \
             (SELECT max(o.done_at) FROM run_use o WHERE o.dataset = $1 AND o.write = TRUE) LIMIT 1000"
        }
        // When what is past was said is not counted.
        Recount::Fact(
            _,
            FactKind::Version | FactKind::PastColumns | FactKind::PastExplicit,
            ..,
        ) => "SELECT min(first_at), max(last_at) FROM run WHERE job = $1 AND version = $2",
        Recount::Fact(_, FactKind::Explicit, ..) => {
            "SELECT min(first_at), max(last_at) FROM run WHERE job = $1 AND explicit LIKE $2"
        }
        Recount::Fact(_, FactKind::Input | FactKind::Output, ..) => {
            "SELECT min(r.first_at), max(r.last_at) FROM run_use u JOIN run r ON r.id = u.run \
             WHERE u.job = $1 AND u.dataset = $2 AND u.write = $3"
        }
        Recount::Fact(_, FactKind::Columns, ..) => {
            "SELECT min(r.first_at), max(r.last_at) FROM run_use u JOIN run r ON r.id = u.run \
             WHERE u.job = $1 AND u.dataset = $2 AND u.write = $3 AND u.columns = $4"
        }
    }
}
