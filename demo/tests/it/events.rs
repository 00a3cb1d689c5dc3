//! What events say, in a form that can be asked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

/// Namespace and name.
pub type Id = (String, String);

/// A column: its dataset and its name.
pub type Column = (Id, String);

pub fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}")).to_owned()
}

pub fn id(json: &Json) -> Id {
    (text(&json["namespace"]), text(&json["name"]))
}

/// The datasets on one side of an event.
pub fn datasets<'a>(event: &'a Json, side: &str) -> &'a [Json] {
    event[side].as_array().map_or(&[], Vec::as_slice)
}

/// Column names of a dataset's schema facet.
pub fn schema(dataset: &Json) -> Vec<String> {
    let fields = dataset["facets"]["schema"]["fields"].as_array();
    fields.into_iter().flatten().map(|field| text(&field["name"])).collect()
}

/// All columns that any event's schema facets name.
pub fn columns(events: &[Json]) -> BTreeMap<Id, BTreeSet<String>> {
    let mut known = BTreeMap::<Id, BTreeSet<String>>::new();
    for event in events {
        for dataset in ["inputs", "outputs"].iter().flat_map(|side| datasets(event, side)) {
            known.entry(id(dataset)).or_default().extend(schema(dataset));
        }
    }
    known
}

/// Whether a value came over unhurt, changed but readable, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Same,
    Changed,
    Masked,
}

/// Every direct step from one column to another.
pub fn steps(events: &[Json]) -> BTreeSet<(Column, Column, Way)> {
    let mut steps = BTreeSet::new();
    for output in events.iter().flat_map(|event| datasets(event, "outputs")) {
        let fields = output["facets"]["columnLineage"]["fields"].as_object();
        for (name, field) in fields.into_iter().flatten() {
            for input in field["inputFields"].as_array().unwrap() {
                for step in input["transformations"].as_array().unwrap() {
                    assert_eq!(step["type"], "DIRECT");
                    let way = match (step["masking"].as_bool(), text(&step["subtype"]).as_str()) {
                        (Some(true), _) => Way::Masked,
                        (_, "IDENTITY") => Way::Same,
                        _ => Way::Changed,
                    };
                    let from = (id(input), text(&input["field"]));
                    steps.insert((from, (id(output), name.clone()), way));
                }
            }
        }
    }
    steps
}

/// All columns that steps lead to from `start`, without those worse than `worst`.
pub fn reach(
    steps: &BTreeSet<(Column, Column, Way)>,
    start: &BTreeSet<Column>,
    worst: Way,
) -> BTreeSet<Column> {
    let mut reached = start.clone();
    loop {
        let more: Vec<_> = steps
            .iter()
            .filter(|(from, to, way)| {
                *way <= worst && reached.contains(from) && !reached.contains(to)
            })
            .map(|(_, to, _)| to.clone())
            .collect();
        if more.is_empty() {
            return reached;
        }
        reached.extend(more);
    }
}

/// Columns that are tagged with a class that starts so.
pub fn tagged(events: &[Json], class: &str) -> BTreeSet<Column> {
    let mut found = BTreeSet::new();
    for event in events {
        for dataset in ["inputs", "outputs"].iter().flat_map(|side| datasets(event, side)) {
            let tags = dataset["facets"]["tags"]["tags"].as_array();
            for tag in tags.into_iter().flatten() {
                if tag["key"] == "class" && text(&tag["value"]).starts_with(class) {
                    found.insert((id(dataset), text(&tag["field"])));
                }
            }
        }
    }
    found
}
