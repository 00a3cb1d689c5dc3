//! The story: every function of the database room, in an order that makes sense.

use lethe::base::spoken::tail_of;
use lethe::base::{DatasetId, Digest, JobId, RunId, Time};
use lethe::catalog::{Changed, NamespaceDoc, RunState, SourceDoc, TagDoc, Touch, Working};
use lethe::db::{
    Change, ChangeKind, CountBucket, Db, DeadLetter, DeadLetterSummary, EventFilter, Head, NO_VOICE,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::{border_times, commit, edit_entry, nasty_names, parsed, run_event};
use super::telling::{Telling, by_offset, in_pages};

const NOON: i64 = 1_795_176_000_000_000;

/// Tells it to a fresh database and returns all answers.
pub async fn tell(db: &Db) -> Vec<(String, String)> {
    let mut telling = Telling::default();
    db.ping().await.expect("it is there");
    assert!(db.poll_every().as_millis() > 0 && !db.kind().is_empty());
    an_empty_database(db, &mut telling).await;
    names(db, &mut telling).await;
    many(db, &mut telling).await;
    small_things(db, &mut telling).await;
    runs(db, &mut telling).await;
    jobs(db, &mut telling).await;
    the_log(db, &mut telling).await;
    the_feed(db, &mut telling).await;
    letters(db, &mut telling).await;
    what_is_removed(db, &mut telling).await;
    what_is_not_committed(db, &mut telling).await;
    super::trust::tell(db, &mut telling).await;
    super::access::tell(db, &mut telling).await;
    super::voices::tell(db, &mut telling).await;
    telling.0
}

async fn an_empty_database(db: &Db, telling: &mut Telling) {
    telling.note("head", &db.head().await.unwrap());
    db.probe().await.unwrap();
    telling.note("feed_start", &db.feed_start().await.unwrap());
    telling.note("changes", &db.changes_after(0, 10).await.unwrap());
    telling.note("events", &db.list_events(everything(), 10, 0).await.unwrap());
    telling.note("no ids", &db.datasets(&[]).await.unwrap());
    telling.note("no digests", &db.facet_bodies(&[]).await.unwrap().len());
    telling.note("datasets", &db.list_datasets("s3://lake", None, 10, 0).await.unwrap());
    for classes in [&[][..], &[1], &[1, 2, 99]] {
        let seen = Some(classes);
        telling.note("seen", &db.list_datasets("s3://lake", seen, 10, 0).await.unwrap());
        telling.note("paged", &db.page_datasets("s3://lake", seen, None, 10).await.unwrap());
        telling.note("seen jobs", &db.list_jobs(None, &[], seen, 10, 0).await.unwrap());
    }
    telling.note("unclassified", &db.unclassified(10).await.unwrap());
    telling.note("jobs", &db.list_jobs(None, &[], None, 10, 0).await.unwrap());
    telling.note("namespace", &db.namespace("none").await.unwrap());
    telling.note("import", &db.import_position(Uuid::nil()).await.unwrap());
    telling.note("letter", &db.dead_letter(Uuid::nil()).await.unwrap());
    telling.note("uses", &db.count_uses(DatasetId::of("a", "b"), true).await.unwrap());
}

fn everything() -> EventFilter {
    EventFilter { after: Time::MIN, before: Time::MAX, runs_only: false, descending: false }
}

/// Datasets, jobs and a namespace with each nasty name, found again, in the order of bytes.
async fn names(db: &Db, telling: &mut Telling) {
    let names = nasty_names();
    let at = Time::from_micros(NOON);
    let event = |(n, name): (u32, &String)| {
        let mut event = run_event(n, "COMPLETE", at, name, &[], &[name]);
        event["outputs"][0]["facets"] = json!({"documentation": {
            "_producer": "https://x", "_schemaURL": "https://x", "description": name.repeat(1 + 300 / name.len()),
        }});
        event
    };
    let mut events: Vec<Value> = (100..).zip(&names).map(event).collect();
    // The same names as namespaces.
    events.extend((500..).zip(&names).map(|(n, name)| {
        let mut event = run_event(n, "START", at, "one", &["one"], &[]);
        event["inputs"][0]["namespace"] = json!(name);
        event["job"]["namespace"] = json!(name);
        event
    }));
    let done = commit(db, &events).await;
    telling.note("head after names", &done.head);
    for name in &names {
        let id = DatasetId::of("s3://lake", name);
        let found = db.datasets(&[id]).await.unwrap();
        assert_eq!(found.len(), 1, "{name:?}");
        assert_eq!(&found[0].doc.name, name);
        telling.note("dataset", &found);
        assert_eq!(&db.jobs(&[JobId::of("etl", name)]).await.unwrap()[0].doc.name, name);
        assert_eq!(&db.namespace(name).await.unwrap().expect("it is there").name, name);
        telling.note("in namespace", &db.list_datasets(name, None, 10, 0).await.unwrap());
        telling
            .note("jobs in namespace", &db.list_jobs(Some(name), &[], None, 10, 0).await.unwrap());
        telling.note_bodies("bodies", &db.facet_bodies(&found[0].doc.digests()).await.unwrap());
    }
    let sizes = [1, 2, 7, names.len(), 1_000];
    let listed = by_offset(&sizes, async |limit, offset| {
        db.list_datasets("s3://lake", None, limit, offset).await.unwrap().0
    })
    .await;
    assert_eq!(listed.len(), names.len());
    telling.note("list_datasets", &listed);
    let paged = in_pages(&sizes, async |last: Option<&lethe::db::DatasetRow>, limit| {
        let after = last.map(|row| (&row.doc.name[..], row.id));
        db.page_datasets("s3://lake", None, after, limit).await.unwrap()
    })
    .await;
    assert_eq!(paged, listed, "both ways of paging");
    let namespaces =
        by_offset(&sizes, async |limit, offset| db.list_namespaces(limit, offset).await.unwrap())
            .await;
    assert_eq!(namespaces.len(), names.len() + 2);
    telling.note("list_namespaces", &namespaces);
    let scanned = in_pages(&sizes, async |last: Option<&lethe::db::DatasetRow>, limit| {
        db.scan_datasets(last.map(|row| row.id), limit).await.unwrap()
    })
    .await;
    telling.note("scan_datasets", &scanned);
    let of_namespace = in_pages(&sizes, async |last: Option<&lethe::db::DatasetRow>, limit| {
        db.datasets_of_namespace("s3://lake", last.map(|row| row.id), limit).await.unwrap()
    })
    .await;
    assert_eq!(of_namespace.len(), names.len());
    telling.note("datasets_of_namespace", &of_namespace);
    let tails: Vec<Digest> = names.iter().filter_map(|name| tail_of(name)).collect();
    let mut classes = db.classes_of_tails(&tails).await.unwrap();
    classes.sort_unstable();
    assert!(!classes.is_empty());
    telling.note("classes_of_tails", &classes);
    let row = &listed[0];
    let access = db.dataset_access(row.id).await.unwrap();
    assert_eq!(access, Some((row.doc.canonical_id(), row.class)));
    assert_eq!(db.dataset_access(DatasetId::of("no", "such")).await.unwrap(), None);
    assert_eq!(db.job_access(JobId::of("no", "such")).await.unwrap(), None);
    let source = lethe::base::SourceId::of("no such source");
    assert_eq!(db.classes_in_sources(&[source]).await.unwrap(), []);
}

/// More at once than fits into one statement: 626 is 500 + 100 + 20 + 5 + 1.
async fn many(db: &Db, telling: &mut Telling) {
    const MANY: u32 = 626;
    let mut event = run_event(1_000, "COMPLETE", Time::from_micros(NOON), "bulk", &[], &[]);
    let schema = |n: u32| {
        let fields: Vec<Value> =
            (0..20).map(|c| json!({"name": format!("column_{n}_{c}"), "type": "text"})).collect();
        json!({"schema": {"_producer": "https://x", "_schemaURL": "https://x", "fields": fields}})
    };
    let dataset =
        |n: u32| json!({"namespace": "bulk", "name": format!("t{n}"), "facets": schema(n)});
    event["outputs"] = (0..MANY).map(dataset).collect();
    let done = commit(db, &[event.clone()]).await;
    assert_eq!(done.changed.uses.len(), MANY as usize);
    telling.note("again", &commit(db, &[event]).await.known);
    let ids: Vec<DatasetId> = (0..MANY).map(|n| DatasetId::of("bulk", &format!("t{n}"))).collect();
    let mut rows = db.datasets(&ids).await.unwrap();
    rows.sort_unstable_by_key(|row| row.id);
    assert_eq!(rows.len(), MANY as usize);
    telling.note("many datasets", &rows);
    let digests: Vec<Digest> = rows.iter().flat_map(|row| row.doc.digests()).collect();
    assert_eq!(db.facet_bodies(&digests).await.unwrap().len(), MANY as usize);
    let mut tx = db.begin().await.unwrap();
    let known = tx.known_facets(&digests).await.unwrap();
    assert_eq!(known.len(), MANY as usize);
    telling.note("uses in a transaction", &tx.count_uses(&ids[..2]).await.unwrap().get(&ids[0]));
    drop(tx);
    let mut bodies = lethe::catalog::Bodies::new();
    let mut after = None;
    loop {
        let page = db.scan_facets(after, 100).await.unwrap();
        let Some(last) = page.keys().max() else { break };
        after = Some(*last);
        bodies.extend(page);
    }
    telling.note_bodies("scan_facets", &bodies);
}

/// Namespaces, sources and tags.
async fn small_things(db: &Db, telling: &mut Telling) {
    let names = nasty_names();
    let mut working = Working::default();
    let mut changed = Changed::default();
    let delta = lethe::catalog::Delta {
        namespaces: vec![NamespaceDoc { name: "small".to_owned(), ..NamespaceDoc::default() }],
        sources: names
            .iter()
            .map(|name| SourceDoc { name: name.clone(), ..SourceDoc::default() })
            .collect(),
        tags: names.iter().map(|name| TagDoc { name: name.clone(), ..TagDoc::default() }).collect(),
        ..lethe::catalog::Delta::default()
    };
    working.apply(delta, &mut changed);
    let mut tx = db.begin().await.unwrap();
    tx.store(&mut working, &mut changed).await.unwrap();
    tx.commit().await.unwrap();
    for name in &names {
        assert_eq!(&db.source(name).await.unwrap().expect("it is there").name, name);
        assert_eq!(&db.tag(name).await.unwrap().expect("it is there").name, name);
    }
    let sizes = [1, 3, 1_000];
    telling.note(
        "list_sources",
        &by_offset(&sizes, async |l, o| db.list_sources(l, o).await.unwrap()).await,
    );
    telling.note(
        "list_tags",
        &by_offset(&sizes, async |l, o| db.list_tags(l, o).await.unwrap()).await,
    );
    let name = |doc: Option<&str>| doc.map(str::to_owned);
    let sources = in_pages(&sizes, async |last: Option<&SourceDoc>, limit| {
        let last = name(last.map(|doc| &doc.name[..]));
        db.sources_after(last.as_deref(), limit).await.unwrap()
    });
    assert_eq!(
        sources.await,
        by_offset(&sizes, async |l, o| db.list_sources(l, o).await.unwrap()).await
    );
    let tags = in_pages(&sizes, async |last: Option<&TagDoc>, limit| {
        let last = name(last.map(|doc| &doc.name[..]));
        db.tags_after(last.as_deref(), limit).await.unwrap()
    });
    assert_eq!(tags.await, by_offset(&sizes, async |l, o| db.list_tags(l, o).await.unwrap()).await);
    let namespaces = in_pages(&sizes, async |last: Option<&NamespaceDoc>, limit| {
        let last = name(last.map(|doc| &doc.name[..]));
        db.namespaces_after(last.as_deref(), limit).await.unwrap()
    });
    telling.note("namespaces_after", &namespaces.await);
    let mut touch = Touch::default();
    touch.tags.extend(names.iter().cloned().chain(["no such tag".to_owned()]));
    let mut loaded = Working::default();
    let mut tx = db.begin().await.unwrap();
    tx.load(&touch, &mut loaded).await.unwrap();
    telling.note_map("loaded tags", &loaded.tags);
}

/// Runs at the borders of time, children, uses.
async fn runs(db: &Db, telling: &mut Telling) {
    let times = border_times();
    let mut events = Vec::new();
    for (n, at) in (2_000..).zip(&times) {
        let mut event = run_event(n, "START", *at, "at the border", &["in"], &["out"]);
        event["run"]["facets"] = json!({"parent": {
            "_producer": "https://x", "_schemaURL": "https://x",
            "run": {"runId": "00000000-0000-7000-8000-000000009999"},
            "job": {"namespace": "etl", "name": "mother"},
        }});
        events.push(event);
    }
    // Of one time: ids order them.
    events.extend(
        (2_100..2_110)
            .map(|n| run_event(n, "FAIL", times[0], "mother.at the border", &[], &["out"])),
    );
    let done = commit(db, &events).await;
    telling.note_map("runs in memory", &done.working.runs);
    let job = JobId::of("etl", "mother.at the border");
    let sizes = [1, 2, 5, 1_000];
    let paged = in_pages(&sizes, async |last: Option<&lethe::db::RunRow>, limit| {
        db.runs_of_job(job, last.map(|row| (row.doc.order_at(), row.id)), limit).await.unwrap()
    })
    .await;
    assert_eq!(paged.len(), times.len() + 10);
    telling.note("runs_of_job", &paged);
    assert_eq!(
        paged,
        by_offset(&sizes, async |l, o| db.runs_of_job_at(job, l, o).await.unwrap()).await
    );
    let parent = RunId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_9999));
    telling.note("runs", &db.runs(&[parent]).await.unwrap());
    telling.note("child_runs", &db.child_runs(parent, 100).await.unwrap());
    telling.note("child_jobs", &db.child_jobs(JobId::of("etl", "mother")).await.unwrap());
    let scanned = in_pages(&sizes, async |last: Option<&lethe::db::RunRow>, limit| {
        db.scan_runs(last.map(|row| row.id), limit).await.unwrap()
    })
    .await;
    telling.note("scan_runs", &scanned.len());
    let out = DatasetId::of("s3://lake", "out");
    let uses = by_offset(&sizes, async |l, o| db.uses(out, true, l, o).await.unwrap()).await;
    assert_eq!(uses.len() as i64, db.count_uses(out, true).await.unwrap());
    telling.note("uses", &uses);
    telling.note("reads", &db.uses(DatasetId::of("s3://lake", "in"), false, 3, 1).await.unwrap());
    for at in &times {
        telling.note("writer_before", &db.writer_before(out, *at).await.unwrap());
    }
    telling.note("jobs_using", &db.jobs_using(out).await.unwrap());
    telling.note("dataset_class", &db.dataset_class(&[out]).await.unwrap());
    telling.note("other_names", &db.other_names(&[out]).await.unwrap());
}

