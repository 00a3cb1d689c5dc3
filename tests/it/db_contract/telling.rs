//! What the databases answered, in words that are the same if the answers are.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use lethe::catalog::Bodies;

/// Answers so far: what was asked, and what came.
#[derive(Debug, Default)]
pub struct Telling(pub Vec<(String, String)>);

impl Telling {
    /// Notes an answer.
    pub fn note(&mut self, asked: impl Into<String>, answer: &impl Debug) {
        self.0.push((asked.into(), format!("{answer:?}")));
    }

    /// Notes facet bodies, which come in no order.
    pub fn note_bodies(&mut self, asked: &str, bodies: &Bodies) {
        let sorted: BTreeMap<String, &str> =
            bodies.iter().map(|(digest, raw)| (digest.to_string(), raw.get())).collect();
        self.note(asked, &sorted);
    }

    /// Notes documents by id, which come in no order.
    pub fn note_map<K: Debug, V: Debug>(&mut self, asked: &str, map: &HashMap<K, V>) {
        let sorted: BTreeMap<String, String> =
            map.iter().map(|(key, value)| (format!("{key:?}"), format!("{value:?}"))).collect();
        self.note(asked, &sorted);
    }
}

/// Reads a list page by page, for several sizes of page, and demands that it is always the
/// same list.
pub async fn in_pages<T: Debug + Clone>(
    sizes: &[usize],
    mut page: impl AsyncFnMut(Option<&T>, usize) -> Vec<T>,
) -> Vec<T> {
    let mut lists: Vec<Vec<T>> = Vec::new();
    for size in sizes {
        let mut list: Vec<T> = Vec::new();
        loop {
            let last = list.last().cloned();
            let next = page(last.as_ref(), *size).await;
            assert!(next.len() <= *size, "a page of {} when {size} were asked for", next.len());
            if next.is_empty() {
                break;
            }
            list.extend(next);
        }
        lists.push(list);
    }
    let first = lists.remove(0);
    for other in &lists {
        assert_eq!(format!("{other:?}"), format!("{first:?}"));
    }
    first
}

/// The same by offset.
pub async fn by_offset<T: Debug + Clone>(
    sizes: &[usize],
    mut page: impl AsyncFnMut(usize, usize) -> Vec<T>,
) -> Vec<T> {
    let mut lists: Vec<Vec<T>> = Vec::new();
    for size in sizes {
        let mut list: Vec<T> = Vec::new();
        loop {
            let next = page(*size, list.len()).await;
            if next.is_empty() {
                break;
            }
            list.extend(next);
        }
        lists.push(list);
    }
    let first = lists.remove(0);
    for other in &lists {
        assert_eq!(format!("{other:?}"), format!("{first:?}"));
    }
    first
}
