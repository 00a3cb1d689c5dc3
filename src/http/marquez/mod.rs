//! The API that Marquez's clients and web UI know, to the letter.
//!
//! Written from a description of its behaviour, not from its code. `POST /lineage` is in
//! `http/submit.rs`; GraphQL and the v2beta search are not here. Known bugs are mended
//! unless `marquez_strict` is set: totals of events, jobs and searches, types of sources,
//! SERVICE jobs, nominal times of runs, tags in lineage, types of leaf columns. Not
//! imitated even then, because the model would have to be wrong for it: a late START that
//! reopens a run, edges and fields that vanish until COMPLETE, lineage that starts from one
//! job of a dataset only, unsorted searches, dropped transformations.
//!
//! Members that Marquez does not have: `transformations` of columns, `truncated` where an
//! answer leaves something out, and `{"_omittedBytes": n}` for large facets in lists. Pages
//! have at most 1,000 entries.

mod address;
mod column_graph;
mod column_lineage;
mod dataset_versions;
mod datasets;
mod dto_dataset;
mod dto_job;
mod dto_run;
mod entity_tags;
mod error;
mod events;
mod examples;
mod extract;
mod facets;
mod graph;
mod job_versions;
mod jobs;
mod lineage;
mod names;
mod namespaces;
mod node_id;
mod post_run;
mod put_dataset;
mod put_job;
mod read_datasets;
mod read_jobs;
mod read_namespaces;
mod read_runs;
mod routes;
mod run_lineage;
mod runs;
mod search;
mod sources;
mod stats;
mod tags;
mod tell;

pub use routes::routes;
