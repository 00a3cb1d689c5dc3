//! How much people may say of one thing.
//!
//! What they say is never forgotten, since a tag that is pushed out could be the one that
//! restricts. So it is refused at the door when it would become too much.

use super::dataset::DatasetDoc;
use super::job::JobDoc;
use crate::base::limits::{
    COLUMN_TAGS_MAX, COLUMNS_DESCRIBED_MAX, PROPERTIES_BYTES_MAX, PROPERTIES_MAX, TAGS_MAX,
};

/// A bound that a document would go over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverBound {
    /// What there would be too much of.
    pub what: &'static str,
    /// How much of it there may be.
    pub most: usize,
}

/// How much there is of something, and how much there may be.
type Amount = (&'static str, usize, usize);

impl DatasetDoc {
    fn said_by_people(&self) -> [Amount; 5] {
        let column_tags = self.field_tags.values().map(std::collections::BTreeMap::len).sum();
        let bytes = self
            .properties
            .iter()
            .map(|(name, said)| name.len() + said.value.as_ref().map_or(0, String::len));
        [
            ("tags", self.tags.len(), TAGS_MAX),
            ("tags of its columns", column_tags, COLUMN_TAGS_MAX),
            ("described columns", self.field_descriptions.len(), COLUMNS_DESCRIBED_MAX),
            ("properties", self.properties.len(), PROPERTIES_MAX),
            ("bytes of properties", bytes.sum(), PROPERTIES_BYTES_MAX),
        ]
    }

    /// Returns whether people said any of what is bounded.
    #[must_use]
    pub fn has_bounded(&self) -> bool {
        self.said_by_people().iter().any(|(_, amount, _)| *amount > 0)
    }

    /// Returns the bound that this document would go over, were `new` joined to it. What is
    /// over it already may stay, and shrink.
    #[must_use]
    pub fn bound_over_with(&self, new: Self) -> Option<OverBound> {
        let mut joined = self.clone();
        joined.join(new);
        grown_over(&self.said_by_people(), &joined.said_by_people())
    }
}

impl JobDoc {
    fn said_by_people(&self) -> [Amount; 1] {
        [("tags", self.tags.len(), TAGS_MAX)]
    }

    /// Returns the bound that this document would go over, were `new` joined to it.
    #[must_use]
    pub fn bound_over_with(&self, new: Self) -> Option<OverBound> {
        let mut joined = self.clone();
        joined.join(new);
        grown_over(&self.said_by_people(), &joined.said_by_people())
    }
}

fn grown_over(before: &[Amount], after: &[Amount]) -> Option<OverBound> {
    let grown = before
        .iter()
        .zip(after)
        .find(|((_, before, _), (_, after, most))| after > most && after > before);
    grown.map(|(_, (what, _, most))| OverBound { what, most: *most })
}