async fn jobs(db: &Db, telling: &mut Telling) {
    let sizes = [3, 50, 1_000];
    let all =
        by_offset(&sizes, async |l, o| db.list_jobs(None, &[], None, l, o).await.unwrap().0).await;
    telling.note("list_jobs", &all);
    for states in
        [vec![RunState::Running], vec![RunState::Completed, RunState::Failed], vec![RunState::New]]
    {
        telling.note(
            format!("list_jobs {states:?}"),
            &db.list_jobs(None, &states, None, 1_000, 0).await.unwrap(),
        );
        telling.note(
            format!("list_jobs etl {states:?}"),
            &db.list_jobs(Some("etl"), &states, None, 5, 1).await.unwrap(),
        );
    }
    let scanned = in_pages(&sizes, async |last: Option<&lethe::db::JobRow>, limit| {
        db.scan_jobs(last.map(|row| row.id), limit).await.unwrap()
    })
    .await;
    assert_eq!(scanned.len(), all.len());
    let of_namespace = in_pages(&sizes, async |last: Option<&lethe::db::JobRow>, limit| {
        db.jobs_of_namespace("etl", last.map(|row| row.id), limit).await.unwrap()
    })
    .await;
    telling.note("jobs_of_namespace", &of_namespace);
    let now = Time::from_micros(NOON + 1);
    for until in [Time::MIN, now, Time::MAX] {
        for what in [CountBucket::Datasets, CountBucket::Jobs, CountBucket::Sources] {
            telling.note(format!("{what:?}"), &db.count_created(what, until, None).await.unwrap());
        }
    }
}

