//! What rules need to know of the graph's nodes: the access class of each dataset and job, and
//! the marks on single fields. What may be seen is not decided here.

use std::collections::{HashMap, HashSet};

use super::graph::Graph;
use super::maps::Map;
use super::nodes::Kind;
use super::question::NodeRef;
use crate::base::{DatasetId, JobId};
use crate::catalog::{ColumnMarks, Marked};

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

    /// Forgets the marks of a dataset.
    pub(super) fn remove(&mut self, dataset: u32) {
        self.fields.remove(&dataset);
    }

    /// Goes through the marked fields of a dataset: text of the name, mark.
    pub(super) fn of(&self, dataset: u32) -> impl Iterator<Item = (u32, &Marked)> {
        let fields = self.fields.get(&dataset).map(|fields| &fields[..]).unwrap_or_default();
        fields.iter().filter_map(|(name, mark)| Some((*name, self.list.get(*mark as usize)?)))
    }

    /// Returns the bytes held on the heap, about.
    pub(super) fn memory_bytes(&self) -> usize {
        let fields: usize = self.fields.values().map(|fields| 24 + fields.len() * 8).sum();
        fields + self.list.len() * 2 * (size_of::<Marked>() + 128)
    }
}

impl Graph {
    /// Says which access class a dataset is in, and the marks of this name: by field, without one
    /// on the whole. They replace those it had.
    pub fn set_dataset_access(
        &mut self,
        id: DatasetId,
        access_class: u32,
        marks: &[(String, Marked)],
    ) {
        let node = self.dataset_node(id);
        self.nodes[node].access = access_class;
        self.set_marks(node, marks);
    }

    /// Says which access class a job is in.
    pub fn set_job_access(&mut self, id: JobId, access_class: u32) {
        let node = self.job_node(id);
        self.nodes[node].access = access_class;
    }

    /// Returns the access class of a dataset (of a field its dataset's) or job; 0 if nobody
    /// said, nothing if the node is not known.
    #[must_use]
    pub fn access(&self, node: &NodeRef) -> Option<u32> {
        let found = match node {
            NodeRef::Dataset(id) | NodeRef::Field(id, _) => {
                self.nodes.find(Kind::Dataset, id.0).map(|n| self.nodes[n].canon)
            }
            NodeRef::Job(id) => self.nodes.find(Kind::Job, id.0),
        };
        found.map(|node| self.nodes[node].access)
    }

    /// Returns what bears on a field, under all of its dataset's names.
    #[must_use]
    pub fn field_marks(&self, id: DatasetId, field: &str) -> ColumnMarks {
        let dataset = self.nodes.find(Kind::Dataset, id.0);
        let names = dataset.into_iter().flat_map(|dataset| self.nodes.names_of(dataset));
        let marks = |name| self.marks.of(name).map(|(at, mark)| (self.texts.get(at), mark));
        ColumnMarks::of(field, names.map(marks))
    }

    /// Returns the marked fields of all datasets: the access class of the dataset, the field's
    /// name, its mark; equal ones once.
    #[must_use]
    pub fn marked_fields(&self) -> Vec<(u32, &str, &Marked)> {
        let of_dataset = self.marks.fields.iter().flat_map(|(dataset, fields)| {
            let access_class = self.nodes[self.nodes[*dataset].canon].access;
            fields.iter().map(move |(name, mark)| (access_class, *name, *mark))
        });
        let different: HashSet<(u32, u32, u32)> = of_dataset.collect();
        let read = |(access_class, name, mark): (u32, u32, u32)| {
            Some((access_class, self.texts.get(name), self.marks.list.get(mark as usize)?))
        };
        different.into_iter().filter_map(read).collect()
    }

    /// Returns the namespaces in which something is: the access class of that thing, whether it
    /// is a job, the namespace; equal ones once.
    #[must_use]
    pub fn namespaces(&self) -> Vec<(u32, bool, &str)> {
        let mut different = HashSet::new();
        for node in self.nodes.handles() {
            let is = self.nodes[node];
            match is.kind {
                Kind::Dataset => {
                    different.insert((self.nodes[is.canon].access, false, is.place));
                }
                Kind::Job => {
                    different.insert((is.access, true, is.place));
                }
                Kind::Field | Kind::Free => {}
            }
        }
        let read = |(access_class, job, place)| (access_class, job, self.texts.get(place));
        different.into_iter().map(read).collect()
    }

    pub(super) fn set_marks(&mut self, node: u32, marks: &[(String, Marked)]) {
        if marks.is_empty() {
            self.marks.remove(node);
            return;
        }
        let fields =
            marks.iter().map(|(field, mark)| (self.texts.intern(field), self.marks.intern(mark)));
        let fields: Box<[(u32, u32)]> = fields.collect();
        self.marks.fields.insert(node, fields);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Mark;

    #[test]
    fn classes_and_marks_are_found_under_every_name_and_survive_a_snapshot() {
        let id = |name: &str| DatasetId::of("n", name);
        let mut graph = Graph::new();
        let mark = Mark { tags: vec!["pii".into()], classes: vec!["user.name".into()] };
        let sure = Mark { tags: vec!["pii".into()], ..Mark::default() };
        let marked = Marked { all: mark.clone(), sure: sure.clone() };
        for name in ["a", "b"] {
            graph.name_dataset(id(name), "n", name);
        }
        graph.alias(id("a"), id("b"));
        graph.set_dataset_access(id("a"), 7, &[("who".into(), marked.clone())]);
        graph.set_dataset_access(id("b"), 7, &[]);
        graph.set_job_access(JobId::of("n", "j"), 9);
        graph.name_job(JobId::of("n", "j"), "n", "j");
        let graph = Graph::load(&graph.save()).unwrap();
        for name in ["a", "b"] {
            assert_eq!(graph.access(&NodeRef::Dataset(id(name))), Some(7), "{name}");
            for field in ["who", "who.first", "WHO"] {
                assert_eq!(graph.field_marks(id(name), field).restricting, mark, "{field}");
            }
            assert_eq!(graph.marked_fields(), [(7, "who", &marked)]);
            let own = graph.field_marks(id(name), "who").own;
            assert!(own.contains(&sure) && !own.contains(&mark), "{own:?}");
            let mut namespaces = graph.namespaces();
            namespaces.sort_unstable();
            assert_eq!(namespaces, [(7, false, "n"), (9, true, "n")]);
            assert_eq!(graph.field_marks(id(name), "whom").restricting, Mark::default());
        }
        assert_eq!(graph.access(&NodeRef::Job(JobId::of("n", "j"))), Some(9));
        assert_eq!(graph.access(&NodeRef::Job(JobId::of("n", "k"))), None);
    }
}
