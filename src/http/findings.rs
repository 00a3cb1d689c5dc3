//! What was said of a dataset or job and does not count, as answers tell it.

use serde::Serialize;
use utoipa::ToSchema;

use super::resource::EntityName;
use crate::base::Time;
use crate::catalog::{Finding, FindingKind, Weight};

/// Something said by somebody whose word does not count for that. It has no effect; whoever may
/// edit the dataset or job can do it for themselves.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FindingBody {
    /// `tag`, `owner`, `symlink`, `lifecycle` or `removal`.
    #[schema(example = "tag")]
    kind: &'static str,
    /// The tag, owner, state or facet that it is about; empty for a symlink.
    #[schema(example = "restricted")]
    what: String,
    /// The column, if it is about one.
    column: Option<String>,
    /// The other dataset that a symlink or rename names.
    other: Option<EntityName>,
    /// Who said it, as `service:NAME` or `user:NAME`; absent if that was not kept.
    #[schema(example = "service:airflow-prod")]
    by: Option<String>,
    /// Whether they are a stranger: others are bound to the namespace. Otherwise they only read the
    /// dataset.
    stranger: bool,
    /// When it was last received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Time,
}

impl From<&Finding> for FindingBody {
    fn from(finding: &Finding) -> Self {
        let other = finding.other.clone();
        Self {
            kind: match finding.kind {
                FindingKind::Tag => "tag",
                FindingKind::Owner => "owner",
                FindingKind::Symlink => "symlink",
                FindingKind::Lifecycle => "lifecycle",
                FindingKind::Removal => "removal",
            },
            what: finding.what.clone(),
            column: finding.column.clone(),
            other: other.map(|(namespace, name)| EntityName { namespace, name }),
            by: Some(finding.by.clone()).filter(|by| !by.is_empty()),
            stranger: matches!(
                finding.said.weight,
                Weight::ReadByStranger | Weight::ToldByStranger
            ),
            received_at: finding.said.at,
        }
    }
}
