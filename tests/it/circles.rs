//! No room holds a circle of files: whoever reads one file can read what it stands on first.
//!
//! An arrow is a `use` line or a path in code. A path through a room's `mod.rs` means the file
//! that it leads to: a `pub use` there is an index and no dependency.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::{Sources, meant, sources};

/// Circles that stand. They may only shrink: whoever unties one strikes it out here.
const STANDING: &[&[&str]] = &[&[
    "demo/src/clock.rs",
    "demo/src/dag.rs",
    "demo/src/departments/clinical.rs",
    "demo/src/departments/customer_view.rs",
    "demo/src/departments/department.rs",
    "demo/src/departments/erp.rs",
    "demo/src/departments/finance.rs",
    "demo/src/departments/iot.rs",
    "demo/src/departments/moves.rs",
    "demo/src/departments/safety.rs",
    "demo/src/departments/social.rs",
    "demo/src/lib.rs",
    "demo/src/schedule.rs",
    "demo/src/stream.rs",
]];

/// The room of a file: what may hold no circle.
fn room(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or("");
    below.split_once('/').map_or("", |(room, _)| room)
}

/// Which files each file stands on, within its room.
fn arrows(sources: &Sources) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in sources.values() {
        let own = source.used.iter().filter(|(name, _)| !source.given.contains(*name));
        let named = own.map(|(_, path)| path).chain(&source.named);
        let to = named.filter_map(|names| meant(sources, names, 8)).map(|to| to.path.as_str());
        let to = to.filter(|to| *to != source.path && room(to) == room(&source.path));
        arrows.insert(&source.path, to.collect());
    }
    arrows
}

/// Returns every file that can be come to from this one.
fn reached<'a>(arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &'a str) -> BTreeSet<&'a str> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(next) = open.pop() {
        let further = arrows.get(next).into_iter().flatten();
        open.extend(further.filter(|file| seen.insert(**file)));
    }
    seen
}

fn circles<'a>(arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<Vec<&'a str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|file| (*file, reached(arrows, file))).collect();
    let with = |file: &'a str| -> Vec<&'a str> {
        let back = |other: &&&str| reached[**other].contains(file);
        reached[file].iter().filter(back).copied().collect()
    };
    arrows.keys().map(|file| with(file)).filter(|circle| circle.len() > 1).collect()
}

#[test]
fn no_room_holds_a_circle_of_files_but_those_that_are_listed() {
    let sources = sources();
    let arrows = arrows(&sources);
    let found = circles(&arrows);
    let listed: BTreeSet<Vec<&str>> = STANDING.iter().map(|circle| circle.to_vec()).collect();
    let mut faults = Vec::new();
    for circle in found.difference(&listed) {
        let mut words = String::from("a circle that is not listed (strike out what is untied):");
        for file in circle {
            let within = arrows[file].iter().filter(|to| circle.contains(to));
            words += &format!("\n  {file} -> {}", within.copied().collect::<Vec<_>>().join(", "));
        }
        faults.push(words);
    }
    let gone = listed.difference(&found);
    faults.extend(gone.map(|circle| format!("listed, and there no more: {}", circle.join(", "))));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
