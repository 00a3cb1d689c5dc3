//! Regulatory affairs: reports of side effects, whom they are about, what the authority gets.

use std::path::Path;

use anyhow::Result;

use super::clinical::{KEY_LIST, STG_FINDINGS, STG_SUBJECTS};
use super::erp::{MEDICINES, STG_ORDERS, WAREHOUSE};
use super::moves;
use crate::batch::Batch;
use crate::dag::{Dag, Job};
use crate::dataset::{Dataset, Store};
use crate::people::Person;
use crate::row;
use crate::select::Select;
use crate::sqlite::Database;
use crate::task::{Mode, Task};
use crate::value::Kind::{Int, Real, Text};
use crate::value::{Kind, Value};

const OWNER: &str = "team:safety";
const SYSTEM: &str = "sources/safety.db";

const REPORTERS: Dataset =
    Dataset::table(SYSTEM, "reporters", OWNER, "Who has reported side effects before.").holding(&[
        ("reporter_id", "user.unique_id"),
        ("full_name", "user.name"),
        ("email", "user.contact.email"),
        ("phone", "user.contact.phone_number"),
        ("birth_date", "user.demographic.date_of_birth"),
    ]);
const CASES: Dataset =
    Dataset::table(SYSTEM, "cases", OWNER, "Reports of side effects, as they were told.").holding(
        &[
            ("reporter_name", "user.name"),
            ("reporter_email", "user.contact.email"),
            ("patient_initials", "user.name"),
            ("patient_birth_date", "user.demographic.date_of_birth"),
            ("event_term", "user.health_and_medical"),
            ("narrative", "user.health_and_medical"),
        ],
    );
const RAW_CASES: Dataset =
    Dataset::lake("lake/bronze/safety/cases", OWNER, "Reports as they came in, by day.");
const CODED_CASES: Dataset = Dataset::lake(
    "lake/silver/safety/cases",
    OWNER,
    "Reports with the telling redacted and the reporter's contact in one form.",
);
const TRIAL_CASES: Dataset = Dataset::lake(
    "lake/silver/safety/trial_cases",
    OWNER,
    "Reports by people who take part in a trial, under the trial's pseudonym.",
);
const STG_CASES: Dataset =
    Dataset::table(WAREHOUSE, "stg_safety_cases", OWNER, "Reports, loaded from the lake.");
const STG_TRIAL_CASES: Dataset = Dataset::table(
    WAREHOUSE,
    "stg_safety_trial_cases",
    OWNER,
    "Reports from trials, loaded from the lake.",
);
const ADVERSE_EVENTS: Dataset = Dataset::table(
    WAREHOUSE,
    "mart_adverse_events",
    OWNER,
    "Side effects in trials, with what was found at the subject's visits.",
);
const SIGNALS: Dataset =
    Dataset::table(WAREHOUSE, "mart_signals", OWNER, "Side effects by product and units sold.");
const ICSR_EXPORT: Dataset = Dataset::files(
    Store::Lines,
    "exports/regulator",
    OWNER,
    "Individual case reports as the authority fetches them.",
);

const REPORTER_COLUMNS: [(&str, Kind); 5] = [
    ("reporter_id", Text),
    ("full_name", Text),
    ("email", Text),
    ("phone", Text),
    ("birth_date", Text),
];
const CASE_COLUMNS: [(&str, Kind); 9] = [
    ("case_id", Text),
    ("reporter_name", Text),
    ("reporter_email", Text),
    ("patient_initials", Text),
    ("patient_birth_date", Text),
    ("product_code", Text),
    ("event_term", Text),
    ("narrative", Text),
    ("received_at", Text),
];

const TERMS: [&str; 6] =
    ["headache", "nausea", "palpitations", "rash", "anaphylaxis", "hypoglycaemia"];

/// Terms that make a report an urgent one.
const SERIOUS: [&str; 2] = ["anaphylaxis", "hypoglycaemia"];

pub(super) async fn open(root: &Path, people: &[Person]) -> Result<()> {
    let reporters = people.iter().filter(|person| person.is_reporter()).map(|person| {
        let id = format!("R-{:04}", person.number);
        row![id, person.full_name(), &person.email, &person.phone, &person.birth_date]
    });
    let reporters: Vec<_> = reporters.collect();
    moves::set_up(root, &REPORTERS, &REPORTER_COLUMNS, &reporters).await?;
    moves::set_up(root, &CASES, &CASE_COLUMNS, &[]).await
}

