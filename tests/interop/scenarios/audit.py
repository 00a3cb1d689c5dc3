"""The audit log, judged by verify_audit.py (PyPI cryptography), which shares no code with Lethe.

Real changes over HTTP, then their records, receipts, export, tiles and signed heads; and what a
forger would do to an export, which this verifier and `lethe audit verify` must both refuse.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import audit_forgeries as forge
import verify_audit
from checks import Checks
from lethe_api import Lethe, quoted

LETHE = Lethe()
CHECKS = Checks()
OUT = Path(tempfile.mkdtemp())
SPACE = "postgres://shop:5432"
AUDIT = "/api/v1/audit"
# More than a tile of 256, so that there is a full one, a partial one and a second level.
TABLES = 300
NO_EVENT = {"eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/audit", "job": {"namespace": ""}}
EVENT = {
    "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/audit",
    "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent",
    "job": {"namespace": "audit", "name": "mended"},
}
EXPECTED: dict[str, list[str]] = {}
KEPT: dict[str, str] = {}


def change(name: str, actions: list[str], method: str, path: str, body: object = None, status: int = 204) -> None:
    """Makes a change under a request id of its own, and notes what the log must say of it."""
    answer = LETHE.ask(method, path, body, {"x-request-id": name})
    CHECKS.equal(f"{method} {path}", answer.status, status)
    EXPECTED[name] = actions


def tell(path: str) -> bytes:
    answer = LETHE.ask("GET", AUDIT + path)
    if answer.status != 200:
        raise AssertionError(f"GET {AUDIT}{path}: {answer.status} {answer.body.decode(errors='replace')}")
    return answer.body


def state() -> dict:
    return json.loads(tell(""))


def signed_head() -> str:
    """Waits until a signed head covers the whole log, and gives it."""
    size = str(state()["size"])
    for _ in range(100):
        answer = LETHE.ask("GET", f"{AUDIT}/checkpoint")
        if answer.status == 200 and answer.body.decode().split("\n")[1] == size:
            return answer.body.decode()
        time.sleep(0.1)
    raise AssertionError(f"no signed head of {size} records within 10 s: {state()}")


def dataset_id(name: str) -> str:
    path = f"/api/v1/datasets?namespace={quoted(SPACE)}&name={quoted(name)}"
    return LETHE.ask("GET", path).json()["items"][0]["id"]


def changes() -> None:
    """Puts, tags, deletes, purges, dead letters; heads that a client keeps between them."""
    tables = [{"namespace": SPACE, "name": f"shop.table_{number}"} for number in range(TABLES)]
    change("put-many", ["dataset:edit"] * TABLES, "PUT", "/api/v1/datasets", {"datasets": tables})
    KEPT["early"] = signed_head()
    change("put-tag", ["tag:edit"], "PUT", "/api/v1/tags/pii", {"description": "Personal"}, 200)
    table = f"/api/v1/namespaces/{quoted(SPACE)}/datasets/shop.table_1"
    change("tag", ["dataset:edit"], "POST", f"{table}/tags/pii", status=200)
    change("untag", ["dataset:edit"], "DELETE", f"{table}/tags/pii", status=200)
    hidden, purged = dataset_id("shop.table_2"), dataset_id("shop.table_3")
    change("delete", ["dataset:delete"], "DELETE", f"/api/v1/datasets/{hidden}")
    change("undelete", ["dataset:delete"], "POST", f"/api/v1/datasets/{hidden}/undelete")
    change("purge", ["dataset:purge"], "DELETE", f"/api/v1/datasets/{purged}?hard=true")
    change("not-there", [], "DELETE", f"/api/v1/datasets/{purged}", status=404)
    change("bad-name", [], "PUT", "/api/v1/datasets", {"datasets": [{"namespace": SPACE, "name": ""}]}, 400)
    KEPT["middle"] = signed_head()
    bad = [NO_EVENT, NO_EVENT | {"job": {"namespace": "", "name": "b"}}]
    change("refused", [], "POST", "/api/v1/lineage/batch", bad, 200)
    letters = [letter["id"] for letter in LETHE.dead_letters()]
    CHECKS.equal("dead letters", len(letters), 2)
    change("replay", ["dead-letter:replay"], "POST", f"/api/v1/dead-letters/{letters[0]}/replay", EVENT, 201)
    change("drop", ["dead-letter:delete"], "DELETE", f"/api/v1/dead-letters/{letters[1]}")
    change("drop-again", [], "DELETE", f"/api/v1/dead-letters/{letters[1]}", status=404)
    KEPT["last"] = signed_head()


def verify(name: str, *more: str) -> tuple[bool, str]:
    """Lets verify_audit.py judge a file as an auditor would; gives the verdict and its words."""
    command = [sys.executable, verify_audit.__file__, str(OUT / name), "--key", state()["key"], *more]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def lethe_verifies(name: str, *more: str) -> bool:
    command = [os.environ["LETHE_BIN"], "audit", "verify", str(OUT / name), "--key", state()["key"], *more]
    return subprocess.run(command, capture_output=True).returncode == 0


def both(what: str, name: str, want: bool, *more: str) -> None:
    """Demands the same verdict of both verifiers."""
    verdict, words = verify(name, *more)
    CHECKS.equal(f"{what}: verify_audit.py ({words})", verdict, want)
    CHECKS.equal(f"{what}: lethe audit verify", lethe_verifies(name, *more), want)


def bundle() -> list[bytes]:
    return (OUT / "bundle.jsonl").read_bytes().splitlines(keepends=True)


def records() -> list[bytes]:
    """The records of the export, byte for byte, in the log's order."""
    found = (verify_audit.RECORD.fullmatch(line.rstrip(b"\n")) for line in bundle())
    return [match[3] for match in found if match]


