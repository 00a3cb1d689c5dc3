"""marquez-python 0.50.0, the last release of Marquez's own client, against Lethe.

Every method of the client is called; what it answers is compared with what Marquez documents.
Its two known gaps: it has no search and no table lineage (asked here over plain HTTP), and its
list_events() calls a path that Marquez does not have.
"""

import uuid
import warnings

import requests
from marquez_client import MarquezClient
from marquez_client.errors import APIError
from marquez_client.models import DatasetId, DatasetType, JobType

from checks import Checks
from lethe_api import Lethe

warnings.simplefilter("ignore", DeprecationWarning)

LETHE = Lethe()
CHECKS = Checks()
CLIENT = MarquezClient(LETHE.url, api_key="not-a-secret")
SPACE = "food_delivery"
ORDERS, MENUS, TOPIC = "public.orders", "public.menus", "orders/ü 1"
DATASET_KEYS = {
    "id", "type", "name", "physicalName", "createdAt", "updatedAt", "namespace", "sourceName", "fields", "tags",
    "lastModifiedAt", "lastLifecycleState", "description", "currentVersion", "columnLineage", "facets", "deleted",
}
JOB_KEYS = {
    "id", "type", "name", "simpleName", "parentJobName", "createdAt", "updatedAt", "namespace", "inputs", "outputs",
    "location", "description", "latestRun", "latestRuns", "facets", "labels", "tags", "currentVersion",
}
RUN_KEYS = {
    "id", "createdAt", "updatedAt", "nominalStartTime", "nominalEndTime", "state", "startedAt", "endedAt",
    "durationMs", "args", "facets", "inputDatasetVersions", "outputDatasetVersions",
}


def seen() -> None:
    """Waits until the followers have seen all that was written."""
    LETHE.get("/api/v1/followers")


def refused(what: str, call, status: int) -> None:
    """Demands that the client's call is answered with an error of this status."""
    try:
        answer = call()
    except APIError as error:
        CHECKS.equal(what, error.__cause__.response.status_code, status)
    else:
        CHECKS.true(f"{what}: is refused", False, answer)


def namespaces() -> None:
    """Namespaces: put, get, list, replace, and one that is not there."""
    made = CLIENT.create_namespace(SPACE, "owner_1", "Food & drink")
    want = {"name": SPACE, "ownerName": "owner_1", "description": "Food & drink", "isHidden": False}
    CHECKS.equal("create_namespace", {key: made.get(key) for key in want}, want)
    CHECKS.true("its times", made["createdAt"] and made["updatedAt"], made)
    CHECKS.equal("get_namespace", CLIENT.get_namespace(SPACE), made)
    CLIENT.create_namespace("s3://lake/raw:zone", "owner_2")
    odd = CLIENT.get_namespace("s3://lake/raw:zone")
    CHECKS.equal("a namespace with slashes and colons", (odd["name"], odd["description"]), ("s3://lake/raw:zone", None))
    CHECKS.equal("a new owner", CLIENT.create_namespace(SPACE, "owner_3", "x")["ownerName"], "owner_3")
    names = [each["name"] for each in CLIENT.list_namespaces()["namespaces"]]
    CHECKS.holds_all("list_namespaces", set(names), {SPACE, "s3://lake/raw:zone"})
    CHECKS.equal("list_namespaces, one", len(CLIENT.list_namespaces(limit=1)["namespaces"]), 1)
    refused("a namespace that is not there", lambda: CLIENT.get_namespace("nowhere"), 404)


def sources() -> None:
    """Sources: put, get, list."""
    url = "jdbc:postgresql://db.example.com:5432/food"
    made = CLIENT.create_source("food_db", "POSTGRESQL", url, "The shop's database")
    want = {"type": "POSTGRESQL", "name": "food_db", "connectionUrl": url, "description": "The shop's database"}
    CHECKS.equal("create_source", {key: made.get(key) for key in want}, want)
    CHECKS.equal("get_source", CLIENT.get_source("food_db"), made)
    CLIENT.create_source("food_kafka", "KAFKA", "kafka://broker.example.com:9092")
    names = {each["name"] for each in CLIENT.list_sources()["sources"]}
    CHECKS.holds_all("list_sources", names, {"food_db", "food_kafka"})
    refused("a source that is not there", lambda: CLIENT.get_source("nowhere"), 404)


