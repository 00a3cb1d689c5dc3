//! Walks through Marquez's API over HTTP, as its clients and web UI would, on both databases.
//!
//! What is asserted comes from a description of Marquez's behaviour; answers that matter as a
//! whole are snapshots. Ids are computed and times come from the events, so nothing needs to
//! be masked but what Lethe's own clock says.

mod api;
mod deletes;
mod errors;
mod events;
mod graphs;
mod names;
mod reads;
mod searches;
mod writes;
