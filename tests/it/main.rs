//! One integration test binary: walks through HTTP, contracts of both databases, walls.

mod audit;
mod bad_input;
mod catalog_walk;
mod coverage;
mod db_contract;
mod events;
mod faults;
mod grid;
mod house;
mod ingest;
mod kill;
mod marquez;
mod nodes;
mod openapi;
mod order;
mod people;
mod policies;
mod process;
mod rebuild;
mod retain;
mod sight;
mod sign_in;
mod spec;
mod traces;
mod trust;
mod world;
