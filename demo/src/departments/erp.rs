//! ERP sales: customers, physicians and patients alike, and what they order.
//!
//! From the third batch on the system asks customers for their consent to marketing: a column
//! appears, and travels through every layer.

use std::path::Path;

use anyhow::Result;

use super::moves;
use crate::batch::Batch;
use crate::dag::{Dag, Job};
use crate::dataset::Dataset;
use crate::people::Person;
use crate::row;
use crate::select::Select;
use crate::sqlite::Database;
use crate::task::{Mode, Task};
use crate::value::Kind::{Int, Real, Text};
use crate::value::{Kind, Value};

const OWNER: &str = "team:erp";
const SYSTEM: &str = "sources/erp.db";
/// The one database of all gold tables.
pub(super) const WAREHOUSE: &str = "warehouse/warehouse.db";

/// The batch in which the system gets its new column.
const CONSENT_SINCE: u32 = 2;

pub const CUSTOMERS: Dataset =
    Dataset::table(SYSTEM, "customers", OWNER, "Everybody the company sells to.").holding(&[
        ("customer_id", "user.unique_id"),
        ("full_name", "user.name"),
        ("email", "user.contact.email"),
        ("phone", "user.contact.phone_number"),
        ("birth_date", "user.demographic.date_of_birth"),
        ("street", "user.contact.address.street"),
        ("city", "user.contact.address.city"),
        ("postcode", "user.contact.address.postal_code"),
    ]);
pub const PRODUCTS: Dataset = Dataset::table(SYSTEM, "products", OWNER, "What the company sells.");
pub const ORDERS: Dataset = Dataset::table(SYSTEM, "orders", OWNER, "Orders, with who gets them.")
    .holding(&[
        ("customer_id", "user.unique_id"),
        ("ship_to_name", "user.name"),
        ("ship_to_address", "user.contact.address"),
    ]);
const RAW_CUSTOMERS: Dataset =
    Dataset::lake("lake/bronze/erp/customers", OWNER, "Snapshots of all customers.");
const RAW_ORDERS: Dataset =
    Dataset::lake("lake/bronze/erp/orders", OWNER, "Orders as they came in, by day.");
pub const CLEAN_CUSTOMERS: Dataset =
    Dataset::lake("lake/silver/erp/customers", OWNER, "Customers with comparable contact data.");
const FULL_ORDERS: Dataset =
    Dataset::lake("lake/silver/erp/orders", OWNER, "Orders with product and amount.");
pub const STG_CUSTOMERS: Dataset =
    Dataset::table(WAREHOUSE, "stg_erp_customers", OWNER, "Customers, loaded from the lake.");
pub const STG_ORDERS: Dataset =
    Dataset::table(WAREHOUSE, "stg_erp_orders", OWNER, "Orders, loaded from the lake.");
const CUSTOMER_COLUMNS: [(&str, Kind); 11] = [
    ("customer_id", Text),
    ("kind", Text),
    ("full_name", Text),
    ("email", Text),
    ("phone", Text),
    ("birth_date", Text),
    ("street", Text),
    ("city", Text),
    ("postcode", Text),
    ("country", Text),
    ("created_at", Text),
];

const PRODUCT_COLUMNS: [(&str, Kind); 4] =
    [("product_code", Text), ("product_name", Text), ("indication", Text), ("list_price", Real)];

const ORDER_COLUMNS: [(&str, Kind); 7] = [
    ("order_id", Text),
    ("customer_id", Text),
    ("product_code", Text),
    ("quantity", Int),
    ("ship_to_name", Text),
    ("ship_to_address", Text),
    ("ordered_at", Text),
];

/// Codes, names, indications and prices of the company's medicines.
pub const MEDICINES: [(&str, &str, &str, f64); 5] = [
    ("CRD10", "Cardiolex", "hypertension", 24.9),
    ("GLU50", "Glucaris", "type 2 diabetes", 39.5),
    ("RSP05", "Respirol", "asthma", 31.0),
    ("DRM20", "Dermavive", "eczema", 18.75),
    ("NEU15", "Neurophane", "migraine", 44.2),
];

/// The number by which sales knows a person.
pub(super) fn customer_id(person: &Person) -> String {
    format!("C-{:04}", person.number)
}

pub(super) async fn open(root: &Path, people: &[Person]) -> Result<()> {
    let customers = people.iter().filter(|person| person.is_customer()).map(|person| {
        // Old entries were typed by hand: case and form differ, the address is the same.
        let old = person.number.is_multiple_of(4);
        row![
            customer_id(person),
            if person.is_physician() { "physician" } else { "consumer" },
            person.full_name(),
            if old { person.email.to_uppercase() } else { person.email.clone() },
            if old {
                format!("({}) {}", &person.phone[3..6], &person.phone[7..])
            } else {
                person.phone.clone()
            },
            &person.birth_date,
            &person.street,
            person.city,
            &person.postcode,
            person.country,
            format!("20{}-03-01T09:00:00Z", 14 + person.number % 11),
        ]
    });
    let customers: Vec<_> = customers.collect();
    moves::set_up(root, &CUSTOMERS, &CUSTOMER_COLUMNS, &customers).await?;
    let products =
        MEDICINES.map(|(code, name, indication, price)| row![code, name, indication, price]);
    moves::set_up(root, &PRODUCTS, &PRODUCT_COLUMNS, &products).await?;
    moves::set_up(root, &ORDERS, &ORDER_COLUMNS, &[]).await
}

