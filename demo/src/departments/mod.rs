//! The six departments of Meridian Pharma: each its own systems, datasets and jobs.

pub mod clinical;
mod customer_view;
mod department;
pub mod erp;
pub mod finance;
pub mod iot;
mod moves;
mod pseudonym;
pub mod safety;
pub mod social;

pub use department::{Department, Layer};