async fn the_log(db: &Db, telling: &mut Telling) {
    let mut tx = db.begin().await.unwrap();
    let head = tx.head().await.unwrap();
    let next =
        tx.append_events(head, &[(edit_entry(Time::from_micros(5)), NO_VOICE)]).await.unwrap();
    tx.set_head(next).await.unwrap();
    tx.commit().await.unwrap();
    let sizes = [7, 100, 2_000];
    let all = in_pages(&sizes, async |last: Option<&lethe::db::EventRow>, limit| {
        db.scan_events(last.map_or(0, |row| row.seq), limit).await.unwrap()
    })
    .await;
    assert_eq!(all.len() as i64, db.head().await.unwrap().seq);
    telling.note("scan_events", &all);
    let spans = border_times();
    for runs_only in [true, false] {
        for descending in [true, false] {
            let filter = EventFilter { runs_only, descending, ..everything() };
            let paged = in_pages(&sizes, async |last: Option<&lethe::db::EventRow>, limit| {
                db.page_events(filter, last.map(|row| row.id), limit).await.unwrap()
            })
            .await;
            let (listed, total) = db.list_events(filter, 10_000, 0).await.unwrap();
            assert_eq!(paged, listed, "{filter:?}");
            // The end of a span is not in it: one event lies at the very end of time.
            assert_eq!((total, listed.len()), (all.len() as i64 - 2, all.len() - 2), "{filter:?}");
            telling
                .note(format!("{filter:?}"), &listed.iter().map(|row| row.seq).collect::<Vec<_>>());
            for (after, before) in spans.iter().flat_map(|a| spans.iter().map(move |b| (*a, *b))) {
                let filter = EventFilter { after, before, runs_only, descending };
                let (rows, total) = db.list_events(filter, 3, 1).await.unwrap();
                assert!(rows.iter().all(|row| row.event_time >= after && row.event_time < before));
                telling.note(
                    format!("{filter:?}"),
                    &(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), total),
                );
                telling
                    .note("count_events", &db.count_events((after, before), None).await.unwrap());
            }
        }
    }
    let one = all.last().expect("an entry");
    telling.note("event", &db.event(one.id).await.unwrap());
    let subject = all[0].subject;
    telling.note("places_about", &db.places_about(subject).await.unwrap());
    let about = in_pages(&[1, 3, 1_000], async |last: Option<&lethe::db::EventRow>, limit| {
        db.events_about(subject, last.map(|row| row.seq), limit).await.unwrap()
    })
    .await;
    telling.note("events_about", &about);
    telling.note("events_at", &db.events_at(&[all[3].seq, all[1].seq, -1]).await.unwrap());
}

