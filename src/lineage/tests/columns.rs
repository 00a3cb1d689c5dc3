//! The reference at column level: steps between places, read from the facts.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::*;
use super::naive::*;
use super::shorthand::*;

/// A field, or a whole dataset or job.
type Place = (String, Option<String>);

struct Columns {
    arcs: BTreeSet<(Place, Place)>,
    assume: bool,
}

impl Columns {
    fn of(world: &World, scope: Scope) -> Self {
        let mut columns = Self { arcs: BTreeSet::new(), assume: scope.assume_columns };
        for facts in &world.facts {
            columns.add_job(world, scope, facts);
        }
        if let Some(view) = world.views.last().filter(|_| present_view(scope)) {
            let to = (world.canon(view.dataset).to_owned(), None);
            for input in &view.inputs {
                columns.add(world, scope, world.place(input), to.clone());
            }
        }
        if scope.assume_columns {
            for (from, to) in Tables::of(world, scope).assumed() {
                columns.arcs.insert(((from.to_owned(), None), (to.to_owned(), None)));
            }
        }
        columns
    }

    fn add_job(&mut self, world: &World, scope: Scope, facts: &JobFacts) {
        let present = Present::of(facts, scope);
        if !world.open(scope, job_name(facts.job)) {
            return;
        }
        let covered: BTreeSet<_> = present.entries.iter().map(|e| world.target(e)).collect();
        for fact in present.columns.iter().filter(|c| !covered.contains(world.canon(c.output))) {
            let output = world.canon(fact.output).to_owned();
            let all = fact.dataset.iter().map(|i| (None, i));
            let fields =
                fact.fields.iter().flat_map(|(f, is)| is.iter().map(move |i| (Some(f), i)));
            for (field, input) in all.chain(fields) {
                let from = (world.canon(input.dataset).to_owned(), input.field.clone());
                self.add(world, scope, from, (output.clone(), field.cloned()));
            }
        }
        for entry in &present.entries {
            let target = world.target(entry).to_owned();
            for input in &entry.inputs {
                self.add(world, scope, world.place(input), (target.clone(), None));
            }
            for (field, inputs) in &entry.fields {
                for input in inputs {
                    let to = (target.clone(), Some(field.clone()));
                    self.add(world, scope, world.place(input), to);
                }
            }
        }
    }

    fn add(&mut self, world: &World, scope: Scope, from: Place, to: Place) {
        let is_job = |p: &Place| p.0.starts_with('j');
        let has_field = from.1.is_some() || to.1.is_some();
        let says = has_field || !(is_job(&from) || is_job(&to));
        if says && world.open(scope, &from.0) && world.open(scope, &to.0) {
            self.arcs.insert((from, to));
        }
    }

    fn fields(&self, dataset: &str) -> Vec<Place> {
        let ends = self.arcs.iter().flat_map(|(a, b)| [a, b]);
        ends.filter(|p| p.0 == dataset && p.1.is_some()).cloned().collect()
    }

    fn walk(&self, start: Place, down: bool) -> BTreeSet<(Place, Place)> {
        let (mut seen, mut waiting) = (BTreeSet::new(), vec![start]);
        let mut found = BTreeSet::new();
        while let Some(place) = waiting.pop() {
            if !seen.insert(place.clone()) {
                continue;
            }
            let whole = (place.0.clone(), None);
            for arc in &self.arcs {
                let (here, there) = if down { (&arc.0, &arc.1) } else { (&arc.1, &arc.0) };
                if arc.0 == arc.1 {
                    continue;
                }
                if *here == place || ((!down || self.assume) && *here == whole) {
                    found.insert(arc.clone());
                    waiting.push(there.clone());
                    if there.1.is_none() {
                        waiting.extend(self.fields(&there.0));
                    }
                }
            }
        }
        found.retain(|(a, b)| a != b);
        found
    }
}

fn present_view(scope: Scope) -> bool {
    scope.as_of.is_none_or(|t| seen(1, 1).first <= t)
}

fn places(answer: &SubGraph) -> BTreeSet<(Place, Place)> {
    let name = |index: usize| answer.nodes[index].name.clone();
    let ends = answer.edges.iter().map(|e| {
        ((name(e.source), e.source_field.clone()), (name(e.target), e.target_field.clone()))
    });
    ends.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn columns_agree_with_the_reference(
        world in world(), scope in scope(), focus in dataset(), down in any::<bool>(),
    ) {
        let graph = world.graph();
        let bound = if down { (0, 50) } else { (50, 0) };
        let asked = Question { scope, ..ask(&format!("{focus}.x"), bound.0, bound.1) };
        let answer = graph.reach(&asked);
        let shown = world.canon(ds(focus));
        if world.open(scope, shown) {
            let expected = Columns::of(&world, scope).walk((shown.into(), Some("x".into())), down);
            prop_assert_eq!(places(&answer), expected);
        } else {
            prop_assert_eq!(answer.nodes.len(), 0);
        }
    }
}
