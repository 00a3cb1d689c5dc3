//! What a draft would change: the decisions of two judges, side by side.
//!
//! The caller chooses whom and what to ask about (the principals and access classes it has);
//! every combination is asked of both. The answer is bounded and says what it left out.

use std::sync::Arc;

use serde::Serialize;

use super::action::Action;
use super::condition::Context;
use super::decision::Decision;
use super::judge::Judge;
use super::limits::DIFFERENCES_MAX;
use super::principal::Principal;
use super::resource::AccessClass;
use crate::base::Digest;

/// How a decision changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Denied before, allowed after.
    Gains,
    /// Allowed before, denied after.
    Loses,
    /// Allowed before and after, with other obligations.
    OtherObligations,
}

/// One decision that the draft changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// How.
    pub change: Change,
    /// Whose: `user:ann`.
    pub principal: String,
    /// To do what.
    pub action: Action,
    /// To which access class.
    pub class: Digest,
    /// The decision before.
    pub before: Arc<Decision>,
    /// The decision after.
    pub after: Arc<Decision>,
}

/// Everything that the draft changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Simulation {
    /// The differences, in order of principal, act and class; the first 1,000.
    pub differences: Vec<Difference>,
    /// How many there are in all.
    pub total: usize,
    /// Questions that were asked of both.
    pub asked: usize,
}

/// Asks both judges about every combination of principal, act and class.
#[must_use]
pub fn simulate(
    (before, after): (&Judge, &Judge),
    principals: &[Principal],
    actions: &[Action],
    classes: &[AccessClass],
    context: &Context,
) -> Simulation {
    let mut principals: Vec<&Principal> = principals.iter().collect();
    principals.sort_by_cached_key(|principal| principal.reference());
    let mut simulation = Simulation::default();
    for principal in principals {
        let standings = (before.standing(principal), after.standing(principal));
        for action in actions {
            for class in classes {
                let old = before.decide(&standings.0, *action, class, context);
                let new = after.decide(&standings.1, *action, class, context);
                simulation.asked += 1;
                simulation.note(principal, *action, class, old, new);
            }
        }
    }
    simulation
}

impl Simulation {
    fn note(
        &mut self,
        principal: &Principal,
        action: Action,
        class: &AccessClass,
        before: Arc<Decision>,
        after: Arc<Decision>,
    ) {
        let change = match (before.allow, after.allow) {
            (false, true) => Change::Gains,
            (true, false) => Change::Loses,
            (true, true) if before.obligations != after.obligations => Change::OtherObligations,
            _ => return,
        };
        self.total += 1;
        if self.differences.len() < DIFFERENCES_MAX {
            let (principal, class) = (principal.reference(), class.digest());
            let difference = Difference { change, principal, action, class, before, after };
            self.differences.push(difference);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::explain::example_of;
    use crate::access::{AuthMethod, Kind, PolicySet, Resource};
    use crate::base::Time;

    fn judge(csv: &str) -> Judge {
        Judge::new(PolicySet::from_csv(1, csv).unwrap()).unwrap()
    }

    #[test]
    fn gains_losses_and_other_obligations_are_told_apart() {
        let before = judge(
            "p, a, r, *, dataset:read, tag:x, *, allow\np, b, r, *, job:read, *, *, allow\n\
             g, user:ann, r",
        );
        let after = judge(
            "p, a, r, *, dataset:*, tag:y, *, allow\n\
             p, b, r, *, job:read, *, *, allow, redact_sql\ng, user:ann, r",
        );
        let people = ["user:bob", "user:ann"].map(|who| example_of(who, AuthMethod::Token));
        let classes = ["x", "y"].map(|tag| Resource::new(Kind::Dataset).tagged(tag).class());
        let context = Context::at(Time::from_millis(0));
        let acts = [Action::DatasetRead, Action::JobRead];
        let found = simulate((&before, &after), &people, &acts, &classes, &context);
        let changes: Vec<_> = found.differences.iter().map(|d| (d.change, d.action)).collect();
        assert_eq!((found.asked, found.total), (8, 4));
        assert_eq!(
            changes,
            [
                (Change::Loses, Action::DatasetRead),
                (Change::Gains, Action::DatasetRead),
                (Change::OtherObligations, Action::JobRead),
                (Change::OtherObligations, Action::JobRead),
            ]
        );
        assert!(found.differences.iter().all(|difference| difference.principal == "user:ann"));
    }
}
