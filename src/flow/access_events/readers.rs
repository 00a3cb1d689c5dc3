//! Who read anything that was derived from a dataset, between two times.
//!
//! The lineage graph says what was derived from it, over every statement that was ever made
//! (also about what is deleted by now); the stores say who read that. An answer is a page in
//! order of distance, and names what bounds left out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use uuid::Uuid;

use super::super::app::App;
use super::super::asker::{Asker, Intent};
use super::super::error::FlowError;
use super::list::{columns, dataset_node};
use crate::base::limits::GRAPH_DEPTH_MAX;
use crate::base::{DatasetId, Time};
use crate::db::ReadingRow;
use crate::lineage::{Graph, NodeRef, Question, Scope, SubGraph, Truncated};

/// Datasets that one question covers at most.
const DATASETS_MAX: usize = 5_000;
/// Different lists of columns that are looked at for one reader of one dataset.
const COLUMN_LISTS_MAX: usize = 200;
/// Columns that are listed for one reader of one dataset.
const COLUMNS_LISTED_MAX: usize = 500;

/// The question.
#[derive(Debug, Clone)]
pub struct ReadersQuestion {
    /// The dataset, as a node id.
    pub of: String,
    /// From this time on.
    pub from: Time,
    /// Before this time.
    pub until: Time,
    /// Whether what was derived from it counts too.
    pub downstream: bool,
}

/// Somebody who read a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Who, by reference.
    pub actor: Uuid,
    /// What they read, under the name that the store used.
    pub dataset: Uuid,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Hops from the dataset that was asked about; 0 for itself.
    pub hops: i32,
    /// The dataset before it on a shortest path: namespace and name.
    pub via: Option<(String, String)>,
    /// How often.
    pub count: i64,
    /// First.
    pub first: Time,
    /// Last.
    pub last: Time,
    /// Which columns, as far as they were told and the asker may see them.
    pub columns: Vec<String>,
    /// Whether there are more.
    pub more_columns: bool,
}

/// A page of readers.
#[derive(Debug, Clone, PartialEq)]
pub struct Readers {
    /// Nearest first.
    pub readers: Vec<Reader>,
    /// Datasets that were looked at.
    pub datasets: usize,
    /// Datasets in reach that the asker must not see: their readers are left out.
    pub hidden: usize,
    /// What the walk along the lineage left out.
    pub truncated: Truncated,
    /// Whether there are more pages.
    pub more: bool,
}

/// One name of a dataset within the question's reach.
#[derive(Debug, Clone)]
struct Target {
    hops: i32,
    id: Uuid,
    namespace: String,
    name: String,
    via: Option<(String, String)>,
}

/// What a question covers.
struct Reached {
    targets: Vec<Target>,
    truncated: Truncated,
    hidden: usize,
}

impl App {
    /// Answers who read a dataset, or anything that was derived from it, after a place in
    /// the answer's order: hops, dataset, reader.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if the graph knows no such dataset, [`FlowError::BadInput`] if
    /// the times are not in order.
    pub async fn readers(
        &self,
        asker: &Asker,
        question: &ReadersQuestion,
        after: Option<(i32, Uuid, Uuid)>,
        limit: usize,
    ) -> Result<Readers, FlowError> {
        if question.from >= question.until {
            return Err(FlowError::bad("until", "must be later than `from`"));
        }
        let Reached { targets, truncated, hidden } = targets(asker, question).await?;
        let ids: Vec<Uuid> = targets.iter().map(|target| target.id).collect();
        let accessed: HashSet<Uuid> = self.db().accessed_among(&ids).await?.into_iter().collect();
        let span = (question.from, question.until);
        let datasets = targets.len();
        let mut readers = Vec::new();
        for target in targets.iter().filter(|target| accessed.contains(&target.id)) {
            let from = match after {
                Some((hops, id, _)) if (target.hops, target.id) < (hops, id) => continue,
                Some((hops, id, actor)) if (target.hops, target.id) == (hops, id) => actor,
                _ => Uuid::nil(),
            };
            let left = (limit + 1).saturating_sub(readers.len());
            if left == 0 {
                break;
            }
            for row in self.db().access_readings(target.id, span, from, left).await? {
                readers.push((target, row));
            }
        }
        let more = readers.len() > limit;
        readers.truncate(limit);
        let found = self.told_of(asker, readers, span).await?;
        let fields = found.iter().flat_map(|reader| {
            reader.columns.iter().map(|column| (DatasetId(reader.dataset), column.clone()))
        });
        asker.note_fields(fields.collect::<Vec<_>>()).await?;
        Ok(Readers { readers: found, datasets, hidden, truncated, more })
    }

