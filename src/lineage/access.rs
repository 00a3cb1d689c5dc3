//! What rules need to know of the graph's nodes: the access class of each dataset and job, and
//! the marks on single fields. What may be seen is not decided here.

use std::collections::HashSet;

use super::graph::Graph;
use super::nodes::Kind;
use super::question::NodeRef;
use crate::base::{DatasetId, JobId};
use crate::catalog::{ColumnMarks, Marked};

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

    /// Returns whether a class of personal data was ever on anything.
    #[must_use]
    pub fn is_any_classified(&self) -> bool {
        self.marks.different().any(|mark| !mark.all.classes.is_empty())
    }

    /// Returns the marked fields of all datasets: the access class of the dataset, the field's
    /// name, its mark; equal ones once.
    #[must_use]
    pub fn marked_fields(&self) -> Vec<(u32, &str, &Marked)> {
        let access_class = |dataset: u32| self.nodes[self.nodes[dataset].canon].access;
        let all = self.marks.all();
        let different: HashSet<(u32, u32, u32)> =
            all.map(|(dataset, name, mark)| (access_class(dataset), name, mark)).collect();
        let read = |(access_class, name, mark): (u32, u32, u32)| {
            Some((access_class, self.texts.get(name), self.marks.get(mark)?))
        };
        different.into_iter().filter_map(read).collect()
    }

    /// Gives a dataset of this node its marks, which replace those it had.
    pub(super) fn set_marks(&mut self, node: u32, marks: &[(String, Marked)]) {
        let fields = marks.iter().map(|(field, mark)| (self.texts.intern(field), mark));
        self.marks.set(node, fields);
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
            assert_eq!(graph.field_marks(id(name), "whom").restricting, Mark::default());
        }
        assert_eq!(graph.access(&NodeRef::Job(JobId::of("n", "j"))), Some(9));
        assert_eq!(graph.access(&NodeRef::Job(JobId::of("n", "k"))), None);
    }
}
