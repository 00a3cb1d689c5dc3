#!/usr/bin/env python3
"""Checks Lethe's audit bundles and receipts independently of Lethe's own code.

    verify_audit.py BUNDLE --key VKEY            a bundle (JSON Lines)
                    [--checkpoint C]             … which must continue the signed head in file C
    verify_audit.py RECEIPT --key VKEY --entry E a receipt (.tlog-proof) for the bytes of file E

VKEY is a verifier key ("name+hexid+base64") or a file that holds one; the log's origin is the
key's name unless --origin says otherwise. Written from RFC 6962, the C2SP specifications
(signed-note, tlog-checkpoint, tlog-proof) and the bundle's description; it needs Python 3.9 and
PyPI `cryptography` for Ed25519. Exit code 0: all verified. 1: a fault, which is printed.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Fault(Exception):
    """What is wrong, in words."""


def need(condition, message):
    if not condition:
        raise Fault(message)


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def split_point(size):
    """The largest power of two smaller than size."""
    return 1 << (size - 1).bit_length() - 1


def root_from_path(leaf, index, size, path):
    """Follows section 2.1.1 top down: the last hash of the path is the root's child."""
    if size == 1:
        need(not path, "inclusion proof too long")
        return leaf
    need(path, "inclusion proof too short")
    half = split_point(size)
    if index < half:
        return node_hash(root_from_path(leaf, index, half, path[:-1]), path[-1])
    return node_hash(path[-1], root_from_path(leaf, index - half, size - half, path[:-1]))


def roots_from_consistency(old, new, path, old_root, whole=True):
    """Follows section 2.1.2: returns (old root, new root) that the proof leads to."""
    if old == new:
        if whole:
            need(not path, "consistency proof too long")
            return old_root, old_root
        need(len(path) == 1, "consistency proof of wrong length")
        return path[0], path[0]
    need(path, "consistency proof too short")
    half = split_point(new)
    if old <= half:
        a, b = roots_from_consistency(old, half, path[:-1], old_root, whole)
        return a, node_hash(b, path[-1])
    a, b = roots_from_consistency(old - half, new - half, path[:-1], old_root, False)
    return node_hash(path[-1], a), node_hash(path[-1], b)


def check_consistency(old, old_root, new, new_root, path):
    need(old <= new, f"the log went back from {old} to {new} entries")
    if old == 0:
        need(not path and old_root == sha256(b""), "the empty log has another root")
        return
    a, b = roots_from_consistency(old, new, path, old_root)
    need(a == old_root and b == new_root, f"{new} entries do not continue the {old} before")


class Stack:
    """Complete subtrees as (leaves, hash), the largest first."""

    def __init__(self, size, hashes):
        need(len(hashes) == bin(size).count("1"), "the frontier does not fit")
        bits = [1 << b for b in reversed(range(size.bit_length())) if size >> b & 1]
        self.size, self.parts = size, list(zip(bits, hashes))

    def push(self, leaf):
        part = (1, leaf)
        while self.parts and self.parts[-1][0] == part[0]:
            leaves, left = self.parts.pop()
            part = (2 * leaves, node_hash(left, part[1]))
        self.parts.append(part)
        self.size += 1

    def root(self):
        if not self.parts:
            return sha256(b"")
        root = self.parts[-1][1]
        for _, left in reversed(self.parts[:-1]):
            root = node_hash(left, root)
        return root


def b64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 in another spelling")
    return data


def b64_hashes(texts):
    hashes = [b64(text) for text in texts]
    need(all(len(h) == 32 for h in hashes), "a hash does not have 32 bytes")
    return hashes


class Key:
    def __init__(self, vkey):
        self.name, key_id, typed = vkey.strip().split("+", 2)
        typed = b64(typed)
        need(len(typed) == 33 and typed[0] == 1, "not an Ed25519 verifier key")
        self.id = sha256(self.name.encode() + b"\n" + typed)[:4]
        need(self.id.hex() == key_id, "the verifier key's id is wrong")
        self.public = Ed25519PublicKey.from_public_bytes(typed[1:])

    def open_checkpoint(self, note, origin):
        """Returns (size, root) of a signed checkpoint."""
        text, found, signatures = note.rpartition("\n\n")
        need(found and signatures.endswith("\n"), "not a signed note")
        text += "\n"
        signed = False
        for line in signatures[:-1].split("\n"):
            parts = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            need(parts, "a signature line cannot be read")
            blob = b64(parts[2])
            if parts[1] == self.name and blob[:4] == self.id:
                try:
                    self.public.verify(blob[4:], text.encode())
                except InvalidSignature:
                    raise Fault("the checkpoint's signature is wrong") from None
                signed = True
        need(signed, "the checkpoint is not signed by the key")
        lines = text[:-1].split("\n")
        need(len(lines) >= 3 and all(lines), "not a checkpoint")
        need(lines[0] == origin, f"a checkpoint of {lines[0]}, not of {origin}")
        need(re.fullmatch("0|[1-9][0-9]*", lines[1]), "the size is no number")
        return int(lines[1]), b64_hashes([lines[2]])[0]


