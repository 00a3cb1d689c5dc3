//! Clinical trials: patients and visits from the capture system, results from a laboratory.
//!
//! The laboratory sends a garbled file now and then; taking it in fails, as it should.

use std::path::Path;

use anyhow::Result;

use super::erp::{MEDICINES, WAREHOUSE};
use super::moves;
use super::pseudonym::pseudonym;
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

const OWNER: &str = "team:clinical";
const SYSTEM: &str = "sources/edc.db";

const SITES: Dataset = Dataset::table(SYSTEM, "sites", OWNER, "Hospitals and their investigators.")
    .holding(&[("investigator_name", "user.name"), ("investigator_email", "user.contact.email")]);
const PATIENTS: Dataset = Dataset::table(SYSTEM, "patients", OWNER, "Who takes part in a trial.")
    .holding(&[
        ("patient_id", "user.unique_id"),
        ("full_name", "user.name"),
        ("birth_date", "user.demographic.date_of_birth"),
        ("sex", "user.demographic.gender"),
        ("email", "user.contact.email"),
        ("phone", "user.contact.phone_number"),
    ]);
const VISITS: Dataset = Dataset::table(SYSTEM, "visits", OWNER, "What was found at each visit.")
    .holding(&[
        ("patient_id", "user.unique_id"),
        ("systolic_bp", "user.health_and_medical"),
        ("heart_rate", "user.health_and_medical"),
        ("weight_kg", "user.biometric_health"),
        ("finding", "user.health_and_medical"),
    ]);
const LABS: Dataset = Dataset::files(
    Store::Csv,
    "sources/clinical/labs",
    OWNER,
    "Results as the laboratory sends them, one file a batch.",
)
.holding(&[("patient_id", "user.unique_id"), ("value", "user.health_and_medical")]);
const RAW_PATIENTS: Dataset = Dataset::lake(
    "lake/bronze/clinical/patients",
    OWNER,
    "Snapshots of all patients, with their investigator.",
);
const RAW_VISITS: Dataset =
    Dataset::lake("lake/bronze/clinical/visits", OWNER, "Visits as they were captured, by day.");
const RAW_LABS: Dataset =
    Dataset::lake("lake/bronze/clinical/labs", OWNER, "Laboratory results, by day.");
pub const KEY_LIST: Dataset = Dataset::lake(
    "lake/silver/clinical/key_list",
    OWNER,
    "Which pseudonym is who. Open to drug safety only.",
);
const SUBJECTS: Dataset =
    Dataset::lake("lake/silver/clinical/subjects", OWNER, "Patients under pseudonym.");
const FINDINGS: Dataset =
    Dataset::lake("lake/silver/clinical/findings", OWNER, "Findings under pseudonym.");
pub const STG_SUBJECTS: Dataset =
    Dataset::table(WAREHOUSE, "stg_clinical_subjects", OWNER, "Subjects, loaded from the lake.");
pub const STG_FINDINGS: Dataset =
    Dataset::table(WAREHOUSE, "stg_clinical_findings", OWNER, "Findings, loaded from the lake.");
const TRIAL_SUMMARY: Dataset =
    Dataset::table(WAREHOUSE, "mart_trial_summary", OWNER, "Each trial's state, nobody named.");

const SITE_COLUMNS: [(&str, Kind); 4] = [
    ("site_id", Text),
    ("site_name", Text),
    ("investigator_name", Text),
    ("investigator_email", Text),
];
const PATIENT_COLUMNS: [(&str, Kind); 9] = [
    ("patient_id", Text),
    ("trial_id", Text),
    ("site_id", Text),
    ("full_name", Text),
    ("birth_date", Text),
    ("sex", Text),
    ("email", Text),
    ("phone", Text),
    ("consented_on", Text),
];
const VISIT_COLUMNS: [(&str, Kind); 7] = [
    ("visit_id", Text),
    ("patient_id", Text),
    ("systolic_bp", Int),
    ("heart_rate", Int),
    ("weight_kg", Real),
    ("finding", Text),
    ("visited_at", Text),
];
const LAB_COLUMNS: [(&str, Kind); 6] = [
    ("sample_id", Text),
    ("patient_id", Text),
    ("analyte", Text),
    ("value", Real),
    ("unit", Text),
    ("taken_at", Text),
];

const REPORTED: [&str; 6] = ["none", "headache", "nausea", "dizziness", "rash", "fatigue"];

