//! The one point of decision: may this principal do this to that, now?
//!
//! casbin is the only judge. What stands here makes it quick and safe: roles are resolved first, so
//! that an enforcer holds the rules of the roles in question and no others; a token's limits
//! narrow before any rule is asked; decisions are remembered by all that they depend on. Any error
//! is a deny. A judge belongs to one set of rules and never changes: a new set needs a new judge.
//!
//! No clock, database or network is touched; the moment comes with the [`Context`].

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use casbin::DefaultModel;
use lru::LruCache;

use super::action::Action;
use super::bench::{Bench, BenchError, Verdict, model};
use super::condition::Context;
use super::decision::{Decision, Reason};
use super::effect::Effect;
use super::limits::{BENCHES_MAX, SPLIT_RULES, STANDING_DOMAINS_MAX};
use super::matchers::{Ask, Book};
use super::memory::{Key, Memory};
use super::narrow;
use super::obligation::Obligations;
use super::policy::{Fault, PolicySet, Rule};
use super::principal::Principal;
use super::reach::Reach;
use super::resource::{AccessClass, Resource};
use super::roles::{Held, RoleId, Roles, Seated};
use super::telling::Telling;

/// A set of roles, and the act if its rules are split by act.
type BenchKey = (Seated, Option<Action>);

/// Decides by one set of rules. Shared by reference between threads.
pub struct Judge {
    set: Arc<PolicySet>,
    pub(super) roles: Roles,
    book: Arc<Book>,
    telling: Arc<Telling>,
    rules_of: HashMap<String, Vec<Arc<Rule>>>,
    model: DefaultModel,
    benches: Mutex<LruCache<BenchKey, Arc<Bench>>>,
    /// Role sets with more rules than this have a bench for each act.
    split_over: usize,
    benches_built: AtomicU64,
    memory: Memory,
    /// Tells this judge from every other while both live.
    seal: Arc<()>,
}

/// A principal before a judge, its roles resolved. Make one a request (or a session) and ask as
/// often as needed.
pub struct Standing {
    principal: Principal,
    pub(super) held: Held,
    seats: Mutex<HashMap<Stead, Seat>>,
    seal: Arc<()>,
}

/// What of a resource tells which roles are held for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Stead {
    /// Its domain, or that it is in none.
    Domain(Option<String>),
    /// That it cannot be read: it may be in any domain.
    Unreadable,
}

/// Where the roles that are held for a domain are decided about.
#[derive(Clone)]
enum Seat {
    /// At one bench.
    Whole(Arc<Bench>),
    /// At a bench for each act, because casbin scans all rules of a bench.
    Split(Arc<Seated>),
}

impl Standing {
    /// Returns who stands there.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }
}

impl Judge {
    /// Makes the judge of a set of rules.
    ///
    /// # Errors
    ///
    /// The faults of the set ([`PolicySet::faults`]).
    pub fn new(set: PolicySet) -> Result<Self, Vec<Fault>> {
        let faults = set.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let book = Arc::new(Book::of(&set));
        let mut rules_of: HashMap<String, Vec<Arc<Rule>>> = HashMap::new();
        for rule in set.rules.iter().filter_map(|rule| book.rules.get(&*rule.id)) {
            rules_of.entry(rule.role.clone()).or_default().push(Arc::clone(rule));
        }
        let benches_max = NonZeroUsize::new(BENCHES_MAX).unwrap_or(NonZeroUsize::MIN);
        Ok(Self {
            roles: Roles::of(&set),
            book,
            telling: Arc::new(Telling::of(&set)),
            rules_of,
            model: model().map_err(|error| vec![Fault::whole(error.to_string())])?,
            benches: Mutex::new(LruCache::new(benches_max)),
            split_over: SPLIT_RULES,
            benches_built: AtomicU64::new(0),
            memory: Memory::new(),
            seal: Arc::new(()),
            set: Arc::new(set),
        })
    }

    /// Returns the set of rules.
    #[must_use]
    pub fn policy(&self) -> &PolicySet {
        &self.set
    }

    /// Returns what its rules can tell apart.
    #[must_use]
    pub fn telling(&self) -> &Arc<Telling> {
        &self.telling
    }

    /// Resolves a principal's roles.
    #[must_use]
    pub fn standing(&self, principal: &Principal) -> Standing {
        Standing {
            held: self.roles.held_by(principal),
            principal: principal.clone(),
            seats: Mutex::default(),
            seal: Arc::clone(&self.seal),
        }
    }

    /// Decides once, for a principal that has no standing yet.
    #[must_use]
    pub fn decide_for(
        &self,
        principal: &Principal,
        action: Action,
        class: &AccessClass,
        context: &Context,
    ) -> Arc<Decision> {
        self.decide(&self.standing(principal), action, class, context)
    }

