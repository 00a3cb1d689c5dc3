//! The part of the graph around some nodes.

use super::answer::SubGraph;
use super::graph::Graph;
use super::question::{Question, Sight};
use super::walk::Walk;

impl Graph {
    /// Answers which part of the graph feeds the focus and is fed by it.
    ///
    /// The answer holds the cone upstream and the cone downstream of the focus, each with the
    /// edges inside it, up to the question's hops and node limit.
    #[must_use]
    pub fn reach(&self, question: &Question) -> SubGraph {
        Walk::of(self, question).compose()
    }

    /// As [`Self::reach`], but nodes that `sight` hides appear only as anonymous counts.
    /// They are walked over and count towards the limit.
    #[must_use]
    pub fn reach_seen_by(&self, question: &Question, sight: &Sight<'_>) -> SubGraph {
        self.reach(question).hide(sight)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shorthand::*;
    use super::super::*;

    #[test]
    fn hops_count_datasets_and_not_jobs() {
        let graph = graph(&[facts("j1").io(&["a"], &["b"]), facts("j2").io(&["b"], &["c"])]);
        let answer = graph.reach(&ask("a", 0, 1));
        assert_eq!(nodes(&answer), "a j1 b");
        assert!(answer.truncated.depth);
        assert_eq!(answer.truncated.beyond, 1);
        assert_eq!(nodes(&graph.reach(&ask("a", 0, 2))), "a j1 b j2 c");
        assert_eq!(nodes(&graph.reach(&ask("c", 1, 0))), "c j2 b");
        assert_eq!(nodes(&graph.reach(&ask("@j2", 1, 1))), "j2 b c");
    }

    #[test]
    fn bulk_copy_with_column_lineage_gives_no_false_edges() {
        let graph = graph(&[facts("j1")
            .io(&["a", "b"], &["x", "y"])
            .columns("x", &[("f", &["a.f"])], &[])
            .columns("y", &[("f", &["b.f"])], &[])]);
        let mut question = ask("a", 0, 3);
        assert_eq!(nodes(&graph.reach(&question)), "a j1 x");
        question.include_jobs = false;
        assert_eq!(edges(&graph.reach(&question)), "a>x");
        assert_eq!(nodes(&graph.reach(&ask("y", 3, 0))), "y j1 b");
        assert_eq!(edges(&graph.reach(&ask("@j1", 1, 1))), "a>j1 b>j1 j1>x j1>y");
    }

    #[test]
    fn explicit_entries_beat_column_lineage_and_leave_dangling_ends_to_the_job() {
        let graph = graph(&[facts("j1")
            .io(&["a", "b", "d"], &["x", "y", "z"])
            .columns("x", &[("f", &["b.f"])], &[])
            .explicit(&[("x", &["a"]), ("y", &[])])]);
        let mut question = ask("a", 0, 3);
        question.include_jobs = false;
        assert_eq!(edges(&graph.reach(&question)), "a>x");
        for dangling in ["b", "d"] {
            question.focus = vec![NodeRef::Dataset(ds(dangling))];
            assert_eq!(edges(&graph.reach(&question)), format!("{dangling}>z"));
        }
        assert_eq!(edges(&graph.reach(&ask("y", 3, 0))), "j1>y");
        assert_eq!(edges(&graph.reach(&ask("b.f", 0, 3))), "");
    }

    #[test]
    fn jobs_feed_jobs() {
        let graph = graph(&[
            facts("j1").io(&["a"], &[]),
            facts("j2").io(&[], &["b"]).explicit(&[("@j2", &["@j1"])]),
        ]);
        assert_eq!(edges(&graph.reach(&ask("a", 0, 1))), "a>j1 j1>j2 j2>b");
        assert_eq!(edges(&graph.reach(&ask("b", 1, 0))), "a>j1 j1>j2 j2>b");
        let mut question = ask("a", 0, 1);
        question.include_jobs = false;
        assert_eq!(edges(&graph.reach(&question)), "a>b");
    }

    #[test]
    fn views_need_no_job() {
        let mut graph = graph(&[]);
        graph.apply_dataset(&DatasetFacts {
            dataset: ds("v"),
            seen: seen(1, 1),
            inputs: vec![entry_input("a")],
            fields: vec![("x".to_owned(), vec![entry_input("a.y")])],
        });
        assert_eq!(edges(&graph.reach(&ask("a", 0, 1))), "a>v");
        assert_eq!(edges(&graph.reach(&ask("a.y", 0, 1))), "a.y>v.x");
    }

    #[test]
    fn names_that_are_one_are_walked_as_one() {
        let facts = [facts("j1").io(&["a"], &["b"]), facts("j2").io(&["c"], &["d"])];
        let mut graph = graph(&facts);
        assert_eq!(nodes(&graph.reach(&ask("a", 0, 9))), "a j1 b");
        graph.alias(ds("c"), ds("b"));
        let answer = graph.reach(&ask("a", 0, 9));
        assert_eq!(nodes(&answer), "a j1 b j2 d");
        assert_eq!(answer.nodes[2].aliases, [ds("c").0]);
        assert_eq!(nodes(&graph.reach(&ask("c", 1, 1))), "b j1 j2 a d");
    }

    #[test]
    fn deleted_nodes_carry_nothing_unless_asked() {
        let facts = [facts("j1").io(&["a"], &["b"]), facts("j2").io(&["b"], &["c"])];
        let mut graph = graph(&facts);
        graph.set_job_deleted(job("j2"), true);
        assert_eq!(nodes(&graph.reach(&ask("a", 0, 9))), "a j1 b");
        graph.set_dataset_deleted(ds("b"), true);
        assert_eq!(nodes(&graph.reach(&ask("a", 0, 9))), "a j1");
        let mut question = ask("a", 0, 9);
        question.scope.include_deleted = true;
        assert_eq!(nodes(&graph.reach(&question)), "a j1 b j2 c");
    }

    #[test]
    fn node_limit_cuts_by_name_and_says_so() {
        let graph = graph(&[facts("j1").io(&["m"], &["a", "b", "c", "d"])]);
        let mut question = ask("m", 0, 1);
        question.limit = 4;
        let answer = graph.reach(&question);
        assert_eq!(nodes(&answer), "m j1 a b");
        assert_eq!((answer.truncated.nodes, answer.truncated.left_out), (true, 2));
        assert_eq!(answer.nodes[0].more_down, 2);
    }

    #[test]
    fn node_limit_at_a_hub_leaves_datasets_and_the_jobs_that_lead_to_them() {
        let reads = |name: &str, to: &[&str]| facts(name).io(&["h"], to);
        let graph = graph(&[
            reads("j1", &["e"]),
            reads("j2", &["d"]),
            reads("j3", &["c"]),
            reads("j4", &[]),
        ]);
        let mut question = ask("h", 0, 1);
        question.limit = 6;
        let answer = graph.reach(&question);
        assert_eq!(nodes(&answer), "h j1 j2 j3 c d");
        assert_eq!(edges(&answer), "h>j1 h>j2 h>j3 j2>d j3>c");
        assert_eq!(answer.truncated.left_out, 2);
    }

    #[test]
    fn what_influences_all_fields_is_one_edge_at_column_level() {
        let graph = graph(&[
            facts("j1").io(&["a"], &["b"]).columns(
                "b",
                &[("x", &["a.x"]), ("y", &["a.y!"])],
                &["a.day?"],
            ),
            facts("j2").io(&["b"], &["c"]).columns("c", &[("z", &["b.y"])], &[]),
        ]);
        let answer = graph.reach(&ask("a.day", 0, 2));
        assert_eq!(edges(&answer), "a.day>b b.y>c.z");
        assert_eq!(answer.edges[0].carry, Carry::Indirect);
        assert_eq!(edges(&graph.reach(&ask("c.z", 2, 0))), "a.day>b a.y>b.y b.y>c.z");
        assert_eq!(edges(&graph.reach(&ask("b.x", 1, 0))), "a.day>b a.x>b.x");
    }

    #[test]
    fn jobs_without_column_lineage_can_be_assumed_to_carry_every_column() {
        let graph = graph(&[
            facts("j1").io(&["a"], &["b"]).columns("b", &[("x", &["a.x"])], &[]),
            facts("j2").io(&["b"], &["c"]),
            facts("j3").io(&["c"], &["d"]).columns("d", &[("y", &["c.x"])], &[]),
        ]);
        let mut question = ask("a.x", 0, 9);
        assert_eq!(edges(&graph.reach(&question)), "a.x>b.x");
        question.scope.assume_columns = true;
        let answer = graph.reach(&question);
        assert_eq!(edges(&answer), "a.x>b.x b>c c.x>d.y");
        assert!(answer.edges.iter().any(|e| e.origin == Origin::Inferred));
        question = Question { up: 9, down: 0, ..question };
        question.focus = vec![NodeRef::Field(ds("d"), "y".to_owned())];
        assert_eq!(edges(&graph.reach(&question)), "a.x>b.x b>c c.x>d.y");
    }

    #[test]
    fn time_decides_what_is_there() {
        let graph = graph(&[facts("j1")
            .io_at(&["a"], &["b"], seen(1, 9), Origin::Observed)
            .io_at(&["c"], &[], seen(2, 5), Origin::Observed)
            .io_at(&["d"], &[], seen(1, 1), Origin::Declared)]);
        let at = |time: Option<i64>| {
            let mut question = ask("b", 1, 0);
            if let Some(micros) = time {
                question.scope = Scope::at(crate::base::Time::from_micros(micros));
            }
            nodes(&graph.reach(&question))
        };
        assert_eq!(at(None), "b j1 a d");
        assert_eq!(at(Some(0)), "b");
        assert_eq!(at(Some(3)), "b j1 a c d");
        assert_eq!(at(Some(6)), "b j1 a d");
        assert_eq!(at(Some(99)), "b j1 a d");
    }

    #[test]
    fn run_that_has_only_begun_ends_no_edge() {
        let mut graph = graph(&[]);
        let facts = facts("j1").io_at(&["a"], &[], seen(1, 9), Origin::Observed).io_at(
            &[],
            &["b"],
            seen(1, 5),
            Origin::Observed,
        );
        graph.apply_job(&facts);
        assert_eq!(nodes(&graph.reach(&ask("a", 0, 1))), "a j1");
        graph.apply_job_settled(&facts, Some(crate::base::Time::from_micros(5)));
        assert_eq!(nodes(&graph.reach(&ask("a", 0, 1))), "a j1 b");
    }

    #[test]
    fn hidden_nodes_connect_without_telling_who_they_are() {
        let graph = graph(&[
            facts("j1").io(&["a"], &["b"]),
            facts("j2").io(&["b"], &["c"]),
            facts("j3").io(&["a"], &["d"]),
        ]);
        let hidden = [NodeRef::Dataset(ds("b")), NodeRef::Job(job("j1")), NodeRef::Job(job("j3"))];
        let sight = |node: &NodeRef| match hidden.contains(node) {
            true => Visibility::Hidden,
            false => Visibility::Visible,
        };
        let answer = graph.reach_seen_by(&ask("a", 0, 2), &sight);
        assert_eq!(nodes(&answer), "a d j2 c (0+1) (1+1)");
        assert_eq!(edges(&answer), "(0+1)>d (1+1)>j2 a>(0+1) a>(1+1) j2>c");
        let mut question = ask("a", 0, 2);
        question.include_jobs = false;
        let answer = graph.reach_seen_by(&question, &sight);
        assert_eq!(edges(&answer), "(1+0)>c a>(1+0) a>d");
        assert_eq!(answer.edges[0].hidden_jobs, 1);
    }
}