RECORD = re.compile(rb'\{"index":(0|[1-9][0-9]*)(?:,"proof":(\[[^\]]*\]))?,"record":(.*)\}')


def check_held(held, size, root):
    """Compares a log with a checkpoint that was kept, if it has its size; says whether it has."""
    if not held or size != held[0]:
        return False
    need(root() == held[1], f"the checkpoint of size {size} that was kept is of another log")
    return True


def check_bundle(lines, key, origin, held=None):
    header = json.loads(next(lines, b"null"))
    need(isinstance(header, dict) and "bundle" in header, "it has no header")
    header = header["bundle"]
    need(header["format"] == "lethe-audit-bundle/1", "another format or version")
    need(header["origin"] == origin, "a bundle of another log")
    full = {"full": True, "partial": False}[header["kind"]]
    tree = Stack(header["from"], b64_hashes(header["frontier"]))
    met = full and check_held(held, tree.size, tree.root)
    head, proof, records, last, ended = None, [], 0, -1, False
    for line in lines:
        need(not ended, "lines after the end")
        match = RECORD.fullmatch(line)
        if match:
            index, entry = int(match[1]), match[3]
            record = json.loads(entry)
            need(isinstance(record, dict) and record.get("log") == origin,
                 f"record {index} belongs to another log")
            need(index == tree.size if full else index > last, f"record {index} is out of order")
            if full:
                need(match[2] is None, "a full bundle needs no proofs")
                tree.push(leaf_hash(entry))
                met = check_held(held, tree.size, tree.root) or met
            else:
                need(head and match[2] and index < head[0], f"record {index} is not proven")
                path = b64_hashes(json.loads(match[2]))
                root = root_from_path(leaf_hash(entry), index, head[0], path)
                need(root == head[1], f"record {index} is not in the log")
            records, last = records + 1, index
            continue
        (kind, body), = json.loads(line).items()
        if kind == "checkpoint":
            size, root = key.open_checkpoint(body, origin)
            if full:
                need((size, root) == (tree.size, tree.root()),
                     f"the checkpoint of size {size} was signed over other records")
            elif head:
                check_consistency(*head, size, root, proof)
            head, proof = (size, root), []
            met = check_held(held, size, lambda: head[1]) or met
        elif kind == "consistency" and head and not full:
            proof = b64_hashes(body)
        elif kind == "end":
            need(body["records"] == records, "records are missing")
            ended = True
        else:
            raise Fault(f"a line of kind {kind}")
    need(ended and head, "the bundle is cut short")
    need(not full or head[0] == tree.size, "nothing vouches for the last records")
    need(met or not held, "it does not show that the log continues the checkpoint that was kept")
    return f"{records} records verified under a checkpoint of {head[0]} entries"


def check_receipt(text, entry, key, origin):
    head, found, note = text.partition("\n\n")
    lines = head.split("\n")
    need(found and lines.pop(0) == "c2sp.org/tlog-proof@v1", "not a receipt")
    if lines and lines[0].startswith("extra "):
        b64(lines.pop(0)[6:])
    match = re.fullmatch("index (0|[1-9][0-9]*)", lines.pop(0) if lines else "")
    need(match, "the receipt has no index")
    index, (size, root) = int(match[1]), key.open_checkpoint(note, origin)
    need(index < size, "the index is outside of the log")
    need(root_from_path(leaf_hash(entry), index, size, b64_hashes(lines)) == root,
         "the entry is not in the log")
    return f"entry {index} verified under a checkpoint of {size} entries"


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("file", type=Path)
    args.add_argument("--key", required=True)
    args.add_argument("--origin")
    args.add_argument("--entry", type=Path)
    args.add_argument("--checkpoint", type=Path)
    args = args.parse_args()
    try:
        path = Path(args.key)
        key = Key(path.read_text("utf-8") if path.exists() else args.key)
        origin = args.origin or key.name
        if args.entry:
            print(check_receipt(args.file.read_text("utf-8"), args.entry.read_bytes(), key, origin))
            return 0
        note = args.checkpoint and args.checkpoint.read_text("utf-8")
        held = key.open_checkpoint(note, origin) if note else None
        with args.file.open("rb") as file:
            print(check_bundle((line.rstrip(b"\n") for line in file), key, origin, held))
    except (Fault, ValueError, KeyError, TypeError, OSError) as fault:
        print(f"NOT VERIFIED: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
