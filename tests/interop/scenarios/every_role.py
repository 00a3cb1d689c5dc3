"""Requests made up from the OpenAPI document, sent as every role: no 5xx, nothing undocumented,
nothing taken that the document calls invalid, nothing refused that it calls valid.

Schemathesis (PyPI) reads /api/openapi.json and judges status codes, content types and bodies by
it. Each role has a server of its own, since every role may change what it may. What no document
can say stands in ../schemathesis/why.toml, with the reason.
"""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checks import Checks

CHECKS = Checks()
HERE = Path(__file__).resolve().parent
ADMIN = "the administrator of this scenario"
# Whoever is asked in every way there is.
WHOLE = ["nobody", "viewer", "contributor", "administrator"]
# Whoever may do else what; with examples and made-up requests alone.
FURTHER = ["steward", "privacy_officer", "approver", "auditor", "operator", "ingest"]
CONFORMS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
# Both ways: what the document calls invalid is refused, what it calls valid is taken.
TAKEN, REFUSED = "negative_data_rejection", "positive_data_acceptance"
TABLES = HERE.parent / "schemathesis"
WHY = tomllib.loads((TABLES / "why.toml").read_text())
# What no client of this kind can send or read: a stream of lines, and one that does not end.
LEFT_OUT = ["/api/v1/events/import", "/api/v1/audit/tail", "/api/v1/changes"]
# Requests of each kind per operation; the seed is fixed, so that a failure comes again.
EXAMPLES = int(os.environ.get("LETHE_SCHEMATHESIS_EXAMPLES", "5"))
# Of those who may do else what it is the answers of other doors that are new, not other requests:
# fewer of these keep the whole under four minutes on two cores.
EXAMPLES_FURTHER = min(EXAMPLES, 2)


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


def failures(report: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Goes through what schemathesis holds against answers: the operation, the check, what was
    wrong in its words, what was asked, and the answer."""
    for line in report.open():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case, checks in recorder.get("checks", {}).items():
            for check in checks:
                if check["status"] == "failure":
                    failure = check["failure_info"]["failure"]
                    yield failure["operation"], check["name"], failure["message"], *told(recorder, case)


def told(recorder: dict[str, Any], case: str) -> tuple[str, str]:
    """What was asked, and the answer's status and body."""
    interaction = recorder["interactions"][case]
    asked, answer = interaction["request"], interaction["response"] or {}
    question = f"{asked['uri'][:300]} {text_of(asked.get('body'))[:300]}".rstrip()
    return question, f"{answer.get('status_code')} {text_of(answer.get('content'))}"


def text_of(body: dict[str, str] | None) -> str:
    return base64.b64decode((body or {}).get("$base64", "")).decode(errors="replace")


def reason(operation: str, check: str, message: str, asked: str, answer: str) -> int | None:
    """The number of the line of why.toml that tells why; none if there is none."""
    kind, key, text = ("taken", "invalid", message) if check == TAKEN else ("refused", "says", answer)
    if check not in (TAKEN, REFUSED):
        return None
    for number, line in enumerate(WHY[kind]):
        if not re.search(line.get("asked", ""), asked):
            continue
        if re.search(line["operation"], operation) and re.search(line[key], text, re.DOTALL):
            return number
    return None


def judge(who: str, used: set[tuple[str, int]]) -> None:
    """Lets schemathesis make requests up as somebody on a fresh server, and counts what it finds."""
    server = Server()
    try:
        server.ready()
        fill(server)
        token = {"nobody": None, "administrator": ADMIN}.get(who, "")
        ask_as(server, who, token_of(server, who) if token == "" else token, used)
        server.log.seek(0)
        log = server.log.read()
        CHECKS.true(f"{who}: the server's log tells of no error", "ERROR" not in log and "panicked" not in log, log[-500:])
    finally:
        server.stop()


def ask_as(server: Server, who: str, token: str | None, used: set[tuple[str, int]]) -> None:
    """Makes the requests with a token, and judges what is held against the answers."""
    place = Path(tempfile.mkdtemp())
    report = place / "report.ndjson"
    whole = who in WHOLE
    command = [
        str(Path(sys.executable).parent / "st"), "--config-file", str(TABLES / "schemathesis.toml"), "run", f"{server.url}/api/openapi.json",
        "--checks", ",".join([*CONFORMS, TAKEN, REFUSED]),
        "--phases", "examples,coverage,fuzzing" if whole else "examples,fuzzing",
        "--max-examples", str(EXAMPLES if whole else EXAMPLES_FURTHER), "--seed", "1", "--continue-on-failure", "--request-timeout", "20",
        "--generation-database", "none", "--no-color", "--report", "ndjson", "--report-ndjson-path", str(report),
    ]
    for path in LEFT_OUT:
        command += ["--exclude-path", path]
    if token is not None:
        command += ["--header", f"Authorization: Bearer {token}"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=500, cwd=place)
    print(ran.stdout[-2000:])
    counted = re.search(r"(\d+) generated", ran.stdout)
    CHECKS.true(f"{who}: requests were made up for every operation", counted and int(counted[1]) > 300, ran.stdout[-500:])
    CHECKS.true(f"{who}: schemathesis could read the whole document", "Errors:" not in ran.stdout, ran.stdout[-1500:])
    unexplained = set()
    for operation, check, message, asked, answer in failures(report):
        number = reason(operation, check, message, asked, answer)
        if number is None:
            unexplained.add(f"{operation}: {check}: {message[-200:]}: {asked}: {answer[:600]}")
        else:
            used.add((check, number))
    CHECKS.equal(f"{who}: no 5xx, nothing undocumented, nothing wrongly taken or refused", sorted(unexplained), [])


def main() -> None:
    used: set[tuple[str, int]] = set()
    for who in WHOLE + FURTHER:
        with CHECKS.part(who):
            judge(who, used)
    print("lines of why.toml that were needed:", sorted(used))
    CHECKS.done()


if __name__ == "__main__":
    main()
