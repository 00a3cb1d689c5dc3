//! How fast the lineage graph answers at a million nodes and three million edges.

#[path = "support/report.rs"]
mod report;

use std::time::Instant;

use lethe::base::rng::Rng;
use lethe::base::{DatasetId, JobId, Time};
use lethe::lineage::{
    ColumnFact, Direction, FieldInput, Graph, IoFact, JobFacts, Level, NodeRef, Origin, Question,
    Scope, Seen, layout, see_all,
};
use report::{head, percentile, row};

/// Datasets; with a job for each three and their columns they make a million nodes.
const DATASETS: u64 = 150_000;
const JOBS: u64 = 100_000;
const COLUMNS: usize = 5;
/// Datasets come in layers; a job reads from the layer above.
const LAYERS: u64 = 12;
const ASKS: usize = 300;

fn main() {
    let mut rng = Rng::seeded(11);
    let before = resident();
    let started = Instant::now();
    let graph = build(&mut rng);
    let built = started.elapsed();
    let memory = resident().saturating_sub(before);
    head("Lineage");
    row(
        "nodes, edges",
        &format!("{}, {}", graph.node_count(), graph.edge_count()),
        "1,000,000, 3,000,000",
    );
    row("built from facts", &format!("{:.2} s", built.as_secs_f64()), "");
    row("resident memory", &format!("{} MB", memory / 1_000_000), "400 MB");
    let started = Instant::now();
    let saved = graph.save();
    let saving = started.elapsed();
    let started = Instant::now();
    let loaded = Graph::load(&saved).expect("what was saved is read");
    row(
        "snapshot",
        &format!(
            "{} MB, saved in {:.2} s, loaded in {:.2} s",
            saved.len() / 1_000_000,
            saving.as_secs_f64(),
            started.elapsed().as_secs_f64()
        ),
        "",
    );
    drop(loaded);
    for (limit, target) in [(200, "5 ms"), (5_000, "100 ms")] {
        for level in [Level::Table, Level::Column] {
            ask(&graph, &mut rng, limit, level, target);
        }
    }
}

fn dataset(number: u64) -> DatasetId {
    let (namespace, name) = dataset_name(number);
    DatasetId::of(&namespace, &name)
}

fn dataset_name(number: u64) -> (String, String) {
    (
        format!("postgres://warehouse-{}:5432", number % 40),
        format!("company.department_{}.table_{number:07}", number % 300),
    )
}

fn column(number: u64, place: usize) -> String {
    format!("column_{}_{place}", number % 5_000)
}

fn build(rng: &mut Rng) -> Graph {
    let mut graph = Graph::new();
    for number in 0..DATASETS {
        let (namespace, name) = dataset_name(number);
        graph.name_dataset(dataset(number), &namespace, &name);
    }
    let per_layer = DATASETS / LAYERS;
    for number in 0..JOBS {
        let (namespace, name) =
            ("airflow-production", format!("dag_{}.task_{number}", number % 7_000));
        let id = JobId::of(namespace, &name);
        graph.name_job(id, namespace, &name);
        graph.apply_job(&facts(id, number, per_layer, rng));
    }
    graph
}

fn facts(job: JobId, number: u64, per_layer: u64, rng: &mut Rng) -> JobFacts {
    let at = |minutes: u64| {
        Time::from_micros(1_790_000_000_000_000 + (minutes * 60_000_000).cast_signed())
    };
    let seen = Seen { first: at(number), last: at(number + 5_000), runs: 30 };
    let layer = number % (LAYERS - 1);
    let from = |rng: &mut Rng| layer * per_layer + rng.below(per_layer);
    let inputs: Vec<u64> = (0..3).map(|_| from(rng)).collect();
    let output = (layer + 1) * per_layer + number / (LAYERS - 1) % per_layer;
    let io = |number: u64, direction| IoFact {
        dataset: dataset(number),
        direction,
        seen,
        origin: Origin::Observed,
    };
    let field = |rng: &mut Rng| {
        let input = inputs[usize::try_from(rng.below(3)).unwrap_or(0)];
        let field = Some(column(input, usize::try_from(rng.below(COLUMNS as u64)).unwrap_or(0)));
        FieldInput { dataset: dataset(input), field, transformations: Vec::new() }
    };
    let fields =
        (0..COLUMNS).map(|place| (column(output, place), (0..5).map(|_| field(rng)).collect()));
    let columns = ColumnFact {
        output: dataset(output),
        origin: Origin::Observed,
        seen,
        fields: fields.collect(),
        dataset: Vec::new(),
    };
    let mut all: Vec<IoFact> = inputs.iter().map(|input| io(*input, Direction::Input)).collect();
    all.push(io(output, Direction::Output));
    JobFacts { job, io: all, columns: vec![columns], explicit: Vec::new() }
}

fn ask(graph: &Graph, rng: &mut Rng, limit: usize, level: Level, target: &str) {
    let mut times = Vec::with_capacity(ASKS);
    let mut nodes = 0;
    for _ in 0..ASKS {
        let focus = NodeRef::Dataset(dataset(rng.below(DATASETS)));
        let question = Question {
            focus: vec![focus],
            level,
            up: 20,
            down: 20,
            limit,
            scope: Scope::default(),
            include_jobs: level == Level::Table,
        };
        let started = Instant::now();
        let answer = graph.reach_seen_by(&question, &see_all);
        let drawn = layout(&answer, None);
        times.push(started.elapsed());
        nodes += answer.nodes.len().min(drawn.nodes.len());
    }
    times.sort_unstable();
    let millis = |share| percentile(&times, share).as_secs_f64() * 1e3;
    row(
        &format!("{level:?} level, up to {limit} nodes with layout ({} on average)", nodes / ASKS),
        &format!("p50 {:.1} ms, p99 {:.1} ms", millis(0.5), millis(0.99)),
        &format!("p99 {target}"),
    );
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) * 1024
}
