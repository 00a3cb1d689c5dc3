//! Everything that a change reaches, as a list: how far, over what, and what is carried.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::{HiddenCount, JobLabel, NodeType, SubGraph, Truncated};
use super::facts::Origin;
use super::graph::Graph;
use super::question::{NodeRef, Question, Sight, Visibility};
use super::transforms::Carry;
use super::units::Units;
use super::view::Way;
use super::walk::Walk;
use crate::base::{DatasetId, JobId};

/// Name of a node or field in lists and paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// What it is; hidden ones have nothing else.
    pub kind: NodeType,
    /// Its id.
    pub id: Option<Uuid>,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The field, if it is one.
    pub field: Option<String>,
}

impl Label {
    /// Returns the key in Marquez's form, of a field `datasetField:{namespace}:{name}:{field}`;
    /// none if hidden.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        let Self { kind, id, namespace, name, field } = self;
        match (kind, field) {
            (NodeType::Hidden, _) => None,
            (NodeType::Run, _) => id.map(|id| format!("run:{id}")),
            (NodeType::Job, _) => Some(format!("job:{namespace}:{name}")),
            (NodeType::Dataset, None) => Some(format!("dataset:{namespace}:{name}")),
            (NodeType::Dataset, Some(f)) => Some(format!("datasetField:{namespace}:{name}:{f}")),
        }
    }
}

/// What a change reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Impact {
    /// Entries by distance and then by name, hidden ones last within a distance.
    pub entries: Vec<ImpactEntry>,
    /// How many of them are hidden.
    pub hidden: HiddenCount,
    /// What the list leaves out.
    pub truncated: Truncated,
}

/// One dataset or field that is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImpactEntry {
    /// What is reached.
    pub node: Label,
    /// Hops from the focus; negative against the flow.
    pub hops: i32,
    /// What is carried to it at most, over any path within the answer.
    pub carry: Carry,
    /// The weakest origin along the path that `previous` leads back.
    pub origin: Origin,
    /// The entry before it on a shortest path; none if the focus is.
    pub previous: Option<usize>,
    /// Jobs over which the last step leads.
    pub jobs: Vec<JobLabel>,
    /// Number of further such jobs that the asker may not see.
    pub hidden_jobs: usize,
}

impl Impact {
    /// Returns the entries along a shortest path from the focus to an entry, that included.
    #[must_use]
    pub fn path(&self, entry: usize) -> Vec<&ImpactEntry> {
        let mut path = Vec::new();
        let mut at = Some(entry);
        while let Some(entry) = at.and_then(|at| self.entries.get(at)) {
            path.push(entry);
            at = entry.previous.filter(|_| path.len() <= self.entries.len());
        }
        path.reverse();
        path
    }
}

impl Graph {
    /// Lists what the focus of a question reaches (and what reaches it, if hops up are
    /// asked for). Jobs are named on the steps, not listed.
    #[must_use]
    pub fn impact(&self, question: &Question, sight: &Sight<'_>) -> Impact {
        let folded = Question { include_jobs: false, ..question.clone() };
        let answer = Walk::of(self, &folded).compose();
        let mut drafts = Vec::new();
        for way in [Way::Down, Way::Up] {
            let units = Units::of(&answer, way, question.scope.assume_columns);
            drafts.extend(list(&answer, &units, way));
        }
        finish(drafts, &answer, sight)
    }
}

/// An entry before it has its place in the list.
struct Draft {
    node: usize,
    field: Option<usize>,
    hops: i32,
    carry: Carry,
    origin: Origin,
    previous: Option<(usize, Option<usize>)>,
    edge: Option<usize>,
}

fn hops_of(graph: &SubGraph, (node, field): (usize, Option<usize>)) -> i32 {
    let node = &graph.nodes[node];
    field.map_or(node.whole.unwrap_or(node.hops), |f| node.fields[f].hops)
}

fn list(graph: &SubGraph, units: &Units, way: Way) -> Vec<Draft> {
    let is_start = |unit: usize| {
        let of = units.list[unit];
        let node = &graph.nodes[of.0];
        let whole_counts = of.1.is_some() || node.fields.is_empty() || node.whole.is_some();
        hops_of(graph, of) == 0 && whole_counts
    };
    let starts: Vec<usize> = (0..units.list.len()).filter(|&u| is_start(u)).collect();
    let distance = units.distances(&starts, |_| true);
    let carry = carries(units, &starts);
    let previous = previous(units, &distance);
    let mut origin = vec![Origin::Observed; units.list.len()];
    let mut order: Vec<usize> = (0..units.list.len()).collect();
    order.sort_by_key(|&u| (distance[u], units.list[u].1.is_some(), u));
    let mut drafts = Vec::new();
    for unit in order {
        let (node, field) = units.list[unit];
        let Some((before, edge)) = previous[unit] else { continue };
        let said = edge.map_or(Origin::Observed, |e| graph.edges[e].origin);
        origin[unit] = origin[before].min(said);
        let listed = field.is_some() || graph.nodes[node].fields.is_empty();
        let ours = match way {
            Way::Down => hops_of(graph, (node, field)) > 0,
            Way::Up => hops_of(graph, (node, field)) < 0,
        };
        if !listed || !ours || graph.nodes[node].kind != NodeType::Dataset {
            continue;
        }
        let far = i32::try_from(distance[unit]).unwrap_or(i32::MAX);
        // A whole with listed fields has no entry: the path leads on from before it.
        let (mut from, mut last) = (before, edge);
        while let Some((earlier, edge)) = previous[from] {
            let (node, field) = units.list[from];
            if field.is_some() || graph.nodes[node].fields.is_empty() {
                break;
            }
            last = last.or(edge);
            from = earlier;
        }
        let at = units.list[from];
        drafts.push(Draft {
            node,
            field,
            hops: if way == Way::Down { far } else { -far },
            carry: carry[unit].unwrap_or(Carry::Unknown),
            origin: origin[unit],
            previous: (distance[from] > 0).then_some(at),
            edge: last,
        });
    }
    drafts
}

