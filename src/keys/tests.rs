//! Providers and keyring, tested together: what opens, and what can never be opened again.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Waker};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::base::Time;

const HERE: Context<'_> = Context { table: "audit_pii", purpose: "email", row: b"7" };
const NOW: fn() -> Time = || Time::from_micros(7);
const CHEAP: KdfCost = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };

/// Takes the answer of a future that is ready at once, as those of local providers are.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut std::task::Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("a local provider has to answer at once"),
    }
}

fn given(text: &str) -> Result<GivenProvider, KeyError> {
    GivenProvider::parse(&text.to_owned().into())
}

const ROOT_1: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const ROOT_2: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

fn keyring(root: &str) -> Keyring {
    Keyring::new(Arc::new(given(root).unwrap()), 1)
}

fn passphrase(text: &str) -> SecretBytes {
    text.to_owned().into()
}

#[test]
fn a_subjects_values_are_gone_once_its_key_is_shredded() {
    let ring = keyring(ROOT_1);
    let bucket = ready(ring.new_bucket(0)).unwrap();
    let subject = Uuid::from_u128(7);
    let (row, key) = ready(ring.new_subject(&bucket, subject, NOW())).unwrap();
    let sealed = key.seal(&HERE, b"ada@example.com").unwrap();

    let held = ready(ring.open(&bucket, &row)).unwrap();
    assert_eq!(held.open(&HERE, &sealed).unwrap().expose(), b"ada@example.com");

    let gone = row.shredded(NOW());
    assert_eq!(held.open(&HERE, &sealed).unwrap().expose(), b"ada@example.com", "not stored yet");
    ring.forget(subject);
    assert_eq!((gone.wrapped.as_ref(), gone.shredded), (None, Some(NOW())));
    assert!(matches!(held.open(&HERE, &sealed), Err(KeyError::Shredded { .. })));
    assert!(matches!(ready(ring.open(&bucket, &gone)), Err(KeyError::Shredded { .. })));
    // A row that was read before the shredding, used after it.
    let stale = ready(ring.open(&bucket, &row)).unwrap();
    assert!(matches!(stale.seal(&HERE, b"x"), Err(KeyError::Shredded { .. })));
}

#[test]
fn rekeying_a_bucket_leaves_the_shredded_behind_and_old_rows_useless() {
    let ring = keyring(ROOT_1);
    let bucket = ready(ring.new_bucket(0)).unwrap();
    let (live, key) = ready(ring.new_subject(&bucket, Uuid::from_u128(1), NOW())).unwrap();
    let (purpose, _) = ready(ring.new_purpose(&bucket, "signing", NOW())).unwrap();
    let (shredded, _) = ready(ring.new_subject(&bucket, Uuid::from_u128(2), NOW())).unwrap();
    let sealed = key.seal(&HERE, b"value").unwrap();
    let gone = shredded.shredded(NOW());

    let rows = [live.clone(), purpose, gone];
    let rekeyed = ready(ring.rekey_bucket(&bucket, &rows)).unwrap();
    assert_eq!((rekeyed.bucket.generation, rekeyed.keys.len()), (2, 2));

    let other_node = keyring(ROOT_1);
    let reopened = ready(other_node.open(&rekeyed.bucket, &rekeyed.keys[0])).unwrap();
    assert_eq!(reopened.open(&HERE, &sealed).unwrap().expose(), b"value");
    // The shredded row from a backup does not open under the bucket's new key.
    let mixed = ready(other_node.open(&rekeyed.bucket, &shredded));
    assert!(matches!(mixed, Err(KeyError::OtherBucket { generation: 1, .. })));
    let forged = DataKeyRow { generation: 2, ..shredded };
    let mixed = ready(other_node.open(&rekeyed.bucket, &forged));
    assert!(matches!(mixed, Err(KeyError::OtherKey { .. })));
}

#[test]
fn rows_that_were_exchanged_do_not_open() {
    let ring = keyring(ROOT_1);
    let bucket = ready(ring.new_bucket(0)).unwrap();
    let make = |kid| ready(ring.new_subject(&bucket, Uuid::from_u128(kid), NOW())).unwrap().0;
    let (one, two) = (make(1), make(2));
    let swapped = DataKeyRow { wrapped: two.wrapped, ..one.clone() };
    assert!(matches!(ready(ring.open(&bucket, &swapped)), Err(KeyError::Refused)));
    let other_kind = DataKeyRow { kind: KeyKind::Purpose, ..one };
    assert!(matches!(ready(ring.open(&bucket, &other_kind)), Err(KeyError::Refused)));
    let moved = BucketKey { bucket: 1, ..bucket };
    let fresh = keyring(ROOT_1);
    assert!(matches!(ready(fresh.rekey_bucket(&moved, &[])), Err(KeyError::Refused)));
}

