//! The part of the story about jobs, runs, and what they read and write.

use lethe::base::{DatasetId, JobId, RunId, Time};
use lethe::catalog::{RunDoc, RunState};
use lethe::db::{CountBucket, Db, NewestUses, RunsGone};
use serde_json::json;
use uuid::Uuid;

use super::cast::{border_times, commit, run_event};
use super::story::NOON;
use super::telling::{Telling, by_offset, in_pages};

/// Runs at the borders of time, children, uses.
pub async fn runs(db: &Db, telling: &mut Telling) {
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

pub async fn jobs(db: &Db, telling: &mut Telling) {
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

/// What retention asks about runs, and their removal.
pub async fn expired(db: &Db, telling: &mut Telling) {
    let late = Time::MAX;
    let jobs = db.jobs_with_old_runs(None, (late, 3), 100).await.unwrap();
    telling.note("jobs_with_old_runs", &jobs);
    telling.note("fewer", &db.jobs_with_old_runs(Some(jobs[0]), (late, 3), 1).await.unwrap());
    let (mut all, mut newest) = (Vec::new(), NewestUses::new());
    for job in &jobs {
        let until = db.oldest_kept_run(*job, 3).await.unwrap().expect("it has more");
        telling.note("oldest_kept_run", &until);
        telling.note("telling_runs", &db.telling_runs(*job).await.unwrap());
        let ended = in_pages(&[1, 5, 1_000], async |last: Option<&(RunId, RunDoc)>, limit| {
            let after = last.map(|(id, doc)| (doc.order_at(), *id));
            db.ended_runs(*job, (after, until), late, limit).await.unwrap()
        })
        .await;
        telling.note("ended_runs", &ended);
        all.extend(ended);
    }
    assert!(all.len() > 3, "{}", all.len());
    let ids: Vec<RunId> = all.iter().map(|(id, _)| *id).collect();
    telling.note("parents_among", &db.parents_among(&ids).await.unwrap());
    let uses = all.iter().flat_map(|(id, doc)| doc.uses(*id));
    let used = uses.map(|(key, _)| (key.dataset, key.write)).collect();
    db.note_newest_uses(&used, &mut newest).await.unwrap();
    telling.note_map("newest_uses", &newest);
    let mut tx = db.begin().await.unwrap();
    let (none, _) = tx.expire_runs(&ids, Time::MIN).await.unwrap();
    assert_eq!(none, RunsGone::default(), "they were spoken of since");
    let (gone, _) = tx.expire_runs(&ids[..2], late).await.unwrap();
    telling.note("expire_runs", &gone);
    drop(tx);
    assert_eq!(db.runs(&ids).await.unwrap().len(), ids.len());
}
