//! What one principal may see, decided once for each access class.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::book::ClassBook;
use crate::access::{
    AccessClass, Action, Context, Decision, Judge, Kind, Obligations, Reach, Reason, Resource,
    Standing,
};
use crate::catalog::{ColumnMarks, Mark};
use crate::index::Clearance;

/// A principal before the rules in force, at one moment, for one purpose.
pub(super) struct Rights {
    judge: Arc<Judge>,
    standing: Standing,
    context: Context,
    book: Arc<ClassBook>,
    made: Mutex<HashMap<(Action, Kind, u32), Arc<Decision>>>,
    unbounded: OnceLock<bool>,
    namespaces: OnceLock<HashSet<String>>,
}

impl Rights {
    pub(super) fn new(
        judge: Arc<Judge>,
        standing: Standing,
        context: Context,
        book: Arc<ClassBook>,
    ) -> Self {
        let (unbounded, namespaces) = (OnceLock::new(), OnceLock::new());
        Self { judge, standing, context, book, made: Mutex::default(), unbounded, namespaces }
    }

    /// Returns whether these are the rules and classes that it looks by.
    pub(super) fn looks_by(&self, judge: &Arc<Judge>, book: &Arc<ClassBook>) -> bool {
        Arc::ptr_eq(&self.judge, judge) && Arc::ptr_eq(&self.book, book)
    }

    pub(super) fn purpose(&self) -> Option<&str> {
        self.context.purpose.as_deref()
    }

    /// Decides about a class of resources.
    pub(super) fn decide(&self, action: Action, class: &AccessClass) -> Arc<Decision> {
        self.judge.decide(&self.standing, action, class, &self.context)
    }

    /// Returns the same principal's rights for more classes.
    pub(super) fn anew(&self, book: Arc<ClassBook>) -> Self {
        let standing = self.judge.standing(self.standing.principal());
        Self::new(Arc::clone(&self.judge), standing, self.context.clone(), book)
    }

    /// Returns whether a class is known.
    pub(super) fn knows(&self, number: u32) -> bool {
        number == 0 || self.book.get(number).is_some()
    }

    /// Decides about a class by its number. 0 is a resource of which nothing is known but its
    /// kind; a class that came up since is not seen.
    pub(super) fn about(&self, action: Action, kind: Kind, number: u32) -> Arc<Decision> {
        let lock = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = lock().get(&(action, kind, number)) {
            return Arc::clone(made);
        }
        let known = self.book.get(number).filter(|class| class.kind() == kind);
        let decision = match known {
            Some(class) => self.decide(action, class),
            None if number == 0 => self.decide(action, &Resource::new(kind).class()),
            None => {
                let version = self.judge.policy().version;
                return Arc::new(Decision::denied(Reason::NoRule, version));
            }
        };
        lock().insert((action, kind, number), Arc::clone(&decision));
        decision
    }

    /// Returns whether any rule could ever allow the act.
    pub(super) fn could(&self, action: Action) -> bool {
        self.judge.reach(&self.standing, action) > Reach::Nothing
    }

    /// Returns the classes of datasets or jobs for which the act is allowed.
    pub(super) fn allowed(&self, action: Action, kind: Kind) -> Vec<u32> {
        let allowed = |number: &u32| self.about(action, kind, *number).allow;
        self.book.of(kind).filter(allowed).collect()
    }

    /// Returns whether things of the class are there at all, to this principal.
    pub(super) fn sees(&self, kind: Kind, number: u32) -> bool {
        self.about(search_of(kind), kind, number).allow
    }

    /// Returns what must be kept back of the fields of a dataset of the class; nothing at all
    /// may be said of them if it is `None`.
    pub(super) fn fields(&self, number: u32) -> Option<Arc<Decision>> {
        let decision = self.about(Action::DatasetReadFields, Kind::Dataset, number);
        let read = self.about(Action::DatasetRead, Kind::Dataset, number);
        (decision.allow && read.allow).then_some(decision)
    }

    /// Returns whether a field is kept back that has these marks. Of a dataset whose marks cannot
    /// be read every field is, if any may be.
    pub(super) fn hides(&self, number: u32, marks: impl FnOnce() -> ColumnMarks) -> bool {
        let Some(decision) = self.fields(number) else { return true };
        if decision.obligations.mask.is_none() {
            return false;
        }
        let names = self.book.get(number).map(AccessClass::names).unwrap_or_default();
        let marks = marks();
        let nowhere = [Mark::default()];
        let own = if marks.own.is_empty() { &nowhere[..] } else { &marks.own };
        let all = (&marks.restricting.tags[..], &marks.restricting.classes[..]);
        let hides = |own: &Mark| decision.obligations.hides(all, (&own.tags, &own.classes));
        names.iter().any(|name| name.resource().unreadable) || own.iter().any(hides)
    }

    /// Returns whether the dataset is seen whole, every field of it.
    pub(super) fn whole(&self, number: u32) -> bool {
        let plain = |decision: &Arc<Decision>| decision.obligations.mask.is_none();
        self.sees(Kind::Dataset, number) && self.fields(number).as_ref().is_some_and(plain)
    }

    /// Returns whether the principal sees all of the catalog: nothing is hidden, masked or
    /// redacted. Then texts that may name anything (raw facets, SQL) can be shown as they are.
    pub(super) fn unbounded(&self) -> bool {
        *self.unbounded.get_or_init(|| {
            let job = |number: u32| {
                let read = self.about(Action::JobRead, Kind::Job, number);
                let free = |obligations: &Obligations| !obligations.redact_sql;
                self.sees(Kind::Job, number) && read.allow && free(&read.obligations)
            };
            // The class 0 stands for what no event has described yet.
            self.whole(0)
                && job(0)
                && self.book.of(Kind::Dataset).all(|number| self.whole(number))
                && self.book.of(Kind::Job).all(job)
        })
    }

    /// Returns whether a namespace is there, to this principal: because it may be read, or
    /// because something in it is seen, which names it.
    pub(super) fn sees_namespace(&self, name: &str) -> bool {
        let itself = Resource::new(Kind::Namespace).in_namespace(name).class();
        let within = || {
            let seen = [Kind::Dataset, Kind::Job].into_iter().flat_map(|kind| {
                let numbers = self.book.of(kind).filter(move |number| self.sees(kind, *number));
                let classes = numbers.filter_map(|number| self.book.get(number));
                let names = classes.flat_map(AccessClass::names);
                names.filter_map(|name| name.resource().namespace.clone())
            });
            seen.collect()
        };
        self.decide(Action::NamespaceRead, &itself).allow
            || self.namespaces.get_or_init(within).contains(name)
    }

    /// Returns what may be found in the search index, and by which texts.
    pub(super) fn clearance(&self) -> Clearance {
        let datasets = self.allowed(Action::DatasetSearch, Kind::Dataset);
        let jobs = self.allowed(Action::JobSearch, Kind::Job);
        let masked = datasets.iter().copied().filter(|number| !self.whole(*number)).collect();
        // The SQL of a job may name any dataset.
        let mute = if self.unbounded() { Vec::new() } else { jobs.clone() };
        Clearance {
            classes: datasets.into_iter().chain(jobs).collect(),
            without_columns: masked,
            without_sql: mute,
        }
    }
}

/// Returns the act of seeing that something is there.
pub(super) fn search_of(kind: Kind) -> Action {
    if kind == Kind::Job { Action::JobSearch } else { Action::DatasetSearch }
}
