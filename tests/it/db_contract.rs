//! Both databases behave alike: one story told to each, function by function, gives the
//! same answers word by word; and every statement is one that both understand.

mod access;
mod cast;
mod datasets;
mod log;
mod runs;
mod statements;
mod story;
mod telling;
mod trust;
mod voices;

use crate::world::{Backend, World};

#[tokio::test(flavor = "multi_thread")]
async fn every_function_answers_alike_on_both_databases() {
    let mut tellings = Vec::new();
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        tellings.push(story::tell(world.app.db()).await);
        world.app.stop().await;
    }
    let (sqlite, postgres) = (tellings.remove(0), tellings.remove(0));
    assert!(sqlite.len() > 150, "the story is told: {} answers", sqlite.len());
    for (one, other) in sqlite.iter().zip(&postgres) {
        assert_eq!(one, other);
    }
    assert_eq!(sqlite.len(), postgres.len());
}

#[test]
fn the_story_leaves_no_function_out() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join("src/db")).expect("the room").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a source");
        for line in text.lines().map(str::trim_start) {
            let name = line.strip_prefix("pub async fn ").or_else(|| line.strip_prefix("pub fn "));
            let name = name.and_then(|rest| rest.split(['(', '<']).next());
            names.extend(name.filter(|name| !name.starts_with('$')).map(str::to_owned));
        }
    }
    // Made by a macro.
    names.extend(
        [
            "namespace",
            "list_namespaces",
            "namespaces_after",
            "source",
            "list_sources",
            "sources_after",
            "tag",
            "list_tags",
            "tags_after",
        ]
        .map(str::to_owned),
    );
    // Told elsewhere: opening (`World`), words without a database (unit tests).
    let elsewhere = [
        "parse",
        "in_dir",
        "open",
        "migrate",
        "close",
        "code",
        "from_code",
        "is_busy",
        "is_retriable",
        "is_misread",
    ];
    let told: String = [
        "story.rs",
        "datasets.rs",
        "runs.rs",
        "log.rs",
        "trust.rs",
        "access.rs",
        "voices.rs",
        "cast.rs",
        "telling.rs",
    ]
    .iter()
    .map(|file| {
        std::fs::read_to_string(root.join("tests/it/db_contract").join(file)).expect("a source")
    })
    .collect();
    assert!(names.len() > 60, "{names:?}");
    let missing: Vec<&String> = names
        .iter()
        .filter(|name| !elsewhere.contains(&name.as_str()))
        .filter(|name| !told.contains(&format!(".{name}(")))
        .collect();
    assert!(missing.is_empty(), "the story does not tell of {missing:?}");
}
