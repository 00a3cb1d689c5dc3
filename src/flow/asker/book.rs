//! The sets of attributes that the catalog has, by their numbers, and which of them the rules in
//! force cannot tell apart.
//!
//! Rows, the index and the graph carry the number of a set of attributes, which says all of it, so
//! that new rules hold of everything at once. Decisions are made by *group*: what the rules in
//! force tell apart. There are few groups however many tags there are.

use std::collections::HashMap;
use std::sync::Arc;

use crate::access::{AccessClass, Principal, Telling};

/// Sets of attributes that are looked up at once, and that share a page of the book.
pub(super) const PAGE: usize = 1_000;

/// Sets of attributes by number, from 1, as far as they were looked up. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(in crate::flow) struct ClassBook {
    pub(super) telling: Arc<Telling>,
    pages: Vec<Arc<Page>>,
    groups: Arc<Groups>,
    /// The greatest number that was looked up.
    pub(super) last: i64,
    /// The position at which it was; nothing if never.
    pub(super) asked: Option<u64>,
}

/// A stretch of numbers.
#[derive(Debug, Clone, Default)]
struct Page {
    classes: Vec<Option<(AccessClass, u32)>>,
    /// By owner: the numbers that name it.
    owners: HashMap<String, Vec<u32>>,
}

/// What the rules can tell apart.
#[derive(Debug, Clone, Default)]
struct Groups {
    list: Vec<AccessClass>,
    places: HashMap<AccessClass, u32>,
}

impl Groups {
    fn place(&mut self, access_class: AccessClass) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        *self.places.entry(access_class).or_insert_with_key(|access_class| {
            self.list.push(access_class.clone());
            next
        })
    }
}

impl ClassBook {
    fn entry(&self, number: u32) -> Option<&(AccessClass, u32)> {
        let number = usize::try_from(number).ok()?;
        self.pages.get(number / PAGE)?.classes.get(number % PAGE)?.as_ref()
    }

    /// Returns a set of attributes by its number.
    pub(in crate::flow) fn get(&self, number: u32) -> Option<&AccessClass> {
        self.entry(number).map(|(access_class, _)| access_class)
    }

    /// Returns the group that a number is in.
    pub(super) fn group_of(&self, number: u32) -> Option<u32> {
        self.entry(number).map(|(_, group)| *group)
    }

    /// Returns the groups, in the order of their places.
    pub(super) fn groups(&self) -> &[AccessClass] {
        &self.groups.list
    }

    /// Goes through all numbers, each with its group.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (u32, u32)> {
        let all = self.pages.iter().flat_map(|page| {
            // The last page may be short; the others are filled up.
            let filled = page.classes.iter().map(Option::as_ref);
            filled.chain(std::iter::repeat(None)).take(PAGE)
        });
        (0_u32..).zip(all).filter_map(|(number, entry)| Some((number, entry?.1)))
    }

    /// Returns the numbers of what somebody owns, each with what the rules see of it.
    pub(super) fn owned_by(&self, who: &Principal) -> HashMap<u32, AccessClass> {
        if !self.telling.looks_at_own() {
            return HashMap::new();
        }
        let groups = who.groups.iter().flat_map(|g| [format!("group:{g}"), format!("team:{g}")]);
        let references: Vec<String> = groups.chain([who.reference()]).collect();
        let pages = self.pages.iter().flat_map(|page| {
            references.iter().filter_map(|owner| page.owners.get(owner)).flatten()
        });
        pages
            .filter_map(|number| {
                Some((*number, self.telling.project(self.get(*number)?, Some(who))))
            })
            .collect()
    }

    /// Returns whether nothing was added to the one or the other, by the same rules.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.is_by(&other.telling) && self.last == other.last
    }

    /// Returns whether it tells apart what these rules tell apart.
    pub(super) fn is_by(&self, telling: &Arc<Telling>) -> bool {
        Arc::ptr_eq(&self.telling, telling)
    }

    /// Returns the same sets, grouped by other rules.
    pub(super) fn by(&self, telling: &Arc<Telling>) -> Self {
        let (last, asked) = (self.last, self.asked);
        let mut book = Self { telling: Arc::clone(telling), last, asked, ..Self::default() };
        for (number, _) in self.numbers() {
            if let Some(access_class) = self.get(number) {
                book.put(number, access_class.clone());
            }
        }
        book
    }

    fn put(&mut self, number: u32, access_class: AccessClass) {
        let Ok(place) = usize::try_from(number) else { return };
        let (page, place) = (place / PAGE, place % PAGE);
        if page >= self.pages.len() {
            self.pages.resize_with(page + 1, Arc::default);
        }
        let seen = self.telling.project(&access_class, None);
        let known = self.groups.places.get(&seen).copied();
        let group = known.unwrap_or_else(|| Arc::make_mut(&mut self.groups).place(seen));
        let Some(page) = self.pages.get_mut(page).map(Arc::make_mut) else { return };
        if place >= page.classes.len() {
            page.classes.resize(place + 1, None);
        }
        for owner in access_class.names().iter().flat_map(|name| &name.resource().owners) {
            page.owners.entry(owner.clone()).or_default().push(number);
        }
        if let Some(slot) = page.classes.get_mut(place) {
            *slot = Some((access_class, group));
        }
    }

    /// Takes up a set of attributes as the database has it.
    pub(super) fn read(&mut self, number: i64, text: &str) {
        self.last = self.last.max(number);
        let Ok(place) = u32::try_from(number) else { return };
        match AccessClass::from_canonical(text) {
            Ok(access_class) => self.put(place, access_class),
            Err(error) => tracing::error!(number, %error, "an access class cannot be read"),
        }
    }
}
