//! Which records of the audit log are wanted.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::caller::Requester;
use super::documents;
use super::problem::Problem;
use super::state::Http;
use crate::base::Time;
use crate::db::AuditFilter;
use crate::lineage::NodeRef;

/// Which records are wanted; what is absent does not matter.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilterParams {
    /// By this principal.
    actor: Option<Uuid>,
    /// Of this action.
    #[param(example = "dataset:edit")]
    action: Option<String>,
    /// About this dataset, job, token, …, by its id.
    resource: Option<Uuid>,
    /// About this dataset or job: `dataset:{namespace}:{name}`.
    #[param(value_type = Option<documents::EntityText>, inline)]
    dataset: Option<String>,
    /// Concerning this person, by reference.
    subject: Option<Uuid>,
    /// That ended so: `done`, `allowed`, `denied` or `failed`.
    #[param(inline)]
    outcome: Option<OutcomeParam>,
    /// For this purpose.
    purpose: Option<String>,
    /// Made at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// Made before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Time>,
}

/// How an act ended.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum OutcomeParam {
    /// It took effect.
    Done,
    /// It was allowed.
    Allowed,
    /// It was denied.
    Denied,
    /// It was tried and failed.
    Failed,
}

/// The words for how acts end, in the order of their numbers.
const OUTCOMES: [&str; 4] = ["done", "allowed", "denied", "failed"];

/// Returns the word for how acts end, by its number.
pub(super) fn outcome_word(code: &str) -> &str {
    code.parse().ok().and_then(|place: usize| OUTCOMES.get(place).copied()).unwrap_or(code)
}

impl FilterParams {
    /// Reads the filter; a dataset must be one that the asker sees.
    pub(super) async fn read(self, http: &Http, asker: &Requester) -> Result<AuditFilter, Problem> {
        for (name, text) in [("action", &self.action), ("purpose", &self.purpose)] {
            if text.as_ref().is_some_and(|text| text.contains('\0')) {
                return Err(Problem::bad_input(name, "must not contain the character NUL"));
            }
        }
        let resource = match &self.dataset {
            Some(node) => {
                let seen = http.app.asker(&asker.known, &asker.actor, None).await?;
                match seen.node("dataset", node).await? {
                    NodeRef::Dataset(id) | NodeRef::Field(id, _) => Some(id.0),
                    NodeRef::Job(id) => Some(id.0),
                }
            }
            None => None,
        };
        Ok(AuditFilter {
            actor: self.actor,
            action: self.action,
            resource: resource.or(self.resource),
            subject: self.subject,
            outcome: self.outcome.map(|outcome| outcome as i16),
            purpose: self.purpose,
            from: self.from,
            until: self.until,
        })
    }
}
