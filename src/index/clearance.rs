//! Which documents an asker may find, and by which of their texts. Made by whoever knows the
//! rules; here it only narrows.

use uuid::Uuid;

/// A set of numbers of access classes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Classes {
    /// A bit for each number; the last word is not 0, so that equal sets are equal.
    words: Vec<u64>,
}

impl Classes {
    /// Returns whether a number is in the set.
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

impl FromIterator<u32> for Classes {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut words = Vec::new();
        for number in numbers {
            let place = number as usize / 64;
            if place >= words.len() {
                words.resize(place + 1, 0);
            }
            if let Some(word) = words.get_mut(place) {
                *word |= 1 << (number % 64);
            }
        }
        Self { words }
    }
}

/// Which documents may be found: by access class, and single ones whose class is another by now
/// than the index knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Clearance {
    /// The classes whose documents may be found at all.
    pub classes: Classes,
    /// Of these, the classes whose columns may not be known: they are neither shown nor found
    /// by their names or descriptions, so that searching cannot guess them.
    pub without_columns: Classes,
    /// Of these, the classes whose SQL may not be known.
    pub without_sql: Classes,
    /// Documents that may not be found, whatever their class. Sorted.
    pub unseen: Vec<Uuid>,
    /// Documents of which neither columns nor SQL may be known, whatever their class. Sorted.
    pub bare: Vec<Uuid>,
}
