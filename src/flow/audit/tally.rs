//! Which denials and reads are recorded whole, and which are counted.
//!
//! Whoever may do nothing can still be denied as often as they ask, and no record can ever be
//! taken out. So of one kind (by whom, what, how it ended) the first are recorded whole, at the
//! pace of a throttle; those between are counted, and each minute one record tells the count.
//! Pure: time is an argument, memory is bounded.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::act::{Act, Actor};
use crate::access::throttle::{Rate, Throttle};
use crate::audit::Outcome;
use crate::base::limits::{
    COUNTED_FOR_S, COUNTED_KINDS_MAX, COUNTED_TARGETS_MAX, NOTED_WHOLE_EVERY_S, NOTED_WHOLE_MAX,
};
use crate::base::{Digest, Time};

/// What is recorded of kinds that are too many to be told apart.
const CROWD: &str = "audit:crowd";
const MICROS: i64 = 1_000_000;
const WHOLE: Rate = Rate { burst: NOTED_WHOLE_MAX, refill_micros: NOTED_WHOLE_EVERY_S * MICROS };

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    actor: Option<Uuid>,
    actor_kind: &'static str,
    action: &'static str,
    outcome: Outcome,
    /// The account that somebody unknown tried to be: what is tried on one hides nothing of
    /// what is tried on another.
    tried: Option<(&'static str, Uuid)>,
}

impl Kind {
    fn of(actor: &Actor, act: &Act) -> Self {
        let target = act.resource.as_ref().map(|(kind, id, _)| (*kind, *id));
        Self {
            actor: actor.id,
            actor_kind: actor.kind,
            action: act.action,
            outcome: act.outcome,
            tried: target.filter(|_| actor.id.is_none() && actor.kind == "anonymous"),
        }
    }

    fn key(&self) -> Digest {
        let id = |id: Option<Uuid>| id.map_or([0; 16], Uuid::into_bytes);
        Digest::of_parts(&[
            &id(self.actor),
            self.actor_kind.as_bytes(),
            self.action.as_bytes(),
            &[self.outcome as u8],
            &id(self.tried.map(|(_, id)| id)),
        ])
    }
}

/// What was counted of one kind.
#[derive(Debug)]
struct Count {
    times: u64,
    since: Time,
    until: Time,
    targets: BTreeSet<Uuid>,
    /// Whether there were other targets than these.
    more: bool,
}

impl Count {
    fn new(now: Time) -> Self {
        Self { times: 0, since: now, until: now, targets: BTreeSet::new(), more: false }
    }

    fn add(&mut self, target: Option<Uuid>, now: Time) {
        self.times += 1;
        self.until = self.until.max(now);
        let Some(target) = target.filter(|target| !self.targets.contains(target)) else { return };
        if self.targets.len() < COUNTED_TARGETS_MAX {
            self.targets.insert(target);
        } else {
            self.more = true;
        }
    }

    /// A clock that has gone back ends the minute too.
    fn is_due(&self, now: Time) -> bool {
        let age = now.as_micros().saturating_sub(self.since.as_micros());
        !(0..COUNTED_FOR_S * MICROS).contains(&age)
    }

    fn told(self, act: Act) -> Act {
        let targets: Vec<String> = self.targets.iter().map(Uuid::to_string).collect();
        let act = act
            .with("counted", self.times)
            .with("since", self.since.to_string())
            .with("until", self.until.to_string());
        let act = if targets.is_empty() { act } else { act.with("targets", targets) };
        if self.more { act.with("moreTargets", true) } else { act }
    }
}

/// What is counted at the moment.
#[derive(Debug)]
pub(super) struct Tally {
    whole: Throttle,
    counted: HashMap<Kind, Count>,
    crowd: Option<Count>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { whole: Throttle::new(WHOLE), counted: HashMap::new(), crowd: None }
    }
}

impl Tally {
    /// Returns whether an act is to be recorded whole; if not, it was counted.
    pub(super) fn is_whole(&mut self, actor: &Actor, act: &Act, now: Time) -> bool {
        let kind = Kind::of(actor, act);
        if self.whole.attempt(&[kind.key()], now).is_ok() {
            return true;
        }
        let target = act.resource.as_ref().map(|(_, id, _)| *id);
        let room = self.counted.len() < COUNTED_KINDS_MAX || self.counted.contains_key(&kind);
        let count = if room {
            self.counted.entry(kind).or_insert_with(|| Count::new(now))
        } else {
            self.crowd.get_or_insert_with(|| Count::new(now))
        };
        count.add(target, now);
        false
    }

    /// Takes out what was counted for a minute; everything if Lethe stops.
    pub(super) fn due(&mut self, now: Time, all: bool) -> Vec<(Actor, Act)> {
        let due = self.counted.extract_if(|_, count| all || count.is_due(now));
        let mut told: Vec<(Actor, Act)> = due.map(|(kind, count)| record(&kind, count)).collect();
        let crowd = self.crowd.take_if(|count| all || count.is_due(now));
        told.extend(crowd.map(|count| (Actor::system(), count.told(Act::done(CROWD)))));
        told
    }
}

