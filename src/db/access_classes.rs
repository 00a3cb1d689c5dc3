//! Numbers the access classes of what a batch changed, in the transaction that writes it.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::access::{AccessClass, Kind, Resource};
use crate::base::{DatasetId, Digest, JobId};
use crate::catalog::{Attributes, Bodies, Changed, NameMarks, Telling, Told, Working};

/// Reads a class's number.
pub(super) fn access_class_of(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// Access classes by which rows are kept, bound as one value: a text of SQL holds no list, however
/// many there are.
pub(super) struct InClasses(Option<String>);

impl InClasses {
    /// Keeps rows of these classes; of all if there are none given.
    pub(super) fn new(classes: Option<&[u32]>) -> Self {
        // A list of numbers always serialises.
        Self(classes.map(|list| serde_json::to_string(list).unwrap_or_default()))
    }

    /// Returns the condition, in which the value is `$1`: a list in JSON, or nothing.
    pub(super) fn condition(db: &Db) -> &'static str {
        match db {
            Db::Sqlite { .. } => {
                " AND ($1 IS NULL OR access_class IN (SELECT value FROM json_each($1)))"
            }
            Db::Postgres { .. } => {
                " AND (CAST($1 AS TEXT) IS NULL OR access_class IN (SELECT CAST(value AS BIGINT) \
                 FROM json_array_elements_text(CAST(CAST($1 AS TEXT) AS JSON))))"
            }
        }
    }

    /// Returns the value to bind.
    pub(super) fn value(&self) -> Option<&str> {
        self.0.as_deref()
    }
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

/// Returns the classes of those of which only times changed: rules see what they saw.
fn as_before(working: &Working, changed: &Changed) -> ClassIds {
    let number = |id: &Uuid, content: bool| {
        let told = working.told.get(id).filter(|_| !content);
        told.and_then(|told| told.whole()).map(i64::from)
    };
    let datasets = changed.datasets.iter();
    let datasets = datasets.filter_map(|(id, content)| Some((*id, number(&id.0, *content)?)));
    let jobs = changed.jobs.iter();
    let jobs = jobs.filter_map(|(id, content)| Some((*id, number(&id.0, *content)?)));
    ClassIds { datasets: datasets.collect(), jobs: jobs.collect() }
}

fn resource(kind: Kind, namespace: String, attributes: Attributes) -> Resource {
    let Attributes { tags, classes, owners, unreadable } = attributes;
    let resource = Resource::new(kind);
    Resource { namespace: Some(namespace), tags, classes, owners, unreadable, ..resource }
}

/// Returns a number for what rules see: an access class, and the marks of single columns.
fn told(access_class: &AccessClass, marks: &[NameMarks]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (access_class.digest(), marks).hash(&mut hasher);
    hasher.finish()
}

/// Notes what rules see of a dataset or job now, and whether that is something else than before.
fn note_rejudged(
    working: &mut Working,
    changed: &mut Changed,
    (id, number): (Uuid, u32),
    (access_class, marks): (&AccessClass, &[NameMarks]),
) {
    let now = Told::All(number, told(access_class, marks));
    let same = match working.told.insert(id, now) {
        // What was not there was not shown.
        Some(Told::Nothing) => true,
        // Whatever is marked is an attribute as well.
        Some(Told::Class(before)) => before == number && marks.iter().all(Vec::is_empty),
        Some(before) => before == now,
        None => false,
    };
    if !same {
        changed.rejudged.insert(id, number);
    }
}

fn key(access_class: &AccessClass) -> Uuid {
    Uuid::from_bytes(access_class.digest().0)
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

impl Db {
    /// Returns the access classes of datasets and jobs by id; those that do not exist have none.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn classes_in_force(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, u32>, DbError> {
        let mut rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, access_class FROM dataset WHERE id", ids, (Uuid, i64)));
        rows.extend(on_db!(self, pool => fetch_in!(pool, "SELECT id, access_class FROM job WHERE id", ids, (Uuid, i64))));
        Ok(rows.into_iter().map(|(id, access_class)| (id, access_class_of(access_class))).collect())
    }
}

impl Db {
    /// Returns numbers of access classes in which nothing is any more, in order, after a number.
    /// The last of all is never among them, so that no number is given twice.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn unused_classes(&self, after: i64, limit: usize) -> Result<Vec<i64>, DbError> {
        let text = "SELECT CAST(c.id AS BIGINT) FROM access_class c WHERE c.id > $1 \
             AND c.id < (SELECT MAX(id) FROM access_class) \
             AND NOT EXISTS (SELECT 1 FROM dataset d WHERE d.access_class = c.id) \
             AND NOT EXISTS (SELECT 1 FROM job j WHERE j.access_class = c.id) \
             ORDER BY c.id LIMIT $2";
        Ok(on_db!(self, pool => {
            sqlx::query_scalar(text)
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?)
    }
}

impl Tx {
    /// Removes those of some access classes in which nothing is. Returns how many went.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn remove_unused_classes(&mut self, numbers: &[i64]) -> Result<u64, DbError> {
        let mut gone = 0;
        for number in numbers {
            gone += on_tx!(self, conn => {
                sqlx::query(
                    "DELETE FROM access_class WHERE id = $1 \
                     AND NOT EXISTS (SELECT 1 FROM dataset WHERE access_class = $1) \
                     AND NOT EXISTS (SELECT 1 FROM job WHERE access_class = $1)",
                )
                .bind(*number)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
            })?;
        }
        Ok(gone)
    }

    /// Finds or makes the classes of all datasets and jobs that changed, and notes of which of
    /// them rules see something else now.
    pub(super) async fn classify(
        &mut self,
        working: &mut Working,
        changed: &mut Changed,
    ) -> Result<ClassIds, DbError> {
        let mut ids = as_before(working, changed);
        let (datasets, jobs): (Vec<DatasetId>, Vec<JobId>) = (
            changed.datasets.keys().filter(|id| !ids.datasets.contains_key(id)).copied().collect(),
            changed.jobs.keys().filter(|id| !ids.jobs.contains_key(id)).copied().collect(),
        );
        if datasets.is_empty() && jobs.is_empty() {
            return Ok(ids);
        }
        let bodies = self.telling_bodies(working, (&datasets, &jobs)).await?;
        let datasets: Vec<(DatasetId, AccessClass)> = datasets
            .iter()
            .filter_map(|id| {
                let names = working.dataset_attributes(*id, &bodies).into_iter();
                let names = names.map(|(ns, told)| resource(Kind::Dataset, ns, told));
                Some((*id, AccessClass::of_names(names)?))
            })
            .collect();
        let jobs: Vec<(JobId, AccessClass)> = jobs
            .iter()
            .filter_map(|id| {
                let doc = working.jobs.get(id)?;
                let told = doc.told(&bodies);
                let told = told.map(|told| resource(Kind::Job, doc.namespace.clone(), told));
                Some((*id, AccessClass::of_names(told)?))
            })
            .collect();
        let all = datasets
            .iter()
            .map(|(_, access_class)| access_class)
            .chain(jobs.iter().map(|(_, access_class)| access_class));
        // In a fixed order, so that equal catalogs number their classes alike.
        let all: BTreeMap<Uuid, &AccessClass> =
            all.map(|access_class| (key(access_class), access_class)).collect();
        let numbers = self.class_numbers(&all).await?;
        let number = |access_class: &AccessClass| {
            numbers.get(&key(access_class)).copied().unwrap_or_default()
        };
        let jobs_marked = jobs.iter().map(|(id, access_class)| (id.0, access_class, Vec::new()));
        let datasets_marked = datasets
            .iter()
            .map(|(id, access_class)| (id.0, access_class, working.dataset_marks(*id, &bodies)));
        let all: Vec<_> = jobs_marked.chain(datasets_marked).collect();
        for (id, access_class, marks) in all {
            note_rejudged(
                working,
                changed,
                (id, access_class_of(number(access_class))),
                (access_class, &marks),
            );
        }
        ids.datasets.extend(datasets.iter().map(|(id, class)| (*id, number(class))));
        ids.jobs.extend(jobs.iter().map(|(id, class)| (*id, number(class))));
        Ok(ids)
    }

    /// Returns the stored facet bodies that attributes are read from: few are stored.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn telling_bodies(
        &mut self,
        working: &Working,
        (datasets, jobs): (&[DatasetId], &[JobId]),
    ) -> Result<Bodies, DbError> {
        let of_jobs = jobs.iter().filter_map(|id| working.jobs.get(id));
        let mut wanted: Vec<Digest> =
            datasets.iter().flat_map(|id| working.telling_bodies(*id)).collect();
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
        for (key, access_class) in classes {
            if !numbers.contains_key(key) {
                let number = self.access_class(*key, &access_class.canonical()).await?;
                numbers.insert(*key, number);
            }
        }
        Ok(numbers)
    }
}