pub(super) async fn operate(root: &Path, batch: &Batch) -> Result<()> {
    let mut database = Database::open(&CASES.place(root)).await?;
    let reporters =
        "SELECT full_name, email, phone, birth_date FROM reporters ORDER BY reporter_id";
    let reporters = database.rows(reporters, &[]).await?;
    let mut rng = batch.rng("cases");
    let mut cases = Vec::new();
    for number in 0..rng.usize(8..14) {
        let Some(reporter) = rng.choice(&reporters) else { break };
        let [name, email, phone, birth_date] = &reporter[..] else { break };
        let (code, medicine, ..) = MEDICINES[rng.usize(..MEDICINES.len())];
        let term = TERMS[rng.usize(..TERMS.len())];
        let initials = name.map_text(|name| {
            let letters = name.split(' ').filter_map(|word| word.chars().next());
            letters.map(|letter| format!("{letter}.")).collect()
        });
        let narrative = format!(
            "{name}, born {birth_date}, writes from {email} and can be called at {phone}: had \
             {term} on day {} of {medicine}.",
            rng.u8(1..30)
        );
        let mut case = row![format!("AE-{:05}-{number:02}", batch.number)];
        case.extend([name.clone(), email.clone(), initials, birth_date.clone()]);
        case.extend(row![code, term, narrative, batch.moment(&mut rng)]);
        cases.push(case);
    }
    moves::record(&mut database, &CASES, &CASE_COLUMNS, &cases, 400).await?;
    database.close().await
}

pub(super) async fn bronze(dag: &mut Dag<'_>) -> Result<()> {
    let cases = Job {
        name: "extract_cases",
        doc: "Copies the batch's reports from the safety system.",
        reads: &[&CASES],
        writes: &[&RAW_CASES],
    };
    moves::increment(dag, cases, "received_at").await
}

pub(super) async fn silver(dag: &mut Dag<'_>) -> Result<()> {
    let code = Job {
        name: "code_cases",
        doc: "Blackens addresses, dates and numbers in what was told, and marks serious cases.",
        reads: &[&RAW_CASES],
        writes: &[&CODED_CASES],
    };
    dag.run(code, code_cases).await?;
    let trial = Job {
        name: "match_trial_subjects",
        doc: "Finds, by e-mail address, the reports that come from somebody in a trial.",
        reads: &[&CODED_CASES, &KEY_LIST],
        writes: &[&TRIAL_CASES],
    };
    dag.run(trial, async |task: &mut Task<'_>| {
        let keys = task.read(&KEY_LIST)?.select(&["subject_key", "email"])?;
        let cases =
            task.read(&CODED_CASES)?.join(&keys, ("reporter_email", "email"), false)?.select(&[
                "case_id",
                "subject_key",
                "product_code",
                "event_term",
                "serious",
                "received_at",
            ])?;
        task.write(&TRIAL_CASES, cases, Mode::Replace).await
    })
    .await
}

async fn code_cases(task: &mut Task<'_>) -> Result<()> {
    let raw = task.read(&RAW_CASES)?.last_of_each("case_id")?;
    task.check_filled(&RAW_CASES, &raw, "reporter_email")?;
    task.check_unique(&RAW_CASES, &raw, "case_id")?;
    let coded = raw
        .map("reporter_email", "trim and lower case", moves::lower)?
        .mask(("telling", Text), "narrative", "redacted", redact)?
        .derive(("serious", Int), &["event_term"], "by term", |values| {
            Value::Int(i64::from(values[0].as_text().is_some_and(|term| SERIOUS.contains(&term))))
        })?
        .select(&[
            "case_id",
            "reporter_name",
            "reporter_email",
            "patient_initials",
            "patient_birth_date",
            "product_code",
            "event_term",
            "serious",
            "telling",
            "received_at",
        ])?;
    task.write(&CODED_CASES, coded, Mode::Replace).await
}

