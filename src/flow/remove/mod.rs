//! Removal for good: datasets and jobs, with every entry of the log that names them.
//!
//! What is promised, and held by tests (`tests/it/rebuild.rs`):
//! - the datasets and jobs are gone, and every event, edit and refused event that names a
//!   removed dataset or is about a removed job, text and all;
//! - jobs that had to do with them, and the runs of these jobs, are what the entries of the
//!   log that are left come to, and what lasts without (restrictions, names), as after a rebuild;
//! - no other document refers to a removed dataset, and facet bodies that nobody refers to
//!   any more are gone too.
//!
//! What is not: other datasets keep what removed events taught about them, so they may know
//! more than after a rebuild. What retention took from the log before cannot be folded
//! again: of jobs that had to do with a removed dataset, only what is left in the log stays.
//! Words in free text (SQL, descriptions) that happen to be a removed name stay where they
//! belong to something else. A removed job that others name as their parent is there
//! again, empty, after a rebuild or with their next event.
//!
//! A run whose events name different parents is folded from those that name its job or none.
//!
//! A removal reads the whole log and catalog once: what names a dataset is in no index.
//! Nearly all of that happens before the writer's lock is taken.

mod doomed;
mod find;
mod sweep;

use std::collections::BTreeSet;

use super::app::App;
use super::audit::{Act, Actor};
use super::error::FlowError;
use super::refold::{PAGE, Rebuilt, jobs_that_last, publish, refold, take_over};
use super::write::{changes_of, load_with_names};
use crate::base::{DatasetId, JobId, NamespaceId, NodeKind, Position};
use crate::catalog::{Changed, Delta, EntityRef, Gone, JobDoc, Touch, Working};
use crate::db::{Change, ChangeKind, Db, Tx};
use doomed::Doomed;
use find::Found;

/// Times that a namespace turns out to hold more when its last page is to go.
const LATE_MAX: usize = 10;

impl App {
    /// Removes datasets and jobs for good; see the top of this file for what that means.
    /// Returns the position in the change feed at which they are gone.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails; nothing is half removed.
    pub async fn remove(
        &self,
        actor: &Actor,
        entities: &[EntityRef],
    ) -> Result<Position, FlowError> {
        let gone = self.remove_page(actor, entities, None).await?;
        gone.ok_or_else(|| FlowError::Internal("a removal without an end".to_owned()))
    }

    /// Removes datasets and jobs, and in the same transaction a namespace that they are the last of.
    /// Returns nothing, and nothing is removed, if there is more in it by then.
    async fn remove_page(
        &self,
        actor: &Actor,
        entities: &[EntityRef],
        namespace: Option<&str>,
    ) -> Result<Option<Position>, FlowError> {
        let doomed = Doomed::new(entities);
        let mut found = Found::default();
        found.look_everywhere(self.db(), &doomed).await?;
        let mut garbage = sweep::candidates(self.db(), &doomed, &found).await?;

        let write = async |tx: &mut Tx| {
            let head = tx.head().await?;
            if let Some(name) = namespace {
                let left = self.entities_of(name, entities.len() + 1).await?;
                if left.iter().any(|entity| !entities.contains(entity)) {
                    return Ok((None, Vec::new()));
                }
            }
            // What was committed since: nobody can commit any more now.
            found.look_in_log(self.db(), &doomed).await?;
            found.look_around(self.db()).await?;
            let left = found.entries_left(self.db(), &doomed).await?;
            let before = what_was(tx, &doomed, &found).await?;
            let bequests = bequests_of(tx, &doomed).await?;

            tx.remove_events(&found.entries).await?;
            for letter in &found.letters {
                tx.drop_dead_letter(*letter).await?;
            }
            let jobs: Vec<JobId> = found.jobs.iter().copied().collect();
            tx.remove_jobs(&jobs).await?;
            let datasets: Vec<DatasetId> = doomed.datasets.ids().collect();
            tx.remove_datasets(&datasets).await?;
            let mut changes = self.fold_left(tx, &left, &mut garbage).await?;
            let of = (doomed.clone(), &before[..]);
            changes.extend(keep_what_lasts(self.db(), tx, of, &found, &mut garbage).await?);
            // Others that name a removed job as their parent have just made it again.
            tx.remove_jobs(&doomed.jobs.iter().copied().collect::<Vec<_>>()).await?;
            changes.extend(mend_datasets(tx, &doomed, &found).await?);
            changes.extend(hand_on(tx, bequests).await?);
            garbage.keep_what_changed_since(self.db()).await?;
            tx.remove_facets(&garbage.digests()).await?;

            let change = |kind, id| Change { kind, id };
            changes.extend(datasets.iter().map(|id| change(ChangeKind::DatasetGone, id.0)));
            let mut after = Working::default();
            tx.load(&Touch { jobs: found.jobs.clone(), ..Touch::default() }, &mut after).await?;
            changes.extend(after.jobs.iter().map(|(id, doc)| {
                let kind = if doc.name.is_empty() { ChangeKind::JobGone } else { ChangeKind::Job };
                change(kind, id.0)
            }));
            changes.extend(&found.stated_by);
            let mut acts: Vec<Act> = entities.iter().map(act_of_removal).collect();
            if let Some(name) = namespace {
                tx.remove_namespace(name).await?;
                let id = NamespaceId::of(name).0;
                changes.push(change(ChangeKind::Namespace, id));
                acts.push(Act::done("namespace:purge").on("namespace", id, name));
            }
            changes.sort_unstable();
            changes.dedup();
            let reached = publish(tx, head, self.now(), &changes).await?;
            Ok((Some(reached), acts))
        };
        let Some(reached) = self.change(actor, write).await? else { return Ok(None) };
        self.inner.positions.commit(reached.number);
        self.take_up_recent().await?;
        Ok(Some(reached))
    }

