//! Events and edits, folded where they come in: what is left to the one writer is joining.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use crate::audit::Hash;
use crate::base::{Digest, EventId, JobId, Time};
use crate::catalog::{Delta, EditRecord, Received, Voice, fold, fold_edit, job_naming};
use crate::db::{EntryKind, LogEntry};
use crate::openlineage::facets::ParentRun;
use crate::openlineage::{Event, EventType, Parsed, parse};

/// Facet digests remembered as stored.
const FACETS_KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(200_000).unwrap();

/// The facet bodies that are in the database for certain. Whoever folds asks, only the
/// writer tells.
#[derive(Debug)]
pub(super) struct KnownFacets {
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    digests: LruCache<Digest, ()>,
    /// Counts how often everything was forgotten.
    epoch: u64,
}

impl Default for KnownFacets {
    fn default() -> Self {
        let known = Known { digests: LruCache::new(FACETS_KNOWN_MAX), epoch: 0 };
        Self { known: Mutex::new(known) }
    }
}

impl KnownFacets {
    fn lock(&self) -> MutexGuard<'_, Known> {
        // A digest too few or too many in a cache that was poisoned halfway does no harm.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn epoch(&self) -> u64 {
        self.lock().epoch
    }

    fn contains(&self, digest: &Digest) -> bool {
        self.lock().digests.contains(digest)
    }

    /// Remembers what was stored.
    pub(super) fn stored<'a>(&self, digests: impl Iterator<Item = &'a Digest>) {
        let mut known = self.lock();
        for digest in digests {
            known.digests.put(*digest, ());
        }
    }

    /// Forgets everything: what was stored may be gone.
    pub(super) fn forget(&self) {
        let mut known = self.lock();
        known.digests.clear();
        known.epoch += 1;
    }
}

/// An entry of the log, and what it comes to.
#[derive(Debug)]
pub(super) struct Folded {
    /// The entry.
    pub(super) entry: Arc<LogEntry>,
    /// Who says it.
    pub(super) voice: Arc<Voice>,
    delta: Option<Delta>,
    epoch: u64,
}

impl Folded {
    pub(super) fn event(
        parsed: Parsed,
        received_at: Time,
        voice: &Arc<Voice>,
        facets: &KnownFacets,
    ) -> Self {
        let epoch = facets.epoch();
        let received = Received { id: parsed.id, at: received_at, voice };
        let delta = fold(&parsed.event, received, &|digest| facets.contains(digest));
        let entry = Arc::new(event_entry(parsed, received_at));
        Self { entry, voice: Arc::clone(voice), delta: Some(delta), epoch }
    }

    /// Folds an edit. It names its author itself, and counts whoever that is: whether it may be
    /// made was asked before.
    pub(super) fn edit(edit: &EditRecord, received_at: Time, facets: &KnownFacets) -> Self {
        let epoch = facets.epoch();
        let (entry, voice) = (edit_entry(edit, received_at), Arc::<Voice>::default());
        let received = Received { id: entry.id, at: received_at, voice: &voice };
        let delta = fold_edit(edit, received, &|digest| facets.contains(digest));
        Self { entry: Arc::new(entry), voice, delta: Some(delta), epoch }
    }

    /// Gives the entry a later stamp: others were committed since it got its own. Returns the
    /// digests of an edit's text before and after.
    pub(super) fn restamp(&mut self, stamp: Time) -> Option<(Hash, Hash)> {
        self.delta = None;
        let entry = Arc::make_mut(&mut self.entry);
        entry.received_at = stamp;
        if entry.kind != EntryKind::Edit {
            return None;
        }
        let edit: EditRecord = serde_json::from_slice(&entry.raw).ok()?;
        let before = Hash::of(&entry.raw);
        *entry = edit_entry(&EditRecord { event_time: stamp, ..edit }, stamp);
        Some((before, Hash::of(&entry.raw)))
    }

    /// Returns what the entry comes to. It is folded again from its text where a commit was
    /// tried with it before, or where facets that it left out may be gone by now.
    pub(super) fn take(&mut self, facets: &KnownFacets) -> Delta {
        let delta = self.delta.take().filter(|_| self.epoch == facets.epoch());
        let (id, at) = (self.entry.id, self.entry.received_at);
        let received = Received { id, at, voice: &self.voice };
        // What could be folded once can be folded again.
        let again = || fold_text(self.entry.kind, received, &self.entry.raw);
        delta.or_else(again).unwrap_or_default()
    }
}

/// Folds the text of an entry of the log. Returns `None` if it cannot be read any more.
pub(super) fn fold_text(kind: EntryKind, received: Received<'_>, raw: &[u8]) -> Option<Delta> {
    if kind == EntryKind::Edit {
        let record = serde_json::from_slice(raw).ok()?;
        return Some(fold_edit(&record, received, &|_| false));
    }
    let parsed = parse(raw).ok()?;
    Some(fold(&parsed.event, received, &|_| false))
}

fn event_entry(parsed: Parsed, received_at: Time) -> LogEntry {
    let (kind, subject, run) = match &parsed.event {
        Event::Run(event) => {
            let parent = event.run.facets.typed::<ParentRun>();
            let parent = parent.as_ref().map(|parent| parent.job.name.as_str());
            let name = job_naming(&event.job.name, parent).name;
            let subject = JobId::of(&event.job.namespace, &name).0;
            (EntryKind::Run, subject, Some(event.run.id.0))
        }
        Event::Job(event) => (EntryKind::Job, event.job.id().0, None),
        Event::Dataset(event) => (EntryKind::Dataset, event.dataset.id().0, None),
    };
    LogEntry {
        id: parsed.id,
        kind,
        state: parsed.event.event_type().map_or(0, state_of),
        event_time: parsed.event.event_time(),
        received_at,
        subject,
        run,
        raw: parsed.raw,
    }
}

fn state_of(event_type: EventType) -> i16 {
    match event_type {
        EventType::Start => 1,
        EventType::Running => 2,
        EventType::Complete => 3,
        EventType::Abort => 4,
        EventType::Fail => 5,
        EventType::Other => 6,
    }
}

fn edit_entry(edit: &EditRecord, received_at: Time) -> LogEntry {
    // An edit is a struct of texts: it always serialises.
    let raw = serde_json::to_vec(edit).unwrap_or_default();
    LogEntry {
        id: EventId::of(edit.event_time, &Digest::of(&raw)),
        kind: EntryKind::Edit,
        state: 0,
        event_time: edit.event_time,
        received_at,
        subject: edit.subject(),
        run: None,
        raw,
    }
}
