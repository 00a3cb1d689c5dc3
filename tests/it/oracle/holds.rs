//! What is in it? (point 4): what erasure, retention and inheritance of classes use.

use std::collections::{BTreeMap, BTreeSet};

use super::known::mentions;
use super::links::{Link, Node};
use super::log::Edit;
use super::moment::Moment;
use super::names::{Ended, empties};
use super::read::{About, Change};
use super::rule::Rule;
use super::time::{BEGINNING, END};

/// A dataset was emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Forgets {
    pub dataset: usize,
    /// What was written before is forgotten.
    pub before: i64,
    /// From then on.
    pub at: i64,
    /// It was dropped or truncated.
    pub emptied: bool,
}

/// When data came to a node, was written there at the latest, and was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Arrival {
    from: i64,
    by: i64,
    until: i64,
}

/// By node and column (none: any), and by the link that brought it (the greatest number: it was
/// there).
type Arrivals = BTreeMap<(Node, Option<String>), BTreeMap<usize, Arrival>>;

impl Moment<'_> {
    /// All that was forgotten.
    pub fn forgets(&self) -> &BTreeSet<Forgets> {
        self.worked_out.forgets.get_or_init(|| self.find_forgets())
    }

    fn find_forgets(&self) -> BTreeSet<Forgets> {
        let mut all = BTreeSet::new();
        for (run, began, _) in self.begun() {
            for (name, output) in &self.said[run].outputs {
                let Some((change, rule)) = empties(self.known(), output) else { continue };
                let Some(at) = self.completed(run, output.first) else { continue };
                let Some(dataset) = self.emptied(run, name, output.first, &change, at) else {
                    continue;
                };
                if self.is_in_place(run, name, dataset) && self.say(Rule::InPlaceForgetsNothing) {
                    continue;
                }
                if !self.say(rule) {
                    continue;
                }
                // What was written while it ran may have come after it.
                let before = if self.say(Rule::FromItsStart) { began } else { at };
                let emptied = change != Change::Overwrite;
                all.insert(Forgets { dataset, before, at, emptied });
            }
        }
        all.extend(self.forgets_declared());
        all
    }

    /// The dataset that a run emptied, if there is no doubt which.
    fn emptied(
        &self,
        run: usize,
        name: &super::log::Name,
        first: i64,
        change: &Change,
        at: i64,
    ) -> Option<usize> {
        if *change == Change::Drop {
            let dropped = self.oracle.names.datasets.iter().position(|dataset| {
                let (place, ..) = dataset.chain.last().expect("a dataset has a name");
                dataset.ended == Some((at, Ended::Dropped))
                    && *place == self.oracle.links.place(name, at)
            });
            return dropped;
        }
        let end = super::statements::End::Dataset(name.clone(), first);
        let all = self.targets(run, &end);
        match (all.len(), all.first()) {
            (1, Some(Node::Dataset(dataset))) => Some(*dataset),
            _ => None,
        }
    }

    fn forgets_declared(&self) -> Vec<Forgets> {
        let mut all = Vec::new();
        let declared = self.known().events.iter().filter(|e| e.about == About::Dataset);
        for event in declared.filter(|event| event.at <= self.until) {
            for mention in mentions(event).filter(|mention| event.author.counts(&mention.name)) {
                let rule = match mention.change {
                    Some(Change::Drop) => Rule::DropForgets,
                    Some(Change::Truncate) => Rule::TruncateForgets,
                    _ => continue,
                };
                let place = self.oracle.links.place(&mention.name, event.at);
                let dataset = self.oracle.names.dataset(&place, event.at, false);
                if let Some(dataset) = dataset
                    && self.say(rule)
                {
                    let (before, at) = (event.at, event.at);
                    all.push(Forgets { dataset, before, at, emptied: true });
                }
            }
        }
        all
    }

    /// The datasets that hold data of one, itself included. With `inherits`, not by what people
    /// dispute.
    pub fn holds(&self, source: usize, inherits: bool) -> BTreeSet<usize> {
        let (arrivals, merged) = self.arrivals((source, None), inherits, self.all_links());
        let mut all = BTreeSet::from([source]);
        for ((node, _), arrivals) in &arrivals {
            if let Node::Dataset(dataset) = node
                && self.is_held(arrivals)
            {
                all.insert(*dataset);
                for (other, into) in &merged {
                    if into == dataset {
                        all.insert(*other);
                    }
                }
            }
        }
        all
    }

    fn is_held(&self, arrivals: &BTreeMap<usize, Arrival>) -> bool {
        arrivals.values().any(|one| one.from <= self.at && self.at < one.until)
    }

    /// The columns (none: any of them) that hold data of a column.
    pub fn holds_column(&self, source: usize, field: &str) -> BTreeSet<(usize, Option<String>)> {
        let from = (source, Some(field.to_owned()));
        let (arrivals, _) = self.arrivals(from, false, self.column_links());
        let held = arrivals.into_iter().filter(|(_, arrivals)| self.is_held(arrivals));
        held.filter_map(|((node, field), _)| match node {
            Node::Dataset(dataset) => Some((dataset, field)),
            _ => None,
        })
        .collect()
    }

    /// Whether a dataset held data of another when it was dropped or truncated.
    pub fn held_when_emptied(&self, source: usize, dataset: usize) -> bool {
        let (arrivals, _) = self.arrivals((source, None), false, self.all_links());
        let Some(arrivals) = arrivals.get(&(Node::Dataset(dataset), None)) else { return false };
        let emptied = |f: &&Forgets| f.dataset == dataset && f.emptied;
        self.forgets()
            .iter()
            .filter(emptied)
            .any(|f| arrivals.values().any(|one| one.until == f.at))
    }

    fn arrivals(
        &self,
        (source, field): (usize, Option<String>),
        inherits: bool,
        links: &[Link],
    ) -> (Arrivals, BTreeMap<usize, usize>) {
        let mut merged: BTreeMap<usize, usize> = BTreeMap::new();
        for set in self.oracle.names.merged(self.known()) {
            let first = set.first().copied().unwrap_or_default();
            merged.extend(set.into_iter().map(|dataset| (dataset, first)));
        }
        let one = |dataset: usize| merged.get(&dataset).copied().unwrap_or(dataset);
        let node = |node: &Node| match node {
            Node::Dataset(dataset) => Node::Dataset(one(*dataset)),
            other => other.clone(),
        };
        // What is merged is emptied as a whole only if no part is left: never.
        let whole = |f: &&Forgets| !merged.contains_key(&f.dataset);
        let forgets: Vec<Forgets> = self.forgets().iter().filter(whole).copied().collect();
        let disputed = |link: &&Link| !(inherits && self.is_disputed(&link.from, &link.to));
        let links: Vec<(Node, Node, &Link)> = links
            .iter()
            .filter(disputed)
            .map(|link| (node(&link.from), node(&link.to), link))
            .collect();
        let start = Arrival { from: BEGINNING, by: END, until: END };
        let mut arrivals = Arrivals::new();
        arrivals.entry((Node::Dataset(one(source)), field)).or_default().insert(usize::MAX, start);
        loop {
            let mut found = false;
            for (nth, (from, to, link)) in links.iter().enumerate() {
                let (of, into) = &link.fields;
                // What may be in any column may be in each, and a link of any takes each.
                let there = arrivals
                    .range((from.clone(), None)..)
                    .take_while(|((node, _), _)| node == from)
                    .filter(|((_, held), _)| held.is_none() || of.is_none() || held == of)
                    .flat_map(|(_, arrivals)| arrivals.values());
                let new = there.filter_map(|held| self.pass(held, link)).min();
                let Some((begin, passed)) = new else { continue };
                let into = arrivals.entry((to.clone(), into.clone())).or_default();
                if into.get(&nth).is_none_or(|known| known.from > begin) {
                    into.insert(nth, self.arrive(begin, passed, link, to, &forgets));
                    found = true;
                }
            }
            if !found {
                break;
            }
        }
        (arrivals, merged)
    }

    /// When a link passes on what is held, if it does; and until when it was held.
    fn pass(&self, held: &Arrival, link: &Link) -> Option<(i64, i64)> {
        if link.begin > link.end {
            return None;
        }
        if held.from > link.end && self.say(Rule::TimesGoOn) {
            return None;
        }
        if held.until < link.begin && self.say(Rule::StillHeld) {
            return None;
        }
        Some((held.from.max(link.begin), held.until))
    }

    fn arrive(
        &self,
        from: i64,
        passed: i64,
        link: &Link,
        to: &Node,
        forgets: &[Forgets],
    ) -> Arrival {
        let emptied = |f: &&Forgets| *to == Node::Dataset(f.dataset) && link.end < f.before;
        let mut until = forgets.iter().filter(emptied).map(|f| f.at).min().unwrap_or(END);
        if passed < until && !self.say(Rule::PassedOn) {
            until = passed;
        }
        Arrival { from, by: link.end, until }
    }

    /// Whether people dispute that one feeds the other.
    pub fn is_disputed(&self, from: &Node, to: &Node) -> bool {
        let (Node::Dataset(from), Node::Dataset(to)) = (from, to) else { return false };
        let names = |dataset: usize| {
            let (place, _) = self.oracle.names.shown(dataset, self.at);
            self.oracle.links.one_with(place, self.at)
        };
        let disputes = self.known().edits.iter().rev().find_map(|(.., edit)| match edit {
            Edit::Dispute(a, b, on) if names(*from).contains(a) && names(*to).contains(b) => {
                Some(*on)
            }
            _ => None,
        });
        disputes == Some(true) && self.say(Rule::DisputedInheritsNothing)
    }
}
