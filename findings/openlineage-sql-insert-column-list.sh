#!/usr/bin/env bash
# A column list after INSERT INTO is not what the parser's column lineage is named by.
#
# Library: openlineage-sql 1.54.0 (PyPI), the SQL parser of the OpenLineage project. No Lethe in
# it.
# Guess:   INSERT INTO target (p, q) SELECT a, b gives lineage for p and q, the columns that are written.
# Seen:    lineage for columns a and b, which the target does not have; of a UNION ALL the second branch adds columns of its own.
# Why it matters: column lineage then names fields that no schema of the target has, and the real ones have none.
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
    return sorted((c.descendant.name, [l.name for l in c.lineage]) for c in told.column_lineage)

seen = columns("INSERT INTO target (p, q) SELECT a, b FROM source")
print("column list:", seen)
assert seen == [("a", ["a"]), ("b", ["b"])], seen
seen = columns("INSERT INTO target SELECT x FROM first UNION ALL SELECT y FROM second")
print("union:", seen)
assert seen == [("x", ["x"]), ("y", ["y"])], seen
PYTHON
