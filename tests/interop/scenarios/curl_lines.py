"""curl alone: ../curl/lines.sh sends, this judges the answers and the catalog that results."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from checks import Checks
from lethe_api import Lethe

LETHE = Lethe()
CHECKS = Checks()
LINES = Path(__file__).resolve().parents[1] / "curl" / "lines.sh"
OUT = Path(tempfile.mkdtemp())
IMPORTED = 2_500
STATUS = {
    "plain": 201, "again": 201, "slash": 201, "untyped": 201, "form": 201, "gzip": 201, "zstd": 201,
    "chunked": 201, "http2": 201, "big": 201, "batch": 200, "batch-slash": 200, "import": 200, "import-zstd": 200,
    "broken": 400, "invalid": 422, "not-gzip": 400, "unknown-packing": 415, "wrong-method": 405, "wrong-path": 404,
    "packed-answer": 200,
}


def event(number: int, **more: object) -> dict:
    return {
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:03:00Z", "producer": "https://example.com/curl",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": f"01a1fb00-0000-7000-8000-{number:012}"},
        "job": {"namespace": "curl", "name": f"imported.{number % 50}"}, **more,
    }


def prepare() -> None:
    """Writes the larger bodies: a stream with a blank and a broken line, and an event of two megabytes."""
    lines = [json.dumps(event(100 + number)) for number in range(IMPORTED)]
    lines[10:10] = ["", '{"broken": ']
    (OUT / "events.ndjson").write_text("\n".join(lines) + "\n")
    fields = [{"name": f"column_{number}", "type": "text", "description": "x" * 150} for number in range(10_000)]
    schema_url = "https://openlineage.io/spec/facets/1-2-0/SchemaDatasetFacet.json"
    schema = {"_producer": "https://example.com", "_schemaURL": schema_url, "fields": fields}
    wide = {"namespace": "s3://lake", "name": "wide", "facets": {"schema": schema}}
    (OUT / "big.json.in").write_text(json.dumps(event(99, outputs=[wide])))


def answer(name: str) -> dict:
    return json.loads((OUT / f"{name}.json").read_text())


def header(name: str, key: str) -> str:
    lines = (OUT / f"{name}.headers").read_text().lower().splitlines()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith(key + ":")), "")


def answers() -> None:
    """Status codes, and what the answers say."""
    got = {name: int((OUT / f"{name}.status").read_text() or 0) for name in STATUS}
    CHECKS.equal("status codes", got, STATUS)
    CHECKS.equal("201 has no body", (OUT / "plain.json").read_bytes() if (OUT / "plain.json").exists() else b"", b"")
    CHECKS.true("the position to wait for", header("plain", "lethe-position").isdigit())
    batch = answer("batch")
    CHECKS.equal("batch", (batch["status"], batch["summary"]), (
        "partial_success", {"received": 3, "successful": 2, "failed": 1, "retriable": 0, "non_retriable": 1},
    ))
    failed = batch["failed_events"][0]
    CHECKS.true("the event that failed", failed["index"] == 1 and "eventTime" in failed["reason"], failed)
    first = answer("import")
    CHECKS.equal("import", first, {"received": IMPORTED + 1, "new": IMPORTED, "known": 0, "refused": 1})
    again = answer("import-zstd")
    CHECKS.equal("the same again", again, {"received": IMPORTED + 1, "new": 0, "known": IMPORTED, "refused": 1})
    for name in ("broken", "invalid", "not-gzip", "unknown-packing", "wrong-method", "wrong-path"):
        CHECKS.equal(f"{name}: a problem", header(name, "content-type").split(";")[0], "application/problem+json")
    faults = {fault["pointer"] for fault in answer("invalid")["errors"]}
    CHECKS.holds_all("every fault of the invalid event", faults, {"/run/runId", "/job"})
    CHECKS.equal("a packed answer", header("packed-answer", "content-encoding"), "gzip")


def catalog() -> None:
    """What was sent by curl is in the catalog, once."""
    job = LETHE.job("curl", "copy")
    run = job["latestRun"]
    CHECKS.equal("the run", (run["state"], run["durationMs"]), ("COMPLETED", 10_000))
    CHECKS.equal("runs", LETHE.get("/api/v1/namespaces/curl/jobs/copy/runs")["totalCount"], 1)
    edges = LETHE.table_edges("dataset:s3://lake:gold/orders")
    want = {("raw/orders", "copy"), ("copy", "clean/orders"), ("clean/orders", "declared"), ("declared", "gold/orders")}
    CHECKS.equal("from raw to gold", edges, want)
    fields = [field["name"] for field in LETHE.dataset("s3://lake", "clean/orders")["fields"]]
    CHECKS.equal("the schema, with a nested field", fields, ["id", "to", "to.zip"])
    CHECKS.equal("ten thousand columns", len(LETHE.dataset("s3://lake", "wide")["fields"]), 10_000)
    imported = LETHE.get("/api/v1/namespaces/curl/jobs", limit=1)["totalCount"]
    CHECKS.equal("jobs", imported, 50 + 2)
    letters = LETHE.dead_letters()
    CHECKS.true("refused events are kept", len(letters) >= 2, letters)


def main() -> None:
    LETHE.wait_ready()
    prepare()
    with CHECKS.part("curl"):
        done = subprocess.run([LINES], env=os.environ | {"OUT": str(OUT)})
        CHECKS.equal("the script ran to its end", done.returncode, 0)
    for look in (answers, catalog):
        with CHECKS.part(f"{look.__name__}: {look.__doc__}"):
            look()
    CHECKS.done()


if __name__ == "__main__":
    main()
