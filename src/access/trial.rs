//! The judge against a second opinion: a naive reading of the rules, over random sets, principals,
//! resources and circumstances. Tests only.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::policy::{ANONYMOUS, EVERYONE, covers_domain};
use super::selector::View;
use super::selector::tests::selectors;
use super::*;
use crate::base::Time;

const ROLES: [&str; 6] = ["a", "b", "c", "d", EVERYONE, ANONYMOUS];
const ACTS: [&str; 6] =
    ["*", "dataset:*", "dataset:read", "job:read", "dataset:read|job:*", "event:ingest"];
const DOMAINS: [&str; 4] = ["*", "a/*", "a", "b/*"];
const CONDITIONS: [&str; 7] = [
    "*",
    "purpose:pii.*",
    "!purpose:*",
    "auth:mfa | auth:password",
    "time:Mon-Fri 08:00-18:00 UTC",
    "before:2026-11-20T12:00:00Z",
    "after:2026-11-20T12:00:00Z & purpose:*",
];
const DUTIES: [&str; 4] = ["", "redact_sql", "mask:class:pii; redact_sql", "require_purpose"];

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(texts)
}

fn rule() -> impl Strategy<Value = Rule> {
    let fields = (one_of(&ROLES), one_of(&DOMAINS), one_of(&ACTS), selectors());
    let ends = (one_of(&CONDITIONS), prop::bool::weighted(0.2), one_of(&DUTIES));
    (fields, ends).prop_map(|((role, domain, acts, selector), (condition, deny, duty))| Rule {
        id: "".into(),
        role: role.into(),
        domain: domain.parse().unwrap(),
        actions: acts.parse().unwrap(),
        selector,
        condition: condition.parse().unwrap(),
        effect: if deny { Effect::Deny } else { Effect::Allow },
        obligations: obligation::read_obligations(if deny { "" } else { duty }).unwrap(),
    })
}

fn set() -> impl Strategy<Value = PolicySet> {
    let grant =
        (one_of(&["user:ann", "group:g", "user:bob"]), one_of(&ROLES[..4]), one_of(&DOMAINS));
    let grant = grant.prop_map(|(subject, role, domain)| Grant {
        subject: subject.into(),
        role: role.into(),
        domain: domain.parse().unwrap(),
    });
    // Parents come later in the alphabet, so that there is no circle.
    let parent = (0..3_usize, 1..3_usize).prop_map(|(at, step)| Parent {
        role: ROLES[at].into(),
        inherits: ROLES[(at + step).min(3)].into(),
    });
    let rules = prop::collection::vec(rule(), 0..14);
    let grants = prop::collection::vec(grant, 0..5);
    (rules, grants, prop::collection::vec(parent, 0..3)).prop_map(|(mut rules, grants, parents)| {
        for (at, rule) in rules.iter_mut().enumerate() {
            rule.id = format!("r{at}").into();
        }
        let parents = parents.into_iter().filter(|parent| parent.role != parent.inherits).collect();
        PolicySet { version: 1, rules, grants, parents }
    })
}

fn principal() -> impl Strategy<Value = Principal> {
    let auth = prop::sample::select(vec![AuthMethod::Token, AuthMethod::Password, AuthMethod::Mfa]);
    let scopes = prop::option::weighted(0.2, one_of(&ACTS));
    let bound = prop::option::weighted(0.2, one_of(&DOMAINS));
    let given = prop::option::weighted(0.4, (one_of(&ROLES), one_of(&DOMAINS)));
    let parts = (0..3_u8, auth, any::<bool>(), scopes, bound, given);
    parts.prop_map(|(who, auth, grouped, scopes, bound, given)| {
        let mut principal = match who {
            0 => Principal::new(Uuid::nil(), PrincipalKind::User, "ann", auth),
            1 => Principal::new(Uuid::nil(), PrincipalKind::User, "nobody", auth),
            _ => Principal::anonymous(),
        };
        principal.groups = if grouped && who < 2 { vec!["g".into()] } else { vec![] };
        let given = given.map(|(role, domain)| (role.to_owned(), domain.parse().unwrap()));
        principal.roles = given.into_iter().collect();
        principal.scopes = scopes.map(|scopes| scopes.parse().unwrap());
        principal.namespaces = bound.map(|bound| vec![bound.parse().unwrap()]);
        principal
    })
}

