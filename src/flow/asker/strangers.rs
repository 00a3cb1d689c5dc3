//! Who speaks of the datasets of a namespace today, and would be a stranger to it once an
//! account is bound there.

use std::collections::{BTreeSet, HashMap};

use super::super::error::FlowError;
use super::answers::Asker;
use crate::access::{Kind, Pattern};
use crate::base::DatasetId;
use crate::db::DatasetRow;

/// Datasets that one page goes through, at most: of those that the asker sees, so that where a page
/// ends, and how many there are, tells nothing of others.
const LOOKED_AT_MAX: usize = 1_000;

/// Somebody who speaks of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WouldBeStranger {
    /// The dataset's namespace.
    pub namespace: String,
    /// The dataset's name.
    pub name: String,
    /// Who speaks of it, as `service:NAME`; none if that was not kept.
    pub by: Option<String>,
}

impl Asker {
    /// Returns who but one speaks of datasets that the asker sees, in the namespaces of a
    /// pattern: by runs that read or write them, and by events about them. Goes through some of the
    /// datasets that the asker sees, after an id, and returns where to go on; a page may be empty.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn would_be_strangers(
        &self,
        but: &str,
        pattern: &Pattern,
        after: Option<DatasetId>,
    ) -> Result<(Vec<WouldBeStranger>, Option<DatasetId>), FlowError> {
        let seen = self.seen(Kind::Dataset);
        let db = self.app.db();
        let mut rows = db.scan_datasets_in(seen.as_deref(), after, LOOKED_AT_MAX).await?;
        let next = rows.last().filter(|_| rows.len() == LOOKED_AT_MAX).map(|row| row.id);
        rows.retain(|row| pattern.matches(&row.doc.namespace));
        let meant: Vec<DatasetId> = rows.iter().map(|row| row.id).collect();
        let spoken = db.speakers_of(&meant).await?;
        let numbers: BTreeSet<i64> = spoken.iter().map(|(_, voice)| *voice).collect();
        let authors = db.authors(&Vec::from_iter(numbers)).await?;
        let mut by: HashMap<DatasetId, BTreeSet<Option<&str>>> = HashMap::new();
        for (dataset, voice) in spoken {
            let author = authors.get(&voice).map(String::as_str);
            if author != Some(but) {
                by.entry(dataset).or_default().insert(author);
            }
        }
        let of = |row: DatasetRow| {
            let speakers = by.get(&row.id).cloned().unwrap_or_default();
            let (namespace, name) = (row.doc.namespace, row.doc.name);
            speakers.into_iter().map(move |by| WouldBeStranger {
                namespace: namespace.clone(),
                name: name.clone(),
                by: by.map(str::to_owned),
            })
        };
        Ok((rows.into_iter().flat_map(of).collect(), next))
    }
}
