//! Node ids as people write them: `dataset:{namespace}:{name}`, `job:…`,
//! `datasetField:{namespace}:{dataset}:{field}`, or any of them by UUID.

use super::super::super::app::App;
use super::super::super::error::FlowError;
use crate::base::{DatasetId, JobId};
use crate::lineage::{Graph, NodeRef};

/// Splits that are tried before a node id counts as unknown.
const SPLITS_MAX: usize = 64;

impl App {
    /// Finds the node that a node id in a parameter means. Namespaces and names hold colons themselves, so
    /// the split that names something known is taken.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if it begins with no kind of node, [`FlowError::NotFound`] if
    /// nothing known is meant.
    pub(in crate::flow::asker) fn node(
        &self,
        parameter: &str,
        text: &str,
    ) -> Result<NodeRef, FlowError> {
        let malformed = || {
            FlowError::bad(
                parameter,
                "must be dataset:{namespace}:{name}, job:{namespace}:{name} or datasetField:{namespace}:{dataset}:{field}",
            )
        };
        let (kind, rest) = text.split_once(':').ok_or_else(malformed)?;
        let found = self.graph(|graph| match kind {
            "dataset" => Ok(dataset(graph, rest).map(NodeRef::Dataset)),
            "job" => Ok(job(graph, rest).map(NodeRef::Job)),
            "datasetField" | "field" => Ok(field(graph, rest)),
            _ => Err(malformed()),
        })??;
        found.ok_or_else(|| FlowError::NotFound(format!("node {text}")))
    }
}

fn dataset(graph: &Graph, text: &str) -> Option<DatasetId> {
    let known = |id: &DatasetId| graph.contains(&NodeRef::Dataset(*id));
    let by_id = uuid::Uuid::try_parse(text).ok().map(DatasetId).filter(known);
    by_id.or_else(|| splits(text).map(|(ns, name)| DatasetId::of(ns, name)).find(known))
}

fn job(graph: &Graph, text: &str) -> Option<JobId> {
    let known = |id: &JobId| graph.contains(&NodeRef::Job(*id));
    let by_id = uuid::Uuid::try_parse(text).ok().map(JobId).filter(known);
    by_id.or_else(|| splits(text).map(|(ns, name)| JobId::of(ns, name)).find(known))
}

fn field(graph: &Graph, text: &str) -> Option<NodeRef> {
    let ends = text.rmatch_indices(':').take(SPLITS_MAX);
    ends.filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?)))
        .find_map(|(of, field)| Some(NodeRef::Field(dataset(graph, of)?, field.to_owned())))
}

fn splits(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let colons = text.match_indices(':').take(SPLITS_MAX);
    colons.filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?)))
}
