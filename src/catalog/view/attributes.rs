//! What rules can see of a dataset or job: its tags, the classes of personal data in it, its
//! owners, whoever said them.
//!
//! A class is said by a tag `class:PATH` (`class:user.contact.email`), on the dataset as a
//! whole or on one of its columns. A tag of any column counts, be the column in the latest
//! schema or not: what was marked stays marked until somebody takes the mark off.

use std::collections::BTreeSet;

use super::super::document::dataset::DatasetDoc;
use super::super::document::facet::{Bodies, FacetBody, FacetBook, TELLING};
use super::super::document::job::JobDoc;
use super::super::document::said::split_tags;
use super::super::join::apply::Working;
use super::in_force::{Heard, OwnerView, TagsInForce};
use super::marks::NameMarks;
use super::shown::merge_names;
use crate::base::{DatasetId, Digest};

/// What a tag that says a domain begins with.
const DOMAIN: &str = "domain:";

/// The attributes of a dataset or job. Lists are sorted, each entry once.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attributes {
    /// Its tags and those of its columns, without those that say a class.
    pub tags: Vec<String>,
    /// The classes of personal data that it holds.
    pub classes: Vec<String>,
    /// Who owns it, as far as rules may rely on that.
    pub owners: Vec<String>,
    /// Whether some of what would tell them cannot be read: there may be more.
    pub unreadable: bool,
}

impl Attributes {
    fn new(tags: impl IntoIterator<Item = String>, owners: Vec<OwnerView>) -> Self {
        let (tags, classes) = split_tags(tags.into_iter().collect::<BTreeSet<_>>());
        let owners: BTreeSet<String> = owners.into_iter().map(|owner| owner.name).collect();
        Self { tags, classes, owners: owners.into_iter().collect(), unreadable: false }
    }
}

