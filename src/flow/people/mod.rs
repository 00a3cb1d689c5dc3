//! People, groups and service accounts, what they show to be recognised, and who may give what.
//!
//! Whoever changes something here holds the writer's lock while looking and writing, so that two
//! administrators cannot overwrite or lock out one another unseen.

mod account;
mod accounts;
mod administrators;
mod find;
mod given;
mod groups;
mod links;
mod members;
mod names;
mod passwords;
mod roles;
mod secrets;
mod sessions;
mod sign_in;
mod tokens;
mod users;

pub use account::{Account, AccountPut};
pub use given::Given;
pub use groups::{Group, GroupPut};
pub use roles::RoleEntry;
pub use sign_in::{NotSignedIn, Shown, SignedIn};
pub use tokens::TokenAsk;
pub use users::{User, UserPut};

pub(super) use account::{account_of, bonds};
pub(super) use names::{GROUP, SERVICE, USER};
pub(super) use sessions::Kept;
pub(super) use tokens::record_of;
pub(super) use users::user_of;
