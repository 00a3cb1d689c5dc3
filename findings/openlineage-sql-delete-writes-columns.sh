#!/usr/bin/env bash
# A DELETE that looks up what to delete is told as if it wrote the column that it looked up.
#
# Library: openlineage-sql 1.54.0 (PyPI), the SQL parser of the OpenLineage project. No Lethe in
# it.
# Guess:   DELETE FROM target WHERE id IN (SELECT id FROM gone) gives an input, an output and no column lineage: no value is moved.
# Seen:    column lineage target.id from gone.id; the same DELETE with USING gives none.
# Why it matters: a list of people to forget then looks like a source of the table they were forgotten from.
# Ends with 0 while the library behaves as described, with 1 once it does not.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" -q install 'openlineage-sql==1.54.0'
"$place/venv/bin/python" - <<'PYTHON'
from openlineage_sql import parse

def columns(sql):
    told = parse([sql], dialect="postgres")
    return [(c.descendant.name, [(str(l.origin), l.name) for l in c.lineage]) for c in told.column_lineage]

seen = columns("DELETE FROM target WHERE id IN (SELECT id FROM gone)")
print("IN:", seen)
assert seen == [("id", [("gone", "id")])], seen
seen = columns("DELETE FROM target USING gone WHERE target.id = gone.id")
print("USING:", seen)
assert seen == [], seen
PYTHON
