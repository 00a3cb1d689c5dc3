//! Events as the oracle reads them. What cannot be read of a facet is as if it were absent: one bad
//! facet costs no event.

use serde_json::Value;

use super::log::{Author, Name};
use super::time;

/// What an event is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    Run { id: String, kind: Option<Kind>, parent: Option<Parent> },
    Job,
    Dataset,
}

/// The transition that a RunEvent tells, in the order in which those of one instant count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Start,
    Running,
    Complete,
    Abort,
    Fail,
}

/// The run that a `parent` facet names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parent {
    pub id: String,
    pub job: Name,
}

/// A facet that was said, or taken back.
#[derive(Debug, Clone, PartialEq)]
pub enum Told<T> {
    Is(T),
    Deleted,
}

/// What a lifecycle facet says happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    Create,
    Overwrite,
    Drop,
    Truncate,
    Rename(Name),
    /// ALTER, and words that the standard does not know.
    Other,
}

/// Column (none: all of them), source and its column.
pub type Pairs = Vec<(Option<String>, Name, String)>;

/// Where something comes from: a dataset or one of its columns, or a job.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Dataset(Name, Option<String>),
    Job(Name),
}

/// One entry of an explicit lineage facet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stated {
    pub target: Source,
    pub sources: Vec<Source>,
}

/// A dataset as an event speaks of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mentioned {
    pub name: Name,
    pub schema: Option<Vec<String>>,
    pub description: Option<String>,
    /// Pairs of a column (none: all of them) and where it comes from.
    pub columns: Option<Told<Pairs>>,
    /// There is column lineage, and it says nothing.
    pub silent: bool,
    pub lineage: Option<Told<Vec<Stated>>>,
    pub change: Option<Change>,
    /// Other names, and whether that one is the place and this the catalog's name.
    pub symlinks: Option<Told<Vec<(Name, bool)>>>,
    /// Only a part of it is written.
    pub partial: bool,
}

/// An event, with where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub at: i64,
    pub received: i64,
    pub author: Author,
    /// Its last place in the log.
    pub place: usize,
    pub digest: u64,
    pub about: About,
    /// The job's name as it was given.
    pub job: Option<Name>,
    pub endless: Option<bool>,
    pub test: bool,
    pub explicit: Option<Told<Vec<Stated>>>,
    pub inputs: Option<Vec<Mentioned>>,
    pub outputs: Option<Vec<Mentioned>>,
    pub dataset: Option<Mentioned>,
}

/// Columns that a store has beside those of its tables: no fields of anything.
const ROW_COLUMNS: [&str; 6] = ["_file", "_pos", "_spec_id", "_partition", "_deleted", "_row_id"];

fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

fn named(value: &Value, job: &str) -> Option<Name> {
    let namespace = text(value, "namespace").filter(|ns| !ns.is_empty()).unwrap_or(job);
    text(value, "name").filter(|name| !name.is_empty()).map(|name| Name::new(namespace, name))
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn facet<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    of.get("facets")?.get(name).filter(|facet| facet.is_object())
}

fn is_deleted(facet: &Value) -> bool {
    facet.get("_deleted").and_then(Value::as_bool) == Some(true)
}

/// A run's id: a UUID however it is written, anything else as it is.
pub fn run_id(given: &str) -> String {
    let bare: String = given.trim_matches(['{', '}']).chars().filter(|c| *c != '-').collect();
    let is_uuid = bare.len() == 32 && bare.chars().all(|c| c.is_ascii_hexdigit());
    if is_uuid { bare.to_lowercase() } else { given.to_owned() }
}

/// Numbers a text, so that ties are broken alike in whatever order things come (FNV-1a).
pub fn digest(text: &str) -> u64 {
    let mix = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, mix)
}

