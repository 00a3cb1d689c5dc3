//! The part of the story about who may do what, and about the audit log.

use lethe::access::throttle::Bucket;
use lethe::base::{Digest, Time};
use lethe::db::{
    AuditFilter, AuditPart, AuditPiiRow, AuditRow, AuditWidth, Db, DbError, KeyRow, PrincipalRow,
    SessionRow, TokenRow,
};
use uuid::Uuid;

use super::telling::Telling;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn at(seconds: i64) -> Time {
    Time::from_micros(1_795_176_000_000_000 + seconds * 1_000_000)
}

pub async fn tell(db: &Db, telling: &mut Telling) {
    principals(db, telling).await;
    groups(db, telling).await;
    attempts(db, telling).await;
    tokens_and_sessions(db, telling).await;
    policies(db, telling).await;
    keys(db, telling).await;
    audit(db, telling).await;
    audit_pii(db, telling).await;
    audit_found(db, telling).await;
}

async fn principals(db: &Db, telling: &mut Telling) {
    let mut tx = db.begin().await.unwrap();
    for (number, name) in ["zoe", "Ada", "Änne", "ada"].into_iter().enumerate() {
        let row = PrincipalRow {
            id: id(number as u128 + 1),
            kind: 0,
            sort_name: name.to_owned(),
            disabled: false,
            doc: format!("{{\"n\":{number}}}"),
        };
        tx.put_principal(&row).await.unwrap();
    }
    let service = PrincipalRow {
        id: id(9),
        kind: 1,
        sort_name: "ada".to_owned(),
        disabled: true,
        doc: "{}".to_owned(),
    };
    tx.put_principal(&service).await.unwrap();
    tx.put_principal(&PrincipalRow { doc: "{\"x\":1}".to_owned(), ..service }).await.unwrap();
    telling.note("touched", &tx.touch_trust().await.unwrap());
    tx.commit().await.unwrap();
    telling.note("trust version", &db.trust_version().await.unwrap());
    telling.note("trust", &(db.trust_mark().await.unwrap() != 0));
    telling.note("principal", &db.principal(id(9)).await.unwrap());
    telling.note("no principal", &db.principal(id(8)).await.unwrap());
    telling.note("named", &db.principal_named(0, "ada").await.unwrap());
    telling.note("first two", &db.list_principals(0, "", 2).await.unwrap());
    telling.note("after ada", &db.list_principals(0, "ada", 9).await.unwrap());
    let mut tx = db.begin().await.unwrap();
    let twice = PrincipalRow {
        id: id(77),
        kind: 0,
        sort_name: "zoe".to_owned(),
        disabled: false,
        doc: "{}".to_owned(),
    };
    let twice = tx.put_principal(&twice).await;
    assert!(matches!(twice, Err(DbError::Refused(_))), "{twice:?}");
}

async fn groups(db: &Db, telling: &mut Telling) {
    let mut tx = db.begin().await.unwrap();
    for (number, name) in ["sales", "legal"].into_iter().enumerate() {
        let group = id(number as u128 + 20);
        let row = PrincipalRow {
            id: group,
            kind: 2,
            sort_name: name.to_owned(),
            disabled: false,
            doc: "{}".to_owned(),
        };
        tx.put_principal(&row).await.unwrap();
        for member in 1..4 {
            tx.set_member(group, id(member), true).await.unwrap();
        }
        tx.set_member(group, id(1), true).await.unwrap();
    }
    tx.set_member(id(20), id(2), false).await.unwrap();
    tx.set_member(id(20), id(99), false).await.unwrap();
    telling.note("named inside", &tx.principal_named(2, "legal").await.unwrap());
    telling.note("principal inside", &tx.principal(id(21)).await.unwrap());
    telling.note("listed inside", &tx.list_principals(0, "", 3).await.unwrap());
    telling.note("groups inside", &tx.groups_of(id(2), 9).await.unwrap());
    tx.commit().await.unwrap();
    telling.note("groups", &db.groups_of(id(1), 9).await.unwrap());
    telling.note("first group", &db.groups_of(id(1), 1).await.unwrap());
    telling.note("members", &db.members_of(id(20), "", 9).await.unwrap());
    telling.note("more members", &db.members_of(id(21), "Ada", 1).await.unwrap());
}

