//! Facets as the catalog keeps them, the newest body under each name, and how they are read.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::author::Weight;
use super::caps::Caps;
use super::stamp::{Stamp, Stamped};
use crate::base::Digest;
use crate::base::limits::{FACET_INLINE_BYTES_MAX, TELLING_INLINE_BYTES_MAX};

/// Facets that rules read.
pub(in crate::catalog) const TELLING: [&str; 2] = ["tags", "ownership"];

/// Facet bodies by the digest of their text.
pub type Bodies = HashMap<Digest, Box<RawValue>>;

/// Where a facet's body is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum FacetBody {
    /// Here: it is small.
    #[serde(rename = "i")]
    Inline(Box<RawValue>),
    /// In the facet store, once for all owners, under the digest of its text.
    #[serde(rename = "d")]
    Stored(Digest),
    /// Nowhere: the producer said `_deleted`.
    #[serde(rename = "x")]
    Deleted,
}

impl PartialEq for FacetBody {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Inline(a), Self::Inline(b)) => a.get() == b.get(),
            (Self::Stored(a), Self::Stored(b)) => a == b,
            (Self::Deleted, Self::Deleted) => true,
            _ => false,
        }
    }
}

impl Eq for FacetBody {}

impl FacetBody {
    /// Decides where a body goes, by its name and size alone, so that it is the same
    /// everywhere. `keep` takes the bodies that must be stored.
    pub(in crate::catalog) fn place(
        name: &str,
        raw: &RawValue,
        mut keep: impl FnMut(Digest, &RawValue),
    ) -> Self {
        // What rules see is read at every commit.
        let telling = TELLING.contains(&name);
        let most = if telling { TELLING_INLINE_BYTES_MAX } else { FACET_INLINE_BYTES_MAX };
        if raw.get().len() <= most {
            return Self::Inline(raw.to_owned());
        }
        let digest = Digest::of(raw.get().as_bytes());
        keep(digest, raw);
        Self::Stored(digest)
    }

    /// Returns the body's text.
    #[must_use]
    pub fn raw<'a>(&'a self, bodies: &'a Bodies) -> Option<&'a RawValue> {
        match self {
            Self::Inline(raw) => Some(raw),
            Self::Stored(digest) => bodies.get(digest).map(|raw| &**raw),
            Self::Deleted => None,
        }
    }
}

/// Facets that do more than describe: of them only what counts is kept (see [`Weight`]).
pub(in crate::catalog) const GUARDED: [&str; 4] =
    ["lifecycleStateChange", "ownership", "symlinks", "tags"];

/// The weightiest, then newest, facet under each name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FacetBook(BTreeMap<String, Stamped<FacetBody>>);

impl FacetBook {
    /// Returns whether nothing was ever said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Enters a facet; an older one under the same name gives way whole.
    pub(in crate::catalog) fn put(&mut self, name: &str, stamp: Stamp, body: FacetBody) {
        match self.0.get_mut(name) {
            Some(known) if known.stamp >= stamp => {}
            Some(known) => *known = Stamped::new(stamp, body),
            None => {
                self.0.insert(name.to_owned(), Stamped::new(stamp, body));
            }
        }
    }

    /// Returns whether a facet may be entered: one that takes something away, or does
    /// more than describe, must count.
    pub(in crate::catalog) fn takes(name: &str, deleted: bool, weight: Weight) -> bool {
        weight.counts() || !(deleted || GUARDED.contains(&name))
    }

    /// Joins another book to this one, within some bounds. Returns whether any body changed.
    pub(in crate::catalog) fn join_within(&mut self, other: Self, caps: &Caps) -> bool {
        let mut changed = false;
        for (name, new) in other.0 {
            match self.0.get_mut(&name) {
                Some(known) if known.stamp >= new.stamp => {}
                Some(known) => {
                    changed |= known.value != new.value;
                    *known = new;
                }
                None => {
                    changed = true;
                    self.0.insert(name, new);
                }
            }
        }
        self.forget_over(caps.facets);
        changed
    }

    /// Forgets the oldest facets over a bound, but none that rules see: a flood of new names
    /// must not push a mark out.
    fn forget_over(&mut self, most: usize) {
        while self.0.len() > most {
            let goes = self.0.iter().filter(|(name, _)| !TELLING.contains(&name.as_str()));
            let oldest = goes.min_by_key(|(name, kept)| (kept.stamp, *name));
            let Some(oldest) = oldest.map(|(name, _)| name.clone()) else { break };
            self.0.remove(&oldest);
        }
    }

    /// Forgets the facets whose body is to go. Returns whether there were any.
    pub(super) fn drop_where(&mut self, mut goes: impl FnMut(&FacetBody) -> bool) -> bool {
        let before = self.0.len();
        self.0.retain(|_, kept| !goes(&kept.value));
        before != self.0.len()
    }

    /// Keeps only the facets of some names: for readers who may not know the others.
    pub fn keep_only(&mut self, mut shown: impl FnMut(&str) -> bool) {
        self.0.retain(|name, _| shown(name));
    }

    /// Puts another text in a facet's place, or drops it: for readers who may not know all
    /// of it.
    pub fn rewrite(&mut self, name: &str, raw: Option<Box<RawValue>>) {
        match (raw, self.0.get_mut(name)) {
            (Some(raw), Some(kept)) => kept.value = FacetBody::Inline(raw),
            _ => drop(self.0.remove(name)),
        }
    }

    /// Returns the body of a facet that stands (was not deleted).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FacetBody> {
        self.0.get(name).map(|kept| &kept.value).filter(|body| **body != FacetBody::Deleted)
    }

    /// Returns when the facet was last said.
    #[must_use]
    pub fn stamp(&self, name: &str) -> Option<Stamp> {
        self.0.get(name).map(|kept| kept.stamp)
    }

    /// Goes through the facets that stand, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FacetBody)> {
        self.0
            .iter()
            .filter(|(_, kept)| kept.value != FacetBody::Deleted)
            .map(|(name, kept)| (name.as_str(), &kept.value))
    }

    /// Goes through the digests of the bodies that lie in the facet store.
    pub fn stored(&self) -> impl Iterator<Item = Digest> {
        self.0.values().filter_map(|kept| match kept.value {
            FacetBody::Stored(digest) => Some(digest),
            _ => None,
        })
    }

    /// Returns a facet's text.
    #[must_use]
    pub fn raw<'a>(&'a self, name: &str, bodies: &'a Bodies) -> Option<&'a RawValue> {
        self.get(name).and_then(|body| body.raw(bodies))
    }

    /// Returns a facet by its type, if it is there and well-formed.
    #[must_use]
    pub fn typed<F: DeserializeOwned>(&self, name: &str, bodies: &Bodies) -> Option<F> {
        serde_json::from_str(self.raw(name, bodies)?.get()).ok()
    }

    /// Returns all facets that stand, with their texts.
    #[must_use]
    pub fn resolved<'a>(&'a self, bodies: &'a Bodies) -> BTreeMap<&'a str, &'a RawValue> {
        self.iter().filter_map(|(name, body)| Some((name, body.raw(bodies)?))).collect()
    }
}
