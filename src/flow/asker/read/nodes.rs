//! Node ids as people write them: `dataset:{namespace}:{name}`, `job:…`,
//! `datasetField:{namespace}:{dataset}:{field}`, or any of them by UUID.

use super::super::super::error::FlowError;
use crate::base::{DatasetId, JobId};
use crate::lineage::NodeRef;

/// Splits that are tried before a node id counts as unknown.
const SPLITS_MAX: usize = 64;

/// Finds the node that a node id in a parameter means. Namespaces and names hold colons themselves, so
/// the likeliest split is taken of those that name something which is there to whoever asks: what is
/// hidden from them must not stand before what they see.
///
/// # Errors
///
/// [`FlowError::BadInput`] if it begins with no kind of node, [`FlowError::NotFound`] if
/// nothing that is there is meant.
pub(in crate::flow::asker) fn find_node(
    parameter: &str,
    text: &str,
    is_there: impl Fn(&NodeRef) -> bool,
) -> Result<NodeRef, FlowError> {
    let malformed = || {
        FlowError::bad(
            parameter,
            "must be dataset:{namespace}:{name}, job:{namespace}:{name} or datasetField:{namespace}:{dataset}:{field}",
        )
    };
    let (kind, rest) = text.split_once(':').ok_or_else(malformed)?;
    let found = match kind {
        "dataset" => dataset(&is_there, rest),
        "job" => job(&is_there, rest),
        "datasetField" | "field" => field(&is_there, rest),
        _ => return Err(malformed()),
    };
    found.ok_or_else(|| FlowError::NotFound(format!("node {text}")))
}

fn dataset(is_there: &impl Fn(&NodeRef) -> bool, text: &str) -> Option<NodeRef> {
    let named = splits(text).into_iter().map(|(ns, name)| DatasetId::of(ns, name));
    let by_id = uuid::Uuid::try_parse(text).ok().map(DatasetId);
    by_id.into_iter().chain(named).map(NodeRef::Dataset).find(is_there)
}

fn job(is_there: &impl Fn(&NodeRef) -> bool, text: &str) -> Option<NodeRef> {
    let named = splits(text).into_iter().map(|(ns, name)| JobId::of(ns, name));
    let by_id = uuid::Uuid::try_parse(text).ok().map(JobId);
    by_id.into_iter().chain(named).map(NodeRef::Job).find(is_there)
}

/// Of a field it is enough that its dataset is there: whether the field is, is looked up by whoever
/// knows the dataset's columns.
fn field(is_there: &impl Fn(&NodeRef) -> bool, text: &str) -> Option<NodeRef> {
    let ends = text.rmatch_indices(':').take(SPLITS_MAX);
    ends.filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?))).find_map(
        |(of, field)| match dataset(is_there, of)? {
            NodeRef::Dataset(id) => Some(NodeRef::Field(id, field.to_owned())),
            _ => None,
        },
    )
}

/// Returns the ways to split a text, those last that cut a URL before its slashes or its port.
fn splits(text: &str) -> Vec<(&str, &str)> {
    let colons = text.match_indices(':').take(SPLITS_MAX);
    let mut all: Vec<(&str, &str)> =
        colons.filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?))).collect();
    all.sort_by_key(|(_, name)| {
        name.starts_with("//") || name.starts_with(|first: char| first.is_ascii_digit())
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, there: &[(&str, &str)]) -> Option<NodeRef> {
        let there: Vec<DatasetId> =
            there.iter().map(|(ns, name)| DatasetId::of(ns, name)).collect();
        let is_there = |node: &NodeRef| matches!(node, NodeRef::Dataset(id) if there.contains(id));
        find_node("focus", text, is_there).ok()
    }

    #[test]
    fn the_likeliest_split_is_meant_of_those_that_are_there() {
        let (seen, other) = (("pg://open:5432", "seen"), ("pg://open", "5432:seen"));
        let of = |(ns, name): (&str, &str)| DatasetId::of(ns, name);
        for there in [&[seen, other][..], &[seen][..]] {
            let (dataset, field) = ("dataset:pg://open:5432:seen", "field:pg://open:5432:seen:id");
            assert_eq!(found(dataset, there), Some(NodeRef::Dataset(of(seen))));
            assert_eq!(found(field, there), Some(NodeRef::Field(of(seen), "id".to_owned())));
        }
        assert_eq!(
            found("dataset:pg://open:5432:seen", &[other]),
            Some(NodeRef::Dataset(of(other)))
        );
        assert_eq!(found("dataset:pg://open:5432:seen", &[]), None);
    }
}