def datasets() -> None:
    """Datasets: tables, a stream, tags on both, versions."""
    fields = [
        {"name": "id", "type": "INTEGER", "description": "The order"},
        {"name": "email", "type": "VARCHAR", "tags": ["PII"]},
    ]
    CLIENT.create_tag("PII", "Tells who somebody is")
    CLIENT.create_tag("SENSITIVE", "Look away")
    made = CLIENT.create_dataset(
        SPACE, ORDERS, DatasetType.DB_TABLE, ORDERS, "food_db", "All orders", fields=fields, tags=["SENSITIVE"]
    )
    CHECKS.equal("a dataset's keys", DATASET_KEYS - set(made), set())
    want = {
        "id": {"namespace": SPACE, "name": ORDERS}, "type": "DB_TABLE", "name": ORDERS, "physicalName": ORDERS,
        "namespace": SPACE, "sourceName": "food_db", "description": "All orders", "tags": ["SENSITIVE"],
        "deleted": False, "columnLineage": None,
    }
    CHECKS.equal("create_dataset", {key: made[key] for key in want}, want)
    by_name = {field["name"]: field for field in made["fields"]}
    CHECKS.equal("its fields", by_name, {
        "id": {"name": "id", "type": "INTEGER", "tags": [], "description": "The order"},
        "email": {"name": "email", "type": "VARCHAR", "tags": ["PII"], "description": None},
    })
    CHECKS.equal("get_dataset", CLIENT.get_dataset(SPACE, ORDERS), made)
    stream = CLIENT.create_dataset(
        SPACE, TOPIC, DatasetType.STREAM, "orders.1", "food_kafka", schema_location="https://schemas.example.com/1"
    )
    got = (stream["type"], stream["name"], stream["physicalName"], stream.get("schemaLocation"))
    CHECKS.equal("a stream with an odd name", got, ("STREAM", TOPIC, "orders.1", "https://schemas.example.com/1"))
    dish = [{"name": "dish", "type": "TEXT"}]
    CLIENT.create_dataset(SPACE, MENUS, DatasetType.DB_TABLE, MENUS, "food_db", fields=dish)
    page = CLIENT.list_datasets(SPACE)
    CHECKS.equal("list_datasets, by name", [each["name"] for each in page["datasets"]], [TOPIC, MENUS, ORDERS])
    CHECKS.equal("list_datasets, total", page["totalCount"], 3)
    tagged = CLIENT.tag_dataset(SPACE, MENUS, "SEASONAL")
    CHECKS.equal("tag_dataset, with a tag that was not there", tagged["tags"], ["SEASONAL"])
    tagged = CLIENT.tag_dataset_field(SPACE, MENUS, "dish", "yummy")
    CHECKS.equal("tag_dataset_field", tagged["fields"][0]["tags"], ["YUMMY"])
    names = {tag["name"] for tag in CLIENT.list_tags()["tags"]}
    CHECKS.holds_all("list_tags", names, {"PII", "SENSITIVE", "SEASONAL", "YUMMY"})
    versions = CLIENT.list_dataset_versions(SPACE, ORDERS)["versions"]
    CHECKS.true("list_dataset_versions", len(versions) >= 1, versions)
    current = CLIENT.get_dataset_version(SPACE, ORDERS, made["currentVersion"])
    CHECKS.equal("get_dataset_version", (current["version"], current["name"]), (made["currentVersion"], ORDERS))
    refused("a dataset that is not there", lambda: CLIENT.get_dataset(SPACE, "nowhere"), 404)
    refused("a field that is not there", lambda: CLIENT.tag_dataset_field(SPACE, MENUS, "nothing", "PII"), 404)


def jobs() -> None:
    """Jobs: put with inputs and outputs, get, list; a job that names an unknown dataset is refused."""
    made = CLIENT.create_job(
        SPACE, "menus.load", JobType.BATCH, location="https://git.example.com/food/load.sql",
        inputs=[DatasetId(SPACE, ORDERS)], outputs=[DatasetId(SPACE, MENUS)], description="Loads",
    )
    CHECKS.equal("a job's keys", JOB_KEYS - set(made), set())
    want = {
        "type": "BATCH", "name": "menus.load", "namespace": SPACE, "description": "Loads",
        "location": "https://git.example.com/food/load.sql", "inputs": [{"namespace": SPACE, "name": ORDERS}],
        "outputs": [{"namespace": SPACE, "name": MENUS}], "latestRun": None,
    }
    CHECKS.equal("create_job", {key: made[key] for key in want}, want)
    CHECKS.equal("get_job", CLIENT.get_job(SPACE, "menus.load"), made)
    CLIENT.create_job(SPACE, "watch", JobType.STREAM)
    page = CLIENT.list_jobs(SPACE)
    CHECKS.equal("list_jobs", ({job["name"] for job in page["jobs"]}, page["totalCount"]), ({"menus.load", "watch"}, 2))
    refused("a job that is not there", lambda: CLIENT.get_job(SPACE, "nowhere"), 404)
    unknown = [DatasetId(SPACE, "unheard")]
    refused("an input that is not there", lambda: CLIENT.create_job(SPACE, "x", JobType.BATCH, inputs=unknown), 404)


