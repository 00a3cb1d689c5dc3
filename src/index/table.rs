//! What is kept in memory of each segment: twelve bytes a document, for counting and
//! ranking without touching the disk's pages.
//!
//! Documents that agree in kind, namespace, platform and subtype share a *place*, those
//! that agree in tags and owners share *labels*. Facets count places and labels, of which
//! there are few, and only then the values within. Values get numbers that hold for the
//! life of the index object, so that counts of segments add up without comparing texts.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

use super::bits::Bits;
use super::encode::{Labels, Place};
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

/// One segment's table.
#[derive(Debug)]
pub struct Table {
    /// By document: its place.
    place_of: Vec<u32>,
    /// By document: its labels.
    labels_of: Vec<u32>,
    /// By document: its packed prior.
    pub priors: Vec<u32>,
    /// By place: the numbers of its values.
    places: Vec<Vec<u32>>,
    /// By labels: the numbers of their values.
    labels: Vec<Vec<u32>>,
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
        let text =
            |name: &'static str| fast.str(name)?.ok_or(IndexError::Foreign { missing: name });
        let (place, labels) = (text(fast::PLACE)?, text(fast::LABELS)?);
        let prior = fast.u64(fast::PRIOR)?;
        let max_doc = segment.max_doc();
        let mut known = values.write();
        let places = read_places(&place, &mut known)?;
        let label_sets = read_labels(&labels, &mut known)?;
        drop(known);
        Ok(Self {
            place_of: narrow(place.ords(), max_doc),
            labels_of: narrow(labels.ords(), max_doc),
            priors: narrow(&prior, max_doc),
            places,
            labels: label_sets,
            columns: Columns {
                id_high: fast.u64(fast::ID_HIGH)?,
                id_low: fast.u64(fast::ID_LOW)?,
                name: text(fast::SORT_NAME)?,
                updated: fast.i64(fast::UPDATED)?,
            },
        })
    }

    /// Adds to `counts`, by number of value, how many of the documents have each.
    pub fn count(&self, docs: &Bits, counts: &mut Counts) {
        let mut by_place = vec![0_u32; self.places.len()];
        let mut by_labels = vec![0_u32; self.labels.len()];
        docs.for_each(|doc| {
            bump(&mut by_place, self.place_of.get(doc as usize));
            bump(&mut by_labels, self.labels_of.get(doc as usize));
        });
        counts.add(&by_place, &self.places);
        counts.add(&by_labels, &self.labels);
    }
}

#[inline]
fn bump(counts: &mut [u32], place: Option<&u32>) {
    if let Some(count) = place.and_then(|place| counts.get_mut(*place as usize)) {
        *count += 1;
    }
}

/// Reads a column whose numbers have at most 32 bits.
fn narrow(column: &Column<u64>, max_doc: u32) -> Vec<u32> {
    (0..max_doc)
        .map(|doc| column.first(doc).and_then(|value| u32::try_from(value).ok()).unwrap_or(0))
        .collect()
}

fn read_places(column: &StrColumn, values: &mut Known) -> Result<Vec<Vec<u32>>, IndexError> {
    read_keys(column, |(kind, namespace, platform, subtype): Place| {
        let facets = [
            (Facet::Kind, kind),
            (Facet::Namespace, namespace),
            (Facet::Platform, platform),
            (Facet::Subtype, subtype),
        ];
        facets.iter().map(|(facet, value)| values.number(*facet, value)).collect()
    })
}

fn read_labels(column: &StrColumn, values: &mut Known) -> Result<Vec<Vec<u32>>, IndexError> {
    read_keys(column, |(tags, mut owners): Labels| {
        owners.sort_unstable();
        owners.dedup();
        let tags = tags.iter().map(|tag| (Facet::Tag, tag));
        let labels = tags.chain(owners.iter().map(|owner| (Facet::Owner, owner)));
        labels.map(|(facet, value)| values.number(facet, value)).collect()
    })
}

fn read_keys<K: serde::de::DeserializeOwned>(
    column: &StrColumn,
    mut numbers: impl FnMut(K) -> Vec<u32>,
) -> Result<Vec<Vec<u32>>, IndexError> {
    let mut list = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        list.push(numbers(serde_json::from_slice(stream.key())?));
    }
    Ok(list)
}

/// How many documents have each value, by the value's number.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    by_value: Vec<u64>,
}

impl Counts {
    fn add(&mut self, counts: &[u32], values: &[Vec<u32>]) {
        for (count, values) in counts.iter().zip(values).filter(|(count, _)| **count > 0) {
            for value in values {
                let place = *value as usize;
                if place >= self.by_value.len() {
                    self.by_value.resize(place + 1, 0);
                }
                if let Some(sum) = self.by_value.get_mut(place) {
                    *sum += u64::from(*count);
                }
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