/// Lists what rules read: all that was said, and what is sure. A thing is in one domain at a
/// time, so where several were said, each is read by itself.
fn in_each_way(all: Attributes, sure: Attributes) -> impl Iterator<Item = Attributes> {
    let is_domain = |tag: &&String| tag.starts_with(DOMAIN);
    let domains: Vec<String> = all.tags.iter().filter(is_domain).cloned().collect();
    let mut ways = vec![sure];
    if domains.len() > 1 {
        ways.extend(domains.iter().map(|domain| {
            let mut way = all.clone();
            way.tags.retain(|tag| tag == domain || !tag.starts_with(DOMAIN));
            way
        }));
    }
    ways.push(all);
    ways.sort_unstable();
    ways.dedup();
    ways.into_iter()
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

/// What rules can read attributes of.
pub trait Telling {
    /// Returns its attributes, as far as its facets' bodies are at hand: all, or what is sure.
    fn heard(&self, bodies: &Bodies, heard: Heard) -> Attributes;

    /// Returns its attributes, as far as its facets' bodies are at hand: with every tag that was
    /// ever said and counts, which nothing but people's edits take off.
    #[must_use]
    fn attributes(&self, bodies: &Bodies) -> Attributes {
        self.heard(bodies, Heard::All)
    }

    /// Returns its attributes without those that must not win anybody anything: tags that are
    /// no longer said, classes that only strangers or readers told. What allows a thing must
    /// hold for both.
    #[must_use]
    fn sure_attributes(&self, bodies: &Bodies) -> Attributes {
        self.heard(bodies, Heard::Sure)
    }

    /// Goes through its attributes in each of the ways that rules must read them.
    fn told(&self, bodies: &Bodies) -> impl Iterator<Item = Attributes> + use<Self> {
        in_each_way(self.attributes(bodies), self.sure_attributes(bodies))
    }
}

impl Telling for DatasetDoc {
    fn heard(&self, bodies: &Bodies, heard: Heard) -> Attributes {
        let TagsInForce { of_whole, of_columns } = self.tags_in_force(bodies, heard);
        let tags = of_whole.into_iter().chain(of_columns.into_values().flatten());
        let owners = self.facets.trusted_owners(self.owners.as_ref(), bodies);
        let unreadable =
            self.said.is_full() || self.facets.is_unreadable(bodies, self.owners.is_some());
        Attributes { unreadable, ..Attributes::new(tags, owners) }
    }
}

impl DatasetDoc {
    /// Returns the digests of the bodies that attributes and marks are read from.
    pub fn telling_bodies(&self) -> impl Iterator<Item = Digest> {
        self.facets.telling()
    }
}

impl Telling for JobDoc {
    fn heard(&self, bodies: &Bodies, heard: Heard) -> Attributes {
        let owners = self.facets.trusted_owners(self.owners.as_ref(), bodies);
        let unreadable =
            self.said.is_full() || self.facets.is_unreadable(bodies, self.owners.is_some());
        Attributes { unreadable, ..Attributes::new(self.tags_in_force(bodies, heard), owners) }
    }
}

impl JobDoc {
    /// Returns the digests of the bodies that [`Telling::attributes`] reads from the facet store.
    pub fn telling_bodies(&self) -> impl Iterator<Item = Digest> {
        self.facets.telling()
    }
}

impl Working {
    /// Returns the digests of the bodies that [`Self::dataset_attributes`] reads from the
    /// facet store.
    #[must_use]
    pub fn telling_bodies(&self, id: DatasetId) -> Vec<Digest> {
        let members = self.names_of(id).into_iter().filter_map(|id| self.datasets.get(&id));
        members.flat_map(|doc| doc.facets.telling()).collect()
    }

    /// Notes the tags of documents that an earlier version wrote, which kept only the latest
    /// `tags` facet.
    pub fn take_up_said(&mut self, bodies: &Bodies) {
        for doc in self.datasets.values_mut().filter(|doc| doc.said.is_empty()) {
            doc.facets.note_said(&mut doc.said, bodies);
        }
        for doc in self.jobs.values_mut().filter(|doc| doc.said.is_empty()) {
            doc.facets.note_said(&mut doc.said, bodies);
        }
    }

    /// Returns namespace and attributes of each of a dataset's names, past ones too, sorted, as
    /// denials and as allows read them: by
    /// whichever of them it is asked for, the answer is the same. Its documents must be loaded.
    #[must_use]
    pub fn dataset_attributes(&self, id: DatasetId, bodies: &Bodies) -> Vec<(String, Attributes)> {
        let Some(doc) = self.datasets.get(&id) else { return Vec::new() };
        if doc.aliases.is_empty() {
            return doc.told(bodies).map(|told| (doc.namespace.clone(), told)).collect();
        }
        let told = |doc: DatasetDoc| {
            let told = doc.told(bodies);
            told.map(|told| (doc.namespace.clone(), told)).collect::<Vec<_>>()
        };
        let names = self.names_with_edits(id).into_iter();
        let mut all: Vec<(String, Attributes)> = names.flat_map(told).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns the marks of each of a dataset's names. Its documents must be loaded.
    #[must_use]
    pub fn dataset_marks(&self, id: DatasetId, bodies: &Bodies) -> Vec<NameMarks> {
        let Some(doc) = self.datasets.get(&id) else { return Vec::new() };
        if doc.aliases.is_empty() {
            return vec![doc.marks(bodies)];
        }
        self.names_with_edits(id).iter().map(|doc| doc.marks(bodies)).collect()
    }

    fn names_with_edits(&self, id: DatasetId) -> Vec<DatasetDoc> {
        let names = self.names_of(id).into_iter().filter_map(|id| self.datasets.get(&id));
        share_edits(names.filter(|doc| !doc.name.is_empty()).cloned().collect())
    }
}

/// What people say of a dataset they say of all its names; what producers say, of one. Returns
/// the documents of all names of a dataset, each with people's tags and owners.
#[must_use]
pub fn share_edits(mut names: Vec<DatasetDoc>) -> Vec<DatasetDoc> {
    if names.len() < 2 {
        return names;
    }
    let Some(joined) = merge_names(names.clone()) else { return names };
    for name in &mut names {
        name.tags.clone_from(&joined.tags);
        name.field_tags.clone_from(&joined.field_tags);
        name.owners.clone_from(&joined.owners);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{EventId, Time};
    use crate::catalog::document::stamp::{Stamp, Stamped};
    use crate::catalog::{Claims, Received, Voice, fold};
    use crate::openlineage::parse;

    fn doc(event: &serde_json::Value) -> DatasetDoc {
        let parsed = parse(event.to_string().as_bytes()).unwrap();
        let own = Claims::new(["n".to_owned()]);
        let voice = Voice { own, ..Voice::default() };
        let received = Received { id: EventId(uuid::Uuid::nil()), at: Time::MIN, voice: &voice };
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
    fn each_name_of_a_dataset_has_attributes_of_its_own_and_what_people_say_holds_of_all() {
        let named = |namespace: &str, tags: serde_json::Value| {
            doc(&serde_json::json!({
                "eventTime": "2026-11-21T08:00:00Z", "producer": "https://example.org",
                "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
                "dataset": {"namespace": namespace, "name": "d", "facets": {"tags":
                    {"_producer": "https://e.org", "_schemaURL": "https://e.org", "tags": tags}}}
            }))
        };
        let mut one = named("b", serde_json::json!([{"key": "gold", "value": "true"}]));
        let mut other = named("a", serde_json::json!([]));
        let stamp = Stamp::new(Time::MIN, EventId(uuid::Uuid::nil()));
        one.tags.insert("restricted".into(), Stamped::new(stamp, true));
        (one.aliases, other.aliases) = (vec![other.id()], vec![one.id()]);
        let mut working = Working::default();
        let id = one.id();
        for doc in [one, other] {
            working.datasets.insert(doc.id(), doc);
        }
        let all = working.dataset_attributes(id, &Bodies::new());
        let told: Vec<(&str, Vec<&str>)> = all
            .iter()
            .map(|(ns, told)| (&ns[..], told.tags.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(told, [("a", vec!["restricted"]), ("b", vec!["gold", "restricted"])]);
    }

    #[test]
    fn a_mark_that_people_took_off_is_off() {
        let mut doc = DatasetDoc::new("n", "d");
        let stamp = Stamp::new(Time::MIN, EventId(uuid::Uuid::nil()));
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
