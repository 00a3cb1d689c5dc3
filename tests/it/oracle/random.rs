//! Histories by chance. Few names, jobs and times, so that things meet often: overlapping runs,
//! retries, shared ids, crashed parents, renames, swaps, drops, truncates, overwrites, symlinks that
//! come, move, interleave and go, declarations, strangers, late delivery, and what people do.
//!
//! A history is text (see `text`): a failing one is read as it is, and shrinks step by step.

use proptest::prelude::*;
use proptest::sample::select;

const DATA: &[&str] = &["a", "b", "c", "d", "db.s.stg", "db.s.mart", "p", "q", "k"];
const JOBS: &[&str] = &["j", "g", "h"];
const RUNS: &[&str] = &["1", "2", "3", "4", "P"];
/// What people link, part, dispute and tag.
const HUBS: &[&str] = &["a", "b", "p", "k", "l"];

/// One step of a history: mostly one line, sometimes a few that belong together.
#[derive(Debug, Clone)]
pub struct Step {
    pub lines: Vec<String>,
    /// It is told again at the end.
    pub again: bool,
}

fn time() -> impl Strategy<Value = (i64, i64)> {
    let hours = select(&[0_i64, 1, 5, 9, 20][..]);
    (1_i64..4, hours, select(&[0_i64, 1, 5, 30][..]))
        .prop_map(|(day, hour, minute)| (day, hour * 60 + minute))
}

fn clock((day, minute): (i64, i64)) -> String {
    let (day, minute) = (day + minute.div_euclid(1440), minute.rem_euclid(1440));
    format!("{day}T{:02}:{:02}", minute / 60, minute % 60)
}

fn names(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(select(DATA), 0..=most)
}

fn parent() -> impl Strategy<Value = &'static str> {
    select(&["", "", "", " ^app#P", " ^app#Q", " ^other#P"][..])
}

/// Facets of an input: symlinks, a schema.
fn read_facets() -> impl Strategy<Value = &'static str> {
    select(&["", "", "", "{S:x}", "{~k}", "{~k S:x,y}", "{~l}"][..])
}

/// Facets of an output.
fn write_facets() -> impl Strategy<Value = &'static str> {
    let all = &[
        "",
        "",
        "",
        "{OVERWRITE}",
        "{OVERWRITE}",
        "{OVERWRITE part}",
        "{CREATE}",
        "{~k}",
        "{~l}",
        "{~-}",
        "{@q}",
        "{S:x,y C:x=a.x}",
        "{S:x,y,z C:x=a.x;y=b.y}",
        "{C:x=stg.x;y=totals.y}",
        "{C:x=p/day=1.x}",
        "{C:}",
        "{S:y}",
    ];
    select(&all[..])
}

fn side(names: &[&str], facets: &str) -> String {
    let mut names = names.to_vec();
    names.dedup();
    let all: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(nth, name)| if nth == 0 { format!("{name}{facets}") } else { (*name).to_owned() })
        .collect();
    all.join(", ")
}

/// What is said at the end of a line.
fn tail() -> impl Strategy<Value = &'static str> {
    let all = ["", "", "", "", "", "", "", "by=two", "by=two!", "stream", "test", "got=4T00:00"];
    select(all.to_vec())
}

fn data() -> impl Strategy<Value = String> {
    (names(2), read_facets(), names(2), write_facets())
        .prop_map(|(i, read, o, write)| format!("{} -> {}", side(&i, read), side(&o, write)))
}

fn subject() -> impl Strategy<Value = String> {
    (select(JOBS), select(RUNS), parent()).prop_map(|(job, run, of)| format!("{job}#{run}{of}"))
}

/// One event of a run.
fn event() -> impl Strategy<Value = Vec<String>> {
    let words = select(
        &["START", "START", "RUNNING", "COMPLETE", "COMPLETE", "COMPLETE", "FAIL", "ABORT"][..],
    );
    (time(), words, subject(), data(), tail()).prop_map(|(at, word, subject, data, tail)| {
        vec![format!("{} {word} {subject} {data} {tail}", clock(at))]
    })
}

