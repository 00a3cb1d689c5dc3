//! The part of the story about who read what in the stores.

use lethe::base::Time;
use lethe::db::{AccessActorRow, AccessFilter, AccessRow, Db};
use uuid::Uuid;

use super::telling::Telling;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn at(seconds: i64) -> Time {
    Time::from_micros(1_795_176_000_000_000 + seconds * 1_000_000)
}

fn event(number: u128) -> AccessRow {
    AccessRow {
        id: id(number),
        at: at(i64::try_from(number / 2).unwrap()),
        received_at: at(1_000),
        dataset: id(100 + number % 2),
        actor: id(200 + number % 3),
        operation: i16::try_from(number % 4).unwrap(),
        columns: if number.is_multiple_of(5) {
            String::new()
        } else {
            format!("[\"c{}\"]", number % 2)
        },
        doc: "{}".to_owned(),
    }
}

pub async fn tell(db: &Db, telling: &mut Telling) {
    let actor = |number: u128| AccessActorRow {
        id: id(number),
        mark: Some(vec![u8::try_from(number).unwrap(); 32]),
        principal: (number == 201).then(|| id(9)),
        sealed: vec![7; 5],
    };
    let mut tx = db.begin().await.unwrap();
    tx.put_access_actors(&[actor(200), actor(201), actor(202)]).await.unwrap();
    let gone = AccessActorRow { mark: None, sealed: Vec::new(), ..actor(202) };
    tx.put_access_actors(&[gone]).await.unwrap();
    let marked = tx.access_actors_marked(&[&[200; 32], &[202; 32], &[9; 32]]).await.unwrap();
    telling.note("marked", &marked);
    let events: Vec<AccessRow> = (0..24).map(event).collect();
    telling.note("new", &tx.put_access_events(&events[..10]).await.unwrap().len());
    telling.note("rest", &tx.put_access_events(&events).await.unwrap().len());
    tx.commit().await.unwrap();
    let mut actors = db.access_actors(&[id(200), id(202), id(5)]).await.unwrap();
    actors.sort_by_key(|row| row.id);
    telling.note("actors", &actors);
    let mut accessed = db.accessed_among(&[id(100), id(101), id(102)]).await.unwrap();
    accessed.sort_unstable();
    telling.note("accessed", &accessed);
    let all = AccessFilter::default();
    for filter in [
        all.clone(),
        AccessFilter { datasets: vec![id(100), id(9)], ..all.clone() },
        AccessFilter { actor: Some(id(201)), operation: Some(3), ..all.clone() },
        AccessFilter { from: Some(at(2)), until: Some(at(5)), ..all },
    ] {
        let page = db.access_events(&filter, None, 5).await.unwrap();
        telling.note("accesses", &page);
        let before = page.last().map(|row| (row.at, row.id));
        telling.note("further", &db.access_events(&filter, before, 99).await.unwrap());
    }
    let span = (at(1), at(11));
    let first = db.access_readings(id(101), span, Uuid::nil(), 2).await.unwrap();
    telling.note("readings", &first);
    telling.note("after", &db.access_readings(id(101), span, first[1].actor, 2).await.unwrap());
    let of = (id(101), first[0].actor);
    telling.note("columns", &db.access_columns(of, span, 9).await.unwrap());
}
