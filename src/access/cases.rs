//! Policy cases: examples of what a set of rules must say, kept as files and run before activation.
//!
//! ```text
//! principal, action, resource, context, expected
//! user:ann role:viewer, dataset:read, dataset ns:sales class:user.email, , allow mask:class:*
//! ```
//!
//! Words are separated by spaces.
//! * principal: `user:NAME`, `service:NAME`, `system:NAME` or `anonymous`, then any of `role:ROLE`,
//!   `role:ROLE@DOMAIN`, `group:NAME`, `auth:METHOD` (password if left out), `scope:ACTS`, `ns:PATTERN`
//! * resource: its kind, then any of `ns:`, `domain:`, `tag:`, `class:` (or `tag:class:`), `owner:`,
//!   `unreadable` (of what tells its tags, classes and owners, some cannot be read)
//! * context: any of `purpose:WORD`, `now:TIME` (a Monday noon if left out)
//! * expected: `deny`, `allow`, or `allow` and exactly the obligations, joined by `;`

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::action::Action;
use super::condition::Context;
use super::csv::records;
use super::explain::Explanation;
use super::judge::Judge;
use super::limits::CASES_MAX;
use super::obligation::{Obligations, read_obligations};
use super::pattern::Pattern;
use super::policy::{Fault, Grant, PolicySet, bounded};
use super::principal::{AuthMethod, Principal, PrincipalKind};
use super::resource::{AccessClass, Resource};
use crate::base::Time;

/// Monday, 5 January 2026, noon UTC.
const CASE_NOW_MILLIS: i64 = 1_767_614_400_000;

/// The cases that Lethe ships, by file.
pub const SHIPPED_CASES: &[(&str, &str)] = &[
    ("catalog.csv", include_str!("../../policies/cases/catalog.csv")),
    ("people.csv", include_str!("../../policies/cases/people.csv")),
    ("privacy.csv", include_str!("../../policies/cases/privacy.csv")),
];

/// One example.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its line in its file.
    pub line: usize,
    principal: Principal,
    grants: Vec<Grant>,
    action: Action,
    class: AccessClass,
    context: Context,
    expected: Expected,
}

/// What must come out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// A deny, for whatever reason but a failure.
    Deny,
    /// An allow with exactly these obligations.
    Allow(Obligations),
}

/// A case that came out otherwise.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The case's line.
    pub line: usize,
    /// What was expected.
    pub expected: Expected,
    /// What came out, and why.
    pub got: Explanation,
}

/// Reads a file of cases.
///
/// # Errors
///
/// Every fault, with its line.
pub fn read_cases(text: &str) -> Result<Vec<Case>, Vec<Fault>> {
    let header = |fields: &Result<Vec<String>, String>| {
        fields.as_ref().is_ok_and(|fields| fields.first().is_some_and(|first| first == "principal"))
    };
    let (mut cases, mut faults) = (vec![], vec![]);
    for (line, fields) in records(text).filter(|(_, fields)| !header(fields)) {
        match fields.and_then(|fields| read_case(line, &fields)) {
            Ok(case) => cases.push(case),
            Err(what) => faults.push(Fault { line, what }),
        }
    }
    if cases.len() > CASES_MAX {
        faults.push(Fault::whole(format!("more than {CASES_MAX} cases")));
    }
    if faults.is_empty() { Ok(cases) } else { Err(bounded(faults)) }
}

/// Runs cases on a set of rules and returns those that came out otherwise. The roles that a
/// case names are given for it alone; the set's own grants also hold.
///
/// # Errors
///
/// The faults of the set.
pub fn run_cases(set: &PolicySet, cases: &[Case]) -> Result<Vec<Failure>, Vec<Fault>> {
    let mut set = set.clone();
    set.grants.extend(cases.iter().flat_map(|case| case.grants.iter().cloned()));
    set.grants.sort_unstable();
    set.grants.dedup();
    let judge = Judge::new(set)?;
    Ok(cases.iter().filter_map(|case| case.run(&judge)).collect())
}

