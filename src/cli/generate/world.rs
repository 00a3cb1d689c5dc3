//! The made-up landscape: which datasets there are, what they hold, which job reads what.
//!
//! Nothing is stored. A dataset or job is worked out from its index, so any part of a
//! landscape of millions can be asked for at once. Datasets are numbered layer by layer, raw
//! ones first, and a job reads only lower layers: the graph has no circle.

use std::fmt::Write;
use std::ops::Range;

use crate::base::limits::{COLUMNS_MAX, EVENT_DATASETS_MAX};

use super::settings::Settings;
use super::words::{COLUMNS, Column, DOMAINS, Domain};

/// Greatest number of jobs, runs of a job, or datasets; larger wishes are cut to it.
pub(super) const COUNT_MAX: u64 = 1 << 31;

/// How far from its own place in the layer a job usually reads, in datasets.
const NEIGHBOURS: u64 = 24;

/// The landscape that some settings describe.
#[derive(Debug, Clone)]
pub(super) struct World {
    /// Layers that jobs write: at least 1, at most the jobs and the written datasets.
    pub(super) depth: u64,
    pub(super) jobs: u64,
    pub(super) columns: u64,
    pub(super) seed: u64,
    roots: u64,
    written: u64,
    fan_in: u64,
    namespaces: u64,
}

/// One dataset: its place and its names.
#[derive(Debug, Clone)]
pub(super) struct Dataset {
    pub(super) layer: u64,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) domain: &'static Domain,
    /// Where its columns start in the domain's list.
    shift: u64,
}

/// One job: its place, its names and what it reads and writes.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) index: u64,
    pub(super) layer: u64,
    pub(super) namespace: String,
    pub(super) name: String,
    /// The DAG it is a task of: the name up to the dot.
    pub(super) dag: String,
    pub(super) domain: &'static Domain,
    pub(super) inputs: Vec<Dataset>,
    pub(super) outputs: Vec<Dataset>,
}

impl World {
    pub(super) fn new(settings: &Settings) -> Self {
        let jobs = settings.jobs.clamp(1, COUNT_MAX);
        let datasets = settings.datasets.map_or(jobs + jobs.div_ceil(4), |n| n.min(COUNT_MAX));
        let datasets = datasets.max(2);
        let depth = settings.depth.clamp(1, jobs).min(datasets - 1);
        // Without a wish, a job writes one dataset; else raw ones are one layer of all.
        let roots = match settings.datasets {
            Some(_) => (datasets / (depth + 1)).max(1),
            None => datasets - jobs,
        };
        Self {
            depth,
            jobs,
            columns: settings.columns.clamp(1, COLUMNS_MAX as u64),
            seed: settings.seed,
            roots,
            written: datasets - roots,
            fan_in: settings.fan_in.clamp(1, EVENT_DATASETS_MAX as u64),
            namespaces: settings.namespaces.max(1),
        }
    }

    /// Works out the dataset of that index.
    pub(super) fn dataset(&self, index: u64) -> Dataset {
        let (layer, place, length) = self.layer_of_dataset(index);
        let domain = domain_at(place, length);
        let noise = mix(self.seed, index);
        let entity = domain.entities[pick(noise, domain.entities.len())];
        let store = index % self.namespaces;
        let (namespace, name) = match self.zone(layer) {
            Zone::Raw => (
                format!("postgres://ops-{store}.example:5432"),
                format!("{}.public.{entity}_{index}", domain.name),
            ),
            Zone::Bronze => (
                format!("s3://acme-lake-{store}"),
                format!("bronze/{}/{entity}_{index}", domain.name),
            ),
            Zone::Silver => (
                format!("snowflake://acme-eu{store}"),
                format!("analytics.{}.{entity}_{index}", domain.name),
            ),
            Zone::Mart => (
                "bigquery".to_owned(),
                format!("acme-mart-{store}.{}.{entity}_{index}", domain.name),
            ),
        };
        Dataset { layer, namespace, name, domain, shift: (noise >> 32) % 3 }
    }

