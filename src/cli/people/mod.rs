//! `lethe users`, `groups`, `service-accounts`, `tokens` and `me`: thin clients of a server's API.

pub(super) mod accounts;
mod answer;
pub(super) mod groups;
pub(super) mod me;
pub(super) mod tokens;
pub(super) mod users;
