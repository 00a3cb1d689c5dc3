//! Lineage: what feeds a thing, what it feeds, by which way, and how that has changed.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::aside::aside;
use super::asked::Asked;
use super::documents;
use super::page::Params;
use super::problem::Problem;
use crate::base::Time;
use crate::base::limits::{GRAPH_NODES_DEFAULT, GRAPH_PATHS_MAX};
use crate::flow::Intent;
use crate::lineage::{
    Impact, Layout, Level, PathQuestion, Paths, Question, Scope, SubGraph, SvgOptions, Theme,
    layout, svg,
};

/// What is asked of the graph.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct GraphParams {
    /// The node to start from: `dataset:{namespace}:{name}`, `job:…` or
    /// `datasetField:{namespace}:{dataset}:{field}`, or `dataset:{uuid}`. Several are
    /// separated by line feeds.
    #[param(required, value_type = documents::NodeTexts, inline)]
    focus: String,
    /// `table` or `column`.
    #[param(value_type = documents::Level, inline)]
    level: String,
    /// `up`, `down` or `both`.
    #[param(value_type = documents::Direction, inline)]
    direction: String,
    /// Hops at most, each way (a job between two datasets is no hop of its own).
    #[param(example = 3)]
    depth: u32,
    /// Hops upstream, if not `depth`.
    up: Option<u32>,
    /// Hops downstream, if not `depth`.
    down: Option<u32>,
    /// Nodes at most.
    #[param(example = 200)]
    limit: usize,
    /// The graph as it was at this time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Time>,
    /// Only what jobs still do; otherwise everything they ever did.
    current: bool,
    /// Whether jobs are nodes of their own.
    jobs: bool,
    /// Whether coordinates are computed.
    layout: bool,
}

impl Default for GraphParams {
    fn default() -> Self {
        Self {
            focus: String::new(),
            level: "table".to_owned(),
            direction: "both".to_owned(),
            depth: 3,
            up: None,
            down: None,
            limit: GRAPH_NODES_DEFAULT,
            as_of: None,
            current: true,
            jobs: true,
            layout: false,
        }
    }
}

impl GraphParams {
    async fn question(&self, http: &Asked, intent: Intent) -> Result<Question, Problem> {
        let (up, down) = match self.direction.as_str() {
            "up" | "upstream" => (self.depth, 0),
            "down" | "downstream" => (0, self.depth),
            "both" => (self.depth, self.depth),
            _ => return Err(Problem::bad_input("direction", "must be up, down or both")),
        };
        let level = level(&self.level)?;
        let mut focus = Vec::new();
        for text in self.focus.lines().filter(|line| !line.is_empty()) {
            focus.push(http.app.node(intent, "focus", text).await?);
        }
        if focus.is_empty() {
            return Err(Problem::bad_input(
                "focus",
                "must name a node, such as dataset:{namespace}:{name}",
            ));
        }
        Ok(Question {
            focus,
            level,
            up: self.up.unwrap_or(up),
            down: self.down.unwrap_or(down),
            limit: self.limit,
            scope: scope(self.as_of, self.current),
            include_jobs: self.jobs,
        })
    }
}

fn scope(as_of: Option<Time>, current: bool) -> Scope {
    match as_of {
        Some(time) => Scope::at(time),
        None => Scope { current_only: current, ..Scope::default() },
    }
}

fn level(word: &str) -> Result<Level, Problem> {
    match word {
        "table" => Ok(Level::Table),
        "column" => Ok(Level::Column),
        _ => Err(Problem::bad_input("level", "must be table or column")),
    }
}

/// A part of the graph.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GraphBody {
    /// The nodes, nearest first, and the edges between them by the nodes' places.
    #[serde(flatten)]
    graph: SubGraph,
    /// Where everything is drawn; nodes and edges in the same order.
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<Layout>,
    /// The position of the change feed that the graph has taken in.
    #[schema(example = 4711)]
    position: u64,
}

