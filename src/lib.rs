//! Lethe: knows where every column came from, and can forget a person everywhere.
//!
//! Five storeys, one way down: `cli` and `http` (who asks), `flow` (what happens), `db`
//! and `index` (what touches the world), `catalog`, `lineage` and `audit` (pure thought),
//! `openlineage` and `base` (the words). ARCHITECTURE.md has the map.

pub mod access;
pub mod audit;
pub mod base;
pub mod catalog;
pub mod cli;
pub mod db;
pub mod flow;
pub mod http;
pub mod index;
pub mod keys;
pub mod lineage;
pub mod openlineage;
