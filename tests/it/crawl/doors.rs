//! Every way to ask a route, with what is planted. A route that is not known here fails the crawl.

use std::collections::BTreeMap;

use lethe::base::{DatasetId, JobId};
use uuid::Uuid;

use super::plant::{DARK, DATASETS, ELSE, JOBS, OPEN, RUNS};

/// Namespaces that are asked for by name.
const SPACES: [&str; 4] = [OPEN, ELSE, DARK, "etl"];

/// Ids that only answers tell, gathered by somebody who sees everything.
pub type Told = BTreeMap<&'static str, Vec<String>>;

fn encode(text: &str) -> String {
    let sign = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(sign).collect()
}

fn nodes() -> Vec<String> {
    let dataset = |(ns, name): &(&str, &str)| format!("dataset:{ns}:{name}");
    let job = |(ns, name): &(&str, &str)| format!("job:{ns}:{name}");
    let fields = ["people:zqmail", "zqedited:zqsecret-column", "out:a"]
        .map(|f| format!("datasetField:{OPEN}:{f}"));
    let by_id = DATASETS.iter().map(|(ns, name)| format!("dataset:{}", DatasetId::of(ns, name).0));
    let named = DATASETS.iter().map(dataset).chain(JOBS.iter().map(job));
    named.chain(fields).chain(by_id).map(|node| encode(&node)).collect()
}

fn each<T>(values: impl IntoIterator<Item = T>, path: impl Fn(T) -> String) -> Vec<String> {
    values.into_iter().map(path).collect()
}

/// Words to search for: whole, begun, and by every field that the search knows.
fn searches() -> Vec<String> {
    let begun = [
        "", "zq", "zqed", "zqm", "zqw", "zqn", "zqh", "zqse", "zqde", "plain", "people", "open",
        "select", "id",
    ];
    let fields = [
        "tag:zq",
        "tag:restricted",
        "column:zq",
        "ns:zq",
        "owner:zq",
        "name:zq",
        "platform:zq",
        "type:dataset",
        "has:description",
        "-plain",
        "\"People, with\"",
        "updated:>7d",
        "zqmali",
        "zqedietd",
        "tag:class:user.contact.email",
    ];
    begun.into_iter().chain(fields).map(encode).collect()
}

fn named(route: &str, of: &[(&str, &str)]) -> Vec<String> {
    each(of, |(namespace, name)| {
        let route = route.replace("{namespace}", namespace);
        route.replace("{dataset}", name).replace("{job}", name)
    })
}

fn dataset_ids() -> impl Iterator<Item = Uuid> {
    DATASETS.iter().map(|(namespace, name)| DatasetId::of(namespace, name).0)
}

fn job_ids() -> impl Iterator<Item = Uuid> {
    JOBS.iter().map(|(namespace, name)| JobId::of(namespace, name).0)
}

fn told(told: &Told, kind: &str, path: impl Fn(&String) -> String) -> Vec<String> {
    told.get(kind).into_iter().flatten().map(path).collect()
}

fn plain(route: &str) -> Vec<String> {
    vec![route.to_owned(), format!("{route}?limit=1"), format!("{route}?limit=1000")]
}

/// Every way to ask a route; nothing if it is not known.
pub fn ways(route: &str, ids: &Told) -> Option<Vec<String>> {
    alone(route)
        .or_else(|| said(route, ids))
        .or_else(|| things(route))
        .or_else(|| marquez(route, ids))
        .or_else(|| lineage(route))
        .or_else(|| search(route))
        .or_else(|| trust(route, ids))
}

/// Routes that are asked as they stand, or page by page.
fn alone(route: &str) -> Option<Vec<String>> {
    const ONE: &[&str] = &[
        "/livez",
        "/readyz",
        "/metrics",
        "/api/openapi.json",
        "/api/docs",
        "/api/docs/",
        "/sign-in",
        "/api/v1/followers",
        "/api/v1/session",
        "/api/v1/me",
        "/api/v1/roles",
        "/api/v1/policies/active",
        "/api/v1/changes",
        "/api/v1/audit",
        "/api/v1/audit/checkpoint",
        "/api/v1/audit/tail",
    ];
    const LISTS: &[&str] = &[
        "/api/v1/dead-letters",
        "/api/v1/users",
        "/api/v1/groups",
        "/api/v1/service-accounts",
        "/api/v1/policies",
        "/api/v1/keys",
        "/api/v1/namespaces",
        "/api/v1/sources",
        "/api/v1/tags",
        "/api/v1/jobs",
    ];
    if LISTS.contains(&route) {
        return Some(plain(route));
    }
    ONE.contains(&route).then(|| vec![route.to_owned()])
}

