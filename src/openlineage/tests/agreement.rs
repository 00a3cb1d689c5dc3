//! Holds shapes and models together: what a shape allows, the model reads, without loss.

use proptest::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::{accepted, facet, places, refused};
use crate::base::rng::Rng;
use crate::openlineage::facets::{
    Catalog, ColumnLineage, DataQualityAssertions, DataQualityMetrics, DataSource, DatasetLineage,
    DatasetType, DatasetVersion, Documentation, EnvironmentVariables, ErrorMessage,
    ExecutionParameters, ExternalQuery, ExtractionError, Hierarchy, InputStatistics,
    JobDependencies, JobLineage, JobType, LifecycleStateChange, NominalTime, OutputStatistics,
    Ownership, ParentRun, ProcessingEngine, Schema, SourceCode, SourceCodeLocation, Sql, Storage,
    Subset, Symlinks, Tags, TestRun, read,
};
use crate::openlineage::known;
use crate::openlineage::shape::{Entity, Field, Kind, Object, Rule};
use crate::openlineage::{Event, Facet, Facets};

/// Reads a body into a model and gives it back as the model writes it.
type Reread = fn(&RawValue) -> Option<Value>;

fn through<F: Facet + Serialize>(body: &RawValue) -> Option<Value> {
    Some(serde_json::to_value(read::<F>(body)?).unwrap())
}

/// Every standard facet: whose it is, its name, its model.
const FACETS: &[(Entity, &str, Reread)] = &[
    (Entity::Run, NominalTime::KEY, through::<NominalTime>),
    (Entity::Run, ParentRun::KEY, through::<ParentRun>),
    (Entity::Run, ErrorMessage::KEY, through::<ErrorMessage>),
    (Entity::Run, ExternalQuery::KEY, through::<ExternalQuery>),
    (Entity::Run, ExtractionError::KEY, through::<ExtractionError>),
    (Entity::Run, ProcessingEngine::KEY, through::<ProcessingEngine>),
    (Entity::Run, EnvironmentVariables::KEY, through::<EnvironmentVariables>),
    (Entity::Run, ExecutionParameters::KEY, through::<ExecutionParameters>),
    (Entity::Run, JobDependencies::KEY, through::<JobDependencies>),
    (Entity::Run, TestRun::KEY, through::<TestRun>),
    (Entity::Run, Tags::KEY, through::<Tags>),
    (Entity::Job, Documentation::KEY, through::<Documentation>),
    (Entity::Job, JobType::KEY, through::<JobType>),
    (Entity::Job, Ownership::KEY, through::<Ownership>),
    (Entity::Job, SourceCode::KEY, through::<SourceCode>),
    (Entity::Job, SourceCodeLocation::KEY, through::<SourceCodeLocation>),
    (Entity::Job, Sql::KEY, through::<Sql>),
    (Entity::Job, Tags::KEY, through::<Tags>),
    (Entity::Job, JobLineage::KEY, through::<JobLineage>),
    (Entity::Dataset, Schema::KEY, through::<Schema>),
    (Entity::Dataset, DataSource::KEY, through::<DataSource>),
    (Entity::Dataset, Documentation::KEY, through::<Documentation>),
    (Entity::Dataset, Ownership::KEY, through::<Ownership>),
    (Entity::Dataset, ColumnLineage::KEY, through::<ColumnLineage>),
    (Entity::Dataset, DatasetLineage::KEY, through::<DatasetLineage>),
    (Entity::Dataset, LifecycleStateChange::KEY, through::<LifecycleStateChange>),
    (Entity::Dataset, Symlinks::KEY, through::<Symlinks>),
    (Entity::Dataset, Storage::KEY, through::<Storage>),
    (Entity::Dataset, Catalog::KEY, through::<Catalog>),
    (Entity::Dataset, DatasetType::KEY, through::<DatasetType>),
    (Entity::Dataset, Hierarchy::KEY, through::<Hierarchy>),
    (Entity::Dataset, DatasetVersion::KEY, through::<DatasetVersion>),
    (Entity::Dataset, Tags::KEY, through::<Tags>),
    (Entity::Dataset, DataQualityMetrics::KEY, through::<DataQualityMetrics>),
    (Entity::Dataset, DataQualityAssertions::KEY, through::<DataQualityAssertions>),
    (Entity::Dataset, InputStatistics::KEY, through::<InputStatistics>),
    (Entity::Dataset, OutputStatistics::KEY, through::<OutputStatistics>),
    (Entity::Dataset, Subset::KEY, through::<Subset>),
];

