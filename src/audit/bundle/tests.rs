//! Bundles, tested: what was written verifies, and nothing else does.

use proptest::prelude::*;

use super::{BundleKind, BundleVerifier, BundleWriter, Fault, Reason, Report};
use crate::audit::TreeQuery;
use crate::audit::checkpoint::Checkpoint;
use crate::audit::fixtures::{Log, ORIGIN};

/// A full bundle of the records from `from`, with a checkpoint at each of those sizes.
fn full(log: &Log, from: u64, sizes: &[u64]) -> Vec<u8> {
    let mut out = Vec::new();
    let frontier = log.answer(&TreeQuery::frontier(from).unwrap());
    let mut writer = BundleWriter::full(ORIGIN, from, &frontier, &mut out);
    let mut next = from;
    for &size in sizes {
        for index in next..size {
            writer.record(index, &log.entries[usize::try_from(index).unwrap()], &mut out);
        }
        next = size;
        writer.checkpoint(&log.checkpoint(size), &mut out);
    }
    writer.end(&mut out);
    out
}

/// A partial bundle of chosen records under the second of two checkpoints.
fn partial(log: &Log, old: u64, indices: &[u64]) -> Vec<u8> {
    let size = log.entries.len() as u64;
    let mut out = Vec::new();
    let mut writer = BundleWriter::partial(ORIGIN, &mut out);
    writer.checkpoint(&log.checkpoint(old), &mut out);
    writer.consistency(&log.consistency(old, size), &mut out);
    writer.checkpoint(&log.checkpoint(size), &mut out);
    for &index in indices {
        let entry = &log.entries[usize::try_from(index).unwrap()];
        writer.proven_record(index, entry, &log.inclusion(index, size), &mut out);
    }
    writer.end(&mut out);
    out
}

fn lines(bundle: &[u8]) -> Vec<&[u8]> {
    bundle.strip_suffix(b"\n").unwrap_or(bundle).split(|byte| *byte == b'\n').collect()
}

fn verify_with(mut verifier: BundleVerifier, lines: &[&[u8]]) -> Result<Report, Fault> {
    lines.iter().try_for_each(|line| verifier.line(line))?;
    verifier.finish()
}

fn verify(log: &Log, bundle: &[u8]) -> Result<Report, Fault> {
    verify_with(BundleVerifier::new(log.trust()), &lines(bundle))
}

fn head(log: &Log, size: u64) -> Checkpoint {
    log.trust().open(&log.checkpoint(size)).unwrap()
}

#[test]
fn a_full_bundle_verifies_from_any_beginning() {
    let log = Log::of(300);
    for from in [0, 1, 100, 256, 299, 300] {
        let report = verify(&log, &full(&log, from, &[300])).unwrap();
        assert_eq!((report.kind, report.records), (BundleKind::Full, 300 - from));
        assert_eq!(report.range, (from < 300).then_some((from, 299)));
        assert_eq!(report.head, head(&log, 300));
    }
    assert_eq!(verify(&log, &full(&log, 0, &[0, 7, 7, 256, 300])).unwrap().checkpoints, 5);
}

#[test]
fn a_partial_bundle_verifies() {
    let log = Log::of(300);
    let report = verify(&log, &partial(&log, 7, &[0, 8, 255, 256, 299])).unwrap();
    assert_eq!((report.kind, report.records, report.checkpoints), (BundleKind::Partial, 5, 2));
    assert_eq!(report.range, Some((0, 299)));
    assert_eq!(verify(&log, &partial(&log, 300, &[])).unwrap().records, 0);
}