/// Routes about what was said.
fn said(route: &str, ids: &Told) -> Option<Vec<String>> {
    Some(match route {
        "/api/docs/{*rest}" => vec!["/api/docs/index.html".to_owned()],
        "/api/v1/events" => [
            plain(route),
            vec![format!("{route}?order=asc&runsOnly=true")],
            each(job_ids(), |id| format!("{route}?job={id}")),
            each(dataset_ids(), |id| format!("{route}?dataset={id}")),
        ]
        .concat(),
        "/api/v1/events/lineage" => {
            [plain(route), vec![format!("{route}?sortDirection=asc&offset=1")]].concat()
        }
        "/api/v1/events/{id}" => told(ids, "events", |id| format!("/api/v1/events/{id}")),
        "/api/v1/dead-letters/{id}" => {
            told(ids, "letters", |id| format!("/api/v1/dead-letters/{id}"))
        }
        _ => return None,
    })
}

/// Routes about datasets, jobs and runs in Lethe's own words.
fn things(route: &str) -> Option<Vec<String>> {
    Some(match route {
        "/api/v1/datasets" => [
            each(SPACES, |ns| format!("{route}?namespace={ns}")),
            each(SPACES, |ns| format!("{route}?namespace={ns}&limit=1")),
            each(DATASETS, |(ns, name)| format!("{route}?namespace={ns}&name={name}")),
        ]
        .concat(),
        "/api/v1/datasets/{id}" | "/api/v1/datasets/{id}/schemas" => {
            each(dataset_ids(), |id| route.replace("{id}", &id.to_string()))
        }
        "/api/v1/jobs/{id}" | "/api/v1/jobs/{id}/runs" => {
            each(job_ids(), |id| route.replace("{id}", &id.to_string()))
        }
        "/api/v1/runs/{id}" | "/api/v1/runs/{id}/children" | "/api/v1/jobs/runs/{id}" => {
            each(RUNS, |id| route.replace("{id}", id))
        }
        _ => return None,
    })
}

/// Routes of Marquez's API.
fn marquez(route: &str, ids: &Told) -> Option<Vec<String>> {
    Some(match route {
        "/api/v1/jobs/runs/{id}/facets" => {
            let both = RUNS.iter().flat_map(|id| [(id, "run"), (id, "job")]);
            each(both, |(id, of)| format!("/api/v1/jobs/runs/{id}/facets?type={of}"))
        }
        "/api/v1/namespaces/{namespace}"
        | "/api/v1/namespaces/{namespace}/datasets"
        | "/api/v1/namespaces/{namespace}/jobs" => {
            each(SPACES, |space| route.replace("{namespace}", space))
        }
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/versions/{version}" => {
            told(ids, "dataset-versions", Clone::clone)
        }
        "/api/v1/namespaces/{namespace}/jobs/{job}/versions/{version}" => {
            told(ids, "job-versions", Clone::clone)
        }
        "/api/v1/namespaces/{namespace}/datasets/{dataset}"
        | "/api/v1/namespaces/{namespace}/datasets/{dataset}/versions" => named(route, DATASETS),
        "/api/v1/namespaces/{namespace}/jobs/{job}"
        | "/api/v1/namespaces/{namespace}/jobs/{job}/versions"
        | "/api/v1/namespaces/{namespace}/jobs/{job}/runs" => named(route, JOBS),
        "/api/v1/stats/datasets"
        | "/api/v1/stats/jobs"
        | "/api/v1/stats/sources"
        | "/api/v1/stats/lineage-events" => vec![format!("{route}?period=DAY")],
        "/api/v1/sources/{source}" => {
            each(["zqsource", "half", "default"], |source| format!("/api/v1/sources/{source}"))
        }
        _ => return None,
    })
}

/// Routes about what feeds what.
fn lineage(route: &str) -> Option<Vec<String>> {
    Some(match route {
        "/api/v1/lineage/graph"
        | "/api/v1/lineage/impact"
        | "/api/v1/lineage/export"
        | "/api/v1/lineage/diff" => graphs(route),
        "/api/v1/lineage/paths" => paths(),
        "/api/v1/lineage" => each(nodes(), |node| format!("{route}?nodeId={node}&depth=20")),
        "/api/v1/column-lineage" => {
            each(nodes(), |node| format!("{route}?nodeId={node}&depth=20&withDownstream=true"))
        }
        "/api/v1/runlineage/upstream" => each(RUNS, |id| format!("{route}?runId={id}&depth=9")),
        _ => return None,
    })
}

