//! The stream of events: which run starts when, ends how, and in what order it is told.
//!
//! Time goes in waves: each wave runs every job once, lower layers first.

use crate::base::rng::Rng;
use crate::base::{RunId, Time};

use super::event::{Phase, Run, Writer};
use super::settings::Settings;
use super::world::{COUNT_MAX, Job, World, mix};

/// Time between two runs of a job where the settings name no end.
const WAVE_MICROS: u64 = 3_600_000_000;

/// An endless supply of lineage that ends: one compact JSON event an item.
///
/// Items come in the order of waves, and a run's START directly before its end. All that is
/// random hangs on the seed, the job and the run, not on what was asked for before.
#[derive(Debug, Clone)]
pub struct Generator {
    writer: Writer,
    waves: u64,
    fails_max: u64,
    /// Index of the first run, counted over all, that does not end.
    first_active: u64,
    duration_micros_min: u64,
    start: Time,
    wave_micros: u64,
    parents: bool,
    next_run: u64,
    /// The run whose end comes next.
    open: Option<(Job, Run, Phase)>,
}

impl Generator {
    /// Prepares the stream; nothing is computed yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let world = World::new(settings);
        let waves = settings.runs_per_job.min(COUNT_MAX);
        let start = settings.run_start_time;
        let wave_micros = match settings.run_end_time {
            Some(end) => {
                let span = end.as_micros().saturating_sub(start.as_micros());
                u64::try_from(span).unwrap_or(0) / waves.max(1)
            }
            None => WAVE_MICROS,
        };
        Self {
            first_active: (world.jobs * waves).saturating_sub(settings.runs_active),
            writer: Writer {
                world,
                column_lineage: settings.column_lineage,
                bytes_min: settings.bytes_per_event,
            },
            waves,
            fails_max: settings.max_run_fails_per_job.min(waves),
            duration_micros_min: settings.min_run_duration.saturating_mul(1_000_000),
            start,
            wave_micros,
            parents: settings.parents,
            next_run: 0,
            open: None,
        }
    }

    fn run(&self, job: &Job, wave: u64) -> Run {
        let world = &self.writer.world;
        let mut rng = Rng::seeded(mix(world.seed, mix(job.index, wave)));
        let nominal = later(self.start, wave.saturating_mul(self.wave_micros));
        // The layers share the wave out among themselves.
        let slot = self.wave_micros / (world.depth + 1);
        let start = later(nominal, slot * (job.layer - 1) + rng.below(slot));
        let shortest = self.duration_micros_min;
        let end = later(start, shortest.saturating_add(rng.below(shortest.saturating_mul(2))));
        let has_parent = self.parents && !mix(world.seed, !job.index).is_multiple_of(3);
        Run {
            id: RunId(rng.uuid_v7(start)),
            parent: has_parent.then(|| self.parent(job, wave, nominal)),
            nominal,
            start,
            end,
            rows: 100 + rng.below(1_000_000),
        }
    }

    /// The DAG run that all tasks of a DAG have in common in one wave.
    fn parent(&self, job: &Job, wave: u64, nominal: Time) -> RunId {
        let names = job.namespace.bytes().chain(job.dag.bytes());
        let dag = names.fold(self.writer.world.seed, |dag, byte| mix(dag, u64::from(byte)));
        RunId(Rng::seeded(mix(dag, wave)).uuid_v7(nominal))
    }

    /// Whether that run fails: each job has its own number of failures, spread over its runs.
    fn fails(&self, job: u64, wave: u64) -> bool {
        let noise = mix(self.writer.world.seed ^ 0xfa11, job);
        let count = noise % (self.fails_max + 1);
        let turned = (wave + (noise >> 32)) % self.waves.max(1);
        // `count` of the runs, at equal distances.
        turned * count / self.waves.max(1) != (turned + 1) * count / self.waves.max(1)
    }
}

impl Iterator for Generator {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if let Some((job, run, phase)) = self.open.take() {
            return Some(self.writer.event(&job, &run, phase));
        }
        let (index, jobs) = (self.next_run, self.writer.world.jobs);
        if index >= jobs * self.waves {
            return None;
        }
        self.next_run += 1;
        let (job, wave) = (self.writer.world.job(index % jobs), index / jobs);
        let run = self.run(&job, wave);
        let event = self.writer.event(&job, &run, Phase::Start);
        if index < self.first_active {
            let failed = self.fails(job.index, wave);
            self.open = Some((job, run, if failed { Phase::Fail } else { Phase::Complete }));
        }
        Some(event)
    }
}

