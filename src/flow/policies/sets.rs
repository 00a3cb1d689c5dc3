//! Drafting, reading and dropping sets of rules.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::error::{PolicyError, PolicyFault};
use crate::access::cases::read_cases;
use crate::access::lint::{Finding, lint};
use crate::access::policy_diff::{PolicyDiff, diff};
use crate::access::{Judge, PolicySet};
use crate::audit::Hash;
use crate::base::{Digest, Time};
use crate::db::{PolicyHead, PolicyRow, Tx};

/// Longest note, in bytes.
const NOTE_BYTES_MAX: usize = 1_000;
/// Lines of one kind that a comparison lists.
const DIFF_LINES_MAX: usize = 1_000;

/// Where a set of rules is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyState {
    /// Written, not yet in force.
    Draft,
    /// In force.
    Active,
    /// Was in force; may be put into force again.
    Retired,
}

/// What is known of a set of rules besides the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySummary {
    /// Its number.
    pub version: i64,
    /// Where it is in its life.
    pub state: PolicyState,
    /// When it was written.
    pub created_at: Time,
    /// How it came here.
    pub doc: PolicyDoc,
}

/// How a set of rules came to be and into force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyDoc {
    /// Who wrote it, by reference.
    pub author: String,
    /// Why.
    pub note: String,
    /// Who put it into force last, by reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activated_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activated_at: Option<Time>,
    /// Why the shipped cases did not have to pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived: Option<String>,
}

/// A set of rules, read.
#[derive(Debug, Clone)]
pub struct PolicyDetail {
    /// What is known of it.
    pub summary: PolicySummary,
    /// The rules as they were written.
    pub csv: String,
    /// The cases that were given with them, as they were written.
    pub cases: String,
    /// The rules.
    pub set: PolicySet,
}

/// A set of rules to be.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The rules, as CSV.
    pub csv: String,
    /// Examples of what they must say, as CSV; may be empty.
    pub cases: String,
    /// Why.
    pub note: String,
}

/// A set of rules that was just written, and what looks like a mistake in it.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// What is known of it.
    pub summary: PolicySummary,
    /// What the linter found.
    pub findings: Vec<Finding>,
}

impl PolicySummary {
    pub(super) fn of(head: &PolicyHead) -> Result<Self, FlowError> {
        let doc: PolicyDoc = serde_json::from_str(&head.doc)
            .map_err(|error| FlowError::Internal(format!("policy {}: {error}", head.version)))?;
        let state = match head.state {
            0 => PolicyState::Draft,
            1 => PolicyState::Active,
            _ => PolicyState::Retired,
        };
        Ok(Self { version: head.version, state, created_at: head.created_at, doc })
    }
}

impl PolicyDoc {
    /// A struct of texts always serialises.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Returns the id by which the audit log knows a set of rules.
pub(super) fn audit_id(version: i64) -> Uuid {
    Uuid::from_bytes(Digest::of_parts(&[b"policy", &version.to_be_bytes()]).0)
}

/// Reads rules that somebody sent. PostgreSQL keeps no NUL in texts.
pub(super) fn read_rules(version: i64, csv: &str) -> Result<PolicySet, PolicyError> {
    let invalid = |faults| PolicyError::Invalid(PolicyFault::of("csv", faults));
    check_text("csv", csv)?;
    PolicySet::from_csv(version, csv).map_err(invalid)
}

fn check_text(part: &str, text: &str) -> Result<(), PolicyError> {
    let nul = text.lines().position(|line| line.contains('\0'));
    nul.map_or(Ok(()), |line| {
        let what = "holds a NUL character".to_owned();
        Err(PolicyError::Invalid(vec![PolicyFault { part: part.to_owned(), line: line + 1, what }]))
    })
}

fn checked(draft: &Draft) -> Result<PolicySet, PolicyError> {
    let set = read_rules(0, &draft.csv)?;
    check_text("cases", &draft.cases)?;
    read_cases(&draft.cases)
        .map_err(|faults| PolicyError::Invalid(PolicyFault::of("cases", faults)))?;
    Judge::new(set.clone())
        .map_err(|faults| PolicyError::Invalid(PolicyFault::of("csv", faults)))?;
    Ok(set)
}

/// Runs what may take long beside the requests.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, FlowError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| FlowError::Internal(format!("a question of policy: {error}")))
}

