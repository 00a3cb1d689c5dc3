//! What passed on data when, for `holds` (point 4), and whether a write is one in place.

use std::collections::{BTreeMap, BTreeSet};

use super::executions::Spoke;
use super::log::{Edit, Name};
use super::moment::Moment;
use super::rule::Rule;
use super::runs::Word;
use super::statements::{End, Flow, declared, declarers, flows};
use super::time::{BEGINNING, END};

/// Something that data goes through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    Dataset(usize),
    /// What a job was told to be fed by others.
    Job(Name),
    /// What a job as a whole consumes.
    Reads(Name),
}

/// A source's column and a target's.
pub type Fields = (Option<String>, Option<String>);

/// Data may have gone from one to the other, any time between two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub from: Node,
    pub to: Node,
    pub begin: i64,
    pub end: i64,
    /// Which column came from which; none: any.
    pub fields: Fields,
}

impl Moment<'_> {
    /// All links, with each dataset that a name may have meant, and the columns that they lead from
    /// and to.
    pub fn column_links(&self) -> &[Link] {
        self.worked_out.column_links.get_or_init(|| {
            let mut links = self.links_of_runs();
            links.extend(self.links_declared());
            links.extend(self.links_by_hand());
            links.sort_unstable();
            links.dedup();
            links
        })
    }

    /// The same between datasets as wholes.
    pub fn all_links(&self) -> &[Link] {
        self.worked_out.links.get_or_init(|| {
            let whole = |link: &Link| Link { fields: (None, None), ..link.clone() };
            let mut links: Vec<Link> = self.column_links().iter().map(whole).collect();
            links.dedup();
            links.sort_unstable();
            links.dedup();
            links
        })
    }

    fn links_of_runs(&self) -> Vec<Link> {
        let mut links = Vec::new();
        let spans = self.spans();
        for (run, began, ended) in self.begun() {
            if self.states[run].word != Word::Completed && !self.say(Rule::UnfinishedHolds) {
                continue;
            }
            let Some(job) = self.run(run).job.as_ref() else { continue };
            let mut add = |from: BTreeSet<Node>,
                           to: &BTreeSet<Node>,
                           (begin, end): (i64, i64),
                           fields: Fields| {
                for from in from {
                    links.extend(linked(&from, to, (begin, end), &fields));
                }
            };
            let span = |name: &Name| spans.get(&(run, name.clone())).copied();
            for flow in &self.flows[run].all {
                let to = self.targets(run, &flow.to);
                let wide = match &flow.to {
                    End::Dataset(name, _) => span(name),
                    End::Job(_) => None,
                };
                let fields = (flow.from_field.clone(), flow.to_field.clone());
                add(self.sources(run, &flow.from), &to, wide.unwrap_or((began, ended)), fields);
            }
            let consumed = BTreeSet::from([Node::Reads(job.clone())]);
            for (name, first) in &self.flows[run].consumed {
                let end = End::Dataset(name.clone(), *first);
                add(self.sources(run, &end), &consumed, (began, ended), (None, None));
            }
            for (name, first) in &self.flows[run].produced {
                let to = self.targets(run, &End::Dataset(name.clone(), *first));
                let told = BTreeSet::from([Node::Job(job.clone())]);
                add(told, &to, span(name).unwrap_or((began, ended)), (None, None));
            }
        }
        links
    }

    /// The datasets that an input may have meant, at its first mention and at the end.
    pub(super) fn sources(&self, run: usize, end: &End) -> BTreeSet<Node> {
        match end {
            End::Job(job) => BTreeSet::from([Node::Job(job.clone()), Node::Reads(job.clone())]),
            End::Dataset(name, first) => {
                let mut found = self.meant(name, *first, true);
                let end = self.meant(name, self.end(run), false);
                if !end.is_subset(&found) && self.say(Rule::HoldsTakesBoth) {
                    found.extend(end);
                }
                found.into_iter().map(Node::Dataset).collect()
            }
        }
    }

    /// The datasets that an output may have meant.
    pub(super) fn targets(&self, run: usize, end: &End) -> BTreeSet<Node> {
        match end {
            End::Job(job) => BTreeSet::from([Node::Job(job.clone())]),
            End::Dataset(name, first) => {
                let mut found = self.meant(name, self.written(run, *first), false);
                let others =
                    [self.meant(name, *first, false), self.meant(name, self.end(run), false)];
                for other in others {
                    if !other.is_subset(&found) && self.say(Rule::HoldsTakesBoth) {
                        found.extend(other);
                    }
                }
                found.into_iter().map(Node::Dataset).collect()
            }
        }
    }

    fn meant(&self, name: &Name, at: i64, before: bool) -> BTreeSet<usize> {
        let places = self.oracle.links.places(self.known(), name, at);
        let dataset = |place: &Name| self.oracle.names.dataset(place, at, before);
        places.iter().filter_map(dataset).collect()
    }

    /// The wider times of what is no longer kept exactly: by run and output.
    fn spans(&self) -> BTreeMap<(usize, Name), (i64, i64)> {
        let mut by_output: BTreeMap<(Name, Name), Vec<Spoke>> = BTreeMap::new();
        for (run, began, ended) in self.begun() {
            let Some(job) = self.run(run).job.as_ref() else { continue };
            for output in self.said[run].writes() {
                let key = (job.clone(), output);
                by_output.entry(key).or_default().push((began, ended, run));
            }
        }
        let mut spans = BTreeMap::new();
        for ((_, output), mut all) in by_output {
            all.sort_unstable();
            let content = |run: usize| -> BTreeSet<String> {
                let to = |flow: &&Flow| matches!(&flow.to, End::Dataset(n, _) if *n == output);
                let ends = self.flows[run].all.iter().filter(to);
                ends.map(|f| format!("{:?} {:?} {:?}", source(f), f.from_field, f.to_field))
                    .collect()
            };
            let changes: Vec<&[Spoke]> =
                all.chunk_by(|one, next| content(one.2) == content(next.2)).collect();
            let old = changes.len().saturating_sub(self.known().bounds.changes);
            let wide = old == 0 || self.say(Rule::OldChangesWiden);
            let before: usize = changes[..old].iter().map(|change| change.len()).sum();
            let mut widen = |runs: &[Spoke], wide: bool| {
                let begin = runs.iter().map(|(began, ..)| *began).min().unwrap_or(BEGINNING);
                let end = runs.iter().map(|(_, ended, _)| *ended).max().unwrap_or(END);
                // A mutant narrows them to nothing that was ever.
                let span = if wide { (begin, end) } else { (END, BEGINNING) };
                spans.extend(runs.iter().map(|(.., run)| ((*run, output.clone()), span)));
            };
            widen(&all[..before], wide);
            if self.known().bounds.by_changes {
                changes[old..].iter().for_each(|change| widen(change, true));
            }
        }
        spans
    }

    fn links_declared(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for (declarer, times) in declarers(self.known()) {
            let times: Vec<i64> = times.into_iter().filter(|at| *at <= self.until).collect();
            for (nth, begin) in times.iter().enumerate() {
                let end = times.get(nth + 1).copied().unwrap_or(END);
                let said = declared(self.known(), &declarer, *begin);
                let all = flows(self.known(), &said, declarer.job.as_ref());
                let mut ends: Vec<(Vec<Node>, Vec<Node>, Fields)> = Vec::new();
                for flow in &all.all {
                    let from = self.standing(&flow.from, *begin, end, true);
                    let fields = (flow.from_field.clone(), flow.to_field.clone());
                    ends.push((from, self.standing(&flow.to, *begin, end, false), fields));
                }
                if let Some(job) = &declarer.job {
                    for (name, at) in &all.consumed {
                        let from = End::Dataset(name.clone(), *at);
                        let from = self.standing(&from, *begin, end, true);
                        ends.push((from, vec![Node::Reads(job.clone())], (None, None)));
                    }
                    for (name, at) in &all.produced {
                        let to = End::Dataset(name.clone(), *at);
                        let to = self.standing(&to, *begin, end, false);
                        ends.push((vec![Node::Job(job.clone())], to, (None, None)));
                    }
                }
                links.extend(cross(ends, *begin, end));
            }
        }
        links
    }

    /// All that a name meant while a declaration stood.
    fn standing(&self, end: &End, begin: i64, until: i64, reads: bool) -> Vec<Node> {
        let name = match end {
            End::Dataset(name, _) => name,
            End::Job(job) if reads => {
                return vec![Node::Job(job.clone()), Node::Reads(job.clone())];
            }
            End::Job(job) => return vec![Node::Job(job.clone())],
        };
        let mut found = self.meant(name, begin, false);
        let times = self.oracle.names.datasets.iter().flat_map(|dataset| &dataset.chain);
        let times = times.flat_map(|(_, from, until, _)| [*from, *until]);
        let times = times.filter(|at| *at >= begin && *at < until && *at <= self.at);
        for at in times.chain([until.min(self.at)]) {
            found.extend(self.meant(name, at, false));
        }
        found.into_iter().map(Node::Dataset).collect()
    }

    fn links_by_hand(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for (nth, (_, at, edit)) in self.known().edits.iter().enumerate() {
            let Edit::Edge(from, to, true) = edit else { continue };
            let gone = self.known().edits[nth..].iter().find_map(|(_, at, edit)| match edit {
                Edit::Edge(a, b, false) if a == from && b == to => Some(*at),
                _ => None,
            });
            let end = gone.filter(|_| self.say(Rule::ByHand)).unwrap_or(END);
            let from = self.standing(&End::Dataset(from.clone(), *at), *at, end, true);
            let to = self.standing(&End::Dataset(to.clone(), *at), *at, end, false);
            links.extend(cross(vec![(from, to, (None, None))], *at, end));
        }
        links
    }

    /// Whether the sources of what a run wrote reach the dataset itself, by any chain in time.
    pub fn is_in_place(&self, run: usize, name: &Name, dataset: usize) -> bool {
        let to = |flow: &&Flow| matches!(&flow.to, End::Dataset(output, _) if output == name);
        let flows = self.flows[run].all.iter().filter(to);
        let sources: BTreeSet<Node> =
            flows.flat_map(|flow| self.sources(run, &flow.from)).collect();
        if sources.is_empty() {
            return false;
        }
        let end = self.states[run].ended.unwrap_or(END);
        let mut known = self.worked_out.reached.borrow_mut();
        let reached = known.entry(dataset).or_insert_with(|| self.reached(Node::Dataset(dataset)));
        sources.iter().any(|source| reached.get(source).is_some_and(|at| *at <= end))
    }

    /// What data of a node may ever have come to, and when at the earliest.
    fn reached(&self, from: Node) -> BTreeMap<Node, i64> {
        let mut reached = BTreeMap::from([(from, BEGINNING)]);
        loop {
            let mut found = false;
            for link in self.all_links() {
                let Some(at) = reached.get(&link.from).copied().filter(|at| *at <= link.end) else {
                    continue;
                };
                let at = at.max(link.begin);
                if reached.get(&link.to).is_none_or(|known| *known > at) {
                    reached.insert(link.to.clone(), at);
                    found = true;
                }
            }
            if !found {
                return reached;
            }
        }
    }
}

fn source(flow: &Flow) -> String {
    match &flow.from {
        End::Dataset(name, _) => format!("{name:?}"),
        End::Job(name) => format!("job {name:?}"),
    }
}

/// Links one end to each of others.
fn linked<'a>(
    from: &'a Node,
    to: impl IntoIterator<Item = &'a Node>,
    (begin, end): (i64, i64),
    fields: &'a Fields,
) -> impl Iterator<Item = Link> {
    to.into_iter().map(move |to| Link {
        from: from.clone(),
        to: to.clone(),
        begin,
        end,
        fields: fields.clone(),
    })
}

fn cross(ends: Vec<(Vec<Node>, Vec<Node>, Fields)>, begin: i64, end: i64) -> Vec<Link> {
    let mut links = Vec::new();
    for (from, to, fields) in ends {
        for from in from {
            links.extend(linked(&from, &to, (begin, end), &fields));
        }
    }
    links
}
