//! What rules can see of a dataset or job: its tags, the classes of personal data in it, its
//! owners, whoever said them.
//!
//! A class is said by a tag `class:PATH` (`class:user.contact.email`), on the dataset as a
//! whole or on one of its columns. A tag of any column counts, be the column in the latest
//! schema or not: what was marked stays marked until somebody takes the mark off.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::apply::Working;
use super::dataset::DatasetDoc;
use super::facet::{FacetBody, FacetBook};
use super::job::JobDoc;
use super::stamp::Stamped;
use super::view::{Bodies, edited_owners, edited_tags, merge_class, tag_text};
use crate::base::{DatasetId, Digest};
use crate::openlineage::facets::{Ownership, Tags};

/// What a tag that says a class begins with.
const CLASS: &str = "class:";

/// Facets whose bodies attributes are read from.
pub(super) const TELLING: [&str; 2] = ["tags", "ownership"];

/// The attributes of a dataset or job. Lists are sorted, each entry once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Its tags and those of its columns, without those that say a class.
    pub tags: Vec<String>,
    /// The classes of personal data that it holds.
    pub classes: Vec<String>,
    /// Who owns it.
    pub owners: Vec<String>,
}

impl Attributes {
    fn new(all_tags: BTreeSet<String>, owners: BTreeSet<String>) -> Self {
        let (tags, classes) = split_tags(all_tags);
        Self { tags, classes, owners: owners.into_iter().collect() }
    }
}

/// Parts tags into those that say no class, and the classes that the others say.
#[must_use]
pub fn split_tags(all: impl IntoIterator<Item = String>) -> (Vec<String>, Vec<String>) {
    let (mut tags, mut classes) = (Vec::new(), Vec::new());
    for tag in all {
        match tag.strip_prefix(CLASS) {
            Some(class) if !class.is_empty() => classes.push(class.to_owned()),
            _ => tags.push(tag),
        }
    }
    (tags, classes)
}

type Marks = BTreeMap<String, Stamped<bool>>;

/// Returns the tags that stand: those of the facet, as people changed them.
fn standing(
    facet: Option<Tags>,
    of_all: &Marks,
    of_fields: &BTreeMap<String, Marks>,
) -> BTreeSet<String> {
    let mut said: HashMap<Option<String>, Vec<String>> = HashMap::new();
    for tag in facet.map(|facet| facet.tags).unwrap_or_default() {
        let field = tag.field.filter(|field| !field.is_empty());
        said.entry(field).or_default().push(tag_text(&tag.key, &tag.value));
    }
    let whole = said.remove(&None).unwrap_or_default();
    let mut tags: BTreeSet<String> =
        edited_tags(whole.into_iter(), Some(of_all)).into_iter().collect();
    for (field, marks) in of_fields {
        let said = said.remove(&Some(field.clone())).unwrap_or_default();
        tags.extend(edited_tags(said.into_iter(), Some(marks)));
    }
    tags.extend(said.into_values().flatten());
    tags
}

impl FacetBook {
    /// Returns the digests of those bodies that attributes are read from.
    fn telling(&self) -> impl Iterator<Item = Digest> {
        TELLING.iter().filter_map(|name| match self.get(name) {
            Some(FacetBody::Stored(digest)) => Some(*digest),
            _ => None,
        })
    }
}

impl DatasetDoc {
    /// Returns its attributes, as far as its facets' bodies are at hand.
    #[must_use]
    pub fn attributes(&self, bodies: &Bodies) -> Attributes {
        let tags = standing(self.facets.typed("tags", bodies), &self.tags, &self.field_tags);
        let owned = self.facets.typed::<Ownership>("ownership", bodies);
        let owned = owned.map(|facet| facet.owners).unwrap_or_default();
        let owned = owned.into_iter().map(|owner| (owner.name, owner.kind));
        let owners = edited_owners(self.owners.as_ref(), owned);
        Attributes::new(tags, owners.into_iter().map(|owner| owner.name).collect())
    }
}

impl DatasetDoc {
    /// Returns its marked columns, each with its tags and classes (see [`split_tags`]).
    #[must_use]
    pub fn marked_columns(&self, bodies: &Bodies) -> Vec<(String, Vec<String>, Vec<String>)> {
        let facet: Option<Tags> = self.facets.typed("tags", bodies);
        let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for tag in facet.map(|facet| facet.tags).unwrap_or_default() {
            if let Some(field) = tag.field.filter(|field| !field.is_empty()) {
                said.entry(field).or_default().push(tag_text(&tag.key, &tag.value));
            }
        }
        for field in self.field_tags.keys() {
            said.entry(field.clone()).or_default();
        }
        let marks = |(field, said): (String, Vec<String>)| {
            let tags = edited_tags(said.into_iter(), self.field_tags.get(&field));
            let (tags, classes) = split_tags(tags);
            (field, tags, classes)
        };
        let marked = said.into_iter().map(marks);
        marked.filter(|(_, tags, classes)| !(tags.is_empty() && classes.is_empty())).collect()
    }

