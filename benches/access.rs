//! How long a decision takes: of a class that is remembered, of one that is not, for roles that
//! nobody held before; beside plain casbin-rs with the same rules.

#[path = "support/report.rs"]
mod report;

use std::fmt::Write;
use std::time::{Duration, Instant};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use lethe::access::{
    AccessClass, Action, AuthMethod, Context, Judge, Kind, PolicySet, Principal, PrincipalKind,
    Resource, SHIPPED_POLICY,
};
use lethe::base::Time;
use report::{head, percentile, row};
use uuid::Uuid;

const KNOWN_ASKS: u32 = 2_000_000;
const ASKS: usize = 20_000;
const CASBIN_ASKS: usize = 200;
const ROLES: usize = 1_000;
const RULES_A_ROLE: usize = 10;
/// Acts that the rules of a large set are about, in turn.
const ACTS: [&str; 5] = ["dataset:read", "dataset:search", "job:read", "lineage:read", "run:read"];

/// The model that casbin's users write for the same: roles with inheritance, patterns of resources.
const PLAIN_MODEL: &str = "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act, eft\n[role_definition]\ng = _, _\n[policy_effect]\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n[matchers]\nm = g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && r.act == p.act";

fn main() {
    head("Access");
    known();
    unknown(
        "unknown class, 10,000 rules in 1,000 roles, 5 held",
        &judge(ROLES, RULES_A_ROLE),
        5,
        "p99 ≤ 1 ms",
    );
    unknown("unknown class, 1,000 rules in one role", &judge(1, 1_000), 1, "—");
    new_roles();
    tokio::runtime::Runtime::new().expect("a runtime").block_on(plain());
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let (middle, tail) = (percentile(&times, 0.5), percentile(&times, 0.99));
    format!("p50 {}, p99 {}", micros(middle), micros(tail))
}

fn now() -> Context {
    Context::at(Time::from_millis(1_795_176_000_000))
}

/// Rules of many roles, each about namespaces of its own, and one about those of all.
fn judge(roles: usize, rules: usize) -> Judge {
    let mut csv = String::from(SHIPPED_POLICY);
    for role in 0..roles {
        for rule in 0..rules {
            let act = ACTS[rule % ACTS.len()];
            let place = format!("ns:r{role}/{rule}/* & !tag:restricted");
            writeln!(csv, "p, r{role}-{rule}, r{role}, *, {act}, {place}, *, allow")
                .expect("a text");
        }
    }
    Judge::new(PolicySet::from_csv(1, &csv).expect("rules")).expect("a judge")
}

fn holder(name: &str, roles: impl Iterator<Item = usize>) -> Principal {
    let user = Principal::new(Uuid::nil(), PrincipalKind::User, name, AuthMethod::Password);
    let everywhere = || "*".parse().expect("a pattern");
    Principal { roles: roles.map(|role| (format!("r{role}"), everywhere())).collect(), ..user }
}

fn class(number: usize) -> AccessClass {
    let resource =
        Resource::new(Kind::Dataset).in_namespace(&format!("r{}/{number}/x", number % 7));
    resource.tagged("gold").owned_by("team:sales").access_class()
}

fn known() {
    let judge = judge(0, 0);
    let viewer = (String::from("viewer"), "*".parse().expect("a pattern"));
    let viewer = Principal { roles: vec![viewer], ..holder("ann", std::iter::empty()) };
    let (standing, class, context) = (judge.standing(&viewer), class(1), now());
    let started = Instant::now();
    let mut allowed = 0;
    for _ in 0..KNOWN_ASKS {
        allowed += u32::from(judge.decide(&standing, Action::DatasetRead, &class, &context).allow);
    }
    assert_eq!(allowed, KNOWN_ASKS);
    let each = started.elapsed() / KNOWN_ASKS;
    row("known class, shipped rules", &format!("{} ns", each.as_nanos()), "≤ 3 µs");
}

fn unknown(name: &str, judge: &Judge, held: usize, target: &str) {
    let principal = holder("ann", 0..held);
    let (standing, context) = (judge.standing(&principal), now());
    // The enforcer of these roles is built by the first question.
    drop(judge.decide(&standing, Action::DatasetRead, &class(ASKS + 1), &context));
    let times = (0..ASKS).map(|number| {
        let class = class(number);
        let started = Instant::now();
        drop(judge.decide(&standing, Action::DatasetRead, &class, &context));
        started.elapsed()
    });
    row(name, &spread(times.collect()), target);
}

fn new_roles() {
    let (judge, context) = (judge(ROLES, RULES_A_ROLE), now());
    for held in [1, 10, 50] {
        let times = (0..500).map(|number| {
            let roles = (0..held).map(|role| (number * 7 + role * 13) % ROLES);
            let (principal, class) = (holder("ann", roles), class(number));
            let started = Instant::now();
            let standing = judge.standing(&principal);
            drop(judge.decide(&standing, Action::DatasetRead, &class, &context));
            started.elapsed()
        });
        let name = format!("first decision for {held} roles that nobody held together before");
        row(&name, &spread(times.collect()), "—");
    }
}

async fn plain() {
    let model = DefaultModel::from_str(PLAIN_MODEL).await.expect("a model");
    let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await.expect("an enforcer");
    let line = |role: usize, rule: usize| {
        let text = |text: &str| text.to_owned();
        vec![
            format!("r{role}"),
            format!("r{role}/{rule}/*"),
            text(ACTS[rule % ACTS.len()]),
            text("allow"),
        ]
    };
    let rules = (0..ROLES).flat_map(|role| (0..RULES_A_ROLE).map(move |rule| line(role, rule)));
    enforcer.add_policies(rules.collect()).await.expect("they are added");
    let given = (0..5).map(|role| vec!["ann".to_owned(), format!("r{role}")]);
    enforcer.add_named_grouping_policies("g", given.collect()).await.expect("they are given");
    let times = (0..CASBIN_ASKS).map(|number| {
        let place = format!("r{}/{number}/x", number % 7);
        let started = Instant::now();
        drop(enforcer.enforce(("ann", place.as_str(), "dataset:read")));
        started.elapsed()
    });
    row("plain casbin-rs, 10,000 rules in 1,000 roles, 5 held", &spread(times.collect()), "—");
}
