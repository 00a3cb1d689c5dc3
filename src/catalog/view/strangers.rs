//! Tests: what strangers and mere readers say takes no restriction off, makes nobody an owner,
//! joins no names, and does not depend on the order in which it came.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::base::{DatasetId, Time};
use crate::catalog::*;
use crate::openlineage::parse;

/// The namespace that the owner is bound to, and one that nobody is.
const NAMESPACES: [&str; 2] = ["pg://own", "s3://free"];

/// One thing said of one dataset.
#[derive(Debug, Clone)]
struct Say {
    part: &'static str,
    /// Whether it is said of a dataset that somebody is bound to.
    claimed: bool,
    dataset: u8,
    year: u16,
    tags: Vec<(&'static str, Option<&'static str>)>,
    owner: Option<&'static str>,
    symlink: Option<(bool, u8)>,
    dropped: bool,
    removed: Vec<&'static str>,
}

fn say(parts: Vec<&'static str>) -> impl Strategy<Value = Say> {
    let tag =
        prop::sample::select(vec!["restricted", "class:user.mail", "gold", "domain:x", "b:1"]);
    let column = prop::option::of(prop::sample::select(vec!["mail", "id"]));
    let what = (
        prop::sample::select(parts),
        any::<bool>(),
        0..3_u8,
        prop::sample::select(vec![2024_u16, 2025, 2026, 9998]),
    );
    let facets = (
        prop::collection::vec((tag, column), 0..3),
        prop::option::of(prop::sample::select(vec!["user:carl", "team:sales"])),
        prop::option::of((any::<bool>(), 0..3_u8)),
        any::<bool>(),
        prop::sample::subsequence(vec!["tags", "ownership", "schema", "symlinks"], 0..3),
    );
    (what, facets).prop_map(|((part, claimed, dataset, year), facets)| {
        let (tags, owner, symlink, dropped, removed) = facets;
        Say { part, claimed, dataset, year, tags, owner, symlink, dropped, removed }
    })
}

fn named(claimed: bool, dataset: u8) -> (&'static str, String) {
    (NAMESPACES[usize::from(!claimed)], format!("d{dataset}"))
}

impl Say {
    fn facets(&self) -> Value {
        let facet = |mut body: Value| {
            body["_producer"] = json!("https://e.org");
            body["_schemaURL"] = json!("https://e.org");
            body
        };
        let mut facets = serde_json::Map::new();
        let tag = |(tag, column): &(&str, Option<&str>)| {
            let (key, value) = tag.split_once(':').unwrap_or((tag, "true"));
            json!({"key": key, "value": value, "field": column})
        };
        let tags: Vec<Value> = self.tags.iter().map(tag).collect();
        facets.insert("tags".into(), facet(json!({ "tags": tags })));
        if let Some(owner) = self.owner {
            let owners = json!([{"name": owner, "type": "OWNER"}]);
            facets.insert("ownership".into(), facet(json!({ "owners": owners })));
        }
        if let Some((claimed, other)) = self.symlink {
            let (namespace, name) = named(claimed, other);
            let other = json!([{"namespace": namespace, "name": name, "type": "TABLE"}]);
            facets.insert("symlinks".into(), facet(json!({ "identifiers": other })));
        }
        if self.dropped {
            let state = json!({"lifecycleStateChange": "DROP"});
            facets.insert("lifecycleStateChange".into(), facet(state));
        }
        for name in &self.removed {
            facets.insert((*name).into(), facet(json!({"_deleted": true})));
        }
        Value::Object(facets)
    }

