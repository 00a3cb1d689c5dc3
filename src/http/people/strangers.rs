//! Who would be a stranger to a namespace, were a service account bound to it.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::caller::Requester;
use super::super::documents;
use super::super::page::{List, PageParams, Params, PathOf};
use super::super::problem::Problem;
use super::super::state::Http;
use crate::access::Pattern;
use crate::base::DatasetId;
use crate::base::cursor::Cursor;
use crate::flow::WouldBeStranger;

/// Somebody who speaks of a dataset and would be a stranger to it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StrangerEntry {
    /// The dataset's namespace.
    #[schema(example = "postgres://warehouse:5432")]
    namespace: String,
    /// The dataset's name.
    #[schema(example = "shop.public.orders")]
    name: String,
    /// Who speaks of it, as `service:NAME` or `user:NAME`; absent if that was not kept.
    #[schema(example = "service:airflow-dev")]
    by: Option<String>,
}

impl From<WouldBeStranger> for StrangerEntry {
    fn from(WouldBeStranger { namespace, name, by }: WouldBeStranger) -> Self {
        Self { namespace, name, by }
    }
}

/// Which namespaces are asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct StrangersParams {
    /// The namespaces that the account might be bound to: a name, or a beginning that ends in `*`.
    #[param(required, value_type = documents::Namespace, inline, example = "postgres://warehouse*")]
    namespace: Pattern,
    /// Where to go on: the `next` of the page before.
    after: Option<String>,
}

/// Lists who else speaks of datasets, before an account is bound to their namespace.
///
/// Each page goes through 1,000 of the datasets that the asker sees, and may be empty. What these
/// authors said keeps its effect; what they say later does not take datasets' marks, names, owners
/// or lifecycle any more.
#[utoipa::path(get, path = "/api/v1/service-accounts/{name}/strangers", tag = "access",
    params(("name" = String, Path, description = "The account's name; it need not exist yet", example = "airflow-prod"), StrangersParams),
    responses(
    (status = 200, description = "Who would be a stranger", body = List<StrangerEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    State(http): State<Http>,
    Requester { known, actor }: Requester,
    PathOf(name): PathOf<String>,
    Params(StrangersParams { namespace, after }): Params<StrangersParams>,
) -> Result<Json<List<StrangerEntry>>, Problem> {
    let page = PageParams { limit: None, after }.page()?;
    let after = page.after.map(|cursor| DatasetId(cursor.id));
    let asker = http.app.asker(&known, &actor, None).await?;
    let account = format!("service:{name}");
    let (found, next) = asker.would_be_strangers(&account, &namespace, after).await?;
    let next = next.map(|id| Cursor { id: id.0, ..Cursor::default() }.encode());
    Ok(Json(List { items: found.into_iter().map(StrangerEntry::from).collect(), next }))
}
