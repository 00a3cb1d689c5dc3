//! What a text that is no valid event says that it is about.
//!
//! Refused events are kept, and belong to those whose namespace they name. What is not plainly said
//! (two answers, a member twice, another type) is not said.

use serde::Deserialize;

use super::event::Event;

/// The namespace that an event belongs to, and the name in it, as far as they are told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    /// The namespace of its job; of its dataset if it names no job.
    pub namespace: Option<String>,
    /// The name of its job or dataset.
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Outline {
    job: Option<Place>,
    dataset: Option<Place>,
}

#[derive(Deserialize)]
struct Place {
    namespace: Option<String>,
    name: Option<String>,
}

impl Sketch {
    /// Reads a text that was refused.
    #[must_use]
    pub fn of_text(text: &[u8]) -> Self {
        let outline = serde_json::from_slice::<Outline>(text);
        let place = match outline.map(|outline| (outline.job, outline.dataset)) {
            Ok((Some(place), None) | (None, Some(place))) => place,
            Ok((None, None) | (Some(_), Some(_))) | Err(_) => return Self::default(),
        };
        let told = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self { namespace: told(place.namespace), name: told(place.name) }
    }

    /// Returns whether an event could be what this was meant to be: it is of the same namespace, and
    /// of the same name if one was told.
    #[must_use]
    pub fn may_become(&self, event: &Event) -> bool {
        let (namespace, name) = event.subject();
        self.namespace.as_deref() == Some(namespace)
            && self.name.as_deref().is_none_or(|told| told == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plainly_said_is_understood_and_nothing_else() {
        let sketch = |text: &str| {
            let Sketch { namespace, name } = Sketch::of_text(text.as_bytes());
            (namespace.unwrap_or_default(), name.unwrap_or_default())
        };
        let told = |namespace: &str, name: &str| (namespace.to_owned(), name.to_owned());
        for (text, expected) in [
            (r#"{"eventTime": "bad", "job": {"namespace": "a", "name": "j"}}"#, told("a", "j")),
            (r#"{"job": {"namespace": "a"}, "inputs": 7}"#, told("a", "")),
            (r#"{"dataset": {"namespace": "a", "name": "d"}}"#, told("a", "d")),
            (r#"{"job": {"namespace": "a"}, "dataset": {"namespace": "b"}}"#, told("", "")),
            (r#"{"job": {"namespace": "a"}, "job": {"namespace": "b"}}"#, told("", "")),
            (r#"{"job": {"namespace": "a", "namespace": "b"}}"#, told("", "")),
            (r#"{"job": {"namespace": ""}}"#, told("", "")),
            (r#"{"job": {"namespace": ["a"]}}"#, told("", "")),
            (r#"{"job": "a"}"#, told("", "")),
            (r#"{"job": {"namespace": "a"}"#, told("", "")),
            (r#"[{"job": {"namespace": "a"}}]"#, told("", "")),
            ("", told("", "")),
        ] {
            assert_eq!(sketch(text), expected, "{text}");
        }
    }
}
