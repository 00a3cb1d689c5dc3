//! Every route, and the layers around them.

use std::borrow::Cow;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Request, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::IntoResponse;
use opentelemetry::global::get_text_map_propagator;
use opentelemetry_http::HeaderExtractor;
use tower::{Layer, ServiceBuilder};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::Http;
use super::{
    access_events, annotations, audit, audit_histogram, audit_streams, changes, datasets,
    dead_letters, documented, events, guard, health, host, jobs, keys, lineage, marquez,
    middleware, openapi, people, policies, readers, search, submit, ui,
};
use crate::http::Problem;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Nobody keeps an answer that does not say otherwise itself: what it holds is its asker's (RFC 9111, section 5.2.2).
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// Answers below this size are not worth packing.
const PACK_BYTES_MIN: u16 = 1_024;

/// The routes with their descriptions.
pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::with_openapi(openapi::head())
        .merge(ingest())
        .merge(catalog())
        .merge(questions())
        .merge(marquez::routes())
        .merge(trust())
        .merge(operation())
}

fn ingest() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(submit::post_event))
        .routes(routes!(submit::post_batch))
        .routes(routes!(submit::post_import))
        .routes(routes!(events::list))
        .routes(routes!(events::get))
        .routes(routes!(dead_letters::list))
        .routes(routes!(dead_letters::get, dead_letters::remove))
        .routes(routes!(dead_letters::replay))
}

fn catalog() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(datasets::list, datasets::put))
        .routes(routes!(datasets::get, datasets::remove))
        .routes(routes!(datasets::undelete))
        .routes(routes!(datasets::schemas))
        .routes(routes!(annotations::tag, annotations::untag))
        .routes(routes!(annotations::tag_column, annotations::untag_column))
        .routes(routes!(annotations::describe_column))
        .routes(routes!(changes::changes))
        .routes(routes!(jobs::get, jobs::remove))
        .routes(routes!(jobs::undelete))
        .routes(routes!(jobs::runs))
        .routes(routes!(jobs::run))
        .routes(routes!(jobs::children))
}

fn questions() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(lineage::graph))
        .routes(routes!(lineage::impact))
        .routes(routes!(lineage::paths))
        .routes(routes!(lineage::diff))
        .routes(routes!(lineage::export))
        .routes(routes!(search::search))
        .routes(routes!(search::suggest))
        .routes(routes!(search::explain))
}

fn trust() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .merge(people::routes())
        .merge(policies::routes())
        .routes(routes!(keys::list))
        .routes(routes!(keys::shred))
        .routes(routes!(keys::rotate))
        .routes(routes!(keys::rekey))
        .routes(routes!(access_events::post, access_events::list))
        .routes(routes!(readers::readers))
        .routes(routes!(audit::state))
        .routes(routes!(audit::records))
        .routes(routes!(audit::record))
        .routes(routes!(audit::receipt))
        .routes(routes!(audit::checkpoint))
        .routes(routes!(audit::consistency))
        .merge(audit::tiles())
        .routes(routes!(audit_histogram::histogram))
        .routes(routes!(audit_streams::export))
        .routes(routes!(audit_streams::tail))
}

fn operation() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
        .routes(routes!(health::followers))
}

/// Makes the service that answers everything.
pub fn router(http: Http) -> Router {
    let (router, document) = routes().split_for_parts();
    let router = router
        .merge(openapi::browser(documented::complete(document)))
        .fallback(ui::serve)
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn(middleware::etag))
        .layer(from_fn_with_state(http.clone(), middleware::wait_for))
        .layer(from_fn_with_state(http.clone(), guard::guard))
        .layer(from_fn_with_state(http.clone(), host::check))
        .layer(from_fn(middleware::measure))
        .layer(RequestDecompressionLayer::new())
        .layer(map_response(middleware::explain_encoding));
    let worth_packing = DefaultPredicate::new().and(SizeAbove::new(PACK_BYTES_MIN));
    let layers = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, PRIVATE))
        .layer(SetRequestIdLayer::new(REQUEST_ID.clone(), MakeRequestUuid))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID.clone()))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().compress_when(worth_packing));
    let base = http.settings.base_path.clone();
    let service =
        tower::util::MapRequestLayer::new(move |request| middleware::tidy(base.strip(request)))
            .layer(router.layer(layers).with_state(http));
    Router::new().fallback_service(service)
}

/// Requests are told apart in the log by id, method and path without its query: names of
/// datasets are no secret, search texts and people's names may be. Where traces are sent to a collector, a
/// request goes on with the trace that its client began (W3C Trace Context).
fn span<B>(request: &Request<B>) -> tracing::Span {
    let headers = request.headers();
    let id = headers.get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    let span = tracing::info_span!("request", request.id = id, method = %request.method(), path = %told(request.uri().path()));
    if headers.contains_key("traceparent") {
        let begun = get_text_map_propagator(|form| form.extract(&HeaderExtractor(headers)));
        // There is no trace to go on with where none are sent.
        drop(span.set_parent(begun));
    }
    span
}

/// Returns a path as the log may hold it: without the names of people.
fn told(path: &str) -> Cow<'_, str> {
    if !path.contains("/users/") && !path.contains("/members/") {
        return path.into();
    }
    let mut personal = false;
    let parts = path.split('/').map(|part| {
        let told = if std::mem::take(&mut personal) { "…" } else { part };
        personal = matches!(part, "users" | "members");
        told
    });
    parts.collect::<Vec<_>>().join("/").into()
}

#[expect(clippy::needless_pass_by_value, reason = "tower-http hands the payload over")]
fn panicked(payload: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    crate::http::Problem::from(crate::flow::FlowError::Internal(format!("panic: {text}")))
        .into_response()
}

async fn not_allowed() -> Problem {
    Problem::method_not_allowed()
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn no_name_of_a_person_is_told() {
        assert_eq!(told("/api/v1/users/ann/tokens"), "/api/v1/users/…/tokens");
        assert_eq!(told("/api/v1/groups/data/members/ann"), "/api/v1/groups/data/members/…");
        assert_eq!(told("/api/v1/datasets/x"), "/api/v1/datasets/x");
        assert_eq!(told("/api/v1/users"), "/api/v1/users");
    }
}
