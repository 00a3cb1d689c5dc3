//! Which records of the audit log are wanted.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::caller::Requester;
use super::documents;
use super::page::Params;
use super::problem::Problem;
use super::state::Http;
use crate::base::Time;
use crate::db::AuditFilter;
use crate::flow::{Intent, recorded_acts};
use crate::lineage::NodeRef;

/// Which records are wanted; what is absent does not matter.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilterParams {
    /// By this principal.
    actor: Option<Uuid>,
    /// Of this action.
    #[param(value_type = Option<documents::RecordedAct>, inline, example = "dataset:edit")]
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
    /// Made before this time; `to` is the same.
    #[param(value_type = Option<String>, format = DateTime)]
    #[serde(alias = "to")]
    until: Option<Time>,
}

/// Characters of an unknown parameter's name that are told.
const NAME_TOLD_CHARS: usize = 100;
/// The parameters of [`FilterParams`].
const FILTERS: [&str; 10] = [
    "actor", "action", "resource", "dataset", "subject", "outcome", "purpose", "from", "until",
    "to",
];
/// What else the routes that filter take: pages, buckets, forms, and what every route takes.
const BESIDE: [&str; 7] = ["limit", "after", "by", "split", "fromIndex", "format", "wait_for"];

/// The filter of a request; a 400 problem if the query holds a parameter that is none: whoever mistypes
/// one must not take all records for those that were asked for.
#[derive(Debug)]
pub(super) struct Filter(pub(super) FilterParams);

impl<S: Send + Sync> FromRequestParts<S> for Filter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Params(filter) = Params::from_request_parts(parts, state).await?;
        let Query(asked) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|error| Problem::bad_input("query", &error.body_text()))?;
        let is_known = |name: &str| FILTERS.contains(&name) || BESIDE.contains(&name);
        match asked.iter().find(|(name, _)| !is_known(name)) {
            Some((name, _)) => {
                let name: String = name.chars().take(NAME_TOLD_CHARS).collect();
                let message =
                    format!("is no parameter; records are filtered by {}", FILTERS.join(", "));
                Err(Problem::bad_input(&name, &message))
            }
            None => Ok(Self(filter)),
        }
    }
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
        if self.action.as_ref().is_some_and(|asked| !recorded_acts().any(|known| known == asked)) {
            let message = "is no act that is recorded, such as `dataset:edit`; docs/audit.md and the OpenAPI document list them";
            return Err(Problem::bad_input("action", message));
        }
        let resource = match &self.dataset {
            Some(node) => {
                let seen = http.app.asker(&asker.known, &asker.actor, None).await?;
                match seen.node(Intent::Look, "dataset", node).await? {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_of_the_document_is_let_through() {
        for param in FilterParams::into_params(|| None) {
            assert!(FILTERS.contains(&param.name.as_str()), "{}", param.name);
        }
    }
}