    /// Returns the digests of the bodies that attributes and marks are read from.
    pub fn telling_bodies(&self) -> impl Iterator<Item = Digest> {
        self.facets.telling()
    }
}

impl JobDoc {
    /// Returns its attributes, as far as its facets' bodies are at hand.
    #[must_use]
    pub fn attributes(&self, bodies: &Bodies) -> Attributes {
        let tags = standing(self.facets.typed("tags", bodies), &self.tags, &BTreeMap::new());
        let owned = self.facets.typed::<Ownership>("ownership", bodies);
        let owned = owned.map(|facet| facet.owners).unwrap_or_default();
        let owned = owned.into_iter().map(|owner| (owner.name, owner.kind));
        let owners = edited_owners(self.owners.as_ref(), owned);
        Attributes::new(tags, owners.into_iter().map(|owner| owner.name).collect())
    }

    /// Returns the digests of the bodies that [`Self::attributes`] reads from the facet store.
    pub fn telling_bodies(&self) -> impl Iterator<Item = Digest> {
        self.facets.telling()
    }
}

impl Working {
    /// Returns the digests of the bodies that [`Self::dataset_attributes`] reads from the
    /// facet store.
    #[must_use]
    pub fn telling_bodies(&self, id: DatasetId) -> Vec<Digest> {
        let members = self.class_of(id).into_iter().filter_map(|id| self.datasets.get(&id));
        members.flat_map(|doc| doc.facets.telling()).collect()
    }

    /// Returns the namespace and attributes of a dataset, all its names taken together: by
    /// whichever of them it is asked for, the answer is the same. Its documents must be loaded.
    #[must_use]
    pub fn dataset_attributes(
        &self,
        id: DatasetId,
        bodies: &Bodies,
    ) -> Option<(String, Attributes)> {
        let doc = self.datasets.get(&id)?;
        if doc.aliases.is_empty() {
            return Some((doc.namespace.clone(), doc.attributes(bodies)));
        }
        let members = self.class_of(id).into_iter().filter_map(|id| self.datasets.get(&id));
        let joined = merge_class(members.filter(|doc| !doc.name.is_empty()).cloned().collect())?;
        let attributes = joined.attributes(bodies);
        Some((joined.namespace, attributes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{EventId, Time};
    use crate::catalog::{Received, fold};
    use crate::openlineage::parse;

    fn doc(event: &serde_json::Value) -> DatasetDoc {
        let parsed = parse(event.to_string().as_bytes()).unwrap();
        let received = Received { id: EventId(uuid::Uuid::nil()), at: Time::MIN };
        fold(&parsed.event, received, &|_| false).datasets.remove(0)
    }

    #[test]
    fn tags_of_columns_count_and_classes_are_told_apart() {
        let tag = |key: &str, value: &str, field: Option<&str>| serde_json::json!({"key": key, "value": value, "field": field});
        let long = "x".repeat(2_000);
        let doc = doc(&serde_json::json!({
            "eventTime": "2026-11-21T08:00:00Z", "producer": "https://example.org",
            "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
            "dataset": {"namespace": "n", "name": "d", "facets": {
                "tags": {"_producer": "https://e.org", "_schemaURL": "https://e.org", "note": long, "tags": [
                    tag("restricted", "true", None), tag("class", "user.contact.email", Some("mail")),
                    tag("pii", "", Some("mail"))]},
                "ownership": {"_producer": "https://e.org", "_schemaURL": "https://e.org",
                    "owners": [{"name": "team:sales", "type": "OWNER"}]}}}
        }));
        let attributes = doc.attributes(&Bodies::new());
        assert_eq!(attributes.tags, ["pii", "restricted"]);
        assert_eq!(attributes.classes, ["user.contact.email"]);
        assert_eq!(attributes.owners, ["team:sales"]);
    }

    #[test]
    fn a_mark_that_people_took_off_is_off() {
        let mut doc = DatasetDoc::new("n", "d");
        let stamp = super::super::stamp::Stamp { at: Time::MIN, tie: 0 };
        let put = |value| Stamped::new(stamp, value);
        doc.tags.insert("restricted".into(), put(false));
        doc.tags.insert("gold".into(), put(true));
        doc.field_tags
            .entry("gone".into())
            .or_default()
            .insert("class:user.name".into(), put(true));
        let attributes = doc.attributes(&Bodies::new());
        assert_eq!(
            (attributes.tags, attributes.classes),
            (vec!["gold".into()], vec!["user.name".into()])
        );
    }
}
