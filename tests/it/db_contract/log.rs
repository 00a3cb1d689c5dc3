//! The part of the story about the log, the change feed, and refused events.

use lethe::base::{Position, Time};
use lethe::db::{
    Change, ChangeKind, Db, DeadLetter, DeadLetterSummary, EventFilter, Feed, FeedRow, NO_VOICE,
};
use uuid::Uuid;

use super::cast::{border_times, edit_entry};
use super::story::everything;
use super::telling::{Telling, in_pages};

pub async fn the_log(db: &Db, telling: &mut Telling) {
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

pub async fn the_feed(db: &Db, telling: &mut Telling) {
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
    let (position, mut next) = (head.position + 1, head);
    tx.append_changes(&mut next, Time::MAX, &changes).await.unwrap();
    tx.append_changes(&mut next, Time::MIN, &[]).await.unwrap();
    assert_eq!(next.position, position + 1);
    tx.set_head(next).await.unwrap();
    tx.commit().await.unwrap();
    let rows = in_pages(&[1, 2, 100], async |last: Option<&lethe::db::FeedRow>, limit| {
        after(db, last.map(FeedRow::reached).unwrap_or_default(), limit).await
    })
    .await;
    let last = rows.last().expect("a row").reached();
    assert_eq!(last, next.reached());
    // The same place in another history, and a place that there is not in any.
    let elsewhere = Position { chain: last.chain + 1, ..last };
    assert_eq!(db.changes_after(elsewhere, 10).await.unwrap(), Feed::OtherHistory);
    assert_eq!(after(db, (last.number + 7).into(), 10).await, []);

    assert_eq!(rows[rows.len() - 2].changes, changes);
    telling.note("changes_after", &rows);
    let newest = db.changes_up_to(last.number, rows.len() + 1).await.unwrap();
    assert!(newest.iter().eq(rows.iter().rev()));
    assert_eq!(db.changes_up_to(last.number - 1, 1).await.unwrap(), rows[rows.len() - 2..][..1]);
    let mut tx = db.begin().await.unwrap();
    telling.note("trim_feed", &tx.trim_feed(position).await.unwrap());
    tx.commit().await.unwrap();
    telling.note("feed_start", &db.feed_start().await.unwrap());
}

/// Returns what lies after a position of this history.
pub async fn after(db: &Db, position: Position, limit: usize) -> Vec<FeedRow> {
    match db.changes_after(position, limit).await.unwrap() {
        Feed::Rows(rows) => rows,
        Feed::OtherHistory => panic!("it is this history"),
    }
}

pub async fn letters(db: &Db, telling: &mut Telling) {
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
