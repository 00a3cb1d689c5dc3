//! Lineage, as an asker may see it.

use std::collections::HashMap;
use std::hash::Hash;

use uuid::Uuid;

use super::super::error::FlowError;
use super::super::positions::Follower;
use super::answers::Asker;
use super::described::Told;
use super::read::find_node;
use super::redact::Hidden;
use crate::access::{Action, Kind};
use crate::lineage::{Graph, NodeRef, Sight, Visibility};

/// What a graph is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// To be looked at.
    Look,
    /// To be taken away as a file.
    Export,
}

impl Intent {
    /// The acts that are asked of each dataset, field or job; what any of them asks for is carried out.
    fn acts(self, kind: Kind) -> &'static [Action] {
        use Action::{DatasetSearch, JobSearch, LineageExport, LineageRead};
        match (self, kind) {
            (Self::Look, Kind::Job) => &[JobSearch, LineageRead],
            (Self::Look, _) => &[DatasetSearch, LineageRead],
            (Self::Export, Kind::Job) => &[JobSearch, LineageRead, LineageExport],
            (Self::Export, _) => &[DatasetSearch, LineageRead, LineageExport],
        }
    }
}

impl Asker {
    /// Asks the lineage graph something. Hand the sight on to whatever answers: nodes that it
    /// hides may be walked over but not named. Of what is told the words that name what is hidden
    /// are left out. That it names fields of personal data is recorded.
    ///
    /// # Errors
    ///
    /// [`FlowError::OutOfTouch`] if this node does not know what it must hide,
    /// [`FlowError::Internal`] if a thread died while changing the graph,
    /// [`FlowError::Db`] if the database fails.
    pub async fn lineage<T: Told>(
        &self,
        intent: Intent,
        ask: impl FnOnce(&Graph, &Sight<'_>) -> T,
    ) -> Result<T, FlowError> {
        let mut told = tokio::task::block_in_place(|| self.graph(intent, ask))?;
        if !self.traces_all(intent) {
            self.hush(&mut told, intent.acts(Kind::Dataset)).await?;
        }
        self.note_fields(told.fields()).await?;
        Ok(told)
    }

    /// The same, for answers in which nothing is said in words.
    pub(in crate::flow) fn graph<T>(
        &self,
        intent: Intent,
        ask: impl FnOnce(&Graph, &Sight<'_>) -> T,
    ) -> Result<T, FlowError> {
        let rights = self.rights();
        let since = self.app.since(Follower::Lineage, self.seen)?;
        let is_sure = since.is_complete() || self.traces_all(intent);
        self.app.graph(|graph| {
            let sight = |node: &NodeRef| {
                let Some(rights) = &rights else { return Visibility::Visible };
                if !is_sure {
                    return Visibility::Hidden;
                }
                let now = since.access_class(id_of(node));
                let access_class = now.or_else(|| graph.access(node)).unwrap_or_default();
                let kind = if matches!(node, NodeRef::Job(_)) { Kind::Job } else { Kind::Dataset };
                let acts = intent.acts(kind);
                let mut shown = acts.iter().all(|action| {
                    let decision = rights.about(*action, kind, access_class);
                    let taken = intent == Intent::Export && decision.obligations.no_export;
                    decision.allow && !taken
                });
                if let NodeRef::Field(id, field) = node {
                    shown = shown
                        && match now {
                            // Nor does the graph know the marks of its fields.
                            Some(access_class) => rights.shows_all_fields(access_class, acts),
                            None => {
                                !rights.hides(access_class, acts, || graph.field_marks(*id, field))
                            }
                        };
                }
                if shown { Visibility::Visible } else { Visibility::Hidden }
            };
            ask(graph, &sight)
        })
    }

    /// Returns whether nothing at all is hidden from the asker, nor kept back, where lineage is asked.
    pub(super) fn traces_all(&self, intent: Intent) -> bool {
        self.rights().is_none_or(|rights| {
            let all = |kind| rights.everywhere(intent.acts(kind), kind);
            rights.unbounded() && all(Kind::Dataset) && all(Kind::Job)
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
        let since = self.app.since(Follower::Lineage, self.seen)?;
        if !since.is_complete() {
            return Ok((HashMap::new(), ids));
        }
        self.app.graph(|graph| {
            let access_class = |id: &I| {
                let node = node(*id);
                let now = since.access_class(id_of(&node));
                now.or_else(|| graph.access(&node)).filter(|access_class| *access_class > 0)
            };
            let known = ids.iter().filter_map(|id| Some((*id, access_class(id)?)));
            let known: HashMap<I, u32> = known.collect();
            ids.retain(|id| !known.contains_key(id));
            (known, ids)
        })
    }

    /// Finds the node that a node id in a parameter means, among those that the asker sees. Of a
    /// dataset of whose fields any may be kept back, a field must be one that is seen, and may be taken
    /// away if that is meant: else who guesses could tell a masked name from one that is not there.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if it begins with no kind of node, [`FlowError::NotFound`] if
    /// nothing is meant that the asker sees, else as [`Self::lineage`].
    pub async fn node(
        &self,
        intent: Intent,
        parameter: &str,
        text: &str,
    ) -> Result<NodeRef, FlowError> {
        let (node, seen) = self.graph(Intent::Look, |graph, sight| {
            let visible = |node: &NodeRef| sight(node) == Visibility::Visible;
            let node = find_node(parameter, text, |node| graph.contains(node) && visible(node))?;
            let seen = (graph.contains(&node), visible(&node));
            Ok::<_, FlowError>((node, seen))
        })??;
        match (self.is_field_seen(intent, &node, seen.0).await?, seen.1) {
            (true, true) => Ok(node),
            _ => Err(FlowError::NotFound(format!("node {text}"))),
        }
    }

    /// Returns whether a field may be asked about; `known` tells whether the graph knows it.
    async fn is_field_seen(
        &self,
        intent: Intent,
        node: &NodeRef,
        known: bool,
    ) -> Result<bool, FlowError> {
        let NodeRef::Field(dataset, field) = node else { return Ok(true) };
        if self.traces_all(intent) {
            return Ok(true);
        }
        if !self.graph(intent, |_, sight| sight(node) == Visibility::Visible)? {
            return Ok(false);
        }
        let rows = self.app.db().datasets(&[*dataset]).await?;
        self.learn(&rows.iter().map(|row| row.access_class).collect::<Vec<_>>()).await?;
        let Some(full) = self.app.datasets_full(rows).await?.pop() else { return Ok(known) };
        let Some(rights) = self.rights() else { return Ok(true) };
        let acts = intent.acts(Kind::Dataset);
        Ok(!Hidden::of(&rights, &full, acts).has(field) || known)
    }
}

/// Returns the id by which a node's access class is known: of a field its dataset's.
pub(super) fn id_of(node: &NodeRef) -> Uuid {
    match node {
        NodeRef::Dataset(id) | NodeRef::Field(id, _) => id.0,
        NodeRef::Job(id) => id.0,
    }
}
