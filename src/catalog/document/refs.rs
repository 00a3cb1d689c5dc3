//! What documents refer to: facet bodies, and other entities by name.
//!
//! Removal for good needs both: bodies that nobody refers to any more go, and a facet
//! that names what was removed goes with it.

use std::collections::HashSet;

use serde_json::Value;

use super::dataset::DatasetDoc;
use super::facet::{FacetBody, FacetBook};
use super::job::JobDoc;
use super::run::RunDoc;
use crate::base::{DatasetId, Digest, JobId};

/// Datasets by their names, to be looked for in events and facets.
#[derive(Debug, Clone, Default)]
pub struct DatasetNames {
    names: HashSet<(String, String)>,
    ids: HashSet<DatasetId>,
}

impl DatasetNames {
    /// Takes datasets: namespace and name.
    pub fn new(names: impl IntoIterator<Item = (String, String)>) -> Self {
        let names: HashSet<(String, String)> = names.into_iter().collect();
        let ids = names.iter().map(|(namespace, name)| DatasetId::of(namespace, name)).collect();
        Self { names, ids }
    }

    /// Returns whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns whether a dataset is one of them.
    #[must_use]
    pub fn has(&self, id: DatasetId) -> bool {
        self.ids.contains(&id)
    }

    /// Goes through their ids.
    pub fn ids(&self) -> impl Iterator<Item = DatasetId> {
        self.ids.iter().copied()
    }

    /// Returns whether a JSON text (an event, a facet) refers to one of them: holds, at any
    /// depth, an object with its `namespace` and `name` that is not plainly a job. A text
    /// that is no JSON refers to one if it holds its name.
    #[must_use]
    pub fn in_text(&self, text: &str) -> bool {
        // JSON may spell a character in several ways; only then the text says nothing.
        let spelled = |(_, name): &(String, String)| text.contains(name.as_str());
        if !text.contains('\\') && !self.names.iter().any(spelled) {
            return false;
        }
        match serde_json::from_str::<Value>(text) {
            Ok(value) => self.in_value(&value, ""),
            Err(_) => self.names.iter().any(spelled),
        }
    }

    fn in_value(&self, value: &Value, member: &str) -> bool {
        match value {
            Value::Object(members) => {
                let text = |key: &str| members.get(key).and_then(Value::as_str);
                let job =
                    member == "job" || text("type") == Some("JOB") || text("kind") == Some("job");
                if let (false, Some(namespace), Some(name)) = (job, text("namespace"), text("name"))
                    && self.ids.contains(&DatasetId::of(namespace, name))
                {
                    return true;
                }
                members.iter().any(|(member, value)| self.in_value(value, member))
            }
            Value::Array(values) => {
                // Edits write datasets as pairs.
                let pair = match values.as_slice() {
                    [Value::String(namespace), Value::String(name)] => {
                        self.ids.contains(&DatasetId::of(namespace, name))
                    }
                    _ => false,
                };
                pair || values.iter().any(|value| self.in_value(value, member))
            }
            _ => false,
        }
    }
}