    fn delta(&self, voice: &Voice) -> Delta {
        let (namespace, name) = named(self.claimed, self.dataset);
        let dataset = json!({"namespace": namespace, "name": name, "facets": self.facets()});
        let time = format!("{}-01-01T00:00:00Z", self.year);
        let mut event = json!({"eventTime": time, "producer": "https://e.org"});
        if self.part == "dataset" {
            event["dataset"] = dataset;
        } else {
            event["eventType"] = json!("COMPLETE");
            event["run"] = json!({"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69"});
            event["job"] = json!({"namespace": "jobs", "name": "j"});
            event[self.part] = json!([dataset]);
        }
        let parsed = parse(event.to_string().as_bytes()).unwrap();
        fold(&parsed.event, Received { id: parsed.id, at: Time::MIN, voice }, &|_| false)
    }
}

fn voices() -> (Voice, Voice) {
    let claims = Arc::new(Claims::new([NAMESPACES[0].to_owned()]));
    let own = (*claims).clone();
    let owner =
        Voice { author: "service:own".into(), own, claims: claims.clone(), ..Voice::default() };
    let stranger = Voice { author: "service:other".into(), claims, ..Voice::default() };
    (owner, stranger)
}

fn catalog<'a>(said: impl IntoIterator<Item = &'a (Say, Voice)>) -> Working {
    let (mut working, mut changed) = (Working::default(), Changed::default());
    for (say, voice) in said {
        working.apply(say.delta(voice), &mut changed);
    }
    working
}

/// What rules see of each dataset: for denials and masks, and what allows must hold for too.
fn seen(working: &Working, claimed: bool) -> BTreeMap<DatasetId, (Attributes, Attributes)> {
    let namespace = NAMESPACES[usize::from(!claimed)];
    let of = |doc: &DatasetDoc| {
        let bodies = Bodies::new();
        (doc.id(), (doc.attributes(&bodies), doc.sure_attributes(&bodies)))
    };
    working.datasets.values().filter(|doc| doc.namespace == namespace).map(of).collect()
}

/// Demands that nothing which restricts or allows changed, but for classes that were added.
fn check(before: &Working, after: &Working, claimed: bool) -> Result<(), TestCaseError> {
    let (known, now) = (seen(before, claimed), seen(after, claimed));
    for (id, (all, sure)) in &known {
        let (all_now, sure_now) = &now[id];
        prop_assert_eq!(sure, sure_now, "what allows is as it was");
        let classes = all_now.classes.iter().filter(|class| all.classes.contains(class));
        prop_assert_eq!(classes.count(), all.classes.len(), "no class is gone");
        let mut rest = all_now.clone();
        rest.classes.clone_from(&all.classes);
        prop_assert_eq!(all, &rest, "nothing but classes is new");
        let (doc, doc_now) = (&before.datasets[id], &after.datasets[id]);
        prop_assert_eq!(&doc.aliases, &doc_now.aliases, "its names are its names");
        prop_assert_eq!(doc.is_dropped(), doc_now.is_dropped());
    }
    for (id, (all, sure)) in now.iter().filter(|(id, _)| !known.contains_key(id)) {
        prop_assert!(sure == &Attributes::default() && all.owners.is_empty(), "{id:?}");
        prop_assert!(after.datasets[id].aliases.is_empty());
    }
    Ok(())
}

