"""Questions to a running Lethe, for the scenarios' assertions.

Standard library only, so that it runs in every client's virtual environment. It asserts
nothing itself (see checks.py) and sends no events: that is the clients' work.
"""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, NamedTuple

READY_SECONDS = 30
ANSWER_SECONDS = 30


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Edge(NamedTuple):
    """A column-level edge, `source column -> target column`, by dataset name."""

    source: str
    source_field: str
    target: str
    target_field: str


def quoted(name: str) -> str:
    """Encodes a name for use as one segment of a path."""
    return urllib.parse.quote(name, safe="")


class Lethe:
    """One server, at `$LETHE_URL` unless told otherwise."""

    def __init__(self, url: str | None = None):
        self.url = (url or os.environ["LETHE_URL"]).rstrip("/")

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Sends a request and gives the answer, whatever its status. A body that is not bytes is sent as JSON."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("content-type", "application/json")
        request = urllib.request.Request(self.url + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as response:
                return Answer(response.status, dict(response.headers.items()), response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers.items()), error.read())

    def get(self, path: str, **params: Any) -> Any:
        """Gives the JSON at a path, once followers have seen all that was committed. Fails unless 200."""
        params["wait_for"] = self.position()
        pairs = {key: str(value).lower() if isinstance(value, bool) else value for key, value in params.items()}
        query = urllib.parse.urlencode({key: value for key, value in pairs.items() if value is not None})
        answer = self.ask("GET", f"{path}?{query}")
        if answer.status != 200:
            raise AssertionError(f"GET {path}?{query}: {answer.status} {answer.body.decode(errors='replace')}")
        return answer.json()

    def position(self) -> int:
        """Gives the position of the last commit."""
        return self.ask("GET", "/api/v1/followers").json()["position"]

    def wait_ready(self) -> None:
        """Waits until `/readyz` says so; fails after `READY_SECONDS`."""
        end = time.monotonic() + READY_SECONDS
        said = "nothing"
        while time.monotonic() < end:
            try:
                answer = self.ask("GET", "/readyz")
                if answer.status == 200:
                    return
                said = answer.body.decode(errors="replace")
            except OSError as error:
                said = str(error)
            time.sleep(0.1)
        raise AssertionError(f"{self.url} was not ready within {READY_SECONDS} s; it said: {said}")

    # The API that Marquez's clients know.

    def dataset(self, namespace: str, name: str) -> Any:
        return self.get(f"/api/v1/namespaces/{quoted(namespace)}/datasets/{quoted(name)}")

    def job(self, namespace: str, name: str) -> Any:
        return self.get(f"/api/v1/namespaces/{quoted(namespace)}/jobs/{quoted(name)}")

    def jobs(self, namespace: str) -> dict[str, Any]:
        """All jobs of a namespace by name."""
        jobs = self.get(f"/api/v1/namespaces/{quoted(namespace)}/jobs", limit=1000)["jobs"]
        return {job["name"]: job for job in jobs}

    def runs(self, namespace: str, job: str) -> list[Any]:
        return self.get(f"/api/v1/namespaces/{quoted(namespace)}/jobs/{quoted(job)}/runs")["runs"]

    def marquez_column_edges(self, node_id: str, depth: int = 20) -> set[Edge]:
        """Column edges of `/column-lineage`, taken from the nodes' input fields."""
        graph = self.get("/api/v1/column-lineage", nodeId=node_id, depth=depth)["graph"]
        return {
            Edge(field["dataset"], field["field"], node["data"]["dataset"], node["data"]["field"])
            for node in graph
            for field in node["data"]["inputFields"]
        }

    def marquez_edges(self, node_id: str, depth: int = 20) -> set[tuple[str, str]]:
        """Edges of `/lineage` as (origin, destination) node ids."""
        graph = self.get("/api/v1/lineage", nodeId=node_id, depth=depth)["graph"]
        return {(edge["origin"], edge["destination"]) for node in graph for edge in node["outEdges"]}

    # Lethe's own API.

    def graph(self, focus: str, **params: Any) -> Any:
        return self.get("/api/v1/lineage/graph", focus=focus, **params)

    def column_edges(self, focus: str, direction: str = "up", depth: int = 20) -> set[Edge]:
        """Column edges around a node, as Lethe's own graph gives them."""
        graph = self.graph(focus, level="column", direction=direction, depth=depth)
        nodes = graph["nodes"]
        return {
            Edge(
                nodes[edge["source"]]["name"], edge["sourceField"],
                nodes[edge["target"]]["name"], edge["targetField"],
            )
            for edge in graph["edges"]
            if edge["kind"] == "column" and edge.get("sourceField") and edge.get("targetField")
        }

    def table_edges(self, focus: str, direction: str = "up", depth: int = 20) -> set[tuple[str, str]]:
        """Edges between datasets and jobs around a node, as pairs of names."""
        graph = self.graph(focus, level="table", direction=direction, depth=depth)
        names = [node["name"] for node in graph["nodes"]]
        return {(names[edge["source"]], names[edge["target"]]) for edge in graph["edges"]}

    def dead_letters(self) -> list[Any]:
        return self.get("/api/v1/dead-letters")["items"]