    /// Decides whether the principal may do that to a resource of that class.
    ///
    /// A standing before another judge (of rules that are no longer in force, say) is resolved
    /// anew, so that a revoked role is never acted upon. The act's kind and the resource's may
    /// differ: `lineage:read` is asked of datasets. Something with several names is decided on by
    /// each: a deny of any counts, and what any allow asks for is asked.
    #[must_use]
    pub fn decide(
        &self,
        standing: &Standing,
        action: Action,
        class: &AccessClass,
        context: &Context,
    ) -> Arc<Decision> {
        if !Arc::ptr_eq(&standing.seal, &self.seal) {
            return self.decide_for(&standing.principal, action, class, context);
        }
        match class.names() {
            [one] => self.decide_name(standing, action, one, context),
            several => {
                united(several.iter().map(|name| self.decide_name(standing, action, name, context)))
            }
        }
    }

    /// Decides about something with one name.
    fn decide_name(
        &self,
        standing: &Standing,
        action: Action,
        class: &AccessClass,
        context: &Context,
    ) -> Arc<Decision> {
        let denied = |reason| Arc::new(Decision::denied(reason, self.set.version));
        if let Some(reason) = narrow::limit(&standing.principal, action, class.resource()) {
            return denied(reason);
        }
        match self.bench(standing, class, action) {
            Ok(bench) => self.decide_at(&bench, standing, action, class, context),
            Err(error) => denied(Reason::Failure(error.to_string())),
        }
    }

    /// Returns to what the rules of the principal's roles could allow the act at most: if to
    /// nothing, there is nothing to list. Denies and conditions are not looked at.
    #[must_use]
    pub fn reach(&self, standing: &Standing, action: Action) -> Reach {
        let most = narrow::reach(&standing.principal, action);
        if most == Reach::Nothing { most } else { self.reach_of_rules(standing, action).min(most) }
    }

    /// Says why [`Judge::reach`] is to nothing: how the principal is narrowed is a reason only where
    /// its roles reach something. Who lacks the role would else widen the narrowing in vain.
    #[must_use]
    pub fn denial_of_all(&self, standing: &Standing, action: Action) -> Arc<Decision> {
        let limit = narrow::limit(&standing.principal, action, &Resource::new(action.kind()));
        let reached = self.reach_of_rules(standing, action) > Reach::Nothing;
        let reason = limit.filter(|_| reached).unwrap_or(Reason::NoRule);
        Arc::new(Decision::denied(reason, self.set.version))
    }

    /// Returns to what the rules of the principal's roles could allow the act at most, however it
    /// is narrowed.
    fn reach_of_rules(&self, standing: &Standing, action: Action) -> Reach {
        let held = match Arc::ptr_eq(&standing.seal, &self.seal) {
            true => standing.held.all_roles(),
            false => self.roles.held_by(&standing.principal).all_roles(),
        };
        let names = held.into_iter().filter_map(|role| self.roles.name(role));
        let rules = names.filter_map(|name| self.rules_of.get(name)).flatten();
        let allows =
            |rule: &&Arc<Rule>| rule.effect == Effect::Allow && rule.actions.contains(action);
        let reach =
            |rule: &Arc<Rule>| if rule.selector.is_of_own() { Reach::Own } else { Reach::Others };
        rules.into_iter().filter(allows).map(reach).max().unwrap_or(Reach::Nothing)
    }

    fn decide_at(
        &self,
        bench: &Bench,
        standing: &Standing,
        action: Action,
        class: &AccessClass,
        context: &Context,
    ) -> Arc<Decision> {
        let principal = &standing.principal;
        let own = principal.owns(class.resource());
        let bound = principal.is_bound_to(class.resource());
        let seen_purpose = context.purpose.as_deref().filter(|_| bench.sees_purpose);
        let key = Key {
            bench: bench.id,
            class: class.digest(),
            action,
            auth: principal.auth,
            own,
            bound,
            purposeful: context.purpose.is_some(),
            purpose: seen_purpose.map(Box::from),
        };
        if let Some(decision) = self.memory.recall(&key, context.now) {
            return decision;
        }
        let ask = Ask::new(&self.book, action, class, (own, bound), principal.auth, context);
        match bench.ask(ask) {
            Ok(verdict) => {
                let decision = Arc::new(self.decision(verdict, context));
                self.memory.keep(key, &decision, bench.holding(context.now));
                decision
            }
            Err(error) => {
                let reason = Reason::Failure(error.to_string());
                Arc::new(Decision::denied(reason, self.set.version))
            }
        }
    }

