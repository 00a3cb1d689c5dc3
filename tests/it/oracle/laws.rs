//! Laws of the oracle itself, over histories by chance: the order and repetition of events change
//! nothing, every current edge is held, and each rule is reached.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::cases::small;
use super::current::Mark;
use super::known::Bounds;
use super::links::Node;
use super::moment::{Moment, Oracle};
use super::random::{Step, is_edit, lines, steps};
use super::rule::{Rule, Rules};
use super::text::{history, moment};

fn oracle(lines: &[String], bounds: Bounds, rules: Rules) -> Oracle {
    Oracle::new(&history(&lines.join("\n")), bounds, rules)
}

/// The times that a history is asked about: between its days, amid them, and after it.
fn times() -> [i64; 6] {
    ["1T06:30", "1T23:00", "2T06:00", "3T00:00", "4T12:00", "9T00:00"].map(moment)
}

/// All that one may ask, at one time.
fn answers(oracle: &Oracle, then: &Moment<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let current = then.current();
    for (name, table) in [
        ("current", then.table(current, true)),
        ("columns", then.column_table(&then.columns())),
        ("ever", then.table(&then.ever(), false)),
    ] {
        let line = |((from, to), marks)| format!("{name}: {from} > {to} {marks:?}");
        all.extend(table.into_iter().map(line));
    }
    let label = |datasets: BTreeSet<usize>| -> Vec<String> {
        let mut labels: Vec<String> = datasets.into_iter().map(|d| then.label(d)).collect();
        labels.sort();
        labels
    };
    for dataset in 0..oracle.names.datasets.len() {
        let name = then.label(dataset);
        all.push(format!("{name} is held by {:?}", label(then.holds(dataset, false))));
        all.push(format!("{name} is inherited by {:?}", label(then.holds(dataset, true))));
        let columns = then.holds_column(dataset, "x");
        let columns =
            columns.into_iter().map(|(of, field)| format!("{}#{field:?}", then.label(of)));
        all.push(format!("{name}#x is held by {:?}", columns.collect::<BTreeSet<_>>()));
        all.push(format!("{name} touches {:?}", label(then.impact(dataset))));
        all.push(format!("{name} has {:?}", then.schema(dataset)));
        all.push(format!("{name} was written {:?}", then.written_at(dataset)));
        let (place, _) = oracle.names.shown(dataset, then.at);
        let tags = oracle.names.tags(&oracle.known, &oracle.links, place, then.at);
        all.push(format!("{name} is tagged {tags:?}"));
    }
    for id in oracle.runs.all.iter().map(|run| run.id.clone()).collect::<BTreeSet<_>>() {
        all.push(format!("run {id}: {:?}", then.runs_of(&id)));
    }
    all.push(format!("nobody: {:?}", label(then.demanded_of_nobody())));
    all.push(format!("findings: {:?}", then.findings()));
    all.sort();
    all
}

fn all_answers(oracle: &Oracle) -> BTreeMap<i64, Vec<String>> {
    times().map(|at| (at, answers(oracle, &oracle.at(at)))).into_iter().collect()
}

/// Every current edge between datasets is held, or was when its dataset was last dropped or
/// truncated, or is marked.
fn unheld(then: &Moment<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for edge in then.current() {
        let (Node::Dataset(from), Node::Dataset(to)) = (&edge.from, &edge.to) else { continue };
        if edge.side || edge.marks.contains(&Mark::ByName) {
            continue;
        }
        if !then.holds(*from, false).contains(to) && !then.held_when_emptied(*from, *to) {
            faults.push(format!("{} > {} is not held", then.label(*from), then.label(*to)));
        }
    }
    faults
}

fn shuffled() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    steps(14, false).prop_flat_map(|steps| {
        let all = lines(&steps);
        let (edits, events): (Vec<String>, Vec<String>) =
            all.iter().cloned().partition(|line| is_edit(line));
        let twice = events.iter().chain(events.iter().step_by(3)).cloned().collect::<Vec<_>>();
        (Just(all), Just(twice).prop_shuffle(), Just(edits)).prop_map(|(all, mut events, edits)| {
            // Edits keep their order among themselves; whatever is delivered comes around them.
            let middle = events.len() / 2;
            events.splice(middle..middle, edits);
            (all, events)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn order_and_repetition_change_nothing((told, otherwise) in shuffled()) {
        let one = oracle(&told, Bounds::default(), Rules::default());
        let other = oracle(&otherwise, Bounds::default(), Rules::default());
        prop_assert_eq!(all_answers(&one), all_answers(&other), "{}", told.join("\n"));
    }

    #[test]
    fn every_current_edge_is_held(steps in steps(14, true), few in any::<bool>()) {
        let bounds = if few { small() } else { Bounds::default() };
        let oracle = oracle(&lines(&steps), bounds, Rules::default());
        for at in times() {
            let faults = unheld(&oracle.at(at));
            prop_assert!(faults.is_empty(), "{:?}\n{}", faults, lines(&steps).join("\n"));
        }
    }

    /// What is kept less exactly holds no less.
    #[test]
    fn bounds_only_widen(steps in steps(14, false)) {
        let told = lines(&steps);
        let (exact, coarse) = (
            oracle(&told, Bounds::default(), Rules::default()),
            oracle(&told, small(), Rules::default()),
        );
        for at in times() {
            let (exact, coarse) = (exact.at(at), coarse.at(at));
            for dataset in 0..exact.oracle.names.datasets.len() {
                let (is, may) = (exact.holds(dataset, false), coarse.holds(dataset, false));
                prop_assert!(is.is_subset(&may), "{}\n{}", exact.label(dataset), told.join("\n"));
            }
        }
    }
}

/// Histories that are the same each time.
fn some(count: usize, most: usize) -> Vec<Vec<Step>> {
    let mut runner = TestRunner::deterministic();
    let strategy = steps(most, true);
    let next = |_| strategy.new_tree(&mut runner).expect("a history").current();
    (0..count).map(next).collect()
}

#[test]
fn chance_reaches_every_rule() {
    let mut counts: BTreeMap<Rule, u64> = BTreeMap::new();
    for (nth, steps) in some(120, 24).iter().enumerate() {
        let bounds = if nth % 2 == 0 { small() } else { Bounds::default() };
        let oracle = oracle(&lines(steps), bounds, Rules::default());
        for at in [times()[3], times()[5]] {
            let then = oracle.at(at);
            answers(&oracle, &then);
        }
        let last = times()[5];
        for node in [Node::Dataset(0), Node::Dataset(oracle.names.datasets.len() / 2)] {
            oracle.focus(&node, last);
        }
        for (rule, count) in oracle.known.rules.counts() {
            *counts.entry(rule).or_default() += count;
        }
    }
    let never: Vec<&Rule> = Rule::ALL.iter().filter(|rule| !counts.contains_key(rule)).collect();
    assert!(never.is_empty(), "never reached: {never:?}");
    for (rule, count) in &counts {
        println!("{count:>9} {rule:?}: {:?}", rule.text());
    }
}
