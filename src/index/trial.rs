//! Trials of the whole index against the model: random documents, random searches.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::trial_model::{NOW, document, facets, finds, now, query};
use super::{
    Change, Document, IndexSettings, Query, SearchIndex, SearchRequest, SearchResults, Sort,
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
        allowed_classes: None,
        include_deleted: false,
    }
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
    ) {
        let (index, held) = indexed(&documents);
        for query in queries {
            let request = SearchRequest {
                kinds,
                allowed_classes: classes.as_deref(),
                include_deleted,
                ..request(query.clone())
            };
            let results = index.search(&request).unwrap();
            let allowed = |document: &&Document| {
                (include_deleted || !document.deleted)
                    && (kinds.is_empty() || kinds.contains(&document.kind))
                    && classes.as_ref().is_none_or(|classes| classes.contains(&document.access_class))
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
        let ask = SuggestRequest { prefix, limit: 50, allowed_classes: Some(&classes), now: now() };
        for suggestion in index.suggest(&ask).unwrap() {
            let query = Query::parse(&suggestion.query).unwrap();
            let seen = |document: &&Document| {
                !document.deleted && classes.contains(&document.access_class)
            };
            if let Suggested::Node(kind, id) = suggestion.what {
                prop_assert!(held.iter().filter(seen).any(|d| d.kind == kind && d.id == id));
            } else {
                let request = SearchRequest { allowed_classes: Some(&classes), ..request(query) };
                let found = index.search(&request).unwrap();
                prop_assert!(found.total >= suggestion.count && suggestion.count > 0);
            }
        }
    }
}

fn plain(id: u128, name: &str) -> Document {
    Document {
        kind: NodeKind::Dataset,
        id: Uuid::from_u128(id),
        namespace: "shop".to_owned(),
        name: name.to_owned(),
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

fn put(id: u128, name: &str) -> Change {
    Change::Put(Box::new(plain(id, name)))
}

fn names(index: &SearchIndex, query: &str) -> Vec<String> {
    let results = index.search(&request(Query::parse(query).unwrap())).unwrap();
    results.hits.into_iter().map(|hit| hit.name).collect()
}

#[test]
fn what_was_applied_is_there_after_reopening_with_its_position() {
    let dir = tempfile::tempdir().unwrap();
    let open = || SearchIndex::open(dir.path(), IndexSettings::default()).unwrap();
    let index = open();
    assert_eq!((index.position(), index.len()), (0, 0));
    index.apply(&[put(1, "orders"), put(2, "customers")], 5).unwrap();
    index.apply(&[Change::Remove(NodeKind::Dataset, Uuid::from_u128(2))], 6).unwrap();
    index.apply(&[], 9).unwrap();
    assert_eq!(names(&index, ""), ["orders"]);
    drop(index);
    let index = open();
    assert_eq!(index.position(), 9);
    assert_eq!(names(&index, ""), ["orders"]);
    index.apply(&[put(1, "renamed")], 10).unwrap();
    assert_eq!(names(&index, ""), ["renamed"]);
}

#[test]
fn a_rebuild_replaces_everything_and_following_goes_on_from_it() {
    let index = SearchIndex::in_memory().unwrap();
    index.apply(&[put(1, "old")], 3).unwrap();
    let count = index.rebuild((2..50).map(|id| plain(id, "new")), 7).unwrap();
    assert_eq!((count, index.position(), index.len()), (48, 7, 48));
    assert_eq!(names(&index, "old"), Vec::<String>::new());
    index.apply(&[put(2, "newer")], 8).unwrap();
    index.rest().unwrap();
    assert_eq!(names(&index, "newer"), ["newer"]);
    assert_eq!((index.position(), index.len()), (8, 48));
}

#[test]
fn what_was_not_committed_is_lost_with_its_position() {
    let dir = tempfile::tempdir().unwrap();
    let open = || SearchIndex::open(dir.path(), IndexSettings::default()).unwrap();
    let index = open();
    index.apply(&[put(1, "kept")], 4).unwrap();
    {
        // A batch that stops between its changes and its commit, as a killed process does.
        let mut slot = index.lock_writer();
        let writer = slot.take().unwrap();
        writer.add_document(index.encoder.encode(&plain(2, "lost"))).unwrap();
    }
    drop(index);
    let index = open();
    assert_eq!(index.position(), 4);
    assert_eq!(names(&index, ""), ["kept"]);
    index.apply(&[put(3, "next")], 5).unwrap();
    assert_eq!(index.len(), 2);
}

#[test]
fn damaged_and_foreign_indexes_are_followed_anew() {
    let dir = tempfile::tempdir().unwrap();
    let open = || SearchIndex::open(dir.path(), IndexSettings::default());
    open().unwrap().apply(&[put(1, "orders")], 4).unwrap();
    let meta = dir.path().join("meta.json");
    let good = std::fs::read_to_string(&meta).unwrap();
    let damages = [
        good.replace("\\\"version\\\":", "\\\"version\\\":9"),
        good.replace("column", "collumn").replace("\"edge\"", "\"ledge\""),
        good.split_at(good.len() / 2).0.to_owned(),
        String::new(),
    ];
    for damage in damages {
        assert_ne!(damage, good);
        std::fs::write(&meta, &damage).unwrap();
        let index = open().unwrap();
        assert_eq!((index.position(), index.len()), (0, 0));
        index.apply(&[put(1, "orders")], 4).unwrap();
        assert_eq!(names(&index, "orders"), ["orders"]);
    }
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "term" || end == "fast") {
            std::fs::write(path, b"damaged").unwrap();
        }
    }
    assert_eq!(open().unwrap().position(), 0);
}

#[test]
fn a_folder_with_other_files_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("letters.txt"), "dear").unwrap();
    assert!(SearchIndex::open(dir.path(), IndexSettings::default()).is_err());
    assert!(dir.path().join("letters.txt").exists());
}

