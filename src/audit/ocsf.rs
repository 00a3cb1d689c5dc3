//! Records as events of the Open Cybersecurity Schema Framework, for systems that collect them.
//!
//! Class API Activity (6003) of OCSF 1.6. What the schema has no place for stands in `unmapped`.
//! An event proves nothing: the record and its receipt do.

use serde_json::{Map, Value, json};

use super::record::{Outcome, Record};

/// The version of the schema.
pub const OCSF_VERSION: &str = "1.6.0";
/// API Activity.
const CLASS: u32 = 6003;
/// Application Activity.
const CATEGORY: u32 = 6;

/// Makes the event of a record at an index of the log.
#[must_use]
pub fn event(record: &Record, index: u64) -> Value {
    let activity = activity(&record.action);
    let (status, word) = match record.outcome {
        Outcome::Done | Outcome::Allowed => (1, "Success"),
        Outcome::Denied | Outcome::Failed => (2, "Failure"),
    };
    let mut event = json!({
        "activity_id": activity,
        "category_uid": CATEGORY,
        "class_uid": CLASS,
        "type_uid": CLASS * 100 + activity,
        "severity_id": if record.outcome == Outcome::Denied { 2 } else { 1 },
        "status": word,
        "status_id": status,
        "time": record.ts.as_millis(),
        "metadata": {
            "version": OCSF_VERSION,
            "uid": record.id,
            "log_name": record.log,
            "sequence": index,
            "product": {"name": "Lethe", "vendor_name": "Lethe"},
        },
        "actor": {"user": {"uid": record.actor.reference, "type": record.actor.kind}},
        "api": {"operation": record.action},
        // The log holds no addresses; the schema asks for an endpoint.
        "src_endpoint": {"name": "unknown"},
        "unmapped": unmapped(record),
    });
    if let Some(token) = &record.actor.token {
        event["actor"]["user"]["credential_uid"] = json!(token);
    }
    if let Some(request) = &record.request {
        event["api"]["request"] = json!({"uid": request.id});
    }
    if let Some(resource) = &record.resource {
        event["resources"] =
            json!([{"uid": resource.id, "type": resource.kind, "name": resource.name}]);
    }
    event
}

/// Create 1, Read 2, Update 3, Delete 4, Other 99.
fn activity(action: &str) -> u32 {
    let verb = action.split_once(':').map_or(action, |(_, verb)| verb);
    match verb {
        "create" | "ingest" | "import" => 1,
        "read" | "search" | "export" | "list" | "unseal" | "verify" | "read_fields" => 2,
        "edit" | "write" | "classify" | "rotate" | "assign" | "activate" | "replay" => 3,
        "delete" | "purge" | "revoke" | "shred" | "expire" => 4,
        _ => 99,
    }
}

fn unmapped(record: &Record) -> Map<String, Value> {
    let mut rest = Map::new();
    let whole = serde_json::to_value(record).unwrap_or_default();
    for member in ["outcome", "decision", "purpose", "on_behalf_of", "change", "pii", "ext"] {
        if let Some(value) = whole.get(member).filter(|value| !value.is_null()) {
            rest.insert(member.to_owned(), value.clone());
        }
    }
    if let Some(auth) = &record.actor.auth {
        rest.insert("auth".to_owned(), json!(auth));
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::record;
    use super::*;

    #[test]
    fn a_denial_is_a_failure_with_its_reason_unmapped() {
        let mut denied = record("lethe.example/audit", 7);
        denied.action = "dataset:edit".to_owned();
        denied.outcome = Outcome::Denied;
        let event = event(&denied, 41);
        assert_eq!((&event["class_uid"], &event["type_uid"]), (&json!(6003), &json!(600_303)));
        assert_eq!((&event["status_id"], &event["metadata"]["sequence"]), (&json!(2), &json!(41)));
        assert_eq!(event["unmapped"]["outcome"], "denied");
        assert_eq!(event["actor"]["user"]["uid"], denied.actor.reference);
    }
}
