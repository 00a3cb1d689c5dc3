//! What must hold for any input at all, one function for each target.
//!
//! Shared by the coverage-guided targets in `fuzz_targets/` and by `tests/fuzz.rs`, so that
//! both mean the same. A check that fails panics.

use lethe::base::Time;
use lethe::base::cursor::Cursor;
use lethe::base::limits::{BATCH_EVENTS_MAX, FAULTS_MAX, QUERY_BYTES_MAX};
use lethe::catalog::{Changed, Received, Voice, Working, fold};
use lethe::index::Query;
use lethe::openlineage::{DatasetRef, FAULT_CODES, Rejection, parse, parse_array};
use serde::de::IgnoredAny;

/// Greatest length of a refusal in words, whatever was sent.
const REFUSAL_BYTES_MAX: usize = 64 * 1024;

/// An event is refused in words, or reads the same again and can be folded into a catalog,
/// twice over without a further change.
pub fn event(bytes: &[u8]) {
    let parsed = match parse(bytes) {
        Ok(parsed) => parsed,
        Err(rejection) => return refused(&rejection, bytes),
    };
    assert!(!parsed.raw.contains(&b'\n'), "an event is kept on one line");
    assert!(serde_json::from_slice::<IgnoredAny>(&parsed.raw).is_ok(), "what is kept is JSON");
    assert_eq!(parse(&parsed.raw).as_ref(), Ok(&parsed), "what is kept reads the same again");
    let voice = Voice::default();
    let at = Time::from_micros(1_795_176_000_000_000);
    let received = Received { id: parsed.id, at, voice: &voice };
    let mut working = Working::default();
    working.apply(fold(&parsed.event, received, &|_| false), &mut Changed::default());
    let once = format!("{:?}", (&working.datasets, &working.jobs, &working.runs));
    working.apply(fold(&parsed.event, received, &|_| false), &mut Changed::default());
    let twice = format!("{:?}", (&working.datasets, &working.jobs, &working.runs));
    assert_eq!(once, twice, "the same event twice is one");
}

/// A batch is refused in words, or is cut into texts that lie in it, one after the other.
pub fn batch(bytes: &[u8]) {
    let events = match parse_array(bytes) {
        Ok(events) => events,
        Err(rejection) => return refused(&rejection, bytes),
    };
    assert!(events.len() <= BATCH_EVENTS_MAX, "{} events", events.len());
    let mut end = bytes.as_ptr() as usize;
    for text in events {
        let start = text.as_ptr() as usize;
        assert!(start >= end, "texts overlap");
        end = start + text.len();
        assert!(serde_json::from_slice::<IgnoredAny>(text).is_ok(), "a text is no JSON");
        event(text);
    }
    assert!(end <= bytes.as_ptr() as usize + bytes.len(), "a text lies outside");
}

fn refused(rejection: &Rejection, bytes: &[u8]) {
    assert!(!rejection.faults.is_empty(), "a refusal names what is wrong");
    assert!(rejection.faults.len() <= FAULTS_MAX);
    for fault in &rejection.faults {
        assert!(FAULT_CODES.contains(&fault.code), "{} is no known code", fault.code);
        assert!(fault.pointer.is_empty() || fault.pointer.starts_with('/'), "{}", fault.pointer);
    }
    assert!(rejection.position.is_none_or(|place| place.offset <= bytes.len()));
    let words = rejection.to_string();
    assert!((1..REFUSAL_BYTES_MAX).contains(&words.len()), "{} bytes", words.len());
}

/// A dataset's namespace and name (the first line and the rest) come back as they went in,
/// and every part of them is a part of them.
pub fn naming(text: &str) {
    let (namespace, name) = text.split_once('\n').unwrap_or((text, ""));
    let dataset = DatasetRef::parse(namespace, name);
    assert_eq!((&*dataset.namespace(), dataset.name()), (namespace, name));
    for part in dataset.parts() {
        assert!(namespace.contains(part.name) || name.contains(part.name), "{part:?}");
    }
    assert!(name.contains(dataset.short_name()), "{}", dataset.short_name());
    assert!(dataset.platform().len() <= namespace.len().max(dataset.kind.as_str().len()));
}

/// A search text is refused at a place in it, or prints as what it means.
pub fn query(text: &str) {
    match Query::parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            if printed.len() <= QUERY_BYTES_MAX {
                assert_eq!(Query::parse(&printed), Ok(query), "{printed}");
            }
        }
        Err(fault) => {
            assert!(fault.at <= text.len() && text.is_char_boundary(fault.at.min(text.len())));
            assert!((1..2_000).contains(&fault.message.len()), "{}", fault.message);
        }
    }
}

/// A cursor is none of ours, or is written as it was read.
pub fn cursor(text: &str) {
    if let Some(cursor) = Cursor::decode(text) {
        assert_eq!(Cursor::decode(&cursor.encode()).as_ref(), Some(&cursor));
    }
}
