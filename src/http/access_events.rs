//! Access events over HTTP: stores tell who read what, auditors ask.

use std::collections::HashMap;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::aside::aside;
use super::asked::{PURPOSE, purpose};
use super::body;
use super::caller::Requester;
use super::documents;
use super::page::{List, PageParams, Params};
use super::problem::{Problem, ProblemFault};
use super::resource::EntityName;
use super::state::Http;
use crate::access::Action;
use crate::base::Time;
use crate::base::cursor::Cursor;
use crate::base::limits::EVENT_BYTES_MAX;
use crate::db::AccessActorRow;
use crate::flow::access_events::{
    Access, AccessFaults, AccessQuestion, Operation, Taken, TakenState, parse,
};

/// What became of access events.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccessResult {
    /// Events in the request.
    received: usize,
    /// Those that are kept now.
    new: usize,
    /// Those that were known.
    known: usize,
    /// What became of each, in the request's order.
    items: Vec<AccessItem>,
}

/// What became of one access event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessItem {
    /// Its id.
    id: Uuid,
    /// `new` or `known`.
    #[schema(example = "new")]
    state: &'static str,
    /// The dataset that it was attributed to.
    dataset: Uuid,
    /// Whether the catalog knows that dataset.
    in_catalog: bool,
    /// Who read it, by reference.
    actor: Uuid,
}

impl From<Taken> for AccessItem {
    fn from(taken: Taken) -> Self {
        let state = match taken.state {
            TakenState::New => "new",
            TakenState::Known => "known",
        };
        let Taken { id, dataset, in_catalog, actor, .. } = taken;
        Self { id, state, dataset, in_catalog, actor }
    }
}

/// Somebody who read, by reference.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ActorEntry {
    /// The reference.
    #[serde(rename = "ref")]
    reference: Uuid,
    /// The user or service account of the same name; only if `names` was asked for, since whoever
    /// may read it has the name.
    principal: Option<Uuid>,
    /// The name, in the store's words; only if `names` was asked for, and null once it was
    /// destroyed.
    #[schema(example = "ann@example.com")]
    name: Option<String>,
}

/// An access.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessEntry {
    /// Its id.
    id: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    /// When it was told.
    #[schema(value_type = String, format = DateTime)]
    received_at: Time,
    /// The dataset's id; null if the asker must not see it.
    dataset_id: Option<Uuid>,
    /// The dataset, as the store named it; null if the asker must not see it.
    dataset: Option<EntityName>,
    /// What was done.
    #[schema(example = "read")]
    operation: &'static str,
    /// The columns, without those that the asker must not see; empty if not told.
    columns: Vec<String>,
    /// The store's own id of the record; null if the asker must not see the dataset, or what it names.
    record: Option<String>,
    /// The query without its values, or a digest of it; null likewise, or if queries are kept back.
    fingerprint: Option<String>,
    /// What for; null likewise.
    purpose: Option<String>,
    /// How many rows; null if the asker must not see the dataset.
    rows: Option<i64>,
    /// Who.
    actor: ActorEntry,
}

/// Which accesses are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessParams {
    /// To this dataset, under any of its names: `dataset:{namespace}:{name}`.
    #[param(value_type = Option<documents::DatasetText>, inline)]
    dataset: Option<String>,
    /// By whom, by reference.
    actor: Option<Uuid>,
    /// `read`, `write`, `delete`, `export` or `admin`.
    #[param(value_type = Option<documents::Operation>, inline)]
    operation: Option<String>,
    /// At this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// Before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Time>,
    /// Whether names are unsealed, which is recorded; it takes the header `x-purpose`.
    #[serde(default)]
    names: bool,
    /// Entries wanted, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// Where to go on: the `next` of the page before.
    after: Option<String>,
}

/// Takes access records of the stores: who read what, when.
///
/// One JSON object, a list, or NDJSON (`Content-Type: application/x-ndjson`), up to 10,000 events and
/// 16 MiB. All are kept or none; the same event twice is one. Names are kept sealed.
#[utoipa::path(post, path = "/api/v1/access-events", tag = "access events",
    request_body(content = documents::AccessEvents, description = "Access events", example = json!([{
        "id": "q-20261120-000017", "at": "2026-11-20T12:00:00Z", "actor": "ann@example.com",
        "dataset": {"namespace": "postgres://db:5432", "name": "shop.public.orders"},
        "columns": ["customer_id", "total"], "operation": "read", "fingerprint": "a1b2c3", "purpose": "support", "rows": 12
    }])),
    responses(
    (status = 200, description = "What became of each event", body = AccessResult),
    (status = 400, description = "The body is not JSON", body = Problem),
    (status = 403, description = "A namespace is not the sender's to speak for", body = Problem),
    (status = 413, description = "The body is too large", body = Problem),
    (status = 422, description = "An event is not valid; nothing was kept", body = Problem)))]
