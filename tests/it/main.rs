//! One integration test binary: walks through HTTP, contracts of both databases, walls.

mod catalog_walk;
mod db_contract;
mod events;
mod house;
mod ingest;
mod marquez;
mod nodes;
mod openapi;
mod order;
mod rebuild;
mod retain;
mod spec;
mod world;
