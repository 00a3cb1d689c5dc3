//! What one principal may see, decided once for each group of datasets or jobs that the rules in
//! force can tell apart.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::book::ClassBook;
use crate::access::{
    AccessClass, Action, Context, Decision, Judge, Kind, Obligations, Reach, Reason, Resource,
    Standing,
};
use crate::catalog::{ColumnMarks, Mark};
use crate::index::{Classes, Clearance};

/// Namespaces in which something is, and what of that a principal sees.
pub(super) type Occupied = HashMap<String, Within>;

/// Whether some of what is in a namespace is seen, and some hidden.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Within {
    pub(super) some_seen: bool,
    pub(super) some_hidden: bool,
}

/// A principal before the rules in force, at one moment, for one purpose.
pub(super) struct Rights {
    judge: Arc<Judge>,
    standing: Standing,
    context: Context,
    book: Arc<ClassBook>,
    made: Mutex<HashMap<(Action, Kind, Place), Arc<Decision>>>,
    owned: OnceLock<Owned>,
    unbounded: OnceLock<bool>,
    occupied: OnceLock<Occupied>,
    clearance: OnceLock<Arc<Clearance>>,
}

/// What is decided about at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// A resource of which nothing is known but its kind.
    Unknown,
    /// A group of the book, of which the principal owns nothing.
    Group(u32),
    /// The same of what the principal owns.
    Own(u32),
}

/// What the principal owns, as the rules see it.
#[derive(Default)]
struct Owned {
    classes: Vec<AccessClass>,
    places: HashMap<u32, u32>,
}

impl Owned {
    fn of(numbers: HashMap<u32, AccessClass>) -> Self {
        let mut owned = Self::default();
        let mut known: HashMap<AccessClass, u32> = HashMap::new();
        for (number, access_class) in numbers {
            let place = *known.entry(access_class).or_insert_with_key(|access_class| {
                owned.classes.push(access_class.clone());
                u32::try_from(owned.classes.len() - 1).unwrap_or(u32::MAX)
            });
            owned.places.insert(number, place);
        }
        owned
    }
}

impl Rights {
    pub(super) fn new(
        judge: Arc<Judge>,
        standing: Standing,
        context: Context,
        book: Arc<ClassBook>,
    ) -> Self {
        Self {
            judge,
            standing,
            context,
            book,
            made: Mutex::default(),
            owned: OnceLock::new(),
            unbounded: OnceLock::new(),
            occupied: OnceLock::new(),
            clearance: OnceLock::new(),
        }
    }

    /// Returns whether these are the rules and classes that it looks by.
    pub(super) fn looks_by(&self, judge: &Arc<Judge>, book: &ClassBook) -> bool {
        Arc::ptr_eq(&self.judge, judge) && self.book.is_as(book)
    }

    pub(super) fn judge(&self) -> &Judge {
        &self.judge
    }

    pub(super) fn purpose(&self) -> Option<&str> {
        self.context.purpose.as_deref()
    }

