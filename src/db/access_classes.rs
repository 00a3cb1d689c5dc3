//! Numbers the access classes of what a batch changed, in the transaction that writes it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::access::{AccessClass, Kind, Resource};
use crate::base::{DatasetId, JobId};
use crate::catalog::{Attributes, Bodies, Changed, NameMarks, Told, Working};

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
    let datasets = datasets.filter(|(id, _)| !changed.datasets_judged.contains(id));
    let datasets = datasets.filter_map(|(id, content)| Some((*id, number(&id.0, *content)?)));
    let jobs = changed.jobs.iter().filter(|(id, _)| !changed.jobs_judged.contains(id));
    let jobs = jobs.filter_map(|(id, content)| Some((*id, number(&id.0, *content)?)));
    ClassIds { datasets: datasets.collect(), jobs: jobs.collect() }
}

fn resource(kind: Kind, namespace: String, attributes: Attributes) -> Resource {
    let Attributes { tags, classes, owners, unreadable } = attributes;
    let resource = Resource::new(kind);
    Resource { namespace: Some(namespace), tags, classes, owners, unreadable, ..resource }
}

/// Things that rules see alike, by all their names: which, their access class, and the marks of
/// single columns.
struct Judged<I> {
    of: Vec<I>,
    access_class: AccessClass,
    marks: Vec<NameMarks>,
}

impl<I: Copy> Judged<I> {
    /// Notes what rules see of these now, and of which that is something else than before.
    fn note(&self, working: &mut Working, changed: &mut Changed, number: u32, id: fn(I) -> Uuid) {
        let mut hasher = DefaultHasher::new();
        (self.access_class.digest(), &self.marks).hash(&mut hasher);
        let now = Told::All(number, hasher.finish());
        let unmarked = self.marks.iter().all(Vec::is_empty);
        for id in self.of.iter().copied().map(id) {
            let same = match working.told.insert(id, now) {
                // What was not there was not shown.
                Some(Told::Nothing) => true,
                // Whatever is marked is an attribute as well.
                Some(Told::Class(before)) => before == number && unmarked,
                Some(before) => before == now,
                None => false,
            };
            if !same {
                changed.rejudged.insert(id, number);
            }
        }
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
    /// Returns those of some access classes in which something is, so many at most.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn classes_in_use(&self, classes: &[u32], limit: usize) -> Result<Vec<u32>, DbError> {
        let classes = InClasses::new(Some(classes));
        let seen = InClasses::condition(self);
        let text = format!(
            "SELECT CAST(c.id AS BIGINT) FROM (SELECT id, id AS access_class FROM access_class) c \
             WHERE TRUE{seen} AND (EXISTS (SELECT 1 FROM dataset d WHERE d.access_class = c.id) \
             OR EXISTS (SELECT 1 FROM job j WHERE j.access_class = c.id)) \
             ORDER BY c.id LIMIT $2"
        );
        let numbers: Vec<i64> = on_db!(self, pool => {
            sqlx::query_scalar(sqlx::AssertSqlSafe(text))
                .bind(classes.value())
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(numbers.into_iter().map(access_class_of).collect())
    }

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
        let datasets = changed.datasets.keys().chain(&changed.datasets_judged).copied();
        let datasets: BTreeSet<DatasetId> =
            datasets.filter(|id| !ids.datasets.contains_key(id)).collect();
        let jobs = changed.jobs.keys().chain(&changed.jobs_judged).copied();
        let jobs: BTreeSet<JobId> = jobs.filter(|id| !ids.jobs.contains_key(id)).collect();
        if datasets.is_empty() && jobs.is_empty() {
            return Ok(ids);
        }
        let (datasets, jobs) = (Vec::from_iter(datasets), Vec::from_iter(jobs));
        let bodies = self.telling_bodies(working, (&datasets, &jobs)).await?;
        let datasets = judged_datasets(working, datasets, &bodies);
        let jobs = judged_jobs(working, jobs, &bodies);
        let all = datasets.iter().map(|judged| &judged.access_class);
        let all = all.chain(jobs.iter().map(|judged| &judged.access_class));
        // In a fixed order, so that equal catalogs number their classes alike.
        let all: BTreeMap<Uuid, &AccessClass> =
            all.map(|access_class| (key(access_class), access_class)).collect();
        let numbers = self.class_numbers(&all).await?;
        let number = |access_class: &AccessClass| {
            numbers.get(&key(access_class)).copied().unwrap_or_default()
        };
        for judged in &datasets {
            let number = number(&judged.access_class);
            judged.note(working, changed, access_class_of(number), |id| id.0);
            ids.datasets.extend(judged.of.iter().map(|id| (*id, number)));
        }
        for judged in &jobs {
            let number = number(&judged.access_class);
            judged.note(working, changed, access_class_of(number), |id| id.0);
            ids.jobs.extend(judged.of.iter().map(|id| (*id, number)));
        }
        Ok(ids)
    }

    /// Writes the classes of what did not change itself, where rules see it otherwise.
    pub(super) async fn store_judged(
        &mut self,
        changed: &Changed,
        classes: &ClassIds,
    ) -> Result<(), DbError> {
        let datasets = changed.datasets_judged.iter();
        let datasets = datasets.filter(|id| !changed.datasets.contains_key(id));
        for id in datasets.filter(|id| changed.rejudged.contains_key(&id.0)) {
            let number = classes.dataset(*id);
            execute!(self, "UPDATE dataset SET access_class = $1 WHERE id = $2", number, id.0)?;
        }
        let jobs = changed.jobs_judged.iter().filter(|id| !changed.jobs.contains_key(id));
        for id in jobs.filter(|id| changed.rejudged.contains_key(&id.0)) {
            let number = classes.job(*id);
            execute!(self, "UPDATE job SET access_class = $1 WHERE id = $2", number, id.0)?;
        }
        Ok(())
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
        let wanted = working.telling_bodies(datasets, jobs);
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

/// Judges datasets, those that are one together: rules see the same of each.
fn judged_datasets(
    working: &Working,
    ids: Vec<DatasetId>,
    bodies: &Bodies,
) -> Vec<Judged<DatasetId>> {
    let judged = working.dataset_sets(ids).into_iter().filter_map(|(names, of)| {
        let (told, marks) = working.dataset_told(&names, bodies);
        let told = told.into_iter().map(|(ns, told)| resource(Kind::Dataset, ns, told));
        Some(Judged { of, access_class: AccessClass::of_names(told)?, marks })
    });
    judged.collect()
}

fn judged_jobs(working: &Working, ids: Vec<JobId>, bodies: &Bodies) -> Vec<Judged<JobId>> {
    let judged = ids.into_iter().filter_map(|id| {
        let told = working.job_told(id, bodies).into_iter();
        let told = told.map(|(ns, told)| resource(Kind::Job, ns, told));
        Some(Judged { of: vec![id], access_class: AccessClass::of_names(told)?, marks: Vec::new() })
    });
    judged.collect()
}