/// Notes and reasons are short and printable.
pub(super) fn check_note(field: &str, note: &str) -> Result<(), FlowError> {
    if note.len() > NOTE_BYTES_MAX || note.contains(char::is_control) {
        let message = format!("must be at most {NOTE_BYTES_MAX} bytes, without control characters");
        return Err(FlowError::bad(field, message));
    }
    Ok(())
}

impl App {
    /// Returns what is known of sets of rules, the latest first, before a number.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn policies(
        &self,
        before: i64,
        limit: usize,
    ) -> Result<Vec<PolicySummary>, FlowError> {
        let heads = self.db().list_policies(before, limit).await?;
        heads.iter().map(PolicySummary::of).collect()
    }

    /// Returns a set of rules.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that number.
    pub async fn policy(&self, version: i64) -> Result<PolicyDetail, FlowError> {
        let PolicyRow { head, rules: csv, cases } = self.policy_row(version).await?;
        let summary = PolicySummary::of(&head)?;
        let (csv, set) = aside(move || {
            let set = PolicySet::from_csv(version, &csv);
            (csv, set)
        })
        .await?;
        let set = set.map_err(|faults| {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            FlowError::Internal(format!("policy {version} cannot be read: {first}"))
        })?;
        Ok(PolicyDetail { summary, csv, cases, set })
    }

    /// Returns the number of the set of rules in force.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if none is, which no Lethe leaves behind.
    pub async fn active_policy(&self) -> Result<i64, FlowError> {
        let version = self.db().active_policy_version().await?;
        version.ok_or_else(|| FlowError::NotFound("an active policy".to_owned()))
    }

    pub(super) async fn policy_row(&self, version: i64) -> Result<PolicyRow, FlowError> {
        let row = self.db().policy(version).await?;
        row.ok_or_else(|| FlowError::NotFound(format!("policy {version}")))
    }

    /// Lists the lines that differ between a set of rules and an older one.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that number.
    pub async fn policy_diff(
        &self,
        newer: &PolicyDetail,
        older: i64,
    ) -> Result<PolicyDiff, FlowError> {
        let (older, newer) = (self.policy(older).await?.set, newer.set.clone());
        aside(move || diff(&older, &newer, DIFF_LINES_MAX)).await
    }

    /// Lists what looks like a mistake in a set of rules.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that number.
    pub async fn policy_lint(&self, version: i64) -> Result<Vec<Finding>, FlowError> {
        let set = self.policy(version).await?.set;
        aside(move || lint(&set)).await
    }

    /// Writes a draft.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Invalid`] with all faults if the texts are no rules or no cases.
    pub async fn draft_policy(&self, actor: &Actor, draft: Draft) -> Result<Drafted, PolicyError> {
        check_note("note", &draft.note)?;
        let (draft, findings) = aside(move || {
            let findings = checked(&draft).map(|set| lint(&set));
            (draft, findings)
        })
        .await?;
        let findings = findings?;
        let note = draft.note.clone();
        let doc = PolicyDoc { author: actor.reference(), note, ..PolicyDoc::default() };
        let now = self.now();
        let write = async |tx: &mut Tx| {
            let version = tx.add_policy(now, &doc.to_json(), (&draft.csv, &draft.cases)).await?;
            let mut act = Act::done("policy:draft").on("policy", audit_id(version), "");
            act.after = Some(Hash::of(draft.csv.as_bytes()));
            Ok((version, vec![act.with("version", version)]))
        };
        let version = self.change(actor, write).await?;
        let state = PolicyState::Draft;
        Ok(Drafted { summary: PolicySummary { version, state, created_at: now, doc }, findings })
    }

    /// Drops a draft. Its number is not given again.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Conflict`] if the set is or was in force: what decided stays.
    pub async fn drop_policy(&self, actor: &Actor, version: i64) -> Result<(), PolicyError> {
        self.policy_row(version).await?;
        let write = async |tx: &mut Tx| {
            let dropped = tx.drop_policy(version).await?;
            let act = Act::done("policy:drop").on("policy", audit_id(version), "");
            let act = dropped.then(|| act.with("version", version));
            Ok((dropped, act.into_iter().collect()))
        };
        if !self.change(actor, write).await? {
            let detail = "only drafts can be deleted; what was in force stays to be read";
            return Err(PolicyError::conflict("not-a-draft", detail));
        }
        Ok(())
    }
}
