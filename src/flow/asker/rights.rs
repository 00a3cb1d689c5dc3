//! What one principal may see, decided once for each group of datasets or jobs that the rules in
//! force can tell apart.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::book::ClassBook;
use crate::access::{
    AccessClass, Action, Context, Decision, Judge, Kind, Reach, Reason, Resource, Standing,
};
use crate::catalog::{ColumnMarks, Mark};
use crate::index::{Classes, Clearance};

/// The acts by which the fields of a dataset are read.
const READING: [Action; 2] = [Action::DatasetRead, Action::DatasetReadFields];

/// What is kept back of the fields of a dataset: whatever one of the acts that are asked masks.
pub(super) struct Masks(Vec<Arc<Decision>>);

impl Masks {
    /// Returns what one act keeps back.
    pub(super) fn of(decision: Arc<Decision>) -> Self {
        let masks = decision.obligations.mask.is_some();
        Self(Some(decision).filter(|_| masks).into_iter().collect())
    }

    /// Returns whether no field is kept back, whatever is on it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a field is kept back that has these marks.
    fn hide(&self, marks: &ColumnMarks) -> bool {
        let nowhere = [Mark::default()];
        let own = if marks.own.is_empty() { &nowhere[..] } else { &marks.own };
        let all = (&marks.restricting.tags[..], &marks.restricting.classes[..]);
        let by = |decision: &Arc<Decision>, own: &Mark| {
            decision.obligations.hides(all, (&own.tags, &own.classes))
        };
        own.iter().any(|own| self.0.iter().any(|decision| by(decision, own)))
    }
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
    /// Whether an act is allowed on everything of a kind, with nothing to keep back.
    everywhere: Mutex<HashMap<(Action, Kind), bool>>,
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
            everywhere: Mutex::default(),
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

    /// Returns the classes of datasets or jobs for which all of these acts are allowed.
    pub(super) fn allowed(&self, actions: &[Action], kind: Kind) -> Vec<u32> {
        let may = |action: &Action, place| self.about_at(*action, kind, place).allow;
        self.those(kind, |place| actions.iter().all(|action| may(action, place))).collect()
    }

    /// Returns the classes of whatever is in namespaces that are meant.
    pub(super) fn classes_in(&self, meant: impl Fn(&str) -> bool) -> Vec<u32> {
        let numbers = self.book.numbers().map(|(number, _)| number);
        numbers.filter(|number| self.namespaces_of(*number).any(&meant)).collect()
    }

    /// Returns the namespaces in which things of a class are, under any of their names.
    pub(super) fn namespaces_of(&self, number: u32) -> impl Iterator<Item = &str> {
        let names = self.book.get(number).map(AccessClass::names).unwrap_or_default();
        names.iter().filter_map(|name| name.resource().namespace.as_deref())
    }

    /// Returns the classes of datasets and jobs that the principal does not see.
    pub(super) fn hidden(&self) -> Vec<u32> {
        let of = |kind| self.those(kind, move |p| !self.about_at(search_of(kind), kind, p).allow);
        of(Kind::Dataset).chain(of(Kind::Job)).collect()
    }

    /// Returns whether things of the class are there at all, to this principal.
    pub(super) fn sees(&self, kind: Kind, number: u32) -> bool {
        self.about(search_of(kind), kind, number).allow
    }

    /// Returns what is kept back of the fields of a dataset where these are read and `further` acts
    /// are done; nothing at all may be said of them if it is `None`.
    fn masks_at(&self, place: Place, further: &[Action]) -> Option<Masks> {
        let mut masks = Vec::new();
        for action in READING.iter().chain(further) {
            let decision = self.about_at(*action, Kind::Dataset, place);
            if !decision.allow {
                return None;
            }
            if decision.obligations.mask.is_some() {
                masks.push(decision);
            }
        }
        Some(Masks(masks))
    }

    /// Returns what must be kept back of the fields of a dataset of the class where these are read
    /// and `further` acts are done; nothing at all may be said of them if it is `None`.
    pub(super) fn fields(&self, number: u32, further: &[Action]) -> Option<Masks> {
        self.masks_at(self.place(number)?, further)
    }

