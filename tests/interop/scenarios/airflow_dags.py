"""Airflow with its OpenLineage provider runs DAGs on PostgreSQL; what it told Lethe is asserted.

The DAGs are in ../airflow/dags and run by `airflow dags test`, which needs no scheduler and
emits as a scheduler would. Airflow runs as programs of its own, in a home that is thrown away.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import Checks
from lethe_api import Edge, Lethe

LETHE = Lethe()
CHECKS = Checks()
DAGS = Path(__file__).resolve().parents[1] / "airflow" / "dags"
AIRFLOW = Path(sys.executable).parent / "airflow"
HOST, PORT, USER = os.environ["PGHOST"], os.environ["PGPORT"], os.environ["PGUSER"]
STORE = f"postgres://{HOST}:{PORT}"
SPACE = "airflow-shop"
DAY = "2026-11-20"

CUSTOMERS, CONTACTS, MAILING = (f"warehouse.lake.{table}" for table in ("customers", "contacts", "mailing"))
COLUMNS = {
    Edge(CUSTOMERS, "id", CONTACTS, "customer"),
    Edge(CUSTOMERS, "email", CONTACTS, "contact"),
    Edge(CUSTOMERS, "first_name", CONTACTS, "contact"),
}


def environment() -> dict[str, str]:
    """Airflow's settings: the three of them that its users set for Lethe, and a throw-away home."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return kept | {
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps({"type": "http", "url": LETHE.url}),
        "AIRFLOW__OPENLINEAGE__NAMESPACE": SPACE,
        "AIRFLOW_HOME": tempfile.mkdtemp(),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW_CONN_WAREHOUSE": f"postgresql://{USER}@{HOST}:{PORT}/warehouse",
        "PATH": f"{AIRFLOW.parent}:{os.environ['PATH']}",
    }


def airflow(settings: dict[str, str], *arguments: str) -> int:
    return subprocess.run([AIRFLOW, *arguments], env=settings).returncode


def make_warehouse() -> None:
    """Makes the database that the connection `warehouse` is of."""
    import psycopg

    with psycopg.connect(dbname="postgres", autocommit=True) as admin:
        admin.execute("drop database if exists warehouse")
        admin.execute("create database warehouse")


def tasks() -> None:
    """Tasks are jobs of their DAG, in the state they ended in."""
    found = LETHE.jobs(SPACE)
    want = {
        "shop_daily": "COMPLETED", "shop_daily.make": "COMPLETED", "shop_daily.fill": "COMPLETED",
        "shop_daily.move": "COMPLETED", "shop_daily.mail": "COMPLETED",
        "shop_fails": "FAILED", "shop_fails.bad_sql": "FAILED", "shop_fails.breaks": "FAILED",
    }
    # What runs in one process (as `dags test` does) also reports each query, as jobs of its own.
    states = {name: job["latestRun"]["state"] for name, job in found.items() if ".query." not in name}
    CHECKS.equal("states", states, want)
    queries = {name: job["latestRun"]["state"] for name, job in found.items() if ".query." in name}
    CHECKS.equal("queries, whose COMPLETE comes with the START's time", set(queries.values()), {"COMPLETED"})
    parents = {name: found[name]["parentJobName"] for name in want}
    CHECKS.equal("DAGs", parents, {name: name.split(".")[0] if "." in name else None for name in want})
    simple = found["shop_daily.move"]["simpleName"]
    CHECKS.equal("a task's own name", simple, "move")
    move = found["shop_daily.move"]["latestRun"]
    CHECKS.equal("the DAG's run", move["facets"]["parent"]["run"]["runId"], found["shop_daily"]["latestRun"]["id"])
    CHECKS.equal("nominal time", move["nominalStartTime"], f"{DAY}T00:00:00Z")
    CHECKS.equal("Airflow's own facet is kept", move["facets"]["airflow"]["task"]["task_id"], "move")
    parent = LETHE.get(f"/api/v1/runs/{found['shop_daily']['latestRun']['id']}/children")["items"]
    children = {run["job"]["name"] for run in parent}
    CHECKS.holds_all("the DAG run's children", children, {name for name in want if name.startswith("shop_daily.")})


def errors() -> None:
    """Failures say why."""
    for task, word in {"bad_sql": "lake.nowhere", "breaks": "no such customer: 42"}.items():
        run = LETHE.runs(SPACE, f"shop_fails.{task}")[0]
        CHECKS.true(f"{task}: why it failed", word in json.dumps(run["facets"]["errorMessage"]), run["facets"])
    job_id = LETHE.get(f"/api/v1/runs/{LETHE.runs(SPACE, 'shop_daily.mail')[0]['id']}")["jobId"]
    owners = LETHE.get(f"/api/v1/jobs/{job_id}")["owners"]
    CHECKS.equal("the task's owner", [owner["name"] for owner in owners], ["marketing"])


def lineage() -> None:
    """Columns by SQL, tables by Assets, from the customers to the mailing list."""
    contacts = f"dataset:{STORE}:{CONTACTS}"
    CHECKS.equal("columns by Marquez's API", LETHE.marquez_column_edges(contacts), COLUMNS)
    CHECKS.equal("columns by Lethe's own API", LETHE.column_edges(contacts), COLUMNS)
    edges = LETHE.table_edges(f"dataset:{STORE}:{CUSTOMERS}", direction="down")
    want = {
        (CUSTOMERS, "shop_daily.move"), ("shop_daily.move", CONTACTS), (CONTACTS, "shop_daily.mail"),
        ("shop_daily.mail", MAILING), ("shop_daily.mail", "/shop/mailing.csv"),
    }
    CHECKS.holds_all("tables and files by Lethe's own API", edges, want)
    job = f"job:{SPACE}:shop_daily.move"
    by_marquez = LETHE.marquez_edges(job, depth=1)
    want = {(f"dataset:{STORE}:{CUSTOMERS}", job), (job, contacts)}
    CHECKS.holds_all("tables by Marquez's API", by_marquez, want)
    types = {field["name"]: field["type"] for field in LETHE.dataset(STORE, CONTACTS)["fields"]}
    CHECKS.equal("the schema read from the database", types,
                 {"customer": "int8", "contact": "text", "first_seen": "timestamptz"})
    CHECKS.equal("the file of the Asset", LETHE.dataset("file://srv", "/shop/mailing.csv")["name"], "/shop/mailing.csv")


def main() -> None:
    LETHE.wait_ready()
    make_warehouse()
    settings = environment()
    with CHECKS.part("airflow db migrate; airflow dags test"):
        CHECKS.equal("airflow db migrate", airflow(settings, "db", "migrate"), 0)
        CHECKS.equal("airflow dags test shop_daily", airflow(settings, "dags", "test", "shop_daily", DAY), 0)
        airflow(settings, "dags", "test", "shop_fails", DAY)
    for look in (tasks, errors, lineage):
        with CHECKS.part(f"{look.__name__}: {look.__doc__}"):
            look()
    with CHECKS.part("nothing was refused"):
        CHECKS.equal("dead letters", LETHE.dead_letters(), [])
    CHECKS.done()


if __name__ == "__main__":
    main()
