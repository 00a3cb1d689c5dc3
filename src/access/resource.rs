//! What is acted upon, as policy sees it: a handful of attributes.
//!
//! Resources with equal attributes form one access class. A decision is made once a class, so a
//! search over a million datasets costs a few hundred decisions. Whoever may change one of
//! these attributes (a tag, an owner) thereby changes who may see the resource: the acts that
//! change them are decided on like any other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::action::Kind;
use crate::base::Digest;

/// The attributes of a resource that policy can see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resource {
    /// What it is.
    pub kind: Kind,
    /// The namespace it is in; of an event, its job's (or its dataset's, if it names no job).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its place in the organisation, a path such as `clinical/trials`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Its tags, and those of its fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The classes of personal data that its fields hold, such as `user.contact.email`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Whose it is: `user:ann`, `team:sales`; of a request, who submitted it; of a token or
    /// session, its principal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
}

impl Resource {
    /// Makes a resource of which nothing is known but its kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, namespace: None, domain: None, tags: vec![], classes: vec![], owners: vec![] }
    }

    /// Puts the resource into a namespace.
    #[must_use]
    pub fn in_namespace(self, namespace: &str) -> Self {
        Self { namespace: Some(namespace.to_owned()), ..self }
    }

    /// Puts the resource into a domain.
    #[must_use]
    pub fn in_domain(self, domain: &str) -> Self {
        Self { domain: Some(domain.to_owned()), ..self }
    }

    /// Adds an owner.
    #[must_use]
    pub fn owned_by(mut self, owner: &str) -> Self {
        self.owners.push(owner.to_owned());
        self
    }

    /// Adds a tag. The first tag `domain:PATH`, in order of text, also tells the domain if none
    /// was given.
    #[must_use]
    pub fn tagged(mut self, tag: &str) -> Self {
        self.tags.push(tag.to_owned());
        self
    }

    /// Adds a class of personal data.
    #[must_use]
    pub fn classed(mut self, class: &str) -> Self {
        self.classes.push(class.to_owned());
        self
    }

    /// Returns the access class of the resource.
    #[must_use]
    pub fn class(self) -> AccessClass {
        AccessClass::from(self)
    }
}

/// A set of attributes in normal form: lists sorted and without repetition, the domain filled in.
/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct AccessClass(Arc<Normal>);

#[derive(Debug)]
struct Normal {
    resource: Resource,
    digest: Digest,
}

impl AccessClass {
    /// Returns the attributes.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        &self.0.resource
    }

    /// Returns the digest of the canonical text: equal for equal attributes, on every node.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// Returns the canonical text, which [`AccessClass::from_canonical`] reads.
    #[must_use]
    pub fn canonical(&self) -> String {
        canonical(&self.0.resource)
    }

    /// Reads a canonical text (or any JSON of a [`Resource`], which it brings to normal form).
    ///
    /// # Errors
    ///
    /// What serde_json says.
    pub fn from_canonical(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<Resource>(text).map(Self::from)
    }
}

impl From<Resource> for AccessClass {
    fn from(mut resource: Resource) -> Self {
        for list in [&mut resource.tags, &mut resource.classes, &mut resource.owners] {
            list.sort_unstable();
            list.dedup();
        }
        if resource.domain.is_none() {
            let told = resource.tags.iter().find_map(|tag| tag.strip_prefix("domain:"));
            resource.domain = told.map(str::to_owned);
        }
        let digest = Digest::of(canonical(&resource).as_bytes());
        Self(Arc::new(Normal { resource, digest }))
    }
}

impl PartialEq for AccessClass {
    fn eq(&self, other: &Self) -> bool {
        self.0.resource == other.0.resource
    }
}

impl Eq for AccessClass {}

impl std::hash::Hash for AccessClass {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.digest.hash(state);
    }
}

/// JSON with members in the order of [`Resource`]; a map of strings cannot fail to be written.
fn canonical(resource: &Resource) -> String {
    serde_json::to_string(resource).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_attributes_are_one_class_in_whatever_order_they_came() {
        let one = Resource::new(Kind::Dataset).tagged("b").tagged("a").tagged("b").class();
        let two = Resource::new(Kind::Dataset).tagged("a").tagged("b").class();
        assert_eq!(one, two);
        assert_eq!(one.digest(), two.digest());
        assert_ne!(one.digest(), Resource::new(Kind::Job).tagged("a").tagged("b").class().digest());
    }

    #[test]
    fn the_canonical_text_is_stable_and_read_back() {
        let class = Resource::new(Kind::Dataset)
            .in_namespace("warehouse")
            .tagged("domain:clinical/trials")
            .classed("user.contact.email")
            .owned_by("team:sales")
            .class();
        let text = class.canonical();
        assert_eq!(
            text,
            r#"{"kind":"dataset","namespace":"warehouse","domain":"clinical/trials","tags":["domain:clinical/trials"],"classes":["user.contact.email"],"owners":["team:sales"]}"#
        );
        assert_eq!(AccessClass::from_canonical(&text).unwrap(), class);
        assert!(AccessClass::from_canonical(r#"{"kind":"dataset","colour":1}"#).is_err());
    }
}