/// Reads an accepted event; none if its core is not one.
pub fn event(body: &Value, author: &Author, received: i64, place: usize) -> Option<Event> {
    let at = time::parse(text(body, "eventTime")?)?;
    let job = body.get("job").filter(|job| job.is_object()).and_then(|job| named(job, ""));
    let home = job.as_ref().map_or("", |job| job.namespace.as_str()).to_owned();
    let run = body.get("run").filter(|run| run.is_object());
    let dataset = body.get("dataset").filter(|dataset| dataset.is_object());
    let about = match (run, &job, dataset) {
        (Some(run), Some(_), _) => About::Run {
            id: run_id(text(run, "runId")?),
            kind: text(body, "eventType").and_then(kind),
            parent: facet(run, "parent").or_else(|| facet(run, "parentRun")).and_then(parent),
        },
        (None, Some(_), _) => About::Job,
        (None, None, Some(_)) => About::Dataset,
        _ => return None,
    };
    let spoken = body.get("job").unwrap_or(&Value::Null);
    let kind_of_job = facet(spoken, "jobType");
    let word = |member| kind_of_job.and_then(|facet| text(facet, member));
    let side = |member: &str| {
        let all = body.get(member).and_then(Value::as_array)?;
        Some(all.iter().filter_map(|one| mentioned(one, &home)).collect::<Vec<_>>())
    };
    Some(Event {
        at,
        received,
        author: author.clone(),
        place,
        digest: digest(&format!("{body} {}", author.name)),
        about,
        endless: word("processingType").map(|word| !word.eq_ignore_ascii_case("BATCH")),
        test: word("jobType").is_some_and(|word| word.eq_ignore_ascii_case("TEST")),
        explicit: facet(spoken, "lineage").and_then(|facet| explicit(facet, job.as_ref())),
        job,
        inputs: side("inputs"),
        outputs: side("outputs"),
        dataset: dataset.and_then(|dataset| mentioned(dataset, "")),
    })
}

fn kind(word: &str) -> Option<Kind> {
    Some(match word.to_uppercase().as_str() {
        "START" => Kind::Start,
        "RUNNING" | "OTHER" => Kind::Running,
        "COMPLETE" => Kind::Complete,
        "ABORT" => Kind::Abort,
        "FAIL" => Kind::Fail,
        _ => return None,
    })
}

fn parent(facet: &Value) -> Option<Parent> {
    let job = named(facet.get("job")?, "")?;
    Some(Parent { id: run_id(text(facet.get("run")?, "runId")?), job })
}

fn mentioned(dataset: &Value, home: &str) -> Option<Mentioned> {
    let name = named(dataset, home)?;
    let subset = |of: &str| dataset.get(of).and_then(|facets| facets.get("subset"));
    let partial = ["outputFacets", "facets"].iter().find_map(|of| subset(of));
    let columns = facet(dataset, "columnLineage");
    let described = facet(dataset, "documentation").and_then(|facet| text(facet, "description"));
    Some(Mentioned {
        schema: facet(dataset, "schema").and_then(schema),
        description: described.filter(|text| !text.is_empty()).map(str::to_owned),
        silent: columns.is_some() && columns.and_then(column_lineage).is_none(),
        columns: columns.and_then(column_lineage),
        lineage: facet(dataset, "lineage").and_then(|facet| dataset_lineage(facet, &name)),
        change: facet(dataset, "lifecycleStateChange").and_then(change),
        symlinks: facet(dataset, "symlinks").and_then(symlinks),
        partial: partial.is_some_and(|facet| facet.get("outputCondition").is_some()),
        name,
    })
}

fn schema(facet: &Value) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    for field in list(facet.get("fields")) {
        flatten(field, "", &mut fields);
    }
    (!fields.is_empty()).then_some(fields)
}

fn flatten(field: &Value, above: &str, fields: &mut Vec<String>) {
    let Some(name) = text(field, "name") else { return };
    let name = if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
    if ROW_COLUMNS.contains(&name.as_str()) {
        return;
    }
    fields.push(name.clone());
    for inner in list(field.get("fields")) {
        flatten(inner, &name, fields);
    }
}

