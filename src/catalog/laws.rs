//! Tests: joining documents is commutative, associative and idempotent.
//!
//! As in real events, what has the same stamp says the same: whatever is drawn follows
//! from its stamp. Deletion by people is left out, since it follows the order of receipt.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::document::caps::{CAPS, Caps};
use super::document::facet::{FacetBody, FacetBook};
use super::document::finding::Findings;
use super::document::job::Declared;
use super::document::names::JobNames;
use super::document::run::{RunIo, RunJob, Teller};
use super::document::said::SaidTags;
use super::document::small::{NamespaceDoc, SourceDoc, TagDoc};
use super::document::stamp::{Seen, Stamp, Stamped};
use super::document::tries::{Marks, RunState, Word};
use super::fold::edit::fold_edit;
use super::*;
use crate::base::{DatasetId, Digest, EventId, JobId, RunId, Time};
use crate::openlineage::facets::LifecycleState;
use crate::openlineage::run_id;

/// Bounds that three documents go over.
const SMALL: Caps = Caps { schemas: 3, names: 2, job_names: 2, marks: 2, explicit: 2, facets: 2 };

fn stamp() -> impl Strategy<Value = Stamp> {
    (0..7_u8, 0..4_i64, 0..3_u64).prop_map(|(weight, at, tie)| {
        let weight = Weight::from_code(weight);
        Stamp { weight, at: Time::from_micros(at), tie }
    })
}

fn time() -> impl Strategy<Value = Time> {
    (0..5_i64).prop_map(Time::from_micros)
}

fn word(stamp: Stamp) -> String {
    format!("{} {} {:?}", stamp.at.as_micros(), stamp.tie, stamp.weight)
}

fn digest(stamp: Stamp) -> Digest {
    Digest::of(word(stamp).as_bytes())
}

fn stamped<T: std::fmt::Debug>(
    of: impl Fn(Stamp) -> T,
) -> impl Strategy<Value = Option<Stamped<T>>> {
    prop::option::of(stamp().prop_map(move |stamp| Stamped::new(stamp, of(stamp))))
}

fn said<T: std::fmt::Debug>(
    of: impl Fn(Stamp) -> T,
) -> impl Strategy<Value = Option<Stamped<Option<T>>>> {
    stamped(move |stamp| (stamp.tie != 0).then(|| of(stamp)))
}

fn book() -> impl Strategy<Value = FacetBook> {
    prop::collection::vec((0..3_u8, stamp()), 0..4).prop_map(|entries| {
        let mut book = FacetBook::default();
        for (name, stamp) in entries {
            let body = match stamp.tie {
                0 => FacetBody::Deleted,
                1 => FacetBody::Stored(digest(stamp)),
                _ => {
                    let text = serde_json::to_string(&word(stamp)).unwrap();
                    FacetBody::Inline(RawValue::from_string(text).unwrap())
                }
            };
            book.put(&format!("facet{name}"), stamp, body);
        }
        book
    })
}

fn marks() -> impl Strategy<Value = BTreeMap<String, Stamped<bool>>> {
    let mark = stamp().prop_map(|stamp| Stamped::new(stamp, stamp.tie == 1));
    prop::collection::btree_map("[ab]", mark, 0..3)
}

fn said_tags() -> impl Strategy<Value = SaidTags> {
    let tag = prop::sample::select(vec!["restricted", "class:a", "b"]);
    prop::collection::vec(("[ab]?", tag, stamp()), 0..4).prop_map(|all| {
        let mut said = SaidTags::default();
        for (column, tag, stamp) in all {
            said.put(&column, tag.to_owned(), stamp);
        }
        said
    })
}

/// More than are kept, so that joining forgets some.
fn findings() -> impl Strategy<Value = Findings> {
    let one = (0..40_u8, stamp());
    prop::collection::vec(one, 0..20).prop_map(|all| {
        let mut findings = Findings::default();
        for (what, said) in all {
            let (what, by) = (what.to_string(), "service:s".to_owned());
            let kind = FindingKind::Tag;
            findings.put(Finding { kind, what, column: None, other: None, by, said });
        }
        findings
    })
}