/// Reads a standard facet into its model and back; `None` if the standard has none such.
pub(super) fn reread(entity: Entity, key: &str, body: &RawValue) -> Option<Option<Value>> {
    let known = FACETS.iter().find(|(owner, name, _)| *owner == entity && *name == key)?;
    Some(known.2(body))
}

/// Lists the facet maps of an event and whose they are.
pub(super) fn entities(event: &Event) -> Vec<(Entity, &Facets)> {
    let run = event.run().map(|run| (Entity::Run, &run.facets));
    let job = event.job().map(|job| (Entity::Job, &job.facets));
    let datasets = event.datasets().flat_map(|set| [&set.facets, &set.io_facets]);
    run.into_iter().chain(job).chain(datasets.map(|facets| (Entity::Dataset, facets))).collect()
}

/// Makes values that a shape allows; `lenient` also those that only Lethe allows.
struct Maker {
    rng: Rng,
    lenient: bool,
}

impl Maker {
    fn one_of(&mut self, values: &[Value]) -> Value {
        values[usize::try_from(self.rng.below(values.len() as u64)).unwrap()].clone()
    }

    fn heads(&mut self) -> bool {
        self.rng.below(2) == 0
    }

    fn make(&mut self, kind: &Kind, depth: usize) -> Value {
        let lenient = self.lenient && self.heads();
        let most = if depth > 6 { 0 } else { 3 };
        match kind {
            Kind::Text => self.one_of(&[json!("text"), json!("ü \"\\\n 🦀"), json!("a b")]),
            Kind::Name => self.one_of(&[json!("name"), json!("s3://b"), json!("名 前/:#")]),
            Kind::Column if lenient => json!(""),
            Kind::Column => self.one_of(&[json!("col"), json!("a.b"), json!("Größe")]),
            Kind::Moment if lenient => json!("2026-03-01 10:00:00.123456789"),
            Kind::Moment => json!("2026-03-01T10:00:00Z"),
            Kind::Flag => self.one_of(&[json!(true), json!(false)]),
            Kind::Count if lenient => self.one_of(&[json!(3.0), json!("12"), json!(u64::MAX)]),
            Kind::Count => self.one_of(&[json!(0), json!(-1), json!(i64::MAX)]),
            Kind::Number if lenient => self.one_of(&[json!("1.5"), json!(3)]),
            Kind::Number => self.one_of(&[json!(0.0), json!(-1.5e300)]),
            Kind::Scalar if lenient => self.one_of(&[json!(3), json!(1.5), json!(true)]),
            Kind::Scalar => json!("scalar"),
            Kind::Choice(words) if lenient => json!(words[0].to_lowercase()),
            Kind::Choice(words) => {
                let words: Vec<Value> = words.iter().map(|word| json!(word)).collect();
                self.one_of(&words)
            }
            Kind::Values => json!({"any": [1, null, {"thing": "x"}], "n": 1.5}),
            Kind::List(kind) => {
                (0..self.rng.below(most)).map(|_| self.make(kind, depth + 1)).collect()
            }
            Kind::Datasets(object) => json!([self.object(object, depth + 1)]),
            Kind::Map(kind) | Kind::ColumnMap(kind) => {
                let entries = self.rng.below(most);
                let entries =
                    (0..entries).map(|i| (format!("key {i}"), self.make(kind, depth + 1)));
                let mut entries: Map<String, Value> = entries.collect();
                if lenient {
                    entries.insert("none".to_owned(), Value::Null);
                }
                Value::Object(entries)
            }
            Kind::Object(object) => self.object(object, depth + 1),
            Kind::Tagged(variants) => {
                let count = if depth > 6 { 1 } else { variants.len() as u64 };
                let (tag, object) = variants[usize::try_from(self.rng.below(count)).unwrap()];
                let mut value = self.object(object, depth + 1);
                value["type"] = tag.into();
                value
            }
            Kind::Facets(_) => json!({"custom": {"a": 1}}),
        }
    }