fn column_lineage(facet: &Value) -> Option<Told<Pairs>> {
    if is_deleted(facet) {
        return Some(Told::Deleted);
    }
    let mut pairs = Vec::new();
    let mut add = |column: Option<&str>, inputs: Option<&Value>| {
        for input in list(inputs) {
            let source = named(input, "").zip(text(input, "field"));
            let Some((source, field)) = source else { continue };
            if !ROW_COLUMNS.contains(&field) && !column.is_some_and(|c| ROW_COLUMNS.contains(&c)) {
                pairs.push((column.map(str::to_owned), source, field.to_owned()));
            }
        }
    };
    for (column, entry) in facet.get("fields").and_then(Value::as_object).into_iter().flatten() {
        add(Some(column), entry.get("inputFields"));
    }
    add(None, facet.get("dataset"));
    (!pairs.is_empty()).then_some(Told::Is(pairs))
}

fn change(facet: &Value) -> Option<Change> {
    Some(match text(facet, "lifecycleStateChange")?.to_uppercase().as_str() {
        "CREATE" => Change::Create,
        "OVERWRITE" => Change::Overwrite,
        "DROP" => Change::Drop,
        "TRUNCATE" => Change::Truncate,
        "RENAME" => Change::Rename(named(facet.get("previousIdentifier")?, "")?),
        _ => Change::Other,
    })
}

fn symlinks(facet: &Value) -> Option<Told<Vec<(Name, bool)>>> {
    if is_deleted(facet) {
        return Some(Told::Deleted);
    }
    let other = |one: &Value| {
        let place = text(one, "type").is_some_and(|word| word.eq_ignore_ascii_case("LOCATION"));
        Some((named(one, "")?, place))
    };
    let all: Vec<_> = list(facet.get("identifiers")).filter_map(other).collect();
    (!all.is_empty()).then_some(Told::Is(all))
}

fn source(value: &Value, own: Option<&Name>) -> Option<Source> {
    match text(value, "type") {
        Some("JOB") if value.get("name").is_some() => named(value, "").map(Source::Job),
        Some("JOB") => own.cloned().map(Source::Job),
        _ => Some(Source::Dataset(named(value, "")?, text(value, "field").map(str::to_owned))),
    }
}

/// What one entry says of a target: of the whole, then of each column.
fn entries(target: &Source, entry: &Value, own: Option<&Name>, stated: &mut Vec<Stated>) {
    let sources = |inputs: Option<&Value>| list(inputs).filter_map(|i| source(i, own)).collect();
    let fields = entry.get("fields").and_then(Value::as_object);
    if entry.get("inputs").is_some() || fields.is_none() {
        stated.push(Stated { target: target.clone(), sources: sources(entry.get("inputs")) });
    }
    for (field, inner) in fields.into_iter().flatten() {
        let Source::Dataset(name, _) = target else { continue };
        let target = Source::Dataset(name.clone(), Some(field.clone()));
        stated.push(Stated { target, sources: sources(inner.get("inputs")) });
    }
}

fn explicit(facet: &Value, own: Option<&Name>) -> Option<Told<Vec<Stated>>> {
    if is_deleted(facet) {
        return Some(Told::Deleted);
    }
    facet.get("entries").and_then(Value::as_array)?;
    let mut stated = Vec::new();
    for entry in list(facet.get("entries")) {
        if let Some(target) = source(entry, own) {
            entries(&target, entry, own, &mut stated);
        }
    }
    Some(Told::Is(stated))
}