/// For each unit the strongest that is carried to it over any path.
fn carries(units: &Units, starts: &[usize]) -> Vec<Option<Carry>> {
    let mut carry: Vec<Option<Carry>> = vec![None; units.list.len()];
    for level in [Carry::Direct, Carry::Unknown, Carry::Masked, Carry::Indirect] {
        let mut stack = starts.to_vec();
        let mut seen = vec![false; units.list.len()];
        while let Some(unit) = stack.pop() {
            if std::mem::replace(&mut seen[unit], true) {
                continue;
            }
            carry[unit] = carry[unit].or(Some(level));
            let strong = units.steps[unit].iter().filter(|s| s.carry >= level);
            stack.extend(strong.map(|s| s.to).filter(|&to| !seen[to]));
        }
    }
    carry
}

/// For each unit the first one, by name, that is one step nearer, with the edge.
fn previous(units: &Units, distance: &[u32]) -> Vec<Option<(usize, Option<usize>)>> {
    let mut previous = vec![None; units.list.len()];
    for (unit, steps) in units.steps.iter().enumerate() {
        if distance[unit] == u32::MAX {
            continue;
        }
        for step in steps {
            let nearer = distance[unit] + step.cost() == distance[step.to];
            if nearer && distance[step.to] > 0 && previous[step.to].is_none() {
                previous[step.to] = Some((unit, step.edge));
            }
        }
    }
    previous
}

fn finish(drafts: Vec<Draft>, graph: &SubGraph, sight: &Sight<'_>) -> Impact {
    let mut listed: Vec<(Label, Draft)> =
        drafts.into_iter().map(|d| (graph.label(d.node, d.field, sight), d)).collect();
    listed.sort_by(|(a, x), (b, y)| {
        let key = |l: &Label, d: &Draft| {
            (d.hops.abs(), l.kind == NodeType::Hidden, d.hops, l.namespace.clone(), l.name.clone())
        };
        key(a, x).cmp(&key(b, y)).then_with(|| (&a.field, a.id).cmp(&(&b.field, b.id)))
    });
    let place = |(_, d): &(Label, Draft)| (d.node, d.field, d.hops > 0);
    let at: super::maps::Map<_, usize> =
        listed.iter().enumerate().map(|(index, entry)| (place(entry), index)).collect();
    let mut impact = Impact { truncated: graph.truncated, ..Impact::default() };
    for (label, draft) in listed {
        if label.kind == NodeType::Hidden {
            match draft.field {
                Some(_) => impact.hidden.fields += 1,
                None => impact.hidden.datasets += 1,
            }
        }
        let (jobs, hidden_jobs) = graph.jobs_seen(draft.edge, sight);
        let before = draft.previous.map(|(node, field)| (node, field, draft.hops > 0));
        impact.entries.push(ImpactEntry {
            node: label,
            hops: draft.hops,
            carry: draft.carry,
            origin: draft.origin,
            previous: before.and_then(|b| at.get(&b).copied()),
            jobs,
            hidden_jobs,
        });
    }
    impact
}

impl SubGraph {
    /// Returns the label of a node or field, as far as the asker may see it.
    pub(super) fn label(&self, node: usize, field: Option<usize>, sight: &Sight<'_>) -> Label {
        let node = &self.nodes[node];
        let field = field.and_then(|f| node.fields.get(f)).map(|f| f.name.clone());
        let dataset = node.id.map(DatasetId).filter(|_| node.kind == NodeType::Dataset);
        let part = dataset.zip(field.clone()).map(|(id, field)| NodeRef::Field(id, field));
        let hidden = |n: &NodeRef| sight(n) == Visibility::Hidden;
        if node.reference().as_ref().is_some_and(hidden) || part.as_ref().is_some_and(hidden) {
            let (namespace, name) = (String::new(), String::new());
            return Label { kind: NodeType::Hidden, id: None, namespace, name, field: None };
        }
        let (namespace, name) = (node.namespace.clone(), node.name.clone());
        Label { kind: node.kind, id: node.id, namespace, name, field }
    }

    /// Returns the jobs of an edge that the asker may see, and the number of others.
    pub(super) fn jobs_seen(
        &self,
        edge: Option<usize>,
        sight: &Sight<'_>,
    ) -> (Vec<JobLabel>, usize) {
        let jobs = edge.and_then(|e| self.edges.get(e)).map_or(&[][..], |e| &e.jobs);
        let seen = |j: &&JobLabel| sight(&NodeRef::Job(JobId(j.id))) == Visibility::Visible;
        let shown: Vec<JobLabel> = jobs.iter().filter(seen).cloned().collect();
        let hidden = jobs.len() - shown.len();
        (shown, hidden)
    }
}