/// A run from its beginning to some end, now and then with another name or parent at the end.
fn run() -> impl Strategy<Value = Vec<String>> {
    let ends = select(&["COMPLETE", "COMPLETE", "COMPLETE", "FAIL", "ABORT", ""][..]);
    let long = select(&[0_i64, 1, 10, 300, 500][..]);
    let after = select(&["", "", "", "COMPLETE", "FAIL", "START"][..]);
    let renamed = select(&["", "", "", "_", "plain"][..]);
    (time(), long, ends, after, subject(), (data(), data()), renamed, tail()).prop_map(
        |((day, from), long, end, after, subject, (first, last), renamed, tail)| {
            let mut lines = vec![format!("{} START {subject} {first} {tail}", clock((day, from)))];
            let ended = match renamed {
                "_" => subject.replacen('#', "_more#", 1),
                "plain" => subject.split(' ').next().unwrap_or_default().to_owned(),
                _ => subject.clone(),
            };
            for (word, at) in [(end, from + long), (after, from + long + 1)] {
                if !word.is_empty() && !end.is_empty() {
                    lines.push(format!("{} {word} {ended} {last} {tail}", clock((day, at))));
                }
            }
            lines
        },
    )
}

/// A job that does its own work every day, or now and then something else.
fn daily() -> impl Strategy<Value = Vec<String>> {
    (select(JOBS), select(DATA), select(DATA), select(DATA), parent()).prop_map(
        |(job, input, output, other, parent)| {
            let line = |day: i64, run: &str, o: &str| {
                format!("{day}T06:00 COMPLETE {job}#{job}{run}{parent} {input} -> {o}")
            };
            vec![line(1, "d1", output), line(2, "d2", output), line(3, "d3", other)]
        },
    )
}

/// What happens to a table: alone, or a swap.
fn life() -> impl Strategy<Value = Vec<String>> {
    let change = select(&["DROP", "DROP", "TRUNCATE", "CREATE", "RENAME<", "RENAME<", "swap"][..]);
    let ends = select(&["COMPLETE", "COMPLETE", "COMPLETE", "FAIL"][..]);
    let tail = select(&["", "", "", "", "by=two!", "got=4T00:00"][..]);
    (time(), change, select(DATA), select(DATA), select(RUNS), ends, tail).prop_map(
        |((day, at), change, name, other, run, end, tail)| {
            let line = |later: i64, job: &str, output: &str| {
                let clock = clock((day, at + later));
                format!("{clock} {end} {job}#{job}{run}{day}{at} -> {output} {tail}")
            };
            match change {
                "swap" => vec![
                    line(0, "away", &format!("old{{RENAME<{name}}}")),
                    line(1, "in", &format!("{name}{{RENAME<{other}}}")),
                    line(2, "clean", "old{DROP}"),
                ],
                "RENAME<" => vec![
                    line(0, "move", &format!("{name}{{RENAME<{other}}}")),
                    line(5, "move_again", &format!("{name}{{RENAME<{other}}}")),
                ],
                change => vec![line(0, "alter", &format!("{name}{{{change}}}"))],
            }
        },
    )
}

/// Things that seldom meet by chance alone: what is written while it is overwritten, restored from
/// a copy, renamed twice, overwritten in part and disputed, drawn and taken back.
fn meeting() -> impl Strategy<Value = Vec<String>> {
    (time(), 0..5_u8, select(DATA), select(DATA), select(DATA), select(RUNS)).prop_map(
        |((day, at), kind, table, one, other, run)| {
            let line = |later: i64, text: String| format!("{} {text}", clock((day, at + later)));
            let id = format!("{run}{day}{at}");
            match kind {
                0 => vec![
                    line(0, format!("COMPLETE load#0{id} {one} -> {table}")),
                    line(1, format!("START full#{id} {other} -> {table}{{OVERWRITE}}")),
                    line(2, format!("COMPLETE load#{id} {one} -> {table}")),
                    line(3, format!("COMPLETE full#{id} {other} -> {table}{{OVERWRITE}}")),
                ],
                1 => vec![
                    line(0, format!("COMPLETE copy#{id} {table} -> tmp")),
                    line(1, format!("COMPLETE load#{id} {one} -> {table}")),
                    line(2, format!("COMPLETE restore#{id} tmp -> {table}{{OVERWRITE}}")),
                ],
                2 => vec![
                    line(0, format!("COMPLETE move#{id} -> {one}{{RENAME<{table}}}")),
                    line(1, format!("COMPLETE load#{id} {other} -> {table}")),
                    line(2, format!("COMPLETE again#{id} -> {one}{{RENAME<{table}}}")),
                ],
                3 => vec![
                    line(0, format!("COMPLETE load#{id} {one} -> {table}")),
                    line(5, format!("COMPLETE full#{id} {other} -> {table}{{OVERWRITE part}}")),
                    line(6, format!("EDIT dispute {one} {table}")),
                ],
                _ => vec![
                    line(0, format!("EDIT edge {one} {table}")),
                    line(1, format!("EDIT unedge {one} {table}")),
                ],
            }
        },
    )
}

