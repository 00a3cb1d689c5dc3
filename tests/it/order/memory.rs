//! The catalog in memory: what the writer does, without a database.

use std::collections::{BTreeMap, HashMap, HashSet};

use lethe::base::{DatasetId, Digest, RunId, Time};
use lethe::catalog::{
    Changed, FactKind, JobDoc, LatestRun, Received, Recount, RunDoc, RunUse, RunUseKey, Seen,
    Working, fold,
};
use lethe::openlineage::Parsed;

/// Documents and uses, as the database would hold them.
#[derive(Debug, Default)]
pub struct Model {
    pub working: Working,
    pub uses: HashMap<RunUseKey, RunUse>,
    facets: HashSet<Digest>,
    known: HashSet<lethe::base::EventId>,
}

impl Model {
    /// Folds events in batches, as the writer does.
    pub fn fold(&mut self, events: &[Parsed], batch: usize) {
        for batch in events.chunks(batch) {
            let stored = |digest: &Digest| self.facets.contains(digest);
            let mut deltas = Vec::new();
            for parsed in batch {
                if self.known.insert(parsed.id) {
                    let at = Time::from_micros(0);
                    let received =
                        Received { id: parsed.id, at, voice: &crate::events::voice_of(parsed) };
                    deltas.push(fold(&parsed.event, received, &stored));
                }
            }
            let mut changed = Changed::default();
            for delta in deltas {
                self.working.apply(delta, &mut changed);
            }
            self.store(changed);
        }
    }

    fn store(&mut self, changed: Changed) {
        self.facets.extend(changed.facets.into_keys());
        for key in changed.uses_gone {
            self.uses.remove(&key);
        }
        self.uses.extend(changed.uses);
        for recount in changed.recounts {
            self.recount(recount);
        }
    }

    /// Counts a sum anew, by looking at every run.
    fn recount(&mut self, recount: Recount) {
        match recount {
            Recount::Latest(id) => {
                let sums = sums(&self.working, id);
                let job = self.working.jobs.get_mut(&id).expect("its job is there");
                (job.latest, job.settled) = (sums.latest, sums.settled);
            }
            Recount::Written(id) => {
                let written = written(&self.working, id);
                self.working.datasets.get_mut(&id).expect("it is there").written = None;
                let doc = self.working.datasets.get_mut(&id).expect("it is there");
                written.into_iter().for_each(|(at, run)| doc.note_written(run, Some(at)));
            }
            Recount::Fact(id, kind, dataset, content) => {
                let sums = sums(&self.working, id);
                let job = self.working.jobs.get_mut(&id).expect("its job is there");
                if let Some((seen, _)) = sums.facts.get(&(kind, dataset, content)) {
                    job.set_fact_seen((kind, dataset, content), Some(*seen));
                }
            }
        }
    }

    /// Demands that every sum is what the runs say.
    pub fn check_sums(&self) {
        for (id, job) in &self.working.jobs {
            let sums = sums(&self.working, *id);
            assert_eq!(facts(job), sums.facts, "facts of {}", job.name);
            assert_eq!(job.runs, sums.runs, "runs of {}", job.name);
            assert_eq!(job.latest, sums.latest, "latest run of {}", job.name);
            assert_eq!(job.settled, sums.settled, "newest completed run of {}", job.name);
        }
        let mut uses: HashMap<DatasetId, u32> = HashMap::new();
        for run in self.working.runs.values() {
            for dataset in run.inputs.keys().chain(run.outputs.keys()) {
                *uses.entry(*dataset).or_default() += 1;
            }
        }
        for (id, dataset) in &self.working.datasets {
            assert_eq!(
                dataset.uses,
                uses.get(id).copied().unwrap_or(0),
                "uses of {}",
                dataset.name
            );
            let last = dataset.written.as_ref().map(|w| (w.stamp.at, w.value.expect("a run")));
            assert_eq!(last, written(&self.working, *id), "last write of {}", dataset.name);
            let of_rows = self.uses.keys().filter(|key| key.dataset == *id).count();
            assert_eq!(dataset.uses as usize, of_rows, "rows of uses of {}", dataset.name);
        }
    }
}

/// The last write of a dataset by a run that was done with it.
fn written(working: &Working, dataset: DatasetId) -> Option<(Time, RunId)> {
    let of_run = |(id, run): (&RunId, &RunDoc)| {
        let named = run.outputs.get(&dataset)?.named;
        Some((run.wrote_at()?.max(named.unwrap_or(Time::MIN)), *id))
    };
    // Of two at one time that which the document takes, by the same part of its id.
    let order = |(at, run): &(Time, RunId)| (*at, run.0.as_u64_pair().1);
    working.runs.iter().filter_map(of_run).max_by_key(order)
}

type Facts = BTreeMap<(FactKind, Option<DatasetId>, Option<Digest>), (Seen, u32)>;

fn facts(job: &JobDoc) -> Facts {
    job.facts.iter().map(|f| ((f.kind, f.dataset, f.content), (f.seen, f.runs))).collect()
}

#[derive(Default)]
struct Sums {
    facts: Facts,
    runs: u32,
    latest: Option<LatestRun>,
    settled: Option<Time>,
}

/// What the runs of a job come to.
fn sums(working: &Working, job: lethe::base::JobId) -> Sums {
    let mut sums = Sums::default();
    for (id, run) in &working.runs {
        if run.job.as_ref().map(lethe::catalog::RunJob::id) != Some(job) {
            continue;
        }
        sums.runs += 1;
        let seen = run.seen();
        let latest = LatestRun { last: seen.last, run: *id, state: run.state() };
        sums.latest = sums.latest.max(Some(latest));
        sums.settled = sums.settled.max(run.settles());
        for key in facts_of(run) {
            let past = matches!(key.0, FactKind::PastColumns | FactKind::PastExplicit);
            let seen = if past { Seen::at(Time::MIN) } else { seen };
            let fact = sums.facts.entry(key).or_insert((seen, 0));
            fact.0.join(seen);
            fact.1 += 1;
        }
    }
    sums
}

fn facts_of(run: &RunDoc) -> Vec<(FactKind, Option<DatasetId>, Option<Digest>)> {
    let mut facts = Vec::new();
    facts.extend(run.inputs.keys().map(|d| (FactKind::Input, Some(*d), None)));
    for (dataset, io) in &run.outputs {
        facts.push((FactKind::Output, Some(*dataset), None));
        facts.extend(io.columns().map(|c| (FactKind::Columns, Some(*dataset), Some(c))));
    }
    facts.extend(run.explicit.keys().map(|c| (FactKind::Explicit, None, Some(*c))));
    let (columns, explicit) = (&run.before.columns, &run.before.explicit);
    facts.extend(columns.iter().map(|c| (FactKind::PastColumns, None, Some(*c))));
    facts.extend(explicit.iter().map(|c| (FactKind::PastExplicit, None, Some(*c))));
    facts.extend(run.version().map(|v| (FactKind::Version, None, Some(v.digest()))));
    facts
}