pub(super) async fn post(
    State(http): State<Http>,
    Requester { known, actor }: Requester,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<AccessResult>, Problem> {
    let bytes = body::read(body, EVENT_BYTES_MAX).await?;
    let lines = is_lines(&headers);
    let events = aside(|| parse(&bytes, lines))?;
    http.app.enter_with_accesses(&known, &actor, &events).await?;
    let taken = http.app.take_accesses(&actor, &events).await?;
    let new = taken.iter().filter(|one| one.state == TakenState::New).count();
    let items: Vec<AccessItem> = taken.into_iter().map(AccessItem::from).collect();
    Ok(Json(AccessResult { received: items.len(), new, known: items.len() - new, items }))
}

/// Lists accesses, the latest first.
#[utoipa::path(get, path = "/api/v1/access-events", tag = "access events", params(AccessParams), responses(
    (status = 200, description = "A page of accesses", body = List<AccessEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 404, description = "No such dataset", body = Problem)))]
pub(super) async fn list(
    State(http): State<Http>,
    asker: Requester,
    headers: HeaderMap,
    Params(params): Params<AccessParams>,
) -> Result<Json<List<AccessEntry>>, Problem> {
    let page = PageParams { limit: params.limit, after: params.after }.page()?;
    let operation = params.operation.as_deref().map(|word| {
        let wrong = "must be `read`, `write`, `delete`, `export` or `admin`";
        Operation::parse(word).ok_or_else(|| Problem::bad_input("operation", wrong))
    });
    let question = AccessQuestion {
        dataset: params.dataset,
        actor: params.actor,
        operation: operation.transpose()?,
        from: params.from,
        until: params.until,
    };
    let before = page.after.map(|cursor| (Time::from_micros(cursor.number), cursor.id));
    let purpose = purpose(&headers)?;
    let seen = http.app.asker(&asker.known, &asker.actor, purpose).await?;
    let found = http.app.accesses(&seen, &question, before, page.limit).await?;
    let last = found.last().filter(|_| found.len() == page.limit);
    let next = last.map(|last| {
        Cursor { number: last.at.as_micros(), id: last.id, ..Cursor::default() }.encode()
    });
    let purpose = purpose_of(params.names, purpose)?;
    let actors = found.iter().map(|access| access.actor);
    let actors = cite(&http, &asker, actors, purpose).await?;
    let items = found.into_iter().map(|access| entry(access, &actors)).collect();
    Ok(Json(List { items, next }))
}

/// Returns the purpose for which names are unsealed; nothing if they are not.
pub(super) fn purpose_of(names: bool, purpose: Option<&str>) -> Result<Option<&str>, Problem> {
    match (names, purpose) {
        (false, _) => Ok(None),
        (true, Some(purpose)) => Ok(Some(purpose)),
        (true, None) => Err(Problem::bad_input(PURPOSE, "must say what the names are for")),
    }
}

/// Returns those who are cited; with their names, for a purpose, for whom may read them.
pub(super) async fn cite(
    http: &Http,
    asker: &Requester,
    actors: impl IntoIterator<Item = Uuid>,
    purpose: Option<&str>,
) -> Result<HashMap<Uuid, ActorEntry>, Problem> {
    let cited = http.app.cited(actors).await?;
    let names = match purpose {
        Some(purpose) => {
            let Requester { known, actor } = asker;
            http.app.enter(known, actor, Action::AccessEventUnseal).await?;
            http.app.unseal_names(actor, purpose, &cited).await?
        }
        None => HashMap::new(),
    };
    let entry = |row: AccessActorRow| {
        let name = names.get(&row.id).cloned();
        let principal = row.principal.filter(|_| purpose.is_some());
        (row.id, ActorEntry { reference: row.id, principal, name })
    };
    Ok(cited.into_values().map(entry).collect())
}

/// Returns whom a reference means; nothing but the reference if that is all there is.
pub(super) fn cited(actors: &HashMap<Uuid, ActorEntry>, reference: Uuid) -> ActorEntry {
    let bare = ActorEntry { reference, principal: None, name: None };
    actors.get(&reference).cloned().unwrap_or(bare)
}

fn entry(access: Access, actors: &HashMap<Uuid, ActorEntry>) -> AccessEntry {
    let dataset_id = access.dataset.as_ref().map(|(id, _, _)| *id);
    let dataset = access.dataset.map(|(_, namespace, name)| EntityName { namespace, name });
    AccessEntry {
        id: access.id,
        at: access.at,
        received_at: access.received_at,
        dataset_id,
        dataset,
        operation: access.operation.as_str(),
        columns: access.columns,
        record: access.record,
        fingerprint: access.fingerprint,
        purpose: access.purpose,
        rows: access.rows,
        actor: cited(actors, access.actor),
    }
}

fn is_lines(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    ["application/x-ndjson", "application/ndjson", "application/jsonl"].contains(&kind)
}

impl From<AccessFaults> for Problem {
    fn from(faults: AccessFaults) -> Self {
        let (status, code, title) = match faults.malformed {
            true => (StatusCode::BAD_REQUEST, "malformed-json", "The body is not JSON"),
            false => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-access-event",
                "An access event is not valid",
            ),
        };
        let first = faults.listed.first();
        let detail = first.map(|fault| format!("{} {}", fault.pointer, fault.message));
        let detail = detail.unwrap_or_default().trim().to_owned();
        let mut problem = Self::new(status, code, title, detail);
        problem.errors = faults
            .listed
            .into_iter()
            .map(|fault| ProblemFault {
                pointer: fault.pointer,
                code: fault.code.to_owned(),
                message: fault.message,
                line: None,
            })
            .collect();
        problem.errors_left_out = faults.left_out;
        problem
    }
}