    /// Decides about a class of resources.
    pub(super) fn decide(&self, action: Action, access_class: &AccessClass) -> Arc<Decision> {
        self.judge.decide(&self.standing, action, access_class, &self.context)
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

    /// Returns what kind of thing a class is of, if it is known.
    pub(super) fn kind_of(&self, number: u32) -> Option<Kind> {
        self.book.get(number).map(AccessClass::kind)
    }

    fn owned(&self) -> &Owned {
        let owned = || Owned::of(self.book.owned_by(self.standing.principal()));
        self.owned.get_or_init(owned)
    }

    /// Returns what a class is decided about with.
    fn place(&self, number: u32) -> Option<Place> {
        if number == 0 {
            return Some(Place::Unknown);
        }
        let own = self.owned().places.get(&number).map(|place| Place::Own(*place));
        own.or_else(|| self.book.group_of(number).map(Place::Group))
    }

    fn class_at(&self, place: Place) -> Option<&AccessClass> {
        let (list, at) = match place {
            Place::Unknown => return None,
            Place::Group(at) => (self.book.groups(), at),
            Place::Own(at) => (&self.owned().classes[..], at),
        };
        list.get(usize::try_from(at).ok()?)
    }

    /// Decides about a class by its number. 0 is a resource of which nothing is known but its
    /// kind; a class that came up since is not seen.
    pub(super) fn about(&self, action: Action, kind: Kind, number: u32) -> Arc<Decision> {
        match self.place(number) {
            Some(place) => self.about_at(action, kind, place),
            None => self.refused(),
        }
    }

    /// Says why there is nothing that something could be done to.
    pub(super) fn denial_of_all(&self, action: Action) -> Arc<Decision> {
        self.judge.denial_of_all(&self.standing, action)
    }

    /// Returns the decision that no rule allows something.
    pub(super) fn refused(&self) -> Arc<Decision> {
        Arc::new(Decision::denied(Reason::NoRule, self.judge.policy().version))
    }

    fn about_at(&self, action: Action, kind: Kind, place: Place) -> Arc<Decision> {
        let lock = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = lock().get(&(action, kind, place)) {
            return Arc::clone(made);
        }
        let decision = match self.class_at(place).filter(|access_class| access_class.kind() == kind)
        {
            Some(access_class) => self.decide(action, access_class),
            None if place == Place::Unknown => {
                self.decide(action, &Resource::new(kind).access_class())
            }
            None => return self.refused(),
        };
        lock().insert((action, kind, place), Arc::clone(&decision));
        decision
    }

    /// Goes through the numbers of a kind for which something holds; it is asked once for
    /// what the rules cannot tell apart.
    fn those(&self, kind: Kind, holds: impl Fn(Place) -> bool) -> impl Iterator<Item = u32> {
        let asked = |list: &[AccessClass], place: fn(u32) -> Place| -> Vec<bool> {
            let all = (0_u32..).zip(list);
            all.map(|(at, access_class)| access_class.kind() == kind && holds(place(at))).collect()
        };
        let owned = self.owned();
        let groups = asked(self.book.groups(), Place::Group);
        let own = asked(&owned.classes, Place::Own);
        let is = |list: &[bool], at: u32| list.get(at as usize).copied().unwrap_or_default();
        let those =
            self.book.numbers().filter(move |(number, group)| match owned.places.get(number) {
                Some(at) => is(&own, *at),
                None => is(&groups, *group),
            });
        those.map(|(number, _)| number)
    }

    /// Returns whether any rule could ever allow the act.
    pub(super) fn could(&self, action: Action) -> bool {
        self.judge.reach(&self.standing, action) > Reach::Nothing
    }

    /// Returns the classes of datasets or jobs for which the act is allowed.
    pub(super) fn allowed(&self, action: Action, kind: Kind) -> Vec<u32> {
        self.those(kind, |place| self.about_at(action, kind, place).allow).collect()
    }

    /// Returns whether things of the class are there at all, to this principal.
    pub(super) fn sees(&self, kind: Kind, number: u32) -> bool {
        self.about(search_of(kind), kind, number).allow
    }

    fn fields_at(&self, place: Place) -> Option<Arc<Decision>> {
        let decision = self.about_at(Action::DatasetReadFields, Kind::Dataset, place);
        let read = self.about_at(Action::DatasetRead, Kind::Dataset, place);
        (decision.allow && read.allow).then_some(decision)
    }

    /// Returns what must be kept back of the fields of a dataset of the class; nothing at all
    /// may be said of them if it is `None`.
    pub(super) fn fields(&self, number: u32) -> Option<Arc<Decision>> {
        self.fields_at(self.place(number)?)
    }

    /// Returns whether a field is kept back that has these marks. Of a dataset whose marks cannot
    /// be read every field is, if any may be.
    pub(super) fn hides(&self, number: u32, marks: impl FnOnce() -> ColumnMarks) -> bool {
        let Some(decision) = self.fields(number) else { return true };
        self.hides_by(&decision.obligations, number, marks)
    }

    /// The same, by what some act asks for that shows fields.
    pub(super) fn hides_by(
        &self,
        obligations: &Obligations,
        number: u32,
        marks: impl FnOnce() -> ColumnMarks,
    ) -> bool {
        if obligations.mask.is_none() {
            return false;
        }
        let names = self.book.get(number).map(AccessClass::names).unwrap_or_default();
        let marks = marks();
        let nowhere = [Mark::default()];
        let own = if marks.own.is_empty() { &nowhere[..] } else { &marks.own };
        let all = (&marks.restricting.tags[..], &marks.restricting.classes[..]);
        let hides = |own: &Mark| obligations.hides(all, (&own.tags, &own.classes));
        names.iter().any(|name| name.resource().unreadable) || own.iter().any(hides)
    }

    /// Returns whether every field of a dataset of the class is seen, whatever its marks.
    pub(super) fn shows_all_fields(&self, number: u32) -> bool {
        self.fields(number).is_some_and(|decision| decision.obligations.mask.is_none())
    }

    /// Returns whether the dataset is seen whole, every field of it.
    pub(super) fn whole(&self, number: u32) -> bool {
        self.place(number).is_some_and(|place| self.whole_at(place))
    }

    fn whole_at(&self, place: Place) -> bool {
        let plain = |decision: Arc<Decision>| decision.obligations.mask.is_none();
        let seen = self.about_at(Action::DatasetSearch, Kind::Dataset, place).allow;
        seen && self.fields_at(place).is_some_and(plain)
    }

    fn whole_job_at(&self, place: Place) -> bool {
        let read = self.about_at(Action::JobRead, Kind::Job, place);
        let free = |obligations: &Obligations| !obligations.redact_sql;
        let seen = self.about_at(Action::JobSearch, Kind::Job, place).allow;
        seen && read.allow && free(&read.obligations)
    }

    /// Returns whether the principal sees all of the catalog: nothing is hidden, masked or
    /// redacted. Then texts that may name anything (raw facets, SQL) can be shown as they are.
    pub(super) fn unbounded(&self) -> bool {
        *self.unbounded.get_or_init(|| {
            // What no event has described yet counts as well.
            self.whole_at(Place::Unknown)
                && self.whole_job_at(Place::Unknown)
                && self.those(Kind::Dataset, |place| !self.whole_at(place)).next().is_none()
                && self.those(Kind::Job, |place| !self.whole_job_at(place)).next().is_none()
        })
    }

    /// Returns whether no run is hidden from the principal, nor anything else.
    pub(super) fn sees_all_runs(&self) -> bool {
        let reads = |place| self.about_at(Action::RunRead, Kind::Job, place).allow;
        self.unbounded()
            && reads(Place::Unknown)
            && self.those(Kind::Job, |place| !reads(place)).next().is_none()
    }

    /// Returns whether a namespace as such may be read.
    pub(super) fn reads_namespace(&self, name: &str) -> bool {
        let itself = Resource::new(Kind::Namespace).in_namespace(name).access_class();
        self.decide(Action::NamespaceRead, &itself).allow
    }

    /// Returns the namespaces in which something is; `look` finds them once.
    pub(super) fn occupied(&self, look: impl FnOnce() -> Occupied) -> &Occupied {
        self.occupied.get_or_init(look)
    }

    /// Returns all that can be found in the search index. What is hidden is not found out by it:
    /// it is to tell what is in use from what is not.
    pub(super) fn clearance_for_all(&self) -> Arc<Clearance> {
        let classes = self.book.numbers().map(|(number, _)| number).chain([0]).collect();
        Arc::new(Clearance { classes, ..Clearance::default() })
    }

    /// Returns what may be found in the search index, and by which texts.
    pub(super) fn clearance(&self) -> Arc<Clearance> {
        let made = || {
            let may = |action, kind| move |place| self.about_at(action, kind, place).allow;
            let found = may(Action::DatasetSearch, Kind::Dataset);
            let masked = |place| found(place) && !self.whole_at(place);
            let jobs: Vec<u32> = self.those(Kind::Job, may(Action::JobSearch, Kind::Job)).collect();
            // The SQL of a job may name any dataset.
            let mute =
                if self.unbounded() { Classes::default() } else { jobs.iter().copied().collect() };
            Arc::new(Clearance {
                classes: self.those(Kind::Dataset, found).chain(jobs).collect(),
                without_columns: self.those(Kind::Dataset, masked).collect(),
                without_sql: mute,
                ..Clearance::default()
            })
        };
        Arc::clone(self.clearance.get_or_init(made))
    }
}

/// Returns the act of seeing that something is there.
pub(super) fn search_of(kind: Kind) -> Action {
    if kind == Kind::Job { Action::JobSearch } else { Action::DatasetSearch }
}