fn class() -> impl Strategy<Value = AccessClass> {
    let names = || prop::option::of(one_of(&["a", "a/x", "b/x", "pii"]));
    let owner = prop::option::of(one_of(&["user:ann", "team:g", "a"]));
    let kind = prop::sample::select(vec![Kind::Dataset, Kind::Job]);
    let unreadable = prop::bool::weighted(0.1);
    let lists = (names(), prop::option::of(one_of(&["pii", "pii.mail", "a"])), names());
    (kind, names(), names(), lists, (owner, unreadable)).prop_map(
        |(kind, ns, domain, (tag, more, class), (owner, unreadable))| {
            let mut resource = Resource::new(kind);
            resource.namespace = ns.map(str::to_owned);
            resource.domain = domain.map(str::to_owned);
            resource.tags = tag.into_iter().chain(more).map(str::to_owned).collect();
            resource.classes = class.into_iter().map(str::to_owned).collect();
            resource.owners = owner.into_iter().map(str::to_owned).collect();
            resource.unreadable = unreadable;
            resource.access_class()
        },
    )
}

fn several() -> impl Strategy<Value = AccessClass> {
    let names = prop::collection::vec(class(), 1..4);
    let class = names.prop_map(|names| {
        let kind = names.first().map_or(Kind::Dataset, AccessClass::kind);
        AccessClass::of_names(names.iter().map(|name| Resource { kind, ..name.resource().clone() }))
    });
    class.prop_filter_map("there is a name", |class| class)
}

fn context() -> impl Strategy<Value = Context> {
    let hour = 0..(14 * 24_i64);
    let start = Time::parse("2026-11-14T00:30:00Z").unwrap();
    (hour, prop::option::of(one_of(&["pii", "pii.x", "other"]))).prop_map(move |(hour, purpose)| {
        let now = start.plus_micros(hour * 3_600_000_000);
        Context { now, purpose: purpose.map(str::to_owned) }
    })
}

/// Reads the rules for each name: allowed if of all, and the rules that allow any.
fn naive(
    set: &PolicySet,
    who: &Principal,
    act: Action,
    class: &AccessClass,
    context: &Context,
) -> (bool, BTreeSet<String>) {
    let of_each: Vec<_> =
        class.names().iter().map(|name| of_one(set, who, act, name.resource(), context)).collect();
    let allow = of_each.iter().all(|(allow, _)| *allow);
    (allow, of_each.into_iter().flat_map(|(_, rules)| rules).collect())
}

/// What the rules say, read one after the other: allowed or not, and the rules that allow.
fn of_one(
    set: &PolicySet,
    who: &Principal,
    act: Action,
    resource: &Resource,
    context: &Context,
) -> (bool, BTreeSet<String>) {
    let refused = (false, BTreeSet::new());
    if who.scopes.as_ref().is_some_and(|scopes| !scopes.contains(act)) {
        return refused;
    }
    // Datasets and jobs in no namespace lie outside of all that somebody is bound to.
    let all = who.namespaces.iter().flatten().any(Pattern::is_any);
    let elsewhere = resource.namespace.is_none() || !who.is_bound_to(resource);
    if who.namespaces.is_some() && !all && elsewhere {
        return refused;
    }
    let holds = |role: &str, effect: Effect| -> bool {
        let reaches = |from: &str| PolicySet::closure(&set.inherited(), from).contains(role);
        if who.kind == PrincipalKind::Anonymous {
            return reaches(ANONYMOUS);
        }
        let is_subject = |subject: &str| {
            subject == who.reference() || who.groups.iter().any(|g| subject == format!("group:{g}"))
        };
        reaches(EVERYONE)
            || set.grants.iter().any(|grant| {
                is_subject(&grant.subject)
                    && covers_domain(&grant.domain, resource, effect)
                    && reaches(&grant.role)
            })
            || who.roles.iter().any(|(given, domain)| {
                ![EVERYONE, ANONYMOUS].contains(&given.as_str())
                    && covers_domain(domain, resource, effect)
                    && reaches(given)
            })
    };
    let view = View { resource, own: who.owns(resource), bound: who.is_bound_to(resource) };
    let matching: Vec<&Rule> = set
        .rules
        .iter()
        .filter(|rule| {
            holds(&rule.role, rule.effect)
                && rule.actions.contains(act)
                && covers_domain(&rule.domain, resource, rule.effect)
                && rule.selector.covers(view, rule.effect)
                && rule.condition.met(context, who.auth)
        })
        .collect();
    let denied = matching.iter().any(|rule| rule.effect == Effect::Deny);
    let purposeful = |rule: &&Rule| !rule.obligations.contains(&Obligation::RequirePurpose);
    let stated = context.purpose.is_some() || matching.iter().any(purposeful);
    let allow = !denied && !matching.is_empty() && stated;
    (allow, matching.iter().map(|rule| rule.id.to_string()).collect())
}

