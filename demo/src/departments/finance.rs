//! Finance: invoices made of the ERP system's orders, what was paid of them, and the payroll.

use std::path::Path;

use anyhow::Result;

use super::erp::{CUSTOMERS, ORDERS, PRODUCTS, STG_CUSTOMERS, WAREHOUSE, customer_id};
use super::iot::employee_id;
use super::moves;
use crate::batch::Batch;
use crate::dag::{Dag, Job};
use crate::dataset::Dataset;
use crate::group::{Fold, round};
use crate::people::Person;
use crate::row;
use crate::select::Select;
use crate::sqlite::Database;
use crate::task::{Mode, Task};
use crate::value::Kind::{Real, Text};
use crate::value::{Kind, Value};

const OWNER: &str = "team:finance";
const SYSTEM: &str = "sources/finance.db";

const ACCOUNTS: Dataset =
    Dataset::table(SYSTEM, "bank_accounts", OWNER, "Accounts that customers pay from.")
        .holding(&[("customer_id", "user.unique_id"), ("iban", "user.financial.bank_account")]);
const INVOICES: Dataset =
    Dataset::table(SYSTEM, "invoices", OWNER, "What customers were asked to pay.").holding(&[
        ("customer_id", "user.unique_id"),
        ("billing_name", "user.name"),
        ("billing_email", "user.contact.email"),
        ("iban", "user.financial.bank_account"),
    ]);
const PAYMENTS: Dataset = Dataset::table(SYSTEM, "payments", OWNER, "What the bank says was paid.")
    .holding(&[("payer_name", "user.name"), ("payer_iban", "user.financial.bank_account")]);
const EMPLOYEES: Dataset = Dataset::table(SYSTEM, "employees", OWNER, "The payroll.").holding(&[
    ("employee_id", "user.unique_id"),
    ("full_name", "user.name"),
    ("email", "user.contact.email"),
    ("iban", "user.financial.bank_account"),
    ("birth_date", "user.demographic.date_of_birth"),
    ("salary", "user.financial"),
]);
const RAW_INVOICES: Dataset =
    Dataset::lake("lake/bronze/finance/invoices", OWNER, "Invoices as they were issued, by day.");
const RAW_PAYMENTS: Dataset =
    Dataset::lake("lake/bronze/finance/payments", OWNER, "Payments as they came in, by day.");
const RAW_PAYROLL: Dataset =
    Dataset::lake("lake/bronze/finance/payroll", OWNER, "Snapshots of the payroll.");
const OPEN_ITEMS: Dataset =
    Dataset::lake("lake/silver/finance/open_items", OWNER, "Invoices with what is left of them.");
const SALARIES: Dataset =
    Dataset::lake("lake/silver/finance/salaries", OWNER, "Salaries by department, names left out.");
const STG_ITEMS: Dataset =
    Dataset::table(WAREHOUSE, "stg_fin_open_items", OWNER, "Open items, loaded from the lake.");
const STG_SALARIES: Dataset =
    Dataset::table(WAREHOUSE, "stg_fin_salaries", OWNER, "Salaries, loaded from the lake.");
pub const EXPOSURE: Dataset =
    Dataset::table(WAREHOUSE, "mart_exposure", OWNER, "What each customer still owes.");
const PAYROLL_COST: Dataset =
    Dataset::table(WAREHOUSE, "mart_payroll_cost", OWNER, "Cost of each department.");

const ACCOUNT_COLUMNS: [(&str, Kind); 2] = [("customer_id", Text), ("iban", Text)];
const INVOICE_COLUMNS: [(&str, Kind); 8] = [
    ("invoice_id", Text),
    ("order_id", Text),
    ("customer_id", Text),
    ("billing_name", Text),
    ("billing_email", Text),
    ("iban", Text),
    ("amount", Real),
    ("issued_at", Text),
];
const PAYMENT_COLUMNS: [(&str, Kind); 6] = [
    ("payment_id", Text),
    ("invoice_id", Text),
    ("payer_name", Text),
    ("payer_iban", Text),
    ("amount", Real),
    ("paid_at", Text),
];
const EMPLOYEE_COLUMNS: [(&str, Kind); 7] = [
    ("employee_id", Text),
    ("full_name", Text),
    ("email", Text),
    ("iban", Text),
    ("birth_date", Text),
    ("department", Text),
    ("salary", Real),
];

