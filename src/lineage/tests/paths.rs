//! Properties of impact and paths, against enumeration of every simple path.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::*;
use super::naive::*;
use super::shorthand::*;

/// Every simple path between datasets of a folded table-level answer, as node indices.
fn simple_paths(answer: &SubGraph, from: usize, to: Option<usize>) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut waiting = vec![vec![from]];
    while let Some(path) = waiting.pop() {
        let last = path[path.len() - 1];
        if path.len() > 1 && to.is_none_or(|to| to == last) {
            found.push(path.clone());
        }
        if to != Some(last) {
            for edge in answer.edges.iter().filter(|e| e.source == last) {
                if !path.contains(&edge.target) {
                    waiting.push(path.iter().copied().chain([edge.target]).collect());
                }
            }
        }
    }
    found.sort_by_key(|p| (p.len(), p.clone()));
    found
}

fn carry(answer: &SubGraph, path: &[usize]) -> Carry {
    let step = |two: &[usize]| {
        let mut edges = answer.edges.iter();
        edges.find(|e| e.source == two[0] && e.target == two[1]).unwrap().carry
    };
    path.windows(2).map(step).min().unwrap()
}

fn folded(graph: &Graph, focus: &str, scope: Scope) -> SubGraph {
    graph.reach(&Question { scope, include_jobs: false, ..ask(focus, 0, 50) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn paths_are_the_shortest_of_all(
        world in world(), scope in scope(), from in dataset(), to in dataset(), count in 1..5_usize,
    ) {
        let graph = world.graph();
        let answer = folded(&graph, from, scope);
        let (start, end) = (graph.canonical(ds(from)).unwrap(), graph.canonical(ds(to)).unwrap());
        let at = |id: crate::base::DatasetId| answer.nodes.iter().position(|n| n.id == Some(id.0));
        let expected: Vec<Vec<String>> = match (at(start), at(end)) {
            (Some(start), Some(end)) if start != end => simple_paths(&answer, start, Some(end))
                .iter()
                .map(|p| p.iter().map(|&n| answer.nodes[n].name.clone()).collect())
                .collect(),
            _ => Vec::new(),
        };
        let found = graph.paths(&PathQuestion {
            from: NodeRef::Dataset(ds(from)),
            to: NodeRef::Dataset(ds(to)),
            count,
            hops: 50,
            level: Level::Table,
            scope,
        }, &see_all);
        let names = |p: &Path| p.nodes.iter().map(|n| n.name.clone()).collect::<Vec<_>>();
        let got: Vec<Vec<String>> = found.paths.iter().map(names).collect();
        prop_assert_eq!(&got[..], &expected[..expected.len().min(count)]);
        prop_assert_eq!(found.more, expected.len() > count);
    }

    #[test]
    fn impact_lists_what_the_graph_shows(
        world in world(), scope in scope(), focus in dataset(),
    ) {
        let graph = world.graph();
        let answer = folded(&graph, focus, scope);
        let asked = Question { scope, ..ask(focus, 0, 50) };
        let impact = graph.impact(&asked, &see_all);
        let mut best: BTreeMap<&str, (usize, Carry)> = BTreeMap::new();
        if !answer.nodes.is_empty() {
            for path in simple_paths(&answer, 0, None) {
                let name = answer.nodes[path[path.len() - 1]].name.as_str();
                let carried = carry(&answer, &path);
                let entry = best.entry(name).or_insert((path.len() - 1, carried));
                *entry = (entry.0.min(path.len() - 1), entry.1.max(carried));
            }
        }
        let got: BTreeMap<&str, (usize, Carry)> = impact
            .entries
            .iter()
            .map(|e| (e.node.name.as_str(), (e.hops.unsigned_abs() as usize, e.carry)))
            .collect();
        prop_assert_eq!(got, best);
        for (index, entry) in impact.entries.iter().enumerate() {
            let path = impact.path(index);
            prop_assert_eq!(path.len(), entry.hops.unsigned_abs() as usize);
            prop_assert_eq!(path[path.len() - 1], entry);
        }
    }

    #[test]
    fn column_impact_lists_every_field_shown_once(
        world in world(), scope in scope(), focus in dataset(), down in any::<bool>(),
    ) {
        let graph = world.graph();
        let bound = if down { (0, 50) } else { (50, 0) };
        let asked = Question { scope, ..ask(&format!("{focus}.x"), bound.0, bound.1) };
        let answer = graph.reach(&Question { include_jobs: false, ..asked.clone() });
        let impact = graph.impact(&asked, &see_all);
        let mut expected: Vec<(String, Option<String>)> = Vec::new();
        for node in answer.nodes.iter().filter(|n| n.kind == NodeType::Dataset) {
            let fields = node.fields.iter().filter(|f| f.hops != 0);
            expected.extend(fields.map(|f| (node.name.clone(), Some(f.name.clone()))));
            if node.fields.is_empty() && node.hops != 0 {
                expected.push((node.name.clone(), None));
            }
        }
        let mut got: Vec<_> = impact
            .entries
            .iter()
            .map(|e| (e.node.name.clone(), e.node.field.clone()))
            .collect();
        expected.sort();
        got.sort();
        prop_assert_eq!(got, expected);
        for index in 0..impact.entries.len() {
            let path = impact.path(index);
            prop_assert!(path.windows(2).all(|two| two[0].hops.abs() <= two[1].hops.abs()));
        }
    }
}

#[test]
fn impact_tells_what_is_carried_and_over_what() {
    let graph = graph(&[
        facts("j1").io(&["a"], &["b"]).columns(
            "b",
            &[("mail", &["a.mail!"]), ("id", &["a.id"])],
            &["a.day?"],
        ),
        facts("j2").io(&["b"], &["c"]).columns("c", &[("m", &["b.mail"]), ("i", &["b.id"])], &[]),
    ]);
    let told = |focus: &str| {
        let impact = graph.impact(&ask(focus, 0, 9), &see_all);
        let entries = impact.entries.iter().enumerate().map(|(at, e)| {
            let path: Vec<_> = impact.path(at).iter().map(|e| e.node.name.clone()).collect();
            let field = e.node.field.clone().unwrap_or_default();
            format!("{}.{field} {} {:?} {}", e.node.name, e.hops, e.carry, path.join(">"))
        });
        entries.collect::<Vec<_>>()
    };
    assert_eq!(told("a.mail"), ["b.mail 1 Masked b", "c.m 2 Masked b>c"]);
    assert_eq!(told("a.id"), ["b.id 1 Direct b", "c.i 2 Direct b>c"]);
    let day =
        ["b.id 1 Indirect b", "b.mail 1 Indirect b", "c.i 2 Indirect b>c", "c.m 2 Indirect b>c"];
    assert_eq!(told("a.day"), day);
}

#[test]
fn path_tells_its_steps() {
    let graph = graph(&[
        facts("j1").io(&["a"], &["b"]).columns("b", &[("x", &["a.x"])], &["a.day?"]),
        facts("j2").io(&["b"], &["c"]).columns("c", &[("y", &["b.x!"])], &[]),
    ]);
    let asked = PathQuestion {
        from: NodeRef::Field(ds("a"), "day".to_owned()),
        to: NodeRef::Field(ds("c"), "y".to_owned()),
        count: 3,
        hops: 9,
        level: Level::Column,
        scope: Scope::CURRENT,
    };
    let found = graph.paths(&asked, &see_all);
    assert_eq!(found.paths.len(), 1);
    let path = &found.paths[0];
    let nodes: Vec<_> = path.nodes.iter().map(|n| (n.name.as_str(), n.field.as_deref())).collect();
    assert_eq!(nodes, [("a", Some("day")), ("b", None), ("b", Some("x")), ("c", Some("y"))]);
    assert_eq!((path.hops, path.carry), (2, Carry::Indirect));
    assert_eq!(path.steps[2].jobs[0].name, "j2");
    assert_eq!(path.steps[1].seen, None);
    let none = PathQuestion { from: asked.to.clone(), to: asked.from.clone(), ..asked };
    assert_eq!(graph.paths(&none, &see_all).paths, []);
}

#[test]
fn paths_are_found_through_hubs_wider_than_the_node_limit() {
    let mut graph = graph(&[]);
    let wide = 30_000;
    for number in 0..wide {
        let name = format!("w{number}");
        graph.name_dataset(ds(&name), "ns", &name);
        graph.apply_job(&facts(&format!("in{number}")).io(&["a"], &[&name]));
        graph.apply_job(&facts(&format!("out{number}")).io(&[&name], &["b"]));
    }
    graph.apply_job(&facts("last").io(&["b"], &["c"]));
    let asked = PathQuestion {
        from: NodeRef::Dataset(ds("a")),
        to: NodeRef::Dataset(ds("c")),
        count: 2,
        hops: 9,
        level: Level::Table,
        scope: Scope::CURRENT,
    };
    let found = graph.paths(&asked, &see_all);
    let names = |p: &Path| p.nodes.iter().map(|n| n.name.clone()).collect::<Vec<_>>();
    let got: Vec<_> = found.paths.iter().map(names).collect();
    assert_eq!(got, [["a", "w0", "b", "c"], ["a", "w1", "b", "c"]]);
    assert!(found.more && found.truncated.nodes);
}
