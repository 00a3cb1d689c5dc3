//! Lineage and search, as an asker may see them.

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
pub enum Purpose {
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
        purpose: Purpose,
        ask: impl FnOnce(&Graph, &Sight<'_>) -> T,
    ) -> Result<T, FlowError> {
        let eyes = self.look();
        self.app.graph(|graph| {
            let sight = |node: &NodeRef| {
                let Some(eyes) = &eyes else { return Visibility::Visible };
                let class = graph.access(node).unwrap_or_default();
                let kind = if matches!(node, NodeRef::Job(_)) { Kind::Job } else { Kind::Dataset };
                let may = |action| {
                    let decision = eyes.about(action, kind, class);
                    let taken = purpose == Purpose::Export && decision.obligations.no_export;
                    decision.allow && !taken
                };
                let export = purpose == Purpose::Look || may(Action::LineageExport);
                let mut shown = eyes.sees(kind, class) && may(Action::LineageRead) && export;
                if let NodeRef::Field(id, field) = node {
                    let mut marks = graph.field_marks(*id, field);
                    shown &= !eyes.hides(class, &[], &[])
                        && !marks.any(|mark| eyes.hides(class, &mark.tags, &mark.classes));
                }
                if shown { Visibility::Visible } else { Visibility::Hidden }
            };
            ask(graph, &sight)
        })
    }

    /// Finds the node that a node id means, if the asker sees it.
    ///
    /// # Errors
    ///
    /// As [`super::super::App::node`].
    pub fn node(&self, text: &str) -> Result<NodeRef, FlowError> {
        let node = self.app.node(text)?;
        let seen = self.graph(Purpose::Look, |_, sight| sight(&node))?;
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
        let clearance = self.look().map(|eyes| eyes.clearance());
        self.app.index().search(&SearchRequest { clearance: clearance.as_ref(), ..request })
    }

    /// Completes what is typed, with what the asker may find.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if the index cannot be read.
    pub fn suggest(&self, request: SuggestRequest<'_>) -> Result<Vec<Suggestion>, IndexError> {
        let clearance = self.look().map(|eyes| eyes.clearance());
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
        let clearance = self.look().map(|eyes| eyes.clearance());
        let request = SearchRequest { clearance: clearance.as_ref(), ..request };
        self.app.index().explain(&request, kind, id)
    }
}