/// Gives the lineage around nodes, upstream, downstream or both, at table or column level.
#[utoipa::path(get, path = "/api/v1/lineage/graph", tag = "lineage", params(GraphParams), responses(
    (status = 200, description = "The part of the graph; `truncated` says what was left out", body = GraphBody),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 404, description = "No such node", body = Problem)))]
pub(super) async fn graph(
    http: Asked,
    Params(params): Params<GraphParams>,
) -> Result<Response, Problem> {
    let question = params.question(&http, Intent::Look).await?;
    let body = http.app.lineage(Intent::Look, |graph, sight| {
        (graph.reach_seen_by(&question, sight), graph.position())
    });
    let (graph, position) = body.await?;
    Ok(answer(graph, position, params.layout))
}

/// Lays a part of the graph out, if that is wanted, and writes it down: up to 20,000 nodes.
fn answer(graph: SubGraph, position: u64, with_layout: bool) -> Response {
    aside(|| {
        let layout = with_layout.then(|| layout(&graph, None));
        Json(GraphBody { graph, layout, position }).into_response()
    })
}

/// Lists everything downstream (or upstream) of nodes, nearest first, each with the way to it.
#[utoipa::path(get, path = "/api/v1/lineage/impact", tag = "lineage", params(GraphParams), responses(
    (status = 200, description = "What is affected", body = Impact),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 404, description = "No such node", body = Problem)))]
pub(super) async fn impact(
    http: Asked,
    Params(params): Params<GraphParams>,
) -> Result<Response, Problem> {
    let mut question = params.question(&http, Intent::Look).await?;
    if params.direction == "both" && params.up.is_none() {
        question.up = 0;
    }
    let impact = http.app.lineage(Intent::Look, |graph, sight| graph.impact(&question, sight));
    let impact = impact.await?;
    Ok(aside(|| Json(impact).into_response()))
}

/// Which paths are asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PathParams {
    /// Where the paths start.
    #[param(required, value_type = documents::NodeText, inline)]
    from: String,
    /// Where they end.
    #[param(required, value_type = documents::NodeText, inline)]
    to: String,
    /// Paths at most, 1 to 50.
    #[param(example = 5)]
    count: usize,
    /// Hops at most.
    #[param(example = 20)]
    depth: u32,
    /// `table` or `column`.
    #[param(value_type = documents::Level, inline)]
    level: String,
    /// The graph as it was at this time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Time>,
    /// Only what jobs still do.
    current: bool,
}

impl Default for PathParams {
    fn default() -> Self {
        Self {
            from: String::new(),
            to: String::new(),
            count: 5,
            depth: 20,
            level: "table".to_owned(),
            as_of: None,
            current: true,
        }
    }
}

/// Gives the shortest directed paths between two nodes, shortest first.
#[utoipa::path(get, path = "/api/v1/lineage/paths", tag = "lineage", params(PathParams), responses(
    (status = 200, description = "The paths; none if there is no way", body = Paths),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 404, description = "No such node", body = Problem)))]
pub(super) async fn paths(
    http: Asked,
    Params(params): Params<PathParams>,
) -> Result<Json<Paths>, Problem> {
    let question = PathQuestion {
        from: http.app.node(Intent::Look, "from", &params.from).await?,
        to: http.app.node(Intent::Look, "to", &params.to).await?,
        count: params.count.clamp(1, GRAPH_PATHS_MAX),
        hops: params.depth,
        level: level(&params.level)?,
        scope: scope(params.as_of, params.current),
    };
    let paths = http.app.lineage(Intent::Look, |graph, sight| graph.paths(&question, sight));
    Ok(Json(paths.await?))
}

/// Between which times.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DiffTimes {
    /// The earlier time.
    #[param(value_type = String, format = DateTime, example = "2026-11-01T00:00:00Z")]
    before: Time,
    /// The later time; now if absent.
    #[param(value_type = Option<String>, format = DateTime)]
    after: Option<Time>,
}

