//! Sets of rules as the API speaks of them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::documents;
use super::super::resource::word;
use crate::access::lint::Finding;
use crate::access::policy_diff::PolicyDiff;
use crate::access::{Grant, Parent, Rule};
use crate::base::Time;
use crate::flow::{PolicyDetail, PolicySummary};

/// Rules and grants that are told one by one; all are in the CSV text.
const LISTED_MAX: usize = 1_000;

/// What is known of a set of rules besides the rules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyEntry {
    /// Its number, which decisions and the audit log cite.
    #[schema(example = 4)]
    version: i64,
    /// `draft`, `active` or `retired`.
    #[schema(example = "draft")]
    state: String,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// Who wrote it, by id.
    author: String,
    /// Why.
    #[schema(example = "stewards of finance may hide datasets")]
    note: String,
    /// When it was put into force last.
    #[schema(value_type = Option<String>, format = DateTime)]
    activated_at: Option<Time>,
    /// Who put it into force, by id.
    activated_by: Option<String>,
    /// Why the shipped cases did not have to pass.
    shipped_cases_waived: Option<String>,
}

impl From<PolicySummary> for PolicyEntry {
    fn from(summary: PolicySummary) -> Self {
        let PolicySummary { version, state, created_at, doc } = summary;
        Self {
            version,
            state: word(&state),
            created_at,
            author: doc.author,
            note: doc.note,
            activated_at: doc.activated_at,
            activated_by: doc.activated_by,
            shipped_cases_waived: doc.waived,
        }
    }
}

/// One rule, its fields as they are written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleEntry {
    /// Its name, which decisions cite.
    #[schema(example = "viewer-catalog")]
    pub(super) id: String,
    /// Whom it is about.
    #[schema(example = "viewer")]
    pub(super) role: String,
    /// The domains it is about.
    #[schema(example = "*")]
    pub(super) domain: String,
    /// The acts it is about.
    #[schema(example = "dataset:search|dataset:read")]
    pub(super) actions: String,
    /// The resources it is about.
    #[schema(example = "!tag:restricted & !class:*")]
    pub(super) selector: String,
    /// When it is in force.
    #[schema(example = "*")]
    pub(super) condition: String,
    /// `allow` or `deny`.
    #[schema(example = "allow")]
    pub(super) effect: String,
    /// What an allow asks for.
    #[schema(example = json!(["redact_sql"]))]
    pub(super) obligations: Vec<String>,
}

impl From<&Rule> for RuleEntry {
    fn from(rule: &Rule) -> Self {
        Self {
            id: rule.id.to_string(),
            role: rule.role.clone(),
            domain: rule.domain.to_string(),
            actions: rule.actions.to_string(),
            selector: rule.selector.to_string(),
            condition: rule.condition.to_string(),
            effect: rule.effect.to_string(),
            obligations: rule.obligations.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Who is given a role by a set of rules.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GrantEntry {
    /// `user:NAME`, `service:NAME`, `system:NAME` or `group:NAME`.
    #[schema(example = "group:pipelines")]
    subject: String,
    /// The role.
    #[schema(example = "ingest")]
    role: String,
    /// The domains in which it is held.
    #[schema(example = "*")]
    domain: String,
}

/// Which role includes which.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ParentEntry {
    /// The role.
    #[schema(example = "steward")]
    role: String,
    /// The role that it includes.
    #[schema(example = "contributor")]
    inherits: String,
}

/// The lines of two sets that are not the same, each written in the same way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DiffEntry {
    /// The set that this one is compared with.
    #[schema(example = 3)]
    against: i64,
    /// Lines that only this set has.
    #[schema(example = json!(["g, user:ann, steward, *"]))]
    added: Vec<String>,
    /// Lines that only the other set has.
    removed: Vec<String>,
    /// Lines that are not listed, because there are too many.
    #[schema(example = 0)]
    left_out: usize,
}

impl DiffEntry {
    pub(super) fn of(against: i64, diff: PolicyDiff) -> Self {
        let PolicyDiff { added, removed, left_out } = diff;
        Self { against, added, removed, left_out }
    }
}

/// A set of rules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyBody {
    /// What is known of it besides the rules.
    #[serde(flatten)]
    entry: PolicyEntry,
    /// The whole set as it was written.
    #[schema(example = "p, viewer-catalog, viewer, *, dataset:read, !tag:restricted, *, allow")]
    csv: String,
    /// The cases that were given with it; empty if none were.
    #[schema(example = "")]
    cases: String,
    /// The rules, the first 1,000.
    rules: Vec<RuleEntry>,
    /// Who is given which role by the set, the first 1,000.
    grants: Vec<GrantEntry>,
    /// Which role includes which, the first 1,000.
    parents: Vec<ParentEntry>,
    /// Rules, grants and inclusions that are in the CSV text alone.
    #[schema(example = 0)]
    left_out: usize,
    /// How it differs from the set that was asked for with `against`.
    diff: Option<DiffEntry>,
}

