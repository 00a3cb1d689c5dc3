//! A set of documents of one segment, as bits.
//!
//! Every clause of a search becomes such a set; clauses are then combined word by word,
//! 64 documents at a time. The set knows nothing of what the documents are.

/// Document numbers from 0 to a fixed bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Makes the empty set of numbers below `len`.
    #[must_use]
    pub fn none(len: u32) -> Self {
        Self { words: vec![0; (len as usize).div_ceil(64)] }
    }

    /// Makes the set of all numbers below `len`.
    #[must_use]
    pub fn all(len: u32) -> Self {
        let mut set = Self { words: vec![u64::MAX; (len as usize).div_ceil(64)] };
        if let (Some(last), rest @ 1..) = (set.words.last_mut(), len % 64) {
            *last = (1 << rest) - 1;
        }
        set
    }

    /// Puts a number in and returns whether it was not in before; one beyond the bound is
    /// ignored.
    #[inline]
    pub fn insert(&mut self, doc: u32) -> bool {
        let Some(word) = self.words.get_mut(doc as usize / 64) else { return false };
        let bit = 1 << (doc % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Whether the number is in the set.
    #[must_use]
    pub fn contains(&self, doc: u32) -> bool {
        self.words.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    /// Keeps what is in both sets.
    pub fn and(&mut self, other: &Self) {
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word &= theirs;
        }
    }

    /// Adds what is in the other set.
    pub fn or(&mut self, other: &Self) {
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word |= theirs;
        }
    }

    /// Takes out what is in the other set.
    pub fn and_not(&mut self, other: &Self) {
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word &= !theirs;
        }
    }

    /// Whether any number is in both sets.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(word, theirs)| word & theirs != 0)
    }

    /// Returns a bound below which all numbers lie.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        64 * self.words.len() as u64
    }

    /// Returns how many numbers are in the set.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Calls `visit` for each number in the set, greatest first.
    #[inline]
    pub fn for_each_back(&self, mut visit: impl FnMut(u32)) {
        let mut base = u32::try_from(self.words.len()).unwrap_or(0).wrapping_mul(64);
        for word in self.words.iter().rev() {
            base = base.wrapping_sub(64);
            let mut left = *word;
            while left != 0 {
                let last = 63 - left.leading_zeros();
                visit(base + last);
                left ^= 1 << last;
            }
        }
    }

    /// Calls `visit` for each number in the set, smallest first.
    #[inline]
    pub fn for_each(&self, mut visit: impl FnMut(u32)) {
        let mut base = 0;
        for word in &self.words {
            let mut left = *word;
            while left != 0 {
                visit(base + left.trailing_zeros());
                left &= left - 1;
            }
            base = base.wrapping_add(64);
        }
    }
}

/// Puts many numbers in, in mostly rising order. The word that is being filled is kept in a
/// register: going through memory would make each number wait for the one before it.
pub struct Inserter<'a> {
    bits: &'a mut Bits,
    place: usize,
    word: u64,
}

impl<'a> Inserter<'a> {
    /// Begins to put numbers in.
    #[must_use]
    pub fn new(bits: &'a mut Bits) -> Self {
        let word = bits.words.first().copied().unwrap_or(0);
        Self { bits, place: 0, word }
    }

    /// Puts a number in and returns whether it was not in before; one beyond the bound is
    /// ignored.
    #[inline]
    pub fn insert(&mut self, doc: u32) -> bool {
        let place = doc as usize / 64;
        if place != self.place {
            let Some(word) = self.bits.words.get(place).copied() else { return false };
            self.flush();
            (self.place, self.word) = (place, word);
        }
        let before = self.word;
        self.word |= 1 << (doc % 64);
        self.word != before
    }

    #[inline]
    fn flush(&mut self) {
        if let Some(word) = self.bits.words.get_mut(self.place) {
            *word = self.word;
        }
    }
}

impl Drop for Inserter<'_> {
    fn drop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    fn made(len: u32, docs: &BTreeSet<u32>) -> Bits {
        let mut bits = Bits::none(len);
        for doc in docs {
            assert!(bits.insert(*doc) && !bits.insert(*doc));
        }
        bits
    }

    fn listed(bits: &Bits) -> BTreeSet<u32> {
        let mut docs = BTreeSet::new();
        bits.for_each(|doc| {
            docs.insert(doc);
        });
        docs
    }

    #[test]
    fn all_holds_each_number_below_the_bound() {
        for len in [0, 1, 63, 64, 65, 200] {
            assert_eq!(Bits::all(len).count(), u64::from(len));
            assert_eq!(listed(&Bits::all(len)), (0..len).collect());
        }
    }

    proptest! {
        #[test]
        fn many_are_put_in_as_one_by_one(
            docs in prop::collection::vec(0..250_u32, 0..80), first in prop::collection::vec(0..200_u32, 0..9),
        ) {
            let mut one_by_one = made(200, &first.into_iter().collect());
            let mut many = one_by_one.clone();
            let mut inserter = Inserter::new(&mut many);
            for doc in docs {
                prop_assert_eq!(inserter.insert(doc), one_by_one.insert(doc));
            }
            drop(inserter);
            prop_assert_eq!(many, one_by_one);
        }

        #[test]
        fn sets_behave_as_sets(
            a in prop::collection::btree_set(0..200_u32, 0..60),
            b in prop::collection::btree_set(0..200_u32, 0..60),
        ) {
            let (left, right) = (made(200, &a), made(200, &b));
            let with = |f: fn(&mut Bits, &Bits)| {
                let mut set = left.clone();
                f(&mut set, &right);
                listed(&set)
            };
            prop_assert_eq!(with(Bits::and), &a & &b);
            prop_assert_eq!(with(Bits::or), &a | &b);
            prop_assert_eq!(with(Bits::and_not), &a - &b);
            let mut back = Vec::new();
            left.for_each_back(|doc| back.push(doc));
            prop_assert!(back.iter().rev().eq(&a));
            prop_assert_eq!(left.count(), a.len() as u64);
            prop_assert_eq!(left.meets(&right), !a.is_disjoint(&b));
            prop_assert!((0..200).all(|doc| left.contains(doc) == a.contains(&doc)));
        }
    }
}
