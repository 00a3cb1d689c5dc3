//! What producers say in words of the steps of lineage: how a value is made of others. Such words
//! are expressions as often as not, and name what they like.

use std::collections::{HashMap, HashSet};

use super::super::error::FlowError;
use super::answers::Asker;
use super::spoken::GivesAway;
use crate::access::Action;
use crate::base::spoken::tail_of;
use crate::base::{DatasetId, Digest};
use crate::lineage::{Edge, Impact, Label, Path, Paths, SubGraph, Transformation};

/// Different texts of one answer that are looked at; further ones are left out.
const TEXTS_MAX: usize = 2_000;

/// A step of an answer, between two things that are seen.
pub struct Step<'a> {
    /// The fields that the answer names at its ends.
    fields: Box<dyn Iterator<Item = &'a str> + 'a>,
    /// Whether jobs that are hidden say it too.
    hidden_jobs: bool,
    transformations: &'a mut Vec<Transformation>,
}

/// An answer about lineage.
pub trait Told: Send {
    /// Returns its steps.
    fn steps(&mut self) -> Vec<Step<'_>>;

    /// Returns the fields that it names, each with the id of its dataset.
    fn fields(&self) -> Vec<(DatasetId, String)>;
}

fn field_of(label: &Label) -> Option<(DatasetId, String)> {
    Some((DatasetId(label.id?), label.field.clone()?))
}

impl Told for SubGraph {
    fn steps(&mut self) -> Vec<Step<'_>> {
        let (nodes, edges) = (&self.nodes, &mut self.edges);
        let said = edges.iter_mut().filter(|edge| !edge.transformations.is_empty());
        said.map(|edge| {
            let Edge { source, target, hidden_jobs, transformations, .. } = edge;
            let ends = [nodes.get(*source), nodes.get(*target)].into_iter().flatten();
            let fields = ends.flat_map(|node| &node.fields).map(|field| field.name.as_str());
            Step { fields: Box::new(fields), hidden_jobs: *hidden_jobs > 0, transformations }
        })
        .collect()
    }

    fn fields(&self) -> Vec<(DatasetId, String)> {
        let known = self.nodes.iter().filter_map(|node| Some((node.id?, node)));
        let fields = known.flat_map(|(id, node)| {
            node.fields.iter().map(move |field| (DatasetId(id), field.name.clone()))
        });
        fields.collect()
    }
}

impl Told for Paths {
    fn steps(&mut self) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        for Path { nodes, steps: of_path, .. } in &mut self.paths {
            let nodes: &[Label] = nodes;
            steps.extend(of_path.iter_mut().map(|step| Step {
                fields: Box::new(nodes.iter().filter_map(|node| node.field.as_deref())),
                hidden_jobs: step.hidden_jobs > 0,
                transformations: &mut step.transformations,
            }));
        }
        steps
    }

    fn fields(&self) -> Vec<(DatasetId, String)> {
        self.paths.iter().flat_map(|path| &path.nodes).filter_map(field_of).collect()
    }
}

impl Told for Impact {
    fn steps(&mut self) -> Vec<Step<'_>> {
        Vec::new()
    }

    fn fields(&self) -> Vec<(DatasetId, String)> {
        self.entries.iter().filter_map(|entry| field_of(&entry.node)).collect()
    }
}

/// An answer with something beside it that says nothing in words.
impl<T: Told, N: Copy + Send> Told for (T, N) {
    fn steps(&mut self) -> Vec<Step<'_>> {
        self.0.steps()
    }

    fn fields(&self) -> Vec<(DatasetId, String)> {
        self.0.fields()
    }
}

impl Asker {
    /// Takes out of an answer the words that name what is hidden from the asker, or masked by what
    /// these acts or those of reading ask for, and those that a job may have said which is.
    pub(super) async fn hush(
        &self,
        told: &mut impl Told,
        acts: &[Action],
    ) -> Result<(), FlowError> {
        let mut texts: HashSet<String> = HashSet::new();
        for step in told.steps() {
            let words = step.transformations.iter().flat_map(words_of);
            for text in words.filter(|_| !step.hidden_jobs) {
                if texts.len() < TEXTS_MAX && !texts.contains(text) {
                    texts.insert(text.clone());
                }
            }
        }
        let texts = Vec::from_iter(texts);
        let given_away = self.given_away(&texts, acts).await?;
        let judged: HashMap<String, GivesAway> = texts.into_iter().zip(given_away).collect();
        for step in told.steps() {
            let Step { fields, hidden_jobs, transformations } = step;
            // Names of fields are looked at only where a text holds one that is masked somewhere.
            let mut fields = Some(fields);
            let mut own: HashSet<Digest> = HashSet::new();
            let mut shown = |text: &String| {
                let Some(given) = judged.get(text).filter(|_| !hidden_jobs) else { return false };
                if !given.fields.is_empty() {
                    own.extend(fields.take().into_iter().flatten().filter_map(tail_of));
                }
                !given.datasets && given.fields.iter().all(|field| own.contains(field))
            };
            for one in transformations {
                one.subtype.take_if(|text| !shown(text));
                one.description.take_if(|text| !shown(text));
            }
        }
        Ok(())
    }
}

fn words_of(one: &Transformation) -> impl Iterator<Item = &String> {
    one.subtype.iter().chain(&one.description)
}