async fn attempts(db: &Db, telling: &mut Telling) {
    let key = |number: u8| Digest([number; 16]);
    let bucket = |full_at, has_refused| Bucket { full_at: at(full_at), has_refused };
    let mut tx = db.begin().await.unwrap();
    for number in 1..=20u8 {
        tx.put_attempts(key(number), bucket(i64::from(number), false), at(0)).await.unwrap();
    }
    tx.put_attempts(key(20), bucket(30, true), at(0)).await.unwrap();
    telling.note("attempts", &tx.attempts(key(20)).await.unwrap());
    tx.forgive_attempts(key(20)).await.unwrap();
    assert_eq!(tx.attempts(key(20)).await.unwrap(), None);
    // With one that is noted, eight go that were full before, the oldest first.
    tx.put_attempts(key(21), bucket(40, false), at(11)).await.unwrap();
    let mut left = Vec::new();
    for number in 1..=21u8 {
        left.extend(tx.attempts(key(number)).await.unwrap().map(|_| number));
    }
    assert_eq!(left, [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21]);
    tx.commit().await.unwrap();
}

async fn tokens_and_sessions(db: &Db, telling: &mut Telling) {
    let mut tx = db.begin().await.unwrap();
    for number in 0..5u8 {
        let row = TokenRow {
            id: id(u128::from(number)),
            hash: vec![number; 32],
            principal: id(1),
            created_at: at(i64::from(number / 2)),
            used_at: None,
            revoked_at: (number == 4).then(|| at(50)),
            doc: "{}".to_owned(),
        };
        tx.put_token(&row).await.unwrap();
        tx.put_token(&TokenRow { doc: format!("[{number}]"), ..row }).await.unwrap();
    }
    tx.note_token_used(id(3), at(100)).await.unwrap();
    for number in 0..4u8 {
        let row = SessionRow {
            hash: vec![number; 32],
            principal: id(u128::from(number / 2)),
            expires_at: at(i64::from(number)),
            doc: "{}".to_owned(),
        };
        tx.put_session(&row).await.unwrap();
        tx.put_session(&SessionRow { doc: "{\"csrf\":1}".to_owned(), ..row }).await.unwrap();
    }
    tx.revoke_tokens_of(id(1), at(60)).await.unwrap();
    telling.note("token inside", &tx.token(id(2)).await.unwrap());
    telling.note("tokens left", &tx.count_tokens(id(1)).await.unwrap());
    tx.note_session(&[2; 32], "{\"seen\":1}").await.unwrap();
    tx.note_session(&[9; 32], "never there").await.unwrap();
    telling.note("sessions inside", &tx.sessions_of(id(0), 9).await.unwrap());
    telling.note("used once", &tx.drop_session(&[1; 32]).await.unwrap());
    telling.note("not twice", &tx.drop_session(&[1; 32]).await.unwrap());
    tx.commit().await.unwrap();
    telling.note("token", &db.token(id(3)).await.unwrap());
    telling.note("by hash", &db.token_by_hash(&[4; 32]).await.unwrap());
    telling.note("no hash", &db.token_by_hash(&[9; 32]).await.unwrap());
    let page = db.tokens_of(id(1), None, 2).await.unwrap();
    telling.note("tokens", &page);
    let last = page.last().map(|row| (row.created_at, row.id));
    telling.note("more tokens", &db.tokens_of(id(1), last, 9).await.unwrap());
    telling.note("sessions", &db.sessions_of(id(1), 9).await.unwrap());
    telling.note("latest session", &db.sessions_of(id(1), 1).await.unwrap());
    telling.note("session", &db.session(&[2; 32]).await.unwrap());
    let mut tx = db.begin().await.unwrap();
    tx.drop_sessions_of(id(0)).await.unwrap();
    tx.drop_sessions_before(at(3)).await.unwrap();
    tx.commit().await.unwrap();
    telling.note("of another", &db.session(&[0; 32]).await.unwrap());
    telling.note("ended", &db.session(&[2; 32]).await.unwrap());
    telling.note("goes on", &db.session(&[3; 32]).await.unwrap());
}