/// What is declared.
fn declared() -> impl Strategy<Value = Vec<String>> {
    let kinds =
        select(&["JOB", "JOB", "missing", "empty", "view", "link", "unlink", "columns"][..]);
    let by = select(&["", "", "by=two", "by=two!"][..]);
    (time(), kinds, select(JOBS), select(DATA), select(DATA), by).prop_map(
        |(at, kind, job, one, other, by)| {
            let at = clock(at);
            vec![match kind {
                "missing" => format!("{at} JOB {job} => {one} {by}"),
                "empty" => format!("{at} JOB {job} -> {by}"),
                "view" => format!("{at} DATASET {one}{{L:{other}}} {by}"),
                "link" => format!("{at} DATASET {one}{{~{other}}} {by}"),
                "unlink" => format!("{at} DATASET {one}{{~-}} {by}"),
                "columns" => format!("{at} DATASET {one}{{S:x C:x={other}.x}} {by}"),
                _ => format!("{at} JOB {job} {one} -> {other} {by}"),
            }]
        },
    )
}

/// Explicit lineage, of data and between jobs.
fn stated() -> impl Strategy<Value = Vec<String>> {
    (time(), subject(), select(DATA), select(DATA), select(JOBS), 0..3_u8).prop_map(
        |(at, subject, one, other, job, kind)| {
            let entry = match kind {
                0 => format!("E:{one}<{other}"),
                1 => format!("E:{one}<"),
                _ => format!("E:@<@{job};{one}<@"),
            };
            vec![format!("{} COMPLETE {subject} a, {other} -> {one} {entry}", clock(at))]
        },
    )
}

/// What people say; deletions only where they are wanted.
fn edit(deletes: bool) -> impl Strategy<Value = Vec<String>> {
    let mut words =
        vec!["link", "part", "undo", "edge", "unedge", "dispute", "restore", "tag", "tag"];
    if deletes {
        words.extend(["delete-dataset", "delete-job", "delete-dataset"]);
    }
    (time(), select(words), select(HUBS), select(HUBS), select(JOBS)).prop_map(
        |((day, minute), word, one, other, job)| {
            let at = clock((day, minute));
            if word == "tag" {
                let later = clock((day, minute + 1));
                return vec![
                    format!("{at} EDIT tag {one} pii"),
                    format!(
                        "{later} COMPLETE move#{one}{other}{day}{minute} -> {other}{{RENAME<{one}}}"
                    ),
                ];
            }
            vec![match word {
                "delete-dataset" => format!("{at} EDIT {word} {one}"),
                "delete-job" => format!("{at} EDIT {word} {job}"),
                word => format!("{at} EDIT {word} {one} {other}"),
            }]
        },
    )
}

/// A history of up to so many steps.
pub fn steps(most: usize, deletes: bool) -> impl Strategy<Value = Vec<Step>> {
    let lines = prop_oneof![
        5 => event(),
        6 => run(),
        2 => daily(),
        4 => life(),
        2 => meeting(),
        3 => declared(),
        1 => stated(),
        2 => edit(deletes),
    ];
    let again = prop::bool::weighted(0.1);
    let step = (lines, again).prop_map(|(lines, again)| Step { lines, again });
    prop::collection::vec(step, 1..=most)
}

/// The lines of a history, in the order of its steps.
pub fn lines(steps: &[Step]) -> Vec<String> {
    let first = steps.iter().flat_map(|step| step.lines.iter());
    let again = steps.iter().filter(|step| step.again).flat_map(|step| step.lines.iter());
    let again = again.filter(|line| !is_edit(line));
    first.chain(again).cloned().collect()
}

pub fn is_edit(line: &str) -> bool {
    line.contains(" EDIT ")
}
