//! The commands about people, groups, service accounts and tokens, as an operator types them
//! against a running server.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use lethe::db::DbUrl;
use serde_json::Value;

use crate::process::{Launch, Lethe};

const ADMIN: &str = "an-administrator-s-token-0123456789";

/// A server, and somebody who types commands.
struct Desk {
    lethe: Lethe,
    dir: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = DbUrl::Sqlite(dir.path().join("lethe.sqlite"));
        let launch = Launch::new(dir.path(), &url).with_env("LETHE_ADMIN_TOKEN", ADMIN);
        Self { lethe: launch.start().await, dir }
    }

    fn run(&self, token: &str, typed: &str, stdin: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lethe"))
            .args(typed.split(' '))
            .env("LETHE_URL", self.lethe.url(""))
            .env("LETHE_TOKEN", token)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads nothing may have ended before.
        drop(child.stdin.take().unwrap().write_all(stdin.as_bytes()));
        child.wait_with_output().unwrap()
    }

    /// Types a command that succeeds, and returns what it prints.
    fn says(&self, typed: &str) -> String {
        let out = self.run(ADMIN, typed, "");
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{typed}: {said}");
        String::from_utf8(out.stdout).unwrap()
    }

    /// Types a command that succeeds, and returns the JSON values that it prints.
    fn json(&self, typed: &str) -> Vec<Value> {
        let said = self.says(&format!("{typed} --json"));
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Types a command that is refused, and returns what it says of it.
    fn refused(&self, token: &str, typed: &str) -> String {
        let out = self.run(token, typed, "");
        assert!(!out.status.success(), "{typed}");
        assert!(out.stdout.is_empty(), "{typed}: {out:?}");
        String::from_utf8(out.stderr).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_groups_are_kept_from_the_command_line() {
    let desk = Desk::new().await;
    desk.says("users put ann --display-name Ann --role viewer --role steward@sales");
    desk.says("users put bob");
    let people = desk.json("users list");
    let names: Vec<_> = people.iter().filter_map(|user| user["name"].as_str()).collect();
    assert_eq!(names, ["ann", "bob"]);
    let ann = desk.json("users show ann").remove(0);
    assert_eq!(ann["displayName"], "Ann");
    let line = desk.says("users show ann");
    assert!(
        line.contains("ann") && line.contains("steward@sales,viewer")
            || line.contains("viewer,steward@sales"),
        "{line}"
    );

    let short = desk.run(ADMIN, "users password ann", "too short\n");
    assert!(!short.status.success() && String::from_utf8_lossy(&short.stderr).contains("password"));
    let set = desk.run(ADMIN, "users password ann", "correct horse battery\n");
    assert!(set.status.success(), "{set:?}");

    desk.says("groups put ops --description Operations --role operator");
    desk.says("groups add ops bob");
    assert_eq!(desk.json("groups members ops")[0]["name"], "bob");
    desk.says("groups remove ops bob");
    assert_eq!(desk.json("groups members ops"), [] as [Value; 0]);
    desk.says("groups disable ops");
    assert_eq!(desk.json("groups show ops")[0]["disabled"], true);
    assert!(desk.refused(ADMIN, "groups show nobody").contains("nobody"));

    desk.says("users disable bob");
    assert_eq!(desk.json("users show bob")[0]["disabled"], true);
    desk.says("users put bob --enable");
    assert_eq!(desk.json("users show bob")[0]["disabled"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_made_turned_and_taken_back_from_the_command_line() {
    let desk = Desk::new().await;
    desk.says("service-accounts put loader --namespace etl*");
    let said = desk.refused(ADMIN, "tokens create --service loader --name x --namespace other");
    assert!(said.contains("namespaces: must name some of") && said.contains("`etl*`"), "{said}");
    desk.says("service-accounts put loader --dataset-namespace s3://x");
    desk.refused(ADMIN, "tokens create --service loader --name x --namespace s3://x");
    let few = "tokens create --service loader --name few --namespace etl-1 --namespace s3://x";
    let few = desk.says(few);
    let id = desk.json("tokens list --service loader").remove(0)["id"].clone();
    assert!(desk.run(few.trim(), "me", "").status.success());
    desk.says(&format!("tokens revoke {}", id.as_str().unwrap()));
    let make =
        "tokens create --service loader --name nightly --days 7 --scopes event:ingest|user:read";
    let secret = desk.says(make);
    let secret = secret.trim();
    let known = desk.run(secret, "me --json", "");
    assert!(known.status.success(), "{known:?}");
    let listed = desk.json("tokens list --service loader").remove(0);
    assert_eq!(listed["name"], "nightly");
    assert!(!listed.to_string().contains(secret), "a secret is told once");
    assert!(
        desk.refused(secret, "users list").contains("403")
            || desk.refused(secret, "users list").contains("forbidden")
    );

    let id = listed["id"].as_str().unwrap();
    let next = desk.says(&format!("tokens rotate {id} --overlap-hours 1"));
    for token in [secret, next.trim()] {
        assert!(desk.run(token, "me", "").status.success(), "both work for a while");
    }
    for token in desk.json("tokens list --service loader") {
        desk.says(&format!("tokens revoke {}", token["id"].as_str().unwrap()));
    }
    for token in [secret, next.trim()] {
        assert!(!desk.run(token, "me", "").status.success(), "neither works any more");
    }
    assert_eq!(desk.json("service-accounts list")[0]["name"], "loader");
    desk.says("service-accounts disable loader");
    assert!(desk.refused(ADMIN, make).contains("disabled"), "nobody acts for a disabled account");
    let disabled = || desk.json("service-accounts list")[0]["disabled"].clone();
    desk.says("service-accounts put loader --namespace elt*");
    assert_eq!(disabled(), true, "it is changed, and not brought back by that");
    assert!(desk.refused(ADMIN, make).contains("disabled"));
    desk.says("service-accounts put loader --enable");
    assert_eq!(disabled(), false);
    assert_eq!(desk.json("service-accounts list")[0]["namespaces"][0], "elt*");
}

#[tokio::test(flavor = "multi_thread")]
async fn options_of_a_command_are_taken_wherever_they_are_typed() {
    let desk = Desk::new().await;
    desk.says("service-accounts put loader --namespace etl*");
    let url = desk.lethe.url("");
    let typed = |args: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
        command.args(args.split(' ')).env_remove("LETHE_URL").env_remove("LETHE_TOKEN");
        command.output().unwrap()
    };
    for args in [
        format!("users list --url {url} --token {ADMIN}"),
        format!("users --url {url} --token {ADMIN} list"),
        format!("tokens list --service loader --token {ADMIN} --url {url}"),
        format!("groups --token {ADMIN} list --url {url} --json"),
        format!("keys list --data-dir {}", desk.dir.path().display()),
        format!("keys --data-dir {} list", desk.dir.path().display()),
    ] {
        let out = typed(&args);
        assert!(out.status.success(), "{args}: {}", String::from_utf8_lossy(&out.stderr));
    }
    let refused = typed(&format!("users list --url {url} --token another"));
    assert!(!refused.status.success(), "the token is used");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_not_there_and_a_namespace_that_binds_nothing_are_refused() {
    let desk = Desk::new().await;
    let put = "service-accounts put loader --namespace *";
    desk.says(&format!("{put} --dataset-namespace s3://*"));
    let bound = &desk.json("service-accounts list")[0]["datasetNamespaces"];
    let said = desk.refused(ADMIN, &format!("{put} --dataset-namespace *"));
    assert!(said.contains("a bare `*` binds no datasets"), "{said}");
    assert_eq!(&desk.json("service-accounts list")[0]["datasetNamespaces"], bound);

    assert_eq!(desk.says("service-accounts strangers loader --namespace pg*"), "");
    let said = desk.refused(ADMIN, "service-accounts strangers laoder --namespace pg*");
    assert!(said.contains("no service account `laoder`"), "{said}");
}
