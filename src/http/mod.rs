//! The HTTP door: routes, what they take and what they answer.
//!
//! A handler takes its request apart, calls one function of `flow`, and maps the answer.
//! `marquez/` holds the API that Marquez's clients know; everything else is Lethe's own.
//! No SQL, no rules and no state of its own live here.

mod access_events;
pub mod acts;
mod annotations;
mod aside;
mod asked;
mod audit;
mod audit_filter;
mod audit_histogram;
mod audit_streams;
mod base_path;
mod body;
mod caller;
mod changes;
mod datasets;
mod dead_letters;
mod documented;
mod documents;
mod events;
mod findings;
mod guard;
mod health;
mod host;
mod hosts;
mod jobs;
mod keys;
mod lineage;
pub mod marquez;
mod middleware;
mod openapi;
mod page;
mod people;
mod policies;
mod problem;
mod readers;
mod resource;
mod router;
mod search;
mod site;
mod state;
mod still;
mod submit;
mod ui;

pub use base_path::BasePath;
pub use hosts::{Hosts, host_name};
pub use problem::{Problem, too_many_requests};
pub use router::{document, router};
pub use state::{Http, HttpSettings};
