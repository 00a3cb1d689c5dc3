//! The doors: each asks for the same in its own way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::WHO;
use super::catalog::Catalog;
use crate::world::World;

/// Somebody at all doors.
pub struct Doors<'a> {
    pub world: &'a World,
    pub token: &'a str,
}

type Keys = BTreeSet<String>;

/// Makes the asker known and returns its token.
pub async fn tester(world: &World) -> String {
    world.service(WHO, &json!({"namespaces": ["*"]})).await
}

fn key(entry: &Value) -> String {
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    format!("{} {}", text("namespace"), text("name"))
}

fn keys(entries: &Value) -> Keys {
    entries.as_array().into_iter().flatten().map(key).collect()
}

fn column_names(entries: &Value) -> BTreeSet<String> {
    let names = entries.as_array().into_iter().flatten();
    names.filter_map(|entry| entry["name"].as_str().map(str::to_owned)).collect()
}

impl Doors<'_> {
    async fn ask(&self, path: &str) -> (u16, Value) {
        let answer = self.world.as_whom(self.token, "GET", path, "").await;
        assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.text);
        (answer.status, serde_json::from_str(&answer.text).unwrap_or(Value::String(answer.text)))
    }

    fn namespaces(catalog: &Catalog) -> BTreeSet<&str> {
        catalog.datasets.iter().map(|dataset| dataset.namespace.as_str()).collect()
    }

    pub async fn list(&self, catalog: &Catalog) -> Keys {
        let mut found = Keys::new();
        for namespace in Self::namespaces(catalog) {
            let (_, page) = self.ask(&format!("/api/v1/datasets?namespace={namespace}")).await;
            found.extend(keys(&page["items"]));
        }
        found
    }

    pub async fn marquez_list(&self, catalog: &Catalog) -> Keys {
        let mut found = Keys::new();
        for namespace in Self::namespaces(catalog) {
            let path = format!("/api/v1/namespaces/{namespace}/datasets");
            let (_, page) = self.ask(&path).await;
            let here = keys(&page["datasets"]);
            let total = page["totalCount"].as_u64().unwrap_or_default();
            assert_eq!(total, here.len() as u64, "{path}");
            found.extend(here);
        }
        found
    }

    pub async fn search(&self, query: &str) -> Keys {
        let (_, page) =
            self.ask(&format!("/api/v1/catalog/search?kind=dataset&limit=1000&q={query}")).await;
        keys(&page["hits"])
    }

    pub async fn total(&self, query: &str) -> u64 {
        let (_, page) = self.ask(&format!("/api/v1/catalog/search?kind=dataset&q={query}")).await;
        let facets = page["facets"].as_array().cloned().unwrap_or_default();
        let namespaces = facets.iter().find(|facet| facet["facet"] == "ns");
        let counted: u64 = namespaces
            .and_then(|facet| facet["values"].as_array())
            .into_iter()
            .flatten()
            .filter_map(|value| value["count"].as_u64())
            .sum();
        let total = page["total"].as_u64().unwrap_or_default();
        assert_eq!(counted, total, "facets count what is found");
        total
    }

    pub async fn marquez_search(&self, catalog: &Catalog) -> Keys {
        let mut found = Keys::new();
        for dataset in &catalog.datasets {
            let path = format!("/api/v1/search?filter=DATASET&limit=100&q={}", dataset.name);
            let (_, page) = self.ask(&path).await;
            found.extend(keys(&page["results"]));
        }
        found
    }

    pub async fn suggest(&self) -> Keys {
        let (_, found) = self.ask("/api/v1/catalog/suggest?q=name:table&limit=50").await;
        let entries = found.as_array().into_iter().flatten();
        let datasets = entries.filter(|entry| entry["kind"] == "dataset");
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        datasets.map(|e| format!("{} {}", text(e, "namespace"), text(e, "text"))).collect()
    }

    pub async fn details(&self, catalog: &Catalog) -> Keys {
        let mut found = Keys::new();
        for dataset in &catalog.datasets {
            let id = lethe::base::DatasetId::of(&dataset.namespace, &dataset.name).0;
            let (status, body) = self.ask(&format!("/api/v1/datasets/{id}")).await;
            found.extend((status != 404).then(|| key(&body)));
        }
        found
    }

    pub async fn marquez_details(&self, catalog: &Catalog) -> Keys {
        let mut found = Keys::new();
        for dataset in &catalog.datasets {
            let path =
                format!("/api/v1/namespaces/{}/datasets/{}", dataset.namespace, dataset.name);
            let (status, body) = self.ask(&path).await;
            found.extend((status != 404).then(|| key(&body)));
        }
        found
    }

    pub async fn columns(&self, catalog: &Catalog) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for namespace in Self::namespaces(catalog) {
            let (_, page) = self.ask(&format!("/api/v1/datasets?namespace={namespace}")).await;
            for entry in page["items"].as_array().into_iter().flatten() {
                found.insert(key(entry), column_names(&entry["columns"]));
                let schema = column_names(&entry["facets"]["schema"]["fields"]);
                assert!(schema.is_empty() || schema == found[&key(entry)], "{entry}");
            }
        }
        found
    }

    pub async fn marquez_columns(&self, catalog: &Catalog) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for namespace in Self::namespaces(catalog) {
            let path = format!("/api/v1/namespaces/{namespace}/datasets");
            let (_, page) = self.ask(&path).await;
            for entry in page["datasets"].as_array().into_iter().flatten() {
                found.insert(key(entry), column_names(&entry["fields"]));
            }
        }
        found
    }

    /// A search for a hidden column finds nothing; for one that is seen, its dataset, unless
    /// other columns of it are hidden.
    pub async fn columns_are_found_if_seen(
        &self,
        columns: &BTreeMap<String, BTreeSet<String>>,
        rules: &str,
    ) {
        for (dataset, seen) in columns {
            let name = dataset.split_once(' ').map_or("", |(_, name)| name);
            for column in [format!("id_of_{name}"), format!("secret_of_{name}")] {
                let found = self.search(&format!("column:{column}")).await;
                if !seen.contains(&column) {
                    assert_eq!(found, Keys::new(), "{column} under\n{rules}");
                }
                let (_, all) =
                    self.ask(&format!("/api/v1/catalog/suggest?q=column:{column}")).await;
                if !seen.contains(&column) {
                    assert_eq!(all, json!([]), "{column} under\n{rules}");
                }
            }
        }
    }

    /// Graphs name what is seen and nothing else; what is hidden keeps its connections.
    pub async fn graphs_name_only(
        &self,
        catalog: &Catalog,
        seen: &Keys,
        columns: &BTreeMap<String, BTreeSet<String>>,
        rules: &str,
    ) {
        for dataset in &catalog.datasets {
            let node = format!("dataset:{}:{}", dataset.namespace, dataset.name);
            for way in ["graph?", "impact?", "export?format=json&", "export?format=csv&"] {
                let path = format!("/api/v1/lineage/{way}focus={node}&depth=20&level=table");
                let (status, body) = self.ask(&path).await;
                if !seen.contains(&dataset.key()) {
                    assert_eq!(status, 404, "{path} under\n{rules}\n{body}");
                    continue;
                }
                assert_eq!(status, 200, "{path} under\n{rules}\n{body}");
                let text = body.to_string();
                for other in &catalog.datasets {
                    let named = text.contains(&other.name);
                    assert!(
                        !named || seen.contains(&other.key()),
                        "{path} names {} under\n{rules}\n{body}",
                        other.name
                    );
                    // The chain of jobs leads from every table to every later one.
                    let reached = way != "impact?" && way != "export?format=csv&";
                    assert!(
                        named || !reached || !seen.contains(&other.key()),
                        "{path} lacks {} under\n{rules}\n{body}",
                        other.name
                    );
                }
            }
            let path = format!("/api/v1/lineage/graph?focus={node}&depth=20&level=column");
            let (_, body) = self.ask(&path).await;
            for node in body["nodes"].as_array().into_iter().flatten() {
                let none = BTreeSet::new();
                let shown = columns.get(&key(node)).unwrap_or(&none);
                let fields = column_names(&node["fields"]);
                assert!(fields.is_subset(shown), "{fields:?} of {} under\n{rules}", key(node));
            }
        }
    }

    pub async fn jobs(&self) -> Keys {
        let (_, page) = self.ask("/api/v1/jobs?limit=1000").await;
        keys(&page["jobs"])
    }

    /// Whatever is asked for: no answer names what is hidden.
    pub async fn nothing_hidden_is_named(
        &self,
        catalog: &Catalog,
        seen: &Keys,
        columns: &BTreeMap<String, BTreeSet<String>>,
        rules: &str,
    ) {
        let mut hidden: Vec<String> = Vec::new();
        for dataset in &catalog.datasets {
            if !seen.contains(&dataset.key()) {
                hidden.push(dataset.name.clone());
            }
            let none = BTreeSet::new();
            let shown = columns.get(&dataset.key()).unwrap_or(&none);
            let kept = dataset.columns().into_iter().map(|(name, ..)| name);
            hidden.extend(kept.filter(|name| !shown.contains(name)));
        }
        let mut paths = vec![
            "/api/v1/jobs?limit=1000".to_owned(),
            "/api/v1/events?limit=1000".to_owned(),
            "/api/v1/events/lineage?limit=1000".to_owned(),
            "/api/v1/catalog/search?q=table&limit=1000".to_owned(),
            "/api/v1/catalog/search?q=insert&limit=1000".to_owned(),
            "/api/v1/namespaces".to_owned(),
        ];
        for (place, (namespace, job)) in catalog.jobs().into_iter().enumerate() {
            let run =
                uuid::Uuid::from_u128(0x0199_e2a0_5d1c_7c3e_b3a8_0000_0000_0000 + place as u128);
            let id = lethe::base::JobId::of(&namespace, &job).0;
            paths.extend([
                format!("/api/v1/jobs/{id}"),
                format!("/api/v1/jobs/{id}/runs"),
                format!("/api/v1/runs/{run}"),
                format!("/api/v1/jobs/runs/{run}"),
                format!("/api/v1/jobs/runs/{run}/facets?type=job"),
                format!("/api/v1/jobs/runs/{run}/facets?type=run"),
                format!("/api/v1/namespaces/{namespace}/jobs/{job}"),
                format!("/api/v1/namespaces/{namespace}/jobs/{job}/runs"),
                format!("/api/v1/namespaces/{namespace}/jobs/{job}/versions"),
                format!("/api/v1/lineage?nodeId=job:{namespace}:{job}"),
                format!("/api/v1/column-lineage?nodeId=job:{namespace}:{job}"),
                format!("/api/v1/runlineage/upstream?runId={run}"),
                format!("/api/v1/lineage/graph?focus=job:{namespace}:{job}&depth=9"),
            ]);
        }
        for dataset in catalog.datasets.iter().filter(|dataset| seen.contains(&dataset.key())) {
            let id = lethe::base::DatasetId::of(&dataset.namespace, &dataset.name).0;
            let (namespace, name) = (&dataset.namespace, &dataset.name);
            paths.extend([
                format!("/api/v1/datasets/{id}"),
                format!("/api/v1/datasets/{id}/schemas"),
                format!("/api/v1/namespaces/{namespace}/datasets/{name}"),
                format!("/api/v1/namespaces/{namespace}/datasets/{name}/versions"),
                format!("/api/v1/lineage?nodeId=dataset:{namespace}:{name}"),
                format!("/api/v1/column-lineage?nodeId=dataset:{namespace}:{name}&withDownstream=true"),
                format!("/api/v1/lineage/diff?focus=dataset:{namespace}:{name}&before=2020-01-01T00:00:00Z"),
                format!("/api/v1/lineage/export?focus=dataset:{namespace}:{name}&format=svg&level=column"),
            ]);
        }
        for path in paths {
            let (_, body) = self.ask(&path).await;
            let text = body.to_string();
            for name in &hidden {
                assert!(
                    !text.contains(name.as_str()),
                    "{path} names {name} under\n{rules}\n{text}"
                );
            }
        }
    }
}
