//! Tags and owners that stand: what the producer's facets say, as people changed it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::document::author::Weight;
use super::super::document::dataset::DatasetDoc;
use super::super::document::edit::Owners;
use super::super::document::facet::{Bodies, FacetBook};
use super::super::document::job::JobDoc;
use super::super::document::said::{SaidTags, restricts};
use super::super::document::stamp::{Stamp, Stamped};
use crate::base::tag::{spelled, tag_of};
use crate::openlineage::facets::{Ownership, Tags};

/// An owner and the role it has.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OwnerView {
    /// Its name, as the producer or an editor wrote it.
    pub name: String,
    /// Its role (`MAINTAINER`, `OWNER`).
    #[serde(rename = "type")]
    pub role: Option<String>,
}

/// The tags of a dataset. Each list is sorted, each tag once.
#[derive(Debug, Default)]
pub(super) struct TagsInForce {
    /// Those of the dataset as a whole.
    pub(super) of_whole: Vec<String>,
    /// Those of its columns, by name, be the column in the latest schema or not. Columns
    /// whose tags were all taken off are there without any.
    pub(super) of_columns: BTreeMap<String, Vec<String>>,
}

/// Which of the tags that pipelines said are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// What readers are shown: the `tags` facet that stands, and what restricts.
    Shown,
    /// What denies and masks follow from: whatever was ever said.
    All,
    /// What allows must hold for as well: the `tags` facet that stands, and what restricts,
    /// said by whoever counts.
    Sure,
}

impl Heard {
    fn hears(self, tag: &str, stamp: Stamp) -> bool {
        match self {
            Self::Shown => restricts(tag),
            Self::All => true,
            Self::Sure => restricts(tag) && stamp.weight.counts(),
        }
    }
}

/// Adds to the tags that a `tags` facet says those that were said before.
fn with_said(
    facets: &FacetBook,
    said: &SaidTags,
    bodies: &Bodies,
    heard: Heard,
) -> BTreeMap<Option<String>, Vec<String>> {
    let mut all = facets.said_tags(bodies);
    for (column, tag, _) in said.iter().filter(|(_, tag, stamp)| heard.hears(tag, *stamp)) {
        let column = (!column.is_empty()).then(|| column.to_owned());
        // Documents of earlier versions hold tags as they were written.
        all.entry(column).or_default().push(spelled(tag).into_owned());
    }
    all
}

impl FacetBook {
    /// Returns the tags that the `tags` facet says, by the column that they are on.
    fn said_tags(&self, bodies: &Bodies) -> BTreeMap<Option<String>, Vec<String>> {
        let mut said: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        let facet: Option<Tags> = self.typed("tags", bodies);
        for tag in facet.map(|facet| facet.tags).unwrap_or_default() {
            let column = tag.field.filter(|column| !column.is_empty());
            said.entry(column).or_default().push(tag_of(&tag.key, &tag.value));
        }
        said
    }

    /// Notes as said what the `tags` facet says.
    pub(super) fn note_said(&self, said: &mut SaidTags, bodies: &Bodies) {
        let Some(stamp) = self.stamp("tags") else { return };
        for (column, tags) in self.said_tags(bodies) {
            let column = column.unwrap_or_default();
            tags.into_iter().for_each(|tag| said.put(&column, tag, stamp));
        }
    }

    /// Returns whether a facet that rules read is there and cannot be read.
    pub(super) fn is_unreadable(&self, bodies: &Bodies, owners_edited: bool) -> bool {
        let tags = self.get("tags").is_some() && self.typed::<Tags>("tags", bodies).is_none();
        let owners = self.get("ownership").is_some()
            && self.typed::<Ownership>("ownership", bodies).is_none();
        tags || (owners && !owners_edited)
    }

    /// Returns the owners that rules may rely on: those that people named, else those of an
    /// `ownership` facet whose author was bound to the namespace.
    pub(super) fn trusted_owners(
        &self,
        by_people: Option<&Stamped<Owners>>,
        bodies: &Bodies,
    ) -> Vec<OwnerView> {
        let own = |stamp: Stamp| stamp.weight == Weight::ToldByOwn;
        if by_people.is_none() && !self.stamp("ownership").is_some_and(own) {
            return Vec::new();
        }
        self.owners_in_force(by_people, bodies)
    }

    /// Returns the owners: those that people named, else those of the `ownership` facet.
    pub(super) fn owners_in_force(
        &self,
        by_people: Option<&Stamped<Owners>>,
        bodies: &Bodies,
    ) -> Vec<OwnerView> {
        if let Some(edit) = by_people {
            let owners = edit.value.iter().cloned();
            return owners.map(|(name, role)| OwnerView { name, role }).collect();
        }
        let facet = self.typed::<Ownership>("ownership", bodies);
        let owners = facet.map(|facet| facet.owners).unwrap_or_default().into_iter();
        owners.map(|owner| OwnerView { name: owner.name, role: owner.kind }).collect()
    }
}

impl DatasetDoc {
    /// Returns the tags that stand.
    pub(super) fn tags_in_force(&self, bodies: &Bodies, heard: Heard) -> TagsInForce {
        let mut said = with_said(&self.facets, &self.said, bodies, heard);
        let of_whole = edited(said.remove(&None).unwrap_or_default(), Some(&self.tags));
        for column in self.field_tags.keys() {
            said.entry(Some(column.clone())).or_default();
        }
        let of_columns = said.into_iter().filter_map(|(column, said)| {
            let column = column?;
            let tags = edited(said, self.field_tags.get(&column));
            Some((column, tags))
        });
        TagsInForce { of_whole, of_columns: of_columns.collect() }
    }
}

impl JobDoc {
    /// Returns the tags that stand. A job has no columns: tags on some are the job's.
    pub(super) fn tags_in_force(&self, bodies: &Bodies, heard: Heard) -> Vec<String> {
        let said = with_said(&self.facets, &self.said, bodies, heard);
        edited(said.into_values().flatten().collect(), Some(&self.tags))
    }
}

fn edited(
    by_producer: Vec<String>,
    by_people: Option<&BTreeMap<String, Stamped<bool>>>,
) -> Vec<String> {
    let mut tags: BTreeSet<String> = by_producer.into_iter().collect();
    for (tag, mark) in by_people.into_iter().flatten() {
        let tag = spelled(tag);
        if mark.value {
            tags.insert(tag.into_owned());
        } else {
            tags.remove(&*tag);
        }
    }
    tags.into_iter().collect()
}