    /// Removes a namespace for good, with all its datasets and jobs: a page of them at a time, the
    /// last one together with the namespace. Whoever ends it before may ask for it again.
    ///
    /// # Errors
    ///
    /// As [`App::remove`], and [`FlowError::Conflict`] if others name new things in it all the while;
    /// what was removed until then stays so.
    pub async fn remove_namespace(&self, actor: &Actor, name: &str) -> Result<Position, FlowError> {
        let mut late = 0;
        while late < LATE_MAX {
            let entities = self.entities_of(name, PAGE).await?;
            if entities.len() == PAGE {
                self.remove_page(actor, &entities, None).await?;
                continue;
            }
            if let Some(position) = self.remove_page(actor, &entities, Some(name)).await? {
                return Ok(position);
            }
            // The less there is, the sooner it is the last.
            self.remove_page(actor, &entities, None).await?;
            late += 1;
        }
        let why =
            "new datasets or jobs of the namespace come in all the while: stop who sends them";
        Err(FlowError::Conflict(why.to_owned()))
    }

    /// Lists the first datasets and jobs of a namespace, up to so many.
    async fn entities_of(&self, name: &str, limit: usize) -> Result<Vec<EntityRef>, FlowError> {
        let entity = |kind, namespace, name| EntityRef { kind, namespace, name };
        let datasets = self.db().datasets_of_namespace(name, None, limit).await?.into_iter();
        let mut entities: Vec<EntityRef> = datasets
            .map(|row| entity(NodeKind::Dataset, row.doc.namespace, row.doc.name))
            .collect();
        let jobs = self.db().jobs_of_namespace(name, None, limit - entities.len()).await?;
        let jobs = jobs.into_iter();
        entities.extend(jobs.map(|row| entity(NodeKind::Job, row.doc.namespace, row.doc.name)));
        Ok(entities)
    }

    /// Folds entries of the log once more. Joining is idempotent: what was not removed
    /// does not change by it.
    async fn fold_left(
        &self,
        tx: &mut Tx,
        left: &[i64],
        garbage: &mut sweep::Garbage,
    ) -> Result<Vec<Change>, FlowError> {
        let mut working = Working::default();
        let mut done = Rebuilt::default();
        let mut changes = Vec::new();
        let mut again = &tx.said_again(left).await?[..];
        let mut pages = left.chunks(PAGE).peekable();
        while let Some(places) = pages.next() {
            let rows = self.db().events_at(places).await?;
            let next = pages.peek().and_then(|page| page.first()).copied().unwrap_or(i64::MAX);
            let (said, later) = again.split_at(again.partition_point(|s| s.said_after < next));
            again = later;
            let rows = (&rows[..], said);
            let changed = refold(self.db(), tx, &mut working, rows, &mut done).await?;
            garbage.keep(changed.facets.keys().copied());
            changes.extend(changes_of(&changed));
        }
        Ok(changes)
    }
}

/// Returns the jobs that are folded again, as they are before.
async fn what_was(tx: &mut Tx, doomed: &Doomed, found: &Found) -> Result<Vec<JobDoc>, FlowError> {
    let folded = found.jobs.difference(&doomed.jobs).copied().collect();
    let mut working = Working::default();
    tx.load(&Touch { jobs: folded, ..Touch::default() }, &mut working).await?;
    Ok(working.jobs.into_values().filter(|doc| !doc.name.is_empty()).collect())
}

