//! Which datasets are one: symlinks and renames, also when they are learned late.
//!
//! Edges stay with the name they were stated for; a class of names is walked as one node.
//! So joining two names moves no edge and may come before or after any fact. The class is
//! shown under its canonical member: the first by (named, not deleted, preferred, namespace,
//! name, id). All of that is a property of the members, so no order of events matters.

use crate::base::DatasetId;

use super::graph::Graph;
use super::index::NONE;
use super::nodes::Kind;

impl Graph {
    /// Says that two datasets are one.
    pub fn alias(&mut self, a: DatasetId, b: DatasetId) {
        let (a, b) = (self.dataset_node(a), self.dataset_node(b));
        if self.nodes[a].canon != self.nodes[b].canon {
            let after = self.nodes[a].ring;
            self.nodes[a].ring = self.nodes[b].ring;
            self.nodes[b].ring = after;
            self.settle_class(a);
        }
    }

    /// Says that a dataset shall be the one under which its class is shown, or no longer
    /// so. Among several preferred ones the rule of this file decides.
    pub fn prefer(&mut self, id: DatasetId, preferred: bool) {
        let node = self.dataset_node(id);
        self.nodes[node].preferred = preferred;
        self.settle_class(node);
    }

    /// Returns the dataset under which a dataset is shown, if it is known.
    #[must_use]
    pub fn canonical(&self, id: DatasetId) -> Option<DatasetId> {
        let node = self.nodes.find(Kind::Dataset, id.0)?;
        Some(DatasetId(self.nodes[self.nodes[node].canon].id))
    }

    /// Returns all datasets that are one with this one, itself included, the canonical one
    /// first and the others by namespace and name.
    #[must_use]
    pub fn aliases(&self, id: DatasetId) -> Vec<DatasetId> {
        let node = self.nodes.find(Kind::Dataset, id.0);
        node.map(|n| self.sorted_class(n)).unwrap_or_default().into_iter().map(DatasetId).collect()
    }

    /// Returns the ids of a class: the canonical first, the others by name.
    pub(super) fn sorted_class(&self, node: u32) -> Vec<uuid::Uuid> {
        let mut members: Vec<u32> = self.nodes.names_of(node).collect();
        if let Some(others) = members.get_mut(1..) {
            others.sort_by_key(|&m| self.rank(m));
        }
        members.into_iter().map(|m| self.nodes[m].id).collect()
    }

    /// Finds the canonical member of a class anew.
    pub(super) fn settle_class(&mut self, node: u32) {
        if self.nodes[node].ring == node {
            self.nodes[node].canon = node;
            return;
        }
        let mut members = vec![node];
        let mut at = self.nodes[node].ring;
        while at != node {
            members.push(at);
            at = self.nodes[at].ring;
        }
        let best = members.iter().copied().min_by(|&a, &b| self.rank(a).cmp(&self.rank(b)));
        for member in members {
            self.nodes[member].canon = best.unwrap_or(node);
        }
    }

    /// Takes a dataset out of its class.
    pub(super) fn leave_class(&mut self, node: u32) {
        let after = self.nodes[node].ring;
        if after == node || after == NONE {
            return;
        }
        let mut before = after;
        while self.nodes[before].ring != node {
            before = self.nodes[before].ring;
        }
        self.nodes[before].ring = after;
        self.nodes[node].ring = node;
        self.settle_class(after);
        self.settle_class(node);
    }

    /// Tells whether a dataset (under all its names) or a job is deleted.
    pub(super) fn is_deleted(&self, node: u32) -> bool {
        let is = self.nodes[node];
        match is.kind {
            // The canonical member is a deleted one only if all named members are.
            Kind::Dataset => self.nodes[is.canon].deleted,
            Kind::Job => is.deleted,
            Kind::Field => self.nodes[self.nodes[is.place].canon].deleted,
            Kind::Free => true,
        }
    }

    fn rank(&self, node: u32) -> (bool, bool, bool, &str, &str, uuid::Uuid) {
        let is = self.nodes[node];
        let (place, name) = (self.texts.get(is.place), self.texts.get(is.name));
        (!is.named, is.deleted, !is.preferred, place, name, is.id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(n: u8) -> DatasetId {
        DatasetId::of("ns", &n.to_string())
    }

    #[derive(Debug, Clone)]
    enum Step {
        Name(u8),
        Alias(u8, u8),
        Delete(u8),
        Prefer(u8),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0..6_u8).prop_map(Step::Name),
            (0..6_u8, 0..6_u8).prop_map(|(a, b)| Step::Alias(a, b)),
            (0..6_u8).prop_map(Step::Delete),
            (0..6_u8).prop_map(Step::Prefer),
        ];
        prop::collection::vec(step, 0..14)
    }

    fn classes(steps: &[Step]) -> Vec<Vec<DatasetId>> {
        let mut graph = Graph::new();
        for step in steps {
            match *step {
                Step::Name(n) => graph.name_dataset(id(n), "ns", &n.to_string()),
                Step::Alias(a, b) => graph.alias(id(a), id(b)),
                Step::Delete(n) => graph.set_dataset_deleted(id(n), true),
                Step::Prefer(n) => graph.prefer(id(n), true),
            }
        }
        (0..6).map(|n| graph.aliases(id(n))).collect()
    }

    proptest! {
        #[test]
        fn classes_do_not_depend_on_order(
            (steps, shuffled) in steps().prop_flat_map(|s| (Just(s.clone()), Just(s).prop_shuffle())),
        ) {
            prop_assert_eq!(classes(&steps), classes(&shuffled));
        }
    }

    #[test]
    fn live_name_shows_a_renamed_dataset() {
        let mut graph = Graph::new();
        graph.name_dataset(id(1), "ns", "1");
        graph.name_dataset(id(2), "ns", "2");
        graph.alias(id(1), id(2));
        assert_eq!(graph.canonical(id(2)), Some(id(1)));
        graph.set_dataset_deleted(id(1), true);
        assert_eq!(graph.canonical(id(1)), Some(id(2)));
        graph.remove_dataset(id(2));
        assert_eq!(graph.aliases(id(1)), [id(1)]);
    }
}