/// Blackens the name that a telling begins with, and every word with an `@` or more than two digits.
fn redact(narrative: &Value) -> Value {
    narrative.map_text(|text| {
        let told = text.split_once(',').map_or(text, |(_, told)| told);
        let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
        let words = told
            .split_whitespace()
            .map(|word| if word.contains('@') || digits(word) > 2 { "█" } else { word });
        format!("█, {}", words.collect::<Vec<_>>().join(" "))
    })
}

pub(super) async fn staging(dag: &mut Dag<'_>) -> Result<()> {
    let jobs = [
        Job {
            name: "load_cases",
            doc: "Loads reports into the warehouse.",
            reads: &[&CODED_CASES],
            writes: &[&STG_CASES],
        },
        Job {
            name: "load_trial_cases",
            doc: "Loads reports from trials into the warehouse.",
            reads: &[&TRIAL_CASES],
            writes: &[&STG_TRIAL_CASES],
        },
    ];
    moves::load(dag, &jobs).await
}

pub(super) async fn gold(dag: &mut Dag<'_>) -> Result<()> {
    let events = Job {
        name: "build_adverse_events",
        doc: "Joins reports with the subject's trial and findings.",
        reads: &[&STG_TRIAL_CASES, &STG_SUBJECTS, &STG_FINDINGS],
        writes: &[&ADVERSE_EVENTS],
    };
    dag.run(events, build_adverse_events).await?;
    let signals = Job {
        name: "build_signals",
        doc: "Counts reports of each product and side effect against units sold.",
        reads: &[&STG_CASES, &STG_ORDERS],
        writes: &[&SIGNALS],
    };
    dag.run(signals, build_signals).await?;
    let export = Job {
        name: "export_icsr",
        doc: "Writes serious cases to the file that the authority fetches.",
        reads: &[&STG_CASES],
        writes: &[&ICSR_EXPORT],
    };
    dag.run(export, async |task: &mut Task<'_>| {
        let select = Select::from("c", &STG_CASES)
            .keep(&["c.case_id", "c.reporter_name", "c.patient_initials", "c.patient_birth_date"])
            .keep(&["c.product_code", "c.event_term", "c.telling", "c.received_at"])
            .filter("{c.serious} = 1");
        let frame = task.query(&select).await?;
        task.write(&ICSR_EXPORT, frame, Mode::Replace).await
    })
    .await
}

async fn build_adverse_events(task: &mut Task<'_>) -> Result<()> {
    let select = Select::from("t", &STG_TRIAL_CASES)
        .join("s", &STG_SUBJECTS, "{s.subject_key} = {t.subject_key}")
        .left_join("f", &STG_FINDINGS, "{f.subject_key} = {t.subject_key}")
        .keep(&["t.case_id", "t.subject_key", "s.trial_id", "s.birth_year", "s.sex"])
        .keep(&["t.product_code", "t.event_term", "t.serious"])
        .fold("highest_bp", Int, "max({f.systolic_bp})")
        .fold("mean_glucose", Real, "round(avg({f.mean_glucose}), 2)")
        .group_by(&["t.case_id", "t.subject_key", "s.trial_id", "s.birth_year", "s.sex"])
        .group_by(&["t.product_code", "t.event_term", "t.serious"]);
    task.build(&ADVERSE_EVENTS, &select).await
}

async fn build_signals(task: &mut Task<'_>) -> Result<()> {
    let select = Select::from("c", &STG_CASES)
        .left_join("o", &STG_ORDERS, "{o.product_code} = {c.product_code}")
        .keep(&["c.product_code", "c.event_term"])
        .count("cases", "count(DISTINCT {c.case_id})")
        .count("orders", "count(DISTINCT {o.order_id})")
        .fold("serious", Int, "max({c.serious})")
        .group_by(&["c.product_code", "c.event_term"]);
    task.build(&SIGNALS, &select).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_kept_and_who_told_it_is_not() {
        let told = "Ada Kovač, born 1970-02-03, writes from a.k@mail.example and can be called at \
                    +1-202-555-0101: had rash on day 12 of Dermavive.";
        let redacted = redact(&Value::from(told)).to_string();
        for secret in ["Ada", "Kovač", "1970", "mail.example", "555"] {
            assert!(!redacted.contains(secret), "{redacted}");
        }
        assert!(redacted.ends_with("had rash on day 12 of Dermavive."), "{redacted}");
    }
}
