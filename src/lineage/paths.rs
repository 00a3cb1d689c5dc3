//! The shortest directed simple paths between two nodes (Yen 1971).
//!
//! Paths are by length and then by the order of their nodes in the answer (distance, name),
//! so that which ones are shown does not depend on chance. No dataset or field is passed
//! twice; a job may be. A path over several jobs between the same two nodes is one path.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{JobLabel, SubGraph, Truncated};
use super::facts::{Origin, Seen, Transformation};
use super::graph::Graph;
use super::impact::Label;
use super::maps::Set;
use super::question::{Level, NodeRef, Question, Scope, Sight};
use super::transforms::Carry;
use super::units::Units;
use super::view::Way;
use super::walk::{Aim, Walk};
use crate::base::limits::{GRAPH_DEPTH_MAX, GRAPH_NODES_MAX, GRAPH_PATHS_MAX};

/// Units that one search for paths looks at, at most, all rounds together.
const WORK_UNITS_MAX: usize = 10_000_000;

/// Nodes that are searched back from the end, at most.
const BACK_NODES_MAX: usize = 200_000;

/// A question for paths.
#[derive(Debug, Clone, PartialEq)]
pub struct PathQuestion {
    /// Where the flow starts.
    pub from: NodeRef,
    /// Where it ends.
    pub to: NodeRef,
    /// Greatest number of paths, at most [`GRAPH_PATHS_MAX`].
    pub count: usize,
    /// Greatest length in hops, at most [`GRAPH_DEPTH_MAX`].
    pub hops: u32,
    /// Tables or columns.
    pub level: Level,
    /// Which statements count.
    pub scope: Scope,
}

/// The paths found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Paths {
    /// Shortest first.
    pub paths: Vec<Path>,
    /// Whether there are more paths than were asked for.
    pub more: bool,
    /// What the search left out; then shorter paths than those shown may be missing only
    /// if it says so.
    pub truncated: Truncated,
}

/// A path along the flow.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Path {
    /// Its nodes, from where the flow starts to where it ends.
    pub nodes: Vec<Label>,
    /// Its steps: one fewer than nodes.
    pub steps: Vec<PathStep>,
    /// Length in hops. A step from a whole dataset to its field is none.
    pub hops: u32,
    /// What is carried from end to end.
    pub carry: Carry,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathStep {
    /// What is carried.
    pub carry: Carry,
    /// How it is known.
    pub origin: Origin,
    /// When; none from a whole dataset to its field.
    pub seen: Option<Seen>,
    /// Jobs over which it leads.
    pub jobs: Vec<JobLabel>,
    /// Number of further such jobs that the asker may not see.
    pub hidden_jobs: usize,
    /// What is done to the value.
    pub transformations: Vec<Transformation>,
}

impl Graph {
    /// Finds the shortest paths between two nodes.
    #[must_use]
    pub fn paths(&self, question: &PathQuestion, sight: &Sight<'_>) -> Paths {
        let Some(answer) = self.between(question) else { return Paths::default() };
        let mut found = Paths { truncated: answer.truncated, ..Paths::default() };
        let units = Units::of(&answer, Way::Down, question.scope.assume_columns);
        let ends = self.unit_of(&answer, &units, question, &question.from).zip(self.unit_of(
            &answer,
            &units,
            question,
            &question.to,
        ));
        if let Some((from, to)) = ends.filter(|(from, to)| from != to) {
            let back = units.reversed();
            let mut search =
                Search { units: &units, back: &back, to, hops: question.hops, work: 0 };
            let count = question.count.clamp(1, GRAPH_PATHS_MAX);
            let mut paths = search.yen(from, count + 1);
            found.more = paths.len() > count;
            found.truncated.work |= search.work > WORK_UNITS_MAX;
            paths.truncate(count);
            found.paths = paths.iter().map(|p| answer.path(&units, p, sight)).collect();
        }
        found
    }

    /// Answers with what lies on paths between the ends; nothing if there is none.
    fn between(&self, question: &PathQuestion) -> Option<SubGraph> {
        let hops = question.hops.min(GRAPH_DEPTH_MAX);
        let cone = |focus: &NodeRef, up, down| Question {
            focus: vec![focus.clone()],
            level: question.level,
            up,
            down,
            limit: GRAPH_NODES_MAX,
            scope: question.scope,
            include_jobs: false,
        };
        let up = cone(&question.to, hops, 0);
        let mut back = Walk::new(self, &up);
        back.limit = BACK_NODES_MAX;
        let back = back.walked(&up);
        let end = *back.order.first()?;
        let allowed = back.hops.keys().copied().collect();
        let down = cone(&question.from, 0, hops);
        let mut walk = Walk::new(self, &down);
        walk.aim = Some(Aim { allowed, end });
        let walk = walk.walked(&down);
        let is_reached = walk.hops.contains_key(&end);
        let mut answer = walk.compose();
        // What lies beside the paths was left out on purpose.
        (answer.truncated.depth, answer.truncated.beyond) = (false, 0);
        answer.truncated.nodes |= back.truncated.nodes;
        answer.truncated.work |= back.truncated.work;
        (is_reached || answer.truncated.any()).then_some(answer)
    }

