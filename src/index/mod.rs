//! The search index: the only room that knows tantivy.
//!
//! It follows the catalog's change feed and can be rebuilt from nothing. It holds no truth
//! of its own: what it says was true at its [`SearchIndex::position`].

mod bits;
mod census;
mod check;
mod clearance;
mod document;
mod encode;
mod error;
mod eval;
mod explain;
mod facets;
mod highlight;
mod lookup;
mod merge;
mod open;
mod parse;
mod plan;
mod postings;
mod prepare;
mod query;
mod rank;
mod ready;
mod scan;
mod schema;
mod score;
mod sealed;
mod search;
mod snapshot;
mod suggest;
mod table;
mod tokens;
mod when;
mod whole;
mod write;

#[cfg(test)]
mod judged;
#[cfg(test)]
mod trial;
#[cfg(test)]
mod trial_life;
#[cfg(test)]
mod trial_model;

pub use clearance::{Classes, Clearance};
pub use document::{Change, Document, Field};
pub use error::IndexError;
pub use explain::{ClauseHeld, Exactness, Explanation, TextPoints};
pub use facets::FacetCounts;
pub use highlight::Highlight;
pub use open::{IndexSettings, SearchIndex};
pub use parse::QueryFault;
pub use query::Query;
pub use rank::Sort;
pub use search::{Hit, SearchRequest, SearchResults};
pub use suggest::{SuggestRequest, Suggested, Suggestion};
pub use table::Facet;