fn id(n: u8) -> DatasetId {
    DatasetId::of("ns", &n.to_string())
}

fn dataset() -> impl Strategy<Value = DatasetDoc> {
    let times = (prop::option::of(time()), prop::option::of(time()), prop::option::of(time()));
    let words = (stamped(word), said(word), said(digest), said(digest));
    let schemas =
        prop::collection::btree_map(stamp().prop_map(digest), time().prop_map(Seen::at), 0..3);
    let aliases = prop::collection::btree_set(0..4_u8, 0..3);
    let others = (
        stamped(|stamp| id(stamp.tie.to_le_bytes()[0])),
        stamped(|stamp| if stamp.tie == 0 { LifecycleState::Drop } else { LifecycleState::Create }),
        stamped(|stamp| Some(RunId(uuid::Uuid::from_u128(u128::from(stamp.tie))))),
        stamped(|stamp| vec![(word(stamp), None)]),
    );
    let heard = (said_tags(), findings());
    (times, words, schemas, aliases, others, book(), marks(), heard).prop_map(
        |(times, words, schemas, aliases, others, facets, tags, heard)| DatasetDoc {
            said: heard.0,
            findings: heard.1,
            schemas_read: schemas.clone(),
            created: times.0,
            updated: times.1,
            primary: times.2,
            source: words.0.clone(),
            physical_name: words.0,
            description: words.1.clone(),
            declared_lineage: words.2,
            declared_columns: words.3,
            schemas,
            aliases: {
                let mut ids: Vec<DatasetId> = aliases.into_iter().map(id).collect();
                ids.sort_unstable();
                ids
            },
            renamed_to: others.0,
            lifecycle: others.1,
            written: others.2,
            owners: others.3,
            facets,
            field_tags: [("column".to_owned(), tags.clone())].into(),
            field_descriptions: words
                .1
                .clone()
                .map(|said| ("column".to_owned(), said))
                .into_iter()
                .collect(),
            tags,
            ..DatasetDoc::new("ns", "dataset")
        },
    )
}

/// More than the small bound keeps.
fn names() -> impl Strategy<Value = JobNames> {
    let some = || prop::collection::vec(0..4_u8, 0..3);
    (some(), some()).prop_map(|(shorter, longer)| {
        let mut names = JobNames::default();
        let id = |n: u8| JobId::of("ns", &n.to_string());
        shorter.into_iter().for_each(|n| _ = names.shorter.insert(id(n), 2));
        longer.into_iter().for_each(|n| _ = names.longer.insert(id(n), 2));
        names
    })
}

fn job() -> impl Strategy<Value = JobDoc> {
    let simple = prop::sample::select(vec!["a.b.c", "b.c", "c"]);
    let words = (said(word), said(word), stamped(|stamp| (word(stamp), word(stamp))));
    let renamed = stamped(|stamp| JobId::of("ns", &word(stamp)));
    let declared = stamped(|stamp| Declared {
        inputs: vec![id(0)],
        explicit: Some(digest(stamp)),
        ..Declared::default()
    });
    let noted = (marks(), findings(), names());
    (simple, words, renamed, declared, book(), noted, prop::option::of(time())).prop_map(
        |(simple, words, renamed_to, declared, facets, (tags, findings, names), created)| JobDoc {
            findings,
            names,
            namespace: "ns".to_owned(),
            name: "a.b.c".to_owned(),
            simple_name: simple.to_owned(),
            description: words.0,
            location: words.1,
            parent: words.2,
            renamed_to,
            declared,
            facets,
            tags,
            created,
            updated: created,
            ..JobDoc::default()
        },
    )
}

fn io() -> impl Strategy<Value = BTreeMap<DatasetId, RunIo>> {
    let io = (book(), said(digest), said(digest)).prop_map(|(facets, schema, columns)| RunIo {
        facets,
        schema,
        columns,
        named: None,
    });
    prop::collection::btree_map((0..3_u8).prop_map(id), io, 0..3)
}