async fn policies(db: &Db, telling: &mut Telling) {
    telling.note("none in force", &db.active_policy().await.unwrap());
    telling.note("no number in force", &db.active_policy_version().await.unwrap());
    let mut tx = db.begin().await.unwrap();
    for number in 0..4 {
        let version =
            tx.add_policy(at(number), "{}", (&format!("p, {number}"), "case")).await.unwrap();
        telling.note("version", &version);
    }
    telling.note("activated", &tx.activate_policy(1, "{\"by\":1}").await.unwrap());
    telling.note("activated", &tx.activate_policy(2, "{\"by\":2}").await.unwrap());
    telling.note("dropped", &tx.drop_policy(4).await.unwrap());
    telling.note("not twice", &tx.drop_policy(4).await.unwrap());
    telling.note("not one in force", &tx.drop_policy(2).await.unwrap());
    let last = tx.add_policy(at(9), "{}", ("", "")).await.unwrap();
    telling.note("its number is not given again", &last);
    telling.note("class", &tx.access_class(id(7), "ns=a").await.unwrap());
    telling.note("class", &tx.access_class(id(8), "ns=b").await.unwrap());
    telling.note("class again", &tx.access_class(id(7), "ns=a").await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    telling.note("no such set", &tx.activate_policy(99, "{}").await.unwrap());
    telling.note("dropped set", &tx.activate_policy(4, "{}").await.unwrap());
    drop(tx);
    telling.note("in force", &db.active_policy().await.unwrap());
    telling.note("number in force", &db.active_policy_version().await.unwrap());
    telling.note("policy", &db.policy(1).await.unwrap());
    telling.note("dropped policy", &db.policy(4).await.unwrap());
    telling.note("sets", &db.list_policies(i64::MAX, 2).await.unwrap());
    telling.note("sets before", &db.list_policies(2, 9).await.unwrap());
    telling.note("classes", &db.access_classes(1, 9).await.unwrap());
    let unused = db.unused_classes(0, 9).await.unwrap();
    telling.note("unused", &unused);
    let mut tx = db.begin().await.unwrap();
    telling.note("removed", &tx.remove_unused_classes(&unused).await.unwrap());
    tx.commit().await.unwrap();
    telling.note("none is left", &db.unused_classes(0, 9).await.unwrap());
    telling.note("in force", &db.classes_in_force(&[id(7)]).await.unwrap().len());
}

async fn keys(db: &Db, telling: &mut Telling) {
    let row = |number: u128, doc: &str| KeyRow {
        id: id(number),
        kind: 1,
        bucket: 5,
        doc: doc.to_owned(),
    };
    let mut tx = db.begin().await.unwrap();
    tx.put_keys(&[row(2, "a"), row(1, "b"), KeyRow { kind: 0, ..row(3, "c") }]).await.unwrap();
    tx.put_keys(&[row(2, "shredded")]).await.unwrap();
    tx.commit().await.unwrap();
    telling.note("keys", &db.keys(1, 5).await.unwrap());
    telling.note("no keys", &db.keys(1, 6).await.unwrap());
    let mut found = db.keys_by_id(&[id(3), id(2), id(55)]).await.unwrap();
    found.sort_by_key(|row| row.id);
    telling.note("keys by id", &found);
    telling.note("all keys", &db.list_keys(id(1), 9).await.unwrap());
    let mut tx = db.begin().await.unwrap();
    telling.note("key inside", &tx.keys_by_id(&[id(3)]).await.unwrap());
    drop(tx);
}

fn record(seq: i64) -> AuditRow {
    AuditRow {
        seq,
        id: id(1_000 + u128::try_from(seq).unwrap()),
        at: at(seq / 2),
        actor: (seq % 3 > 0).then(|| id(1)),
        action: if seq % 2 == 0 { "dataset:edit" } else { "token:create" }.to_owned(),
        resource: (seq % 4 == 0).then(|| id(4)),
        subject: (seq % 5 == 0).then(|| id(5)),
        outcome: i16::try_from(seq % 4).unwrap(),
        purpose: (seq == 6).then(|| "research".to_owned()),
        body: format!("{{\"seq\":{seq}}}").into_bytes(),
    }
}

async fn audit(db: &Db, telling: &mut Telling) {
    telling.note("empty log", &db.audit_size().await.unwrap());
    telling.note("no checkpoint", &db.last_checkpoint().await.unwrap());
    let mut tx = db.begin().await.unwrap();
    let records: Vec<AuditRow> = (0..10).map(record).collect();
    tx.append_audit(0, &records, &[((0, 0), vec![1; 320]), ((1, 0), vec![2; 32])]).await.unwrap();
    telling.note("size", &tx.audit_size().await.unwrap());
    tx.put_checkpoint(10, at(9), "note 10").await.unwrap();
    tx.put_checkpoint(10, at(9), "another").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let late = tx.append_audit(9, &[record(9)], &[]).await;
    assert!(matches!(late, Err(DbError::Conflict(_))), "{late:?}");
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    tx.append_audit(10, &[record(10)], &[((0, 0), vec![3; 352])]).await.unwrap();
    let tiles = tx.audit_tiles(&[(0, 0), (1, 0), (5, 5)]).await.unwrap();
    telling.note("tiles inside", &tiles.get(&(0, 0)).map(Vec::len));
    tx.put_checkpoint(11, at(10), "note 11").await.unwrap();
    tx.commit().await.unwrap();
    let tiles = db.audit_tiles(&[(0, 0), (1, 0), (5, 5)]).await.unwrap();
    let mut tiles: Vec<_> = tiles.into_iter().collect();
    tiles.sort();
    telling.note("tiles", &tiles);
    telling.note("nothing outside", &db.stray_audit().await.unwrap());
    telling.note("records", &db.scan_audit(8, 2).await.unwrap());
    telling.note("record", &db.audit_record(id(1_003)).await.unwrap());
    telling.note("no record", &db.audit_record(id(3)).await.unwrap());
    telling.note("checkpoints", &db.checkpoints(0, 9).await.unwrap());
    telling.note("later ones", &db.checkpoints(11, 9).await.unwrap());
    telling.note("last", &db.last_checkpoint().await.unwrap());
    telling.note("times", &db.checkpoint_times(-1, 9).await.unwrap());
    telling.note("times after", &db.checkpoint_times(10, 9).await.unwrap());
    let mut tx = db.begin().await.unwrap();
    tx.remove_checkpoints(&[10]).await.unwrap();
    tx.commit().await.unwrap();
    telling.note("thinned", &db.checkpoints(0, 9).await.unwrap());
}

async fn audit_pii(db: &Db, telling: &mut Telling) {
    let row = |number: u128, slot: &str| AuditPiiRow {
        record: id(1_000 + number),
        slot: slot.to_owned(),
        subject: id(5),
        kid: id(6),
        sealed: vec![1, 2],
    };
    let mut tx = db.begin().await.unwrap();
    tx.put_audit_pii(&[row(1, "b"), row(1, "a"), row(2, "a")]).await.unwrap();
    tx.commit().await.unwrap();
    telling.note("sealed", &db.audit_pii(id(1_001)).await.unwrap());
    telling.note("nothing sealed", &db.audit_pii(id(9)).await.unwrap());
}

async fn audit_found(db: &Db, telling: &mut Telling) {
    let all = AuditFilter::default();
    let filters = [
        all.clone(),
        AuditFilter { actor: Some(id(1)), ..all.clone() },
        AuditFilter { action: Some("token:create".to_owned()), ..all.clone() },
        AuditFilter { resource: Some(id(4)), ..all.clone() },
        AuditFilter { subject: Some(id(5)), ..all.clone() },
        AuditFilter { outcome: Some(2), ..all.clone() },
        AuditFilter { purpose: Some("research".to_owned()), ..all.clone() },
        AuditFilter { from: Some(at(1)), until: Some(at(3)), ..all.clone() },
        AuditFilter { actor: Some(id(1)), outcome: Some(1), from: Some(at(2)), ..all },
    ];
    for filter in filters {
        let page = db.find_audit(&filter, None, 3).await.unwrap();
        telling.note("found", &page);
        let before = page.last().map(|row| row.seq);
        telling.note("further", &db.find_audit(&filter, before, 99).await.unwrap());
        telling.note("followed", &db.follow_audit(&filter, (2, 9), 4).await.unwrap());
        for width in [AuditWidth::Hour, AuditWidth::Day] {
            for part in [AuditPart::Outcome, AuditPart::Action] {
                telling.note("counted", &db.count_audit(&filter, width, part).await.unwrap());
            }
        }
    }
}
