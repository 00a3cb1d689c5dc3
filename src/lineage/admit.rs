//! Which of the nodes found at one level come into the answer.
//!
//! All of them, by name, if the node limit allows. If not, datasets by name, each with the
//! job that leads to it; jobs that lead nowhere new fill what is left. So an answer cut at a
//! hub still shows datasets, and the same ones whatever order the facts came in.

use std::cmp::Ordering;

use super::graph::Graph;
use super::index::NONE;
use super::maps::Map;
use super::nodes::Kind;
use super::question::Level;
use super::view::Way;
use super::walk::{Found, Walk};

impl Walk<'_> {
    /// Takes found nodes into the answer, as far as the limit allows.
    pub(super) fn admit(&mut self, mut found: Vec<Found>, hop: i32, is_focus: bool) {
        self.drop_known(&mut found, is_focus);
        unite(&mut found);
        let (known, mut new): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|f| self.hops.contains_key(&f.node));
        let room = self.room(new.len());
        if new.len() > room {
            self.truncated.nodes = true;
            self.truncated.left_out += new.len() - room;
            new = self.choose(new, room);
        }
        let graph = self.view.graph;
        new.sort_by(|a, b| graph.compare(a.node, b.node));
        for Found { node, down, up } in &new {
            self.hops.insert(*node, if *up && !down { -hop } else { hop });
            self.order.push(*node);
        }
        for Found { node, down, up } in known.into_iter().chain(new) {
            // A job met on the way was passed when it was entered.
            let is_job = graph.nodes[node].kind == Kind::Job;
            let goes_on = !is_job || is_focus || self.level == Level::Column;
            for (way, goes) in [(Way::Down, down), (Way::Up, up)] {
                if goes && self.visited.insert((node, way)) && goes_on {
                    self.frontiers[way as usize].push(node);
                }
            }
        }
    }

    fn drop_known(&self, found: &mut Vec<Found>, is_focus: bool) {
        let jobs_shown = self.include_jobs || is_focus || self.level == Level::Column;
        found.retain_mut(|f| {
            f.down &= !self.visited.contains(&(f.node, Way::Down));
            f.up &= !self.visited.contains(&(f.node, Way::Up));
            let is_allowed = self.aim.as_ref().is_none_or(|aim| aim.allowed.contains(&f.node));
            let is_job = self.view.graph.nodes[f.node].kind == Kind::Job;
            let is_news = f.down || f.up || !self.hops.contains_key(&f.node);
            is_allowed && is_news && (jobs_shown || !is_job)
        });
    }

    /// Returns how many may come in. A search for paths leaves half for the hops to come.
    fn room(&self, new: usize) -> usize {
        let left = self.limit.saturating_sub(self.order.len());
        if self.aim.is_some() && new > left / 2 { left.div_ceil(2) } else { left }
    }

    fn choose(&self, mut new: Vec<Found>, room: usize) -> Vec<Found> {
        let graph = self.view.graph;
        let leads = self.leads();
        let mut chosen: Vec<Found> = Vec::with_capacity(room + 1);
        if let Some(aim) = &self.aim {
            chosen.extend(new.extract_if(.., |f| f.node == aim.end));
        }
        let (jobs, datasets): (Vec<_>, Vec<_>) =
            new.into_iter().partition(|f| graph.nodes[f.node].kind == Kind::Job);
        let mut jobs: Map<u32, Found> = jobs.into_iter().map(|f| (f.node, f)).collect();
        for dataset in first(graph, datasets, room) {
            let lead = leads.get(&dataset.node).and_then(|job| jobs.get(job)).copied();
            if chosen.len() + 1 + usize::from(lead.is_some()) > room {
                break;
            }
            if let Some(job) = lead.and_then(|job| jobs.remove(&job.node)) {
                chosen.push(job);
            }
            chosen.push(dataset);
        }
        let left = room.saturating_sub(chosen.len());
        chosen.extend(first(graph, jobs.into_values().collect(), left));
        chosen
    }

    /// For each dataset found at this level, the first job by name that leads to it.
    fn leads(&self) -> Map<u32, u32> {
        let mut leads: Map<u32, u32> = Map::default();
        if self.level == Level::Column || !self.include_jobs {
            return leads;
        }
        let graph = self.view.graph;
        let is_job = |node: u32| graph.nodes[node].kind == Kind::Job;
        for arc in self.arcs.iter().skip(self.mark) {
            let ends = [(arc.from, arc.to), (arc.to, arc.from)];
            for (end, other) in ends.into_iter().filter(|(end, _)| !self.hops.contains_key(end)) {
                let job = if arc.via == NONE { other } else { arc.via };
                if is_job(job) && !is_job(end) {
                    let lead = leads.entry(end).or_insert(job);
                    if graph.compare(job, *lead) == Ordering::Less {
                        *lead = job;
                    }
                }
            }
        }
        leads
    }
}

/// Returns the first ones by name, sorted, without sorting the others.
fn first(graph: &Graph, mut found: Vec<Found>, count: usize) -> Vec<Found> {
    if count == 0 {
        return Vec::new();
    }
    if found.len() > count {
        found.select_nth_unstable_by(count - 1, |a, b| graph.compare(a.node, b.node));
        found.truncate(count);
    }
    found.sort_by(|a, b| graph.compare(a.node, b.node));
    found
}

/// Makes one of those that are the same node.
fn unite(found: &mut Vec<Found>) {
    found.sort_unstable_by_key(|f| f.node);
    found.dedup_by(|again, first| {
        let same = again.node == first.node;
        if same {
            first.down |= again.down;
            first.up |= again.up;
        }
        same
    });
}

impl Graph {
    /// Orders nodes as answers do: jobs first, then by namespace, name, field and id.
    pub(super) fn compare(&self, a: u32, b: u32) -> std::cmp::Ordering {
        if a == b { std::cmp::Ordering::Equal } else { self.order_key(a).cmp(&self.order_key(b)) }
    }

    fn order_key(&self, node: u32) -> (bool, &str, &str, uuid::Uuid, Option<&str>) {
        let is = self.nodes[node];
        if is.kind == Kind::Field {
            let of = self.nodes[self.nodes[is.place].canon];
            let field = Some(self.texts.get(is.name));
            return (true, self.texts.get(of.place), self.texts.get(of.name), of.id, field);
        }
        let (place, name) = (self.texts.get(is.place), self.texts.get(is.name));
        (is.kind != Kind::Job, place, name, is.id, None)
    }
}
