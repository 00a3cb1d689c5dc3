//! The port: who may be connected and for how long, over plain TCP and TLS alike.
//!
//! What is asked and answered is the business of `http`; here it is only counted and timed.

mod accept;
mod body;
mod connection;
mod crowd;
mod descriptors;
mod pace;
mod stream;

pub(super) use accept::{Port, listen};
pub(super) use descriptors::connections;
