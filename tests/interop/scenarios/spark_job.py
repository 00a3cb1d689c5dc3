"""Spark with OpenLineage's listener runs a job on Parquet files; what it told Lethe is asserted.

The listener comes from Maven Central by spark-submit's own `--packages`, into a cache beside
the virtual environments.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import Checks
from lethe_api import Edge, Lethe

LETHE = Lethe()
CHECKS = Checks()
JOB = Path(__file__).resolve().parents[1] / "spark" / "job.py"
BIN = Path(sys.executable).parent
LISTENER = "io.openlineage:openlineage-spark_2.13:1.53.0"
SPACE = "spark-shop"
PLACE = Path(tempfile.mkdtemp()) / "lake"
CUSTOMERS, ORDERS, REVENUE = (str(PLACE / table) for table in ("customers", "orders", "revenue"))

# Which column comes from which, and whether its value gets through.
COLUMNS = {
    Edge(CUSTOMERS, "id", REVENUE, "customer"): "direct",
    Edge(CUSTOMERS, "email", REVENUE, "email_hash"): "masked",
    Edge(CUSTOMERS, "country", REVENUE, "country"): "direct",
    Edge(ORDERS, "amount", REVENUE, "total"): "direct",
}


def submit() -> None:
    """Runs the job with the settings of docs/connect.md."""
    settings = {
        "spark.extraListeners": "io.openlineage.spark.agent.OpenLineageSparkListener",
        "spark.openlineage.transport.type": "http",
        "spark.openlineage.transport.url": LETHE.url,
        "spark.openlineage.transport.compression": "gzip",
        "spark.openlineage.namespace": SPACE,
        "spark.openlineage.columnLineage.datasetLineageEnabled": "true",
        "spark.jars.ivy": str(Path(os.environ["LETHE_INTEROP_DIR"]) / "ivy"),
        "spark.ui.enabled": "false",
    }
    arguments = [f"--conf={key}={value}" for key, value in settings.items()]
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [BIN / "spark-submit", "--master", "local[2]", "--packages", LISTENER, *arguments, JOB, PLACE]
    done = subprocess.run(command, env=environment)
    CHECKS.equal("spark-submit", done.returncode, 0)


def jobs() -> None:
    """The application and its queries are jobs, all completed."""
    found = LETHE.jobs(SPACE)
    states = {name: job["latestRun"]["state"] for name, job in found.items()}
    CHECKS.equal("states", set(states.values()), {"COMPLETED"})
    CHECKS.equal("the application and three writes", len(found), 4)
    parents = {job["parentJobName"] for name, job in found.items() if name != "shop_daily"}
    CHECKS.equal("queries are jobs of the application", parents, {"shop_daily"})
    writer = next(job for job in found.values() if job["outputs"] and job["outputs"][0]["name"] == REVENUE)
    CHECKS.equal("what the join reads", {each["name"] for each in writer["inputs"]}, {CUSTOMERS, ORDERS})
    run = LETHE.get(f"/api/v1/runs/{writer['latestRun']['id']}")
    rows = run["outputs"][0]["facets"]["outputStatistics"]["rowCount"]
    CHECKS.equal("rows written", rows, 2)
    CHECKS.true("Spark's own facets are kept", "spark_properties" in run["facets"], sorted(run["facets"]))


def columns() -> None:
    """Columns, and through which of them values pass."""
    focus = f"dataset:file:{REVENUE}"
    graph = LETHE.graph(focus, level="column", direction="up", depth=1)
    nodes = graph["nodes"]
    carried = {
        Edge(nodes[e["source"]]["name"], e["sourceField"], nodes[e["target"]]["name"], e["targetField"]): e["carry"]
        for e in graph["edges"]
        if e.get("sourceField") and e.get("targetField") and e["carry"] != "indirect"
    }
    CHECKS.equal("columns by Lethe's own API", carried, COLUMNS)
    deciding = {
        (nodes[e["source"]]["name"], e["sourceField"])
        for e in graph["edges"]
        if e["carry"] == "indirect" and e.get("sourceField")
    }
    want = {(CUSTOMERS, "id"), (ORDERS, "customer"), (CUSTOMERS, "country")}
    CHECKS.holds_all("columns that only decide (join, filter, group)", deciding, want)
    by_marquez = LETHE.marquez_column_edges(focus)
    CHECKS.holds_all("columns by Marquez's API", by_marquez, set(COLUMNS))
    types = {field["name"]: field["type"] for field in LETHE.dataset("file", REVENUE)["fields"]}
    want = {"customer": "long", "email_hash": "string", "country": "string", "total": "double"}
    CHECKS.equal("the schema", types, want)


def main() -> None:
    LETHE.wait_ready()
    with CHECKS.part("spark-submit"):
        submit()
    for look in (jobs, columns):
        with CHECKS.part(f"{look.__name__}: {look.__doc__}"):
            look()
    with CHECKS.part("nothing was refused"):
        CHECKS.equal("dead letters", LETHE.dead_letters(), [])
    CHECKS.done()


if __name__ == "__main__":
    main()
