//! Histories and questions as text, a line each, so that a case can be read at a glance.
//!
//! ```text
//! 1T10:00 COMPLETE job#run ^parent#its-run  in, in -> out{CREATE S:a,b C:a=in.a ~link}
//! ? current @1T12:00 => in > out
//! ```
//! Day and time are of July 2026. `->` with nothing beside it says empty lists, no arrow that the
//! member `outputs` is missing, `=>` that `inputs` is. In braces stand facets: a lifecycle change
//! (`RENAME<old`), a schema (`S:a,b`), column lineage (`C:out=src.col+src.col;...`, `C:` says
//! nothing, a column `*` means all), `D:words` a description, symlinks (`~name`, `@name` is a location, `~-` removes), `part`
//! for a partition, `L:a+b` a dataset's own lineage. After the datasets: `E:target<a+b;...` explicit lineage (`@job`
//! is a job, `@` the own one), `stream`, `test`, `by=name`, `by=name!` a stranger, `by=name+` whose own the datasets are, `got=1T11:00`.

use serde_json::{Map, Value, json};

use super::log::{Author, Edit, Entry, Name, Standing};
use super::time;

/// Reads `1T10:00`; times before July have a minus.
pub fn moment(text: &str) -> i64 {
    let (day, clock) = text.split_once('T').unwrap_or_else(|| panic!("no time: {text}"));
    let first = time::parse("2026-07-01T00:00:00Z").expect("a time");
    let of_day = time::parse(&format!("1970-01-01T{clock}")).expect("a time of day");
    first + (day.parse::<i64>().expect("a day") - 1) * 24 * time::HOUR + of_day
}

pub fn name(text: &str) -> Name {
    let (namespace, name) = text.split_once('|').unwrap_or(("n", text));
    Name::new(namespace, name)
}

fn named(text: &str) -> Value {
    let name = name(text);
    json!({"namespace": name.namespace, "name": name.name})
}

/// A history: events and edits in the order of their lines, without questions and remarks.
pub fn history(text: &str) -> Vec<Entry> {
    let lines = text.lines().map(str::trim);
    let told = lines.filter(|line| !line.is_empty() && !line.starts_with(['?', '#']));
    told.map(entry).collect()
}

fn entry(line: &str) -> Entry {
    let (at, rest) = line.split_once(' ').unwrap_or_else(|| panic!("no entry: {line}"));
    let at = moment(at);
    let (word, rest) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    if word == "EDIT" {
        return Entry::Edit { edit: edit(rest.trim()), at };
    }
    let mut event = Map::new();
    event.insert("eventTime".into(), json!(rfc3339(at)));
    event.insert("producer".into(), json!("https://example.org/x"));
    let (mut author, mut received) = (Author::new("etl"), at);
    let mut words: Vec<&str> = Vec::new();
    let mut job = json!({});
    let mut facets = Map::new();
    let mut rest = rest.trim();
    if word != "DATASET" {
        let (subject, left) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = left.trim();
        let (of, run) = subject.split_once('#').unwrap_or((subject, ""));
        job = named(of);
        if word != "JOB" {
            event.insert("eventType".into(), json!(word));
            event.insert("run".into(), json!({"runId": run}));
        }
        if let Some(parent) = rest.strip_prefix('^') {
            let (parent, left) = parent.split_once(' ').unwrap_or((parent, ""));
            let (of, run) = parent.split_once('#').expect("a parent's run");
            event["run"]["facets"] = json!({"parent": {"run": {"runId": run}, "job": named(of)}});
            rest = left.trim();
        }
    }
    for part in split(rest, ' ') {
        match part {
            "stream" => _ = facets.insert("jobType".into(), json!({"processingType": "STREAMING"})),
            "test" => {
                let test = json!({"processingType": "BATCH", "jobType": "TEST"});
                facets.insert("jobType".into(), test);
            }
            part if part.starts_with("by=") => author = by(&part[3..]),
            part if part.starts_with("got=") => received = moment(&part[4..]),
            part if part.starts_with("E:") => {
                facets.insert("lineage".into(), explicit(&part[2..]));
            }
            part => words.push(part),
        }
    }
    let words = words.join(" ");
    if word == "DATASET" {
        event.insert("dataset".into(), dataset(&words));
    } else {
        if !facets.is_empty() {
            job["facets"] = Value::Object(facets);
        }
        event.insert("job".into(), job);
        sides(&words, &mut event);
    }
    Entry::Event { text: Value::Object(event), author, received }
}

fn sides(words: &str, event: &mut Map<String, Value>) {
    let list = |side: &str| -> Value {
        let all = split(side, ',').into_iter().filter(|one| !one.is_empty());
        all.map(dataset).collect()
    };
    if let Some(outputs) = words.strip_prefix("=>") {
        event.insert("outputs".into(), list(outputs));
    } else if let Some((inputs, outputs)) = words.split_once("->") {
        event.insert("inputs".into(), list(inputs));
        event.insert("outputs".into(), list(outputs));
    } else if !words.is_empty() {
        event.insert("inputs".into(), list(words));
    }
}

