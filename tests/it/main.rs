//! One integration test binary: walks through HTTP, contracts of both databases, walls.

mod access_events;
mod audit;
mod audit_asked;
mod bad_input;
mod catalog_walk;
mod db_contract;
mod events;
mod faults;
mod house;
mod ingest;
mod keys;
mod kill;
mod marquez;
mod nodes;
mod openapi;
mod order;
mod process;
mod rebuild;
mod retain;
mod sight;
mod spec;
mod traces;
mod trust;
mod world;
