//! Trials of the index's life: opening, damage, rebuilds, lost batches; and single cases
//! that random documents would seldom meet.

use uuid::Uuid;

use super::trial_model::now;
use super::{Change, Document, Field, IndexSettings, Query, SearchIndex, SearchRequest, Sort};
use crate::base::NodeKind;
use crate::base::cursor::{Cursor, Page};
use crate::base::limits::{COLUMNS_MAX, NAME_BYTES_MAX};

fn request(query: Query) -> SearchRequest<'static> {
    SearchRequest {
        query,
        kinds: &[],
        sort: Sort::Relevance,
        page: Page::new(None, None),
        facets: true,
        now: now(),
        clearance: None,
        include_deleted: false,
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

/// An index with a file of every kind, and its files by their endings.
fn whole_index(dir: &std::path::Path) -> (SearchIndex, Vec<std::path::PathBuf>) {
    let index = SearchIndex::open(dir, IndexSettings::default()).unwrap();
    index.apply(&[put(1, "orders"), put(2, "gone")], 4).unwrap();
    index.apply(&[Change::Remove(NodeKind::Dataset, Uuid::from_u128(2))], 5).unwrap();
    index.rest().unwrap();
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.metadata().unwrap().len() > 0).collect();
    let kind = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.split_once('.').unwrap().1.to_owned()
    };
    files.sort_by_key(kind);
    files.dedup_by_key(|path| kind(path));
    (index, files)
}

#[test]
fn a_damaged_file_of_any_kind_is_found_at_the_start_and_while_it_runs() {
    let flip = |path: &std::path::Path| {
        let mut bytes = std::fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    let cut = |path: &std::path::Path| {
        let bytes = std::fs::read(path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    let remove = |path: &std::path::Path| std::fs::remove_file(path).unwrap();
    let harms: [&dyn Fn(&std::path::Path); 3] = [&flip, &cut, &remove];
    let kinds = whole_index(tempfile::tempdir().unwrap().path()).1.len();
    assert!(kinds >= 8, "{kinds} kinds of files");
    for (way, harm) in harms.iter().enumerate() {
        for place in 0..kinds {
            let dir = tempfile::tempdir().unwrap();
            let (index, files) = whole_index(dir.path());
            let file = &files[place];
            harm(file);
            index.files().iter().for_each(|file| _ = index.check(file));
            // Nothing in it depends on the list of what tantivy made, once it is gone.
            let expected = !(way == 2 && file.ends_with(".managed.json"));
            assert_eq!(index.damage().is_some(), expected, "running: {}", file.display());
            drop(index);
            let opened = SearchIndex::open(dir.path(), IndexSettings::default()).unwrap();
            assert_eq!(opened.damage().is_some(), expected, "opened: {}", file.display());
            assert_eq!(opened.position(), if expected { 0 } else { 5 });
            opened.rebuild([plain(1, "orders")], 5).unwrap();
            assert_eq!((opened.damage(), opened.position()), (None, 5));
            assert_eq!(names(&opened, "orders"), ["orders"]);
        }
    }
}

#[test]
fn an_index_whose_list_is_damaged_while_it_runs_is_written_anew_in_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = whole_index(dir.path());
    std::fs::write(dir.path().join("meta.json"), "{}").unwrap();
    assert!(index.files().is_empty() && index.damage().is_some());
    assert_eq!(names(&index, "orders"), ["orders"], "searches go on");
    index.rebuild([plain(1, "orders"), plain(3, "more")], 6).unwrap();
    assert_eq!(index.damage(), None);
    drop(index);
    let index = SearchIndex::open(dir.path(), IndexSettings::default()).unwrap();
    assert_eq!((index.damage(), index.position(), index.len()), (None, 6, 2));
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
            let cursor = Cursor { number, text, ..Cursor::default() };
            let page = Page::new(None, Some(cursor));
            let request = SearchRequest { sort, page, ..request(Query::default()) };
            assert!(index.search(&request).unwrap().hits.len() <= 2);
        }
    }
}

#[test]
fn paging_goes_on_while_the_index_moves() {
    let index = SearchIndex::in_memory().unwrap();
    let first: Vec<Change> = (0..40).map(|id| put(id, &format!("orders_{id}"))).collect();
    index.apply(&first, 1).unwrap();
    for sort in [Sort::Relevance, Sort::Name, Sort::UpdatedAt] {
        let mut seen = std::collections::BTreeSet::new();
        let mut after = None;
        for page in 0..60_u64 {
            let request = SearchRequest {
                sort,
                page: Page::new(Some(4), after),
                ..request(Query::parse("orders").unwrap())
            };
            let results = index.search(&request).unwrap();
            seen.extend(results.hits.iter().map(|hit| hit.id));
            after = results.next;
            if after.is_none() {
                break;
            }
            let moved = u128::from(page % 7);
            let remove = Change::Remove(NodeKind::Dataset, Uuid::from_u128(moved));
            index.apply(&[put(100 + moved, "orders_new"), remove], page + 2).unwrap();
        }
        assert!(after.is_none() && seen.len() >= 30, "{sort:?} {}", seen.len());
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

#[test]
fn hostile_documents_are_taken_and_found() {
    let index = SearchIndex::in_memory().unwrap();
    let names = [
        String::new(),
        "\n\t\0:/%2F\u{1f}\u{202e}".to_owned(),
        "🚀".repeat(NAME_BYTES_MAX / 4),
        "x".repeat(NAME_BYTES_MAX),
        "aB".repeat(NAME_BYTES_MAX / 2),
        "\u{301}\u{301}".to_owned(),
        "\\\"*-OR".to_owned(),
    ];
    let field = |n: usize| Field { name: format!("column{n}"), ..Field::default() };
    let wide = Document {
        fields: (0..COLUMNS_MAX).map(field).collect(),
        description: Some("word ".repeat(100_000)),
        sql: Some("é".repeat(1_000_000)),
        tags: vec!["t".repeat(100_000), String::new(), ":".to_owned()],
        owners: vec![String::new()],
        ..plain(99, "wide")
    };
    let mut batch: Vec<Change> = (1..).zip(&names).map(|(id, name)| put(id, name)).collect();
    batch.push(Change::Put(Box::new(wide)));
    index.apply(&batch, 1).unwrap();
    assert_eq!(index.len(), 8);
    for name in names.iter().filter(|name| !name.is_empty()) {
        let results = index.search(&request(Query::quoted(name))).unwrap();
        assert_eq!(results.hits.first().map(|hit| &hit.name), Some(name));
    }
    let results = index.search(&request(Query::parse("field:column9").unwrap())).unwrap();
    let hit = results.hits.first().unwrap();
    assert_eq!((hit.name.as_str(), hit.matched_fields.len()), ("wide", 20));
    assert_eq!(hit.more_matched_fields, 1 + 10 + 100 + 1000 - 20);
}