fn later(time: Time, micros: u64) -> Time {
    time.plus_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn events(settings: &Settings) -> Vec<Value> {
        Generator::new(settings).map(|event| serde_json::from_str(&event).unwrap()).collect()
    }

    fn of_type(events: &[Value], kind: &str) -> usize {
        events.iter().filter(|event| event["eventType"] == kind).count()
    }

    /// Columns of each dataset, by namespace and name.
    fn schemas(events: &[Value]) -> BTreeMap<(String, String), BTreeSet<String>> {
        let mut known = BTreeMap::new();
        for event in events {
            for side in ["inputs", "outputs"] {
                for dataset in event[side].as_array().unwrap() {
                    let fields = dataset["facets"]["schema"]["fields"].as_array();
                    let names = fields.into_iter().flatten().map(|field| word(&field["name"]));
                    let key = (word(&dataset["namespace"]), word(&dataset["name"]));
                    known.entry(key).or_insert_with(BTreeSet::new).extend(names);
                }
            }
        }
        known
    }

    fn word(value: &Value) -> String {
        value.as_str().unwrap().to_owned()
    }

    #[test]
    fn the_parser_accepts_every_event() {
        let wide =
            Settings { columns: 40, fan_in: 5, bytes_per_event: 20_000, ..Settings::default() };
        for settings in [Settings { jobs: 40, runs_active: 3, ..Settings::default() }, wide] {
            for event in Generator::new(&settings) {
                let parsed = crate::openlineage::parse(event.as_bytes());
                assert!(parsed.is_ok_and(|parsed| parsed.raw == event.as_bytes()), "{event}");
            }
        }
    }

    #[test]
    fn equal_settings_give_equal_events_and_other_seeds_others() {
        let settings = Settings { jobs: 20, ..Settings::default() };
        let once: Vec<_> = Generator::new(&settings).collect();
        assert_eq!(once, Generator::new(&settings).collect::<Vec<_>>());
        let other = Settings { seed: 2, ..settings };
        assert_ne!(once, Generator::new(&other).collect::<Vec<_>>());
    }

    #[test]
    fn default_events_have_two_to_three_kilobytes_on_average() {
        let settings = Settings { jobs: 100, ..Settings::default() };
        let sizes: Vec<_> = Generator::new(&settings).map(|event| event.len()).collect();
        let mean = sizes.iter().sum::<usize>() / sizes.len();
        assert!((2_000..=3_000).contains(&mean), "{mean}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn jobs_runs_fails_and_active_runs_are_as_asked(
            jobs in 1_u64..12, runs_per_job in 1_u64..8, runs_active in 0_u64..20,
            max_run_fails_per_job in 0_u64..5, namespaces in 1_u64..4, seed: u64,
        ) {
            let settings = Settings {
                jobs, runs_per_job, runs_active, max_run_fails_per_job, namespaces, seed,
                ..Settings::default()
            };
            let events = events(&settings);
            let (runs, active) = (jobs * runs_per_job, runs_active.min(jobs * runs_per_job));
            prop_assert_eq!(of_type(&events, "START") as u64, runs);
            prop_assert_eq!(events.len() as u64, 2 * runs - active);
            let ids: BTreeSet<_> = events.iter().map(|e| word(&e["run"]["runId"])).collect();
            prop_assert_eq!(ids.len() as u64, runs);
            let mut fails = BTreeMap::<_, u64>::new();
            let mut spaces = BTreeSet::new();
            for event in &events {
                let fail = u64::from(event["eventType"] == "FAIL");
                *fails.entry(word(&event["job"]["name"])).or_default() += fail;
                spaces.insert(word(&event["job"]["namespace"]));
            }
            prop_assert_eq!(fails.len() as u64, jobs);
            prop_assert!(fails.values().all(|count| *count <= max_run_fails_per_job));
            prop_assert_eq!(spaces.len() as u64, namespaces.min(jobs));
        }
    }

    #[test]
    fn some_job_fails_as_often_as_allowed() {
        let settings = Settings { jobs: 50, max_run_fails_per_job: 3, ..Settings::default() };
        let mut fails = BTreeMap::<_, u64>::new();
        for event in events(&settings).iter().filter(|event| event["eventType"] == "FAIL") {
            *fails.entry(word(&event["job"]["name"])).or_default() += 1;
        }
        assert_eq!(fails.values().max(), Some(&3));
        assert!(fails.len() < 50);
    }

    #[test]
    fn starts_lie_within_the_times_and_runs_take_as_long_as_asked() {
        let end = Time::parse("2026-01-03T00:00:00Z");
        let settings = Settings { run_end_time: end, jobs: 9, ..Settings::default() };
        let events = events(&settings);
        let time = |event: &Value| Time::parse(event["eventTime"].as_str().unwrap()).unwrap();
        for pair in events.chunks(2) {
            let took = time(&pair[1]).as_micros() - time(&pair[0]).as_micros();
            assert!((300_000_000..900_000_000).contains(&took), "{took}");
            assert!(time(&pair[0]) >= settings.run_start_time && Some(time(&pair[0])) < end);
        }
    }

    #[test]
    fn column_lineage_names_only_columns_that_the_schemas_have() {
        for columns in [1, 4, 30] {
            let settings = Settings { jobs: 60, columns, fan_in: 3, ..Settings::default() };
            let events = events(&settings);
            let schemas = schemas(&events);
            let mut edges = 0;
            for event in events.iter().filter(|event| event["eventType"] == "COMPLETE") {
                let output = &event["outputs"][0];
                let lineage = &output["facets"]["columnLineage"];
                let key = (word(&output["namespace"]), word(&output["name"]));
                let fields = lineage["fields"].as_object().unwrap();
                assert_eq!(fields.keys().cloned().collect::<BTreeSet<_>>(), schemas[&key]);
                assert_eq!(fields.len() as u64, columns);
                let inputs = fields.values().flat_map(|f| f["inputFields"].as_array().unwrap());
                for input in inputs.chain(lineage["dataset"].as_array().unwrap()) {
                    let key = (word(&input["namespace"]), word(&input["name"]));
                    assert!(schemas[&key].contains(input["field"].as_str().unwrap()), "{input}");
                    edges += 1;
                }
            }
            assert!(edges > 0);
        }
    }

    #[test]
    fn column_lineage_and_parents_can_be_left_out() {
        let with = events(&Settings { jobs: 30, ..Settings::default() });
        let carries =
            |events: &[Value], pointer| events.iter().any(|e| e.pointer(pointer).is_some());
        assert!(carries(&with, "/outputs/0/facets/columnLineage"));
        assert!(carries(&with, "/run/facets/parent"));
        let settings = Settings { column_lineage: false, parents: false, ..Settings::default() };
        let without = events(&settings);
        assert!(!carries(&without, "/outputs/0/facets/columnLineage"));
        assert!(!carries(&without, "/run/facets/parent"));
    }

    #[test]
    fn events_are_filled_up_to_the_byte() {
        let settings = Settings { bytes_per_event: 16_384, ..Settings::default() };
        assert!(Generator::new(&settings).all(|event| event.len() == 16_384));
        let settings = Settings { bytes_per_event: 10, ..settings };
        assert!(Generator::new(&settings).all(|event| event.len() > 1_000));
        assert_eq!(events(&Settings { bytes_per_event: 9_000, ..settings }).len(), 100);
    }

    #[test]
    fn settings_of_nothing_and_of_extremes_do_no_harm() {
        let none = Settings {
            jobs: 0,
            runs_per_job: 0,
            datasets: Some(0),
            columns: 0,
            depth: 0,
            fan_in: 0,
            namespaces: 0,
            min_run_duration: 0,
            ..Settings::default()
        };
        assert_eq!(Generator::new(&none).count(), 0);
        let some = Settings { runs_per_job: 1, ..none };
        assert_eq!(events(&some).len(), 2);
        let late = Settings {
            run_start_time: Time::MAX,
            run_end_time: Some(Time::MIN),
            min_run_duration: u64::MAX,
            fan_in: u64::MAX,
            depth: u64::MAX,
            ..some
        };
        assert_eq!(events(&late).len(), 2);
        let huge = Settings { jobs: u64::MAX, runs_per_job: u64::MAX, ..Settings::default() };
        assert_eq!(Generator::new(&huge).take(4).count(), 4);
    }
}
