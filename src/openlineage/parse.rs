//! Reads events: bytes in, an event or every fault out.
//!
//! Where real producers stray from the standard and it does no harm, they are understood:
//!
//! | what is sent | what is made of it |
//! |---|---|
//! | no `schemaURL`, or one that names no kind of event | the kind is told from the shape: `run`, else `dataset`, else a job event |
//! | a `runId` that is no UUID | the version 3 UUID that Marquez computes; the text is kept beside it |
//! | `eventTime` without zone, with nanoseconds, with a space for the `T` | UTC, microseconds |
//! | `eventType` in lower case | the event type |
//! | `null` for anything optional, for a facet, for an entry of a map; an empty optional time or `eventType` | absent |
//! | `columnLineage` without `fields` (Trino), `dataQualityMetrics` without `columnMetrics` | none |
//! | `errorMessage` without `message` (errors that have none) | an empty message |
//! | the run facet `parentRun` | `parent` |
//! | counts as floats or strings, measures as strings | numbers |
//! | numbers or booleans for `expected`, `actual`, a tag's value, a version and the like | their text |
//! | any known dataset facet among `facets`, `inputFacets` or `outputFacets` | the same facet |
//! | an empty column name | a column without a name |
//! | a facet with `_deleted: true` and nothing else | the facet's removal |
//! | `producer`, `_producer`, `_schemaURL` that are no URIs | the text |
//! | a byte order mark | nothing |
//! | `\ud800` and other halves of surrogate pairs; `\u0000` outside names | U+FFFD |
//!
//! Nothing else is changed: what is kept and given back is the text as it came, without
//! insignificant white space. Nothing is stored here.

use super::check::check;
use super::compact::compact;
use super::event::Event;
use super::rejection::{Faults, Path, Rejection, RejectionCode};
use super::syntax;
use super::wire::{EVENT, Outline, Wire};
use crate::base::limits::{EVENT_BYTES_MAX, JSON_DEPTH_MAX};
use crate::base::{Digest, EventId};

/// An event that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The event.
    pub event: Event,
    /// Its text as it came, on a single line: insignificant white space is gone, the order
    /// of members and members that the standard does not know are kept.
    pub raw: Vec<u8>,
    /// Its id: the same for the same text, whatever its white space.
    pub id: EventId,
}

/// Reads one event.
///
/// # Errors
///
/// [`RejectionCode::TooLarge`] beyond [`EVENT_BYTES_MAX`] bytes,
/// [`RejectionCode::MalformedJson`] with the place where it stops being JSON (RFC 8259),
/// and [`RejectionCode::Invalid`] with every fault: members that the standard requires and
/// that are missing or wrong, in the event and in the facets that it knows; and limits of
/// [`crate::base::limits`] that are passed.
pub fn parse(bytes: &[u8]) -> Result<Parsed, Rejection> {
    if bytes.len() > EVENT_BYTES_MAX {
        let message = format!("is over the limit of {EVENT_BYTES_MAX} bytes");
        return Err(Rejection::whole(RejectionCode::TooLarge, "event_too_large", message));
    }
    let compact = compact(syntax::text(bytes)?);
    if compact.depth > JSON_DEPTH_MAX {
        let message = format!("is nested deeper than {JSON_DEPTH_MAX} levels");
        return Err(Rejection::whole(RejectionCode::Invalid, "json_too_deep", message));
    }
    examine(&compact.text, bytes)?;
    build(compact.without_nuls())
}

/// Checks the text against the standard.
fn examine(text: &str, as_sent: &[u8]) -> Result<(), Rejection> {
    let mut walk = match check(text, &EVENT) {
        Ok(walk) if walk.faults.is_empty() => return Ok(()),
        Ok(walk) => walk,
        Err(mut walk) => {
            syntax::check(as_sent)?;
            // Of text that is JSON, the parser refuses only numbers that are out of range.
            let pointer = walk.stuck_at.take().unwrap_or_default();
            let message = "holds a number that is out of range";
            walk.faults.push(&Path::Written(&pointer), "bad_number", message);
            walk
        }
    };
    if let Ok(outline) = serde_json::from_str::<Outline<'_>>(text) {
        outline.faults(&mut walk.faults);
    }
    Err(walk.faults.into_rejection())
}

/// Makes the event out of text that was checked.
fn build(raw: String) -> Result<Parsed, Rejection> {
    let mut faults = Faults::default();
    let wire = serde_json::from_str::<Wire<'_>>(&raw).ok();
    let Some(event) = wire.and_then(|wire| wire.into_event(&mut faults)) else {
        if faults.is_empty() {
            // Not reached as long as checker and model agree, which tests hold.
            faults.push(&Path::Root, "wrong_type", "could not be read");
        }
        return Err(faults.into_rejection());
    };
    let raw = raw.into_bytes();
    let id = EventId::of(event.event_time(), &Digest::of(&raw));
    Ok(Parsed { event, raw, id })
}