#[test]
fn every_flipped_bit_is_noticed() {
    let log = Log::of(4);
    for bundle in [full(&log, 0, &[2, 4]), full(&log, 3, &[4]), partial(&log, 2, &[1, 3])] {
        verify(&log, &bundle).unwrap();
        for at in 0..bundle.len() - 1 {
            for bit in [0, 1, 2, 5, 7] {
                let mut forged = bundle.clone();
                forged[at] ^= 1 << bit;
                assert!(verify(&log, &forged).is_err(), "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn every_removed_repeated_and_exchanged_line_is_noticed() {
    let log = Log::of(5);
    // The first of two checkpoints in a full bundle is only one more promise: without it
    // the second still vouches for all.
    let spare = Some(3);
    for (bundle, spare) in [(full(&log, 0, &[2, 5]), spare), (partial(&log, 2, &[1, 3, 4]), None)] {
        let whole = lines(&bundle);
        let trust = || BundleVerifier::new(log.trust());
        for at in 0..whole.len() {
            let mut removed = whole.clone();
            removed.remove(at);
            assert!(
                spare == Some(at) || verify_with(trust(), &removed).is_err(),
                "without line {at}"
            );
            assert!(verify_with(trust(), &whole[..at]).is_err(), "cut before line {at}");
            let mut repeated = whole.clone();
            repeated.insert(at, whole[at]);
            let same = whole[at].starts_with(b"{\"checkpoint");
            assert!(same || verify_with(trust(), &repeated).is_err(), "line {at} twice");
            if at > 0 {
                let mut exchanged = whole.clone();
                exchanged.swap(at - 1, at);
                assert!(verify_with(trust(), &exchanged).is_err(), "line {at} exchanged");
            }
        }
    }
}

#[test]
fn the_first_fault_is_named_with_its_record() {
    let log = Log::of(5);
    let bundle = String::from_utf8(full(&log, 0, &[5])).unwrap();
    let gap = bundle.replacen("{\"index\":2,", "{\"index\":3,", 1);
    let fault = verify(&log, gap.as_bytes()).unwrap_err();
    assert_eq!((fault.line, fault.index), (4, Some(3)));
    assert_eq!(fault.reason, Reason::Order { expected: 2 });
    let edited = bundle.replacen("\"outcome\":\"allowed\"", "\"outcome\":\"denied\"", 1);
    let fault = verify(&log, edited.as_bytes()).unwrap_err();
    assert_eq!(fault.reason, Reason::Root { size: 5 });
    assert_eq!(
        fault.to_string(),
        "line 7: the records before this checkpoint of size 5 are not those that were signed"
    );
    let foreign = bundle.replacen("lethe.example/audit\",\"outcome", "other/audit\",\"outcome", 1);
    assert_eq!(verify(&log, foreign.as_bytes()).unwrap_err().reason, Reason::OtherLog);
}

#[test]
fn a_held_checkpoint_finds_a_log_that_was_cut_or_written_anew() {
    let log = Log::of(20);
    let holding = |size| BundleVerifier::new(log.trust()).holding(head(&log, size));
    let whole = full(&log, 0, &[20]);
    assert!(verify_with(holding(7), &lines(&whole)).unwrap().held_met);
    assert!(!verify_with(holding(7), &lines(&partial(&log, 9, &[]))).unwrap().held_met);
    let short = full(&log, 0, &[6]);
    let fault = verify_with(holding(7), &lines(&short)).unwrap_err();
    assert_eq!(fault.reason, Reason::Truncated { found: 6, held: 7 });
    let rewritten = log.rewritten(3);
    for bundle in [full(&rewritten, 0, &[20]), full(&rewritten, 4, &[20])] {
        let fault = verify_with(holding(7), &lines(&bundle)).unwrap_err();
        assert_eq!(fault.reason, Reason::Held { size: 7 });
    }
    let fault = verify_with(holding(7), &lines(&partial(&rewritten, 7, &[]))).unwrap_err();
    assert_eq!(fault.reason, Reason::Held { size: 7 });
}

proptest! {
    #[test]
    fn no_bundle_panics(text in "(\\{\"index\":|,\"proof\":\\[|,\"record\":|[{}0-9\",a\n]){0,40}") {
        let log = Log::of(1);
        let whole = full(&log, 0, &[1]);
        let mut all = vec![lines(&whole)[0]];
        all.extend(lines(text.as_bytes()));
        prop_assert!(verify_with(BundleVerifier::new(log.trust()), &all).is_err());
    }
}