fn record(kind: &Kind, count: Count) -> (Actor, Act) {
    let actor = Actor { id: kind.actor, kind: kind.actor_kind, ..Actor::system() };
    let mut act = Act::done(kind.action);
    act.outcome = kind.outcome;
    if let Some((kind, id)) = kind.tried {
        act = act.on(kind, id, "");
    }
    (actor, count.told(act))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn actor(number: u128) -> Actor {
        Actor { id: Some(Uuid::from_u128(number)), kind: "user", ..Actor::system() }
    }

    fn denied(action: &'static str, target: u128) -> Act {
        let mut act = Act::done(action).on("dataset", Uuid::from_u128(target), "");
        act.outcome = Outcome::Denied;
        act
    }

    fn second(second: i64) -> Time {
        Time::from_millis(second * 1_000)
    }

    fn counted(act: &Act) -> u64 {
        act.ext["counted"].as_u64().unwrap()
    }

    #[test]
    fn the_first_are_whole_and_a_flood_is_one_record_a_minute() {
        let mut tally = Tally::default();
        let whole =
            (0..1_000).filter(|n| tally.is_whole(&actor(1), &denied("user:read", *n), second(0)));
        assert_eq!(whole.count(), NOTED_WHOLE_MAX as usize);
        assert!(
            tally.is_whole(&actor(2), &denied("user:read", 1), second(0)),
            "another's are theirs"
        );
        assert!(tally.due(second(COUNTED_FOR_S - 1), false).is_empty());
        let due = tally.due(second(COUNTED_FOR_S), false);
        assert_eq!(due.len(), 1);
        let (who, act) = &due[0];
        assert_eq!((who.id, act.action, act.outcome), (actor(1).id, "user:read", Outcome::Denied));
        assert_eq!(counted(act), 980);
        assert_eq!(act.ext["targets"].as_array().unwrap().len(), COUNTED_TARGETS_MAX);
        assert_eq!(act.ext["moreTargets"], true);
        assert!(tally.due(second(1_000), true).is_empty());
    }

    #[test]
    fn kinds_beyond_the_bound_share_one_count() {
        let mut tally = Tally::default();
        let who = COUNTED_KINDS_MAX as u128 + 50;
        for number in 0..who {
            for _ in 0..=NOTED_WHOLE_MAX {
                tally.is_whole(&actor(number), &denied("user:read", 1), second(0));
            }
        }
        let due = tally.due(second(1), true);
        assert_eq!(due.len(), COUNTED_KINDS_MAX + 1);
        let (system, crowd) = due.last().unwrap();
        assert_eq!((system.id, crowd.action, counted(crowd)), (None, CROWD, 50));
    }

    #[test]
    fn a_clock_that_goes_back_holds_no_count_back() {
        let mut tally = Tally::default();
        for _ in 0..=NOTED_WHOLE_MAX {
            tally.is_whole(&actor(1), &denied("user:read", 1), second(86_400));
        }
        assert_eq!(tally.due(second(0), false).len(), 1);
        assert!(!tally.is_whole(&actor(1), &denied("user:read", 1), second(0)));
        let later = second(NOTED_WHOLE_EVERY_S);
        assert!(tally.is_whole(&actor(1), &denied("user:read", 1), later), "no day of counting");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_pace_gets_more_records(
            asked in prop::collection::vec((0..3_u128, 0..2_usize, 0..4_u128, 0..20_i64), 1..400),
        ) {
            const ACTIONS: [&str; 2] = ["user:read", "dataset:read"];
            let mut tally = Tally::default();
            let mut now = 0;
            // By whom and what: how often in all, whole, counted.
            let mut oracle: BTreeMap<(Option<Uuid>, &str), (u64, u64, u64)> = BTreeMap::new();
            let mut told = Vec::new();
            for (who, what, target, step) in asked {
                now += step;
                told.extend(tally.due(second(now), false));
                let (who, act) = (actor(who), denied(ACTIONS[what], target));
                let seen = oracle.entry((who.id, act.action)).or_default();
                seen.0 += 1;
                seen.1 += u64::from(tally.is_whole(&who, &act, second(now)));
            }
            let minutes = u64::try_from(now / COUNTED_FOR_S).unwrap() + 1;
            told.extend(tally.due(second(now), true));
            prop_assert!(told.len() as u64 <= minutes * oracle.len() as u64);
            for (who, act) in told {
                oracle.get_mut(&(who.id, act.action)).unwrap().2 += counted(&act);
            }
            let paced = u64::from(NOTED_WHOLE_MAX)
                + u64::try_from(now / NOTED_WHOLE_EVERY_S).unwrap();
            for (all, whole, counted) in oracle.into_values() {
                prop_assert_eq!(whole + counted, all);
                prop_assert!(whole <= paced && whole >= all.min(NOTED_WHOLE_MAX.into()));
            }
        }
    }
}