#[test]
fn rotating_the_root_rewraps_buckets_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    let file = FileProvider::create(&path, &passphrase("open sesame"), CHEAP).unwrap();
    let ring = Keyring::new(Arc::new(file), 1);
    let bucket = ready(ring.new_bucket(0)).unwrap();
    let (row, key) = ready(ring.new_subject(&bucket, Uuid::from_u128(1), NOW())).unwrap();
    let sealed = key.seal(&HERE, b"value").unwrap();

    assert_eq!(ready(ring.rotate_root()).unwrap(), 2);
    let rewrapped = ready(ring.rewrap_bucket(&bucket)).unwrap().unwrap();
    assert_eq!(rewrapped.wrapped.root_version, 2);
    assert_eq!(ready(ring.rewrap_bucket(&rewrapped)).unwrap(), None);

    let file = FileProvider::open(&path, &passphrase("open sesame")).unwrap();
    let later = Keyring::new(Arc::new(file), 1);
    for bucket in [&rewrapped, &bucket] {
        later.clear();
        let key = ready(later.open(bucket, &row)).unwrap();
        assert_eq!(key.open(&HERE, &sealed).unwrap().expose(), b"value");
    }
}

#[test]
fn a_rotation_by_another_process_is_found_and_not_lost() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    let one = FileProvider::create(&path, &passphrase("right"), CHEAP).unwrap();
    let two = FileProvider::open(&path, &passphrase("right")).unwrap();
    assert_eq!(ready(one.rotate()).unwrap(), 2);
    let key = Secret::random().unwrap();
    let wrapped = ready(one.wrap_key(&key, HERE)).unwrap();
    assert_eq!(ready(two.unwrap_key(&wrapped, HERE)).unwrap(), key);
    let third = FileProvider::open(&path, &passphrase("right")).unwrap();
    assert_eq!(ready(one.rotate()).unwrap(), 3);
    assert_eq!(ready(third.rotate()).unwrap(), 4);
}

#[test]
fn a_root_file_is_private_new_and_opens_only_with_its_passphrase() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    FileProvider::create(&path, &passphrase("right"), CHEAP).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = FileProvider::create(&path, &passphrase("right"), CHEAP);
    assert!(matches!(again, Err(KeyError::Io(_))));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    let wrong = FileProvider::open(&path, &passphrase("wrong"));
    assert!(matches!(wrong, Err(KeyError::WrongPassphrase)));
    assert!(FileProvider::create(&dir.path().join("b"), &passphrase(""), CHEAP).is_err());

    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    let open = FileProvider::open(&path, &passphrase("right"));
    assert!(matches!(open, Err(KeyError::OpenToOthers { mode: 0o640 })));
}

#[test]
fn a_changed_root_file_does_not_open() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    FileProvider::create(&path, &passphrase("right"), CHEAP).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("\"passes\": 1", "\"passes\": 2"),
        ("\"memoryKib\": 8", "\"memoryKib\": 4000000000"),
        ("argon2id", "argon2i"),
        ("/1\"", "/2\""),
        ("\"sealed\": \"TE", "\"sealed\": \"TF"),
        ("{", ""),
    ] {
        assert!(text.contains(from), "{from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        assert!(FileProvider::open(&path, &passphrase("right")).is_err(), "{from}");
    }
}

#[test]
fn a_given_root_has_versions_and_cannot_be_rotated_by_us() {
    let (old, both) = (keyring(ROOT_1), keyring(&format!("1:{ROOT_1},2:{ROOT_2}")));
    let bucket = ready(old.new_bucket(0)).unwrap();
    let rewrapped = ready(both.rewrap_bucket(&bucket)).unwrap().unwrap();
    assert_eq!(rewrapped.wrapped.root_version, 2);
    assert!(matches!(ready(old.rekey_bucket(&rewrapped, &[])), Err(KeyError::NoSuchRoot(2))));
    assert!(matches!(ready(both.rotate_root()), Err(KeyError::CannotRotate(_))));
    for bad in ["", "x", "AQE=", "0:AQE=", &format!("1:{ROOT_1},1:{ROOT_2}")] {
        let fault = given(bad).unwrap_err();
        assert!(matches!(fault, KeyError::BadRoot(_)), "{bad}");
    }
}

#[test]
fn nothing_secret_is_printed() {
    let provider = given(ROOT_1).unwrap();
    let ring = Keyring::new(Arc::new(given(ROOT_1).unwrap()), 1);
    let bucket = ready(ring.new_bucket(0)).unwrap();
    let (_, key) = ready(ring.new_subject(&bucket, Uuid::nil(), NOW())).unwrap();
    let printed = format!("{provider:?} {ring:?} {key:?}");
    assert!(!printed.contains("1, 1, 1") && !printed.contains("AQEB"), "{printed}");
}

proptest! {
    #[test]
    fn ids_spread_over_all_buckets(kid: u128, buckets in 1..5_000_u32) {
        let ring = Keyring::new(Arc::new(given(ROOT_1).unwrap()), buckets);
        prop_assert!(ring.bucket_of(Uuid::from_u128(kid)) < buckets);
    }
}