pub(super) async fn operate(root: &Path, batch: &Batch) -> Result<()> {
    let mut database = Database::open(&CUSTOMERS.place(root)).await?;
    let fields = database.fields("customers").await?;
    if batch.number >= CONSENT_SINCE && fields.len() == CUSTOMER_COLUMNS.len() {
        database.run("ALTER TABLE customers ADD COLUMN marketing_consent INTEGER").await?;
        database.run("UPDATE customers SET marketing_consent = (rowid % 3 > 0)").await?;
    }
    let customers = "SELECT customer_id, full_name, street || ', ' || postcode || ' ' || city \
                     FROM customers ORDER BY customer_id";
    let customers = database.rows(customers, &[]).await?;
    let mut rng = batch.rng("orders");
    let mut orders = Vec::new();
    for number in 0..rng.usize(30..45) {
        let Some(customer) = rng.choice(&customers) else { break };
        let (code, ..) = MEDICINES[rng.usize(..MEDICINES.len())];
        let mut order = row![format!("O-{:05}-{number:02}", batch.number)];
        order.push(customer[0].clone());
        order.extend(row![code, rng.i64(1..6)]);
        order.extend([customer[1].clone(), customer[2].clone()]);
        order.extend(row![batch.moment(&mut rng)]);
        orders.push(order);
    }
    moves::record(&mut database, &ORDERS, &ORDER_COLUMNS, &orders, 1_500).await?;
    database.close().await
}

pub(super) async fn bronze(dag: &mut Dag<'_>) -> Result<()> {
    let customers = Job {
        name: "extract_customers",
        doc: "Copies all customers from the ERP system.",
        reads: &[&CUSTOMERS],
        writes: &[&RAW_CUSTOMERS],
    };
    moves::snapshot(dag, customers).await?;
    let orders = Job {
        name: "extract_orders",
        doc: "Copies the batch's orders from the ERP system.",
        reads: &[&ORDERS],
        writes: &[&RAW_ORDERS],
    };
    moves::increment(dag, orders, "ordered_at").await
}

pub(super) async fn silver(dag: &mut Dag<'_>) -> Result<()> {
    let clean = Job {
        name: "clean_customers",
        doc: "Brings e-mail addresses and telephone numbers into one form.",
        reads: &[&RAW_CUSTOMERS],
        writes: &[&CLEAN_CUSTOMERS],
    };
    dag.run(clean, clean_customers).await?;
    let enrich = Job {
        name: "enrich_orders",
        doc: "Adds product and amount to all kept orders.",
        reads: &[&RAW_ORDERS, &PRODUCTS],
        writes: &[&FULL_ORDERS],
    };
    dag.run(enrich, enrich_orders).await
}

async fn clean_customers(task: &mut Task<'_>) -> Result<()> {
    let raw = task.read_newest(&RAW_CUSTOMERS)?;
    task.check_unique(&RAW_CUSTOMERS, &raw, "customer_id")?;
    task.check_filled(&RAW_CUSTOMERS, &raw, "email")?;
    task.measure(&RAW_CUSTOMERS, &raw);
    let clean = raw
        .last_of_each("customer_id")?
        .map("email", "trim and lower case", moves::lower)?
        .map("phone", "one form", moves::phone)?;
    task.write(&CLEAN_CUSTOMERS, clean, Mode::Replace).await
}

async fn enrich_orders(task: &mut Task<'_>) -> Result<()> {
    let products = Select::from("p", &PRODUCTS).keep(&[
        "p.product_code",
        "p.product_name",
        "p.indication",
        "p.list_price",
    ]);
    let products = task.query(&products).await?;
    let orders = task.read(&RAW_ORDERS)?.last_of_each("order_id")?;
    let full = orders
        .join(&products, ("product_code", "product_code"), false)?
        .derive(("amount", Real), &["quantity", "list_price"], "quantity × price", |values| {
            amount(values[0], values[1])
        })?
        .select(&[
            "order_id",
            "customer_id",
            "product_code",
            "product_name",
            "indication",
            "quantity",
            "amount",
            "ship_to_name",
            "ordered_at",
        ])?;
    task.write(&FULL_ORDERS, full, Mode::Replace).await
}

fn amount(quantity: &Value, price: &Value) -> Value {
    match (quantity.as_real(), price.as_real()) {
        (Some(quantity), Some(price)) => Value::Real(crate::group::round(quantity * price)),
        _ => Value::Null,
    }
}

pub(super) async fn staging(dag: &mut Dag<'_>) -> Result<()> {
    let jobs = [
        Job {
            name: "load_customers",
            doc: "Loads customers into the warehouse.",
            reads: &[&CLEAN_CUSTOMERS],
            writes: &[&STG_CUSTOMERS],
        },
        Job {
            name: "load_orders",
            doc: "Loads orders into the warehouse.",
            reads: &[&FULL_ORDERS],
            writes: &[&STG_ORDERS],
        },
    ];
    moves::load(dag, &jobs).await
}
