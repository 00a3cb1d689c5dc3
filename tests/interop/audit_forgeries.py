"""What a forger would do to an export of the audit log, for scenarios/audit.py.

Each forgery is made as well as it can be without the log's key: indices are renumbered and the
count at the end is made to fit, so that only hashes and signatures can give it away.
"""

import base64
import json
from collections.abc import Callable

from verify_audit import RECORD, Stack, leaf_hash

Lines = list[bytes]


def _record(line: bytes) -> bytes | None:
    match = RECORD.fullmatch(line.rstrip(b"\n"))
    return match[3] if match else None


def _is_head(line: bytes) -> bool:
    return line.startswith(b'{"checkpoint"')


def _mended(lines: Lines) -> Lines:
    """Numbers the records anew and makes the count at the end fit."""
    out, index = [], 0
    for line in lines:
        record = _record(line)
        if record is not None:
            line = b'{"index":%d,"record":%s}\n' % (index, record)
            index += 1
        elif line.startswith(b'{"end"'):
            line = b'{"end":{"records":%d}}\n' % index
        out.append(line)
    return out


def _at(lines: Lines, index: int) -> int:
    """Where in the lines the record of an index is."""
    places = [place for place, line in enumerate(lines) if _record(line) is not None]
    return places[index]


def _without(lines: Lines, *places: int) -> Lines:
    return [line for place, line in enumerate(lines) if place not in places]


def _swapped(lines: Lines, a: int, b: int) -> Lines:
    out = list(lines)
    out[a], out[b] = out[b], out[a]
    return out


def all_of(lines: Lines) -> dict[str, Lines]:
    """Every forgery that both verifiers must refuse without any head that was kept."""
    first, second, last = _at(lines, 10), _at(lines, 11), _at(lines, -1)
    heads = [place for place, line in enumerate(lines) if _is_head(line)]
    changed = list(lines)
    changed[first] = lines[first].replace(b"shop.table_10", b"shop.table_1O")
    return {
        "a changed byte": changed,
        "a removed record": _without(lines, first),
        "a removed record, the rest renumbered": _mended(_without(lines, first)),
        "the last record removed": _mended(_without(lines, last)),
        "two records in another order": _swapped(lines, first, second),
        "two records in another order, renumbered": _mended(_swapped(lines, first, second)),
        "an inserted record": [*lines[:first], lines[second], *lines[first:]],
        "an inserted record, the rest renumbered": _mended([*lines[:first], lines[second], *lines[first:]]),
        "a record added at the end": _mended([*lines[:-1], lines[last], lines[-1]]),
        "the last line cut off": lines[:-1],
        "cut off within a record": [*lines[:second], lines[second][:40]],
        "cut off and ended where no head is": _mended([*lines[:second], lines[-1]]),
        "no signed heads": _without(lines, *heads),
        "no last signed head": _without(lines, heads[-1]),
        "no header": lines[1:],
        "lines after the end": [*lines, lines[last]],
        "nothing": [],
    }


def cut_back(lines: Lines, note: str) -> Lines:
    """Cuts an export back to an earlier signed head: a log that was rolled back, as it would tell of itself."""
    head = next(place for place, line in enumerate(lines) if _is_head(line) and json.loads(line)["checkpoint"] == note)
    return _mended([*lines[:head + 1], lines[-1]])


def places_of_heads(data: bytes) -> list[int]:
    """Every byte of the header, the first signed head and the end."""
    places, at, seen = [], 0, False
    for line in data.splitlines(keepends=True):
        small = line.startswith((b'{"bundle"', b'{"end"')) or (_is_head(line) and not seen)
        seen = seen or _is_head(line)
        if small:
            places.extend(range(at, at + len(line.rstrip(b"\n"))))
        at += len(line)
    return places


def written_anew(lines: Lines, origin: str, sign: Callable[[bytes], str]) -> Lines:
    """Changes a record and signs a new head over everything, with another key."""
    changed = [_record(line) for line in all_of(lines)["a changed byte"]]
    entries = [entry for entry in changed if entry is not None]
    tree = Stack(0, [])
    for entry in entries:
        tree.push(leaf_hash(entry))
    text = f"{origin}\n{tree.size}\n{base64.b64encode(tree.root()).decode()}\n"
    note = f"{text}\n{sign(text.encode())}"
    head = json.dumps({"checkpoint": note}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    records = [b'{"index":0,"record":%s}\n' % entry for entry in entries]
    return _mended([lines[0], *records, head, lines[-1]])
