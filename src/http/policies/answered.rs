//! Answers about who may do what, as the API gives them.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::resource::word;
use super::asked::ResourceAsked;
use crate::access::explain::{Missing, Nearest, Permitted};
use crate::access::simulate::Difference;
use crate::access::{Decision, Reason, Rule};
use crate::flow::{Decided, Simulated};

/// A rule that made a decision.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleTold {
    /// Its name.
    #[schema(example = "viewer-catalog")]
    id: String,
    /// The rule as a line of the set.
    #[schema(example = "p, viewer-catalog, viewer, *, dataset:read, !tag:restricted, *, allow, ")]
    text: String,
}

/// What a rule asks for that is not so.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MissingTold {
    /// `role`, `domain`, `selector`, `condition`, `purpose`, `scope` or `namespace`.
    #[schema(example = "selector")]
    what: &'static str,
    /// What is expected, as the rule says it.
    #[schema(example = "!tag:restricted")]
    expected: Option<String>,
}

/// The rule that lacks least to allow it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NearestTold {
    /// The rule.
    #[serde(flatten)]
    rule: RuleTold,
    /// What it lacks.
    missing: Vec<MissingTold>,
}

/// A decision, and why it is so.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DecisionBody {
    /// Who was asked about.
    #[schema(example = "user:ann")]
    principal: String,
    /// Whether they are known. Of others only what was said of them is taken into account.
    known: bool,
    /// How they were taken to be recognised.
    #[schema(example = "password")]
    auth: String,
    /// Whether they may.
    allow: bool,
    /// `rules`, `noRule`, `scope`, `namespace`, `secrets`, `beyond`, `purpose` or `failure`.
    #[schema(example = "rules")]
    why: &'static str,
    /// The version of the rules.
    #[schema(example = 1)]
    policy_version: i64,
    /// The rules that made the decision: of an allow all that allow, of a deny the one that denies.
    rules: Vec<RuleTold>,
    /// What the allow asks for.
    #[schema(example = json!(["mask:class:*", "redact_sql"]))]
    obligations: Vec<String>,
    /// The roles that they hold for the resource.
    #[schema(example = json!(["everyone", "viewer"]))]
    roles: Vec<String>,
    /// Of a deny that no rule asks for: the nearest rule that would have allowed it.
    nearest: Option<NearestTold>,
}

/// Several decisions, in the order of the questions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BatchBody {
    /// The decisions.
    pub(super) answers: Vec<DecisionBody>,
}

fn why(decision: &Decision) -> &'static str {
    match decision.reason {
        Reason::Rules => "rules",
        Reason::NoRule => "noRule",
        Reason::Scope => "scope",
        Reason::Namespace => "namespace",
        Reason::Secrets => "secrets",
        Reason::Beyond => "beyond",
        Reason::Purpose => "purpose",
        Reason::Failure(_) => "failure",
    }
}

fn duties(decision: &Decision) -> Vec<String> {
    let text = decision.obligations.to_string();
    text.split("; ").filter(|duty| !duty.is_empty()).map(str::to_owned).collect()
}

fn missing(missing: &Missing) -> MissingTold {
    let (what, expected) = match missing {
        Missing::Role(role) => ("role", Some(role)),
        Missing::Domain(domain) => ("domain", Some(domain)),
        Missing::Selector(selector) => ("selector", Some(selector)),
        Missing::Condition(condition) => ("condition", Some(condition)),
        Missing::Purpose => ("purpose", None),
        Missing::Scope => ("scope", None),
        Missing::Namespace => ("namespace", None),
    };
    MissingTold { what, expected: expected.cloned() }
}

impl From<Decided> for DecisionBody {
    fn from(decided: Decided) -> Self {
        let Decided { reference, known, auth, explanation, rules } = decided;
        let told = |id: &str| {
            let line = rules.iter().find(|rule| &*rule.id == id).map(Rule::line);
            RuleTold { id: id.to_owned(), text: line.unwrap_or_default() }
        };
        let nearest = |nearest: &Nearest| NearestTold {
            rule: told(&nearest.rule),
            missing: nearest.missing.iter().map(missing).collect(),
        };
        let decision = &explanation.decision;
        Self {
            principal: reference,
            known,
            auth: auth.to_string(),
            allow: decision.allow,
            why: why(decision),
            policy_version: decision.policy_version,
            rules: decision.rules.iter().map(|id| told(id)).collect(),
            obligations: duties(decision),
            nearest: explanation.nearest.as_ref().map(nearest),
            roles: explanation.roles,
        }
    }
}

