//! Trials of the whole index against the model: random documents, random searches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use uuid::Uuid;

use super::trial_model::{NOW, document, facets, finds, now, query};
use super::{
    Change, Clearance, Document, Query, SearchIndex, SearchRequest, SearchResults, Sort,
    SuggestRequest, Suggested,
};
use crate::base::cursor::Page;
use crate::base::limits::PAGE_MAX;
use crate::base::{NodeKind, Time};

/// Puts the documents into an index in some batches, the second half of them replacing and
/// removing some of the first. Returns the index and what it must now hold.
fn indexed(documents: &[Document]) -> (SearchIndex, Vec<Document>) {
    let index = SearchIndex::in_memory().unwrap();
    let mut held = BTreeMap::new();
    for (position, batch) in documents.chunks(7).enumerate() {
        let mut changes = Vec::new();
        for document in batch {
            changes.push(Change::Put(Box::new(document.clone())));
            held.insert((document.kind, document.id), document.clone());
        }
        if let Some(first) = batch.first().filter(|first| first.run_count == 0) {
            changes.push(Change::Remove(first.kind, first.id));
            held.remove(&(first.kind, first.id));
        }
        index.apply(&changes, position as u64 + 1).unwrap();
    }
    (index, held.into_values().collect())
}

fn request(query: Query) -> SearchRequest<'static> {
    SearchRequest {
        query,
        kinds: &[],
        sort: Sort::Relevance,
        page: Page::new(Some(PAGE_MAX), None),
        facets: true,
        now: now(),
        clearance: None,
        include_deleted: false,
    }
}

fn cleared(classes: &[u32]) -> Arc<Clearance> {
    let classes = classes.iter().copied().collect();
    Arc::new(Clearance { classes, ..Clearance::default() })
}

fn ids(results: &SearchResults) -> Vec<(NodeKind, Uuid)> {
    results.hits.iter().map(|hit| (hit.kind, hit.id)).collect()
}

fn documents() -> impl Strategy<Value = Vec<Document>> {
    prop::collection::vec(document(), 1..50)
}

