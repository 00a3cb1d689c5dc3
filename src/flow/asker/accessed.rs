//! What stores told of who read what, as far as an asker may know it.
//!
//! Reading accesses is an act of its own, but it shows parts of datasets: names of fields, and texts
//! that go with them. So whatever reading the dataset asks for is carried out here as well, together
//! with what the act's own rules ask for: a masked field is not told by who read it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::super::error::FlowError;
use super::super::positions::Follower;
use super::answers::Asker;
use super::redact::Hidden;
use super::relations::Touched;
use super::rights::{Masks, Rights};
use super::sight::Intent;
use super::spoken::GivesAway;
use crate::access::{Action, Decision, Kind, Resource};
use crate::base::spoken::{Spoken, tail_of};
use crate::base::{DatasetId, Digest};
use crate::lineage::{NodeRef, Visibility};

/// A text that a store told with an access to a dataset.
pub(in crate::flow) type AccessText = (DatasetId, String);

/// How a text that goes with an access may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::flow) struct Tellable {
    /// As the text of a query.
    pub(in crate::flow) as_query: bool,
    /// As words of the store's own: what for, by which number.
    pub(in crate::flow) as_words: bool,
}

impl Asker {
    /// Keeps of fields of datasets those that may be told to whoever reads accesses.
    pub(in crate::flow) fn accessed_fields(
        &self,
        named: Vec<(DatasetId, Vec<String>)>,
    ) -> Result<Vec<Vec<String>>, FlowError> {
        let rights = self.rights();
        let own = rights.as_deref().map(|rights| Masks::of(own_decision(rights)));
        let own = own.filter(|own| !own.is_empty());
        let since = self.app.since(Follower::Lineage, self.seen)?;
        self.graph(Intent::Look, |graph, sight| {
            let masked = |id: DatasetId, field: &str| {
                let (Some(rights), Some(own)) = (&rights, &own) else { return false };
                // Of what changed since, the graph does not know the marks.
                let now = since.access_class(id.0);
                let known = graph.access(&NodeRef::Dataset(id)).unwrap_or_default();
                let marks = || graph.field_marks(id, field);
                now.is_some() || !since.is_complete() || rights.hides_by(own, known, marks)
            };
            let told = |id: DatasetId, field: &String| {
                let node = NodeRef::Field(id, field.clone());
                sight(&node) == Visibility::Visible && !masked(id, field)
            };
            let kept = named.into_iter().map(|(id, mut fields)| {
                fields.retain(|field| told(id, field));
                fields
            });
            kept.collect()
        })
    }

    /// Decides of texts that go with accesses to datasets which the asker sees how each may be told: a
    /// query as the SQL of a job that read the dataset, others if they name nothing that is hidden or
    /// masked.
    pub(in crate::flow) async fn accessed_texts(
        &self,
        said: BTreeSet<AccessText>,
    ) -> Result<BTreeMap<AccessText, Tellable>, FlowError> {
        let all = Tellable { as_query: true, as_words: true };
        if said.is_empty() || self.rights().is_none() {
            return Ok(said.into_iter().map(|text| (text, all)).collect());
        }
        let classes = self.classes_of(said.iter().map(|(id, _)| *id).collect()).await?;
        let (touched, texts): (Vec<Touched>, Vec<String>) = said.iter().map(goes_with).unzip();
        let given_away = match self.rights().is_some_and(|rights| rights.unbounded()) {
            true => vec![GivesAway::default(); said.len()],
            false => self.given_away(&texts, &[]).await?,
        };
        let related = self.seen_whole(&touched).await?;
        let Some(rights) = self.rights() else { return Ok(BTreeMap::new()) };
        let of_part = said.iter().zip(&related).filter(|(_, related)| !**related);
        let kept_back = self.kept_back(&rights, of_part.map(|((id, _), _)| *id).collect()).await?;
        let redacted = redacts(&own_decision(&rights));
        let mut told = BTreeMap::new();
        let judged = touched.iter().zip(related).zip(&given_away);
        for (text, ((touched, related), given_away)) in said.into_iter().zip(judged) {
            let own = self.own_fields(touched, related, given_away).await?;
            let names = |fields| !Spoken::of(&text.1).tails().is_disjoint(fields);
            let own = own && !kept_back.get(&text.0).is_some_and(names);
            let access_class = classes.get(&text.0).copied().unwrap_or_default();
            let query = !redacted && related && reads_queries(&rights, access_class);
            let as_query = query && own && !given_away.datasets;
            told.insert(text, Tellable { as_query, as_words: own && !given_away.hidden });
        }
        Ok(told)
    }

    /// Returns what the fields of datasets that are kept back are known by in texts. A mark on the
    /// whole names none of those that it masks.
    async fn kept_back(
        &self,
        rights: &Rights,
        ids: BTreeSet<DatasetId>,
    ) -> Result<HashMap<DatasetId, HashSet<Digest>>, FlowError> {
        let rows = self.app.db().datasets(&Vec::from_iter(ids)).await?;
        let full = self.app.datasets_full(rows).await?;
        let known = full.iter().flat_map(|full| {
            let hidden = Hidden::of(rights, full, &[]);
            let columns = full.view.columns.iter().map(|column| &column.name);
            let columns = columns.filter(|name| hidden.has(name));
            let tails: HashSet<Digest> = columns.filter_map(|name| tail_of(name)).collect();
            full.names.iter().map(move |(id, ..)| (*id, tails.clone()))
        });
        Ok(known.collect())
    }
}

/// Decides about reading accesses, as the door does.
fn own_decision(rights: &Rights) -> Arc<Decision> {
    let action = Action::AccessEventRead;
    rights.decide(action, &Resource::new(action.kind()).access_class())
}

/// Returns whether an act shows no query: one would name the fields that it masks.
fn redacts(decision: &Decision) -> bool {
    decision.obligations.redact_sql || decision.obligations.mask.is_some()
}

/// Returns whether reading a dataset and its fields shows queries.
fn reads_queries(rights: &Rights, access_class: u32) -> bool {
    let acts = [Action::DatasetRead, Action::DatasetReadFields];
    acts.into_iter().all(|action| {
        let decision = rights.about(action, Kind::Dataset, access_class);
        decision.allow && !decision.obligations.redact_sql
    })
}

fn goes_with((id, text): &AccessText) -> (Touched, String) {
    (Touched { datasets: [*id].into(), ..Touched::default() }, text.clone())
}