proptest! {
    /// Whatever a stranger says of what somebody is bound to, as reader or as writer.
    #[test]
    fn strangers_only_add_classes(
        known in prop::collection::vec(say(vec!["inputs", "outputs", "dataset"]), 0..6),
        strange in prop::collection::vec(say(vec!["inputs", "outputs", "dataset"]), 1..6),
    ) {
        let (owner, stranger) = voices();
        let known: Vec<_> = known.into_iter().map(|say| (say, owner.clone())).collect();
        let strange: Vec<_> = strange.into_iter().map(|say| (say, stranger.clone())).collect();
        let (before, after) = (catalog(&known), catalog(known.iter().chain(&strange)));
        check(&before, &after, true)?;
    }

    /// Whatever somebody says of what they only read, be it theirs or nobody's, but for
    /// `restricted` of what is theirs.
    #[test]
    fn readers_only_add_classes(
        known in prop::collection::vec(say(vec!["inputs", "outputs", "dataset"]), 0..6),
        read in prop::collection::vec(say(vec!["inputs"]), 1..6),
    ) {
        let (owner, stranger) = voices();
        let known: Vec<_> = known.into_iter().map(|say| (say, owner.clone())).collect();
        let read: Vec<_> = read.into_iter().map(|say| (say, stranger.clone())).collect();
        let (before, after) = (catalog(&known), catalog(known.iter().chain(&read)));
        check(&before, &after, false)?;
    }

    /// Authors mixed, any order and any repetition come to the same.
    #[test]
    fn who_said_what_first_does_not_matter(
        said in prop::collection::vec((say(vec!["inputs", "outputs", "dataset"]), any::<bool>()), 1..7)
            .prop_flat_map(|said| (Just(said.clone()), Just(said).prop_shuffle())),
    ) {
        let (owner, stranger) = voices();
        let of = |said: Vec<(Say, bool)>| -> Vec<(Say, Voice)> {
            let voice = |own| if own { owner.clone() } else { stranger.clone() };
            said.into_iter().map(|(say, own)| (say, voice(own))).collect()
        };
        let (straight, shuffled) = (of(said.0), of(said.1));
        let (a, b) = (catalog(&straight), catalog(shuffled.iter().chain(&straight)));
        for (id, doc) in &a.datasets {
            let (mut doc, mut other) = (doc.clone(), b.datasets[id].clone());
            (doc.canonical, other.canonical, doc.uses, other.uses) = (None, None, 0, 0);
            prop_assert_eq!(doc, other);
        }
    }
}

#[test]
fn a_mark_stays_whatever_its_own_pipelines_say_later() {
    let mark = |tags| Say {
        part: "outputs",
        claimed: true,
        dataset: 0,
        year: 2024,
        tags,
        owner: None,
        symlink: None,
        dropped: false,
        removed: vec![],
    };
    let (owner, _) = voices();
    let marked =
        mark(vec![("restricted", None), ("class:user.mail", Some("mail")), ("gold", None)]);
    let later = Say { year: 9998, ..mark(vec![]) };
    let removal = Say { removed: vec!["tags"], ..later.clone() };
    let all = [marked, later, removal].map(|say| (say, owner.clone()));
    let working = catalog(&all);
    let (_, (all, sure)) = seen(&working, true).pop_first().unwrap();
    assert_eq!(
        (&all.tags[..], &all.classes[..]),
        (&["gold".to_owned(), "restricted".into()][..], &["user.mail".to_owned()][..])
    );
    assert_eq!(sure.tags, ["restricted"], "a tag that is no longer said wins nobody anything");
}

#[test]
fn a_facet_that_cannot_be_read_fails_closed_where_its_author_counts() {
    let (owner, stranger) = voices();
    let unreadable = |voice: &Voice, part: &str| {
        // Too long to stay in the document, and its body is not at hand.
        let tag = json!({"key": "k".repeat(5_000), "value": "true"});
        let tags =
            json!({"_producer": "https://e.org", "_schemaURL": "https://e.org", "tags": [tag]});
        let dataset = json!({"namespace": NAMESPACES[0], "name": "d", "facets": {"tags": tags}});
        let mut event = json!({
            "eventTime": "2026-01-01T00:00:00Z", "producer": "https://e.org", "eventType": "COMPLETE",
            "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69"},
            "job": {"namespace": "jobs", "name": "j"},
        });
        event[part] = json!([dataset]);
        let parsed = parse(event.to_string().as_bytes()).unwrap();
        let received = Received { id: parsed.id, at: Time::MIN, voice };
        let doc = fold(&parsed.event, received, &|_| false).datasets.remove(0);
        doc.attributes(&Bodies::new()).unreadable
    };
    assert!(unreadable(&owner, "outputs"));
    assert!(!unreadable(&owner, "inputs"));
    assert!(!unreadable(&stranger, "outputs"));
}