fn dataset_lineage(facet: &Value, name: &Name) -> Option<Told<Vec<Stated>>> {
    if is_deleted(facet) {
        return Some(Told::Deleted);
    }
    if facet.get("inputs").is_none() && facet.get("fields").is_none() {
        return None;
    }
    let mut stated = Vec::new();
    entries(&Source::Dataset(name.clone(), None), facet, None, &mut stated);
    Some(Told::Is(stated))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Event {
        event(body, &Author::new("etl"), 0, 0).expect("an event")
    }

    fn of_run(id: &str) -> Value {
        json!({"eventType": "COMPLETE", "eventTime": "2026-07-01T10:00:00Z",
            "run": {"runId": id}, "job": {"namespace": "n", "name": "j"},
            "inputs": [{"namespace": "n", "name": "x"}], "outputs": [{"namespace": "n", "name": "y"}]})
    }

    /// Reports 09 and 31: a facet that cannot be read, or that says nothing, costs no more than itself.
    #[test]
    fn a_bad_facet_costs_no_event() {
        let mut body = of_run("r");
        body["run"]["facets"] =
            json!({"parent": {"job_name": "dag", "run_id": "p"}, "nominalTime": null});
        body["job"]["facets"] = json!({"sql": {"query": ["insert", "analyze"]}, "lineage": "none"});
        body["outputs"][0]["facets"] = json!({"columnLineage": {"fields": null}, "schema": {"fields": 5},
            "symlinks": {"identifiers": [{"name": "no namespace is the job's"}]}});
        let event = read(&body);
        assert!(matches!(&event.about, About::Run { parent: None, .. }));
        let output = &event.outputs.expect("outputs")[0];
        assert!(output.silent && output.columns.is_none() && output.schema.is_none());
        assert_eq!(event.inputs.expect("inputs").len(), 1);
    }

    /// Report 10, and Flink's events: a region in a time, an empty namespace.
    #[test]
    fn times_with_regions_and_empty_namespaces_are_read() {
        let mut body = of_run("r");
        body["eventTime"] = json!("2026-07-01T11:00:00+01:00[Europe/London]");
        body["inputs"][0]["namespace"] = json!("");
        let event = read(&body);
        assert_eq!(Some(event.at), time::parse("2026-07-01T10:00:00Z"));
        assert_eq!(event.inputs.expect("inputs")[0].name, Name::new("n", "x"));
    }

    /// Reports 12 and 13: names are themselves, whatever they hold.
    #[test]
    fn odd_names_stay_what_they_are() {
        for name in ["1337", "100%_done", "a//b", "a/../b", "..", "x?y#z", "tab\there", "Zoë 😀"]
        {
            let mut body = of_run("r");
            body["outputs"][0]["name"] = json!(name);
            assert_eq!(read(&body).outputs.expect("outputs")[0].name, Name::new("n", name));
        }
    }

    /// Report 40: null is absent, so that this declares.
    #[test]
    fn a_null_run_is_none() {
        let mut body = of_run("r");
        body["run"] = Value::Null;
        assert_eq!(read(&body).about, About::Job);
        body["job"] = Value::Null;
        assert!(event(&body, &Author::new("etl"), 0, 0).is_none(), "a wrong core is no event");
    }

    /// One UUID, however it is written.
    #[test]
    fn run_ids_are_the_uuids_that_they_are() {
        let plain = run_id("3f5e83fa-3480-44ff-99c5-ff943904e5e8");
        for other in ["3F5E83FA348044FF99C5FF943904E5E8", "{3f5e83fa-3480-44ff-99c5-ff943904e5e8}"]
        {
            assert_eq!(run_id(other), plain);
        }
        assert_eq!(run_id("scheduled__2026"), "scheduled__2026");
    }

    /// Iceberg's row columns are no fields; nested ones are named with what they are in.
    #[test]
    fn row_columns_are_no_fields() {
        let mut body = of_run("r");
        let fields = json!([{"name": "id"}, {"name": "_file"}, {"name": "who", "fields": [{"name": "mail"}]}]);
        body["outputs"][0]["facets"] = json!({"schema": {"fields": fields}});
        let output = read(&body).outputs.expect("outputs").remove(0);
        assert_eq!(output.schema, Some(vec!["id".into(), "who".into(), "who.mail".into()]));
    }
}