const KINDS: &[&[NodeKind]] = &[&[], &[NodeKind::Job], &[NodeKind::Dataset, NodeKind::Job]];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn hits_and_facets_are_those_of_the_model(
        documents in documents(),
        queries in prop::collection::vec(query(), 6),
        classes in prop::option::of(prop::collection::vec(0..4_u32, 0..3)),
        kinds in prop::sample::select(KINDS),
        include_deleted: bool,
        unseen in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    ) {
        let (index, held) = indexed(&documents);
        let unseen: Vec<Uuid> = unseen.iter().map(|at| at.get(&documents).id).collect();
        for query in queries {
            let clearance = classes.clone().map(|classes| {
                let unseen = unseen.clone();
                Arc::new(Clearance { unseen, ..Clearance::clone(&cleared(&classes)) })
            });
            let request = SearchRequest {
                kinds,
                clearance: clearance.as_ref(),
                include_deleted,
                ..request(query.clone())
            };
            let results = index.search(&request).unwrap();
            let allowed = |document: &&Document| {
                (include_deleted || !document.deleted)
                    && (kinds.is_empty() || kinds.contains(&document.kind))
                    && classes.as_ref().is_none_or(|classes| {
                        classes.contains(&document.access_class) && !unseen.contains(&document.id)
                    })
            };
            let found: BTreeSet<_> = ids(&results).into_iter().collect();
            prop_assert_eq!(found.len(), results.hits.len(), "twice: {}", query);
            prop_assert_eq!(results.total, found.len() as u64);
            let expected: BTreeSet<_> = held
                .iter()
                .filter(allowed)
                .filter(|document| finds(&query, document))
                .map(|document| (document.kind, document.id))
                .collect();
            if results.mended {
                prop_assert!(found.is_superset(&expected) && expected.len() < 10);
                let first: BTreeSet<_> = ids(&results).into_iter().take(expected.len()).collect();
                prop_assert_eq!(first, expected, "mended hits come last: {}", query);
            } else {
                prop_assert_eq!(&found, &expected, "{}", query);
            }
            let hits = held.iter().filter(|held| found.contains(&(held.kind, held.id)));
            let mut counted = BTreeMap::new();
            for facet in &results.facets {
                prop_assert_eq!(facet.more_values, 0);
                for (value, count) in &facet.values {
                    counted.insert((facet.facet, value.clone()), *count);
                }
            }
            prop_assert_eq!(counted, facets(hits), "{}", query);
        }
    }

    #[test]
    fn pages_visit_everything_once_in_the_order_of_the_whole(
        documents in documents(),
        query in query(),
        limit in 1..6_usize,
        sort in prop::sample::select(&[Sort::Relevance, Sort::Name, Sort::UpdatedAt][..]),
    ) {
        let (index, _) = indexed(&documents);
        let whole = index.search(&SearchRequest { sort, ..request(query.clone()) }).unwrap();
        let mut visited = Vec::new();
        let mut after = None;
        // Later pages are asked for later: the first page's moment must hold for all.
        for later in 0.. {
            let page = Page::new(Some(limit), after);
            let hours = if sort == Sort::UpdatedAt { 0 } else { 2 * later };
            let now = Time::from_micros(NOW + hours * 3_600_000_000);
            let page = SearchRequest { sort, page, now, ..request(query.clone()) };
            let results = index.search(&page).unwrap();
            prop_assert!(results.hits.len() <= limit);
            visited.extend(ids(&results));
            match results.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        prop_assert_eq!(visited, ids(&whole));
    }

    #[test]
    fn an_exact_or_qualified_name_comes_first(
        documents in documents(),
        odd in "\\PC{1,20}",
        place in any::<prop::sample::Index>(),
    ) {
        let mut documents = documents;
        let place = place.index(documents.len());
        documents[place].name = odd;
        let (index, held) = indexed(&documents);
        for document in held.iter().filter(|document| !document.deleted) {
            let quoted = Query::quoted(&document.name);
            let results = index.search(&request(quoted)).unwrap();
            prop_assert_eq!(&results.hits[0].name, &document.name);
            let qualified = format!("{}/{}", document.namespace, document.name);
            let results = index.search(&request(Query::quoted(&qualified))).unwrap();
            let first = format!("{}/{}", results.hits[0].namespace, results.hits[0].name);
            prop_assert!(first == qualified || results.hits[0].name == qualified);
            // Without quotes too, if it can be read at all.
            if let Ok(query) = Query::parse(&document.name)
                && query.to_string() == document.name
            {
                let results = index.search(&request(query)).unwrap();
                let first = &results.hits[0];
                let same = first.name == document.name
                    || format!("{}/{}", first.namespace, first.name) == document.name;
                prop_assert!(same, "{}", document.name);
            }
        }
    }

    #[test]
    fn explanations_tell_the_scores_of_the_ranking(documents in documents(), query in query()) {
        let (index, held) = indexed(&documents);
        let request = request(query);
        let results = index.search(&request).unwrap();
        let scores: BTreeMap<_, _> =
            results.hits.iter().map(|hit| ((hit.kind, hit.id), hit.score)).collect();
        for document in &held {
            let key = (document.kind, document.id);
            let explained = index.explain(&request, document.kind, document.id).unwrap();
            prop_assert_eq!(explained.is_some(), !document.deleted);
            let Some(explained) = explained else { continue };
            prop_assert_eq!(explained.matched, scores.contains_key(&key));
            if let Some(score) = scores.get(&key) {
                prop_assert_eq!(explained.score, *score);
            }
        }
    }

    #[test]
    fn suggestions_offer_only_what_may_be_seen(
        documents in documents(),
        prefix in prop::sample::select(&["c", "ord", "tag:p", "owner:", "field:id", "ns:s", ""][..]),
        classes in prop::collection::vec(0..3_u32, 0..3),
    ) {
        let (index, held) = indexed(&documents);
        let clearance = cleared(&classes);
        let ask = SuggestRequest { prefix, limit: 50, clearance: Some(&clearance), now: now() };
        for suggestion in index.suggest(&ask).unwrap() {
            let query = Query::parse(&suggestion.query).unwrap();
            let seen = |document: &&Document| {
                !document.deleted && classes.contains(&document.access_class)
            };
            if let Suggested::Node(kind, id) = suggestion.what {
                prop_assert!(held.iter().filter(seen).any(|d| d.kind == kind && d.id == id));
            } else {
                let request = SearchRequest { clearance: Some(&clearance), ..request(query) };
                let found = index.search(&request).unwrap();
                prop_assert!(found.total >= suggestion.count && suggestion.count > 0);
            }
        }
    }

    #[test]
    fn what_is_masked_makes_no_difference(
        documents in documents(),
        query in query(),
        prefix in prop::sample::select(&["c", "ord", "field:id", "a", "tag:", "pi"][..]),
        masked in prop::collection::vec(0..3_u32, 1..3),
    ) {
        let other = |document: &Document| {
            let mut other = document.clone();
            if masked.contains(&document.access_class) {
                for field in &mut other.fields {
                    field.name = format!("zz{}", field.name.len());
                    field.description = field.description.as_ref().map(|_| "zz".to_owned());
                    field.tags.clear();
                }
                other.sql = other.sql.map(|_| "zz zz".to_owned());
            }
            other
        };
        let masks = || masked.iter().copied().collect();
        let clearance = Clearance {
            without_columns: masks(),
            without_sql: masks(),
            ..Clearance::clone(&cleared(&[0, 1, 2, 3]))
        };
        // The same said of each document that is of such a class.
        let held = documents.iter().filter(|document| masked.contains(&document.access_class));
        let mut bare: Vec<_> = held.map(|document| document.id).collect();
        bare.sort_unstable();
        let singly = Clearance { bare, ..Clearance::clone(&cleared(&[0, 1, 2, 3])) };
        for clearance in [Arc::new(clearance), Arc::new(singly)] {
        let told = |documents: &[Document]| {
            let (index, _) = indexed(documents);
            let asked = SearchRequest { clearance: Some(&clearance), ..request(query.clone()) };
            let results = index.search(&asked).unwrap();
            let hits: Vec<_> = results.hits.iter().map(|hit| (hit.id, hit.score, hit.highlights.clone())).collect();
            let ask = SuggestRequest { prefix, limit: 50, clearance: Some(&clearance), now: now() };
            let suggestions = index.suggest(&ask).unwrap();
            let columns: Vec<_> =
                suggestions.into_iter().map(|s| (s.text, s.count)).collect();
            (hits, results.total, results.facets, columns.into_iter().collect::<BTreeMap<_, _>>())
        };
        let others: Vec<Document> = documents.iter().map(other).collect();
        prop_assert_eq!(told(&documents), told(&others), "{}", query);
        }
    }

    #[test]
    fn what_is_hidden_makes_no_difference(
        documents in documents(),
        query in query(),
        hidden in 0..3_u32,
    ) {
        let other = |document: &Document| {
            if document.access_class != hidden {
                return document.clone();
            }
            let Document { kind, id, run_count, created_at, access_class, .. } = document.clone();
            Document { kind, id, run_count, created_at, access_class, ..nothing_much() }
        };
        let classes = (0..4).filter(|class| *class != hidden).collect();
        let clearance = Arc::new(Clearance { classes, ..Clearance::default() });
        let told = |documents: &[Document]| {
            let (index, _) = indexed(documents);
            let asked = SearchRequest { clearance: Some(&clearance), ..request(query.clone()) };
            let results = index.search(&asked).unwrap();
            let first = results.hits.first();
            let explained = first.map(|hit| index.explain(&asked, hit.kind, hit.id).unwrap());
            let hits: Vec<_> = results.hits.iter().map(|hit| (hit.id, hit.score)).collect();
            (hits, results.total, results.mended, results.facets, explained)
        };
        let others: Vec<Document> = documents.iter().map(other).collect();
        prop_assert_eq!(told(&documents), told(&others), "{}", query);
    }
}

/// A document that no search of these trials finds.
fn nothing_much() -> Document {
    Document {
        kind: NodeKind::Dataset,
        id: Uuid::nil(),
        namespace: "zz".to_owned(),
        name: "zz".to_owned(),
        aliases: Vec::new(),
        description: None,
        tags: Vec::new(),
        owners: Vec::new(),
        fields: Vec::new(),
        sql: None,
        platform: String::new(),
        subtype: None,
        created_at: now(),
        updated_at: now(),
        last_run_at: None,
        run_count: 0,
        downstream: 0,
        has_lineage: false,
        deleted: false,
        access_class: 0,
    }
}
