//! Keeps account of which known members an object had, without copying a key.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Visitor};

use super::rejection::{Faults, Path};
use super::shape::{Field, Kind, Object, Rule};

/// The members that every facet has besides its own.
static FACET_FIELDS: [Field; 3] = [
    Field::Req("_producer", Kind::Text),
    Field::Req("_schemaURL", Kind::Text),
    Field::Opt("_deleted", Kind::Flag),
];

/// Place of `_deleted` in [`FACET_FIELDS`].
const DELETED: usize = 2;

/// A known member of an object: its field, and its place among the fields.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// The member's description.
    pub field: &'static Field,
    /// Below 64: own fields first, then those of every facet.
    bit: usize,
}

/// Every known member of an object, in the order of its slots.
fn slots(object: &Object) -> impl Iterator<Item = Slot> {
    let shared: &'static [Field] = if object.is_facet { &FACET_FIELDS } else { &[] };
    let all = object.fields.iter().chain(shared);
    all.enumerate().map(|(bit, field)| Slot { field, bit })
}

/// Reads a key as the slot of a known member; `None` for other keys.
pub(super) struct KeyOf<'a>(pub &'a Object);

impl<'de> DeserializeSeed<'de> for KeyOf<'_> {
    type Value = Option<Slot>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyOf<'_> {
    type Value = Option<Slot>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(slots(self.0).find(|slot| slot.field.name() == key))
    }
}

/// The members met so far.
pub(super) struct Members<'a> {
    object: &'a Object,
    met: u64,
    present: u64,
    deleted: bool,
}

impl<'a> Members<'a> {
    /// Starts with none.
    pub(super) fn new(object: &'a Object) -> Self {
        Self { object, met: 0, present: 0, deleted: false }
    }

    /// Notes a member, `present` unless it was `null`; `flag` is its value if it is a
    /// boolean. Returns whether it was met for the first time.
    pub(super) fn note(&mut self, slot: Slot, present: bool, flag: bool) -> bool {
        let bit = 1_u64 << (slot.bit & 63);
        let first = self.met & bit == 0;
        self.met |= bit;
        if present {
            self.present |= bit;
            self.deleted |= flag && slot.bit == self.object.fields.len() + DELETED;
        }
        first
    }

    /// Lists the required members that were missing and the rule that was broken.
    pub(super) fn finish(&self, path: &Path<'_>, faults: &mut Faults) {
        for Slot { field, bit } in slots(self.object) {
            let own = bit < self.object.fields.len();
            let wanted = matches!(field, Field::Req(..)) && !(own && self.deleted);
            if wanted && self.present & (1 << (bit & 63)) == 0 {
                faults.push(&Path::Key(path, field.name()), "missing", "is required");
            }
        }
        if self.deleted {
            return;
        }
        match self.object.rule {
            Rule::Free => {}
            Rule::Together(one, other) => match (self.has(one), self.has(other)) {
                (true, false) => faults.push(&Path::Key(path, other), "missing", together(one)),
                (false, true) => faults.push(&Path::Key(path, one), "missing", together(other)),
                _ => {}
            },
            Rule::Either(one, other) => {
                if !self.has(one) && !self.has(other) {
                    faults.push(path, "missing", format!("must have {one} or {other}"));
                }
            }
        }
    }

    fn has(&self, name: &str) -> bool {
        slots(self.object)
            .any(|slot| slot.field.name() == name && self.present & (1 << (slot.bit & 63)) != 0)
    }
}

fn together(other: &str) -> String {
    format!("is required beside {other}")
}
