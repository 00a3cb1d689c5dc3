//! A role that is given to somebody, as a value.

use serde::{Deserialize, Serialize};

use super::super::error::FlowError;
use crate::access::{Judge, Pattern};

/// Roles that one principal is given at most.
const ROLES_MAX: usize = 100;

/// A role that somebody was given, and the domains in which they hold it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The role's name.
    pub role: String,
    /// Where it is held: `*` is everywhere.
    #[serde(default = "Pattern::any")]
    pub domain: Pattern,
}

/// Brings given roles to normal form, and checks that there are such roles.
pub(super) fn checked(judge: &Judge, mut given: Vec<Given>) -> Result<Vec<Given>, FlowError> {
    if given.len() > ROLES_MAX {
        return Err(FlowError::bad("roles", format!("must be at most {ROLES_MAX}")));
    }
    let roles = judge.policy().roles();
    if let Some(unknown) = given.iter().find(|one| !roles.contains_key(&*one.role)) {
        let known: Vec<&str> = roles.keys().copied().collect();
        let role: String = unknown.role.chars().take(100).collect();
        let message = format!("`{role}` is no role; these are: {}", known.join(", "));
        return Err(FlowError::bad("roles", message));
    }
    given.sort_unstable();
    given.dedup();
    Ok(given)
}

/// Returns roles as the judge takes them.
pub(super) fn pairs(given: &[Given]) -> impl Iterator<Item = (String, Pattern)> {
    given.iter().map(|one| (one.role.clone(), one.domain.clone()))
}
