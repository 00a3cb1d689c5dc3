//! Puts hits into order, and finds the page that comes after a cursor.
//!
//! The order is total: the sort's own number, then the folded name, then the id. So a
//! cursor of these three continues exactly, and needs no memory between pages. When the
//! index moves on between two pages, hits may move too; nothing else can happen.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::columnar::{StrColumn, TermOrdHit};
use uuid::Uuid;

use super::error::IndexError;
use super::eval::{Hits, PLAIN};
use super::score::{Prior, points, total};
use super::table::Table;
use crate::base::Time;
use crate::base::cursor::Cursor;

/// By what hits are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The best first.
    #[default]
    Relevance,
    /// By name, without regard to case.
    Name,
    /// The last changed first.
    UpdatedAt,
}

/// Where a page starts.
#[derive(Debug, Clone)]
pub struct After {
    /// The sort's number: greater ones come first.
    number: u64,
    name: String,
    id: Uuid,
}

/// One hit, in its place.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// The segment's place.
    pub segment: usize,
    /// The document's number in the segment.
    pub doc: u32,
    /// The document's id.
    pub id: Uuid,
    /// The score; 0 unless sorted by relevance.
    pub score: f32,
    number: u64,
    name: String,
}

const MINUTE_MICROS: i64 = 60_000_000;

/// A cursor keeps the level in 3 bits, the points in 31 (they are never negative), and the
/// minute of the first page, which is enough for a thousand years, in 29.
const MINUTE_BITS: u32 = 29;
const POINTS_BITS: u32 = 31;

/// Brings a time to the minute, which is as exact as a cursor keeps it.
#[must_use]
pub fn to_minute(now: Time) -> Time {
    Time::from_micros(minute(now) * MINUTE_MICROS)
}

fn minute(now: Time) -> i64 {
    now.as_micros().div_euclid(MINUTE_MICROS).clamp(0, (1 << MINUTE_BITS) - 1)
}

/// Joins a level and points to a number in their order.
#[inline]
fn joined(level: u8, points: f32) -> u64 {
    // The bits of positive floats are in the floats' order.
    u64::from(level) << POINTS_BITS | u64::from(points.to_bits())
}

fn score(number: u64) -> f32 {
    let level = u8::try_from(number >> POINTS_BITS).unwrap_or(0);
    let bits = u32::try_from(number & ((1 << POINTS_BITS) - 1)).unwrap_or(0);
    total(level, f32::from_bits(bits))
}

impl Ranked {
    /// Returns the cursor that continues after this hit of a search made at `now`.
    #[must_use]
    pub fn cursor(&self, sort: Sort, now: Time) -> Cursor {
        // The moment goes along, so that later pages are ranked as the first one was.
        let number = match sort {
            Sort::Relevance => self.number.cast_signed() << MINUTE_BITS | minute(now),
            Sort::Name => minute(now),
            // The number is needed whole: ages like `7d` count back from each page's moment.
            Sort::UpdatedAt => unordered(self.number),
        };
        Cursor { number, text: self.name.clone(), id: self.id, ..Cursor::default() }
    }
}

/// Reads a cursor: where the page starts, and the moment its first page was ranked at.
#[must_use]
pub fn read_cursor(cursor: &Cursor, sort: Sort, now: Time) -> (After, Time) {
    let then = Time::from_micros((cursor.number & ((1 << MINUTE_BITS) - 1)) * MINUTE_MICROS);
    let (number, now) = match sort {
        Sort::Relevance => (u64::try_from(cursor.number >> MINUTE_BITS).unwrap_or(0), then),
        Sort::Name => (0, then),
        Sort::UpdatedAt => (ordered(cursor.number), now),
    };
    (After { number, name: cursor.text.clone(), id: cursor.id }, now)
}