/// Routes that find things by words.
fn search(route: &str) -> Option<Vec<String>> {
    Some(match route {
        "/api/v1/catalog/search" => [
            each(searches(), |q| format!("{route}?q={q}")),
            each(["name", "updated", "relevance"], |sort| {
                format!("{route}?q=zq&sort={sort}&limit=1&deleted=true")
            }),
        ]
        .concat(),
        "/api/v1/catalog/suggest" => each(searches(), |q| format!("{route}?q={q}&limit=50")),
        "/api/v1/catalog/explain" => [
            each(dataset_ids(), |id| format!("{route}?q=zq&kind=dataset&id={id}")),
            each(job_ids(), |id| format!("{route}?q=select&kind=job&id={id}")),
        ]
        .concat(),
        "/api/v1/search" => {
            let words = searches().into_iter().filter(|q| !q.is_empty());
            each(words, |q| format!("{route}?q={q}&limit=1000"))
        }
        _ => return None,
    })
}

/// The same, of routes about people, rules and the audit log.
fn trust(route: &str, ids: &Told) -> Option<Vec<String>> {
    Some(match route {
        "/api/v1/users/{name}"
        | "/api/v1/users/{name}/sessions"
        | "/api/v1/users/{name}/tokens" => {
            each(["viewer", "nobody"], |name| route.replace("{name}", name))
        }
        "/api/v1/groups/{name}" | "/api/v1/groups/{name}/members" => {
            vec![route.replace("{name}", "pipelines")]
        }
        "/api/v1/service-accounts/{name}/tokens" => vec![route.replace("{name}", "bound")],
        "/api/v1/service-accounts/{name}/strangers" => {
            let route = route.replace("{name}", "bound");
            each([OPEN, "hidden"], |namespace| format!("{route}?namespace={namespace}"))
        }
        "/api/v1/policies/{version}" | "/api/v1/policies/{version}/lint" => {
            vec![route.replace("{version}", "1")]
        }
        "/api/v1/access-events" => [
            plain(route),
            each(DATASETS, |(ns, name)| format!("{route}?dataset=dataset:{ns}:{name}")),
        ]
        .concat(),
        "/api/v1/audit/readers" => each(DATASETS, |(ns, name)| {
            format!(
                "{route}?of=dataset:{ns}:{name}&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&downstream=true"
            )
        }),
        "/api/v1/audit/consistency" => vec![format!("{route}?from=1&to=2")],
        "/api/v1/audit/tile/{*path}" => ["0/000", "entries/000", "0/000.p/1"]
            .map(|tile| format!("/api/v1/audit/tile/{tile}"))
            .to_vec(),
        "/api/v1/audit/records" => [
            plain(route),
            each(DATASETS, |(ns, name)| format!("{route}?dataset=dataset:{ns}:{name}")),
        ]
        .concat(),
        "/api/v1/audit/records/{id}" | "/api/v1/audit/records/{id}/receipt" => {
            told(ids, "records", |id| route.replace("{id}", id))
        }
        "/api/v1/audit/export" => {
            each(["bundle", "ocsf"], |format| format!("{route}?format={format}"))
        }
        "/api/v1/audit/histogram" => {
            each(["outcome", "action"], |split| format!("{route}?split={split}"))
        }
        _ => return None,
    })
}

fn graphs(route: &str) -> Vec<String> {
    let levels =
        nodes().into_iter().flat_map(|node| ["table", "column"].map(|level| (node.clone(), level)));
    let one = |(node, level): (String, &str)| {
        format!(
            "{route}?focus={node}&level={level}&depth=20&current=false&before=2026-01-01T00:00:00Z"
        )
    };
    let ways: Vec<String> = levels.map(one).collect();
    if !route.ends_with("/export") {
        return ways;
    }
    let formats = ways
        .iter()
        .flat_map(|way| ["svg", "csv", "json"].map(|format| format!("{way}&format={format}")));
    formats.collect()
}

fn paths() -> Vec<String> {
    let ends = nodes();
    let pairs = ends.iter().flat_map(|from| [(from, &ends[3]), (&ends[5], from)]);
    each(pairs, |(from, to)| format!("/api/v1/lineage/paths?from={from}&to={to}&current=false"))
}