def runs() -> None:
    """Runs: every way they can end."""
    ends = {
        "COMPLETED": CLIENT.mark_job_run_as_completed,
        "FAILED": CLIENT.mark_job_run_as_failed,
        "ABORTED": CLIENT.mark_job_run_as_aborted,
    }
    for state, end in ends.items():
        run_id = str(uuid.uuid4())
        run = CLIENT.create_job_run(
            SPACE, "menus.load", run_id=run_id, nominal_start_time="2026-11-20T00:00:00Z",
            nominal_end_time="2026-11-21T00:00:00Z", run_args={"size": "12"},
        )
        CHECKS.equal("a run's keys", RUN_KEYS - set(run), set())
        want = {
            "id": run_id, "state": "NEW", "nominalStartTime": "2026-11-20T00:00:00Z",
            "nominalEndTime": "2026-11-21T00:00:00Z", "startedAt": None, "endedAt": None,
        }
        CHECKS.equal("create_job_run", {key: run[key] for key in want}, want)
        CHECKS.equal("its arguments", run["args"].get("size"), "12")
        started = CLIENT.mark_job_run_as_started(run_id, at="2026-11-20T10:00:00Z")
        CHECKS.equal("started", (started["state"], started["startedAt"]), ("RUNNING", "2026-11-20T10:00:00Z"))
        ended = end(run_id, at="2026-11-20T10:00:02.5Z")
        got = (ended["state"], ended["endedAt"], ended["durationMs"])
        CHECKS.equal("ended", got, (state, "2026-11-20T10:00:02.5Z", 2500))
        CHECKS.equal("get_job_run", CLIENT.get_job_run(run_id)["state"], state)
        refused("the same run twice", lambda: CLIENT.create_job_run(SPACE, "menus.load", run_id=run_id), 400)
    running = CLIENT.create_job_run(SPACE, "menus.load", mark_as_running=True)
    CHECKS.equal("mark_as_running", running["state"], "RUNNING")
    page = CLIENT.list_job_runs(SPACE, "menus.load")
    states = sorted(run["state"] for run in page["runs"])
    CHECKS.equal("list_job_runs", (states, page["totalCount"]), (["ABORTED", "COMPLETED", "FAILED", "RUNNING"], 4))
    latest = CLIENT.get_job(SPACE, "menus.load")
    CHECKS.equal("latestRun", latest["latestRun"]["id"], running["id"])
    CHECKS.equal("latestRuns", len(latest["latestRuns"]), 4)
    refused("a run that is not there", lambda: CLIENT.get_job_run(str(uuid.uuid4())), 404)
    refused("a run of no job", lambda: CLIENT.create_job_run(SPACE, "nowhere"), 404)


def lineage() -> None:
    """Column lineage by the client, table lineage over HTTP."""
    input_field = {"namespace": SPACE, "name": ORDERS, "field": "id"}
    facet = {
        "_producer": "https://example.com",
        "_schemaURL": "https://openlineage.io/spec/facets/1-0-1/ColumnLineageDatasetFacet.json",
        "fields": {"dish": {
            "inputFields": [input_field], "transformationDescription": "looked up", "transformationType": "IDENTITY",
        }},
    }
    event = {
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com",
        "schemaURL": "https://openlineage.io/spec/1-0-5/OpenLineage.json#/definitions/RunEvent",
        "run": {"runId": str(uuid.uuid4())}, "job": {"namespace": SPACE, "name": "menus.load"},
        "inputs": [{"namespace": SPACE, "name": ORDERS}],
        "outputs": [{"namespace": SPACE, "name": MENUS, "facets": {"columnLineage": facet}}],
    }
    CHECKS.equal("POST /lineage", LETHE.ask("POST", "/api/v1/lineage", event).status, 201)
    seen()
    field = f"datasetField:{SPACE}:{MENUS}:dish"
    source = f"datasetField:{SPACE}:{ORDERS}:id"
    for what, graph in {
        "by_dataset": CLIENT.get_column_lineage_by_dataset(SPACE, MENUS),
        "by_dataset_field": CLIENT.get_column_lineage_by_dataset_field(SPACE, MENUS, "dish", depth=5),
        "by_job": CLIENT.get_column_lineage_by_job(SPACE, "menus.load"),
    }.items():
        what = f"get_column_lineage_{what}"
        nodes = {node["id"]: node for node in graph["graph"]}
        CHECKS.equal(f"{what}: nodes", set(nodes), {field, source})
        if field in nodes:
            data = nodes[field]["data"]["inputFields"][0]
            got = (data["dataset"], data["field"], data["transformationDescription"], data["transformationType"])
            CHECKS.equal(f"{what}: input", got, (ORDERS, "id", "looked up", "IDENTITY"))
            CHECKS.equal(f"{what}: edges", nodes[field]["inEdges"], [{"origin": field, "destination": source}])
    down = CLIENT.get_column_lineage_by_dataset_field(SPACE, ORDERS, "id", with_downstream=True)
    CHECKS.equal("downstream", {node["id"] for node in down["graph"]}, {field, source})
    version = CLIENT.get_dataset(SPACE, MENUS)["currentVersion"]
    at = CLIENT.get_column_lineage_by_dataset(SPACE, MENUS, version=version)
    CHECKS.equal("of a version", {node["id"] for node in at["graph"]}, {field, source})
    refused("of nothing", lambda: CLIENT.get_column_lineage_by_dataset(SPACE, "nowhere"), 404)
    job = f"job:{SPACE}:menus.load"
    tables = LETHE.marquez_edges(f"dataset:{SPACE}:{MENUS}")
    want = {(f"dataset:{SPACE}:{ORDERS}", job), (job, f"dataset:{SPACE}:{MENUS}")}
    CHECKS.equal("GET /lineage", tables, want)