async fn the_feed(db: &Db, telling: &mut Telling) {
    let head = db.head().await.unwrap();
    let changes: Vec<Change> = [
        ChangeKind::Dataset,
        ChangeKind::DatasetActivity,
        ChangeKind::Job,
        ChangeKind::JobActivity,
        ChangeKind::Namespace,
        ChangeKind::DatasetGone,
        ChangeKind::JobGone,
        ChangeKind::Everything,
        ChangeKind::Run,
        ChangeKind::Small,
    ]
    .map(|kind| Change { kind, id: Uuid::from_u128(u128::MAX) })
    .to_vec();
    let mut tx = db.begin().await.unwrap();
    let position = head.position + 1;
    tx.append_changes(position, Time::MAX, &changes).await.unwrap();
    tx.append_changes(position + 1, Time::MIN, &[]).await.unwrap();
    tx.set_head(Head { position: position + 1, ..head }).await.unwrap();
    tx.commit().await.unwrap();
    let rows = in_pages(&[1, 2, 100], async |last: Option<&lethe::db::FeedRow>, limit| {
        db.changes_after(last.map_or(0, |row| row.position), limit).await.unwrap()
    })
    .await;
    assert_eq!(rows[rows.len() - 2].changes, changes);
    telling.note("changes_after", &rows);
    let mut tx = db.begin().await.unwrap();
    telling.note("trim_feed", &tx.trim_feed(position).await.unwrap());
    tx.commit().await.unwrap();
    telling.note("feed_start", &db.feed_start().await.unwrap());
}

