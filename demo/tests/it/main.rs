//! The demo against a server that only listens: what it says must be what it did.

mod catcher;
mod events;
mod run;
mod stores;
