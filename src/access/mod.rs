//! Access: who is asking, and what they may do.
//!
//! The only room that names casbin. [`Judge`] decides; [`PolicySet`] is what it decides by;
//! [`Principal`], [`Action`], [`AccessClass`] and [`Context`] are what it is asked about. Tokens,
//! sessions and passwords are here as values and pure functions. Nothing here stores, listens,
//! reads a clock or makes random bytes: those are arguments.

mod adapter;
mod bench;
mod csv;
mod matchers;
mod memory;
mod narrow;
mod roles;
mod text;

#[cfg(test)]
mod trial;

pub mod action;
pub mod cases;
pub mod condition;
pub mod decision;
mod effect;
pub mod explain;
pub mod formula;
pub mod judge;
pub mod limits;
pub mod lint;
pub mod obligation;
pub mod opening;
pub mod password;
pub mod pattern;
pub mod policy;
pub mod policy_csv;
pub mod policy_diff;
pub mod principal;
mod reach;
mod resource;
pub mod role_list;
pub mod selector;
pub mod session;
pub mod simulate;
pub mod telling;
pub mod throttle;
pub mod token;
pub mod week;

pub use action::{Action, ActionSet, Kind};
pub use condition::{Condition, Context};
pub use decision::{Decision, Reason};
pub use effect::Effect;
pub use formula::FormulaError;
pub use judge::{Judge, Standing};
pub use obligation::{Obligation, Obligations};
pub use opening::Opening;
pub use pattern::Pattern;
pub use policy::{Fault, Grant, Parent, PolicySet, Rule, SHIPPED_POLICY};
pub use principal::{AuthMethod, Principal, PrincipalKind};
pub use reach::Reach;
pub use resource::{AccessClass, Resource};
pub use role_list::RoleSummary;
pub use selector::Selector;
pub use telling::Telling;
pub use token::{SecretHash, Token, TokenRecord, TokenState};
