//! The facets of one owner: names and bodies as they came, and typed on request.
//!
//! Bodies stay raw because the store keeps them raw and by content: the fold skips a body
//! whose digest it knows, so reading each into a struct at once would mostly be waste.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// A facet that the standard defines.
pub trait Facet: DeserializeOwned {
    /// The name under which it stands in a facet map.
    const KEY: &'static str;
    /// Other names under which old producers sent it.
    const ALIASES: &'static [&'static str] = &[];
}

/// Facets by name, each as compact JSON; in the order of their names.
///
/// A facet that was `null` is not there. One that is to be deleted (`_deleted: true`) is:
/// see [`is_deleted`].
#[derive(Debug, Clone, Default)]
pub struct Facets(Vec<(Box<str>, Box<RawValue>)>);

impl Facets {
    /// Returns the body of the facet of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        let at = self.0.binary_search_by(|(key, _)| key.as_ref().cmp(name)).ok()?;
        self.0.get(at).map(|(_, body)| body.as_ref())
    }

    /// Reads a standard facet; `None` if it is absent or deleted.
    ///
    /// In an accepted event every standard facet can be read (save a subset whose conditions
    /// are nested deeper than is checked), so `None` means no more than that. On bodies from
    /// elsewhere it also stands for a body that is not as it should be.
    #[must_use]
    pub fn typed<F: Facet>(&self) -> Option<F> {
        let names = std::iter::once(&F::KEY).chain(F::ALIASES);
        let body = names.into_iter().find_map(|name| self.get(name))?;
        read(body)
    }

    /// Goes through names and bodies in the order of the names.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(name, body)| (name.as_ref(), body.as_ref()))
    }

    /// Tells whether there is no facet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns how many facets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Reads one facet's body; `None` if it is deleted or not as it should be.
#[must_use]
pub fn read<F: Facet>(body: &RawValue) -> Option<F> {
    if is_deleted(body) { None } else { serde_json::from_str(body.get()).ok() }
}

/// Tells whether a facet's body says that the facet is to be deleted.
#[must_use]
pub fn is_deleted(body: &RawValue) -> bool {
    #[derive(serde::Deserialize)]
    struct Mark {
        #[serde(rename = "_deleted", default)]
        deleted: Option<bool>,
    }
    body.get().contains("_deleted")
        && serde_json::from_str::<Mark>(body.get()).is_ok_and(|mark| mark.deleted == Some(true))
}

impl PartialEq for Facets {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.iter().zip(other.iter()).all(|((a, x), (b, y))| a == b && x.get() == y.get())
    }
}

impl Eq for Facets {}

/// Takes names and bodies in any order; of two with one name the later counts.
impl FromIterator<(String, Box<RawValue>)> for Facets {
    fn from_iter<I: IntoIterator<Item = (String, Box<RawValue>)>>(facets: I) -> Self {
        facets.into_iter().map(|(name, body)| (name.into_boxed_str(), body)).collect()
    }
}

impl FromIterator<(Box<str>, Box<RawValue>)> for Facets {
    fn from_iter<I: IntoIterator<Item = (Box<str>, Box<RawValue>)>>(facets: I) -> Self {
        let mut facets: Vec<_> = facets.into_iter().collect();
        facets.sort_by(|(a, _), (b, _)| a.cmp(b));
        facets.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        Self(facets)
    }
}

impl Serialize for Facets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, body) in self.iter() {
            map.serialize_entry(name, body)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Facets {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Facets;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of facets")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Facets, A::Error> {
        let mut facets: Vec<(Box<str>, Box<RawValue>)> = Vec::new();
        while let Some((name, body)) = map.next_entry::<Box<str>, Box<RawValue>>()? {
            if body.get() != "null" {
                facets.push((name, body));
            }
        }
        Ok(facets.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facets(text: &str) -> Facets {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn names_are_in_order_and_null_is_absent() {
        let facets = facets(r#"{"z":{"a":1},"b":null,"a":{}}"#);
        let names: Vec<&str> = facets.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "z"]);
        assert_eq!(facets.get("z").unwrap().get(), r#"{"a":1}"#);
        assert!(facets.get("b").is_none());
    }

    #[test]
    fn later_facet_of_one_name_counts() {
        let facets = facets(r#"{"a":1,"b":0,"a":2,"a":3}"#);
        assert_eq!(facets.len(), 2);
        assert_eq!(facets.get("a").unwrap().get(), "3");
    }

    #[test]
    fn only_a_true_mark_deletes() {
        let deleted = |text: &str| is_deleted(&RawValue::from_string(text.to_owned()).unwrap());
        assert!(deleted(r#"{"_deleted":true}"#));
        assert!(!deleted(r#"{"_deleted":false}"#));
        assert!(!deleted(r#"{"a":"_deleted"}"#));
        assert!(!deleted("3"));
    }
}
