//! The story: every function of the database room, in an order that makes sense.

use lethe::base::{DatasetId, Digest, JobId, Time};
use lethe::db::{Db, EventFilter, NO_VOICE};
use uuid::Uuid;

use super::cast::{edit_entry, parsed, run_event};
use super::telling::Telling;
use super::{access, datasets, log, runs, trust, voices};

pub const NOON: i64 = 1_795_176_000_000_000;

/// Tells it to a fresh database and returns all answers.
pub async fn tell(db: &Db) -> Vec<(String, String)> {
    let mut telling = Telling::default();
    telling.note("sign of life", &db.ping().await.expect("it is there"));
    db.find_server().await;
    assert_eq!(db.shared_time().await.unwrap().is_some(), db.is_shared());
    assert_eq!(db.behind_the_scenes().is_shared(), db.kind() == "postgres");
    assert!(db.poll_every().as_millis() > 0 && !db.kind().is_empty());
    an_empty_database(db, &mut telling).await;
    datasets::names(db, &mut telling).await;
    datasets::many(db, &mut telling).await;
    datasets::small_things(db, &mut telling).await;
    runs::runs(db, &mut telling).await;
    runs::jobs(db, &mut telling).await;
    log::the_log(db, &mut telling).await;
    log::the_feed(db, &mut telling).await;
    log::letters(db, &mut telling).await;
    what_is_removed(db, &mut telling).await;
    what_is_not_committed(db, &mut telling).await;
    trust::tell(db, &mut telling).await;
    access::tell(db, &mut telling).await;
    voices::tell(db, &mut telling).await;
    telling.0
}

async fn an_empty_database(db: &Db, telling: &mut Telling) {
    telling.note("head", &db.head().await.unwrap());
    db.probe().await.unwrap();
    telling.note("feed_start", &db.feed_start().await.unwrap());
    telling.note("changes", &log::after(db, 0.into(), 10).await);
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

pub fn everything() -> EventFilter {
    EventFilter { after: Time::MIN, before: Time::MAX, runs_only: false, descending: false }
}

async fn what_is_removed(db: &Db, telling: &mut Telling) {
    let mut tx = db.begin().await.unwrap();
    let expired = tx.expired_events(Time::from_micros(NOON), 1_000).await.unwrap();
    telling.note("expired_events", &expired);
    let block = tx.expired_events(Time::from_micros(NOON), 1).await.unwrap();
    assert!(!block.is_empty() && block.iter().all(|seq| expired.contains(seq)), "{block:?}");
    let mut leases = Vec::new();
    for (at, micros) in [(10, 5), (14, 5), (15, 5), (16, 0), (16, 5), (99, 5), (1, 5)] {
        leases.push(tx.take_lease("it", Time::from_micros(at), micros).await.unwrap());
    }
    assert_eq!(leases, [true, false, true, true, true, true, true]);
    tx.commit().await.unwrap();
    let before = db.scan_events(0, 10_000).await.unwrap();
    let gone: Vec<i64> = before.iter().map(|row| row.seq).step_by(2).collect();
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.remove_events(&gone).await.unwrap(), gone.len() as u64);
    assert_eq!(tx.remove_events(&gone).await.unwrap(), 0, "they are gone");
    assert_eq!(tx.remove_events(&[]).await.unwrap(), 0);
    tx.commit().await.unwrap();
    runs::expired(db, telling).await;
    assert!(!db.reclaim(|| true).await.unwrap().is_stuck);
    assert!(!db.reclaim_beyond(0, || false).await.unwrap().is_stuck);
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
    let mut tx = db.begin_aside().await.unwrap();
    telling.note("removals", &tx.removals().await.unwrap());
    assert!(!tx.is_folded_aside().await.unwrap());
    tx.settle_aside().await.unwrap();
    tx.take_writers_lock().await.unwrap();
    tx.swap_in().await.unwrap();
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