impl Case {
    fn run(&self, judge: &Judge) -> Option<Failure> {
        let Self { principal, action, class, context, .. } = self;
        let got = judge.explain(principal, *action, class, context);
        let as_expected = !got.decision.is_alarm()
            && match &self.expected {
                Expected::Deny => !got.decision.allow,
                Expected::Allow(duties) => {
                    got.decision.allow && got.decision.obligations == *duties
                }
            };
        let failure = || Failure { line: self.line, expected: self.expected.clone(), got };
        (!as_expected).then(failure)
    }
}

fn read_case(line: usize, fields: &[String]) -> Result<Case, String> {
    let [principal, action, resource, context, expected] = fields else {
        return Err(format!("a case has 5 fields, not {}", fields.len()));
    };
    let (principal, grants) = read_principal(principal)?;
    Ok(Case {
        line,
        principal,
        grants,
        action: action.parse()?,
        class: read_resource(resource)?.access_class(),
        context: read_context(context)?,
        expected: read_expected(expected)?,
    })
}

fn read_principal(text: &str) -> Result<(Principal, Vec<Grant>), String> {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let (kind, name) = match first.split_once(':') {
        Some(("user", name)) => (PrincipalKind::User, name),
        Some(("service", name)) => (PrincipalKind::Service, name),
        Some(("system", name)) => (PrincipalKind::System, name),
        None if first == "anonymous" => (PrincipalKind::Anonymous, ""),
        _ => return Err(format!("`{first}` is no principal")),
    };
    let mut principal = Principal::new(Uuid::nil(), kind, name, AuthMethod::Password);
    let mut grants = vec![];
    for word in words {
        match word.split_once(':') {
            Some(("group", group)) => principal.groups.push(group.to_owned()),
            Some(("auth", method)) => principal.auth = method.parse()?,
            Some(("scope", acts)) => principal.scopes = Some(acts.parse()?),
            Some(("ns", pattern)) => {
                principal.namespaces.get_or_insert_default().push(pattern.parse()?);
            }
            Some(("role", role)) => {
                // A group of its own holds the role, so that cases do not lend each other roles.
                let group = format!("case/{role}");
                let (role, domain) = role.split_once('@').unwrap_or((role, "*"));
                let (role, domain) = (role.to_owned(), domain.parse::<Pattern>()?);
                grants.push(Grant { subject: format!("group:{group}"), role, domain });
                principal.groups.push(group);
            }
            _ => return Err(format!("`{word}` says nothing about a principal")),
        }
    }
    Ok((principal, grants))
}

fn read_resource(text: &str) -> Result<Resource, String> {
    let mut words = text.split_whitespace();
    let mut resource = Resource::new(words.next().unwrap_or_default().parse()?);
    for word in words {
        resource = match word.split_once(':') {
            Some(("ns", namespace)) => resource.in_namespace(namespace),
            Some(("domain", domain)) => resource.in_domain(domain),
            Some(("tag", tag)) => resource.tagged_in_words(tag),
            Some(("class", class)) => resource.classed(class),
            Some(("owner", owner)) => resource.owned_by(owner),
            None if word == "unreadable" => Resource { unreadable: true, ..resource },
            _ => return Err(format!("`{word}` says nothing about a resource")),
        };
    }
    Ok(resource)
}

fn read_context(text: &str) -> Result<Context, String> {
    let mut context = Context::at(Time::from_millis(CASE_NOW_MILLIS));
    for word in text.split_whitespace() {
        match word.split_once(':') {
            Some(("purpose", purpose)) => context.purpose = Some(purpose.to_owned()),
            Some(("now", now)) => {
                context.now = Time::parse(now).ok_or_else(|| format!("`{now}` is no time"))?;
            }
            _ => return Err(format!("`{word}` says nothing about circumstances")),
        }
    }
    Ok(context)
}

fn read_expected(text: &str) -> Result<Expected, String> {
    match text.split_once(char::is_whitespace).unwrap_or((text, "")) {
        ("deny", "") => Ok(Expected::Deny),
        ("allow", duties) => {
            let duties = read_obligations(duties)?;
            Ok(Expected::Allow(Obligations::of_all(std::iter::once(duties.as_slice()))))
        }
        _ => Err(format!("`{text}` is nothing to expect: deny, or allow and obligations")),
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deny => f.write_str("deny"),
            Self::Allow(duties) if duties.is_empty() => f.write_str("allow"),
            Self::Allow(duties) => write!(f, "allow {duties}"),
        }
    }
}

