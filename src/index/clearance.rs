//! Which documents an asker may find, and by which of their texts. Made by whoever knows the
//! rules; here it only narrows.

/// Which documents may be found, by access class. In no list twice; order does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Clearance {
    /// The classes whose documents may be found at all.
    pub classes: Vec<u32>,
    /// Of these, the classes whose columns may not be known: they are neither shown nor found
    /// by their names or descriptions, so that searching cannot guess them.
    pub without_columns: Vec<u32>,
    /// Of these, the classes whose SQL may not be known.
    pub without_sql: Vec<u32>,
}

impl Clearance {
    /// Brings the lists into order, so that equal clearances are equal.
    #[must_use]
    pub(super) fn sorted(&self) -> Self {
        let sorted = |list: &[u32]| {
            let mut list = list.to_vec();
            list.sort_unstable();
            list.dedup();
            list
        };
        Self {
            classes: sorted(&self.classes),
            without_columns: sorted(&self.without_columns),
            without_sql: sorted(&self.without_sql),
        }
    }
}