/// Returns the jobs that an explicit `lineage` facet's text names.
#[must_use]
pub fn jobs_named_in(text: &str) -> Vec<JobId> {
    fn look(value: &Value, found: &mut Vec<JobId>) {
        match value {
            Value::Object(members) => {
                let text = |key: &str| members.get(key).and_then(Value::as_str);
                if let (Some("JOB"), Some(namespace), Some(name)) =
                    (text("type"), text("namespace"), text("name"))
                {
                    found.push(JobId::of(namespace, name));
                }
                members.values().for_each(|value| look(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| look(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if text.contains("JOB")
        && let Ok(value) = serde_json::from_str(text)
    {
        look(&value, &mut found);
    }
    found
}

impl FacetBook {
    /// Drops the facets that refer to a removed dataset: `tainted` are the stored bodies
    /// that do. Returns whether there were any.
    fn scrub(&mut self, gone: &DatasetNames, tainted: &HashSet<Digest>) -> bool {
        self.drop_where(|body| match body {
            FacetBody::Inline(raw) => gone.in_text(raw.get()),
            FacetBody::Stored(digest) => tainted.contains(digest),
            FacetBody::Deleted => false,
        })
    }
}

impl DatasetDoc {
    /// Drops whatever refers to removed datasets. Returns whether anything did.
    pub fn scrub(&mut self, gone: &DatasetNames, tainted: &HashSet<Digest>) -> bool {
        let said_lifecycle = self.facets.stamp("lifecycleStateChange");
        let mut changed = self.facets.scrub(gone, tainted);
        if said_lifecycle.is_some() && self.facets.stamp("lifecycleStateChange").is_none() {
            self.lifecycle = None;
        }
        let names = self.aliases.len();
        self.aliases.retain(|alias| !gone.has(*alias));
        changed |= names != self.aliases.len();
        let named = |(namespace, name): &(String, String)| {
            gone.has(crate::base::DatasetId::of(namespace, name))
        };
        if self.findings.iter().any(|finding| finding.other.as_ref().is_some_and(named)) {
            self.findings.keep_only(|finding| !finding.other.as_ref().is_some_and(named));
            changed = true;
        }
        if self.renamed_to.as_ref().is_some_and(|renamed| gone.has(renamed.value)) {
            self.renamed_to = None;
            changed = true;
        }
        for declared in [&mut self.declared_lineage, &mut self.declared_columns] {
            let digest = declared.as_ref().and_then(|said| said.value);
            if digest.is_some_and(|digest| tainted.contains(&digest)) {
                *declared = None;
                changed = true;
            }
        }
        changed
    }

    /// Returns the digests of all bodies that it refers to.
    #[must_use]
    pub fn digests(&self) -> Vec<Digest> {
        let declared = [self.declared_lineage(), self.declared_columns()];
        let of_facets = self.facets.stored().chain(self.schemas.keys().copied());
        let of_facets = of_facets.chain(self.schemas_read.keys().copied());
        of_facets.chain(declared.into_iter().flatten()).collect()
    }
}

impl JobDoc {
    /// Returns whether it refers to a removed dataset.
    #[must_use]
    pub fn refers_to(&self, gone: &DatasetNames, tainted: &HashSet<Digest>) -> bool {
        let mut facets = self.facets.clone();
        let of_facts = self.facts.iter().any(|fact| fact.dataset.is_some_and(|id| gone.has(id)));
        let declared = self.declared.iter().flat_map(|said| {
            let said = &said.value;
            said.inputs.iter().chain(&said.outputs).chain(said.columns.iter().map(|(id, _)| id))
        });
        of_facts
            || declared.into_iter().any(|id| gone.has(*id))
            || self.before.datasets.iter().any(|id| gone.has(*id))
            || self.digests().iter().any(|digest| tainted.contains(digest))
            || facets.scrub(gone, tainted)
    }

    /// Returns the digests of all bodies that it refers to.
    #[must_use]
    pub fn digests(&self) -> Vec<Digest> {
        let of_facts = self.facts.iter().filter_map(|fact| fact.content);
        let declared = self.declared.iter().flat_map(|said| {
            let said = &said.value;
            let columns = said.columns.iter().map(|(_, digest)| *digest);
            columns.chain(said.explicit).chain(said.version)
        });
        let before = self.before.digests();
        self.facets.stored().chain(of_facts).chain(declared).chain(before).collect()
    }
}

impl RunDoc {
    /// Returns the digests of all bodies that it refers to.
    #[must_use]
    pub fn digests(&self) -> Vec<Digest> {
        let ios = self.inputs.values().chain(self.outputs.values());
        let of_ios = ios.flat_map(|io| {
            io.facets.stored().chain(io.schema()).chain(io.columns()).collect::<Vec<_>>()
        });
        let explicit = self.explicit.keys().copied().chain(self.before.digests());
        self.facets.stored().chain(of_ios).chain(explicit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> DatasetNames {
        DatasetNames::new([("pg://db".to_owned(), "crm.people".to_owned())])
    }

    #[test]
    fn datasets_are_found_wherever_an_event_names_them() {
        for text in [
            r#"{"inputs":[{"namespace":"pg://db","name":"crm.people"}]}"#,
            r#"{"edit":"putJob","inputs":[["pg://db","crm.people"]]}"#,
            r#"{"x":{"fields":{"a":{"inputFields":[{"name":"crm.people","field":"b","namespace":"pg://db"}]}}}}"#,
            r#"{"namespace":"pg:\/\/db","name":"crm.p\u0065ople"}"#,
            r"crm.people is no JSON",
        ] {
            assert!(people().in_text(text), "{text}");
        }
        for text in [
            r#"{"inputs":[{"namespace":"pg://other","name":"crm.people"}]}"#,
            r#"{"job":{"namespace":"pg://db","name":"crm.people"}}"#,
            r#"{"kind":"job","namespace":"pg://db","name":"crm.people"}"#,
            r#"{"type":"JOB","namespace":"pg://db","name":"crm.people"}"#,
            r#"{"description":"about crm.people in pg://db"}"#,
            "nobody is no JSON",
        ] {
            assert!(!people().in_text(text), "{text}");
        }
    }
}
