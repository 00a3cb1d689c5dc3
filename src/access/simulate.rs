//! What a draft would change: the decisions of two judges, side by side.
//!
//! The caller chooses whom and what to ask about (the principals and access classes it has);
//! everything is asked of both, about everybody. The answer is bounded and says what it left out.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;

use super::action::Action;
use super::condition::Context;
use super::decision::Decision;
use super::judge::Judge;
use super::limits::DIFFERENCES_MAX;
use super::principal::Principal;
use super::resource::AccessClass;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// How.
    pub change: Change,
    /// Whose: `user:ann`.
    pub principal: String,
    /// To do what.
    pub action: Action,
    /// To which access class.
    pub class: AccessClass,
    /// The decision before.
    pub before: Arc<Decision>,
    /// The decision after.
    pub after: Arc<Decision>,
}

/// Everything that the draft changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Simulation {
    /// The differences, in the order in which was asked; the first 1,000.
    pub differences: Vec<Difference>,
    /// How many there are in all.
    pub total: usize,
    /// Questions that were asked of both.
    pub asked: usize,
    /// Principals of whom something changes.
    pub principals: usize,
    /// Access classes of which something changes.
    pub classes: usize,
}

/// Asks both judges every question about every principal, in the order given; each is listed by
/// the name beside it.
#[must_use]
pub fn simulate(
    (before, after): (&Judge, &Judge),
    principals: &[(String, Principal)],
    questions: &[(Action, AccessClass)],
    context: &Context,
) -> Simulation {
    let mut simulation = Simulation::default();
    let mut classes = HashSet::new();
    for (name, principal) in principals {
        let standings = (before.standing(principal), after.standing(principal));
        let found = simulation.total;
        for (action, class) in questions {
            let old = before.decide(&standings.0, *action, class, context);
            let new = after.decide(&standings.1, *action, class, context);
            simulation.asked += 1;
            if simulation.note(name, (*action, class), old, new) {
                classes.insert(class.digest());
            }
        }
        simulation.principals += usize::from(simulation.total > found);
    }
    simulation.classes = classes.len();
    simulation
}

impl Simulation {
    fn note(
        &mut self,
        name: &str,
        (action, class): (Action, &AccessClass),
        before: Arc<Decision>,
        after: Arc<Decision>,
    ) -> bool {
        let change = match (before.allow, after.allow) {
            (false, true) => Change::Gains,
            (true, false) => Change::Loses,
            (true, true) if before.obligations != after.obligations => Change::OtherObligations,
            _ => return false,
        };
        self.total += 1;
        if self.differences.len() < DIFFERENCES_MAX {
            let (principal, class) = (name.to_owned(), class.clone());
            let difference = Difference { change, principal, action, class, before, after };
            self.differences.push(difference);
        }
        true
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
        let people = ["user:bob", "user:ann"]
            .map(|who| (who.to_owned(), example_of(who, AuthMethod::Token)));
        let classes = ["x", "y"].map(|tag| Resource::new(Kind::Dataset).tagged(tag).access_class());
        let context = Context::at(Time::from_millis(0));
        let acts = [Action::DatasetRead, Action::JobRead];
        let questions: Vec<_> =
            acts.iter().flat_map(|act| classes.iter().map(|class| (*act, class.clone()))).collect();
        let found = simulate((&before, &after), &people, &questions, &context);
        let changes: Vec<_> = found.differences.iter().map(|d| (d.change, d.action)).collect();
        assert_eq!((found.asked, found.total), (8, 4));
        assert_eq!((found.principals, found.classes), (1, 2));
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
