//! Properties of the graph: against the naive reference, and against itself told otherwise.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::*;
use super::naive::*;
use super::shorthand::*;

/// Edges as pairs of names.
fn pairs(answer: &SubGraph) -> BTreeSet<(&str, &str)> {
    let name = |index: usize| answer.nodes[index].name.as_str();
    answer.edges.iter().map(|e| (name(e.source), name(e.target))).collect()
}

fn dataset_hops(answer: &SubGraph) -> BTreeMap<&str, i32> {
    let datasets = answer.nodes.iter().filter(|n| n.kind == NodeType::Dataset);
    datasets.map(|n| (n.name.as_str(), n.hops.abs())).collect()
}

fn question(focus: &str, scope: Scope, include_jobs: bool) -> Question {
    Question { scope, include_jobs, ..ask(focus, 0, 50) }
}

/// Answers to everything that can be asked of a small world.
fn all_answers(graph: &Graph, scope: Scope) -> Vec<SubGraph> {
    let mut answers = Vec::new();
    for focus in ["a", "b", "c", "d.x", "e.y", "@j1", "f"] {
        for (up, down) in [(0, 50), (50, 0), (1, 1)] {
            for include_jobs in [true, false] {
                let asked = Question { scope, include_jobs, ..ask(focus, up, down) };
                answers.push(graph.reach(&asked));
                answers.push(graph.reach(&Question { level: Level::Column, ..asked }));
            }
        }
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn reach_agrees_with_the_reference(world in world(), scope in scope(), focus in dataset()) {
        let graph = world.graph();
        let tables = Tables::of(&world, scope);
        let answer = graph.reach(&question(focus, scope, true));
        let Some(shown) = answer.nodes.first().map(|n| n.name.clone()) else { return Ok(()) };
        let focus = ["a", "b", "c", "d", "e", "f"].into_iter().find(|n| **n == shown).unwrap();
        let down = tables.down(focus);
        prop_assert_eq!(dataset_hops(&answer), down.hops.clone());
        prop_assert_eq!(pairs(&answer), down.with_jobs.clone());
        let folded = graph.reach(&question(focus, scope, false));
        prop_assert_eq!(pairs(&folded), down.folded.clone());
        let up = tables.reversed().down(focus);
        let turned = graph.reach(&Question { up: 50, down: 0, ..question(focus, scope, true) });
        prop_assert_eq!(dataset_hops(&turned), up.hops.clone());
        let expected: BTreeSet<_> = up.with_jobs.iter().map(|&(a, b)| (b, a)).collect();
        prop_assert_eq!(pairs(&turned), expected);
        for depth in 1..4 {
            let near = graph.reach(&Question { down: depth, ..question(focus, scope, true) });
            let hops = down.hops.iter().filter(|(_, h)| h.unsigned_abs() <= depth);
            let hops: BTreeMap<&str, i32> = hops.map(|(n, h)| (*n, *h)).collect();
            let beyond = down.hops.values().filter(|h| h.unsigned_abs() == depth + 1).count();
            prop_assert_eq!(dataset_hops(&near), hops);
            prop_assert_eq!(near.truncated.beyond, beyond);
            prop_assert!(pairs(&near).is_subset(&down.with_jobs));
        }
    }

    #[test]
    fn order_of_telling_does_not_matter(
        (world, shuffled) in world().prop_flat_map(|w| {
            let tellings = Just(w.tellings()).prop_shuffle();
            (Just(w), tellings)
        }),
        scope in scope(),
    ) {
        prop_assert_eq!(all_answers(&world.graph(), scope), all_answers(&told(&shuffled), scope));
    }

    #[test]
    fn what_is_said_anew_replaces_what_was_said(
        world in world(), other in world(), scope in scope(),
    ) {
        let mut graph = Graph::new();
        for facts in other.facts.iter().chain(&world.facts).chain(&world.facts) {
            graph.apply_job(facts);
        }
        let plain = World { facts: world.facts, views: vec![], aliases: vec![], deleted: vec![] };
        for telling in plain.tellings() {
            match telling {
                Telling::NameDataset(name) => graph.name_dataset(ds(name), "ns", name),
                Telling::NameJob(name) => graph.name_job(job(name), "ns", name),
                _ => {}
            }
        }
        let fresh = plain.graph();
        prop_assert_eq!(graph.edge_count(), fresh.edge_count());
        prop_assert_eq!(all_answers(&graph, scope), all_answers(&fresh, scope));
    }

    #[test]
    fn snapshot_comes_back_and_damage_is_noticed(
        world in world(), scope in scope(), at in any::<prop::sample::Index>(), bit in 0..8_u8,
    ) {
        let mut graph = world.graph();
        graph.set_position(77);
        graph.remove_dataset(ds("e"));
        graph.remove_job(job("j3"));
        let bytes = graph.save();
        let back = Graph::load(&bytes).unwrap();
        prop_assert_eq!(back.position(), 77);
        prop_assert_eq!(back.edge_count(), graph.edge_count());
        prop_assert_eq!(all_answers(&back, scope), all_answers(&graph, scope));
        let mut damaged = bytes.clone();
        damaged[at.index(bytes.len())] ^= 1 << bit;
        prop_assert!(Graph::load(&damaged).is_err());
        prop_assert!(Graph::load(&bytes[..at.index(bytes.len())]).is_err());
    }

    /// Whatever is read, nothing may panic or hang, even if the checksum fits.
    #[test]
    fn forged_snapshot_does_no_harm(
        world in world(), at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = world.graph().save();
        let content = bytes.len() - 8;
        for (index, value) in at {
            bytes[12 + index.index(content - 12)] = value;
        }
        let sum = super::super::index::hash_bytes(&bytes[..content]).to_le_bytes();
        bytes[content..].copy_from_slice(&sum);
        if let Ok(mut graph) = Graph::load(&bytes) {
            all_answers(&graph, Scope { assume_columns: true, ..Scope::default() });
            world.facts.iter().for_each(|f| graph.apply_job(f));
            for name in ["a", "b", "c"] {
                graph.remove_dataset(ds(name));
            }
            prop_assert!(Graph::load(&graph.save()).is_ok());
        }
    }

    #[test]
    fn what_is_removed_leaves_nothing(world in world(), scope in scope()) {
        let mut graph = world.graph();
        for name in ["a", "b", "c", "d", "e", "f", "z"] {
            graph.remove_dataset(ds(name));
        }
        for name in ["j0", "j1", "j2", "j3"] {
            graph.remove_job(job(name));
        }
        prop_assert_eq!((graph.node_count(), graph.edge_count()), (0, 0));
        graph.apply_job(&world.facts[0]);
        let mut fresh = Graph::new();
        fresh.apply_job(&world.facts[0]);
        prop_assert_eq!(all_answers(&graph, scope), all_answers(&fresh, scope));
    }

    #[test]
    fn limit_is_kept_and_told(world in world(), limit in 1..6_usize, level in any::<bool>()) {
        let level = if level { Level::Column } else { Level::Table };
        let all = Question { level, ..ask("a", 50, 50) };
        let (whole, cut) = (world.graph().reach(&all), world.graph().reach(&Question {
            limit, ..all
        }));
        let places = |g: &SubGraph| g.nodes.iter().map(|n| {
            match (level, n.kind) {
                (Level::Column, NodeType::Dataset) => n.fields.len() + usize::from(n.whole.is_some()),
                _ => 1,
            }
        }).sum::<usize>();
        prop_assert!(places(&cut) <= limit);
        prop_assert_eq!(cut.truncated.nodes, places(&whole) > limit);
        prop_assert_eq!(cut.truncated.left_out > 0, cut.truncated.nodes);
        for node in &cut.nodes {
            let same = whole.nodes.iter().find(|n| n.id == node.id).unwrap();
            prop_assert_eq!(same.hops, node.hops);
        }
    }

    #[test]
    fn hidden_nodes_show_nowhere(world in world(), scope in scope(), hidden in dataset()) {
        let graph = world.graph();
        let secret = graph.canonical(ds(hidden)).unwrap();
        let sight = |node: &NodeRef| match node {
            NodeRef::Dataset(id) | NodeRef::Field(id, _) if *id == secret => Visibility::Hidden,
            NodeRef::Job(id) if *id == job("j0") => Visibility::Hidden,
            _ => Visibility::Visible,
        };
        for level in [Level::Table, Level::Column] {
            for include_jobs in [true, false] {
                let asked = Question { scope, level, include_jobs, ..ask("a", 50, 50) };
                let seen = serde_json::to_string(&graph.reach_seen_by(&asked, &sight)).unwrap();
                let listed = serde_json::to_string(&graph.impact(&asked, &sight)).unwrap();
                for text in [seen, listed] {
                    prop_assert!(!text.contains(&secret.0.to_string()), "{}", text);
                    prop_assert!(!text.contains(&job("j0").0.to_string()), "{}", text);
                    prop_assert!(!text.contains("\"j0\""), "{}", text);
                }
                let all = graph.reach(&asked);
                let kept = graph.reach_seen_by(&asked, &sight);
                let visible = |g: &SubGraph| g.nodes.iter().filter(|n| {
                    n.reference().is_some_and(|r| sight(&r) == Visibility::Visible)
                }).count();
                prop_assert_eq!(visible(&all), visible(&kept));
            }
        }
    }
}