pub(super) async fn open(root: &Path, people: &[Person]) -> Result<()> {
    let physicians: Vec<_> = people.iter().filter(|person| person.is_physician()).take(6).collect();
    let sites = physicians.iter().enumerate().map(|(number, physician)| {
        let name = format!("University Hospital {}", physician.city);
        row![format!("S-{number}"), name, physician.full_name(), &physician.email]
    });
    let sites: Vec<_> = sites.collect();
    moves::set_up(root, &SITES, &SITE_COLUMNS, &sites).await?;
    let patients = people.iter().filter(|person| person.is_patient()).map(|person| {
        let (code, ..) = MEDICINES[person.number % MEDICINES.len()];
        row![
            format!("P-{:04}", person.number),
            format!("MP-{code}-301"),
            format!("S-{}", person.number % sites.len().max(1)),
            person.full_name(),
            &person.birth_date,
            person.sex,
            &person.email,
            &person.phone,
            format!("2025-{:02}-{:02}", 1 + person.number % 12, 1 + person.number % 28),
        ]
    });
    let patients: Vec<_> = patients.collect();
    moves::set_up(root, &PATIENTS, &PATIENT_COLUMNS, &patients).await?;
    moves::set_up(root, &VISITS, &VISIT_COLUMNS, &[]).await
}

pub(super) async fn operate(root: &Path, batch: &Batch) -> Result<()> {
    let mut database = Database::open(&PATIENTS.place(root)).await?;
    let patients =
        database.rows("SELECT patient_id FROM patients ORDER BY patient_id", &[]).await?;
    let mut rng = batch.rng("visits");
    let (mut visits, mut samples) = (Vec::new(), Vec::new());
    for number in 0..rng.usize(20..30) {
        let Some(patient) = rng.choice(&patients) else { break };
        let mut visit = row![format!("V-{:05}-{number:02}", batch.number)];
        visit.push(patient[0].clone());
        let weight = f64::from(rng.u16(480..1_100)) / 10.0;
        visit.extend(row![rng.i64(105..165), rng.i64(55..100), weight]);
        visit.extend(row![REPORTED[rng.usize(..REPORTED.len())], batch.moment(&mut rng)]);
        visits.push(visit);
        for (analyte, low, high) in [("glucose", 40, 110), ("creatinine", 50, 120)] {
            let mut sample = row![format!("L-{:05}-{number:02}-{analyte}", batch.number)];
            sample.push(patient[0].clone());
            let value = f64::from(rng.u8(low..high)) / 10.0;
            sample.extend(row![analyte, value, "mmol/l", batch.moment(&mut rng)]);
            samples.push(sample);
        }
    }
    moves::record(&mut database, &VISITS, &VISIT_COLUMNS, &visits, 1_000).await?;
    database.close().await?;
    let garbled = batch.number % 4 == 1;
    if let Some(sample) = samples.last_mut().filter(|_| garbled) {
        sample[3] = Value::from("n/a");
    }
    let folder = LABS.place(root);
    let path = folder.join(batch.file("labs", "csv"));
    files::write_csv(&path, &fields_of(&LAB_COLUMNS), &samples)?;
    files::trim(&folder, "csv", 12)
}

pub(super) async fn bronze(dag: &mut Dag<'_>) -> Result<()> {
    let patients = Job {
        name: "extract_patients",
        doc: "Copies all patients from the capture system, with their investigators.",
        reads: &[&PATIENTS, &SITES],
        writes: &[&RAW_PATIENTS],
    };
    dag.run(patients, async |task: &mut Task<'_>| {
        let fields = task.fields(&PATIENTS).await?;
        let select = Select::from("p", &PATIENTS)
            .join("s", &SITES, "{s.site_id} = {p.site_id}")
            .keep_all(&fields)
            .keep(&["s.site_name", "s.investigator_name", "s.investigator_email"]);
        let frame = task.query(&select).await?;
        task.write(&RAW_PATIENTS, frame, Mode::Append).await
    })
    .await?;
    let visits = Job {
        name: "extract_visits",
        doc: "Copies the batch's visits from the capture system.",
        reads: &[&VISITS],
        writes: &[&RAW_VISITS],
    };
    moves::increment(dag, visits, "visited_at").await?;
    let labs = Job {
        name: "import_labs",
        doc: "Takes the laboratory's newest file in; a file with anything wrong is refused whole.",
        reads: &[&LABS],
        writes: &[&RAW_LABS],
    };
    dag.run(labs, async |task: &mut Task<'_>| {
        let frame = task.read_file(&LABS, &LAB_COLUMNS)?;
        task.write(&RAW_LABS, frame, Mode::Append).await
    })
    .await
}