fn of_state() -> impl Strategy<Value = Marks> {
    let word = prop::sample::select(vec![Word::Start, Word::Complete, Word::Abort, Word::Fail]);
    (time(), 0..3_u64, word).prop_map(|(at, tie, word)| Marks::of(at, tie, word))
}

/// A run as events make it: its other jobs come only from joining.
fn run() -> impl Strategy<Value = RunDoc> {
    let state =
        prop::sample::select(vec![RunState::Completed, RunState::Failed, RunState::Running]);
    let by = prop::sample::select(vec![Teller::Other, Teller::Child, Teller::Itself]);
    let job =
        prop::option::of((by, any::<bool>(), stamp()).prop_map(|(by, has_parent, stamp)| RunJob {
            by,
            has_parent: has_parent && by == Teller::Itself,
            stamp,
            namespace: "ns".to_owned(),
            name: format!(
                "{}job{}",
                if has_parent && by == Teller::Itself { "parent." } else { "" },
                stamp.tie
            ),
        }));
    let times = (prop::option::of(time()), prop::option::of(time()), of_state());
    let child = prop::option::of((time(), state).prop_map(|(at, state)| (at, at, state)));
    let explicit = (prop::option::of(stamp()), prop::option::of(stamp()));
    let seen = || prop::option::of(time().prop_map(Seen::at));
    let rest = (stamped(word), any::<bool>(), seen(), seen());
    (job, times, child, explicit, rest, book(), io(), io()).prop_map(
        |(job, times, by_child, explicit, rest, facets, inputs, outputs)| {
            // An event says an explicit facet or takes it back, not both.
            let (said, deleted) = explicit;
            let deleted = deleted.filter(|_| said.is_none());
            RunDoc {
                job,
                started: times.0,
                ran: times.1,
                marks: times.2,
                by_child,
                explicit: said.map(|stamp| (digest(stamp), stamp)).into_iter().collect(),
                explicit_deleted: deleted,
                location: rest.0,
                endless: rest.1,
                seen: rest.2,
                mentioned: rest.3,
                facets,
                inputs,
                outputs,
                ..RunDoc::default()
            }
        },
    )
}

/// Checks the three laws on any three documents.
fn check<T: Clone + Default + PartialEq + std::fmt::Debug>(
    join: impl Fn(&mut T, T),
    [a, b, c]: [T; 3],
) -> Result<(), TestCaseError> {
    let all = |order: &[&T]| {
        let mut known = T::default();
        order.iter().for_each(|doc| join(&mut known, (*doc).clone()));
        known
    };
    let straight = all(&[&a, &b, &c]);
    for order in [[&a, &c, &b], [&b, &a, &c], [&b, &c, &a], [&c, &a, &b], [&c, &b, &a]] {
        prop_assert_eq!(&all(&order), &straight, "any order");
    }
    prop_assert_eq!(&all(&[&a, &b, &c, &b, &a]), &straight, "any repetition");
    let (mut left, mut right) = (all(&[&a, &b]), all(&[&b, &c]));
    join(&mut left, c);
    join(&mut right, a);
    prop_assert_eq!(&left, &straight, "any grouping");
    prop_assert_eq!(&right, &straight, "any grouping");
    Ok(())
}

fn three<S: Strategy>(one: impl Fn() -> S) -> impl Strategy<Value = [S::Value; 3]> {
    (one(), one(), one()).prop_map(|(a, b, c)| [a, b, c])
}