def export() -> None:
    """The export is accepted with the key that the log tells, and says what was done, once each."""
    (OUT / "bundle.jsonl").write_bytes(tell("/export"))
    for name, note in KEPT.items():
        (OUT / f"{name}.note").write_text(note)
        both(f"the export against the {name} head", "bundle.jsonl", True, "--checkpoint", str(OUT / f"{name}.note"))
    told: dict[str, list[str]] = {name: [] for name in EXPECTED}
    for record in map(json.loads, records()):
        told[record["request"]["id"]].append(record["action"])
        CHECKS.true("an actor, an outcome", record["actor"] and record["outcome"] == "done", record)
    CHECKS.equal("each change has its records, and nothing else has any", told, EXPECTED)
    # An export is recorded before its first byte, and ends before its own record.
    CHECKS.equal("no alarm, and as many records as the log counts", (state()["alarm"], state()["size"]),
                 (None, len(records()) + 1))
    (OUT / "rest.jsonl").write_bytes(tell("/export?fromIndex=302"))
    both("an export of the rest", "rest.jsonl", True)
    both("the rest, against a head before it", "rest.jsonl", False, "--checkpoint", str(OUT / "early.note"))


def receipts() -> None:
    """A receipt of each kind of record is accepted, and refused for anything else."""
    first_of: dict[str, bytes] = {}
    for record in records():
        first_of.setdefault(json.loads(record)["action"], record)
    CHECKS.equal("kinds of records", set(first_of), set(sum(EXPECTED.values(), [])))
    for action, record in first_of.items():
        name = action.replace(":", "-") + ".tlog-proof"
        record_id = json.loads(record)["id"]
        line = tell(f"/records/{record_id}")
        CHECKS.true(f"{action}: the record's bytes are those of the export", line.endswith(b',"record":' + record + b"}"))
        (OUT / "entry").write_bytes(record)
        receipt = tell(f"/records/{record_id}/receipt").decode()
        (OUT / name).write_text(receipt)
        verdict, words = verify(name, "--entry", str(OUT / "entry"))
        CHECKS.true(f"{action}: the receipt", verdict, words)
        (OUT / "entry.changed").write_bytes(record.replace(b"done", b"denied"))
        CHECKS.true(f"{action}: another record", not verify(name, "--entry", str(OUT / "entry.changed"))[0])
        for what, changed in (
            ("another index", re.sub(r"\nindex \d+", "\nindex 5", receipt)),
            ("a shorter path", re.sub(r"(\nindex \d+)\n[^\n]+", r"\1", receipt)),
            ("another size", re.sub(r"(\n\n[^\n]+\n)\d+", r"\g<1>9999", receipt)),
        ):
            (OUT / "changed.tlog-proof").write_text(changed)
            CHECKS.true(f"{action}: {what} is refused", not verify("changed.tlog-proof", "--entry", str(OUT / "entry"))[0])


