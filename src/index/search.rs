//! Answers searches: finds, ranks, counts and marks.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::DocAddress;
use tantivy::schema::Value as _;
use uuid::Uuid;

use super::bits::Bits;
use super::census::Census;
use super::clearance::Clearance;
use super::encode::Stored;
use super::error::IndexError;
use super::eval::{Hits, evaluate};
use super::facets::{self, FacetCounts};
use super::highlight::{Highlight, Marker};
use super::lookup::mendable;
use super::plan::Plan;
use super::prepare::prepare;
use super::query::Query;
use super::rank::{Ranked, Ranking, Sort, read_cursor, to_minute};
use super::scan::Segment;
use super::snapshot::{Base, BaseKey, Snapshot};
use super::table::{Table, Values};
use crate::base::cursor::{Cursor, Page};
use crate::base::{NodeKind, Time};

/// Typos are mended if a search finds fewer hits than this without, and none by its name.
pub const MENDED_BELOW: u64 = 10;

/// What is searched for, and which part of the answer is wanted.
#[derive(Debug, Clone)]
pub struct SearchRequest<'a> {
    /// What is searched for.
    pub query: Query,
    /// Only these kinds; all if empty.
    pub kinds: &'a [NodeKind],
    /// The order of the hits.
    pub sort: Sort,
    /// Which of them are wanted.
    pub page: Page,
    /// Whether to count facets.
    pub facets: bool,
    /// What freshness is measured at, and ages like `7d` count back from.
    pub now: Time,
    /// What may be found, and by which texts; everything if `None`.
    pub clearance: Option<&'a Arc<Clearance>>,
    /// Whether softly deleted documents are searched too.
    pub include_deleted: bool,
}

impl SearchRequest<'_> {
    /// Returns which documents may be found at all.
    #[must_use]
    pub(super) fn base_key(&self) -> BaseKey {
        BaseKey::new(self.kinds, self.clearance, self.include_deleted)
    }
}

/// One dataset or job that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What it is.
    pub kind: NodeKind,
    /// Its id.
    pub id: Uuid,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What people wrote about it, or its beginning; empty if nothing.
    pub description: String,
    /// Its tags and those of its columns.
    pub tags: Vec<String>,
    /// Its owners.
    pub owners: Vec<String>,
    /// The system it lives in; empty if unknown.
    pub platform: String,
    /// What it is there.
    pub subtype: Option<String>,
    /// When it last changed.
    pub updated_at: Time,
    /// The score (see `score.rs`); 0 unless sorted by relevance.
    pub score: f32,
    /// What was found in its texts.
    pub highlights: Vec<Highlight>,
    /// Names of its columns that were found; the first twenty.
    pub matched_fields: Vec<String>,
    /// How many more of its columns were found.
    pub more_matched_fields: u64,
}

/// The answer to a search.
#[derive(Debug, Clone)]
pub struct SearchResults {
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// How many hits there are on all pages.
    pub total: u64,
    /// Whether `total` and the facets are exact. They are but for searches with a word that
    /// begins more than 20,000 terms of one segment, of which the rest is left out.
    pub exact: bool,
    /// Whether typos were mended, because there were few hits without.
    pub mended: bool,
    /// The counts of facets, if they were asked for.
    pub facets: Vec<FacetCounts>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
    /// The position in the change feed that the answer stands for.
    pub position: u64,
    /// Whether the pages before it were made of something else: entries may be missing from all
    /// of them, or stand on two. The index does not tell; who knows what it holds does.
    pub changed: bool,
}

/// Everything that a query finds.
pub(super) struct Found<'a> {
    /// By segment: its table and its hits.
    pub hits: Vec<(&'a Table, Hits)>,
    /// How many hits there are.
    pub total: u64,
    /// Whether these are all.
    pub exact: bool,
    /// Whether typos were mended.
    pub mended: bool,
    /// Whether a hit is named exactly.
    named: bool,
}

/// Finds everything of a base that meets the plan, mending typos if that is little.
pub(super) fn find<'a>(
    snapshot: &'a Snapshot,
    plan: &Plan,
    (base, key): (&Base, &BaseKey),
) -> Result<Found<'a>, IndexError> {
    let census = Census::new(snapshot, key)?;
    let found = find_once(snapshot, plan, (base, &census), false)?;
    if found.total >= MENDED_BELOW || found.named || !mendable(plan) {
        return Ok(found);
    }
    let mut mended = find_once(snapshot, plan, (base, &census), true)?;
    if mended.total == found.total {
        return Ok(found);
    }
    for ((_, hits), (_, unmended)) in mended.hits.iter_mut().zip(found.hits) {
        hits.unmended = Some(unmended.docs);
    }
    Ok(mended)
}