    /// Works out the job of that index with all it reads and writes.
    pub(super) fn job(&self, index: u64) -> Job {
        let at = layer_at(index, self.jobs, self.depth);
        let layer = at + 1;
        let jobs = part(self.jobs, self.depth, at);
        let (place, length) = (index - jobs.start, jobs.end - jobs.start);
        let domain = domain_at(place, length);
        let noise = mix(!self.seed, index);
        let (stage, verbs) = match self.zone(layer) {
            Zone::Raw | Zone::Bronze => ("ingest", ["land", "copy", "extract"]),
            Zone::Silver => ("refine", ["clean", "join", "conform"]),
            Zone::Mart => ("publish", ["build", "summarise", "rank"]),
        };
        let entity = domain.entities[pick(noise, domain.entities.len())];
        let verb = verbs[pick(noise >> 8, verbs.len())];
        let dag = format!("{}_{stage}_{layer}", domain.name);
        let written = part(self.written, self.depth, at);
        let outputs = share(place, length, &written);
        Job {
            index,
            layer,
            namespace: format!("pipelines-{}", index % self.namespaces),
            name: format!("{dag}.{verb}_{entity}_{index}"),
            dag,
            domain,
            inputs: self.inputs(index, layer, place, length),
            outputs: outputs.map(|k| self.dataset(self.roots + k)).collect(),
        }
    }

    /// The datasets a job reads: its share of the layer below, so that each is read, then
    /// neighbours of that share and now and then something far away.
    fn inputs(&self, job: u64, layer: u64, place: u64, length: u64) -> Vec<Dataset> {
        let below = self.datasets_of_layer(layer - 1);
        let mut chosen: Vec<u64> = share(place, length, &below).collect();
        let wanted = self.fan_in.min(below.end);
        let home = chosen.first().copied().unwrap_or(below.start);
        let mut draw = 0;
        while (chosen.len() as u64) < wanted {
            let noise = mix(self.seed ^ 0x5eed, mix(job, draw));
            let near = home.saturating_sub(NEIGHBOURS / 2) + noise % NEIGHBOURS;
            let candidate = if draw > 4 * wanted {
                (home + draw) % below.end
            } else if (noise >> 40) & 7 == 0 {
                (noise >> 8) % below.end
            } else {
                near.clamp(below.start, below.end - 1)
            };
            if !chosen.contains(&candidate) {
                chosen.push(candidate);
            }
            draw += 1;
        }
        chosen.into_iter().map(|k| self.dataset(k)).collect()
    }

    fn datasets_of_layer(&self, layer: u64) -> Range<u64> {
        if layer == 0 {
            return 0..self.roots;
        }
        let written = part(self.written, self.depth, layer - 1);
        self.roots + written.start..self.roots + written.end
    }

    /// Layer of a dataset, its place there and how many the layer has.
    fn layer_of_dataset(&self, index: u64) -> (u64, u64, u64) {
        let layer = match index.checked_sub(self.roots) {
            None => 0,
            Some(k) => layer_at(k, self.written, self.depth) + 1,
        };
        let range = self.datasets_of_layer(layer);
        (layer, index - range.start, range.end - range.start)
    }

    fn zone(&self, layer: u64) -> Zone {
        match layer {
            0 => Zone::Raw,
            _ if layer == self.depth => Zone::Mart,
            1 => Zone::Bronze,
            _ => Zone::Silver,
        }
    }
}

impl Dataset {
    /// The column at that place: its word, and which time round the list of words it is.
    pub(super) fn column(&self, at: u64) -> (&'static Column, u64) {
        let word = (self.shift + at) % COLUMNS as u64;
        (&self.domain.columns[usize::try_from(word).unwrap_or(0)], at / COLUMNS as u64)
    }

    /// Writes the name of the column at that place.
    pub(super) fn write_column(&self, out: &mut String, at: u64) {
        match self.column(at) {
            (column, 0) => out.push_str(column.name),
            (column, round) => _ = write!(out, "{}_{round}", column.name),
        }
    }