pub(super) async fn silver(dag: &mut Dag<'_>) -> Result<()> {
    let keys = Job {
        name: "build_key_list",
        doc: "Keeps who is behind each pseudonym, for drug safety.",
        reads: &[&RAW_PATIENTS],
        writes: &[&KEY_LIST],
    };
    dag.run(keys, async |task: &mut Task<'_>| {
        let keys = task
            .read_newest(&RAW_PATIENTS)?
            .mask(("subject_key", Text), "patient_id", "HMAC-SHA256", pseudonym)?
            .map("email", "trim and lower case", moves::lower)?
            .select(&["subject_key", "patient_id", "full_name", "email", "birth_date"])?;
        task.write(&KEY_LIST, keys, Mode::Replace).await
    })
    .await?;
    let subjects = Job {
        name: "pseudonymise_patients",
        doc: "Puts a pseudonym in the place of a patient's identity and a year in that of a birthday.",
        reads: &[&RAW_PATIENTS],
        writes: &[&SUBJECTS],
    };
    dag.run(subjects, async |task: &mut Task<'_>| {
        let raw = task.read_newest(&RAW_PATIENTS)?;
        task.check_unique(&RAW_PATIENTS, &raw, "patient_id")?;
        task.check_filled(&RAW_PATIENTS, &raw, "consented_on")?;
        let subjects = raw
            .mask(("subject_key", Text), "patient_id", "HMAC-SHA256", pseudonym)?
            .mask(("birth_year", Text), "birth_date", "year only", |date| {
                date.map_text(|date| date.chars().take(4).collect())
            })?
            .select(&["subject_key", "trial_id", "site_id", "site_name", "birth_year", "sex"])?;
        task.write(&SUBJECTS, subjects, Mode::Replace).await
    })
    .await?;
    let findings = Job {
        name: "gather_findings",
        doc: "Puts visits and laboratory means of each patient together, under pseudonym.",
        reads: &[&RAW_VISITS, &RAW_LABS],
        writes: &[&FINDINGS],
    };
    dag.run(findings, gather_findings).await
}

async fn gather_findings(task: &mut Task<'_>) -> Result<()> {
    let labs = task.read(&RAW_LABS)?.last_of_each("sample_id")?;
    task.measure(&RAW_LABS, &labs);
    let glucose = labs
        .filter("analyte", |analyte| analyte.as_text() == Some("glucose"))?
        .group(&["patient_id"], &[("mean_glucose", Fold::Mean, "value")])?;
    let visits = task.read(&RAW_VISITS)?.last_of_each("visit_id")?;
    let findings = visits
        .join(&glucose, ("patient_id", "patient_id"), true)?
        .mask(("subject_key", Text), "patient_id", "HMAC-SHA256", pseudonym)?
        .select(&[
            "visit_id",
            "subject_key",
            "systolic_bp",
            "heart_rate",
            "weight_kg",
            "finding",
            "mean_glucose",
            "visited_at",
        ])?;
    task.write(&FINDINGS, findings, Mode::Replace).await
}

pub(super) async fn staging(dag: &mut Dag<'_>) -> Result<()> {
    let jobs = [
        Job {
            name: "load_subjects",
            doc: "Loads subjects into the warehouse.",
            reads: &[&SUBJECTS],
            writes: &[&STG_SUBJECTS],
        },
        Job {
            name: "load_findings",
            doc: "Loads findings into the warehouse.",
            reads: &[&FINDINGS],
            writes: &[&STG_FINDINGS],
        },
    ];
    moves::load(dag, &jobs).await
}

pub(super) async fn gold(dag: &mut Dag<'_>) -> Result<()> {
    let summary = Job {
        name: "build_trial_summary",
        doc: "Sums each trial up: subjects, visits, means.",
        reads: &[&STG_FINDINGS, &STG_SUBJECTS],
        writes: &[&TRIAL_SUMMARY],
    };
    dag.run(summary, async |task: &mut Task<'_>| {
        let select = Select::from("f", &STG_FINDINGS)
            .join("s", &STG_SUBJECTS, "{s.subject_key} = {f.subject_key}")
            .keep(&["s.trial_id"])
            .count("subjects", "count(DISTINCT {s.subject_key})")
            .count("visits", "count({f.visit_id})")
            .fold("mean_systolic_bp", Real, "round(avg({f.systolic_bp}), 1)")
            .fold("mean_glucose", Real, "round(avg({f.mean_glucose}), 2)")
            .fold("with_finding", Int, "sum({f.finding} <> 'none')")
            .group_by(&["s.trial_id"]);
        task.build(&TRIAL_SUMMARY, &select).await
    })
    .await
}
