//! Leaves of a facet what the standard knows of it: members by their names and kinds.
//!
//! For readers from whom something is hidden. What a producer made up may name anything, whatever
//! the facet is called. The shapes are the checker's, so there is one table of what facets hold.
//! Objects whose keys are data are left out, but for those by column and those by number; who may
//! know a facet at all, and which columns, is not decided here.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::known;
use super::leaf::{self, Given};
use super::shape::{Entity, Kind, Object};

/// Members that every facet has.
const OF_ALL: [&str; 2] = ["_producer", "_schemaURL"];

/// Returns what the standard knows of a facet's text; nothing of a facet that it does not know.
#[must_use]
pub fn narrowed(entity: Entity, name: &str, raw: &RawValue) -> Option<Value> {
    let object = known::shape(entity, name)?;
    kept(&Kind::Object(object), serde_json::from_str(raw.get()).ok()?)
}

fn kept(kind: &Kind, value: Value) -> Option<Value> {
    let given = match &value {
        Value::Null => return Some(value),
        Value::Bool(_) => Given::Flag,
        Value::Number(_) => Given::Number,
        Value::String(text) => Given::Text(text),
        Value::Array(_) | Value::Object(_) => return kept_within(kind, value),
    };
    leaf::fault(kind, given).is_none().then_some(value)
}

fn kept_within(kind: &Kind, value: Value) -> Option<Value> {
    match (kind, value) {
        (Kind::Object(object), Value::Object(members)) => Some(kept_members(object, members)),
        (Kind::List(kind), Value::Array(values)) => {
            Some(values.into_iter().filter_map(|value| kept(kind, value)).collect())
        }
        (Kind::ColumnMap(kind), Value::Object(members)) => {
            Some(Value::Object(kept_keys(kind, members, |_| true)))
        }
        (Kind::Map(kind), Value::Object(members)) => {
            let numbers = kept_keys(kind, members, |key| leaf::number(key).is_some());
            (!numbers.is_empty()).then_some(Value::Object(numbers))
        }
        _ => None,
    }
}

fn kept_keys(
    kind: &Kind,
    members: Map<String, Value>,
    may: impl Fn(&str) -> bool,
) -> Map<String, Value> {
    let of = |(key, value): (String, Value)| Some((key, kept(kind, value)?));
    members.into_iter().filter(|(key, _)| may(key)).filter_map(of).collect()
}

fn kept_members(object: &Object, members: Map<String, Value>) -> Value {
    let of = |(key, value): (String, Value)| {
        let known = object.fields.iter().find(|field| field.name() == key);
        let value = match known {
            Some(field) => kept(field.kind(), value),
            None if object.is_facet && OF_ALL.contains(&key.as_str()) => kept(&Kind::Text, value),
            None => None,
        };
        Some((key, value?))
    };
    members.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn narrow(entity: Entity, name: &str, facet: &Value) -> Option<Value> {
        narrowed(entity, name, &serde_json::value::to_raw_value(facet).unwrap())
    }

    #[test]
    fn members_that_the_standard_does_not_know_are_left_out_at_any_depth() {
        let facet = json!({
            "_producer": "p", "_schemaURL": "s", "primaryKey": ["mail"],
            "fields": [{"name": "a", "type": "struct", "key": "mail", "fields": [{"name": "b", "of": "mail"}]}],
        });
        let kept = json!({
            "_producer": "p", "_schemaURL": "s",
            "fields": [{"name": "a", "type": "struct", "fields": [{"name": "b"}]}],
        });
        assert_eq!(narrow(Entity::Dataset, "schema", &facet), Some(kept));
        assert_eq!(narrow(Entity::Dataset, "made_up", &json!({"mail": 1})), None);
        let time = json!({"nominalStartTime": "2026-01-01T00:00:00Z", "nominalEndTime": "mail"});
        let kept = json!({"nominalStartTime": "2026-01-01T00:00:00Z"});
        assert_eq!(narrow(Entity::Run, "nominalTime", &time), Some(kept));
    }

    #[test]
    fn known_members_hold_what_they_are_for_and_no_keys_of_the_producers_own() {
        let catalog =
            json!({"name": "c", "type": {"mail": 1}, "catalogProperties": {"by": "mail"}});
        assert_eq!(narrow(Entity::Dataset, "catalog", &catalog), Some(json!({"name": "c"})));
        let metrics =
            json!({"columnMetrics": {"a": {"sum": 1, "quantiles": {"0.5": 2, "mail": 3}}}});
        let kept = json!({"columnMetrics": {"a": {"sum": 1, "quantiles": {"0.5": 2}}}});
        assert_eq!(narrow(Entity::Dataset, "dataQualityMetrics", &metrics), Some(kept));
        let counts = json!({"rowCount": 1, "size": "2", "fileCount": "mail"});
        let kept = json!({"rowCount": 1, "size": "2"});
        assert_eq!(narrow(Entity::Dataset, "outputStatistics", &counts), Some(kept));
    }

    proptest! {
        #[test]
        fn what_was_narrowed_is_narrow(name in "[a-z]{1,3}", text in "\\PC{0,20}", count in 0..9) {
            let facet = json!({
                "fields": [{"name": name, "type": text, "ordinal_position": count, text.clone(): name}],
                name.clone(): {"fields": text},
            });
            let once = narrow(Entity::Dataset, "schema", &facet);
            let again = once.as_ref().and_then(|facet| narrow(Entity::Dataset, "schema", facet));
            prop_assert_eq!(once, again);
        }
    }
}