impl Failure {
    /// Returns what would have had to be expected.
    #[must_use]
    pub fn came_out(&self) -> Expected {
        match self.got.decision.allow {
            true => Expected::Allow(self.got.decision.obligations.clone()),
            false => Expected::Deny,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Explanation { decision, roles, nearest } = &self.got;
        let got = self.came_out();
        let rules: Vec<&str> = decision.rules.iter().map(Arc::as_ref).collect();
        write!(f, "line {}: expected {}, got {got}", self.line, self.expected)?;
        write!(f, " ({:?}; rules: {}", decision.reason, rules.join(", "))?;
        write!(f, "; roles: {}", roles.join(", "))?;
        if let Some(nearest) = nearest {
            write!(f, "; nearest: {} lacks {:?}", nearest.rule, nearest.missing)?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::access::SHIPPED_POLICY;

    fn shipped() -> PolicySet {
        PolicySet::from_csv(1, SHIPPED_POLICY).unwrap()
    }

    #[test]
    fn the_shipped_policy_passes_the_shipped_cases() {
        for (file, text) in SHIPPED_CASES {
            let failures = run_cases(&shipped(), &read_cases(text).unwrap()).unwrap();
            let failures: Vec<String> = failures.iter().map(ToString::to_string).collect();
            assert!(failures.is_empty(), "{file}:\n{}", failures.join("\n"));
        }
    }

    #[test]
    fn the_shipped_cases_try_every_role_both_ways() {
        let set = shipped();
        let roles: BTreeSet<&str> = set.rules.iter().map(|rule| rule.role.as_str()).collect();
        // These two are held without a `role:` word.
        for role in roles.into_iter().filter(|role| !["everyone", "bootstrap"].contains(role)) {
            let cases = SHIPPED_CASES.iter().flat_map(|(_, text)| read_cases(text).unwrap());
            let of_role = cases.filter(|case| case.grants.iter().any(|grant| grant.role == role));
            let (denied, allowed): (Vec<_>, Vec<_>) =
                of_role.partition(|case| case.expected == Expected::Deny);
            assert!(denied.len() >= 2 && allowed.len() >= 2, "{role}");
        }
    }

    #[test]
    fn a_failure_says_what_came_out_and_why() {
        let text = "principal, action, resource, context, expected\n\
                    user:ann role:viewer, dataset:read, dataset tag:restricted, , allow\n\
                    user:ann role:viewer, dataset:read, dataset class:user.email, , allow";
        let failures = run_cases(&shipped(), &read_cases(text).unwrap()).unwrap();
        let [restricted, masked] = &failures[..] else { panic!("{failures:?}") };
        assert!(restricted.to_string().contains("nearest: viewer-catalog lacks"), "{restricted}");
        assert!(masked.to_string().contains("got allow mask:class:*; redact_sql"), "{masked}");
    }

    #[test]
    fn a_class_is_one_also_where_it_is_written_as_a_tag() {
        for resource in ["class:user.email", "tag:class:user.email", "tag:Class:user.email"] {
            let text = format!(
                "user:ann role:viewer, dataset:read, dataset {resource}, , allow mask:class:*; redact_sql"
            );
            let failures = run_cases(&shipped(), &read_cases(&text).unwrap()).unwrap();
            assert!(failures.is_empty(), "{failures:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_closed_to_whom_rules_allow_only_some() {
        let of = |what: &str| {
            let text = format!("user:ann role:viewer, dataset:read, dataset{what}, , deny");
            run_cases(&shipped(), &read_cases(&text).unwrap()).unwrap().len()
        };
        assert_eq!((of(" ns:sales"), of(" ns:sales unreadable")), (1, 0));
        assert!(read_cases("user:ann, dataset:read, dataset unreadable:no, , deny").is_err());
    }

    #[test]
    fn faults_of_cases_are_listed_with_their_lines() {
        let text = "ann, dataset:read, dataset, , allow\nuser:ann, dataset:fly, dataset, , deny\n\
                    user:ann, dataset:read, thing, , deny\nuser:ann, dataset:read, dataset, , maybe\n\
                    user:ann x, dataset:read, dataset, , deny\nshort";
        let faults = read_cases(text).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    }
}