/// Maps signed numbers to unsigned ones in the same order.
fn ordered(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

fn unordered(number: u64) -> i64 {
    (number ^ (1 << 63)).cast_signed()
}

/// A hit of one segment while the best are being sought. The greatest is the worst.
#[derive(PartialEq, Eq)]
struct Candidate {
    number: u64,
    name: u64,
    id: u128,
    doc: u32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.number.cmp(&self.number).then(self.name.cmp(&other.name)).then(self.id.cmp(&other.id))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How the hits of a search are ranked.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// By what they are sorted.
    pub sort: Sort,
    /// The moment that freshness is measured at.
    pub now: Time,
    /// The hit after which the page starts.
    pub after: Option<After>,
    /// How many hits are wanted.
    pub limit: usize,
}

impl Ranking {
    /// Finds the first hits after the cursor among those of all segments.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if a segment cannot be read.
    pub fn best(&self, hits: &[(&Table, Hits)]) -> Result<Vec<Ranked>, IndexError> {
        let mut heads = Vec::new();
        for (segment, (table, hits)) in hits.iter().enumerate() {
            let found = self.best_of(table, hits)?;
            let names = &table.columns.name;
            heads.push(Head { segment, names, rest: found.into_iter(), first: None });
        }
        let mut best = Vec::new();
        for head in &mut heads {
            head.advance(self.sort)?;
        }
        while best.len() < self.limit {
            let first = heads.iter_mut().filter(|head| head.first.is_some());
            let Some(head) = first.min_by(|a, b| compare(a.first.as_ref(), b.first.as_ref()))
            else {
                break;
            };
            best.extend(head.first.take());
            head.advance(self.sort)?;
        }
        Ok(best)
    }

    /// Finds the first hits of one segment, the best first.
    fn best_of(&self, table: &Table, hits: &Hits) -> Result<Vec<Candidate>, IndexError> {
        let border = match &self.after {
            Some(after) => Some(Border::new(after, &table.columns.name)?),
            None => None,
        };
        let mut best = Best::new(self.limit, border, table);
        let prior = Prior::at(self.now);
        let points_of = |doc: u32| {
            let packed = table.priors.get(doc as usize).copied().unwrap_or(0);
            points(hits.text(doc), prior.factor(packed))
        };
        // What was written last mostly ranks first; beginning there, little else is considered.
        match self.sort {
            Sort::Relevance if hits.all_plain() => {
                hits.docs.for_each_back(|doc| best.offer(joined(PLAIN, points_of(doc)), doc));
            }
            Sort::Relevance => {
                hits.docs
                    .for_each_back(|doc| best.offer(joined(hits.level(doc), points_of(doc)), doc));
            }
            Sort::Name => hits.docs.for_each_back(|doc| best.offer(0, doc)),
            Sort::UpdatedAt => {
                offer_updated(table, hits, &mut best);
            }
        }
        Ok(best.heap.into_sorted_vec())
    }
}

/// Offers the hits by the time of their last change, read for many at once.
fn offer_updated(table: &Table, hits: &Hits, best: &mut Best<'_>) {
    let mut docs = Vec::with_capacity(TIMES_AT_ONCE);
    let mut times = [None; TIMES_AT_ONCE];
    let mut offer = |docs: &mut Vec<u32>| {
        let times = times.get_mut(..docs.len()).unwrap_or_default();
        table.columns.updated.first_vals(docs, times);
        for (doc, time) in docs.drain(..).zip(times) {
            best.offer(ordered(time.unwrap_or(0)), doc);
        }
    };
    hits.docs.for_each_back(|doc| {
        docs.push(doc);
        if docs.len() == TIMES_AT_ONCE {
            offer(&mut docs);
        }
    });
    offer(&mut docs);
}

const TIMES_AT_ONCE: usize = 128;

/// The best hits of one segment so far.
struct Best<'a> {
    limit: usize,
    border: Option<Border>,
    table: &'a Table,
    heap: BinaryHeap<Candidate>,
    /// Numbers below this one cannot be among the best.
    least: u64,
    /// Numbers above this one lie before the page.
    most: u64,
}

impl<'a> Best<'a> {
    fn new(limit: usize, border: Option<Border>, table: &'a Table) -> Self {
        let most = border.as_ref().map_or(u64::MAX, |border| border.number);
        let heap = BinaryHeap::with_capacity(limit + 1);
        Self { limit, border, table, heap, least: 0, most }
    }

    /// Takes a hit if it is among the best.
    #[inline]
    fn offer(&mut self, number: u64, doc: u32) {
        if number >= self.least && number <= self.most {
            self.consider(number, doc);
        }
    }

    /// Of equal numbers the first names are the best, then the smallest ids.
    #[inline(never)]
    fn consider(&mut self, number: u64, doc: u32) {
        let name = self.table.columns.name.ords().first(doc).unwrap_or(0);
        let full = self.heap.len() >= self.limit;
        let beaten = |last: &Candidate| number == last.number && name > last.name;
        if full && self.heap.peek().is_some_and(beaten) {
            return;
        }
        let candidate = Candidate { number, name, id: id(self.table, doc), doc };
        if self.border.as_ref().is_some_and(|border| !border.is_before(&candidate)) {
            return;
        }
        self.heap.push(candidate);
        if full {
            self.heap.pop();
        }
        if self.heap.len() >= self.limit {
            self.least = self.heap.peek().map_or(0, |last| last.number);
        }
    }
}

fn id(table: &Table, doc: u32) -> u128 {
    let high = table.columns.id_high.first(doc).unwrap_or(0);
    let low = table.columns.id_low.first(doc).unwrap_or(0);
    u128::from(high) << 64 | u128::from(low)
}

/// A cursor in the terms of one segment.
struct Border {
    number: u64,
    /// Names from this one on come later.
    name: u64,
    /// Whether that name is the cursor's own.
    same: bool,
    id: u128,
}

impl Border {
    fn new(after: &After, names: &StrColumn) -> Result<Self, IndexError> {
        let (name, same) = match names.dictionary().term_ord_or_next(&after.name)? {
            TermOrdHit::Exact(name) => (name, true),
            TermOrdHit::Next(name) => (name, false),
        };
        Ok(Self { number: after.number, name, same, id: after.id.as_u128() })
    }

    /// Whether the candidate comes after the border.
    fn is_before(&self, candidate: &Candidate) -> bool {
        if candidate.number != self.number {
            return candidate.number < self.number;
        }
        if self.same && candidate.name == self.name {
            return candidate.id > self.id;
        }
        candidate.name >= self.name
    }
}

/// The candidates of one segment that were not taken yet.
struct Head<'a> {
    segment: usize,
    names: &'a StrColumn,
    rest: std::vec::IntoIter<Candidate>,
    first: Option<Ranked>,
}

impl Head<'_> {
    fn advance(&mut self, sort: Sort) -> Result<(), IndexError> {
        let Some(next) = self.rest.next() else { return Ok(()) };
        let mut name = String::new();
        self.names.ord_to_str(next.name, &mut name)?;
        let score = if sort == Sort::Relevance { score(next.number) } else { 0.0 };
        self.first = Some(Ranked {
            segment: self.segment,
            doc: next.doc,
            id: Uuid::from_u128(next.id),
            score,
            number: next.number,
            name,
        });
        Ok(())
    }
}

fn compare(a: Option<&Ranked>, b: Option<&Ranked>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return b.is_some().cmp(&a.is_some()) };
    b.number.cmp(&a.number).then_with(|| a.name.cmp(&b.name)).then(a.id.cmp(&b.id))
}
