//! Random catalogs: datasets with tags, owners and marked columns, and jobs between them.

use lethe::access::{AccessClass, Kind, Resource};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{TOKEN, World};

/// A column: name, tags, classes.
pub type Column = (String, Vec<String>, Vec<String>);

/// A dataset.
#[derive(Debug, Clone)]
pub struct Dataset {
    pub namespace: String,
    pub name: String,
    pub tags: Vec<String>,
    pub owner: Option<&'static str>,
    /// The mark of its column `marked`, if it has one.
    pub mark: Option<&'static str>,
}

impl Dataset {
    /// Returns namespace and name in one.
    pub fn key(&self) -> String {
        format!("{} {}", self.namespace, self.name)
    }

    /// Returns the columns; the names tell the dataset, so that a leak can be traced.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = vec![(format!("id_of_{}", self.name), vec![], vec![])];
        if let Some(mark) = self.mark {
            let (tags, classes) = match mark.strip_prefix("class:") {
                Some(class) => (vec![], vec![class.to_owned()]),
                None => (vec![mark.to_owned()], vec![]),
            };
            columns.push((format!("secret_of_{}", self.name), tags, classes));
        }
        columns
    }

    /// Returns its attributes, as the rules see them.
    pub fn access_class(&self) -> AccessClass {
        let mut resource = Resource::new(Kind::Dataset).in_namespace(&self.namespace);
        for tag in &self.tags {
            resource = resource.tagged(tag);
        }
        if let Some(owner) = self.owner {
            resource = resource.owned_by(owner);
        }
        for (_, tags, classes) in self.columns() {
            resource = tags.iter().fold(resource, |resource, tag| resource.tagged(tag));
            resource = classes.iter().fold(resource, |resource, class| resource.classed(class));
        }
        resource.access_class()
    }

    /// Says of it what rules do not believe of whoever only reads it, and its owner, whom they
    /// believe only people and bound accounts.
    async fn describe(&self, world: &World) {
        let event = json!({
            "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/test",
            "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
            "dataset": self.json(),
        });
        let answer = world.as_whom(TOKEN, "POST", "/api/v1/lineage", &event.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        if let Some(owner) = self.owner {
            let owners = json!([{"name": owner, "type": "OWNER"}]);
            let put = json!({"namespace": self.namespace, "name": self.name, "owners": owners});
            let put = json!({"datasets": [put]}).to_string();
            let answer = world.as_whom(TOKEN, "PUT", "/api/v1/datasets", &put).await;
            assert_eq!(answer.status, 204, "{}", answer.text);
        }
    }

    fn json(&self) -> Value {
        let mut tags: Vec<Value> = self
            .tags
            .iter()
            .map(|tag| match tag.split_once(':') {
                Some((key, value)) => json!({"key": key, "value": value}),
                None => json!({"key": tag, "value": ""}),
            })
            .collect();
        let fields = self.columns().into_iter().map(|(name, ..)| json!({"name": name}));
        if let Some(mark) = self.mark {
            let (key, value) = mark.split_once(':').unwrap_or((mark, ""));
            tags.push(
                json!({"key": key, "value": value, "field": format!("secret_of_{}", self.name)}),
            );
        }
        let facet = |body: Value| {
            let mut body = body;
            body["_producer"] = json!("https://example.com/test");
            body["_schemaURL"] = json!("https://example.com/schema.json");
            body
        };
        let mut facets = json!({
            "schema": facet(json!({"fields": fields.collect::<Vec<_>>()})),
            "tags": facet(json!({"tags": tags})),
        });
        if let Some(owner) = self.owner {
            facets["ownership"] = facet(json!({"owners": [{"name": owner, "type": "OWNER"}]}));
        }
        json!({"namespace": self.namespace, "name": self.name, "facets": facets})
    }
}

/// Datasets, and jobs that each read one and write another.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub datasets: Vec<Dataset>,
    pub flows: Vec<(usize, usize)>,
}

impl Catalog {
    /// Returns namespace and name of every job.
    pub fn jobs(&self) -> Vec<(String, String)> {
        (0..self.flows.len()).map(job).collect()
    }

    /// Posts the events that make this catalog, as the administrator.
    pub async fn fill(&self, world: &World) {
        for (place, (from, to)) in self.flows.iter().enumerate() {
            let (Some(from), Some(to)) = (self.datasets.get(*from), self.datasets.get(*to)) else {
                continue;
            };
            let (namespace, name) = job(place);
            let mut output = to.json();
            let pairs = to.columns().into_iter().zip(from.columns());
            let fields: serde_json::Map<String, Value> = pairs
                .map(|((made, ..), (read, ..))| {
                    let input =
                        json!({"namespace": from.namespace, "name": from.name, "field": read});
                    (made, json!({"inputFields": [input]}))
                })
                .collect();
            output["facets"]["columnLineage"] = json!({
                "_producer": "https://example.com/test", "_schemaURL": "https://example.com/schema.json",
                "fields": fields,
            });
            let sql = format!("insert into {} select * from {}", to.name, from.name);
            let run =
                uuid::Uuid::from_u128(0x0199_e2a0_5d1c_7c3e_b3a8_0000_0000_0000 + place as u128);
            let event = json!({
                "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z",
                "producer": "https://example.com/test",
                "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
                "run": {"runId": run},
                "job": {"namespace": namespace, "name": name, "facets": {"sql": {
                    "_producer": "https://example.com/test", "_schemaURL": "https://example.com/schema.json",
                    "query": sql}}},
                "inputs": [from.json()], "outputs": [output],
            });
            let answer = world.as_whom(TOKEN, "POST", "/api/v1/lineage", &event.to_string()).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            from.describe(world).await;
            to.describe(world).await;
        }
    }
}

fn job(place: usize) -> (String, String) {
    let namespace = if place.is_multiple_of(2) { "a" } else { "etl" };
    (namespace.to_owned(), format!("job_{place}"))
}

fn dataset(place: usize) -> impl Strategy<Value = Dataset> {
    let tag = prop::sample::select(vec!["restricted", "gold", "pii.raw", "domain:clinical/trials"]);
    (
        prop::sample::select(vec!["a", "b1", "b2"]),
        prop::collection::vec(tag, 0..2),
        prop::option::weighted(0.3, prop::sample::select(vec!["service:tester", "team:sales"])),
        prop::option::weighted(
            0.4,
            prop::sample::select(vec!["class:user.contact.email", "class:user.name", "pii.mail"]),
        ),
    )
        .prop_map(move |(namespace, tags, owner, mark)| Dataset {
            namespace: namespace.to_owned(),
            name: format!("table{place}x"),
            tags: tags.into_iter().map(str::to_owned).collect(),
            owner,
            mark,
        })
}

/// Makes catalogs in which every dataset is touched by a job.
pub fn catalogs() -> impl Strategy<Value = Catalog> {
    let datasets: Vec<_> = (0..7).map(dataset).collect();
    let extra = prop::collection::vec((0..7_usize, 0..7_usize), 0..4);
    (datasets, extra).prop_map(|(datasets, extra)| {
        let mut flows: Vec<(usize, usize)> = (0..6).map(|place| (place, place + 1)).collect();
        flows.extend(extra.into_iter().filter(|(from, to)| from != to));
        Catalog { datasets, flows }
    })
}
