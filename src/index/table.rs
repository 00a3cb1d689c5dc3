//! What is kept in memory of each segment: twenty-four bytes a document, for counting and
//! ranking without touching the disk's pages.
//!
//! Documents that agree in kind, namespace, platform and subtype share one key, those that
//! agree in all their tags another, in their own tags a third, and in all their owners a fourth. Facets count keys, of
//! which there are few, and only then the values within. Values get numbers that hold for
//! the life of the index object, so that counts of segments add up without comparing texts.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::de::DeserializeOwned;
use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

use super::bits::Bits;
use super::clearance::Classes;
use super::encode::Place;
use super::error::IndexError;
use super::schema::fast;

/// What hits can be counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Dataset or job.
    Kind,
    /// The namespace.
    Namespace,
    /// The system it lives in.
    Platform,
    /// What it is there.
    Subtype,
    /// A tag of the document or of a column; `key:value` counts as `key` too.
    Tag,
    /// An owner.
    Owner,
}

impl Facet {
    /// Every facet, in the order of answers.
    pub const ALL: [Self; 6] =
        [Self::Kind, Self::Namespace, Self::Platform, Self::Subtype, Self::Tag, Self::Owner];

    /// Returns the word for the facet: the key that filters by it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "type",
            Self::Namespace => "ns",
            Self::Platform => "platform",
            Self::Subtype => "subtype",
            Self::Tag => "tag",
            Self::Owner => "owner",
        }
    }
}

/// The value that stands for none: it is never counted.
const NO_VALUE: u32 = 0;

/// The numbers of all facet values that were seen since the index was opened.
#[derive(Debug)]
pub struct Values {
    known: RwLock<Known>,
}

#[derive(Debug)]
struct Known {
    /// By facet: the numbers of its values.
    numbers: [HashMap<Arc<str>, u32>; Facet::ALL.len()],
    list: Vec<(Facet, Arc<str>)>,
}

impl Default for Values {
    fn default() -> Self {
        let none = (Facet::Kind, Arc::from(""));
        Self { known: RwLock::new(Known { numbers: Default::default(), list: vec![none] }) }
    }
}

/// The list of values while it is being read.
pub struct ValueList<'a>(RwLockReadGuard<'a, Known>);

impl ValueList<'_> {
    /// Returns the values by number.
    #[must_use]
    pub fn list(&self) -> &[(Facet, Arc<str>)] {
        &self.0.list
    }
}

impl Values {
    /// Returns the list of values; new ones wait until it is dropped.
    #[must_use]
    pub fn read(&self) -> ValueList<'_> {
        ValueList(self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn number(&mut self, facet: Facet, value: &str) -> u32 {
        // The facets number themselves in the order of ALL.
        let numbers = &mut self.numbers[facet as usize];
        if value.is_empty() {
            return NO_VALUE;
        }
        if let Some(number) = numbers.get(value) {
            return *number;
        }
        let Ok(number) = u32::try_from(self.list.len()) else { return NO_VALUE };
        let value: Arc<str> = Arc::from(value);
        self.list.push((facet, Arc::clone(&value)));
        numbers.insert(value, number);
        number
    }
}

/// The fast fields that are read document by document.
#[derive(Debug)]
pub struct Columns {
    /// Upper half of the id.
    pub id_high: Column<u64>,
    /// Lower half of the id.
    pub id_low: Column<u64>,
    /// The folded name.
    pub name: StrColumn,
    /// When the document last changed.
    pub updated: Column<i64>,
}

/// Which key each document has, and which values each key stands for.
#[derive(Debug)]
struct Keys {
    /// By document: its key.
    key_of: Vec<u32>,
    /// By key: where its values begin in `values`; one more for the end.
    starts: Vec<u32>,
    /// The numbers of values, key after key.
    values: Vec<u32>,
}

impl Keys {
    /// Reads the keys of one column; `numbers` puts the numbers of a key's values at the
    /// end of a list.
    fn read<K: DeserializeOwned>(
        column: &StrColumn,
        max_doc: u32,
        mut numbers: impl FnMut(K, &mut Vec<u32>),
    ) -> Result<Self, IndexError> {
        let mut starts = Vec::with_capacity(column.num_terms() + 1);
        let mut values = Vec::new();
        let end = |values: &Vec<u32>| u32::try_from(values.len()).unwrap_or(u32::MAX);
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            starts.push(end(&values));
            numbers(serde_json::from_slice(stream.key())?, &mut values);
        }
        starts.push(end(&values));
        Ok(Self { key_of: narrow(column.ords(), max_doc), starts, values })
    }

    fn count(&self, docs: &Bits, counts: &mut Counts) {
        let mut by_key = vec![0_u32; self.starts.len()];
        docs.for_each(|doc| {
            let key = self.key_of.get(doc as usize);
            if let Some(count) = key.and_then(|key| by_key.get_mut(*key as usize)) {
                *count += 1;
            }
        });
        for (count, range) in by_key.iter().zip(self.starts.windows(2)) {
            if let (1.., [from, to]) = (*count, range) {
                let values = self.values.get(*from as usize..*to as usize);
                counts.add(*count, values.unwrap_or_default());
            }
        }
    }
}