fn find_once<'a>(
    snapshot: &'a Snapshot,
    plan: &Plan,
    (base, census): (&Base, &Census<'_>),
    mend: bool,
) -> Result<Found<'a>, IndexError> {
    let prepared = prepare(snapshot, plan, census, mend)?;
    let (hits, exact) = (Vec::new(), !prepared.cut);
    let mut found = Found { hits, total: 0, exact, mended: mend, named: false };
    let parts = base.docs.iter().zip(&base.masks);
    for (place, ((reader, table), (docs, masks))) in snapshot.segments().zip(parts).enumerate() {
        let segment = Segment { place, reader, fields: snapshot.fields(), masks };
        let hits = evaluate(&segment, plan, &prepared, docs, None)?;
        found.total += hits.docs.count();
        found.named |= hits.levels.iter().any(|(_, docs)| docs.meets(&hits.docs));
        found.hits.push((table, hits));
    }
    Ok(found)
}

/// Answers a search.
pub(super) fn search(
    snapshot: &Snapshot,
    values: &Values,
    request: &SearchRequest<'_>,
) -> Result<SearchResults, IndexError> {
    let now = to_minute(request.now);
    let after = request.page.after.as_ref().map(|cursor| read_cursor(cursor, request.sort, now));
    let (after, now) = after.map_or((None, now), |(after, first)| (Some(after), first));
    let plan = Plan::new(&request.query, now);
    let key = request.base_key();
    let base = snapshot.base(&key)?;
    let found = find(snapshot, &plan, (&base, &key))?;
    let limit = request.page.limit;
    let ranking = Ranking { sort: request.sort, now, after, limit: limit + 1 };
    let mut ranked = ranking.best(&found.hits)?;
    let more = ranked.len() > limit;
    ranked.truncate(limit);
    let last = ranked.last().filter(|_| more);
    let next = last.map(|last| last.cursor(request.sort, now));
    let marker = Marker::new(&plan, found.mended);
    let hits = ranked.iter().map(|ranked| hit(snapshot, &base, &marker, ranked));
    let hits = hits.collect::<Result<_, _>>()?;
    let (total, exact, mended) = (found.total, found.exact, found.mended);
    let facets = if request.facets {
        let docs: Vec<_> = found.hits.into_iter().map(|(_, hits)| hits.docs).collect();
        facets::list(&snapshot.hit_counts(&base, &docs, total), values)
    } else {
        Vec::new()
    };
    Ok(SearchResults {
        hits,
        total,
        exact,
        mended,
        facets,
        next,
        position: snapshot.position.number,
        changed: false,
    })
}

fn hit(
    snapshot: &Snapshot,
    base: &Base,
    marker: &Marker,
    ranked: &Ranked,
) -> Result<Hit, IndexError> {
    let mut stored = stored(snapshot, ranked)?;
    if let Some(masks) = base.masks.get(ranked.segment) {
        let under = |bits: &Option<Bits>| bits.as_ref().is_some_and(|b| b.contains(ranked.doc));
        if under(&masks.columns) {
            stored.fields.clear();
            stored.column_tags.clear();
            stored.description.clear();
        }
        if under(&masks.sql) {
            stored.sql.clear();
        }
    }
    let marked = marker.mark(&stored);
    let tags: BTreeSet<String> = stored.tags.into_iter().chain(stored.column_tags).collect();
    Ok(Hit {
        kind: if stored.job { NodeKind::Job } else { NodeKind::Dataset },
        id: ranked.id,
        namespace: stored.namespace,
        name: stored.name,
        description: stored.description,
        tags: tags.into_iter().collect(),
        owners: stored.owners,
        platform: stored.platform,
        subtype: stored.subtype,
        updated_at: Time::from_micros(stored.updated),
        score: ranked.score,
        highlights: marked.highlights,
        matched_fields: marked.fields,
        more_matched_fields: marked.more_fields,
    })
}

/// Reads what the index stores to show a hit.
pub(super) fn stored(snapshot: &Snapshot, ranked: &Ranked) -> Result<Stored, IndexError> {
    let segment = u32::try_from(ranked.segment).unwrap_or(u32::MAX);
    let document: tantivy::TantivyDocument =
        snapshot.searcher.doc(DocAddress::new(segment, ranked.doc))?;
    let bytes = document.get_first(snapshot.fields().stored).and_then(|value| value.as_bytes());
    Ok(serde_json::from_slice(bytes.unwrap_or_default())?)
}