    fn decision(&self, verdict: Verdict, context: &Context) -> Decision {
        let Verdict { allow, rules } = verdict;
        let ids = rules.iter().map(|rule| Arc::clone(&rule.id)).collect();
        if !allow {
            let reason = if rules.is_empty() { Reason::NoRule } else { Reason::Rules };
            return Decision { rules: ids, ..Decision::denied(reason, self.set.version) };
        }
        let obligations = Obligations::of_all(rules.iter().map(|rule| rule.obligations.as_slice()));
        if obligations.require_purpose && context.purpose.is_none() {
            let denied = Decision::denied(Reason::Purpose, self.set.version);
            return Decision { rules: ids, obligations, ..denied };
        }
        let (reason, policy_version) = (Reason::Rules, self.set.version);
        Decision { allow, reason, rules: ids, policy_version, obligations }
    }

    /// Finds or builds the bench of the roles that are held for the class's domain.
    fn bench(
        &self,
        standing: &Standing,
        class: &AccessClass,
        action: Action,
    ) -> Result<Arc<Bench>, BenchError> {
        let resource = class.resource();
        let stead = match standing.held.depends_on_domain() {
            true if resource.unreadable => Stead::Unreadable,
            true => Stead::Domain(resource.domain.clone()),
            false => Stead::Domain(None),
        };
        let locked = || standing.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let known = locked().get(&stead).cloned();
        let seat = match known {
            Some(seat) => seat,
            None => {
                let seat = self.seat(standing.held.roles_for(resource))?;
                let mut known = locked();
                if known.len() >= STANDING_DOMAINS_MAX {
                    known.clear();
                }
                known.insert(stead, seat.clone());
                seat
            }
        };
        match seat {
            Seat::Whole(bench) => Ok(bench),
            Seat::Split(roles) => self.bench_of(&roles, Some(action)),
        }
    }

    fn seat(&self, roles: Seated) -> Result<Seat, BenchError> {
        match self.rules_of(&roles).take(self.split_over.saturating_add(1)).count() {
            many if many > self.split_over => Ok(Seat::Split(roles.into())),
            _ => self.bench_of(&roles, None).map(Seat::Whole),
        }
    }

    fn rules_of<'a>(&'a self, roles: &'a Seated) -> impl Iterator<Item = &'a Arc<Rule>> {
        let of = |roles: &'a [RoleId]| {
            let names = roles.iter().filter_map(|role| self.roles.name(*role));
            names.filter_map(|name| self.rules_of.get(name)).flatten()
        };
        let denies = |rule: &&'a Arc<Rule>| rule.effect == Effect::Deny;
        of(&roles.full).chain(of(&roles.denying).filter(denies))
    }

    /// Finds or builds the bench of some roles: with all their rules, or those about an act.
    fn bench_of(&self, roles: &Seated, action: Option<Action>) -> Result<Arc<Bench>, BenchError> {
        let key = (roles.clone(), action);
        let locked = || self.benches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bench) = locked().get(&key) {
            return Ok(Arc::clone(bench));
        }
        let about = |rule: &&Arc<Rule>| action.is_none_or(|action| rule.actions.contains(action));
        let rules = self.rules_of(roles).filter(about).cloned().collect();
        let id = self.benches_built.fetch_add(1, Ordering::Relaxed);
        let bench = Arc::new(Bench::build(id, rules, &self.model)?);
        locked().put(key, Arc::clone(&bench));
        Ok(bench)
    }

    /// Lets role sets with more rules than this have a bench for each act.
    #[cfg(test)]
    pub(super) fn splitting_over(self, rules: usize) -> Self {
        Self { split_over: rules, ..self }
    }
}

/// Joins the decisions about all names of one thing: the first deny, or an allow that asks for
/// all that any of them asks for.
fn united(decisions: impl Iterator<Item = Arc<Decision>>) -> Arc<Decision> {
    let mut all: Option<Decision> = None;
    for decision in decisions {
        if !decision.allow {
            return decision;
        }
        let Some(all) = &mut all else {
            all = Some(Decision::clone(&decision));
            continue;
        };
        all.obligations.unite(&decision.obligations);
        let more = decision.rules.iter().filter(|rule| !all.rules.contains(rule)).cloned();
        all.rules.extend(more.collect::<Vec<_>>());
    }
    // There is no class without a name.
    Arc::new(all.unwrap_or_else(|| Decision::denied(Reason::NoRule, 0)))
}

impl fmt::Debug for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judge").field("policy_version", &self.set.version).finish_non_exhaustive()
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Standing").field("principal", &self.principal).finish_non_exhaustive()
    }
}
