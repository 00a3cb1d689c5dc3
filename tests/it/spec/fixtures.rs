//! Lineage of what real clients sent (`tests/fixtures/openlineage`), written down by hand
//! from reading the events.

use std::collections::BTreeSet;

use lethe::catalog::RunState;
use lethe::lineage::Scope;

use super::edges::{columns, flows, lines};
use crate::world::{Backend, World};

/// Sends what a client sent, in its order, and again backwards.
async fn world_of(client: &str, backend: Backend, backwards: bool) -> World {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openlineage");
    let files = std::fs::read_dir(root.join(client)).expect("fixtures").flatten();
    let mut files: Vec<_> = files.map(|entry| entry.path()).collect();
    files.sort();
    assert!(!files.is_empty());
    if backwards {
        files.reverse();
    }
    let world = World::new(backend).await;
    for file in files {
        let text = std::fs::read_to_string(&file).expect("an event");
        let answer = world.call("POST", "/api/v1/lineage", text).await;
        assert_eq!(answer.status, 201, "{}: {}", file.display(), answer.text);
    }
    world
}

async fn check(client: &str, expected_flows: &[&str], expected_columns: &[&str]) {
    for (backend, backwards) in [(Backend::Sqlite, false), (Backend::Postgres, true)] {
        let world = world_of(client, backend, backwards).await;
        let none = BTreeSet::new();
        let found = flows(&world, Scope::CURRENT).await;
        assert_eq!(
            found.difference(&lines(expected_flows)).cloned().collect::<BTreeSet<_>>(),
            none,
            "too much"
        );
        assert_eq!(found, lines(expected_flows), "{client} {backend:?}");
        assert_eq!(
            columns(&world, Scope::CURRENT).await,
            lines(expected_columns),
            "{client} {backend:?}"
        );
        world.app.stop().await;
    }
}

/// dbt: sources are named by column lineage alone; the failing model's START says what it
/// would have done.
#[tokio::test(flavor = "multi_thread")]
async fn dbt_models() {
    for (client, schema, jobs) in [
        ("dbt-duckdb", "shop.main", "dbt-run-shop.shop.main.shop"),
        ("dbt-postgres", "warehouse.dbt", "dbt-run-shop.warehouse.dbt.shop"),
    ] {
        let flow = |from: &str, to: &str| {
            format!("{schema}.{from} -> {schema}.{to} over {jobs}.{to}.build.run")
        };
        let column = |from: &str, to: &str| format!("{schema}.{from} -> {schema}.{to}");
        let expected_flows = [
            flow("customers", "stg_customers"),
            flow("stg_customers", "customer_orders"),
            flow("orders", "customer_orders"),
            flow("orders", "bad"),
        ];
        let expected_columns = [
            column("customers.id", "stg_customers.customer_id"),
            column("customers.email", "stg_customers.email"),
            column("customers.country", "stg_customers.country"),
            column("stg_customers.customer_id", "customer_orders.customer_id"),
            column("stg_customers.email", "customer_orders.email"),
            column("stg_customers.country", "customer_orders.country"),
            column("orders.id", "customer_orders.n_orders"),
            column("orders.amount", "customer_orders.total"),
            column("orders.no_such_column", "bad.no_such_column"),
        ];
        let expected_flows: Vec<&str> = expected_flows.iter().map(String::as_str).collect();
        let expected_columns: Vec<&str> = expected_columns.iter().map(String::as_str).collect();
        check(client, &expected_flows, &expected_columns).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn airflow_sql_tasks() {
    check(
        "airflow",
        &["warehouse.public.src_c -> warehouse.public.dst_c over orders_sql.ins"],
        &[
            "warehouse.public.src_c.id -> warehouse.public.dst_c.id",
            "warehouse.public.src_c.email -> warehouse.public.dst_c.contact",
            "warehouse.public.src_c.name -> warehouse.public.dst_c.contact",
        ],
    )
    .await;
}

/// openlineage-python: of the two inputs, column lineage names one; the run's parent is
/// `dag`, the JobEvent and the failed run name none.
#[tokio::test(flavor = "multi_thread")]
async fn openlineage_python() {
    for client in ["openlineage-python", "openlineage-python-gzip"] {
        check(
            client,
            &[
                "shop.public.customers -> dw/orders over dag.orders.daily",
                "shop.public.customers -> dw/orders over orders.daily",
            ],
            &["shop.public.customers.email -> dw/orders.email Direct IDENTITY"],
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn airflow_tasks_and_their_dag_have_their_states() {
    for backwards in [false, true] {
        let world = world_of("airflow", Backend::Sqlite, backwards).await;
        let (jobs, _) = world.app.db().list_jobs(None, &[], None, 100, 0).await.expect("jobs");
        let mut states: Vec<(String, u32, Option<RunState>)> = jobs
            .into_iter()
            .map(|row| (row.doc.name, row.doc.runs, row.doc.latest.map(|latest| latest.state)))
            .collect();
        states.sort();
        let state = |name: &str, state| (name.to_owned(), 1, Some(state));
        let expected = [
            state("orders", RunState::Failed),
            state("orders.extract", RunState::Completed),
            state("orders.fails", RunState::Failed),
            state("orders.load", RunState::Completed),
            state("orders_sql", RunState::Completed),
            state("orders_sql.ins", RunState::Completed),
            state("orders_sql.mk", RunState::Completed),
        ];
        assert_eq!(states, expected);
        world.app.stop().await;
    }
}