def tiles() -> None:
    """Checkpoint and tiles, fetched as C2SP tlog-tiles says, are those of the export."""
    key = verify_audit.Key(state()["key"])
    size, root = key.open_checkpoint(signed_head(), key.name)
    entries = records()
    leaves = b"".join(map(verify_audit.leaf_hash, entries))
    # Since then two exports were recorded: this one and that of the rest.
    CHECKS.equal("the head is that of the export and of two more records", size, len(entries) + 2)
    full, rest = divmod(size, 256)
    paths = [f"{number:03}" for number in range(full)] + ([f"{full:03}.p/{rest}"] if rest else [])
    CHECKS.true("a full tile and a partial one", full and rest, size)
    fetched = b"".join(tell(f"/tile/0/{path}") for path in paths)
    CHECKS.true("level 0 holds the leaves' hashes", fetched[:-64] == leaves)
    tree = verify_audit.Stack(0, [])
    for at in range(0, len(fetched), 32):
        tree.push(fetched[at:at + 32])
    CHECKS.true("their root is the one that was signed", tree.root() == root)
    roots = b""
    for number in range(full):
        tree = verify_audit.Stack(0, [])
        for at in range(number * 8192, number * 8192 + 8192, 32):
            tree.push(leaves[at:at + 32])
        roots += tree.root()
    CHECKS.true("level 1 holds the roots of full tiles", tell(f"/tile/1/000.p/{full}") == roots)
    unpacked: list[bytes] = []
    for path in paths:
        body = tell(f"/tile/entries/{path}")
        while body:
            length = int.from_bytes(body[:2], "big")
            unpacked.append(body[2:2 + length])
            body = body[2 + length:]
    CHECKS.true("the bundles of entries hold the records", unpacked[:-2] == entries)
    CHECKS.true("the other two are of the exports", all(b'"action":"audit:export"' in one for one in unpacked[-2:]))
    CHECKS.true("a tile may be asked for as it was when it was narrower", tell("/tile/0/000.p/7") == leaves[:7 * 32])
    for path in (f"0/{full:03}.p/{rest + 1}", f"0/{full:03}", f"entries/{full:03}.p/{rest + 1}", "2/000.p/1"):
        CHECKS.equal(f"tile {path} is not there yet", LETHE.ask("GET", f"{AUDIT}/tile/{path}").status, 404)


def growth() -> None:
    """Every head that a client kept is the beginning of the next."""
    key = verify_audit.Key(state()["key"])
    heads = [key.open_checkpoint(note, key.name) for note in KEPT.values()]
    for old, new in zip(heads, heads[1:] + heads[-1:]):
        proof = json.loads(tell(f"/consistency?from={old[0]}&to={new[0]}"))["proof"]
        verify_audit.check_consistency(*old, *new, verify_audit.b64_hashes(proof))
        CHECKS.held += 1
    proof = verify_audit.b64_hashes(json.loads(tell(f"/consistency?from={heads[0][0]}&to={heads[2][0]}"))["proof"])
    for wrong in (proof[1:], proof[::-1], proof + proof[:1]):
        try:
            verify_audit.check_consistency(*heads[0], *heads[2], wrong)
            CHECKS.true("a wrong proof of growth is refused", False)
        except verify_audit.Fault:
            CHECKS.held += 1


