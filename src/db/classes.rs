//! Numbers the access classes of what a batch changed, in the transaction that writes it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::access::{AccessClass, Kind, Resource};
use crate::base::{DatasetId, Digest, JobId};
use crate::catalog::{Attributes, Bodies, Changed, Working};

/// Reads a class's number.
pub(super) fn class_of(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// Returns the condition that keeps rows of these classes; none if all are kept.
pub(super) fn in_classes(classes: Option<&[u32]>) -> String {
    let Some(classes) = classes else { return String::new() };
    // Numbers need no quoting; without any, no row is kept: class -1 does not exist.
    let mut list = String::from("-1");
    for class in classes {
        _ = write!(list, ",{class}");
    }
    format!(" AND access_class IN ({list})")
}

/// The class numbers of what is written.
#[derive(Debug, Default)]
pub(super) struct ClassIds {
    datasets: HashMap<DatasetId, i64>,
    jobs: HashMap<JobId, i64>,
}

impl ClassIds {
    /// Returns the class of a dataset; 0, which only those see who see everything, if it is
    /// not known.
    pub(super) fn dataset(&self, id: DatasetId) -> i64 {
        self.datasets.get(&id).copied().unwrap_or_default()
    }

    /// Returns the class of a job.
    pub(super) fn job(&self, id: JobId) -> i64 {
        self.jobs.get(&id).copied().unwrap_or_default()
    }
}

fn resource(kind: Kind, namespace: String, attributes: Attributes) -> Resource {
    let Attributes { tags, classes, owners, unreadable } = attributes;
    let resource = Resource::new(kind);
    Resource { namespace: Some(namespace), tags, classes, owners, unreadable, ..resource }
}

fn key(class: &AccessClass) -> Uuid {
    Uuid::from_bytes(class.digest().0)
}

impl Db {
    /// Returns datasets and jobs that an older version wrote, which knew no classes: some of
    /// each.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn unclassified(
        &self,
        limit: usize,
    ) -> Result<(Vec<DatasetId>, Vec<JobId>), DbError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (datasets, jobs): (Vec<Uuid>, Vec<Uuid>) = on_db!(self, pool => {
            let datasets = sqlx::query_scalar("SELECT id FROM dataset WHERE access_class = 0 LIMIT $1")
                .bind(limit)
                .fetch_all(pool)
                .await?;
            let jobs = sqlx::query_scalar("SELECT id FROM job WHERE access_class = 0 LIMIT $1")
                .bind(limit)
                .fetch_all(pool)
                .await?;
            (datasets, jobs)
        });
        let jobs = jobs.into_iter().map(JobId).collect();
        Ok((datasets.into_iter().map(DatasetId).collect(), jobs))
    }
}

impl Tx {
    /// Finds or makes the classes of all datasets and jobs that changed.
    pub(super) async fn classify(
        &mut self,
        working: &Working,
        changed: &Changed,
    ) -> Result<ClassIds, DbError> {
        let bodies = self.telling_bodies(working, changed).await?;
        let datasets: Vec<(DatasetId, AccessClass)> = changed
            .datasets
            .keys()
            .filter_map(|id| {
                let names = working.dataset_attributes(*id, &bodies).into_iter();
                let names = names.map(|(ns, told)| resource(Kind::Dataset, ns, told));
                Some((*id, AccessClass::of_names(names)?))
            })
            .collect();
        let jobs: Vec<(JobId, AccessClass)> = changed
            .jobs
            .keys()
            .filter_map(|id| {
                let doc = working.jobs.get(id)?;
                let told = doc.told(&bodies);
                let told = told.map(|told| resource(Kind::Job, doc.namespace.clone(), told));
                Some((*id, AccessClass::of_names(told)?))
            })
            .collect();
        let all =
            datasets.iter().map(|(_, class)| class).chain(jobs.iter().map(|(_, class)| class));
        // In a fixed order, so that equal catalogs number their classes alike.
        let all: BTreeMap<Uuid, &AccessClass> = all.map(|class| (key(class), class)).collect();
        let numbers = self.class_numbers(&all).await?;
        let number = |class: &AccessClass| numbers.get(&key(class)).copied().unwrap_or_default();
        Ok(ClassIds {
            datasets: datasets.iter().map(|(id, class)| (*id, number(class))).collect(),
            jobs: jobs.iter().map(|(id, class)| (*id, number(class))).collect(),
        })
    }

    /// Returns the stored facet bodies that attributes are read from: few are stored.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn telling_bodies(
        &mut self,
        working: &Working,
        changed: &Changed,
    ) -> Result<Bodies, DbError> {
        let of_jobs = changed.jobs.keys().filter_map(|id| working.jobs.get(id));
        let mut wanted: Vec<Digest> =
            changed.datasets.keys().flat_map(|id| working.telling_bodies(*id)).collect();
        wanted.extend(of_jobs.flat_map(|doc| doc.telling_bodies().collect::<Vec<_>>()));
        if wanted.is_empty() {
            return Ok(Bodies::new());
        }
        self.facet_bodies(&wanted).await
    }

    async fn class_numbers(
        &mut self,
        classes: &BTreeMap<Uuid, &AccessClass>,
    ) -> Result<HashMap<Uuid, i64>, DbError> {
        let keys: Vec<Uuid> = classes.keys().copied().collect();
        let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT digest, id FROM access_class WHERE digest", &keys, (Uuid, i64)));
        let mut numbers: HashMap<Uuid, i64> = rows.into_iter().collect();
        for (key, class) in classes {
            if !numbers.contains_key(key) {
                let number = self.access_class(*key, &class.canonical()).await?;
                numbers.insert(*key, number);
            }
        }
        Ok(numbers)
    }
}
