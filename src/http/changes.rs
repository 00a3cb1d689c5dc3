//! The change feed, live: whoever shows the catalog learns that it is no longer as shown.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use serde::Serialize;

use super::asked::Asked;
use super::caller::{Requester, listener};
use super::guard::could_still;
use super::problem::Problem;
use super::site::Site;
use super::state::Http;
use crate::access::Action;
use crate::flow::{LiveChanges, Reached};

/// How often something is said to a listener even if nothing happens.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is decided again whether a listener may listen.
const DECIDED_FOR: Duration = Duration::from_secs(1);

/// How far everything is.
#[derive(Debug, Serialize)]
struct Change {
    position: u64,
    lineage: u64,
    search: u64,
}

impl From<Reached> for Change {
    fn from(Reached { committed, lineage, search }: Reached) -> Self {
        Self { position: committed, lineage, search }
    }
}

/// Tells how far the change feed is, as server-sent events: at once, and whenever it moves.
///
/// Each event is a `change` with the last commit's `position` and those that `lineage` and `search`
/// have reached, at most two a second. Nothing is said of what changed: whoever shows it asks
/// again. Ends when the listener may no longer listen or Lethe stops.
#[utoipa::path(get, path = "/api/v1/changes", tag = "catalog", responses(
    (status = 200, description = "Positions as they move", body = String, content_type = "text/event-stream",
        example = "event: change\nid: 4711\ndata: {\"position\":4711,\"lineage\":4711,\"search\":4710}\n\n"),
    (status = 503, description = "Too many listen already", body = Problem)))]
pub(super) async fn changes(
    State(http): State<Http>,
    asked: Asked,
    asker: Requester,
    site: Site,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let changes = asked.app.live_changes(listener(&asker.known, &site))?;
    let listening = Listening { http, site, headers, changes, decided: Instant::now() };
    let keep_alive = KeepAlive::new().interval(HEARTBEAT);
    let stream = Sse::new(events(listening)).keep_alive(keep_alive);
    Ok(([(CACHE_CONTROL, "private, no-store")], stream).into_response())
}

/// Somebody who listens.
struct Listening {
    http: Http,
    site: Site,
    headers: HeaderMap,
    changes: LiveChanges,
    decided: Instant,
}

fn events(listening: Listening) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listening, |mut listening| async move {
        loop {
            let reached = listening.changes.next().await?;
            if listening.decided.elapsed() > DECIDED_FOR {
                let Listening { http, site, headers, .. } = &listening;
                if !could_still(http, (site, headers), Action::DatasetSearch).await {
                    return None;
                }
                listening.decided = Instant::now();
            }
            if let Some(reached) = reached {
                let event = Event::default().event("change").id(reached.committed.to_string());
                let event = event.json_data(Change::from(reached)).ok()?;
                return Some((Ok(event), listening));
            }
        }
    })
}