def forgeries() -> None:
    """What a forger does to an export is refused by both verifiers."""
    lines = bundle()
    for what, forged in forge.all_of(lines).items():
        (OUT / "forged.jsonl").write_bytes(b"".join(forged))
        CHECKS.true(f"{what}: it is a change", forged != lines)
        both(what, "forged.jsonl", False)
    (OUT / "short.jsonl").write_bytes(b"".join(forge.cut_back(lines, KEPT["middle"])))
    both("cut back to an earlier head: nothing in it is wrong", "short.jsonl", True)
    both("cut back, against the same head", "short.jsonl", True, "--checkpoint", str(OUT / "middle.note"))
    both("cut back, against a later head that was kept", "short.jsonl", False, "--checkpoint", str(OUT / "last.note"))


def filtered() -> None:
    """An export of some records proves each of them, to both verifiers; a changed one is refused."""
    (OUT / "some.jsonl").write_bytes(tell("/export?action=dataset:delete"))
    both("an export of what matches", "some.jsonl", True)
    lines = (OUT / "some.jsonl").read_bytes().splitlines(keepends=True)
    matches = [(place, verify_audit.RECORD.fullmatch(line.rstrip(b"\n"))) for place, line in enumerate(lines)]
    chosen = [(place, match) for place, match in matches if match]
    CHECKS.equal("what matches, and nothing else", [match[3] for _, match in chosen],
                 [record for record in records() if json.loads(record)["action"] == "dataset:delete"])
    CHECKS.true("some do, each with its proof", chosen and all(match[2] for _, match in chosen))
    place, match = chosen[0]
    for what, forged in {
        "a record is changed": lines[place].replace(b'"outcome":"done"', b'"outcome":"dome"'),
        "a record is moved": lines[place].replace(b'{"index":' + match[1], b'{"index":%d' % (int(match[1]) - 1)),
        "another record's bytes": lines[place].replace(match[3], records()[0]),
    }.items():
        CHECKS.true(f"{what}: it is a change", forged != lines[place])
        (OUT / "forged.jsonl").write_bytes(b"".join([*lines[:place], forged, *lines[place + 1:]]))
        both(f"{what}, in an export of what matches", "forged.jsonl", False)


def flips() -> None:
    """A flipped bit anywhere in an export is found."""
    data = (OUT / "bundle.jsonl").read_bytes()
    key = verify_audit.Key(state()["key"])
    places = set(range(0, len(data) - 1, max(1, len(data) // 400))) | set(forge.places_of_heads(data))
    missed = []
    for place in sorted(places):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        try:
            verify_audit.check_bundle(iter(bytes(flipped).rstrip(b"\n").split(b"\n")), key, key.name)
            missed.append(place)
        except (verify_audit.Fault, ValueError, KeyError, TypeError, AttributeError):
            pass
    CHECKS.equal(f"flips that were missed, of {len(places)}", missed, [])


def another_key() -> None:
    """A log that somebody else signed, in the same name, is refused; so is a key that is not the log's."""
    secret = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)
    name = verify_audit.Key(state()["key"]).name
    typed = b"\x01" + secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key_id = verify_audit.sha256(name.encode() + b"\n" + typed)[:4]
    other = f"{name}+{key_id.hex()}+{base64.b64encode(typed).decode()}"
    CHECKS.true("another key does not verify the export", not verify("bundle.jsonl", "--key", other)[0])
    sign = lambda text: "\u2014 {} {}\n".format(name, base64.b64encode(key_id + secret.sign(text)).decode())
    forged = forge.written_anew(bundle(), name, sign)
    (OUT / "anew.jsonl").write_bytes(b"".join(forged))
    CHECKS.true("what was written anew is whole in itself", verify("anew.jsonl", "--key", other)[0])
    both("a log that was written anew and signed by another key", "anew.jsonl", False)


def main() -> None:
    LETHE.wait_ready()
    for part in (changes, export, receipts, tiles, growth, filtered, forgeries, flips, another_key):
        with CHECKS.part(f"{part.__name__}: {part.__doc__}"):
            part()
    CHECKS.done()


if __name__ == "__main__":
    main()
