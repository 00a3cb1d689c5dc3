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
use super::super::join::names::Names;
use super::in_force::{Heard, OwnerView, TagsInForce};
use super::marks::NameMarks;
use crate::base::{DatasetId, Digest, JobId};

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

    /// Returns the same, with more that cannot be read.
    fn or_unreadable(mut self, more: bool) -> Self {
        self.unreadable |= more;
        self
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
    /// Returns the digests of the bodies that rules read of these datasets and jobs, by all their
    /// names, from the facet store.
    #[must_use]
    pub fn telling_bodies(&self, datasets: &[DatasetId], jobs: &[JobId]) -> Vec<Digest> {
        let sets = self.dataset_sets(datasets.iter().copied()).into_iter();
        let datasets = sets.flat_map(|(names, _)| names.ids);
        let datasets = datasets.filter_map(|id| self.datasets.get(&id));
        let jobs: BTreeSet<JobId> = jobs.iter().flat_map(|id| self.job_names(*id).ids).collect();
        let jobs = jobs.into_iter().filter_map(|id| self.jobs.get(&id));
        let of_datasets = datasets.flat_map(|doc| doc.facets.telling());
        of_datasets.chain(jobs.flat_map(|doc| doc.facets.telling())).collect()
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
    /// denials and as allows read them, and the marks of each: by whichever of them it is asked
    /// for, the answer is the same. Nothing that is said of one name, by whomever, is said of
    /// another: else whoever links two would move it. Its documents must be loaded.
    #[must_use]
    pub fn dataset_told(
        &self,
        names: &Names<DatasetId>,
        bodies: &Bodies,
    ) -> (Vec<(String, Attributes)>, Vec<NameMarks>) {
        let docs = names.ids.iter().filter_map(|id| self.datasets.get(id));
        let docs = docs.filter(|doc| !doc.name.is_empty());
        let mut all = Vec::new();
        let mut marks = Vec::with_capacity(names.ids.len());
        for doc in docs {
            let told = doc.told(bodies);
            all.extend(told.map(|told| (doc.namespace.clone(), told.or_unreadable(names.more))));
            marks.push(doc.marks(bodies));
        }
        all.sort_unstable();
        all.dedup();
        (all, marks)
    }

    /// Returns namespace and attributes of each of the names by which a job is judged, sorted, as
    /// denials and as allows read them. Their documents must be loaded. A name that tells no owner
    /// has those of the job.
    #[must_use]
    pub fn job_told(&self, id: JobId, bodies: &Bodies) -> Vec<(String, Attributes)> {
        let names = self.job_names(id);
        let docs = names.ids.iter().filter_map(|id| self.jobs.get(id));
        let docs: Vec<&JobDoc> = docs.filter(|doc| !doc.name.is_empty()).collect();
        if let ([doc], false) = (&docs[..], names.more) {
            return doc.told(bodies).map(|told| (doc.namespace.clone(), told)).collect();
        }
        let own = docs.iter().find(|doc| doc.id() == id);
        let owners = own.map(|doc| doc.attributes(bodies).owners).unwrap_or_default();
        let mut all = Vec::new();
        for doc in docs {
            all.extend(doc.told(bodies).map(|mut told| {
                if told.owners.is_empty() {
                    told.owners.clone_from(&owners);
                }
                (doc.namespace.clone(), told.or_unreadable(names.more))
            }));
        }
        all.sort_unstable();
        all.dedup();
        all
    }
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
    fn each_name_of_a_dataset_has_attributes_of_its_own() {
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
        let (all, _) = working.dataset_told(&working.dataset_names(id), &Bodies::new());
        let told: Vec<(&str, Vec<&str>)> = all
            .iter()
            .map(|(ns, told)| (&ns[..], told.tags.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(told, [("a", vec![]), ("b", vec!["gold", "restricted"])]);
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