    /// Returns whether a field is kept back that has these marks. Of a dataset whose marks cannot
    /// be read every field is, if any may be.
    pub(super) fn hides(
        &self,
        number: u32,
        further: &[Action],
        marks: impl FnOnce() -> ColumnMarks,
    ) -> bool {
        let Some(masks) = self.fields(number, further) else { return true };
        self.hides_by(&masks, number, marks)
    }

    /// The same, by what is kept back in some act that shows fields.
    pub(super) fn hides_by(
        &self,
        masks: &Masks,
        number: u32,
        marks: impl FnOnce() -> ColumnMarks,
    ) -> bool {
        if masks.is_empty() {
            return false;
        }
        let names = self.book.get(number).map(AccessClass::names).unwrap_or_default();
        names.iter().any(|name| name.resource().unreadable) || masks.hide(&marks())
    }

    /// Returns whether every field of a dataset of the class is seen, whatever its marks.
    pub(super) fn shows_all_fields(&self, number: u32, further: &[Action]) -> bool {
        self.fields(number, further).is_some_and(|masks| masks.is_empty())
    }

    /// Returns whether the dataset is seen whole, every field of it.
    pub(super) fn whole(&self, number: u32) -> bool {
        self.place(number).is_some_and(|place| self.whole_at(place))
    }

    fn whole_at(&self, place: Place) -> bool {
        let seen = self.about_at(Action::DatasetSearch, Kind::Dataset, place);
        let found = seen.allow && seen.obligations.mask.is_none();
        found && self.masks_at(place, &[]).is_some_and(|masks| masks.is_empty())
    }

    /// Returns whether a job may be read, and no rule by which it is seen keeps its SQL back.
    pub(super) fn tells_sql(&self, number: u32) -> bool {
        self.place(number).is_some_and(|place| self.whole_job_at(place))
    }

    fn whole_job_at(&self, place: Place) -> bool {
        let free = |action| {
            let decision = self.about_at(action, Kind::Job, place);
            decision.allow && !decision.obligations.redact_sql
        };
        free(Action::JobSearch) && free(Action::JobRead)
    }

    /// Returns whether the principal sees all of the catalog: nothing is hidden, masked or
    /// redacted. Then texts that may name anything (raw facets, SQL) can be shown as they are.
    ///
    /// That says nothing of other acts: whoever takes a short way must ask for these as well
    /// ([`Self::everywhere`]).
    pub(super) fn unbounded(&self) -> bool {
        *self.unbounded.get_or_init(|| {
            // What no event has described yet counts as well.
            self.whole_at(Place::Unknown)
                && self.whole_job_at(Place::Unknown)
                && self.those(Kind::Dataset, |place| !self.whole_at(place)).next().is_none()
                && self.those(Kind::Job, |place| !self.whole_job_at(place)).next().is_none()
        })
    }

    /// Returns whether acts are allowed on everything of a kind, whatever comes up, with nothing to
    /// keep back.
    pub(super) fn everywhere(&self, actions: &[Action], kind: Kind) -> bool {
        let lock = || self.everywhere.lock().unwrap_or_else(PoisonError::into_inner);
        actions.iter().all(|action| {
            if let Some(known) = lock().get(&(*action, kind)) {
                return *known;
            }
            let free = |place| {
                let decision = self.about_at(*action, kind, place);
                decision.allow && decision.obligations.keeps_nothing_back()
            };
            let all = free(Place::Unknown) && self.those(kind, |p| !free(p)).next().is_none();
            lock().insert((*action, kind), all);
            all
        })
    }

    /// Returns whether no run is hidden from the principal, nor anything else.
    pub(super) fn sees_all_runs(&self) -> bool {
        self.unbounded() && self.everywhere(&[Action::RunRead], Kind::Job)
    }

    /// Returns whether every event may be read as it came, whatever it is about and names.
    pub(super) fn sees_all_events(&self) -> bool {
        let everywhere = |kind| self.everywhere(&[Action::EventRead], kind);
        self.unbounded() && everywhere(Kind::Job) && everywhere(Kind::Dataset)
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
