//! Lineage and search, as an asker may see them.

use std::collections::HashMap;
use std::hash::Hash;

use super::super::error::FlowError;
use super::answers::Asker;
use crate::access::{Action, Kind};
use crate::base::NodeKind;
use crate::index::{
    Explanation, IndexError, SearchRequest, SearchResults, SuggestRequest, Suggestion,
};
use crate::lineage::{Graph, NodeRef, Sight, Visibility};

/// What a graph is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// To be looked at.
    Look,
    /// To be taken away as a file.
    Export,
}

impl Asker {
    /// Asks the lineage graph something. Hand the sight on to whatever answers: nodes that it
    /// hides may be walked over but not named.
    ///
    /// # Errors
    ///
    /// [`FlowError::Internal`] if a thread died while changing the graph.
    pub fn graph<T>(
        &self,
        intent: Intent,
        ask: impl FnOnce(&Graph, &Sight<'_>) -> T,
    ) -> Result<T, FlowError> {
        let rights = self.rights();
        self.app.graph(|graph| {
            let sight = |node: &NodeRef| {
                let Some(rights) = &rights else { return Visibility::Visible };
                let class = graph.access(node).unwrap_or_default();
                let kind = if matches!(node, NodeRef::Job(_)) { Kind::Job } else { Kind::Dataset };
                let may = |action| {
                    let decision = rights.about(action, kind, class);
                    let taken = intent == Intent::Export && decision.obligations.no_export;
                    decision.allow && !taken
                };
                let export = intent == Intent::Look || may(Action::LineageExport);
                let mut shown = rights.sees(kind, class) && may(Action::LineageRead) && export;
                if let NodeRef::Field(id, field) = node {
                    shown &= !rights.hides(class, || graph.field_marks(*id, field));
                }
                if shown { Visibility::Visible } else { Visibility::Hidden }
            };
            ask(graph, &sight)
        })
    }

    /// Returns the access classes of nodes that the graph knows, and those that it does not.
    pub(super) fn classes_in_graph<I: Copy + Ord + Hash>(
        &self,
        mut ids: Vec<I>,
        node: fn(I) -> NodeRef,
    ) -> Result<(HashMap<I, u32>, Vec<I>), FlowError> {
        ids.sort_unstable();
        ids.dedup();
        self.app.graph(|graph| {
            let class = |id: &I| graph.access(&node(*id)).filter(|class| *class > 0);
            let known = ids.iter().filter_map(|id| Some((*id, class(id)?)));
            let known: HashMap<I, u32> = known.collect();
            ids.retain(|id| !known.contains_key(id));
            (known, ids)
        })
    }

    /// Finds the node that a node id means, if the asker sees it.
    ///
    /// # Errors
    ///
    /// As [`super::super::App::node`].
    pub fn node(&self, text: &str) -> Result<NodeRef, FlowError> {
        let node = self.app.node(text)?;
        let seen = self.graph(Intent::Look, |_, sight| sight(&node))?;
        match seen {
            Visibility::Visible => Ok(node),
            Visibility::Hidden => Err(FlowError::NotFound(format!("node {text}"))),
        }
    }

    /// Searches what the asker may find.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be read.
    pub fn search(&self, request: SearchRequest<'_>) -> Result<SearchResults, IndexError> {
        let clearance = self.rights().map(|rights| rights.clearance());
        self.app.index().search(&SearchRequest { clearance: clearance.as_ref(), ..request })
    }

    /// Completes what is typed, with what the asker may find.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be read.
    pub fn suggest(&self, request: SuggestRequest<'_>) -> Result<Vec<Suggestion>, IndexError> {
        let clearance = self.rights().map(|rights| rights.clearance());
        self.app.index().suggest(&SuggestRequest { clearance: clearance.as_ref(), ..request })
    }

    /// Explains a hit that the asker may find.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be read.
    pub fn explain(
        &self,
        request: SearchRequest<'_>,
        kind: NodeKind,
        id: uuid::Uuid,
    ) -> Result<Option<Explanation>, IndexError> {
        let clearance = self.rights().map(|rights| rights.clearance());
        let request = SearchRequest { clearance: clearance.as_ref(), ..request };
        self.app.index().explain(&request, kind, id)
    }
}