pub(super) async fn open(root: &Path, people: &[Person]) -> Result<()> {
    let accounts = people.iter().filter(|person| person.is_customer());
    let accounts: Vec<_> = accounts.map(|person| row![customer_id(person), &person.iban]).collect();
    moves::set_up(root, &ACCOUNTS, &ACCOUNT_COLUMNS, &accounts).await?;
    moves::set_up(root, &INVOICES, &INVOICE_COLUMNS, &[]).await?;
    moves::set_up(root, &PAYMENTS, &PAYMENT_COLUMNS, &[]).await?;
    let departments = ["production", "research", "sales", "finance", "safety"];
    let employees = people.iter().filter(|person| person.is_employee()).map(|person| {
        row![
            employee_id(person),
            person.full_name(),
            &person.email,
            &person.iban,
            &person.birth_date,
            departments[person.number / 5 % departments.len()],
            f64::from(u32::try_from(person.number * 613 % 52_000).unwrap_or(0) + 34_000),
        ]
    });
    let employees: Vec<_> = employees.collect();
    moves::set_up(root, &EMPLOYEES, &EMPLOYEE_COLUMNS, &employees).await
}

/// Customers pay some of what they were asked for before.
pub(super) async fn operate(root: &Path, batch: &Batch) -> Result<()> {
    let mut database = Database::open(&INVOICES.place(root)).await?;
    let unpaid = "SELECT invoice_id, billing_name, iban, amount FROM invoices WHERE invoice_id NOT \
                  IN (SELECT invoice_id FROM payments) ORDER BY invoice_id";
    let unpaid = database.rows(unpaid, &[]).await?;
    let mut rng = batch.rng("payments");
    let mut payments = Vec::new();
    for (number, invoice) in unpaid.iter().enumerate() {
        if rng.u8(0..10) < 4 {
            continue;
        }
        let part = if rng.u8(0..10) == 0 { 0.5 } else { 1.0 };
        let mut payment = row![format!("PAY-{:05}-{number:03}", batch.number)];
        payment.extend(invoice[..3].iter().cloned());
        let paid = invoice[3].as_real().unwrap_or_default() * part;
        payment.extend(row![round(paid), batch.moment(&mut rng)]);
        payments.push(payment);
    }
    moves::record(&mut database, &PAYMENTS, &PAYMENT_COLUMNS, &payments, 3_000).await?;
    database.trim("invoices", 1_500).await?;
    database.close().await
}

pub(super) async fn bronze(dag: &mut Dag<'_>) -> Result<()> {
    let issue = Job {
        name: "issue_invoices",
        doc: "Makes an invoice of each new order: with the customer's name, address and account.",
        reads: &[&ORDERS, &PRODUCTS, &CUSTOMERS, &ACCOUNTS],
        writes: &[&INVOICES],
    };
    dag.run(issue, issue_invoices).await?;
    let invoices = Job {
        name: "extract_invoices",
        doc: "Copies the batch's invoices from the finance system.",
        reads: &[&INVOICES],
        writes: &[&RAW_INVOICES],
    };
    moves::increment(dag, invoices, "issued_at").await?;
    let payments = Job {
        name: "extract_payments",
        doc: "Copies the batch's payments from the finance system.",
        reads: &[&PAYMENTS],
        writes: &[&RAW_PAYMENTS],
    };
    moves::increment(dag, payments, "paid_at").await?;
    let payroll = Job {
        name: "extract_payroll",
        doc: "Copies the payroll from the finance system.",
        reads: &[&EMPLOYEES],
        writes: &[&RAW_PAYROLL],
    };
    moves::snapshot(dag, payroll).await
}

async fn issue_invoices(task: &mut Task<'_>) -> Result<()> {
    let orders = Select::from("o", &ORDERS)
        .join("p", &PRODUCTS, "{p.product_code} = {o.product_code}")
        .join("c", &CUSTOMERS, "{c.customer_id} = {o.customer_id}")
        .work("invoice_id", Text, "'I' || substr({o.order_id}, 2)")
        .keep(&["o.order_id", "o.customer_id"])
        .keep(&["c.full_name>billing_name", "c.email>billing_email"])
        .work("amount", Real, "round({o.quantity} * {p.list_price}, 2)")
        .keep(&["o.ordered_at>issued_at"])
        .filter(&task.batch.within("o.ordered_at"));
    let orders = task.query(&orders).await?;
    let accounts = Select::from("a", &ACCOUNTS).keep(&["a.customer_id", "a.iban"]);
    let accounts = task.query(&accounts).await?;
    let invoices = orders
        .join(&accounts, ("customer_id", "customer_id"), true)?
        .map("billing_email", "trim and lower case", moves::lower)?
        .select(&INVOICE_COLUMNS.map(|(name, _)| name))?;
    task.write(&INVOICES, invoices, Mode::Append).await
}

