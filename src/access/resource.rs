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
use crate::base::tag::{class_of, spelled};

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
    /// Whether some of what would tell its tags, classes or owners cannot be read: it may have
    /// any. Of rules that allow, only those that select everything (`*`) allow something of it;
    /// a deny that might select it does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreadable: bool,
}

impl Resource {
    /// Makes a resource of which nothing is known but its kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let (tags, classes, owners) = (vec![], vec![], vec![]);
        Self { kind, namespace: None, domain: None, tags, classes, owners, unreadable: false }
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

    /// Adds a tag as somebody writes it who asks about a thing: `class:NAME`, as the catalog has
    /// it, is the class of that name; that and `restricted` in whatever letters.
    #[must_use]
    pub fn tagged_in_words(self, tag: &str) -> Self {
        let tag = spelled(tag);
        match class_of(&tag) {
            Some(class) => self.classed(class),
            None => self.tagged(&tag),
        }
    }

    /// Adds a class of personal data.
    #[must_use]
    pub fn classed(mut self, class: &str) -> Self {
        self.classes.push(class.to_owned());
        self
    }

    /// Returns the access class of the resource.
    #[must_use]
    pub fn access_class(self) -> AccessClass {
        AccessClass::from(self)
    }
}

/// What rules see of one thing: a set of attributes in normal form (lists sorted and without
/// repetition, the domain filled in) for each of its names. Most things have one name. One with
/// several is judged by each: a deny of any counts, an allow must hold of all. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AccessClass(Arc<Normal>);

#[derive(Debug)]
struct Normal {
    resource: Resource,
    digest: Digest,
    /// The classes of all names, sorted, if there are several; the first is `resource`'s.
    names: Vec<AccessClass>,
}

impl AccessClass {
    /// Makes the class of something that has several names. Names with equal attributes are as
    /// one. Nothing if there is none.
    #[must_use]
    pub fn of_names(names: impl IntoIterator<Item = Resource>) -> Option<Self> {
        let mut names: Vec<Self> = names.into_iter().map(Self::from).collect();
        names.sort_unstable_by(|one, other| one.resource().cmp(other.resource()));
        names.dedup();
        let first = names.first()?.clone();
        if names.len() == 1 {
            return Some(first);
        }
        let digest = Digest::of(canonical(&names).as_bytes());
        Some(Self(Arc::new(Normal { resource: first.resource().clone(), digest, names })))
    }

    /// Returns what kind of thing it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.resource.kind
    }

    /// Returns the attributes; of several names, those of the first.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        &self.0.resource
    }

    /// Returns the classes of the single names: itself, if there is one.
    #[must_use]
    pub fn names(&self) -> &[Self] {
        if self.0.names.is_empty() { std::slice::from_ref(self) } else { &self.0.names }
    }

    /// Returns the digest of the canonical text: equal for equal attributes, on every node.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// Returns the canonical text, which [`AccessClass::from_canonical`] reads: the JSON of a
    /// [`Resource`], or a list of those of all names.
    #[must_use]
    pub fn canonical(&self) -> String {
        canonical(self.names())
    }

    /// Reads a canonical text (or any JSON of a [`Resource`] or a list of some, which it brings to
    /// normal form).
    ///
    /// # Errors
    ///
    /// What serde_json says; also if a list is empty.
    pub fn from_canonical(text: &str) -> Result<Self, serde_json::Error> {
        if !text.starts_with('[') {
            return serde_json::from_str::<Resource>(text).map(Self::from);
        }
        let names = serde_json::from_str::<Vec<Resource>>(text)?;
        Self::of_names(names).ok_or_else(|| serde::de::Error::custom("no name"))
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
        let digest = Digest::of(text(&resource).as_bytes());
        Self(Arc::new(Normal { resource, digest, names: Vec::new() }))
    }
}

impl PartialEq for AccessClass {
    fn eq(&self, other: &Self) -> bool {
        self.0.resource == other.0.resource && self.0.names == other.0.names
    }
}

impl Eq for AccessClass {}

impl std::hash::Hash for AccessClass {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.digest.hash(state);
    }
}

fn canonical(names: &[AccessClass]) -> String {
    match names {
        [one] => text(&one.0.resource),
        several => {
            let texts: Vec<String> = several.iter().map(|name| text(&name.0.resource)).collect();
            format!("[{}]", texts.join(","))
        }
    }
}

/// JSON with members in the order of [`Resource`]; a map of strings cannot fail to be written.
fn text(resource: &Resource) -> String {
    serde_json::to_string(resource).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_attributes_are_one_class_in_whatever_order_they_came() {
        let one = Resource::new(Kind::Dataset).tagged("b").tagged("a").tagged("b").access_class();
        let two = Resource::new(Kind::Dataset).tagged("a").tagged("b").access_class();
        assert_eq!(one, two);
        assert_eq!(one.digest(), two.digest());
        assert_ne!(
            one.digest(),
            Resource::new(Kind::Job).tagged("a").tagged("b").access_class().digest()
        );
    }

    #[test]
    fn a_tag_that_says_a_class_is_the_class() {
        let asked = |tag: &str| Resource::new(Kind::Dataset).tagged_in_words(tag);
        for tag in ["class:user.email", "Class:user.email"] {
            assert_eq!(asked(tag), Resource::new(Kind::Dataset).classed("user.email"), "{tag}");
        }
        assert_eq!(asked("RESTRICTED"), asked("restricted"));
        for tag in ["class:", "classé", "Gold", "domain:a"] {
            assert_eq!(asked(tag).tags, [tag]);
        }
    }

    #[test]
    fn the_canonical_text_is_stable_and_read_back() {
        let class = Resource::new(Kind::Dataset)
            .in_namespace("warehouse")
            .tagged("domain:clinical/trials")
            .classed("user.contact.email")
            .owned_by("team:sales")
            .access_class();
        let text = class.canonical();
        assert_eq!(
            text,
            r#"{"kind":"dataset","namespace":"warehouse","domain":"clinical/trials","tags":["domain:clinical/trials"],"classes":["user.contact.email"],"owners":["team:sales"]}"#
        );
        assert_eq!(AccessClass::from_canonical(&text).unwrap(), class);
        assert!(AccessClass::from_canonical(r#"{"kind":"dataset","colour":1}"#).is_err());
    }

    #[test]
    fn several_names_are_one_class_in_whatever_order_and_equal_ones_are_one() {
        let name = |namespace: &str| Resource::new(Kind::Dataset).in_namespace(namespace);
        let both = AccessClass::of_names([name("b"), name("a"), name("b")]).unwrap();
        assert_eq!(AccessClass::of_names([name("a"), name("b")]).unwrap(), both);
        assert_eq!(both.names(), [name("a").access_class(), name("b").access_class()]);
        assert_eq!(AccessClass::from_canonical(&both.canonical()).unwrap(), both);
        assert_eq!(
            AccessClass::of_names([name("a"), name("a")]).unwrap(),
            name("a").access_class()
        );
        assert_ne!(both, name("a").access_class());
        assert_ne!(both.digest(), name("a").access_class().digest());
        assert_eq!(AccessClass::of_names([]), None);
        assert!(AccessClass::from_canonical("[]").is_err());
    }
}
