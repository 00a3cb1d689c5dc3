//! Walks through Marquez's API over HTTP, as its clients and web UI would, on both databases.
//!
//! What is asserted comes from a description of Marquez's behaviour; answers that matter as a
//! whole are snapshots. Ids are computed and times come from the events, so nothing needs to
//! be masked but what Lethe's own clock says.

/// Makes a test of each walk on each database.
macro_rules! both {
    ($(async fn $name:ident($backend:ident) $body:block)*) => {$(
        mod $name {
            #[allow(clippy::wildcard_imports, unused_imports, reason = "the walk's own imports")]
            use super::*;

            async fn walk($backend: crate::world::Backend) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                walk(crate::world::Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgresql() {
                walk(crate::world::Backend::Postgres).await;
            }
        }
    )*};
}

mod api;
mod deletes;
mod errors;
mod events;
mod graphs;
mod names;
mod reads;
mod searches;
mod writes;
