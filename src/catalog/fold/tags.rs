//! Folds what has an effect beyond being shown: tags and owners, and what of them, of names and
//! of lifecycle does not count.

use super::super::document::author::{Standing, Weight};
use super::super::document::dataset::DatasetDoc;
use super::super::document::facet::GUARDED;
use super::super::document::finding::{Finding, FindingKind, Findings};
use super::super::document::job::JobDoc;
use super::super::document::said::{SaidTags, is_heard, restricts};
use super::super::document::small::TagDoc;
use super::super::document::stamp::Stamp;
use super::context::Fold;
use crate::base::tag::{spelled, tag_of};
use crate::openlineage::facets::{LifecycleStateChange, Ownership, Tags};
use crate::openlineage::{Dataset, Facets, is_deleted};

/// Folds the `tags` facet of a dataset.
pub(super) fn fold_dataset_tags(
    fold: &mut Fold<'_>,
    dataset: &Dataset,
    weight: Weight,
    doc: &mut DatasetDoc,
) {
    let standing = fold.received.voice.standing(&dataset.namespace);
    let (said, unheard) = said_tags(fold, &dataset.facets, weight, standing);
    doc.said = said;
    for (column, tag) in unheard {
        // What many readers repeat of tags that restrict nothing would only be noise.
        if restricts(&tag) || standing == Standing::Stranger {
            let finding = finding(fold, FindingKind::Tag, &tag, weight);
            doc.findings.put(Finding { column, ..finding });
        }
    }
}

/// Folds the facets of a job.
pub(super) fn fold_job_facets(fold: &mut Fold<'_>, job: &mut JobDoc, facets: &Facets) {
    let standing = fold.received.voice.standing_to_job(&job.namespace);
    let weight = Weight::of(false, standing);
    job.facets = fold.facets(facets, weight);
    let (said, unheard) = said_tags(fold, facets, weight, standing);
    job.said = said;
    for (column, tag) in unheard {
        let finding = finding(fold, FindingKind::Tag, &tag, weight);
        job.findings.put(Finding { column, ..finding });
    }
    if !weight.counts() {
        note_uncounted(fold, facets, weight, &mut job.findings);
    }
}

/// Tags that are not heard, each with its column.
type Unheard = Vec<(Option<String>, String)>;

/// Parts the tags of a `tags` facet into those that rules may read, which get documents, and
/// the others.
fn said_tags(
    fold: &mut Fold<'_>,
    facets: &Facets,
    weight: Weight,
    standing: Standing,
) -> (SaidTags, Unheard) {
    let (mut said, mut unheard) = (SaidTags::default(), Unheard::new());
    let Some(facet) = facets.typed::<Tags>() else { return (said, unheard) };
    for tag in facet.tags {
        let column = tag.field.filter(|column| !column.is_empty());
        let text = tag_of(&tag.key, &tag.value);
        if is_heard(&text, weight, standing, fold.received.voice.person) {
            let (name, created) = (spelled(tag.key).into_owned(), Some(fold.stamp.at));
            fold.delta.tags.push(TagDoc { name, created, description: None });
            said.put(column.as_deref().unwrap_or_default(), text, fold.stamp.weighing(weight));
        } else {
            unheard.push((column, text));
        }
    }
    (said, unheard)
}

/// Notes what else was said and does not count: owners, a state, removals.
pub(super) fn note_uncounted(
    fold: &Fold<'_>,
    facets: &Facets,
    weight: Weight,
    findings: &mut Findings,
) {
    for owner in facets.typed::<Ownership>().map(|facet| facet.owners).unwrap_or_default() {
        findings.put(finding(fold, FindingKind::Owner, &owner.name, weight));
    }
    if let Some(change) = facets.typed::<LifecycleStateChange>() {
        let state = state_word(change.lifecycle_state_change);
        findings.put(finding(fold, FindingKind::Lifecycle, &state, weight));
    }
    // A reader that takes back its own word about a schema says nothing of others.
    let removed = facets.iter().filter(|(name, raw)| GUARDED.contains(name) && is_deleted(raw));
    for (name, _) in removed {
        findings.put(finding(fold, FindingKind::Removal, name, weight));
    }
}

fn state_word(state: crate::openlineage::facets::LifecycleState) -> String {
    serde_json::to_value(state)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Makes a finding of what the event's author says.
pub(super) fn finding(fold: &Fold<'_>, kind: FindingKind, what: &str, weight: Weight) -> Finding {
    Finding {
        kind,
        what: what.to_owned(),
        column: None,
        other: None,
        by: fold.received.voice.author.clone(),
        said: Stamp { at: fold.received.at, ..fold.stamp.weighing(weight) },
    }
}