async fn letters(db: &Db, telling: &mut Telling) {
    let letter = |(n, payload): (i64, Vec<u8>)| DeadLetter {
        summary: DeadLetterSummary {
            id: Uuid::from_u128(u128::MAX - n.unsigned_abs() as u128),
            received_at: Time::from_micros(n / 3),
            source: "batch".to_owned(),
            code: "malformed-json".to_owned(),
            reason: "[]".to_owned(),
            bytes: payload.len() as i64,
            replayed_at: None,
            namespace: (n % 2 == 0).then(|| "etl".to_owned()),
        },
        payload,
    };
    let payloads = [vec![], vec![0, 255, 10], b"{".to_vec(), vec![b'x'; 100_000], b"\r\n".to_vec()];
    let letters: Vec<DeadLetter> = (0..).zip(payloads).map(letter).collect();
    let mut tx = db.begin().await.unwrap();
    tx.keep_dead_letters(&letters).await.unwrap();
    tx.keep_dead_letters(&letters[..2]).await.unwrap();
    tx.mark_replayed(letters[1].summary.id, Time::MAX).await.unwrap();
    tx.set_import_position(Uuid::max(), u64::MAX, Time::MIN).await.unwrap();
    tx.set_import_position(Uuid::nil(), 7, Time::MIN).await.unwrap();
    tx.set_import_position(Uuid::nil(), 9, Time::MAX).await.unwrap();
    tx.commit().await.unwrap();
    let listed = in_pages(&[1, 2, 10], async |last: Option<&DeadLetterSummary>, limit| {
        db.list_dead_letters(last.map(|letter| (letter.received_at, letter.id)), limit)
            .await
            .unwrap()
    })
    .await;
    assert_eq!(listed.len(), letters.len());
    telling.note("list_dead_letters", &listed);
    for letter in &letters {
        let kept = db.dead_letter(letter.summary.id).await.unwrap().expect("it is there");
        assert_eq!(kept.payload, letter.payload);
    }
    let mut tx = db.begin().await.unwrap();
    telling.note("dropped", &tx.drop_dead_letter(letters[0].summary.id).await.unwrap());
    telling.note("dropped again", &tx.drop_dead_letter(letters[0].summary.id).await.unwrap());
    tx.commit().await.unwrap();
    telling.note("imported", &db.import_position(Uuid::nil()).await.unwrap());
    telling.note("imported to the end", &db.import_position(Uuid::max()).await.unwrap());
}

