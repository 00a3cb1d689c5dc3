"""openlineage-python: every transport that speaks HTTP, every kind of event.

Each transport is set up the way its users do (environment, YAML file, dict), tells the same
story under its own names, and what Lethe then answers is compared with what was told.
"""

import os
import tempfile
from pathlib import Path

from openlineage.client import OpenLineageClient
from openlineage.client.client import OpenLineageClientOptions

import story
from checks import Checks
from lethe_api import Edge, Lethe

LETHE = Lethe()
CHECKS = Checks()


def over_http() -> OpenLineageClient:
    """As most producers do: OPENLINEAGE_URL in the environment."""
    os.environ["OPENLINEAGE_URL"] = LETHE.url
    client = OpenLineageClient()
    del os.environ["OPENLINEAGE_URL"]
    return client


def over_gzip() -> OpenLineageClient:
    """A file openlineage.yml with packed bodies, and a key that a proxy may ask for."""
    text = f"""transport:
  type: http
  url: {LETHE.url}
  endpoint: api/v1/lineage
  compression: gzip
  auth:
    type: api_key
    apiKey: not-a-secret
"""
    path = Path(tempfile.mkdtemp()) / "openlineage.yml"
    path.write_text(text)
    os.environ["OPENLINEAGE_CONFIG"] = str(path)
    client = OpenLineageClient()
    del os.environ["OPENLINEAGE_CONFIG"]
    return client


def over_async() -> OpenLineageClient:
    """The transport that sends in the background, many at once."""
    return OpenLineageClient(config={"transport": {"type": "async_http", "url": LETHE.url, "compression": "gzip"}})


def over_constructor() -> OpenLineageClient:
    """The old way: the URL as an argument, here with a path and a trailing slash."""
    return OpenLineageClient(url=LETHE.url + "/", options=OpenLineageClientOptions(timeout=5))


def told_as_sent(told: story.Story) -> None:
    """Every RunEvent comes back from the log as it was sent."""
    logged = LETHE.get("/api/v1/events/lineage", limit=1000)
    kept = [event for event in logged["events"] if event["job"]["name"] == told.job]
    for sent in told.run_events:
        CHECKS.true(f"{told.name}: the {sent['eventType']} event is kept as it was sent", sent in kept, sent)
    CHECKS.equal(f"{told.name}: events of the job in the log", len(kept), len(told.run_events))


def states(told: story.Story) -> None:
    """Every run ends in the state that its last event says."""
    runs = {run["id"]: run for run in LETHE.runs(told.job_namespace, told.job)}
    CHECKS.equal(f"{told.name}: runs", {id: run["state"] for id, run in runs.items()}, told.states)
    good = runs[told.good_run]
    CHECKS.equal(f"{told.name}: the run took", good["durationMs"], 90_000)
    CHECKS.equal(f"{told.name}: nominal start", good["nominalStartTime"], "2026-11-20T00:00:00Z")
    failed = LETHE.get(f"/api/v1/runs/{told.failed_run}")
    CHECKS.equal(f"{told.name}: the error", failed["facets"]["errorMessage"]["message"], "división por cero ÷0")
    read = LETHE.get(f"/api/v1/runs/{told.good_run}")
    written = {item["name"]: item["facets"] for item in read["outputs"]}
    CHECKS.equal(f"{told.name}: rows written", written[told.summary]["outputStatistics"]["rowCount"], 42)


def lineage(told: story.Story) -> None:
    """Tables and columns are joined as the facets say."""
    focus = f"dataset:{story.STORE}:{told.summary}"
    want = {
        Edge(told.customers, "id", told.summary, "customer_id"),
        Edge(told.customers, "email", told.summary, "email_hash"),
        Edge(told.orders, "amount", told.summary, "total"),
    }
    CHECKS.equal(f"{told.name}: columns by Marquez's API", LETHE.marquez_column_edges(focus), want)
    CHECKS.holds_all(f"{told.name}: columns by Lethe's own API", LETHE.column_edges(focus), want)
    masked = [
        edge
        for edge in LETHE.graph(focus, level="column", direction="up")["edges"]
        if edge["kind"] == "column" and edge["targetField"] == "email_hash"
    ]
    CHECKS.equal(f"{told.name}: the masked column", [edge["carry"] for edge in masked], ["masked"])
    job = f"job:{told.job_namespace}:{told.job}"
    tables = {(f"dataset:{story.STORE}:{name}", job) for name in (told.customers, told.orders)} | {(job, focus)}
    CHECKS.equal(f"{told.name}: tables by Marquez's API", LETHE.marquez_edges(focus, depth=0), tables)
    names = {(told.customers, told.job), (told.orders, told.job), (told.job, told.summary)}
    CHECKS.equal(f"{told.name}: tables by Lethe's own API", LETHE.table_edges(focus), names)
    dataset = LETHE.dataset(story.STORE, told.summary)
    types = {field["name"]: field["type"] for field in dataset["fields"]}
    CHECKS.equal(f"{told.name}: the schema", types, {"customer_id": "bigint", "email_hash": "text", "total": "numeric"})
    CHECKS.equal(f"{told.name}: the source", dataset["sourceName"], "shop")


