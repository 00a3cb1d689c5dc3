//! What folding needs to know beside the event itself, and what it does whatever the event is:
//! weigh its author's word, name namespaces, place the bodies of facets.

use serde_json::value::RawValue;

use super::super::document::author::{Standing, Voice, Weight};
use super::super::document::facet::{FacetBody, FacetBook};
use super::super::document::job::JobDoc;
use super::super::document::small::NamespaceDoc;
use super::super::document::stamp::Stamp;
use super::delta::Delta;
use crate::base::{Digest, EventId, Time};
use crate::openlineage::{Facets, is_deleted};

/// How, when and from whom an event came in.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The event's id.
    pub id: EventId,
    /// When Lethe received it.
    pub at: Time,
    /// Who said it.
    pub voice: &'a Voice,
}

/// What part a dataset plays in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It is read.
    Input,
    /// A run writes it.
    Output,
    /// A JobEvent says that the job writes it.
    DeclaredOutput,
    /// A DatasetEvent is about it.
    Declared,
}

/// What folding needs to know beside the event itself.
pub(super) struct Fold<'a> {
    pub(super) stamp: Stamp,
    pub(super) received: Received<'a>,
    /// Whether a facet's content was folded before, so that what it refers to is known.
    pub(super) known: &'a dyn Fn(&Digest) -> bool,
    pub(super) delta: Delta,
}

impl Fold<'_> {
    /// Returns the weight of what the event's author says of a dataset there.
    pub(super) fn weight(&self, part: Part, namespace: &str) -> Weight {
        Weight::of(part == Part::Input, self.received.voice.standing(namespace))
    }

    /// Returns when something was received that brings back what people deleted: a
    /// stranger's word does not.
    pub(super) fn named(&self, standing: Standing) -> Option<Time> {
        (standing != Standing::Stranger).then_some(self.received.at)
    }

    /// Names a namespace.
    pub(super) fn namespace(&mut self, name: &str, standing: Standing) {
        let named = self.named(standing);
        let told = |known: &NamespaceDoc| {
            known.name == name && known.created.is_some() && known.named >= named
        };
        if self.delta.namespaces.iter().any(told) {
            return;
        }
        self.delta.namespaces.push(NamespaceDoc {
            name: name.to_owned(),
            created: Some(self.stamp.at),
            named,
            ..NamespaceDoc::default()
        });
    }

    /// Makes sure that a namespace which something merely refers to has a document.
    pub(super) fn mention_namespace(&mut self, name: &str) {
        if !self.delta.namespaces.iter().any(|known| known.name == name) {
            let name = name.to_owned();
            self.delta.namespaces.push(NamespaceDoc { name, ..NamespaceDoc::default() });
        }
    }

    /// Enters facets into a book, as far as their author's word has weight for that.
    pub(super) fn facets(&mut self, facets: &Facets, weight: Weight) -> FacetBook {
        let mut book = FacetBook::default();
        for (name, raw) in facets.iter() {
            let deleted = is_deleted(raw);
            if FacetBook::takes(name, deleted, weight) {
                let body = self.place(name, raw);
                book.put(name, self.stamp.weighing(weight), body);
            }
        }
        book
    }

    /// Decides where a facet's body goes, and keeps it if it must be stored.
    pub(super) fn place(&mut self, name: &str, raw: &RawValue) -> FacetBody {
        if is_deleted(raw) {
            return FacetBody::Deleted;
        }
        FacetBody::place(name, raw, |digest, raw| self.keep(digest, raw))
    }

    /// Keeps a body under its digest whatever its size, and returns the digest.
    pub(super) fn store(&mut self, raw: &RawValue) -> Digest {
        let digest = Digest::of(raw.get().as_bytes());
        self.keep(digest, raw);
        digest
    }

    pub(super) fn keep(&mut self, digest: Digest, raw: &RawValue) {
        if !(self.known)(&digest) && !self.delta.facets.iter().any(|(known, _)| *known == digest) {
            self.delta.facets.push((digest, raw.to_owned()));
        }
    }

    /// Starts a job's document.
    pub(super) fn job(&mut self, namespace: &str, name: &str, simple_name: &str) -> JobDoc {
        let standing = self.received.voice.standing_to_job(namespace);
        self.namespace(namespace, standing);
        JobDoc {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            simple_name: simple_name.to_owned(),
            created: Some(self.stamp.at),
            updated: Some(self.stamp.at),
            named: Some(self.received.at),
            ..JobDoc::default()
        }
    }
}