async fn what_is_removed(db: &Db, telling: &mut Telling) {
    let expired = db.expired_events(Time::from_micros(NOON), 1_000).await.unwrap();
    telling.note("expired_events", &expired);
    assert_eq!(db.expired_events(Time::from_micros(NOON), 1).await.unwrap(), expired[..1]);
    let before = db.scan_events(0, 10_000).await.unwrap();
    let gone: Vec<i64> = before.iter().map(|row| row.seq).step_by(2).collect();
    let mut tx = db.begin().await.unwrap();
    tx.remove_events(&gone).await.unwrap();
    tx.remove_events(&[]).await.unwrap();
    tx.commit().await.unwrap();
    let left = db.scan_events(0, 10_000).await.unwrap();
    let expected: Vec<_> = before.into_iter().filter(|row| !gone.contains(&row.seq)).collect();
    assert_eq!(left, expected, "the others are as they were");
    let out = DatasetId::of("s3://lake", "out");
    let job = JobId::of("etl", "mother.at the border");
    let digests: Vec<Digest> = db
        .scan_datasets(None, 700)
        .await
        .unwrap()
        .iter()
        .flat_map(|row| row.doc.digests())
        .collect();
    let mut tx = db.begin().await.unwrap();
    tx.remove_datasets(&[out]).await.unwrap();
    tx.remove_jobs(&[job]).await.unwrap();
    tx.remove_facets(&digests).await.unwrap();
    tx.remove_namespace("bulk").await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        db.datasets(&[out]).await.unwrap().is_empty() && db.jobs(&[job]).await.unwrap().is_empty()
    );
    assert!(db.runs_of_job(job, None, 10).await.unwrap().is_empty());
    assert!(db.namespace("bulk").await.unwrap().is_none());
    telling.note(
        "uses left",
        &db.uses(DatasetId::of("s3://lake", "in"), false, 100, 0).await.unwrap(),
    );
    telling.note("facets left", &db.scan_facets(None, 10_000).await.unwrap().len());
    let mut tx = db.begin().await.unwrap();
    tx.clear_projections().await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        db.scan_datasets(None, 10).await.unwrap().is_empty()
            && db.scan_jobs(None, 10).await.unwrap().is_empty()
    );
    telling.note("log stays", &db.head().await.unwrap());
}

/// A transaction that is dropped leaves nothing, and the lock is free again.
async fn what_is_not_committed(db: &Db, telling: &mut Telling) {
    let head = db.head().await.unwrap();
    let event = parsed(&run_event(1, "START", Time::from_micros(NOON), "never", &[], &[]));
    let mut tx = db.begin().await.unwrap();
    let mut entry = edit_entry(Time::from_micros(77));
    entry.id = event.id;
    let next = tx.append_events(head, &[(entry.clone(), NO_VOICE)]).await.unwrap();
    tx.set_head(next).await.unwrap();
    drop(tx);
    assert_eq!(db.head().await.unwrap(), head);
    assert!(db.event(event.id).await.unwrap().is_none());
    let mut tx = db.begin().await.unwrap();
    let next = tx.append_events(head, &[(entry.clone(), NO_VOICE)]).await.unwrap();
    let twice = tx.append_events(next, &[(entry, NO_VOICE)]).await;
    telling.note("twice", &twice.is_err_and(|error| !error.is_retriable()));
    drop(tx);
    assert!(db.event(event.id).await.unwrap().is_none());
    db.begin().await.unwrap().commit().await.unwrap();
}
