//! Manufacturing: sensors on the lines, and the operators and batches of the execution system.
//!
//! Telemetry does not come in by a DAG: `stream.rs` takes it in all the time.

use std::path::Path;

use anyhow::Result;

use super::erp::{MEDICINES, WAREHOUSE};
use super::moves;
use crate::batch::Batch;
use crate::dag::{Dag, Job};
use crate::dataset::{Dataset, Store};
use crate::files;
use crate::group::Fold;
use crate::people::Person;
use crate::row;
use crate::select::Select;
use crate::sqlite::Database;
use crate::task::{Mode, Task, fields_of};
use crate::value::Kind::{Int, Real, Text};
use crate::value::{Kind, Value};

const OWNER: &str = "team:iot";
const SYSTEM: &str = "sources/mes.db";

/// Warmest a line may get, in degrees Celsius.
const WARMEST: f64 = 25.0;

const OPERATORS: Dataset =
    Dataset::table(SYSTEM, "operators", OWNER, "Who may run a line, with badge and shift.")
        .holding(&[
            ("badge_id", "user.unique_id"),
            ("employee_id", "user.unique_id"),
            ("full_name", "user.name"),
            ("email", "user.contact.email"),
            ("phone", "user.contact.phone_number"),
        ]);
const BATCHES: Dataset =
    Dataset::table(SYSTEM, "batches", OWNER, "Which product was made on which line, by whom.")
        .holding(&[("badge_id", "user.unique_id")]);
pub const TELEMETRY: Dataset = Dataset::files(
    Store::Lines,
    "sources/iot/telemetry",
    OWNER,
    "Readings as the gateways drop them, with the badge at the line.",
)
.holding(&[("badge_id", "user.unique_id")]);
pub const RAW_TELEMETRY: Dataset =
    Dataset::lake("lake/bronze/iot/telemetry", OWNER, "Readings as they came in, by day.");
const RAW_OPERATORS: Dataset =
    Dataset::lake("lake/bronze/iot/operators", OWNER, "Snapshots of all operators.");
const RAW_BATCHES: Dataset =
    Dataset::lake("lake/bronze/iot/batches", OWNER, "Batches as they were made, by day.");
const SIGNERS: Dataset =
    Dataset::lake("lake/silver/iot/operators", OWNER, "Operators as good practice names them.");
const BATCH_QUALITY: Dataset =
    Dataset::lake("lake/silver/iot/batch_quality", OWNER, "How warm and shaken each batch was.");
const STG_SIGNERS: Dataset =
    Dataset::table(WAREHOUSE, "stg_iot_operators", OWNER, "Operators, loaded from the lake.");
const STG_QUALITY: Dataset =
    Dataset::table(WAREHOUSE, "stg_iot_batch_quality", OWNER, "Quality, loaded from the lake.");
const RELEASE: Dataset =
    Dataset::table(WAREHOUSE, "mart_batch_release", OWNER, "Batch records, signed by name.");
const SHIFTS: Dataset =
    Dataset::table(WAREHOUSE, "mart_shift_performance", OWNER, "Quality by shift, nobody named.");

const OPERATOR_COLUMNS: [(&str, Kind); 6] = [
    ("badge_id", Text),
    ("employee_id", Text),
    ("full_name", Text),
    ("email", Text),
    ("phone", Text),
    ("shift", Text),
];
const BATCH_COLUMNS: [(&str, Kind); 5] = [
    ("batch_no", Text),
    ("product_code", Text),
    ("line", Text),
    ("badge_id", Text),
    ("started_at", Text),
];

/// What a gateway writes in a line.
pub const TELEMETRY_COLUMNS: [(&str, Kind); 7] = [
    ("reading_id", Text),
    ("batch_no", Text),
    ("line", Text),
    ("badge_id", Text),
    ("temperature_c", Real),
    ("vibration_mm_s", Real),
    ("measured_at", Text),
];

/// The number by which personnel and payroll know a person.
pub(super) fn employee_id(person: &Person) -> String {
    format!("E-{:04}", person.number)
}

pub(super) async fn open(root: &Path, people: &[Person]) -> Result<()> {
    let operators = people.iter().filter(|person| person.is_employee()).map(|person| {
        row![
            format!("B{:05}", person.number * 37 + 11),
            employee_id(person),
            person.full_name(),
            &person.email,
            &person.phone,
            ["early", "late", "night"][person.number % 3],
        ]
    });
    let operators: Vec<_> = operators.collect();
    moves::set_up(root, &OPERATORS, &OPERATOR_COLUMNS, &operators).await?;
    moves::set_up(root, &BATCHES, &BATCH_COLUMNS, &[]).await
}

pub(super) async fn operate(root: &Path, batch: &Batch) -> Result<()> {
    let mut database = Database::open(&OPERATORS.place(root)).await?;
    let badges = database.rows("SELECT badge_id FROM operators ORDER BY badge_id", &[]).await?;
    let mut rng = batch.rng("telemetry");
    let (mut batches, mut readings) = (Vec::new(), Vec::new());
    for line in 0..6 {
        let Some(badge) = rng.choice(&badges) else { break };
        let badge = badge[0].clone();
        let batch_no = format!("LOT-{:05}-{line}", batch.number);
        let (code, ..) = MEDICINES[rng.usize(..MEDICINES.len())];
        let name = format!("line-{line}");
        let started = batch.moment(&mut rng);
        let mut made = row![&batch_no, code, &name];
        made.extend([badge.clone(), started.into()]);
        batches.push(made);
        for number in 0..40 {
            let warm = 19.0 + f64::from(rng.u8(0..40)) / 10.0 + f64::from(rng.u8(0..50) / 48) * 4.0;
            let mut reading = row![format!("{batch_no}-{number:03}"), &batch_no, &name];
            reading.push(badge.clone());
            reading.extend(row![warm, f64::from(rng.u8(5..60)) / 10.0, batch.moment(&mut rng)]);
            readings.push(reading);
        }
    }
    moves::record(&mut database, &BATCHES, &BATCH_COLUMNS, &batches, 400).await?;
    database.close().await?;
    let folder = TELEMETRY.place(root);
    let path = folder.join(batch.file("readings", "jsonl"));
    files::write_lines(&path, &fields_of(&TELEMETRY_COLUMNS), &readings)?;
    files::trim(&folder, "jsonl", 12)
}