proptest! {
    #[test]
    fn the_judge_decides_as_a_naive_reading_of_the_rules_does(
        set in set(),
        people in prop::collection::vec(principal(), 1..3),
        classes in prop::collection::vec(several(), 1..5),
        contexts in prop::collection::vec(context(), 1..5),
    ) {
        let judge = Judge::new(set.clone()).unwrap();
        let splitting = Judge::new(set.clone()).unwrap().splitting_over(2);
        for who in &people {
            // One standing for all, so that what it and the judge remember is compared as well.
            let (standing, split) = (judge.standing(who), splitting.standing(who));
            for (class, context) in classes.iter().flat_map(|c| contexts.iter().map(move |x| (c, x))) {
                for act in [Action::DatasetRead, Action::JobRead, Action::EventIngest] {
                    let decision = judge.decide(&standing, act, class, context);
                    let same = splitting.decide(&split, act, class, context);
                    prop_assert_eq!(&decision, &same);
                    let (allow, matching) = naive(&set, who, act, class, context);
                    prop_assert!(!decision.is_alarm(), "{:?}", decision);
                    prop_assert_eq!(decision.allow, allow, "{} {:?}", act, decision);
                    let named: BTreeSet<_> =
                        decision.rules.iter().map(ToString::to_string).collect();
                    prop_assert!(named.is_subset(&matching));
                    prop_assert!(!allow || named == matching);
                }
            }
        }
    }

    #[test]
    fn what_the_rules_cannot_tell_apart_changes_no_decision(
        set in set(), who in principal(), class in several(), context in context(),
    ) {
        let judge = Judge::new(set).unwrap();
        let own = class.names().iter().any(|name| who.owns(name.resource()));
        let seen = [
            judge.telling().project(&class, Some(&who)),
            judge.telling().project(&class, Some(&who).filter(|_| own)),
        ];
        for (act, seen) in Action::ALL.iter().flat_map(|act| seen.iter().map(move |c| (act, c))) {
            // Of several names another may be the first that is denied.
            let told = |class: &AccessClass| {
                let decision = judge.decide_for(&who, *act, class, &context);
                let rules: BTreeSet<_> = decision.rules.iter().cloned().collect();
                let duties = (decision.obligations.redact_sql, decision.obligations.mask.is_some());
                decision.allow.then_some((rules, duties))
            };
            prop_assert_eq!(told(&class), told(seen));
        }
    }

    #[test]
    fn a_token_never_widens_what_its_principal_may_do(
        set in set(), who in principal(), class in class(), context in context(),
    ) {
        let judge = Judge::new(set).unwrap();
        let free = Principal { scopes: None, ..who.clone() };
        for act in Action::ALL {
            let narrowed = judge.decide_for(&who, *act, &class, &context).allow;
            prop_assert!(!narrowed || judge.decide_for(&free, *act, &class, &context).allow);
        }
    }
}

#[test]
fn what_cannot_be_read_may_be_in_any_domain() {
    let csv = "\
p, see, viewer, *, dataset:read, *, *, allow
p, care, carer, *, dataset:read, *, *, allow
p, keep, barred, *, dataset:read, *, *, deny
p, far, viewer, north/*, dataset:read, ns:cold, *, deny
p, near, guest, south/*, dataset:read, *, *, allow";
    let judge = Judge::new(PolicySet::from_csv(1, csv).unwrap()).unwrap();
    let cases = [
        // Roles, namespace; whether allowed if readable in domain south, and if unreadable there.
        (&[("viewer", "*")][..], "warm", true, true),
        (&[("viewer", "*")], "cold", true, false),
        (&[("viewer", "*"), ("barred", "north/*")], "warm", true, false),
        (&[("carer", "south")], "warm", true, false),
        (&[("guest", "*")], "warm", true, false),
    ];
    for (roles, namespace, readable, unreadable) in cases {
        let id = Uuid::nil();
        let mut who = Principal::new(id, PrincipalKind::User, "ann", AuthMethod::Password);
        who.roles =
            roles.iter().map(|(role, at)| ((*role).to_owned(), at.parse().unwrap())).collect();
        let mut what = Resource::new(Kind::Dataset).in_namespace(namespace).in_domain("south");
        let now = Context::at(Time::from_micros(1));
        let standing = judge.standing(&who);
        let mut may = |told: bool| {
            what.unreadable = !told;
            judge.decide(&standing, Action::DatasetRead, &what.clone().access_class(), &now).allow
        };
        assert_eq!((may(true), may(false)), (readable, unreadable), "{roles:?} {namespace}");
    }
}