pub(super) async fn silver(dag: &mut Dag<'_>) -> Result<()> {
    let items = Job {
        name: "match_payments",
        doc: "Takes from each invoice what was paid of it.",
        reads: &[&RAW_INVOICES, &RAW_PAYMENTS],
        writes: &[&OPEN_ITEMS],
    };
    dag.run(items, match_payments).await?;
    let salaries = Job {
        name: "strip_payroll",
        doc: "Keeps department and salary, under pseudonym.",
        reads: &[&RAW_PAYROLL],
        writes: &[&SALARIES],
    };
    dag.run(salaries, async |task: &mut Task<'_>| {
        let salaries = task
            .read_newest(&RAW_PAYROLL)?
            .mask(
                ("employee_key", Text),
                "employee_id",
                "HMAC-SHA256",
                super::pseudonym::pseudonym,
            )?
            .select(&["employee_key", "department", "salary"])?;
        task.write(&SALARIES, salaries, Mode::Replace).await
    })
    .await
}

async fn match_payments(task: &mut Task<'_>) -> Result<()> {
    let paid = task
        .read(&RAW_PAYMENTS)?
        .last_of_each("payment_id")?
        .group(&["invoice_id"], &[("paid", Fold::Sum, "amount")])?;
    let invoices = task.read(&RAW_INVOICES)?.last_of_each("invoice_id")?;
    task.check_unique(&RAW_INVOICES, &invoices, "order_id")?;
    task.measure(&RAW_INVOICES, &invoices);
    let items = invoices
        .join(&paid, ("invoice_id", "invoice_id"), true)?
        .derive(("outstanding", Real), &["amount", "paid"], "amount − paid", |values| {
            let amount = values[0].as_real().unwrap_or_default();
            Value::Real(round((amount - values[1].as_real().unwrap_or_default()).max(0.0)))
        })?
        .select(&[
            "invoice_id",
            "customer_id",
            "billing_name",
            "billing_email",
            "amount",
            "paid",
            "outstanding",
            "issued_at",
        ])?;
    task.write(&OPEN_ITEMS, items, Mode::Replace).await
}

pub(super) async fn staging(dag: &mut Dag<'_>) -> Result<()> {
    let jobs = [
        Job {
            name: "load_open_items",
            doc: "Loads open items into the warehouse.",
            reads: &[&OPEN_ITEMS],
            writes: &[&STG_ITEMS],
        },
        Job {
            name: "load_salaries",
            doc: "Loads salaries into the warehouse.",
            reads: &[&SALARIES],
            writes: &[&STG_SALARIES],
        },
    ];
    moves::load(dag, &jobs).await
}

pub(super) async fn gold(dag: &mut Dag<'_>) -> Result<()> {
    let exposure = Job {
        name: "build_exposure",
        doc: "Sums up what each customer owes, with name and country.",
        reads: &[&STG_ITEMS, &STG_CUSTOMERS],
        writes: &[&EXPOSURE],
    };
    dag.run(exposure, async |task: &mut Task<'_>| {
        let select = Select::from("i", &STG_ITEMS)
            .join("c", &STG_CUSTOMERS, "{c.customer_id} = {i.customer_id}")
            .keep(&["c.customer_id", "c.full_name", "c.country"])
            .count("invoices", "count({i.invoice_id})")
            .fold("outstanding", Real, "round(sum({i.outstanding}), 2)")
            .fold("oldest_at", Text, "min({i.issued_at})")
            .filter("{i.outstanding} > 0")
            .group_by(&["c.customer_id", "c.full_name", "c.country"]);
        task.build(&EXPOSURE, &select).await
    })
    .await?;
    let cost = Job {
        name: "build_payroll_cost",
        doc: "Sums up the salaries of each department.",
        reads: &[&STG_SALARIES],
        writes: &[&PAYROLL_COST],
    };
    dag.run(cost, async |task: &mut Task<'_>| {
        let select = Select::from("s", &STG_SALARIES)
            .keep(&["s.department"])
            .count("heads", "count({s.employee_key})")
            .fold("cost", Real, "sum({s.salary})")
            .group_by(&["s.department"]);
        task.build(&PAYROLL_COST, &select).await
    })
    .await
}