impl PolicyBody {
    pub(super) fn of(detail: PolicyDetail, diff: Option<DiffEntry>) -> Self {
        let PolicyDetail { summary, csv, cases, set } = detail;
        let grant = |Grant { subject, role, domain }: &Grant| GrantEntry {
            subject: subject.clone(),
            role: role.clone(),
            domain: domain.to_string(),
        };
        let parent = |Parent { role, inherits }: &Parent| ParentEntry {
            role: role.clone(),
            inherits: inherits.clone(),
        };
        let lengths = [set.rules.len(), set.grants.len(), set.parents.len()];
        Self {
            entry: summary.into(),
            csv,
            cases,
            rules: set.rules.iter().take(LISTED_MAX).map(RuleEntry::from).collect(),
            grants: set.grants.iter().take(LISTED_MAX).map(grant).collect(),
            parents: set.parents.iter().take(LISTED_MAX).map(parent).collect(),
            left_out: lengths.into_iter().map(|length| length.saturating_sub(LISTED_MAX)).sum(),
            diff,
        }
    }
}

/// What looks like a mistake.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FindingEntry {
    /// `unreachable`, `contradictory`, `over_broad`, `unknown_role`, `unused_role`,
    /// `no_four_eyes` or `incomplete`.
    #[schema(example = "unreachable")]
    kind: String,
    /// The rule that it is about, if it is about one.
    #[schema(example = "sales-read")]
    rule: Option<String>,
    /// What is the matter.
    #[schema(example = "`viewer-catalog` says all that it says")]
    message: String,
}

/// What the linter found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Findings {
    /// The findings, the first 1,000.
    findings: Vec<FindingEntry>,
    /// How many more there are.
    #[schema(example = 0)]
    left_out: usize,
}

impl From<Vec<Finding>> for Findings {
    fn from(findings: Vec<Finding>) -> Self {
        let left_out = findings.len().saturating_sub(LISTED_MAX);
        let entry = |finding: Finding| FindingEntry {
            kind: word(&finding.kind),
            rule: finding.rule.map(|rule| rule.to_string()),
            message: finding.message,
        };
        Self { findings: findings.into_iter().take(LISTED_MAX).map(entry).collect(), left_out }
    }
}

/// A draft that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DraftedBody {
    /// What is known of it.
    #[serde(flatten)]
    pub(super) entry: PolicyEntry,
    /// What looks like a mistake in it.
    #[serde(flatten)]
    pub(super) findings: Findings,
}

/// A set of rules to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftMake {
    /// The whole set of rules; see docs/policy.md.
    #[schema(
        example = "p, sales-read, sales, *, dataset:search|dataset:read, ns:sales/*, *, allow\ng, user:ann, sales"
    )]
    pub(super) csv: String,
    /// Examples of what the rules must say, which must come out before it is activated.
    #[serde(default)]
    #[schema(example = "user:ann, dataset:read, dataset ns:sales/eu, , allow")]
    pub(super) cases: String,
    /// Why.
    #[serde(default)]
    #[schema(value_type = documents::Note)]
    pub(super) note: String,
}

/// How a set of rules is put into force.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Activate {
    /// The set that is in force now, so that nobody's activation is undone by accident.
    #[schema(example = 3)]
    pub(super) expected_active: Option<i64>,
    /// Why the cases that Lethe ships need not pass; it is recorded that they did not.
    #[schema(value_type = Option<documents::Note>)]
    pub(super) waive_shipped_cases: Option<String>,
}

/// With what to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct GetParams {
    /// Another set: the lines that differ are told.
    #[param(example = 3)]
    pub(super) against: Option<i64>,
}