proptest! {
    #[test]
    fn datasets_join_in_any_order(docs in three(dataset)) {
        for caps in [CAPS, SMALL] {
            check(|known, new| _ = known.join_within(new, &caps), docs.clone())?;
        }
    }

    #[test]
    fn jobs_join_in_any_order(docs in three(job)) {
        for caps in [CAPS, SMALL] {
            check(|known, new| _ = known.join_within(new, &caps), docs.clone())?;
        }
    }

    #[test]
    fn runs_join_in_any_order(docs in three(run)) {
        for caps in [CAPS, SMALL] {
            check(|known: &mut RunDoc, new| known.join_within(new, &caps), docs.clone())?;
        }
    }

    #[test]
    fn facets_join_in_any_order(docs in three(book)) {
        for caps in [CAPS, SMALL] {
            let join = |known: &mut FacetBook, new| _ = known.join_within(new, &caps);
            check(join, docs.clone())?;
        }
    }

    #[test]
    fn small_documents_join_in_any_order(times in three(|| (prop::option::of(time()), stamped(word), said(word)))) {
        let namespaces = times.clone().map(|(created, owner, description)| NamespaceDoc {
            name: "ns".to_owned(), created, edited: created, owner, description, ..NamespaceDoc::default()
        });
        check(NamespaceDoc::join, namespaces)?;
        let sources = times.clone().map(|(created, url, description)| SourceDoc {
            name: "source".to_owned(), created, edited: created, kind: url.clone(), told: url.clone(), url, description,
        });
        check(SourceDoc::join, sources)?;
        let tags = times.map(|(created, _, description)| TagDoc { name: "tag".to_owned(), created, description });
        check(TagDoc::join, tags)?;
    }

    /// Whatever is forgotten, marks that rules see are not.
    #[test]
    fn no_flood_of_facets_pushes_a_mark_out(names in prop::collection::vec("[a-z]{1,3}", 0..20)) {
        let body = || FacetBody::Inline(RawValue::from_string("{}".to_owned()).unwrap());
        let mut known = FacetBook::default();
        for (place, name) in ["tags", "ownership"].into_iter().chain(names.iter().map(String::as_str)).enumerate() {
            let mut new = FacetBook::default();
            let at = Time::from_micros(i64::try_from(place).unwrap());
            new.put(name, Stamp { weight: Weight::default(), at, tie: 0 }, body());
            known.join_within(new, &SMALL);
        }
        prop_assert!(known.get("tags").is_some() && known.get("ownership").is_some());
        prop_assert!(known.iter().count() <= 2);
    }

    /// What is known of runs that jobs of several namespaces gave the same id does not depend on
    /// what came first; only which of them has that id does. That holds also where the id that a run
    /// would be kept under is given to one before.
    #[test]
    fn runs_of_one_id_stay_apart_in_any_order(
        said in prop::collection::vec((0..4_u128, 0..3_u8, run()), 1..12).prop_flat_map(|said| {
            (Just(said.clone()), Just([said.clone(), said].concat()).prop_shuffle())
        })
    ) {
        type Said = (u128, u8, RunDoc);
        let known = |said: &[Said]| {
            let (mut working, mut changed) = (Working::default(), Changed::default());
            for (id, of, doc) in said {
                let mut doc = doc.clone();
                let Some(job) = &mut doc.job else { continue };
                job.namespace = format!("ns{of}");
                let other = RunId(uuid::Uuid::from_u128(id % 2));
                let claimed = other.within("ns1").to_string();
                let id = if *id < 2 { other } else { run_id(&claimed) };
                working.apply(Delta { runs: vec![(id, doc)], ..Delta::default() }, &mut changed);
            }
            let apart = |(id, mut doc): (RunId, RunDoc)| {
                let namespace = doc.job.as_ref().map(|job| job.namespace.clone());
                let given = doc.shared.take().unwrap_or(id);
                doc.sharers.clear();
                ((given, namespace), doc)
            };
            working.runs.into_iter().map(apart).collect::<BTreeMap<_, _>>()
        };
        let (straight, shuffled) = (known(&said.0), known(&said.1));
        let total: usize = straight.values().filter(|doc| doc.job.is_some()).count();
        prop_assert_eq!(total, straight.len(), "every run is some job's");
        prop_assert_eq!(shuffled, straight);
    }

    /// By which names a job is judged does not depend on which its runs told first.
    #[test]
    fn names_of_jobs_are_known_in_any_order(
        said in prop::collection::vec((0..2_u128, 0..3_u8, prop::option::of(0..2_u8)), 1..9).prop_flat_map(|said| {
            let said: Vec<_> = said.into_iter().enumerate().collect();
            (Just(said.clone()), Just([said.clone(), said].concat()).prop_shuffle())
        })
    ) {
        type Said = (usize, (u128, u8, Option<u8>));
        let known = |said: &[Said]| {
            let (mut working, mut changed) = (Working::default(), Changed::default());
            for (place, (id, name, parent)) in said {
                let at = Time::from_micros(i64::try_from(*place).unwrap());
                let parents = parent.map_or_else(String::new, |parent| format!("parent{parent}."));
                let name = format!("{parents}job{name}");
                let doc = JobDoc { namespace: "ns".to_owned(), name: name.clone(), ..JobDoc::default() };
                let job = RunJob {
                    by: Teller::Itself,
                    has_parent: parent.is_some(),
                    stamp: Stamp { weight: Weight::default(), at, tie: 0 },
                    namespace: "ns".to_owned(),
                    name,
                };
                let run = RunDoc { job: Some(job), ..RunDoc::default() };
                let runs = vec![(RunId(uuid::Uuid::from_u128(*id)), run)];
                working.apply(Delta { jobs: vec![doc], runs, ..Delta::default() }, &mut changed);
            }
            let names = |(id, doc): (&JobId, &JobDoc)| (*id, (doc.names.clone(), working.job_names(*id)));
            working.jobs.iter().map(names).collect::<BTreeMap<_, _>>()
        };
        prop_assert_eq!(known(&said.1), known(&said.0));
    }

    /// A document that is written and read again is the same.
    #[test]
    fn documents_survive_being_written(dataset in dataset(), job in job(), run in run()) {
        fn again<T: serde::Serialize + serde::de::DeserializeOwned>(doc: &T) -> T {
            serde_json::from_str(&serde_json::to_string(doc).unwrap()).unwrap()
        }
        prop_assert_eq!(&again(&dataset), &dataset);
        prop_assert_eq!(&again(&job), &job);
        prop_assert_eq!(&again(&run), &run);
    }

    /// Nobody else's edits change what an edit says.
    #[test]
    fn edits_apply_in_any_order(orders in Just(vec![0, 1, 2, 3, 4, 5]).prop_shuffle()) {
        let entity = EntityRef { kind: crate::base::NodeKind::Dataset, namespace: "ns".into(), name: "d".into() };
        let put = DatasetPut { namespace: "ns".into(), name: "d".into(), tags: vec!["a".into()], ..DatasetPut::default() };
        let edits = [
            Edit::Describe { entity: entity.clone(), field: None, description: Some("old".into()) },
            Edit::Describe { entity: entity.clone(), field: None, description: Some("new".into()) },
            Edit::Describe { entity: entity.clone(), field: Some("c".into()), description: Some("old".into()) },
            Edit::Describe { entity: entity.clone(), field: Some("c".into()), description: None },
            Edit::Tag { entity, field: None, tag: "a".into(), on: false },
            Edit::PutDatasets { datasets: vec![put] },
        ];
        let fold = |order: &[usize]| {
            let mut working = Working::default();
            let mut changed = Changed::default();
            for place in order {
                let at = Time::from_micros(i64::try_from(*place).unwrap());
                let record = EditRecord { event_time: at, actor: "test".into(), edit: edits[*place].clone() };
                let id = EventId::of(at, &Digest::of(&[]));
                let received = Received { id, at: Time::from_micros(0), voice: &Voice::default() };
                working.apply(fold_edit(&record, received, &|_| false), &mut changed);
            }
            working.datasets.remove(&DatasetId::of("ns", "d")).unwrap()
        };
        prop_assert_eq!(fold(&orders), fold(&[0, 1, 2, 3, 4, 5]));
    }
}
