//! Who the story is about: names of every nasty kind, times at the borders, and a writer
//! that does what the real one does, step by step.

use lethe::base::{Digest, EventId, JobId, Time};
use lethe::catalog::{Changed, Delta, Received, Touch, Voice, Working, fold};
use lethe::db::{Change, ChangeKind, Db, EntryKind, Head, LogEntry, NO_VOICE};
use lethe::openlineage::{Event, Parsed, parse};
use serde_json::{Value, json};

/// Names that databases, URLs and people stumble over.
pub fn nasty_names() -> Vec<String> {
    let long = "n".repeat(4_096);
    let mut same_beginning = "b".repeat(250);
    same_beginning.push('1');
    let other_end = format!("{}2", "b".repeat(250));
    let wide = "\u{1F980}".repeat(1_000);
    let names = [
        "plain",
        "Plain",
        "z",
        "Z",
        "_",
        "%",
        "100%_done",
        "a\\b",
        "a/b",
        "a:b",
        "a'b",
        "a\"b",
        "a`b",
        "a;--",
        "$1",
        "?",
        "{x}",
        "line\nbreak",
        "tab\tbed",
        "cr\rlf\r\n",
        " lead",
        "trail ",
        "\u{7f}",
        "\u{1}",
        "\u{10ffff}",
        "\u{feff}bom",
        "caf\u{e9}",
        "cafe\u{301}",
        "\u{df}",
        "\u{1F980}",
        "\u{202e}rtl",
        "NULL",
        "null",
        "''",
        "x\u{0}".trim_end_matches('\u{0}'),
        "\u{4e2d}\u{6587}",
        "i\u{307}",
        "\u{130}",
    ];
    let all = names.into_iter().map(str::to_owned);
    all.chain([long, same_beginning, other_end, wide]).collect()
}

/// Times at the borders of what is accepted and of what ids can hold.
pub fn border_times() -> Vec<Time> {
    let micros = [0, 1, -1, (1 << 56) - 2, (1 << 56) - 1, 1 << 56, 1_795_176_000_000_000];
    [Time::MIN, Time::MAX].into_iter().chain(micros.map(Time::from_micros)).collect()
}

/// Makes a run event.
pub fn run_event(
    run: u32,
    event_type: &str,
    at: Time,
    job: &str,
    inputs: &[&str],
    outputs: &[&str],
) -> Value {
    let named = |names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| json!({"namespace": "s3://lake", "name": name})).collect()
    };
    json!({
        "eventType": event_type,
        "eventTime": at.to_string(),
        "producer": "https://example.com/test",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": format!("00000000-0000-7000-8000-{run:012}")},
        "job": {"namespace": "etl", "name": job},
        "inputs": named(inputs),
        "outputs": named(outputs),
    })
}

/// Parses an event, which must be valid.
pub fn parsed(event: &Value) -> Parsed {
    parse(event.to_string().as_bytes()).expect("a valid event")
}

/// What a commit is made of.
#[derive(Debug)]
pub struct Committed {
    pub head: Head,
    pub known: usize,
    pub working: Working,
    pub changed: Changed,
}

/// Writes events as the real writer does.
pub async fn commit(db: &Db, events: &[Value]) -> Committed {
    let parsed: Vec<Parsed> = events.iter().map(parsed).collect();
    let mut tx = db.begin().await.expect("the lock");
    let head = tx.head().await.expect("a head");
    let ids: Vec<EventId> = parsed.iter().map(|parsed| parsed.id).collect();
    let known = tx.known_events(&ids).await.expect("known events");
    let mut working = Working::default();
    let mut log = Vec::new();
    let mut deltas = Vec::new();
    for (received, parsed) in (0_i64..).zip(&parsed) {
        if known.contains_key(&parsed.id) {
            continue;
        }
        let at = Time::from_micros(1_795_176_000_000_000 + received);
        log.push((entry(parsed, at), NO_VOICE));
        let received = Received { id: parsed.id, at, voice: &Voice::default() };
        deltas.push(fold(&parsed.event, received, &|_| false));
    }
    load(&mut tx, &mut working, &deltas).await;
    let mut changed = Changed::default();
    for delta in deltas {
        working.apply(delta, &mut changed);
    }
    tx.write(&mut working, &mut changed).await.expect("stored");
    let mut next = tx.append_events(head, &log).await.expect("appended");
    let mut changes: Vec<Change> =
        changed.datasets.keys().map(|id| Change { kind: ChangeKind::Dataset, id: id.0 }).collect();
    changes.sort_unstable();
    let at = Time::from_micros(next.position + 1);
    tx.append_changes(&mut next, at, &changes).await.expect("appended");
    tx.set_head(next).await.expect("set");
    tx.commit().await.expect("committed");
    Committed { head: next, known: known.len(), working, changed }
}

async fn load(tx: &mut lethe::db::Tx, working: &mut Working, deltas: &[Delta]) {
    let mut touch = Touch::default();
    deltas.iter().for_each(|delta| working.missing(delta, &mut touch));
    tx.load(&touch, working).await.expect("loaded");
    let mut jobs = Touch::default();
    deltas.iter().for_each(|delta| working.of_runs_missing(delta, &mut jobs));
    tx.load(&jobs, working).await.expect("loaded");
    let jobs = working.jobs_of(deltas).collect();
    tx.load_job_names(&jobs, working).await.expect("loaded");
    loop {
        let mut aliases = Touch::default();
        working.aliases_missing(deltas, &mut aliases);
        if aliases.is_empty() {
            return;
        }
        tx.load(&aliases, working).await.expect("loaded");
    }
}

fn entry(parsed: &Parsed, at: Time) -> LogEntry {
    let (kind, subject, run) = match &parsed.event {
        Event::Run(event) => (EntryKind::Run, event.job.id(), Some(event.run.id.0)),
        Event::Job(event) => (EntryKind::Job, event.job.id(), None),
        Event::Dataset(event) => (EntryKind::Dataset, JobId(event.dataset.id().0), None),
    };
    LogEntry {
        id: parsed.id,
        kind,
        state: parsed.event.event_type().map_or(0, |event_type| event_type as i16 + 1),
        event_time: parsed.event.event_time(),
        received_at: at,
        subject: subject.0,
        run,
        raw: parsed.raw.clone(),
    }
}

/// An edit's entry of the log: retention passes it by.
pub fn edit_entry(at: Time) -> LogEntry {
    let raw = br#"{"edit":"putTag"}"#.to_vec();
    LogEntry {
        id: EventId::of(at, &Digest::of(&raw)),
        kind: EntryKind::Edit,
        state: 0,
        event_time: at,
        received_at: at,
        subject: JobId::of("etl", "edited").0,
        run: None,
        raw,
    }
}