/// Returns what removed jobs leave to the names that are judged by them.
async fn bequests_of(tx: &mut Tx, doomed: &Doomed) -> Result<Vec<JobDoc>, FlowError> {
    let mut working = Working::default();
    tx.load(&Touch { jobs: doomed.jobs.clone(), ..Touch::default() }, &mut working).await?;
    tx.load_job_names(&doomed.jobs, &mut working).await?;
    let removed = doomed.jobs.iter().filter_map(|id| working.jobs.get(id));
    let bequests = removed.flat_map(|job| job.bequests(&working.jobs));
    Ok(bequests.filter(|heir| !doomed.jobs.contains(&heir.id())).collect())
}

/// Joins to jobs what was left to them.
async fn hand_on(tx: &mut Tx, bequests: Vec<JobDoc>) -> Result<Vec<Change>, FlowError> {
    let (mut working, mut changed) = (Working::default(), Changed::default());
    let jobs = bequests.iter().map(JobDoc::id).collect();
    tx.load(&Touch { jobs, ..Touch::default() }, &mut working).await?;
    // One that only the removed job told of is gone with it.
    let there = bequests
        .into_iter()
        .filter(|heir| working.jobs.get(&heir.id()).is_some_and(|known| !known.name.is_empty()));
    let lasting = Delta { jobs: there.collect(), ..Delta::default() };
    take_over(tx, (&mut working, &mut changed), lasting).await?;
    tx.write(&mut working, &mut changed).await?;
    Ok(changes_of(&changed))
}

/// Joins to jobs that were folded again what lasts of them.
async fn keep_what_lasts(
    db: &Db,
    tx: &mut Tx,
    (doomed, before): (Doomed, &[JobDoc]),
    found: &Found,
    garbage: &mut sweep::Garbage,
) -> Result<Vec<Change>, FlowError> {
    let Doomed { datasets, jobs } = doomed;
    let gone = Gone { datasets, tainted: found.tainted.clone(), jobs };
    let lasting = jobs_that_last(db, tx, before, &gone).await?;
    garbage.keep(lasting.jobs.iter().flat_map(JobDoc::digests));
    let (mut working, mut changed) = (Working::default(), Changed::default());
    take_over(tx, (&mut working, &mut changed), lasting).await?;
    tx.write(&mut working, &mut changed).await?;
    Ok(changes_of(&changed))
}

fn act_of_removal(entity: &EntityRef) -> Act {
    let name = format!("{} {}", entity.namespace, entity.name);
    match entity.kind {
        NodeKind::Job => {
            let id = JobId::of(&entity.namespace, &entity.name).0;
            Act::done("job:purge").on("job", id, name)
        }
        _ => {
            let id = DatasetId::of(&entity.namespace, &entity.name).0;
            Act::done("dataset:purge").on("dataset", id, name)
        }
    }
}

/// Takes out of other datasets what refers to the removed ones, and counts their uses anew.
async fn mend_datasets(
    tx: &mut Tx,
    doomed: &Doomed,
    found: &Found,
) -> Result<Vec<Change>, FlowError> {
    let others: BTreeSet<DatasetId> =
        found.datasets.iter().copied().filter(|id| !doomed.datasets.has(*id)).collect();
    let mut working = Working::default();
    let touch = Touch { datasets: others.clone(), ..Touch::default() };
    load_with_names(tx, &mut working, touch).await?;
    let mut changed = Changed::default();
    let mut apart = false;
    let uses = tx.count_uses(&working.datasets.keys().copied().collect::<Vec<_>>()).await?;
    for (id, doc) in &mut working.datasets {
        let names = doc.aliases.len();
        if doc.scrub(&doomed.datasets, &found.tainted) {
            changed.datasets.insert(*id, true);
        }
        apart |= names != doc.aliases.len();
        let uses = uses.get(id).copied().unwrap_or(0);
        if doc.uses != uses {
            doc.uses = uses;
            changed.datasets.entry(*id).or_default();
        }
    }
    changed
        .datasets
        .retain(|id, _| working.datasets.get(id).is_some_and(|doc| !doc.name.is_empty()));
    tx.write(&mut working, &mut changed).await?;
    let mut changes = changes_of(&changed);
    if apart {
        // Names that were one dataset only over a removed one: the graph cannot part them.
        changes.push(Change { kind: ChangeKind::Everything, id: uuid::Uuid::nil() });
    }
    Ok(changes)
}
