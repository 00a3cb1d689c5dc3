//! The part of the story about datasets, their facets, and what is small: namespaces, sources, tags.

use std::collections::BTreeSet;

use lethe::base::spoken::tail_of;
use lethe::base::{DatasetId, Digest, JobId, Time};
use lethe::catalog::{Changed, NamespaceDoc, SourceDoc, TagDoc, Touch, Working};
use lethe::db::Db;
use serde_json::{Value, json};

use super::cast::{commit, nasty_names, run_event};
use super::story::NOON;
use super::telling::{Telling, by_offset, in_pages};

/// Datasets, jobs and a namespace with each nasty name, found again, in the order of bytes.
pub async fn names(db: &Db, telling: &mut Telling) {
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
    let all = in_pages(&sizes, async |last: Option<&lethe::db::DatasetRow>, limit| {
        db.scan_datasets_in(None, last.map(|row| row.id), limit).await.unwrap()
    })
    .await;
    assert_eq!(all, scanned, "of all classes");
    let numbers: BTreeSet<u32> = scanned.iter().map(|row| row.access_class).collect();
    let numbers = Vec::from_iter(numbers);
    let first = &numbers[..1];
    let within: Vec<_> = scanned.iter().filter(|row| row.access_class == first[0]).collect();
    let found = db.scan_datasets_in(Some(first), None, 10_000).await.unwrap();
    assert_eq!(found.iter().collect::<Vec<_>>(), within);
    assert_eq!(db.scan_datasets_in(Some(&[][..]), None, 10_000).await.unwrap(), []);
    let asked = [&numbers[..], &[u32::MAX]].concat();
    assert_eq!(db.classes_in_use(&asked, usize::MAX).await.unwrap(), numbers);
    assert_eq!(db.classes_in_use(&asked, 1).await.unwrap(), first);
    assert!(db.classes_in_use(&[], 9).await.unwrap().is_empty());
    let lasting = in_pages(&sizes, async |last: Option<&lethe::db::DatasetRow>, limit| {
        db.scan_lasting_datasets(last.map(|row| row.id), limit).await.unwrap()
    })
    .await;
    let lasts = |row: &&lethe::db::DatasetRow| row.doc.lasting().is_some();
    let wanted: Vec<_> = scanned.iter().filter(lasts).cloned().collect();
    assert!(wanted.iter().all(|row| lasting.contains(row)), "none of them is passed by");
    telling.note("scan_lasting_datasets", &lasting);
    let of_namespace = in_pages(&sizes, async |last: Option<&lethe::db::DatasetRow>, limit| {
        db.datasets_of_namespace("s3://lake", last.map(|row| row.id), limit).await.unwrap()
    })
    .await;
    assert_eq!(of_namespace.len(), names.len());
    telling.note("datasets_of_namespace", &of_namespace);
    let (datasets, jobs) = db.access_in_namespace("s3://lake").await.unwrap();
    let within: BTreeSet<u32> = of_namespace.iter().map(|row| row.access_class).collect();
    assert_eq!((datasets, jobs), (within.into_iter().collect(), vec![]));
    let tails: Vec<Digest> = names.iter().filter_map(|name| tail_of(name)).collect();
    let mut classes = db.classes_of_tails(&tails).await.unwrap();
    classes.sort_unstable();
    assert!(!classes.is_empty());
    telling.note("classes_of_tails", &classes);
    let row = &listed[0];
    let access = db.dataset_access(row.id).await.unwrap();
    assert_eq!(access, Some((row.doc.canonical_id(), row.access_class)));
    assert_eq!(db.dataset_access(DatasetId::of("no", "such")).await.unwrap(), None);
    assert_eq!(db.job_access(JobId::of("no", "such")).await.unwrap(), None);
    let source = lethe::base::SourceId::of("no such source");
    assert_eq!(db.classes_in_sources(&[source]).await.unwrap(), []);
}

/// More at once than fits into one statement: 626 is 500 + 100 + 20 + 5 + 1.
pub async fn many(db: &Db, telling: &mut Telling) {
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
pub async fn small_things(db: &Db, telling: &mut Telling) {
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
    tx.write(&mut working, &mut changed).await.unwrap();
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