    /// Finds the unit of an end; at column level a dataset stands for the whole, at table level
    /// a field for its dataset.
    fn unit_of(
        &self,
        answer: &SubGraph,
        units: &Units,
        question: &PathQuestion,
        end: &NodeRef,
    ) -> Option<usize> {
        let (id, field) = match end {
            NodeRef::Dataset(id) => (self.canonical(*id)?.0, None),
            NodeRef::Job(id) => (id.0, None),
            NodeRef::Field(id, field) => {
                let field = Some(field.as_str()).filter(|_| question.level == Level::Column);
                (self.canonical(*id)?.0, field)
            }
        };
        let node = answer.nodes.iter().position(|n| n.id == Some(id))?;
        units.find(answer, node, field)
    }
}

/// A path as units, with the step taken into each but the first.
type Found = (u32, Vec<usize>);

struct Search<'a> {
    units: &'a Units,
    back: &'a Units,
    to: usize,
    hops: u32,
    work: usize,
}

impl Search<'_> {
    fn yen(&mut self, from: usize, count: usize) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut candidates: BTreeSet<Found> = BTreeSet::new();
        candidates.extend(self.shortest(&[from], &Set::default()));
        while let Some(next) = candidates.pop_first() {
            let path = next.1.clone();
            found.push(next);
            if found.len() == count || self.work > WORK_UNITS_MAX {
                break;
            }
            for spur in 0..path.len() - 1 {
                let root = &path[..=spur];
                let taken: Set<usize> = found
                    .iter()
                    .filter(|(_, p)| p.starts_with(root))
                    .filter_map(|(_, p)| p.get(spur + 1).copied())
                    .collect();
                candidates.extend(self.shortest(root, &taken));
            }
        }
        found
    }

    /// Finds the shortest path that begins with `root` and does not go on with `taken`.
    fn shortest(&mut self, root: &[usize], taken: &Set<usize>) -> Option<Found> {
        let (&last, before) = root.split_last()?;
        let passed: Set<usize> = before.iter().copied().collect();
        self.work += self.units.list.len();
        // The last of the root is left only over steps that are not taken, so it is closed here.
        let distance =
            self.back.distances(&[self.to], |unit| unit != last && !passed.contains(&unit));
        let mut path = root.to_vec();
        let mut length = self.length(root);
        let mut at = last;
        while at != self.to {
            let open = self.units.steps[at]
                .iter()
                .filter(|s| distance[s.to] != u32::MAX && !(at == last && taken.contains(&s.to)));
            let step = open.min_by_key(|s| (s.cost() + distance[s.to], s.to))?;
            length += step.cost();
            path.push(step.to);
            at = step.to;
        }
        (length <= self.hops).then_some((length, path))
    }

    fn length(&self, path: &[usize]) -> u32 {
        path.windows(2).filter_map(|two| self.units.step(two[0], two[1])).map(|s| s.cost()).sum()
    }
}

impl Units {
    /// Returns the cheapest step between two units.
    fn step(&self, from: usize, to: usize) -> Option<&super::units::Step> {
        self.steps[from].iter().filter(|s| s.to == to).min_by_key(|s| s.cost())
    }
}

impl SubGraph {
    fn path(&self, units: &Units, (hops, path): &Found, sight: &Sight<'_>) -> Path {
        let nodes = path.iter().map(|&u| self.label(units.list[u].0, units.list[u].1, sight));
        let steps: Vec<PathStep> = path
            .windows(2)
            .filter_map(|two| units.step(two[0], two[1]))
            .map(|step| self.path_step(step.edge, sight))
            .collect();
        let carry = steps.iter().map(|s| s.carry).min().unwrap_or(Carry::Unknown);
        Path { nodes: nodes.collect(), steps, hops: *hops, carry }
    }

    fn path_step(&self, edge: Option<usize>, sight: &Sight<'_>) -> PathStep {
        let (jobs, hidden_jobs) = self.jobs_seen(edge, sight);
        let of = edge.and_then(|e| self.edges.get(e));
        PathStep {
            carry: of.map_or(Carry::Direct, |e| e.carry),
            origin: of.map_or(Origin::Observed, |e| e.origin),
            seen: of.map(|e| e.seen),
            jobs,
            hidden_jobs,
            transformations: of.map(|e| e.transformations.clone()).unwrap_or_default(),
        }
    }
}
