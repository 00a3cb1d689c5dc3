"""dbt-ol builds a project on PostgreSQL; what it told Lethe is asserted.

The project is ../dbt: two sources, two staging views, a mart with tests (one of which
fails), a snapshot, and a model that cannot be built. It is built twice: as dbt-ol does by
default (events at the end) and reading dbt's structured log (events as they happen).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2

from checks import Checks
from lethe_api import Edge, Lethe

LETHE = Lethe()
CHECKS = Checks()
PROJECT = Path(__file__).resolve().parents[1] / "dbt"
HOST, PORT = os.environ["PGHOST"], os.environ["PGPORT"]
STORE = f"postgres://{HOST}:{PORT}"

COLUMNS = {
    Edge("warehouse.erp.customers", "id", "warehouse.shop.stg_customers", "customer_id"),
    Edge("warehouse.erp.customers", "email", "warehouse.shop.stg_customers", "email"),
    Edge("warehouse.erp.customers", "country", "warehouse.shop.stg_customers", "country"),
    Edge("warehouse.erp.orders", "id", "warehouse.shop.stg_orders", "order_id"),
    Edge("warehouse.erp.orders", "amount", "warehouse.shop.stg_orders", "amount"),
    Edge("warehouse.shop.stg_customers", "customer_id", "warehouse.shop.customer_orders", "customer_id"),
    Edge("warehouse.shop.stg_customers", "email", "warehouse.shop.customer_orders", "email"),
    Edge("warehouse.shop.stg_customers", "country", "warehouse.shop.customer_orders", "country"),
    Edge("warehouse.shop.stg_orders", "order_id", "warehouse.shop.customer_orders", "orders"),
    Edge("warehouse.shop.stg_orders", "amount", "warehouse.shop.customer_orders", "total"),
}
# In which state each job ends, by the name dbt-ol gives it without its parent's: as it names
# them when it sends everything at the end, and when it sends as dbt goes.
AT_END = {
    "dbt-run-shop": "FAILED",
    "warehouse.shop.shop.stg_customers.build.run": "COMPLETED",
    "warehouse.shop.shop.stg_orders.build.run": "COMPLETED",
    "warehouse.shop.shop.customer_orders.build.run": "COMPLETED",
    "warehouse.shop.shop.customer_orders.build.test": "FAILED",
    "warehouse.shop.shop.broken.build.run": "FAILED",
    "warehouse.shop_history.shop.customers_history.build.snapshot": "COMPLETED",
}
AS_IT_GOES = {
    "dbt-run-shop": "FAILED",
    "model.shop.stg_customers": "COMPLETED",
    "model.shop.stg_orders": "COMPLETED",
    "model.shop.customer_orders": "COMPLETED",
    "model.shop.broken": "FAILED",
    "snapshot.shop.customers_history": "COMPLETED",
    "test.shop.accepted_values_customer_orders_country__AT__CH.5b4a038274": "FAILED",
    "test.shop.not_null_customer_orders_customer_id.582e6bcaa0": "COMPLETED",
    "test.shop.not_null_customer_orders_email.856073a6fb": "COMPLETED",
    "test.shop.unique_customer_orders_customer_id.0e9f6da4ce": "COMPLETED",
}


def fill_erp() -> None:
    """Makes the database with the sources that the project reads."""
    admin = psycopg2.connect(dbname="postgres")
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("drop database if exists warehouse")
        cursor.execute("create database warehouse")
    admin.close()
    with psycopg2.connect(dbname="warehouse") as warehouse, warehouse.cursor() as cursor:
        cursor.execute((PROJECT / "erp.sql").read_text())


def build(namespace: str, *options: str) -> None:
    """Runs `dbt-ol build` on a copy of the project (dbt writes beside it)."""
    place = Path(tempfile.mkdtemp()) / "shop"
    shutil.copytree(PROJECT, place)
    environment = os.environ | {"OPENLINEAGE_URL": LETHE.url, "OPENLINEAGE_NAMESPACE": namespace}
    dbt_ol = Path(sys.executable).parent / "dbt-ol"
    environment["PATH"] = f"{dbt_ol.parent}:{environment['PATH']}"
    done = subprocess.run([dbt_ol, *options, "build", "--profiles-dir", "."], cwd=place, env=environment)
    CHECKS.equal(f"{namespace}: dbt says that a model and a test failed", done.returncode, 1)


def jobs(namespace: str, states: dict[str, str], mart: str) -> None:
    """Models, snapshot and tests are jobs of the dbt run, in the state they ended in."""
    found = {job["simpleName"]: job for job in LETHE.jobs(namespace).values() if ".sql." not in job["name"]}
    ended = {name: job["latestRun"]["state"] for name, job in found.items()}
    CHECKS.equal(f"{namespace}: states", ended, states)
    parents = {job["parentJobName"] for name, job in found.items() if name != "dbt-run-shop"}
    CHECKS.equal(f"{namespace}: all are jobs of the dbt run", parents, {"dbt-run-shop"})
    whole = found["dbt-run-shop"]["latestRun"]["id"]
    run = found[mart]["latestRun"]
    CHECKS.equal(f"{namespace}: the mart's run knows its parent", run["facets"]["parent"]["run"]["runId"], whole)
    children = LETHE.get(f"/api/v1/runs/{whole}/children")["items"]
    CHECKS.equal(f"{namespace}: the dbt run knows its children", len(children), len(states) - 1)
    reads = {each["name"] for each in found[mart]["inputs"]}
    CHECKS.equal(f"{namespace}: the mart reads", reads, {"warehouse.shop.stg_customers", "warehouse.shop.stg_orders"})
    writes = [each["name"] for each in found[mart]["outputs"]]
    CHECKS.equal(f"{namespace}: the mart writes", writes, ["warehouse.shop.customer_orders"])


def compiled(namespace: str, mart: str) -> None:
    """The compiled SQL is kept with the job."""
    job = LETHE.job(namespace, f"dbt-run-shop.{mart}")
    job_id = LETHE.get(f"/api/v1/runs/{job['latestRun']['id']}")["jobId"]
    own = LETHE.get(f"/api/v1/jobs/{job_id}")
    CHECKS.true(f"{namespace}: SQL", '"warehouse"."shop"."stg_customers"' in (own["sql"] or ""), own["sql"])
    CHECKS.equal(f"{namespace}: what kind of job", (own["integration"], own["jobType"]), ("DBT", "MODEL"))


def statements(namespace: str) -> None:
    """Every SQL statement is a job of its model; the model is found by the name its statements give."""
    found = LETHE.jobs(namespace)
    of_mart = [job for job in found.values() if job["name"].startswith("model.shop.customer_orders.sql.")]
    CHECKS.true(f"{namespace}: the mart's statements", len(of_mart) >= 3, sorted(found))
    for job in of_mart:
        told = job["latestRun"]["facets"]["parent"]["run"]["runId"]
        parent = LETHE.job(namespace, job["parentJobName"])
        CHECKS.equal(f"{namespace}: {job['name']}: the model's run", parent["latestRun"]["id"], told)
    parents = {job["parentJobName"] for job in found.values()} - {None}
    CHECKS.holds_all(f"{namespace}: every parent is a job that is listed", set(found), parents)


def columns(namespace: str) -> None:
    """From the mart's columns back to the ERP's, over the views between."""
    mart = f"dataset:{STORE}:warehouse.shop.customer_orders"
    CHECKS.equal(f"{namespace}: columns by Marquez's API", LETHE.marquez_column_edges(mart), COLUMNS)
    CHECKS.equal(f"{namespace}: columns by Lethe's own API", LETHE.column_edges(mart), COLUMNS)
    email = f"datasetField:{STORE}:warehouse.erp.customers:email"
    down = LETHE.column_edges(email, direction="down")
    want = {edge for edge in COLUMNS if edge.source_field == "email"}
    CHECKS.equal(f"{namespace}: where the customers' e-mail goes", down, want)


def tables(namespace: str) -> None:
    """The snapshot and the mart are reached from the ERP's table."""
    customers = f"dataset:{STORE}:warehouse.erp.customers"
    graph = LETHE.graph(customers, direction="down", depth=10)
    reached = {node["name"] for node in graph["nodes"] if node["kind"] == "dataset"}
    tables_below = ("shop.stg_customers", "shop.customer_orders", "shop_history.customers_history")
    want = {f"warehouse.{table}" for table in tables_below}
    CHECKS.holds_all(f"{namespace}: tables downstream of the customers", reached, want)
    CHECKS.true(f"{namespace}: nothing was cut off", not any(graph["truncated"].values()), graph["truncated"])
    dataset = LETHE.dataset(STORE, "warehouse.shop.customer_orders")
    CHECKS.equal(f"{namespace}: description", dataset["description"], "One row per customer, with what they ordered")
    described = {field["name"]: field["description"] for field in dataset["fields"]}
    CHECKS.equal(f"{namespace}: a column's description", described.get("email"), "Where bills go, in lower case")


