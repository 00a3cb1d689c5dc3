//! The part of the story about who said what.

use std::sync::Arc;

use lethe::base::{DatasetId, Time};
use lethe::catalog::{Claims, Voice, Working};
use lethe::db::{Db, SaidAgain};

use super::telling::Telling;

pub async fn tell(db: &Db, telling: &mut Telling) {
    let claims = Arc::new(Claims::new(["pg://store".to_owned(), "s3://*".to_owned()]));
    let voice = |author: &str, own: &[&str]| Voice {
        author: author.to_owned(),
        own: Claims::new(own.iter().map(|one| (*one).to_owned())),
        jobs: Some(vec!["etl".to_owned()]),
        claims: Arc::clone(&claims),
        ..Voice::default()
    };
    let (store, other) = (voice("service:store", &["pg://store"]), voice("service:other", &[]));
    let mut tx = db.begin().await.unwrap();
    let mut numbers = Vec::new();
    for one in [&store, &other, &store, &Voice::default()] {
        numbers.push(tx.voice_number(one).await.unwrap());
    }
    assert_eq!((numbers[0], numbers[3]), (numbers[2], lethe::db::NO_VOICE));
    let voices = tx.voices(&numbers).await.unwrap();
    assert_eq!((voices.len(), &voices[&numbers[0]]), (2, &store), "with its claims");
    let said = |seq, voice, said_after, nth| {
        let received_at = Time::from_micros(7);
        SaidAgain { seq, voice, received_at, said_after, nth }
    };
    let all = [said(2, numbers[1], 5, 2), said(1, numbers[0], 5, 1), said(1, numbers[1], 4, 1)];
    tx.append_again(&all).await.unwrap();
    let again = tx.said_again(&[1, 3]).await.unwrap();
    assert_eq!(again, [all[2], all[1]], "in order");
    telling.note("said again", &again);
    assert_eq!(tx.said_again_after(5..=9).await.unwrap(), [all[1], all[0]]);
    let bodies = tx.telling_bodies(&Working::default(), (&[], &[])).await.unwrap();
    telling.note("bodies of nothing", &bodies.len());
    tx.commit().await.unwrap();
    telling.note_map("authors", &db.authors(&numbers).await.unwrap());
    let mut spoken = Vec::new();
    for row in db.scan_datasets(None, 1_000).await.unwrap() {
        spoken.extend(db.speakers_of(&[row.id]).await.unwrap());
    }
    spoken.sort_unstable();
    spoken.dedup();
    telling.note("speakers", &spoken);
    telling
        .note("speakers of nothing", &db.speakers_of(&[DatasetId::of("no", "one")]).await.unwrap());
}
