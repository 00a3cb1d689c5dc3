//! Asking a server who may do what, and why. Principals and resources are written as in cases.

use anyhow::Context;
use serde_json::{Value, json};

use super::super::client::ServerArgs;
use super::super::out::say;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DecideArgs {
    /// Who: user:NAME, service:NAME or anonymous; then, to ask about somebody who is not there,
    /// any of role:ROLE, role:ROLE@DOMAIN, group:NAME, scope:ACTS, ns:PATTERN
    principal: String,
    /// What: an act, such as dataset:read
    action: String,
    /// To what: a kind, then any of ns:, domain:, tag:, class: (or tag:class:), owner:, unreadable
    resource: String,
    /// What for
    #[arg(long)]
    purpose: Option<String>,
    /// Signed in how: token, session, password or mfa
    #[arg(long, default_value = "password")]
    auth: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WhoCanArgs {
    /// What: an act, such as dataset:read
    action: String,
    /// To what: a kind, then any of ns:, domain:, tag:, class: (or tag:class:), owner:, unreadable
    resource: String,
    /// What for
    #[arg(long)]
    purpose: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

pub(super) async fn decide(args: DecideArgs) -> anyhow::Result<()> {
    let body = json!({
        "principal": principal(&args.principal)?, "action": args.action,
        "resource": resource(&args.resource)?,
        "context": {"purpose": args.purpose, "auth": args.auth},
    });
    let text = args.server.post("/api/v1/policies/decide", &body).await?;
    if args.json {
        say!("{text}")?;
        return Ok(());
    }
    let answer: Value = serde_json::from_str(&text)?;
    let allow = answer["allow"].as_bool().unwrap_or(false);
    say!("{} ({})", if allow { "allow" } else { "deny" }, answer["why"].as_str().unwrap_or("-"))?;
    if answer["known"] == false {
        let who = answer["principal"].as_str().unwrap_or_default();
        say!("  {who} is not known here: only what was said of them counts")?;
    }
    for rule in answer["rules"].as_array().into_iter().flatten() {
        let text = |key: &str| rule[key].as_str().unwrap_or_default();
        say!("  by {}: {}", text("id"), text("text"))?;
    }
    for duty in answer["obligations"].as_array().into_iter().flatten() {
        say!("  with {}", duty.as_str().unwrap_or_default())?;
    }
    if let Some(nearest) = answer["nearest"].as_object() {
        say!("  nearest: {}", nearest.get("id").and_then(Value::as_str).unwrap_or_default())?;
        for missing in nearest.get("missing").and_then(Value::as_array).into_iter().flatten() {
            say!("    lacks {}", lacking(missing))?;
        }
    }
    Ok(())
}

pub(super) async fn who_can(args: WhoCanArgs) -> anyhow::Result<()> {
    let context = json!({"purpose": args.purpose});
    let body =
        json!({"action": args.action, "resource": resource(&args.resource)?, "context": context});
    let text = args.server.post("/api/v1/policies/who-can", &body).await?;
    if args.json {
        say!("{text}")?;
        return Ok(());
    }
    let answer: Value = serde_json::from_str(&text)?;
    for one in answer["items"].as_array().into_iter().flatten() {
        say!("{}", permitted(one))?;
    }
    if !answer["next"].is_null() {
        say!("there are more; ask with --json and page on with `after`")?;
    }
    Ok(())
}

/// Words who may, by which rules, and what the allow asks for.
fn permitted(one: &Value) -> String {
    let list = |key: &str| {
        let texts = one[key].as_array().into_iter().flatten().filter_map(Value::as_str);
        texts.collect::<Vec<_>>().join(", ")
    };
    let duties = match list("obligations") {
        duties if duties.is_empty() => duties,
        duties => format!(" with {duties}"),
    };
    let subject = one["subject"].as_str().unwrap_or_default();
    format!("{subject:<32} {}{duties}", list("rules"))
}

/// Words what a rule asks for that is not so. Where the rule names nothing, it is the token or the
/// question that leaves it out.
fn lacking(missing: &Value) -> String {
    let what = missing["what"].as_str().unwrap_or_default();
    match (missing["expected"].as_str(), what) {
        (Some(expected), _) => format!("{what} {expected}"),
        (None, "namespace") => {
            "namespace: they are bound to namespaces, and it lies in none of these".to_owned()
        }
        (None, "scope") => "scope: the token's scopes leave the act out".to_owned(),
        (None, "purpose") => "purpose: none was stated (--purpose)".to_owned(),
        (None, _) => what.to_owned(),
    }
}

/// Writes the words for a resource as the API reads it.
fn resource(words: &str) -> anyhow::Result<Value> {
    let mut words = words.split_whitespace();
    let mut resource = json!({"kind": words.next().context("the resource is empty")?});
    for word in words {
        if word == "unreadable" {
            resource[word] = json!(true);
            continue;
        }
        let (key, value) = word.split_once(':').with_context(|| format!("`{word}`: no `:`"))?;
        match key {
            "ns" => resource["namespace"] = json!(value),
            "domain" => resource["domain"] = json!(value),
            "tag" => push(&mut resource, "tags", json!(value)),
            "class" => push(&mut resource, "classes", json!(value)),
            "owner" => push(&mut resource, "owners", json!(value)),
            _ => anyhow::bail!("`{word}` says nothing about a resource"),
        }
    }
    Ok(resource)
}

/// Writes the words for a principal as the API reads it.
fn principal(words: &str) -> anyhow::Result<Value> {
    let mut words = words.split_whitespace();
    let mut principal = json!({"reference": words.next().context("the principal is empty")?});
    for word in words {
        let (key, value) = word.split_once(':').with_context(|| format!("`{word}`: no `:`"))?;
        match key {
            "role" => {
                let (role, domain) = value.split_once('@').unwrap_or((value, "*"));
                push(&mut principal, "roles", json!({"role": role, "domain": domain}));
            }
            "group" => push(&mut principal, "groups", json!(value)),
            "scope" => principal["scopes"] = json!(value),
            "ns" => push(&mut principal, "namespaces", json!(value)),
            _ => anyhow::bail!("`{word}` says nothing about a principal"),
        }
    }
    Ok(principal)
}

fn push(object: &mut Value, key: &str, value: Value) {
    match object[key].as_array_mut() {
        Some(list) => list.push(value),
        None => object[key] = json!([value]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_told_also_where_the_rule_names_nothing() {
        let told = |missing: Value| lacking(&missing);
        assert_eq!(told(json!({"what": "role", "expected": "viewer"})), "role viewer");
        for what in ["namespace", "scope", "purpose"] {
            let told = told(json!({"what": what, "expected": null}));
            assert!(told.starts_with(&format!("{what}: ")) && told.len() > 20, "{told}");
        }
    }

    #[test]
    fn who_may_is_told_with_what_the_allow_asks_for() {
        let mut one = json!({"subject": "everyone", "rules": ["a", "b"], "obligations": []});
        assert!(permitted(&one).ends_with(" a, b"));
        one["obligations"] = json!(["mask:class:*", "redact_sql"]);
        assert!(permitted(&one).ends_with(" a, b with mask:class:*, redact_sql"));
    }

    #[test]
    fn words_become_what_the_api_reads() {
        assert_eq!(
            resource("dataset ns:sales/eu tag:a tag:b owner:user:ann unreadable").unwrap(),
            json!({"kind": "dataset", "namespace": "sales/eu", "tags": ["a", "b"],
                "owners": ["user:ann"], "unreadable": true})
        );
        assert_eq!(
            principal("user:ann role:viewer@clinical/* group:g scope:job:*").unwrap(),
            json!({"reference": "user:ann", "roles": [{"role": "viewer", "domain": "clinical/*"}],
                "groups": ["g"], "scopes": "job:*"})
        );
        for words in ["", "dataset colour:red", "dataset tag"] {
            assert!(resource(words).is_err(), "{words}");
        }
    }
}