/// Somebody who may.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PermittedTold {
    /// `user:ann`, `group:sales` for whoever is in it, or `everyone`.
    #[schema(example = "group:sales")]
    subject: String,
    /// The strongest way to be recognised in which they may.
    #[schema(example = "mfa")]
    auth: String,
    /// The rules by which they may.
    #[schema(example = json!(["viewer-catalog"]))]
    rules: Vec<String>,
    /// What the allow asks for.
    #[schema(example = json!([]))]
    obligations: Vec<String>,
}

impl From<Permitted> for PermittedTold {
    fn from(permitted: Permitted) -> Self {
        let Permitted { subject, auth, decision } = permitted;
        let rules = decision.rules.iter().map(ToString::to_string).collect();
        Self { subject, auth: auth.to_string(), rules, obligations: duties(&decision) }
    }
}

/// Those who may do something: a page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WhoCanBody {
    /// Those who may.
    pub(super) items: Vec<PermittedTold>,
    /// Pass it as `after` for the next page, which may be empty; null at the end.
    #[schema(example = json!(null))]
    pub(super) next: Option<String>,
    /// The version of the rules.
    #[schema(example = 1)]
    pub(super) policy_version: i64,
}

/// A decision that would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DifferenceTold {
    /// `gains`, `loses` or `other_obligations`.
    #[schema(example = "gains")]
    change: String,
    /// Whose.
    #[schema(example = "group:sales")]
    principal: String,
    /// To do what.
    #[schema(example = "dataset:read")]
    action: String,
    /// To what.
    resource: ResourceAsked,
    /// The rules that decide now.
    #[schema(example = json!([]))]
    rules_before: Vec<String>,
    /// The rules that would decide.
    #[schema(example = json!(["sales-read"]))]
    rules_after: Vec<String>,
    /// What the allow would ask for.
    #[schema(example = json!([]))]
    obligations_after: Vec<String>,
}

impl From<Difference> for DifferenceTold {
    fn from(difference: Difference) -> Self {
        let Difference { change, principal, action, class, before, after } = difference;
        let rules = |decision: &Decision| decision.rules.iter().map(ToString::to_string).collect();
        Self {
            change: word(&change),
            principal,
            action: action.to_string(),
            resource: ResourceAsked::of(class.resource()),
            rules_before: rules(&before),
            rules_after: rules(&after),
            obligations_after: duties(&after),
        }
    }
}

/// What rules would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SimulationBody {
    /// The version of the rules in force.
    #[schema(example = 1)]
    policy_version: i64,
    /// The decisions that would change, the first 1,000.
    differences: Vec<DifferenceTold>,
    /// How many there are in all.
    #[schema(example = 2)]
    total: usize,
    /// Principals of whom something changes.
    #[schema(example = 1)]
    principals_changed: usize,
    /// Principals that were asked about.
    #[schema(example = 4)]
    principals_asked: usize,
    /// Sets of attributes of resources of which something changes.
    #[schema(example = 1)]
    classes_changed: usize,
    /// Sets of attributes that were asked about.
    #[schema(example = 22)]
    classes_asked: usize,
    /// Decisions that were compared.
    #[schema(example = 310)]
    asked: usize,
    /// Whether there is more than was asked about: the answer is then a part.
    truncated: bool,
}

impl From<Simulated> for SimulationBody {
    fn from(simulated: Simulated) -> Self {
        let Simulated { simulation, policy_version, principals_asked, classes_asked, truncated } =
            simulated;
        Self {
            policy_version,
            total: simulation.total,
            principals_changed: simulation.principals,
            principals_asked,
            classes_changed: simulation.classes,
            classes_asked,
            asked: simulation.asked,
            truncated,
            differences: simulation.differences.into_iter().map(DifferenceTold::from).collect(),
        }
    }
}
