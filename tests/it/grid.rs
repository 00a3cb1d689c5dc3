//! The committed grid: what each shipped role may do to each kind of resource, as the API decides.
//!
//! `make grid` writes `policies/grid.txt` anew; a change of it is a change of who may do what, and
//! is reviewed as one.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use lethe::access::{Action, Kind, PolicySet, SHIPPED_POLICY};
use serde_json::{Value, json};

use crate::world::{Backend, TOKEN, World};

/// What is asked of an act's own kind, with the letter's place in a cell.
const VARIANTS: [&str; 6] =
    ["plain", "class:user.*", "tag:restricted", "owner:self", "ns:self", "bound"];

const HEAD: &str = "\
# What each shipped role may do. Written by `make grid` from POST /api/v1/policies/decide/batch.
#
# A cell has six letters, for a resource of the act's own kind that is plain, has a field of class
# user.contact.email, has the tag restricted, is the asker's own, is in a namespace that the asker
# is bound to, is plain and in no namespace while the asker is bound to one. A is allowed, M is
# allowed with obligations (masked fields, redacted SQL), . is denied, - is a cell in which all
# six are denied. Whoever asks has signed in with a password (a
# service and the bootstrap administrator show a token) and holds that role alone. `anonymous` holds
# none and `everyone` is known, no more.
#
# Below: acts that are decided otherwise about a plain resource of another kind.
";

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies").join(name)
}

#[expect(clippy::disallowed_methods, reason = "whether to compare or to write is said outside")]
fn writes() -> bool {
    std::env::var_os("LETHE_GRID").is_some()
}

/// Compares a committed file with what it should be, or writes it where `LETHE_GRID` says so.
pub fn compare(name: &str, made: &str) {
    let path = file(name);
    if writes() {
        std::fs::write(&path, made).expect("the file is written");
    }
    let committed = std::fs::read_to_string(&path).expect("the file is committed");
    let new: Vec<&str> =
        made.lines().filter(|line| !committed.lines().any(|old| old == *line)).collect();
    let new = new.join("\n");
    assert!(committed == made, "policies/{name} is not what is decided (`make grid`); new:\n{new}");
}

/// Returns the shipped roles, those that nobody is given first.
fn roles() -> Vec<String> {
    let set = PolicySet::from_csv(1, SHIPPED_POLICY).expect("the shipped rules");
    let mut roles = vec!["anonymous".to_owned(), "everyone".to_owned()];
    for role in set.rules.into_iter().map(|rule| rule.role) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

/// Returns who holds a role and nothing else.
fn holder(role: &str) -> Value {
    match role {
        "anonymous" => json!({"reference": "anonymous"}),
        "bootstrap" => json!({"reference": "system:bootstrap"}),
        "everyone" => json!({"reference": "user:x", "roles": []}),
        "ingest" => json!({"reference": "service:x", "roles": [{"role": role}]}),
        _ => json!({"reference": "user:x", "roles": [{"role": role}]}),
    }
}

fn question(role: &str, action: Action, kind: Kind, variant: &str) -> Value {
    let mut principal = holder(role);
    let mut resource = json!({"kind": kind.as_str()});
    match variant {
        "class:user.*" => resource["classes"] = json!(["user.contact.email"]),
        "tag:restricted" => resource["tags"] = json!(["restricted"]),
        "owner:self" => resource["owners"] = json!([principal["reference"]]),
        "ns:self" => {
            resource["namespace"] = json!("sales");
            principal["namespaces"] = json!(["sales"]);
        }
        "bound" => principal["namespaces"] = json!(["sales"]),
        _ => {}
    }
    json!({"principal": principal, "action": action.as_str(), "resource": resource})
}

/// Asks the server and returns a letter for each question.
async fn letters(world: &World, questions: &[Value]) -> Vec<char> {
    let mut letters = Vec::with_capacity(questions.len());
    for some in questions.chunks(100) {
        let (path, body) = ("/api/v1/policies/decide/batch", json!({"questions": some}));
        let answers = world.call_as(TOKEN, "POST", path, &body).await.ok(200);
        for (asked, answer) in some.iter().zip(answers["answers"].as_array().expect("answers")) {
            assert_ne!(answer["why"], "failure", "{asked}");
            letters.push(match (&answer["allow"], answer["obligations"] == json!([])) {
                (Value::Bool(true), true) => 'A',
                (Value::Bool(true), false) => 'M',
                _ => '.',
            });
        }
    }
    letters
}

/// Asks about every act of a kind of resource, for every role.
async fn table(world: &World, roles: &[String]) -> String {
    let mut text = format!("{:<24}", "act");
    for role in roles {
        write!(text, " {role:<15}").expect("a text");
    }
    for action in Action::ALL {
        let of_role =
            |role| VARIANTS.map(|variant| question(role, *action, action.kind(), variant));
        let questions: Vec<Value> = roles.iter().flat_map(|role| of_role(role)).collect();
        let letters = letters(world, &questions).await;
        text = format!("{}\n{:<24}", text.trim_end(), action.as_str());
        for cell in letters.chunks(VARIANTS.len()) {
            let cell: String = cell.iter().collect();
            let cell = if cell == "......" { "-" } else { &cell };
            write!(text, " {cell:<15}").expect("a text");
        }
    }
    text.trim_end().to_owned() + "\n"
}

/// Asks about plain resources of every other kind, and returns what is decided otherwise.
async fn others(world: &World, roles: &[String]) -> String {
    let mut text = String::new();
    for role in roles {
        for action in Action::ALL {
            let own = std::iter::once(action.kind());
            let kinds = Kind::ALL.iter().copied().filter(|kind| *kind != action.kind());
            let kinds: Vec<Kind> = own.chain(kinds).collect();
            let questions = kinds.iter().map(|kind| question(role, *action, *kind, "plain"));
            let letters = letters(world, &questions.collect::<Vec<_>>()).await;
            let mut otherwise: BTreeMap<char, Vec<&str>> = BTreeMap::new();
            for (kind, letter) in kinds.iter().zip(&letters).filter(|(_, one)| **one != letters[0])
            {
                otherwise.entry(*letter).or_default().push(kind.as_str());
            }
            for (letter, kinds) in otherwise {
                let kinds = match kinds.len() == Kind::ALL.len() - 1 {
                    true => "every other kind".to_owned(),
                    false => kinds.join(" "),
                };
                writeln!(text, "{role:<15} {:<24} {letter}  {kinds}", action.as_str())
                    .expect("a text");
            }
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_may_do_what_the_committed_grid_says_and_nothing_else() {
    let world = World::guarded(Backend::Sqlite).await;
    let roles = roles();
    let (table, others) = (table(&world, &roles).await, others(&world, &roles).await);
    compare("grid.txt", &format!("{HEAD}\n{table}\n{others}"));
    world.app.stop().await;
}
