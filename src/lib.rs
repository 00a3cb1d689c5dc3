//! Lethe: knows where every column came from, and can forget a person everywhere.

pub mod base;
pub mod catalog;
pub mod db;
pub mod openlineage;
