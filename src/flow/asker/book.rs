//! The access classes by their numbers, as far as they were looked up.

use std::sync::{Arc, PoisonError};

use super::super::app::App;
use super::super::error::FlowError;
use crate::access::{AccessClass, Kind};

/// Classes that are looked up at once.
const PAGE: usize = 1_000;

/// Access classes by number, from 1. Classes are only ever added.
#[derive(Debug, Clone, Default)]
pub(in crate::flow) struct ClassBook(Vec<Option<AccessClass>>);

impl ClassBook {
    /// Returns a class by its number.
    pub(in crate::flow) fn get(&self, number: u32) -> Option<&AccessClass> {
        self.0.get(usize::try_from(number).ok()?)?.as_ref()
    }

    /// Goes through the classes of a kind, by number.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = u32> {
        let all = (0_u32..).zip(&self.0);
        let is = move |class: &&AccessClass| class.kind() == kind;
        all.filter_map(move |(number, class)| class.as_ref().filter(is).map(|_| number))
    }

    fn last(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX) - 1
    }

    fn put(&mut self, number: i64, text: &str) {
        let Ok(place) = usize::try_from(number) else { return };
        if place >= self.0.len() {
            self.0.resize(place + 1, None);
        }
        match AccessClass::from_canonical(text) {
            Ok(class) => self.0[place] = Some(class),
            Err(error) => tracing::error!(number, %error, "an access class cannot be read"),
        }
    }
}

impl App {
    /// Returns all access classes that there are now.
    pub(in crate::flow) async fn class_book(&self) -> Result<Arc<ClassBook>, FlowError> {
        let known = || self.inner.classes.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut book = known();
        loop {
            let rows = self.db().access_classes(book.last(), PAGE).await?;
            if rows.is_empty() {
                return Ok(book);
            }
            let mut more = ClassBook::clone(&book);
            rows.iter().for_each(|(number, text)| more.put(*number, text));
            book = Arc::new(more);
            let mut shared = self.inner.classes.write().unwrap_or_else(PoisonError::into_inner);
            if shared.0.len() < book.0.len() {
                shared.clone_from(&book);
            }
        }
    }
}
