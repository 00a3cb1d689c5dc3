//! The marks of fields, as the graph keeps them.

use std::collections::HashMap;

use super::maps::Map;
use crate::catalog::Marked;

/// The marks of all fields. Equal ones are kept once: there are few different ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    list: Vec<Marked>,
    known: HashMap<Marked, u32>,
    /// By dataset node: text of the field's name (none for the whole), mark.
    fields: Map<u32, Box<[(u32, u32)]>>,
}

impl Marks {
    fn intern(&mut self, mark: &Marked) -> u32 {
        if let Some(known) = self.known.get(mark) {
            return *known;
        }
        let new = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(mark.clone());
        self.known.insert(mark.clone(), new);
        new
    }

    /// Gives a dataset its marked fields: text of the name, mark. They replace those it had.
    pub(super) fn set<'a>(
        &mut self,
        dataset: u32,
        fields: impl Iterator<Item = (u32, &'a Marked)>,
    ) {
        let fields: Box<[(u32, u32)]> =
            fields.map(|(name, mark)| (name, self.intern(mark))).collect();
        if fields.is_empty() {
            self.remove(dataset);
        } else {
            self.fields.insert(dataset, fields);
        }
    }

    /// Forgets the marks of a dataset.
    pub(super) fn remove(&mut self, dataset: u32) {
        self.fields.remove(&dataset);
    }

    /// Goes through the marked fields of a dataset: text of the name, mark.
    pub(super) fn of(&self, dataset: u32) -> impl Iterator<Item = (u32, &Marked)> {
        let fields = self.fields.get(&dataset).map(|fields| &fields[..]).unwrap_or_default();
        fields.iter().filter_map(|(name, mark)| Some((*name, self.get(*mark)?)))
    }

    /// Goes through the marked fields of all datasets: the dataset's node, text of the name,
    /// number of the mark, which [`Self::get`] takes.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, u32, u32)> {
        self.fields.iter().flat_map(|(dataset, fields)| {
            fields.iter().map(|(name, mark)| (*dataset, *name, *mark))
        })
    }

    /// Goes through all different marks that there ever were.
    pub(super) fn different(&self) -> impl Iterator<Item = &Marked> {
        self.list.iter()
    }

    /// Returns a mark by its number.
    pub(super) fn get(&self, mark: u32) -> Option<&Marked> {
        self.list.get(mark as usize)
    }

    /// Returns the bytes held on the heap, about.
    pub(super) fn memory_bytes(&self) -> usize {
        let fields: usize = self.fields.values().map(|fields| 24 + fields.len() * 8).sum();
        fields + self.list.len() * 2 * (size_of::<Marked>() + 128)
    }
}
