//! ERP sales, gold: what is known of a customer, made of every department's tables.

use anyhow::Result;

use super::erp::{STG_CUSTOMERS, STG_ORDERS, WAREHOUSE};
use super::{finance, social};
use crate::dag::{Dag, Job};
use crate::dataset::{Dataset, Store};
use crate::select::Select;
use crate::task::{Mode, Task};
use crate::value::Kind::{Real, Text};

const OWNER: &str = "team:erp";

const CUSTOMER_ORDERS: Dataset =
    Dataset::table(WAREHOUSE, "mart_customer_orders", OWNER, "What each customer ordered in all.");
const PRODUCT_SALES: Dataset =
    Dataset::table(WAREHOUSE, "mart_product_sales", OWNER, "Sales of each product, nobody named.");
const CUSTOMER_360: Dataset = Dataset::table(
    WAREHOUSE,
    "mart_customer_360",
    OWNER,
    "Everything known of a customer: contact, orders, debts, public voice.",
);
const CRM_EXPORT: Dataset = Dataset::files(
    Store::Csv,
    "exports/crm",
    OWNER,
    "The customer view as the field force's CRM takes it.",
);

pub(super) async fn gold(dag: &mut Dag<'_>) -> Result<()> {
    let orders = Job {
        name: "build_customer_orders",
        doc: "Sums up the orders of each customer.",
        reads: &[&STG_ORDERS],
        writes: &[&CUSTOMER_ORDERS],
    };
    dag.run(orders, build_customer_orders).await?;
    let sales = Job {
        name: "build_product_sales",
        doc: "Sums up the orders of each product.",
        reads: &[&STG_ORDERS],
        writes: &[&PRODUCT_SALES],
    };
    dag.run(sales, build_product_sales).await?;
    let view = Job {
        name: "build_customer_360",
        doc: "Joins what sales, finance and social listening know of each customer.",
        reads: &[&STG_CUSTOMERS, &CUSTOMER_ORDERS, &finance::EXPOSURE, &social::STG_AUTHORS],
        writes: &[&CUSTOMER_360],
    };
    dag.run(view, build_customer_360).await?;
    let export = Job {
        name: "export_crm",
        doc: "Writes consumers' contacts and figures to the file that the CRM vendor fetches.",
        reads: &[&CUSTOMER_360],
        writes: &[&CRM_EXPORT],
    };
    dag.run(export, export_crm).await
}

async fn build_customer_orders(task: &mut Task<'_>) -> Result<()> {
    let select = Select::from("o", &STG_ORDERS)
        .keep(&["o.customer_id"])
        .count("orders", "count({o.order_id})")
        .fold("revenue", Real, "round(sum({o.amount}), 2)")
        .fold("last_ordered_at", Text, "max({o.ordered_at})")
        .group_by(&["o.customer_id"]);
    task.build(&CUSTOMER_ORDERS, &select).await
}

async fn build_product_sales(task: &mut Task<'_>) -> Result<()> {
    let select = Select::from("o", &STG_ORDERS)
        .keep(&["o.product_code", "o.product_name"])
        .fold("units", Real, "sum({o.quantity})")
        .fold("revenue", Real, "round(sum({o.amount}), 2)")
        .count("customers", "count(DISTINCT {o.customer_id})")
        .group_by(&["o.product_code", "o.product_name"]);
    task.build(&PRODUCT_SALES, &select).await
}

async fn build_customer_360(task: &mut Task<'_>) -> Result<()> {
    let asked = task.fields(&STG_CUSTOMERS).await?;
    let asked = asked.iter().any(|field| field.name == "marketing_consent");
    let select = Select::from("c", &STG_CUSTOMERS)
        .left_join("o", &CUSTOMER_ORDERS, "{o.customer_id} = {c.customer_id}")
        .left_join("x", &finance::EXPOSURE, "{x.customer_id} = {c.customer_id}")
        .left_join("a", &social::STG_AUTHORS, "{a.customer_id} = {c.customer_id}")
        .keep(&["c.customer_id", "c.kind", "c.full_name", "c.email", "c.phone"])
        .work("address", Text, "{c.street} || ', ' || {c.postcode} || ' ' || {c.city}")
        .mask("birth_year", Text, "substr({c.birth_date}, 1, 4)")
        .keep(&["c.country", "o.orders", "o.revenue", "o.last_ordered_at", "x.outstanding"])
        .keep(&["a.handle", "a.followers"]);
    let select = if asked { select.keep(&["c.marketing_consent"]) } else { select };
    task.build(&CUSTOMER_360, &select).await
}

async fn export_crm(task: &mut Task<'_>) -> Result<()> {
    let select = Select::from("v", &CUSTOMER_360)
        .keep(&["v.customer_id", "v.full_name>contact_name", "v.email", "v.phone", "v.address"])
        .keep(&["v.revenue", "v.handle"])
        .filter("{v.kind} = 'consumer'");
    let frame = task.query(&select).await?;
    task.write(&CRM_EXPORT, frame, Mode::Replace).await
}