/// One segment's table.
#[derive(Debug)]
pub struct Table {
    places: Keys,
    tags: Keys,
    /// Without those that only columns have.
    own_tags: Keys,
    owners: Keys,
    /// By document: its packed prior.
    pub priors: Vec<u32>,
    /// By document: the number of its access class.
    classes: Vec<u32>,
    /// The fast fields.
    pub columns: Columns,
}

impl Table {
    /// Reads a segment's table.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the segment cannot be read or is not of our schema.
    pub fn load(segment: &SegmentReader, values: &Values) -> Result<Self, IndexError> {
        let fast = segment.fast_fields();
        let max_doc = segment.max_doc();
        let text =
            |name: &'static str| fast.str(name)?.ok_or(IndexError::Foreign { missing: name });
        let mut known = values.write();
        let places = Keys::read(&text(fast::PLACE)?, max_doc, |place: Place, numbers| {
            let (kind, namespace, platform, subtype) = place;
            numbers.push(known.number(Facet::Kind, &kind));
            numbers.push(known.number(Facet::Namespace, &namespace));
            numbers.push(known.number(Facet::Platform, &platform));
            numbers.push(known.number(Facet::Subtype, &subtype));
        })?;
        let mut labels = |column, facet| {
            Keys::read(&text(column)?, max_doc, |labels: Vec<String>, numbers| {
                numbers.extend(labels.iter().map(|label| known.number(facet, label)));
            })
        };
        let tags = labels(fast::TAGS, Facet::Tag)?;
        let own_tags = labels(fast::OWN_TAGS, Facet::Tag)?;
        let owners = labels(fast::OWNERS, Facet::Owner)?;
        drop(known);
        Ok(Self {
            places,
            tags,
            own_tags,
            owners,
            priors: narrow(&fast.u64(fast::PRIOR)?, max_doc),
            classes: narrow(&fast.u64(fast::CLASS)?, max_doc),
            columns: Columns {
                id_high: fast.u64(fast::ID_HIGH)?,
                id_low: fast.u64(fast::ID_LOW)?,
                name: text(fast::SORT_NAME)?,
                updated: fast.i64(fast::UPDATED)?,
            },
        })
    }

    /// Returns the documents of some classes: one look at each document, however many classes
    /// there are.
    #[must_use]
    pub fn of_classes(&self, classes: &Classes) -> Bits {
        let max_doc = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        let mut docs = Bits::none(max_doc);
        for (doc, class) in (0..max_doc).zip(&self.classes) {
            if classes.contains(*class) {
                docs.insert(doc);
            }
        }
        docs
    }

    /// Adds to `counts`, by number of value, how many of the documents have each. Of those that
    /// are masked, what only columns have does not count.
    pub fn count(&self, docs: &Bits, masked: Option<&Bits>, counts: &mut Counts) {
        for keys in [&self.places, &self.owners] {
            keys.count(docs, counts);
        }
        let Some(masked) = masked else { return self.tags.count(docs, counts) };
        let (mut open, mut bare) = (docs.clone(), docs.clone());
        open.and_not(masked);
        bare.and(masked);
        self.tags.count(&open, counts);
        self.own_tags.count(&bare, counts);
    }
}

/// Reads a column whose numbers have at most 32 bits.
fn narrow(column: &Column<u64>, max_doc: u32) -> Vec<u32> {
    (0..max_doc)
        .map(|doc| column.first(doc).and_then(|value| u32::try_from(value).ok()).unwrap_or(0))
        .collect()
}

/// How many documents have each value, by the value's number.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    by_value: Vec<u64>,
}

impl Counts {
    fn add(&mut self, count: u32, values: &[u32]) {
        for value in values {
            let place = *value as usize;
            if place >= self.by_value.len() {
                self.by_value.resize(place + 1, 0);
            }
            if let Some(sum) = self.by_value.get_mut(place) {
                *sum += u64::from(count);
            }
        }
    }

    /// Returns what is left when `other` is taken away.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let others = other.by_value.iter().copied().chain(std::iter::repeat(0));
        let left = self.by_value.iter().zip(others);
        Self { by_value: left.map(|(count, other)| count.saturating_sub(other)).collect() }
    }

    /// Returns the values that occur, with their counts.
    pub fn present<'a>(
        &'a self,
        values: &'a ValueList<'_>,
    ) -> impl Iterator<Item = (Facet, &'a Arc<str>, u64)> {
        let counted = self.by_value.iter().zip(values.list()).skip(1);
        counted
            .filter(|(count, _)| **count > 0)
            .map(|(count, (facet, text))| (*facet, text, *count))
    }
}