def assertions(namespace: str) -> None:
    """Test results are kept as they came, with the one that failed."""
    dataset = LETHE.dataset(STORE, "warehouse.shop.customer_orders")
    told = dataset["facets"]["dataQualityAssertions"]["assertions"]
    results = {(each["assertion"], each["column"]): each["success"] for each in told}
    want = {
        ("accepted_values", "country"): False,
        ("not_null", "customer_id"): True, ("unique", "customer_id"): True, ("not_null", "email"): True,
    }
    CHECKS.equal(f"{namespace}: assertions", results, want)


def main() -> None:
    LETHE.wait_ready()
    fill_erp()
    namespace, mart = "dbt-at-end", "warehouse.shop.shop.customer_orders.build.run"
    with CHECKS.part("dbt-ol build: events at the end"):
        build(namespace)
    with CHECKS.part("jobs"):
        jobs(namespace, AT_END, mart)
        compiled(namespace, mart)
    for look in (columns, tables, assertions):
        with CHECKS.part(f"{look.__name__}: {look.__doc__}"):
            look(namespace)
    namespace = "dbt-as-it-goes"
    with CHECKS.part("dbt-ol --consume-structured-logs build: events as it goes"):
        build(namespace, "--consume-structured-logs")
    with CHECKS.part("jobs"):
        jobs(namespace, AS_IT_GOES, "model.shop.customer_orders")
        statements(namespace)
    with CHECKS.part("nothing was refused"):
        CHECKS.equal("dead letters", LETHE.dead_letters(), [])
    CHECKS.done()


if __name__ == "__main__":
    main()