/// Splits outside of braces.
fn split(text: &str, at: char) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (place, sign) in text.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            sign if sign == at && depth == 0 => {
                parts.push(text[from..place].trim());
                from = place + sign.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

fn dataset(text: &str) -> Value {
    let (of, facets) = text.split_once('{').unwrap_or((text, "}"));
    let mut dataset = named(of.trim());
    let mut all = Map::new();
    let mut links = Vec::new();
    for facet in facets.trim_end_matches('}').split_whitespace() {
        let link = |other: &str, kind: &str| {
            let mut other = named(other);
            other["type"] = json!(kind);
            other
        };
        if facet == "~-" {
            all.insert("symlinks".into(), json!({"_deleted": true}));
        } else if let Some(other) = facet.strip_prefix('~') {
            links.push(link(other, "TABLE"));
        } else if let Some(place) = facet.strip_prefix('@') {
            links.push(link(place, "LOCATION"));
        } else if let Some(columns) = facet.strip_prefix("S:") {
            let fields: Vec<Value> = columns.split(',').map(|name| json!({"name": name})).collect();
            all.insert("schema".into(), json!({"fields": fields}));
        } else if let Some(columns) = facet.strip_prefix("C:") {
            all.insert("columnLineage".into(), column_lineage(columns));
        } else if let Some(sources) = facet.strip_prefix("L:") {
            let inputs: Vec<Value> = parts(sources, '+').iter().map(|s| source(s)).collect();
            all.insert("lineage".into(), json!({"inputs": inputs}));
        } else if let Some(words) = facet.strip_prefix("D:") {
            all.insert("documentation".into(), json!({"description": words}));
        } else if facet == "part" {
            let part = json!({"outputCondition": {"type": "partition", "partitions": []}});
            dataset["outputFacets"] = json!({"subset": part});
        } else {
            let (change, old) = facet.split_once('<').unwrap_or((facet, ""));
            let mut body = json!({"lifecycleStateChange": change});
            if !old.is_empty() {
                body["previousIdentifier"] = named(old);
            }
            all.insert("lifecycleStateChange".into(), body);
        }
    }
    if !links.is_empty() {
        all.insert("symlinks".into(), json!({"identifiers": links}));
    }
    dataset["facets"] = Value::Object(all);
    dataset
}

fn parts(text: &str, at: char) -> Vec<&str> {
    text.split(at).filter(|part| !part.is_empty()).collect()
}

fn column_lineage(text: &str) -> Value {
    let mut fields = Map::new();
    let mut whole = Vec::new();
    for entry in parts(text, ';') {
        let (column, sources) = entry.split_once('=').expect("a column");
        let inputs: Vec<Value> = parts(sources, '+')
            .into_iter()
            .map(|source| {
                let (of, field) = source.rsplit_once('.').expect("a source's column");
                let mut input = named(of);
                input["field"] = json!(field);
                input
            })
            .collect();
        if column == "*" {
            whole.extend(inputs);
        } else {
            fields.insert(column.into(), json!({"inputFields": inputs}));
        }
    }
    json!({"fields": fields, "dataset": whole})
}

fn source(text: &str) -> Value {
    match text.strip_prefix('@') {
        Some("") => json!({"type": "JOB"}),
        Some(job) => {
            let mut job = named(job);
            job["type"] = json!("JOB");
            job
        }
        None => {
            let mut dataset = named(text);
            dataset["type"] = json!("DATASET");
            dataset
        }
    }
}

fn explicit(text: &str) -> Value {
    let mut entries = Vec::new();
    for entry in parts(text, ';') {
        let (target, sources) = entry.split_once('<').expect("a target");
        let mut entry = source(target);
        entry["inputs"] = parts(sources, '+').iter().map(|one| source(one)).collect();
        entries.push(entry);
    }
    json!({"entries": entries})
}

fn by(text: &str) -> Author {
    let mut author = Author::new(text.trim_end_matches(['!', '+']));
    if text.ends_with('!') {
        author.otherwise = Standing::Stranger;
    }
    if text.ends_with('+') {
        author.standings.insert("n".to_owned(), Standing::Own);
    }
    author
}

fn edit(text: &str) -> Edit {
    let words: Vec<&str> = text.split_whitespace().collect();
    let a = || name(words[1]);
    let b = || name(words[2]);
    match words[0] {
        "delete-dataset" => Edit::DeleteDataset(a()),
        "delete-job" => Edit::DeleteJob(a()),
        "link" => Edit::Names(a(), b(), Some(true)),
        "part" => Edit::Names(a(), b(), Some(false)),
        "undo" => Edit::Names(a(), b(), None),
        "edge" => Edit::Edge(a(), b(), true),
        "unedge" => Edit::Edge(a(), b(), false),
        "dispute" => Edit::Dispute(a(), b(), true),
        "restore" => Edit::Dispute(a(), b(), false),
        "tag" => Edit::Tag(a(), words[2].to_owned(), true),
        "untag" => Edit::Tag(a(), words[2].to_owned(), false),
        word => panic!("no edit: {word}"),
    }
}

/// Writes a time as producers do.
pub fn rfc3339(at: i64) -> String {
    let (seconds, micros) = (at.div_euclid(1_000_000), at.rem_euclid(1_000_000));
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

#[test]
fn times_are_written_as_they_are_read() {
    for text in ["1T10:00", "31T23:59:59", "-3T00:00:01"] {
        let at = moment(text);
        assert_eq!(time::parse(&rfc3339(at)), Some(at), "{text}");
    }
}
