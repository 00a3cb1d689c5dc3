//! Lists of transformations, each kept once, and what they mean for the value carried.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::{Transformation, TransformationKind};
use super::index::{Index, NONE, handle, hash_pair};
use super::texts::Texts;

/// What of a value comes through an edge or a path, weakest first.
///
/// Along a path the weakest link counts, between parallel paths the strongest. Without
/// transformations nothing is known; that must count as carrying where people are protected.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Carry {
    /// The source only decides about the target (filter, join, sort…).
    Indirect,
    /// The value is carried, but only masked.
    Masked,
    /// Nobody said what is carried.
    Unknown,
    /// The value, or something computed from it, is carried.
    Direct,
}

impl Carry {
    /// Judges one list of transformations.
    ///
    /// A list is the parallel ways from one input to one output, so the strongest counts.
    #[must_use]
    pub fn of(transformations: &[Transformation]) -> Self {
        let each = transformations.iter().map(|t| match (t.kind, t.masking) {
            (TransformationKind::Indirect, _) => Self::Indirect,
            (_, true) => Self::Masked,
            (TransformationKind::Other, false) => Self::Unknown,
            (TransformationKind::Direct, false) => Self::Direct,
        });
        each.max().unwrap_or(Self::Unknown)
    }

    /// Turns the lowest two bits into a carry.
    pub(super) fn from_bits(bits: u32) -> Self {
        match bits & 3 {
            0 => Self::Indirect,
            1 => Self::Masked,
            2 => Self::Unknown,
            _ => Self::Direct,
        }
    }
}

/// What an edge says of the value: handle of its transformations (28 bits), its [`Carry`]
/// (2 bits), and whether the edge only sums up column edges (1 bit).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Detail(pub(super) u32);

impl Detail {
    /// Nothing is told.
    pub(super) const NOTHING: Self = Self((Carry::Unknown as u32) << 28);

    const LIST: u32 = (1 << 28) - 1;
    const DERIVED: u32 = 1 << 30;

    /// Of an edge that sums up column edges of that carry.
    pub(super) fn derived(carry: Carry) -> Self {
        Self((carry as u32) << 28 | Self::DERIVED)
    }

    /// Returns what is carried.
    pub(super) fn carry(self) -> Carry {
        Carry::from_bits(self.0 >> 28)
    }

    /// Returns the handle of the transformations.
    pub(super) fn list(self) -> u32 {
        self.0 & Self::LIST
    }

    /// Returns the same with other transformations.
    pub(super) fn with_list(self, list: u32) -> Self {
        Self(self.0 & !Self::LIST | list & Self::LIST)
    }

    /// Tells whether the edge only sums up column edges.
    pub(super) fn is_derived(self) -> bool {
        self.0 & Self::DERIVED != 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Item {
    kind: TransformationKind,
    masking: bool,
    subtype: u32,
    description: u32,
}

/// The lists. List 0 is the empty one.
#[derive(Debug, Clone)]
pub(super) struct Transforms {
    items: Vec<Item>,
    ends: Vec<u32>,
    index: Index,
}

impl Default for Transforms {
    fn default() -> Self {
        Self { items: Vec::new(), ends: vec![0], index: Index::default() }
    }
}

impl Transforms {
    /// Keeps a list, if it is new, and returns what an edge stores of it.
    pub(super) fn intern(&mut self, list: &[Transformation], texts: &mut Texts) -> Detail {
        if list.is_empty() {
            return Detail::NOTHING;
        }
        let start = self.items.len();
        self.items.extend(list.iter().map(|t| Item {
            kind: t.kind,
            masking: t.masking,
            subtype: t.subtype.as_deref().map_or(NONE, |s| texts.intern(s)),
            description: t.description.as_deref().map_or(NONE, |s| texts.intern(s)),
        }));
        let (old, new) = self.items.split_at(start);
        let hash = hash_items(new);
        let is = |h: u32| range(&self.ends, h).is_some_and(|r| old.get(r) == Some(new));
        let found = self.index.find(hash, is);
        let list_handle = if let Some(found) = found {
            self.items.truncate(start);
            found
        } else {
            self.keep_last(hash)
        };
        Detail(list_handle & Detail::LIST | (Carry::of(list) as u32) << 28)
    }

    /// Returns the transformations of an edge.
    pub(super) fn get(&self, detail: Detail, texts: &Texts) -> Vec<Transformation> {
        let items = range(&self.ends, detail.0 & Detail::LIST).and_then(|r| self.items.get(r));
        let text = |h: u32| (h != NONE).then(|| texts.get(h).to_owned());
        let read = |item: &Item| Transformation {
            kind: item.kind,
            subtype: text(item.subtype),
            description: text(item.description),
            masking: item.masking,
        };
        items.unwrap_or_default().iter().map(read).collect()
    }

    /// Returns the bytes held on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        self.items.capacity() * size_of::<Item>()
            + self.ends.capacity() * 4
            + self.index.memory_bytes()
    }

    /// Gives the items added last a handle.
    fn keep_last(&mut self, hash: u64) -> u32 {
        let new = handle(self.ends.len());
        self.ends.push(handle(self.items.len()));
        let (items, ends) = (&self.items, &self.ends);
        let hash_of = |h| range(ends, h).and_then(|r| items.get(r)).map_or(0, hash_items);
        self.index.insert(hash, new, hash_of);
        new
    }
}

fn range(ends: &[u32], list: u32) -> Option<std::ops::Range<usize>> {
    let end = *ends.get(list as usize)? as usize;
    let start = (list as usize).checked_sub(1).and_then(|l| ends.get(l)).map_or(0, |&e| e as usize);
    Some(start..end)
}

fn hash_items(items: &[Item]) -> u64 {
    items.iter().fold(items.len() as u64, |hash, item| {
        let flags = (item.kind as u32) << 1 | u32::from(item.masking);
        hash.rotate_left(29)
            ^ hash_pair(item.subtype.rotate_left(7) ^ flags ^ hash as u32, item.description)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transformation(kind: TransformationKind, masking: bool, text: &str) -> Transformation {
        let subtype = Some(text.to_owned());
        Transformation { kind, subtype, description: None, masking }
    }

    #[test]
    fn equal_lists_are_kept_once_and_come_back() {
        let (mut transforms, mut texts) = (Transforms::default(), Texts::default());
        let identity = transformation(TransformationKind::Direct, false, "IDENTITY");
        let filter = transformation(TransformationKind::Indirect, false, "FILTER");
        let lists = [vec![], vec![identity.clone()], vec![filter.clone()], vec![identity, filter]];
        let details: Vec<Detail> = lists.iter().map(|l| transforms.intern(l, &mut texts)).collect();
        for (list, detail) in lists.iter().zip(&details) {
            assert_eq!(&transforms.get(*detail, &texts), list);
            assert_eq!(transforms.intern(list, &mut texts), *detail);
            assert_eq!(detail.carry(), Carry::of(list));
        }
        assert_eq!(transforms.ends.len(), lists.len());
    }

    #[test]
    fn strongest_of_parallel_ways_counts() {
        let hash = transformation(TransformationKind::Direct, true, "TRANSFORMATION");
        let join = transformation(TransformationKind::Indirect, false, "JOIN");
        let same = transformation(TransformationKind::Direct, false, "IDENTITY");
        assert_eq!(Carry::of(&[]), Carry::Unknown);
        assert_eq!(Carry::of(std::slice::from_ref(&join)), Carry::Indirect);
        assert_eq!(Carry::of(&[hash.clone(), join.clone()]), Carry::Masked);
        assert_eq!(Carry::of(&[hash, join, same]), Carry::Direct);
    }
}
