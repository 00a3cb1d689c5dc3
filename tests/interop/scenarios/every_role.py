"""Requests made up from the OpenAPI document, sent as every role: no 5xx, nothing undocumented.

Schemathesis (PyPI) reads /api/openapi.json and judges status codes, content types and bodies by
it. A server of its own, since every role may change what it may.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from checks import Checks

CHECKS = Checks()
HERE = Path(__file__).resolve().parent
ADMIN = "the administrator of this scenario"
ROLES = [
    "viewer", "contributor", "steward", "privacy_officer", "approver", "auditor", "operator",
    "ingest", "administrator",
]
JUDGED = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# What no client of this kind can send or read: a stream of lines, and one that does not end.
LEFT_OUT = ["/api/v1/events/import", "/api/v1/audit/tail", "/api/v1/changes"]
# Requests of each kind per operation; the seed is fixed, so that a failure comes again.
EXAMPLES = os.environ.get("LETHE_SCHEMATHESIS_EXAMPLES", "5")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """A Lethe where everybody is asked who they are."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        data = tempfile.mkdtemp()
        self.log = open(Path(data) / "log", "w+")
        self.process = subprocess.Popen(
            [os.environ["LETHE_BIN"], "serve", "--listen", self.url.removeprefix("http://"), "--data-dir", data],
            env={**os.environ, "LETHE_ADMIN_TOKEN": ADMIN, "LETHE_LOG": "error"},
            stdout=self.log, stderr=self.log,
        )

    def ask(self, method: str, path: str, body: object = None) -> dict:
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {ADMIN}", "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else {}

    def ready(self) -> None:
        for _ in range(200):
            try:
                with urllib.request.urlopen(self.url + "/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server is not ready within 20 s")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def token_of(server: Server, role: str) -> str:
    """Makes somebody with one role, and a token of theirs."""
    server.ask("PUT", f"/api/v1/users/{role}", {"roles": [{"role": role}]})
    return server.ask("POST", f"/api/v1/users/{role}/tokens", {"name": "schemathesis"})["token"]


def fill(server: Server) -> None:
    for number, tag in enumerate(["gold", "restricted", "class:user.contact.email"]):
        field = {"name": "mail", "type": "TEXT", "tags": ["class:user.contact.email"]}
        server.ask("PUT", "/api/v1/datasets", {"datasets": [
            {"namespace": "postgres://db:5432", "name": f"shop.public.orders{number or ''}", "tags": [tag], "fields": [field]},
        ]})
    for name in ["event", "complete"]:
        event = json.loads((HERE.parent / "curl" / f"{name}.json").read_text())
        server.ask("POST", "/api/v1/lineage", event)


def judge(server: Server, who: str, token: str | None) -> None:
    """Lets schemathesis make requests up as somebody, and counts what it finds."""
    command = [
        str(Path(sys.executable).parent / "st"), "run", f"{server.url}/api/openapi.json",
        "--checks", JUDGED, "--phases", "examples,fuzzing", "--max-examples", EXAMPLES, "--seed", "1",
        "--continue-on-failure", "--request-timeout", "20", "--generation-database", "none", "--no-color",
    ]
    for path in LEFT_OUT:
        command += ["--exclude-path", path]
    if token is not None:
        command += ["--header", f"Authorization: Bearer {token}"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=500, cwd=tempfile.mkdtemp())
    print(ran.stdout)
    counted = re.search(r"(\d+) generated, (\d+) passed", ran.stdout)
    many = counted is not None and int(counted[1]) > 300
    CHECKS.true(f"{who}: requests were made up for every operation", many, ran.stdout[-500:])
    CHECKS.equal(f"{who}: no 5xx and nothing undocumented", ran.returncode, 0)


def main() -> None:
    server = Server()
    try:
        server.ready()
        fill(server)
        tokens = {role: token_of(server, role) for role in ROLES}
        judge(server, "nobody", None)
        for role, token in tokens.items():
            judge(server, role, token)
        judge(server, "the bootstrap administrator", ADMIN)
        server.log.seek(0)
        log = server.log.read()
        CHECKS.true("the server's log tells of no error", "ERROR" not in log and "panicked" not in log, log[-500:])
    finally:
        server.stop()
    CHECKS.done()


if __name__ == "__main__":
    main()