    fn object(&mut self, object: &Object, depth: usize) -> Value {
        let mut members = Map::new();
        for field in object.fields {
            match field {
                Field::Req(name, kind) => {
                    drop(members.insert((*name).to_owned(), self.make(kind, depth)));
                }
                Field::Opt(name, kind) if self.heads() => {
                    drop(members.insert((*name).to_owned(), self.make(kind, depth)));
                }
                Field::Opt(name, _) if self.lenient && self.heads() => {
                    drop(members.insert((*name).to_owned(), Value::Null));
                }
                Field::Opt(..) => {}
            }
        }
        self.keep(object.rule, &mut members);
        let members = Value::Object(members);
        if object.is_facet { facet(members) } else { members }
    }

    /// Makes the members keep a rule: those that it binds are names or conditions.
    fn keep(&mut self, rule: Rule, members: &mut Map<String, Value>) {
        match rule {
            Rule::Free => {}
            Rule::Together(one, other) => {
                members.remove(one);
                members.remove(other);
                if self.heads() {
                    members.insert(one.to_owned(), json!("one"));
                    members.insert(other.to_owned(), json!("other"));
                }
            }
            Rule::Either(one, _) => {
                members.insert(one.to_owned(), json!({"type": "location", "locations": ["x"]}));
            }
        }
    }
}

/// Makes an event with one standard facet.
fn event_with(entity: Entity, key: &str, body: &Value) -> Value {
    let mut event = super::run_event(&json!({}));
    match entity {
        Entity::Run => event["run"]["facets"][key] = body.clone(),
        Entity::Job => event["job"]["facets"][key] = body.clone(),
        Entity::Dataset => event["outputs"][0]["outputFacets"][key] = body.clone(),
    }
    event
}

/// Drops what a model need not keep: nulls, what is empty, and what every facet has.
fn essence(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !name.starts_with('_'));
            let kept = kept.map(|(name, value)| (name.clone(), essence(value)));
            let none = [json!(null), json!([]), json!({}), json!("")];
            let empty = |value: &Value| none.contains(value);
            Value::Object(kept.filter(|(_, value)| !empty(value)).collect())
        }
        Value::Array(items) => items.iter().map(essence).collect(),
        other => other.clone(),
    }
}

#[test]
fn every_known_name_has_a_model_and_every_model_a_shape() {
    // 38 schemas: documentation and ownership serve two entities and tags three, metrics
    // has two schemas with one name, and the lineage schema defines two facets.
    assert_eq!(FACETS.len(), 38);
    for (entity, key, _) in FACETS {
        assert!(known::shape(*entity, key).is_some(), "{key}");
    }
    assert!(known::shape(Entity::Run, "schema").is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 64 } else { 1_000 }))]

    #[test]
    fn what_a_shape_allows_is_accepted_and_read(seed: u64, lenient: bool) {
        for (entity, key, model) in FACETS {
            let mut maker = Maker { rng: Rng::seeded(seed), lenient };
            let body = maker.object(known::shape(*entity, key).unwrap(), 0);
            let parsed = accepted(&event_with(*entity, key, &body));
            let entities = entities(&parsed.event);
            let facets = entities.iter().filter(|(owner, _)| owner == entity);
            let raw = facets.filter_map(|(_, facets)| facets.get(key)).next().unwrap();
            let read = model(raw);
            prop_assert!(read.is_some(), "{} {}", key, raw);
            if !lenient {
                prop_assert_eq!(essence(&read.unwrap()), essence(&body), "{}", key);
            }
        }
    }

    #[test]
    fn what_a_shape_requires_is_missed(seed: u64) {
        for (entity, key, _) in FACETS {
            let object = known::shape(*entity, key).unwrap();
            let mut maker = Maker { rng: Rng::seeded(seed), lenient: false };
            let body = maker.object(object, 0);
            let own = object.fields.iter().filter(|field| matches!(field, Field::Req(..)));
            for name in own.map(Field::name).chain(["_producer", "_schemaURL"]) {
                let mut body = body.clone();
                body.as_object_mut().unwrap().remove(name);
                let rejection = refused(&event_with(*entity, key, &body));
                let place = format!("/{key}/{name}");
                let found = places(&rejection.faults);
                prop_assert!(found.len() == 1 && found[0].0.ends_with(&place), "{found:?}");
                prop_assert_eq!(found[0].1, "missing");
            }
        }
    }
}