#[test]
fn a_cursor_from_elsewhere_is_answered_without_harm() {
    let index = SearchIndex::in_memory().unwrap();
    index.apply(&[put(1, "orders"), put(2, "customers")], 1).unwrap();
    for number in [i64::MIN, -1, 0, 1, i64::MAX] {
        for sort in [Sort::Relevance, Sort::Name, Sort::UpdatedAt] {
            let text = "\u{10ffff}".to_owned();
            let cursor = crate::base::cursor::Cursor { number, text, id: Uuid::nil() };
            let page = Page::new(None, Some(cursor));
            let request = SearchRequest { sort, page, ..request(Query::default()) };
            assert!(index.search(&request).unwrap().hits.len() <= 2);
        }
    }
}

#[test]
fn typos_are_mended_below_every_true_hit() {
    let index = SearchIndex::in_memory().unwrap();
    let documents =
        [put(1, "customers"), put(2, "custom_orders"), put(3, "shipments"), put(4, "cutsomers")];
    index.apply(&documents, 1).unwrap();
    assert_eq!(names(&index, "shipmnets"), ["shipments"]);
    assert_eq!(names(&index, "shpment"), ["shipments"]);
    assert_eq!(names(&index, "customers"), ["customers"]);
    assert_eq!(names(&index, "cutsomer"), ["cutsomers", "customers"]);
    assert_eq!(names(&index, "xyz"), Vec::<String>::new());
}

#[test]
fn values_beyond_the_listed_ones_are_counted() {
    let index = SearchIndex::in_memory().unwrap();
    let tagged = |id: u128| {
        let tags = vec![format!("t{id:02}"), "all".to_owned()];
        Change::Put(Box::new(Document { tags, ..plain(id, "x") }))
    };
    index.apply(&(0..30).map(tagged).collect::<Vec<_>>(), 1).unwrap();
    let results = index.search(&request(Query::default())).unwrap();
    let tags = results.facets.iter().find(|facet| facet.facet.as_str() == "tag").unwrap();
    assert_eq!(tags.values.first(), Some(&("all".to_owned(), 30)));
    assert_eq!((tags.values.len(), tags.more_values), (20, 11));
}
