//! Splits a batch of events without looking into them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::rejection::{Rejection, RejectionCode};
use super::syntax;
use crate::base::limits::BATCH_EVENTS_MAX;

/// Splits a batch, an array of events, into the text of each. Whether each is an event is
/// not looked at, so that one bad event does not spoil the others: call
/// [`parse`](super::parse()) on each.
///
/// # Errors
///
/// [`RejectionCode::MalformedJson`] if the whole is no JSON, [`RejectionCode::Invalid`] if
/// it is no array, and [`RejectionCode::TooLarge`] beyond [`BATCH_EVENTS_MAX`] events.
pub fn parse_array(bytes: &[u8]) -> Result<Vec<&[u8]>, Rejection> {
    let text = syntax::text(bytes)?;
    if !text.trim_start().starts_with('[') {
        syntax::check(bytes)?;
        let message = "must be an array of events".to_owned();
        return Err(Rejection::whole(RejectionCode::Invalid, "wrong_type", message));
    }
    let batch = serde_json::from_str::<Batch<'_>>(text);
    let batch = batch.map_err(|error| syntax::malformed(bytes, &error))?;
    if batch.more {
        let message = format!("is over the limit of {BATCH_EVENTS_MAX} events in a batch");
        return Err(Rejection::whole(RejectionCode::TooLarge, "too_many_events", message));
    }
    Ok(batch.events)
}

/// The first events of a batch, and whether there are more than are allowed.
struct Batch<'a> {
    events: Vec<&'a [u8]>,
    more: bool,
}

impl<'de> Deserialize<'de> for Batch<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_seq(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Batch<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Batch<'de>, A::Error> {
        let mut events = Vec::new();
        while events.len() < BATCH_EVENTS_MAX {
            match items.next_element::<&RawValue>()? {
                Some(event) => events.push(event.get().as_bytes()),
                None => return Ok(Batch { events, more: false }),
            }
        }
        let mut more = false;
        while items.next_element::<IgnoredAny>()?.is_some() {
            more = true;
        }
        Ok(Batch { events, more })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> RejectionCode {
        parse_array(text.as_bytes()).unwrap_err().code
    }

    #[test]
    fn batch_is_split_and_not_judged() {
        let events = parse_array(br#" [ {"a" : [1,2]}, 7 , "x" ] "#).unwrap();
        assert_eq!(events, [br#"{"a" : [1,2]}"#.as_slice(), b"7", br#""x""#]);
        assert!(parse_array(b"[]").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_batch_is_refused_by_kind() {
        assert_eq!(code(r#"{"a":1}"#), RejectionCode::Invalid);
        assert_eq!(code(r#"[{"a":1}"#), RejectionCode::MalformedJson);
        assert_eq!(code("[1,]"), RejectionCode::MalformedJson);
        assert_eq!(code("hello"), RejectionCode::MalformedJson);
        assert_eq!(code(""), RejectionCode::MalformedJson);
    }

    #[test]
    fn number_of_events_is_bounded() {
        let of = |count: usize| format!("[{}]", vec!["1"; count].join(","));
        assert_eq!(parse_array(of(BATCH_EVENTS_MAX).as_bytes()).unwrap().len(), BATCH_EVENTS_MAX);
        assert_eq!(code(&of(BATCH_EVENTS_MAX + 1)), RejectionCode::TooLarge);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = parse_array(&bytes);
        }
    }
}
