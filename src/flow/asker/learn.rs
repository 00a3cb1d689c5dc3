//! Learning what sets of attributes the catalog has: the book is kept as new as the database.

use std::sync::{Arc, PoisonError};

use super::super::app::App;
use super::super::error::FlowError;
use super::book::{ClassBook, PAGE};
use crate::access::{Judge, Telling};

impl App {
    /// Forgets what is known of access classes and of who sees which: their numbers may mean
    /// others now.
    pub(in crate::flow) fn forget_rights(&self) {
        *self.inner.classes.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
        self.inner.known_rights.forget();
    }

    /// Returns all sets of attributes that there are, grouped by what a judge can tell apart. The
    /// database is only asked if something was committed since.
    pub(in crate::flow) async fn class_book(
        &self,
        judge: &Judge,
    ) -> Result<Arc<ClassBook>, FlowError> {
        let known = self.known_book(judge.telling());
        if known.asked == Some(self.positions().committed()) {
            return Ok(known);
        }
        self.class_book_now(judge).await
    }

    /// The same; the database is asked.
    pub(super) async fn class_book_now(&self, judge: &Judge) -> Result<Arc<ClassBook>, FlowError> {
        // Before the question, so that what is committed meanwhile is asked for again.
        let asked = Some(self.positions().committed());
        let mut book = self.known_book(judge.telling());
        loop {
            let rows = self.db().access_classes(book.last, PAGE).await?;
            let more = Arc::make_mut(&mut book);
            rows.iter().for_each(|(number, text)| more.read(*number, text));
            if rows.len() < PAGE {
                more.asked = asked;
                break;
            }
        }
        let mut shared = self.inner.classes.write().unwrap_or_else(PoisonError::into_inner);
        let newer = (book.last, book.asked) >= (shared.last, shared.asked);
        if newer && shared.is_by(&book.telling) {
            shared.clone_from(&book);
        }
        Ok(book)
    }

    /// Returns what is known of it; where other rules came into force, grouped by these.
    fn known_book(&self, telling: &Arc<Telling>) -> Arc<ClassBook> {
        let known = || self.inner.classes.read().unwrap_or_else(PoisonError::into_inner).clone();
        let book = known();
        if book.is_by(telling) {
            return book;
        }
        let book = Arc::new(tokio::task::block_in_place(|| book.by(telling)));
        let mut shared = self.inner.classes.write().unwrap_or_else(PoisonError::into_inner);
        shared.clone_from(&book);
        book
    }
}