def search_and_events() -> None:
    """What the web UI asks besides: search, events, statistics."""
    seen()
    found = requests.get(f"{LETHE.url}/api/v1/search", params={"q": "menus"}, timeout=10).json()
    got = {(hit["type"], hit["name"], hit["namespace"], hit["nodeId"]) for hit in found["results"]}
    want = {
        ("DATASET", MENUS, SPACE, f"dataset:{SPACE}:{MENUS}"), ("JOB", "menus.load", SPACE, f"job:{SPACE}:menus.load"),
    }
    CHECKS.equal("search", (got, found["totalCount"]), (want, 2))
    jobs_only = {"q": "menus", "filter": "job", "sort": "NAME"}
    only = requests.get(f"{LETHE.url}/api/v1/search", params=jobs_only, timeout=10)
    CHECKS.equal("search, jobs only", [hit["type"] for hit in only.json()["results"]], ["JOB"])
    CHECKS.equal("search without q", requests.get(f"{LETHE.url}/api/v1/search", timeout=10).status_code, 400)
    events = LETHE.get("/api/v1/events/lineage", sortDirection="asc", limit=1)
    CHECKS.equal("events: a page", len(events["events"]), 1)
    hours = LETHE.get("/api/v1/stats/lineage-events", period="DAY")
    CHECKS.equal("statistics by hour", len(hours), 24)
    days = LETHE.get("/api/v1/stats/datasets", period="week", timezone="Europe/Zurich")
    CHECKS.equal("statistics by day", (len(days), days[-1]["count"]), (7, 3))
    run_id = CLIENT.get_job(SPACE, "menus.load")["latestRun"]["id"]
    facets = LETHE.get(f"/api/v1/jobs/runs/{run_id}/facets", type="run")
    CHECKS.equal("facets of a run", facets["runId"], run_id)
    own = CLIENT.list_events(limit=1)
    CHECKS.true("list_events, which Marquez answers with 404, is Lethe's own list", own["items"], own)


def deletion() -> None:
    """Soft delete over HTTP, as the web UI does it, and back by the next event."""
    path = f"{LETHE.url}/api/v1/namespaces/{SPACE}/datasets/{MENUS}"
    gone = requests.delete(path, timeout=10)
    CHECKS.equal("delete a dataset", (gone.status_code, gone.json()["name"]), (200, MENUS))
    left = [each["name"] for each in CLIENT.list_datasets(SPACE)["datasets"]]
    CHECKS.equal("the datasets left", left, [TOPIC, ORDERS])
    event = {
        "eventTime": "2026-11-20T13:00:00Z", "producer": "https://example.com",
        "dataset": {"namespace": SPACE, "name": MENUS},
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
    }
    CHECKS.equal("POST /lineage", LETHE.ask("POST", "/api/v1/lineage", event).status, 201)
    back = [each["name"] for each in CLIENT.list_datasets(SPACE)["datasets"]]
    CHECKS.equal("the datasets after an event names it", back, [TOPIC, MENUS, ORDERS])
    missing = requests.get(f"{LETHE.url}/api/v1/namespaces/{SPACE}/datasets/none", timeout=10)
    CHECKS.equal("the text of an error", missing.json(), {"code": 404, "message": "Dataset 'none' not found."})


def main() -> None:
    LETHE.wait_ready()
    for part in (namespaces, sources, datasets, jobs, runs, lineage, search_and_events, deletion):
        with CHECKS.part(f"{part.__name__}: {part.__doc__}"):
            part()
    CHECKS.done()


if __name__ == "__main__":
    main()
