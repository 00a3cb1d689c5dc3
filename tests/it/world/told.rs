//! All that a node tells of its catalog over HTTP: what two nodes say can be compared, and what one
//! says before and after.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use lethe::base::{DatasetId, JobId};
use serde_json::Value;

use super::Answer;

/// What an answer says beside the catalog: where the node stands, and how to go on.
const BESIDE: [&str; 4] = ["position", "next", "score", "changed"];
/// What is searched for.
const SEARCHES: [&str; 5] = ["shop", "out 1", "job", "own", "order"];
/// Questions that are asked at once.
const AT_ONCE: usize = 8;

/// What was asked, with what was answered.
pub type Told = BTreeMap<String, Value>;

/// Whom to look at closely, besides all the lists and searches.
#[derive(Debug, Clone, Default)]
pub struct Closely {
    /// Datasets: namespace and name.
    pub datasets: Vec<(String, String)>,
    /// Jobs.
    pub jobs: Vec<(String, String)>,
}

/// Takes out of an answer what is not of the catalog.
fn without(value: &mut Value, left_out: &[&str]) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                !BESIDE.contains(&name.as_str()) && !left_out.contains(&name.as_str())
            });
            fields.values_mut().for_each(|value| without(value, left_out));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| without(value, left_out)),
        _ => {}
    }
}

/// Writes a name into a query or a path.
fn quoted(name: &str) -> String {
    let byte = |byte: u8| match byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    name.bytes().map(byte).collect()
}

/// Goes through all pages of a list.
async fn whole(ask: &impl AsyncFn(String) -> Answer, path: &str) -> Value {
    let (mut all, mut next) = (Vec::new(), String::new());
    loop {
        let page = ask(format!("{path}{next}")).await.ok(200);
        let items = ["items", "hits"].iter().find_map(|key| page[*key].as_array());
        all.extend(items.expect("a list").iter().cloned());
        match page["next"].as_str() {
            Some(after) => next = format!("&after={}", quoted(after)),
            None => return Value::Array(all),
        }
    }
}

fn about(closely: &Closely) -> Vec<String> {
    let mut paths: Vec<String> = ["namespaces", "sources", "tags"].map(str::to_owned).into();
    paths.push("events/lineage?limit=100&sortDirection=asc".to_owned());
    paths.extend(SEARCHES.iter().map(|text| format!("search?q={}&limit=100", quoted(text))));
    for (namespace, name) in &closely.datasets {
        let id = DatasetId::of(namespace, name).0;
        let node = quoted(&format!("dataset:{namespace}:{name}"));
        let marquez = format!("namespaces/{}/datasets/{}", quoted(namespace), quoted(name));
        paths.push(format!("datasets/{id}"));
        paths.push(format!("datasets/{id}/schemas"));
        paths.push(format!("lineage/graph?focus={node}&depth=10&level=column&limit=2000"));
        paths.push(format!("lineage/graph?focus={node}&depth=3&current=false"));
        paths.push(format!("lineage?nodeId={node}&depth=5"));
        paths.push(format!("column-lineage?nodeId={node}&depth=5&withDownstream=true"));
        paths.push(marquez.clone());
        paths.push(format!("{marquez}/versions"));
    }
    for (namespace, name) in &closely.jobs {
        let id = JobId::of(namespace, name).0;
        let node = quoted(&format!("job:{namespace}:{name}"));
        let marquez = format!("namespaces/{}/jobs/{}", quoted(namespace), quoted(name));
        paths.push(format!("jobs/{id}"));
        paths.push(format!("jobs/{id}/runs?limit=100"));
        paths.push(format!("lineage/graph?focus={node}&depth=2"));
        paths.push(marquez.clone());
        paths.push(format!("{marquez}/runs?limit=100"));
        paths.push(format!("{marquez}/versions"));
    }
    paths
}

/// Asks a node for its catalog. What `left_out` names is taken out of each answer.
pub async fn told(
    ask: impl AsyncFn(String) -> Answer,
    closely: &Closely,
    left_out: &[&str],
) -> Told {
    let mut told = Told::new();
    let searches = SEARCHES.map(|text| format!("catalog/search?q={}&limit=50", quoted(text)));
    let spaces = ask("/api/v1/namespaces?limit=100".to_owned()).await.ok(200);
    let spaces = spaces["namespaces"].as_array().cloned().unwrap_or_default();
    let spaces = spaces.iter().filter_map(|space| space["name"].as_str()).map(quoted);
    let mut lists: Vec<String> =
        spaces.map(|space| format!("datasets?namespace={space}&limit=500")).collect();
    lists.push("jobs?limit=500".to_owned());
    for path in lists.into_iter().chain(searches) {
        let mut list = match path.starts_with("jobs") {
            true => ask(format!("/api/v1/{path}")).await.ok(200),
            false => whole(&ask, &format!("/api/v1/{path}")).await,
        };
        without(&mut list, left_out);
        told.insert(path, list);
    }
    for paths in about(closely).chunks(AT_ONCE) {
        let answers = join_all(paths.iter().map(|path| ask(format!("/api/v1/{path}")))).await;
        for (path, answer) in paths.iter().zip(answers) {
            let mut body = serde_json::from_str(&answer.text).unwrap_or(Value::Null);
            without(&mut body, left_out);
            told.insert(path.clone(), Value::from(vec![answer.status.into(), body]));
        }
    }
    told
}

/// Names the first place where two nodes say something else, and how many answers differ.
pub fn told_otherwise(one: &Told, other: &Told) -> Option<String> {
    let paths: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differing: Vec<_> =
        paths.iter().filter(|path| one.get(**path) != other.get(**path)).collect();
    let first = differing.first()?;
    let null = Value::Null;
    let (left, right) = (one.get(**first).unwrap_or(&null), other.get(**first).unwrap_or(&null));
    let place = place_of(left, right, String::new());
    let some: Vec<&str> = differing.iter().take(8).map(|path| path.as_str()).collect();
    Some(format!("{} of {} answers: {some:#?}\n{first}{place}", differing.len(), paths.len()))
}

fn place_of(left: &Value, right: &Value, place: String) -> String {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let null = Value::Null;
            let names = left.keys().chain(right.keys());
            let of =
                |name: &String| (left.get(name).unwrap_or(&null), right.get(name).unwrap_or(&null));
            let mut other = names.filter(|name| of(name).0 != of(name).1);
            match other.next() {
                Some(name) => place_of(of(name).0, of(name).1, format!("{place}/{name}")),
                None => place,
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            match left.iter().zip(right).position(|(left, right)| left != right) {
                Some(at) => place_of(&left[at], &right[at], format!("{place}/{at}")),
                None => place,
            }
        }
        _ => {
            let short = |value: &Value| value.to_string().chars().take(600).collect::<String>();
            format!(" at {place}\n--- one\n{}\n--- other\n{}", short(left), short(right))
        }
    }
}
