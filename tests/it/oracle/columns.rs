//! Columns: their edges, the schema that stands (point 8), and when a dataset was last written.

use std::collections::BTreeSet;

use super::current::{Edge, Mark};
use super::known::mentions;
use super::links::Node;
use super::log::Standing;
use super::moment::Moment;
use super::read::{About, Mentioned};
use super::rule::Rule;
use super::runs::Word;

/// Told or read, by a run that completed, by whom, when; the greatest stands.
type Weight = (bool, bool, Standing, i64, u64);

impl Moment<'_> {
    /// The columns of a dataset, and whether somebody who writes or declares it said so.
    pub fn schema(&self, dataset: usize) -> (Vec<String>, bool) {
        let best = self.best(dataset, |mention| mention.schema.clone());
        best.map_or((Vec::new(), false), |((told, ..), schema)| (schema, told))
    }

    /// What a dataset is described as.
    pub fn description(&self, dataset: usize) -> Option<String> {
        self.best(dataset, |mention| mention.description.clone()).map(|(_, text)| text)
    }

    /// What whoever writes or declares a dataset says of it, the newest; else what readers say.
    fn best<T>(
        &self,
        dataset: usize,
        says: impl Fn(&Mentioned) -> Option<T>,
    ) -> Option<(Weight, T)> {
        let mut best: Option<(Weight, T)> = None;
        for (index, event) in self.known().events.iter().enumerate() {
            if event.at > self.until {
                break;
            }
            let run = self.oracle.runs.of_event.get(&index).copied();
            let inputs = event.inputs.as_ref().map_or(0, Vec::len);
            for (nth, mention) in mentions(event).enumerate() {
                let Some(said) = says(mention) else { continue };
                let told = nth >= inputs;
                let (name, at) = (&mention.name, event.at);
                let place = self.oracle.links.place(name, at);
                let meant = match run {
                    Some(run) if told => {
                        let first = self.said[run].outputs.get(name).map_or(at, |o| o.first);
                        self.output(run, name, first)
                    }
                    _ => self.oracle.names.dataset(&place, at, !told || run.is_some()),
                };
                if meant != Some(dataset) {
                    continue;
                }
                let done = run.is_none_or(|run| self.states[run].word == Word::Completed);
                let standing = event.author.standing(&name.namespace);
                let weight = told || !self.say(Rule::WriterOverReader);
                let key = (weight, weight && done, standing, at, event.digest);
                if best.as_ref().is_none_or(|(known, _)| *known < key) {
                    best = Some((key, said));
                }
            }
        }
        best
    }

    /// Every current edge between columns (none: the whole). Those of columns that a dataset no
    /// longer has are not current.
    pub fn columns(&self) -> BTreeSet<Edge> {
        let is = |node: &Node, field: Option<&String>| {
            let (Node::Dataset(dataset), Some(field)) = (node, field) else { return true };
            let (schema, told) = self.schema(*dataset);
            !told || schema.is_empty() || schema.contains(field)
        };
        let all = self.current().iter().filter(|edge| !edge.side);
        all.filter(|edge| {
            let exist =
                is(&edge.from, edge.from_field.as_ref()) && is(&edge.to, edge.to_field.as_ref());
            exist || !self.say(Rule::ColumnsExist)
        })
        .cloned()
        .collect()
    }

    /// When a dataset was last written well.
    pub fn written_at(&self, dataset: usize) -> Option<i64> {
        let mut last = None;
        for (run, began, _) in self.begun() {
            let said = &self.said[run];
            for (name, output) in said.outputs.iter().filter(|(_, output)| output.is_write()) {
                if self.output(run, name, output.first) != Some(dataset) {
                    continue;
                }
                let mut at = self.completed(run, output.first);
                if at.is_none() && !self.say(Rule::WrittenWhenCompleted) {
                    at = Some(began);
                }
                last = last.max(at);
            }
        }
        last
    }

    /// The datasets that are known only as unresolved sources, or only as where tests put what
    /// failed: demanded of nobody.
    pub fn demanded_of_nobody(&self) -> BTreeSet<usize> {
        let mut all = BTreeSet::new();
        let mut used = BTreeSet::new();
        for (index, event) in self.known().events.iter().enumerate() {
            let Some(run) = self.oracle.runs.of_event.get(&index).copied() else {
                used.extend(mentions(event).filter_map(|m| self.find(&m.name.to_string())));
                continue;
            };
            for input in event.inputs.iter().flatten() {
                used.extend(self.input(run, &input.name, event.at));
            }
            for output in event.outputs.iter().flatten() {
                let dataset = self.output(run, &output.name, event.at);
                if event.test && event.about != About::Job {
                    all.extend(dataset);
                } else {
                    used.extend(dataset);
                }
            }
        }
        for edge in self.ever().into_iter().filter(|e| e.marks.contains(&Mark::Unresolved)) {
            if let Node::Dataset(dataset) = edge.from {
                all.insert(dataset);
            }
        }
        all.retain(|dataset| !used.contains(dataset) && self.say(Rule::DemandedOfNobody));
        all
    }
}