    /// The place of this dataset's column that has the name of `other`'s column at `at`.
    pub(super) fn same_column(&self, other: &Self, at: u64, columns: u64) -> Option<u64> {
        let list = COLUMNS as u64;
        let place = (other.shift + at + list - self.shift) % list + at / list * list;
        (self.domain.name == other.domain.name && place < columns).then_some(place)
    }
}

/// What a layer is for, and so which kind of store holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Raw,
    Bronze,
    Silver,
    Mart,
}

/// Part `at` of `total` things cut into `parts` nearly equal runs.
fn part(total: u64, parts: u64, at: u64) -> Range<u64> {
    at * total / parts..(at + 1) * total / parts
}

/// The part in which thing `index` lies: the inverse of [`part`].
fn layer_at(index: u64, total: u64, parts: u64) -> u64 {
    ((index + 1) * parts - 1) / total
}

/// What the one at `place` of `length` takes of `range`: never nothing, and together all.
fn share(place: u64, length: u64, range: &Range<u64>) -> Range<u64> {
    let count = range.end - range.start;
    let taken = if length <= count {
        part(count, length, place)
    } else {
        let one = place * count / length;
        one..one + 1
    };
    range.start + taken.start..range.start + taken.end
}

fn domain_at(place: u64, length: u64) -> &'static Domain {
    &DOMAINS[pick(place * DOMAINS.len() as u64 / length.max(1), DOMAINS.len())]
}

/// Folds noise to an index below `length`.
fn pick(noise: u64, length: usize) -> usize {
    usize::try_from(noise % length as u64).unwrap_or(0)
}

/// Well-spread noise of two numbers (the finaliser of `SplitMix64`).
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(b ^ 0xd1b5_4a32_d192_ed03);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn world(jobs: u64, datasets: Option<u64>, depth: u64, fan_in: u64) -> World {
        World::new(&Settings { jobs, datasets, depth, fan_in, ..Settings::default() })
    }

    proptest! {
        #[test]
        fn every_dataset_is_used_and_the_way_is_as_deep_as_asked(
            jobs in 1_u64..60, datasets in proptest::option::of(2_u64..120),
            depth in 1_u64..9, fan_in in 1_u64..6,
        ) {
            let world = world(jobs, datasets, depth, fan_in);
            let mut depths = BTreeMap::new();
            for job in (0..jobs).map(|j| world.job(j)) {
                let names: BTreeSet<_> = job.inputs.iter().map(|d| &d.name).collect();
                prop_assert_eq!(names.len(), job.inputs.len());
                let far = job.inputs.iter().map(|d| *depths.entry(d.name.clone()).or_insert(0_u64));
                let far = far.max().unwrap_or(0) + 1;
                for output in job.outputs {
                    prop_assert!(output.layer == job.layer);
                    let known = depths.entry(output.name).or_insert(0);
                    *known = far.max(*known);
                }
            }
            let wanted = datasets.unwrap_or(jobs + jobs.div_ceil(4)).max(2);
            prop_assert_eq!(depths.len() as u64, wanted);
            prop_assert_eq!(depths.values().max().copied(), Some(depth.min(jobs).min(wanted - 1)));
        }

        #[test]
        fn parts_are_the_inverse_of_their_places(total in 1_u64..500, parts in 1_u64..20) {
            let parts = parts.min(total);
            for at in 0..parts {
                for index in part(total, parts, at) {
                    prop_assert_eq!(layer_at(index, total, parts), at);
                }
            }
        }
    }

    #[test]
    fn a_job_reads_as_many_datasets_as_asked_if_there_are_as_many() {
        let world = world(400, None, 4, 7);
        assert!((0..400).all(|j| world.job(j).inputs.len() == 7));
    }

    #[test]
    fn columns_of_one_domain_meet_by_name() {
        let world = world(50, None, 2, 2);
        let (a, b) = (world.dataset(0), world.dataset(1));
        let at = a.same_column(&b, 0, 40).unwrap();
        let (mut left, mut right) = (String::new(), String::new());
        a.write_column(&mut left, at);
        b.write_column(&mut right, 0);
        assert_eq!(left, right);
    }
}
