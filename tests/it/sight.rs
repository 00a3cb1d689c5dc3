//! The same question gets the same answer through every door: what the rules hide from
//! somebody is not listed, found, suggested, drawn, exported or named, and what they show is.

mod at_once;
mod catalog;
mod doors;
mod edits;
mod late;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use lethe::access::{
    AccessClass, Action, AuthMethod, Context, Judge, Kind, PolicySet, Principal, PrincipalKind,
    Resource, Standing,
};
use lethe::base::Time;
use proptest::prelude::*;

use crate::world::{Backend, World};
use catalog::{Catalog, Dataset};
use doors::Doors;

/// Who asks in these tests: a service account, by the rules a tester.
const WHO: &str = "tester";

/// The acts by which somebody reads the catalog.
const READ: &str = "dataset:search|dataset:read|dataset:read_fields|job:search|job:read|run:read|lineage:read|lineage:export|namespace:read|event:read";

/// Who asks, before the rules, as the tests themselves understand them.
struct Expected {
    judge: Judge,
    standing: Standing,
}

impl Expected {
    fn of(rules: &str) -> Self {
        let set = PolicySet::from_csv(1, rules).expect("rules");
        let judge = Judge::new(set).expect("rules");
        let id = uuid::Uuid::nil();
        let mut who = Principal::new(id, PrincipalKind::Service, WHO, AuthMethod::Token);
        who.groups = vec!["pipelines".to_owned()];
        who.namespaces = Some(vec!["*".parse().expect("a pattern")]);
        let standing = judge.standing(&who);
        Self { judge, standing }
    }

    fn decide(
        &self,
        action: Action,
        class: &AccessClass,
    ) -> std::sync::Arc<lethe::access::Decision> {
        self.judge.decide(&self.standing, action, class, &Context::at(Time::from_micros(1)))
    }

    fn sees(&self, dataset: &Dataset) -> bool {
        self.decide(Action::DatasetSearch, &dataset.access_class()).allow
    }

    fn sees_job(&self, namespace: &str) -> bool {
        let class = Resource::new(Kind::Job).in_namespace(namespace).access_class();
        self.decide(Action::JobSearch, &class).allow
    }

    /// Returns the columns that are seen.
    fn columns(&self, dataset: &Dataset) -> BTreeSet<String> {
        let fields = self.decide(Action::DatasetReadFields, &dataset.access_class());
        let read = self.decide(Action::DatasetRead, &dataset.access_class()).allow;
        // What is on the whole is on each column.
        let (of_whole, classes_of_whole) = lethe::catalog::split_tags(dataset.tags.clone());
        let shown = |(_, tags, classes): &&(String, Vec<String>, Vec<String>)| {
            let tags = [&tags[..], &of_whole].concat();
            let classes = [&classes[..], &classes_of_whole].concat();
            let marks = (&tags[..], &classes[..]);
            read && fields.allow && !fields.obligations.hides(marks, marks)
        };
        dataset.columns().iter().filter(shown).map(|(name, ..)| name.clone()).collect()
    }
}

fn selector() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "*",
        "ns:a",
        "ns:b*",
        "tag:restricted",
        "!tag:restricted",
        "tag:pii.*",
        "class:*",
        "!class:*",
        "class:user.contact.*",
        "owner:self",
        "domain:clinical/*",
        "ns:a | tag:gold",
        "!(tag:restricted | class:*)",
    ])
}

/// Some rules; the first allows something, so that there is mostly something to see.
fn rules() -> impl Strategy<Value = String> {
    let obligation =
        prop::sample::select(vec!["", "mask:class:*", "mask:*", "mask:tag:pii.*; redact_sql"]);
    let rule = (selector(), prop::bool::weighted(0.25), obligation);
    prop::collection::vec(rule, 1..4).prop_map(|rules| {
        let mut text = format!("g, service:{WHO}, tester, *\n");
        for (place, (selector, deny, obligation)) in rules.into_iter().enumerate() {
            let (effect, duty) =
                if deny && place > 0 { ("deny", "") } else { ("allow", obligation) };
            text.push_str(&format!(
                "p, r{place}, tester, *, {READ}, {selector}, *, {effect}, {duty}\n"
            ));
        }
        text.push_str(
            "p, admin, bootstrap, *, *, *, *, allow\ng, system:bootstrap, bootstrap, *\n",
        );
        text
    })
}

/// Asks through every door and compares with what the rules say.
async fn agree(backend: Backend, rules: &str, catalog: &Catalog) {
    let world = World::with_rules(backend, rules).await;
    catalog.fill(&world).await;
    let token = doors::tester(&world).await;
    world.settle().await;
    let expected = Expected::of(rules);
    let doors = Doors { world: &world, token: &token };
    let seen: BTreeSet<String> = catalog
        .datasets
        .iter()
        .filter(|dataset| expected.sees(dataset))
        .map(Dataset::key)
        .collect();
    let told = |door: &str, found: &BTreeSet<String>| {
        assert_eq!(found, &seen, "{door} on {backend:?} under\n{rules}");
    };
    told("the list", &doors.list(catalog).await);
    told("Marquez's list", &doors.marquez_list(catalog).await);
    told("search", &doors.search("").await);
    told("Marquez's search", &doors.marquez_search(catalog).await);
    told("suggestions", &doors.suggest().await);
    told("details", &doors.details(catalog).await);
    told("Marquez's details", &doors.marquez_details(catalog).await);
    assert_eq!(doors.total("").await, seen.len() as u64, "counts under\n{rules}");
    let columns: BTreeMap<String, BTreeSet<String>> = catalog
        .datasets
        .iter()
        .filter(|dataset| expected.sees(dataset))
        .map(|dataset| (dataset.key(), expected.columns(dataset)))
        .collect();
    assert_eq!(doors.columns(catalog).await, columns, "columns under\n{rules}");
    assert_eq!(doors.marquez_columns(catalog).await, columns, "Marquez's columns under\n{rules}");
    doors.columns_are_found_if_seen(&columns, rules).await;
    doors.graphs_name_only(catalog, &seen, &columns, rules).await;
    let jobs: BTreeSet<String> = catalog
        .jobs()
        .into_iter()
        .filter(|(ns, _)| expected.sees_job(ns))
        .map(|(ns, name)| format!("{ns} {name}"))
        .collect();
    assert_eq!(doors.jobs().await, jobs, "jobs under\n{rules}");
    doors.nothing_hidden_is_named(catalog, &seen, &columns, rules).await;
    world.app.stop().await;
}

fn run(backend: Backend, cases: u32) {
    let runtime = crate::world::runtime();
    let config = ProptestConfig { cases, max_shrink_iters: 40, ..ProptestConfig::default() };
    proptest!(config, |(rules in rules(), catalog in catalog::catalogs())| {
        runtime.block_on(agree(backend, &rules, &catalog));
    });
}

#[test]
fn every_door_gives_the_same_answer_on_sqlite() {
    run(Backend::Sqlite, 16);
}

#[test]
fn every_door_gives_the_same_answer_on_postgresql() {
    run(Backend::Postgres, 6);
}
