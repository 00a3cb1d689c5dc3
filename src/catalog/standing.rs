//! Tags and owners that stand: what the producer's facets say, as people changed it.

use std::collections::{BTreeMap, BTreeSet};

use super::dataset::DatasetDoc;
use super::edit::Owners;
use super::facet::FacetBook;
use super::job::JobDoc;
use super::stamp::Stamped;
use super::view::{Bodies, OwnerView};
use crate::openlineage::facets::{Ownership, Tags};

/// The tags of a dataset. Each list is sorted, each tag once.
#[derive(Debug, Default)]
pub(super) struct StandingTags {
    /// Those of the dataset as a whole.
    pub(super) of_whole: Vec<String>,
    /// Those of its columns, by name, be the column in the latest schema or not. Columns
    /// whose tags were all taken off are there without any.
    pub(super) of_columns: BTreeMap<String, Vec<String>>,
}

impl FacetBook {
    /// Returns the tags that the `tags` facet says, by the column that they are on.
    fn said_tags(&self, bodies: &Bodies) -> BTreeMap<Option<String>, Vec<String>> {
        let mut said: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        let facet: Option<Tags> = self.typed("tags", bodies);
        for tag in facet.map(|facet| facet.tags).unwrap_or_default() {
            let column = tag.field.filter(|column| !column.is_empty());
            said.entry(column).or_default().push(tag_text(&tag.key, &tag.value));
        }
        said
    }

    /// Returns the owners: those that people named, else those of the `ownership` facet.
    pub(super) fn standing_owners(
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
    pub(super) fn standing_tags(&self, bodies: &Bodies) -> StandingTags {
        let mut said = self.facets.said_tags(bodies);
        let of_whole = edited(said.remove(&None).unwrap_or_default(), Some(&self.tags));
        for column in self.field_tags.keys() {
            said.entry(Some(column.clone())).or_default();
        }
        let of_columns = said.into_iter().filter_map(|(column, said)| {
            let column = column?;
            let tags = edited(said, self.field_tags.get(&column));
            Some((column, tags))
        });
        StandingTags { of_whole, of_columns: of_columns.collect() }
    }
}

impl JobDoc {
    /// Returns the tags that stand. A job has no columns: tags on some are the job's.
    pub(super) fn standing_tags(&self, bodies: &Bodies) -> Vec<String> {
        let said = self.facets.said_tags(bodies);
        edited(said.into_values().flatten().collect(), Some(&self.tags))
    }
}

/// A tag without a value, or whose value is "true", is known by its key alone.
fn tag_text(key: &str, value: &str) -> String {
    if value.is_empty() || value.eq_ignore_ascii_case("true") {
        key.to_owned()
    } else {
        format!("{key}:{value}")
    }
}

fn edited(
    by_producer: Vec<String>,
    by_people: Option<&BTreeMap<String, Stamped<bool>>>,
) -> Vec<String> {
    let mut tags: BTreeSet<String> = by_producer.into_iter().collect();
    for (tag, mark) in by_people.into_iter().flatten() {
        if mark.value {
            tags.insert(tag.clone());
        } else {
            tags.remove(tag);
        }
    }
    tags.into_iter().collect()
}
