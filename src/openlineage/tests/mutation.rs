//! Real events, damaged at random: the parser never panics, and what it accepts it reads
//! the same way again.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::fixtures::fixtures;
use crate::base::rng::Rng;
use crate::openlineage::{FAULT_CODES, parse};

static EVENTS: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| fixtures().into_iter().map(|(_, bytes)| bytes).collect());

/// Pieces of JSON that are put where they may not belong.
const PIECES: &[&[u8]] = &[
    b"null",
    b"{}",
    b"[]",
    b"\"\"",
    b"0",
    b"-1e999",
    b"true",
    b"\\u0000",
    b"\\ud800",
    b"\\",
    b"\"",
    b",",
    b":",
    b"}",
    b"]",
    b"{",
    b"[",
    b"\n",
    b"\xff",
    b"\xc3\xa9",
    b"\"_deleted\":true,",
    b"1 2",
];

/// Damages an event in a few places.
fn damaged(event: &[u8], seed: u64) -> Vec<u8> {
    let mut rng = Rng::seeded(seed);
    let mut bytes = event.to_vec();
    for _ in 0..=rng.below(4) {
        let place = |rng: &mut Rng, len: usize| usize::try_from(rng.below(len as u64)).unwrap();
        let at = place(&mut rng, bytes.len());
        let end = (at + place(&mut rng, 40)).min(bytes.len());
        match rng.below(4) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let part = bytes[at..end].to_vec();
                let to = place(&mut rng, bytes.len());
                bytes.splice(to..to, part);
            }
            2 => bytes[at] = u8::try_from(rng.below(256)).unwrap(),
            _ => {
                let piece = PIECES[place(&mut rng, PIECES.len())];
                // Often in place of a whole value, so that what comes out is still JSON.
                let value =
                    bytes[at..].iter().position(|byte| *byte == b':').map(|colon| at + colon + 1);
                let start = value.unwrap_or(at);
                let length =
                    bytes[start..].iter().position(|byte| b",}\n".contains(byte)).unwrap_or(0);
                bytes.splice(start..start + length, piece.iter().copied());
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 2_000 } else { 50_000 }))]

    #[test]
    fn damaged_events_are_refused_or_read_the_same_again(which in 0..44_usize, seed: u64) {
        let bytes = damaged(&EVENTS[which], seed);
        match parse(&bytes) {
            Ok(parsed) => {
                prop_assert!(!parsed.raw.contains(&b'\n'));
                prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&parsed.raw).is_ok());
                prop_assert_eq!(parse(&parsed.raw).unwrap(), parsed);
            }
            Err(rejection) => {
                prop_assert!(!rejection.faults.is_empty());
                prop_assert!(rejection.faults.iter().all(|fault| FAULT_CODES.contains(&fault.code)));
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = parse(&bytes);
    }
}
