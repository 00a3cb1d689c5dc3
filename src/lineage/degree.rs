//! How much hangs on a node: cheap counts for ranking.

use std::collections::BTreeSet;

use super::graph::Graph;
use super::maps::Set;
use super::question::{NodeRef, Scope};
use super::view::{Touch, View, Way};
use crate::base::DatasetId;

/// Direct neighbours of a dataset or job as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Degree {
    /// Jobs that read the dataset, or datasets that the job reads.
    pub readers_or_reads: usize,
    /// Jobs that write the dataset, or datasets that the job writes.
    pub writers_or_writes: usize,
}

impl Graph {
    /// Counts the direct neighbours of a dataset or job. Looks at its own edges only.
    #[must_use]
    pub fn degree(&self, node: &NodeRef) -> Degree {
        let mut view = View::new(self, Scope::CURRENT);
        let Some(node) = self.resolve(node) else { return Degree::default() };
        let mut count = |way| {
            let (mut touched, mut ends) = (Vec::new(), Set::default());
            match view.canon(node) {
                Some(dataset) => view.touch(dataset, way, &mut touched),
                None => view.pass(node, way, true, &mut touched),
            }
            let is_job = view.canon(node).is_none();
            for touch in touched {
                match touch {
                    Touch::Job { job, .. } if !is_job => ends.extend([job]),
                    Touch::Dataset { via, .. } if !is_job => ends.extend(via),
                    Touch::Dataset { dataset, .. } => ends.extend([dataset]),
                    Touch::Job { .. } => {}
                }
            }
            ends.len()
        };
        let (down, up) = (count(Way::Down), count(Way::Up));
        match view.canon(node) {
            Some(_) => Degree { readers_or_reads: down, writers_or_writes: up },
            None => Degree { readers_or_reads: up, writers_or_writes: down },
        }
    }

    /// Returns the datasets that a dataset or job touches now, or ever did: how much hangs on them
    /// follows from what is said of it too.
    #[must_use]
    pub fn datasets_around(&self, node: &NodeRef) -> Vec<DatasetId> {
        let scope = Scope { include_deleted: true, ..Scope::default() };
        let mut view = View::new(self, scope);
        let Some(node) = self.resolve(node) else { return Vec::new() };
        let mut touched = Vec::new();
        for way in [Way::Down, Way::Up] {
            match view.canon(node) {
                Some(dataset) => view.touch(dataset, way, &mut touched),
                None => view.pass(node, way, true, &mut touched),
            }
        }
        let datasets = touched.into_iter().filter_map(|touch| match touch {
            Touch::Dataset { dataset, .. } => Some(DatasetId(self.nodes[dataset].id)),
            Touch::Job { .. } => None,
        });
        let datasets: BTreeSet<DatasetId> = datasets.collect();
        Vec::from_iter(datasets)
    }

    /// Counts the datasets downstream of a dataset, all hops together, up to `max`.
    #[must_use]
    pub fn downstream_count(&self, node: &NodeRef, max: usize) -> usize {
        let mut view = View::new(self, Scope::CURRENT);
        let Some(start) = self.resolve(node).and_then(|n| view.canon(n)) else { return 0 };
        let (mut seen, mut entered) = (Set::default(), Set::default());
        seen.insert(start);
        let (mut waiting, mut touched) = (vec![start], Vec::new());
        while let Some(dataset) = waiting.pop() {
            view.touch(dataset, Way::Down, &mut touched);
            while let Some(touch) = touched.pop() {
                match touch {
                    Touch::Dataset { dataset, .. } if seen.insert(dataset) => waiting.push(dataset),
                    Touch::Job { job, enters: true, .. } if entered.insert(job) => {
                        view.pass(job, Way::Down, false, &mut touched);
                    }
                    _ => {}
                }
                if seen.len() > max {
                    return max;
                }
            }
        }
        seen.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shorthand::*;
    use super::super::*;

    #[test]
    fn degrees_count_each_neighbour_once() {
        let graph = graph(&[
            facts("j1").io(&["a"], &["b", "c"]).columns("b", &[("x", &["a.x"])], &[]),
            facts("j2").io(&["b", "c"], &["d"]),
        ]);
        let of = |node: NodeRef| {
            let degree = graph.degree(&node);
            (degree.readers_or_reads, degree.writers_or_writes)
        };
        assert_eq!(of(NodeRef::Dataset(ds("a"))), (1, 0));
        assert_eq!(of(NodeRef::Dataset(ds("b"))), (1, 1));
        assert_eq!(of(NodeRef::Job(job("j1"))), (1, 2));
        assert_eq!(of(NodeRef::Job(job("j9"))), (0, 0));
        let mut around = vec![ds("a"), ds("b"), ds("c")];
        around.sort_unstable();
        assert_eq!(graph.datasets_around(&NodeRef::Job(job("j1"))), around);
        assert_eq!(graph.datasets_around(&NodeRef::Job(job("j9"))), []);
        assert_eq!(graph.downstream_count(&NodeRef::Dataset(ds("a")), 99), 3);
        assert_eq!(graph.downstream_count(&NodeRef::Dataset(ds("a")), 2), 2);
    }
}