pub(super) async fn bronze(dag: &mut Dag<'_>) -> Result<()> {
    let operators = Job {
        name: "extract_operators",
        doc: "Copies all operators from the execution system.",
        reads: &[&OPERATORS],
        writes: &[&RAW_OPERATORS],
    };
    moves::snapshot(dag, operators).await?;
    let batches = Job {
        name: "extract_batches",
        doc: "Copies the batches that were begun.",
        reads: &[&BATCHES],
        writes: &[&RAW_BATCHES],
    };
    moves::increment(dag, batches, "started_at").await
}

pub(super) async fn silver(dag: &mut Dag<'_>) -> Result<()> {
    let signers = Job {
        name: "reduce_operators",
        doc: "Keeps what a batch record needs of an operator: badge, name, shift.",
        reads: &[&RAW_OPERATORS],
        writes: &[&SIGNERS],
    };
    dag.run(signers, async |task: &mut Task<'_>| {
        let raw = task.read_newest(&RAW_OPERATORS)?;
        let signers = raw.select(&["badge_id", "full_name>operator_name", "shift"])?;
        task.write(&SIGNERS, signers, Mode::Replace).await
    })
    .await?;
    let quality = Job {
        name: "rate_batches",
        doc: "Sums the readings of each batch up and finds those that got too warm.",
        reads: &[&RAW_TELEMETRY, &RAW_BATCHES],
        writes: &[&BATCH_QUALITY],
    };
    dag.run(quality, rate_batches).await
}

async fn rate_batches(task: &mut Task<'_>) -> Result<()> {
    let readings = task.read(&RAW_TELEMETRY)?.last_of_each("reading_id")?;
    task.check_filled(&RAW_TELEMETRY, &readings, "temperature_c")?;
    task.measure(&RAW_TELEMETRY, &readings);
    let rated = readings.group(
        &["batch_no"],
        &[
            ("readings", Fold::Count, "reading_id"),
            ("mean_c", Fold::Mean, "temperature_c"),
            ("warmest_c", Fold::Max, "temperature_c"),
            ("mean_vibration", Fold::Mean, "vibration_mm_s"),
        ],
    )?;
    let batches = task.read(&RAW_BATCHES)?.last_of_each("batch_no")?;
    let quality = batches.join(&rated, ("batch_no", "batch_no"), false)?.derive(
        ("too_warm", Int),
        &["warmest_c"],
        "over 25 °C",
        |values| values[0].as_real().map_or(Value::Null, |c| Value::Int(i64::from(c > WARMEST))),
    )?;
    task.write(&BATCH_QUALITY, quality, Mode::Replace).await
}

pub(super) async fn staging(dag: &mut Dag<'_>) -> Result<()> {
    let jobs = [
        Job {
            name: "load_operators",
            doc: "Loads operators into the warehouse.",
            reads: &[&SIGNERS],
            writes: &[&STG_SIGNERS],
        },
        Job {
            name: "load_batch_quality",
            doc: "Loads batch quality into the warehouse.",
            reads: &[&BATCH_QUALITY],
            writes: &[&STG_QUALITY],
        },
    ];
    moves::load(dag, &jobs).await
}

pub(super) async fn gold(dag: &mut Dag<'_>) -> Result<()> {
    let release = Job {
        name: "build_batch_release",
        doc: "Puts the name of who signs to each batch.",
        reads: &[&STG_QUALITY, &STG_SIGNERS],
        writes: &[&RELEASE],
    };
    dag.run(release, async |task: &mut Task<'_>| {
        let select = Select::from("q", &STG_QUALITY)
            .join("s", &STG_SIGNERS, "{s.badge_id} = {q.badge_id}")
            .keep(&["q.batch_no", "q.product_code", "q.line", "q.mean_c", "q.warmest_c"])
            .work("released", Int, "CASE WHEN {q.too_warm} = 1 THEN 0 ELSE 1 END")
            .keep(&["s.operator_name>signed_by", "q.started_at"]);
        task.build(&RELEASE, &select).await
    })
    .await?;
    let shifts = Job {
        name: "build_shift_performance",
        doc: "Compares the shifts without naming anybody.",
        reads: &[&STG_QUALITY, &STG_SIGNERS],
        writes: &[&SHIFTS],
    };
    dag.run(shifts, async |task: &mut Task<'_>| {
        let select = Select::from("q", &STG_QUALITY)
            .join("s", &STG_SIGNERS, "{s.badge_id} = {q.badge_id}")
            .keep(&["s.shift"])
            .count("batches", "count({q.batch_no})")
            .fold("too_warm", Int, "sum({q.too_warm})")
            .fold("mean_c", Real, "round(avg({q.mean_c}), 2)")
            .group_by(&["s.shift"]);
        task.build(&SHIFTS, &select).await
    })
    .await
}