def design(told: story.Story) -> None:
    """DatasetEvent and JobEvent say what there is without a run."""
    table = LETHE.get("/api/v1/datasets", namespace=story.STORE, name=told.described)["items"][0]
    CHECKS.equal(f"{told.name}: description", table["description"], "Wer was bestellt hat, 客户")
    CHECKS.equal(f"{told.name}: owners", [owner["name"] for owner in table["owners"]], ["team:shop"])
    by_marquez = LETHE.dataset(story.STORE, told.described)
    tags = {field["name"]: [tag.lower() for tag in field["tags"]] for field in by_marquez["fields"]}
    CHECKS.true(f"{told.name}: the column's tag", any("pii" in tag for tag in tags["email"]), by_marquez["fields"])
    job = LETHE.job(told.job_namespace, told.declared_job)
    CHECKS.equal(f"{told.name}: declared inputs", [each["name"] for each in job["inputs"]], [told.described])
    CHECKS.equal(f"{told.name}: declared outputs", [each["name"] for each in job["outputs"]], [told.copied])
    CHECKS.equal(f"{told.name}: where its code is", job["location"], "https://git.example.com/shop/jobs/copy.sql")
    edges = LETHE.table_edges(f"dataset:{story.STORE}:{told.copied}")
    want = {(told.described, told.declared_job), (told.declared_job, told.copied)}
    CHECKS.equal(f"{told.name}: declared lineage", edges, want)
    explicit = LETHE.marquez_column_edges(f"dataset:{story.STORE}:{told.copied}")
    want = {Edge(told.described, "email", told.copied, "contact")}
    CHECKS.equal(f"{told.name}: columns of the explicit lineage facet", explicit, want)


def many_at_once(client: OpenLineageClient, count: int) -> None:
    """Hundreds of runs in the background: none is lost and each ends as it said."""
    want = {}
    for number in range(count):
        run_id, state = story.small_run(client, number)
        want[run_id] = state
    transport = client.transport
    CHECKS.true("async: everything was sent in time", transport.wait_for_completion(timeout=60))
    stats = transport.get_stats()
    CHECKS.equal("async: the client's own count", (stats["pending"], stats["failed"]), (0, 0))
    runs = LETHE.get(f"/api/v1/namespaces/{story.MANY}/jobs/many/runs", limit=1000)
    CHECKS.equal("async: runs and states", {run["id"]: run["state"] for run in runs["runs"]}, want)
    CHECKS.equal("async: total", runs["totalCount"], count)


def main() -> None:
    LETHE.wait_ready()
    clients = {"http": over_http, "gzip": over_gzip, "async": over_async, "slash": over_constructor}
    for name, make in clients.items():
        with CHECKS.part(f"{name}: a day of a shop"):
            client = make()
            told = story.tell(client, name)
            if hasattr(client.transport, "wait_for_completion"):
                CHECKS.true(f"{name}: sent in time", client.transport.wait_for_completion(timeout=30))
            for look in (told_as_sent, states, lineage, design):
                with CHECKS.part(f"{name}: {look.__doc__}"):
                    look(told)
            client.close(timeout=10)
    with CHECKS.part("async: 300 runs at once"):
        client = over_async()
        many_at_once(client, 300)
        client.close(timeout=10)
    with CHECKS.part("nothing was refused"):
        CHECKS.equal("dead letters", LETHE.dead_letters(), [])
    CHECKS.done()


if __name__ == "__main__":
    main()