    /// Tells what readers read, without the columns that the asker must not see.
    async fn told_of(
        &self,
        asker: &Asker,
        readers: Vec<(&Target, ReadingRow)>,
        span: (Time, Time),
    ) -> Result<Vec<Reader>, FlowError> {
        let (mut named, mut cut) = (Vec::new(), Vec::new());
        for (target, row) in &readers {
            let (columns, more) = self.columns_read(target.id, row.actor, span).await?;
            named.push((DatasetId(target.id), columns));
            cut.push(more);
        }
        let named = asker.accessed_fields(named)?.into_iter().zip(cut);
        let told = readers.into_iter().zip(named).map(|((target, row), (mut columns, cut))| {
            let more_columns = cut || columns.len() > COLUMNS_LISTED_MAX;
            columns.truncate(COLUMNS_LISTED_MAX);
            Reader {
                actor: row.actor,
                dataset: target.id,
                namespace: target.namespace.clone(),
                name: target.name.clone(),
                hops: target.hops,
                via: target.via.clone(),
                count: row.count,
                first: row.first,
                last: row.last,
                columns,
                more_columns,
            }
        });
        Ok(told.collect())
    }

    /// Returns which columns somebody read, and whether there are lists that were not looked at.
    async fn columns_read(
        &self,
        dataset: Uuid,
        actor: Uuid,
        span: (Time, Time),
    ) -> Result<(Vec<String>, bool), FlowError> {
        let found = self.db().access_columns((dataset, actor), span, COLUMN_LISTS_MAX + 1).await?;
        let lists = found.iter().take(COLUMN_LISTS_MAX).flat_map(|text| columns(text));
        let all: BTreeSet<String> = lists.collect();
        Ok((all.into_iter().collect(), found.len() > COLUMN_LISTS_MAX))
    }
}

/// Walks from a dataset along the lineage and returns every name of what is reached, in
/// order of distance and id; and how many datasets the asker must not see.
async fn targets(asker: &Asker, question: &ReadersQuestion) -> Result<Reached, FlowError> {
    let id = dataset_node(asker, &question.of).await?;
    let down = if question.downstream { GRAPH_DEPTH_MAX } else { 0 };
    let walk = Question {
        include_jobs: false,
        limit: DATASETS_MAX,
        // Who read it then may have read what was derived then.
        scope: Scope { include_deleted: true, ..Scope::default() },
        ..Question::around(NodeRef::Dataset(id), 0, down)
    };
    let walked = || {
        asker.graph(Intent::Look, |graph, sight| named(graph, &graph.reach_seen_by(&walk, sight)))
    };
    let mut reached = tokio::task::block_in_place(walked)?;
    if !question.downstream {
        // That there is more downstream was not asked.
        reached.truncated = Truncated::default();
    }
    Ok(reached)
}

fn named(graph: &Graph, answer: &SubGraph) -> Reached {
    let label = |place: usize| {
        let node = answer.nodes.get(place).filter(|node| node.id.is_some());
        node.map(|node| (node.namespace.clone(), node.name.clone()))
    };
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    for edge in &answer.edges {
        let hops = |place: usize| answer.nodes.get(place).map_or(0, |node| node.hops);
        if hops(edge.source) + 1 == hops(edge.target) {
            before.entry(edge.target).or_insert(edge.source);
        }
    }
    let mut targets = Vec::new();
    for (place, node) in answer.nodes.iter().enumerate() {
        let via = before.get(&place).and_then(|place| label(*place));
        for id in node.id.iter().chain(&node.aliases) {
            let name = graph.dataset_name(DatasetId(*id));
            let (namespace, name) = name.unwrap_or((&node.namespace, &node.name));
            targets.push(Target {
                hops: node.hops,
                id: *id,
                namespace: namespace.to_owned(),
                name: name.to_owned(),
                via: via.clone(),
            });
        }
    }
    targets.sort_by_key(|target| (target.hops, target.id));
    targets.dedup_by_key(|target| target.id);
    let hidden = answer.nodes.iter().filter_map(|node| node.hidden.as_ref());
    let hidden = hidden.map(|count| count.datasets).sum();
    Reached { targets, truncated: answer.truncated, hidden }
}