/// Compares the lineage around nodes at two times: what was added, removed, kept.
#[utoipa::path(get, path = "/api/v1/lineage/diff", tag = "lineage", params(GraphParams, DiffTimes), responses(
    (status = 200, description = "Both graphs in one, every node and edge with its `change`", body = GraphBody),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 404, description = "No such node", body = Problem)))]
pub(super) async fn diff(
    http: Asked,
    Params(params): Params<GraphParams>,
    Params(times): Params<DiffTimes>,
) -> Result<Response, Problem> {
    let question = params.question(&http, Intent::Look).await?;
    let after = times.after.unwrap_or_else(|| http.app.now());
    let body = http.app.lineage(Intent::Look, |graph, sight| {
        (graph.diff_seen_by(times.before, after, &question, sight), graph.position())
    });
    let (graph, position) = body.await?;
    Ok(answer(graph, position, params.layout))
}

/// In which form.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct ExportParams {
    /// `svg`, `csv` or `json`.
    #[param(value_type = documents::Format, inline)]
    format: String,
    /// `light`, `dark` or `auto`, for SVG.
    #[param(value_type = documents::Theme, inline)]
    theme: String,
}

/// Exports the lineage around nodes as a drawing (SVG), a list of edges (CSV) or JSON.
#[utoipa::path(get, path = "/api/v1/lineage/export", tag = "lineage", params(GraphParams, ExportParams), responses(
    (status = 200, description = "The export", content((String = "image/svg+xml"), (String = "text/csv"), (GraphBody = "application/json"))),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 404, description = "No such node", body = Problem)))]
pub(super) async fn export(
    http: Asked,
    Params(params): Params<GraphParams>,
    Params(export): Params<ExportParams>,
) -> Result<Response, Problem> {
    let question = params.question(&http, Intent::Export).await?;
    let body = http.app.lineage(Intent::Export, |graph, sight| {
        (graph.reach_seen_by(&question, sight), graph.position())
    });
    let (graph, position) = body.await?;
    let typed =
        |kind: &'static str, text: String| ([(header::CONTENT_TYPE, kind)], text).into_response();
    match export.format.as_str() {
        "svg" | "" => {
            let options = SvgOptions { theme: theme(&export.theme)?, ..SvgOptions::default() };
            let drawn = aside(|| svg(&graph, &layout(&graph, None), &options));
            Ok(typed("image/svg+xml", drawn))
        }
        "csv" => Ok(typed("text/csv; charset=utf-8", aside(|| csv(&graph)))),
        "json" => Ok(answer(graph, position, true)),
        _ => Err(Problem::bad_input("format", "must be svg, csv or json")),
    }
}

fn theme(word: &str) -> Result<Theme, Problem> {
    match word {
        "" | "auto" => Ok(Theme::Auto),
        "light" => Ok(Theme::Light),
        "dark" => Ok(Theme::Dark),
        _ => Err(Problem::bad_input("theme", "must be light, dark or auto")),
    }
}

/// Writes edges as RFC 4180 text. Cells that a spreadsheet would run as formulas are
/// made plain text.
fn csv(graph: &SubGraph) -> String {
    let cell = |text: &str| {
        let armed = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        format!("\"{}{}\"", if armed { "'" } else { "" }, text.replace('"', "\"\""))
    };
    let mut text = String::from(
        "source,sourceField,target,targetField,kind,origin,firstSeen,lastSeen,runs\r\n",
    );
    for edge in &graph.edges {
        let key =
            |place: usize| graph.nodes.get(place).and_then(|node| node.key()).unwrap_or_default();
        let row = [
            cell(&key(edge.source)),
            cell(edge.source_field.as_deref().unwrap_or_default()),
            cell(&key(edge.target)),
            cell(edge.target_field.as_deref().unwrap_or_default()),
            super::resource::word(&edge.kind),
            super::resource::word(&edge.origin),
            edge.seen.first.to_string(),
            edge.seen.last.to_string(),
            edge.seen.runs.to_string(),
        ];
        text.push_str(&row.join(","));
        text.push_str("\r\n");
    }
    text
}
