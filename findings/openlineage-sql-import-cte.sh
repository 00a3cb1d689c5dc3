#!/usr/bin/env bash
# A table that is read through a CTE of the same last name is no input, though its columns are.
#
# Library: openlineage-sql 1.54.0 (PyPI), the SQL parser of the OpenLineage project. No Lethe in
# it.
# Guess:   WITH people AS (SELECT id FROM raw.people) INSERT INTO target SELECT id FROM people reads raw.people.
# Seen:    no input tables at all, while the column lineage of the same answer names raw.people as the source.
# Why it matters: dbt's style guide asks for such import CTEs; at table level the target then has no source.
# Ends with 0 while the library behaves as described, with 1 once it does not.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" -q install 'openlineage-sql==1.54.0'
"$place/venv/bin/python" - <<'PYTHON'
from openlineage_sql import parse

told = parse(
    ["WITH people AS (SELECT id FROM raw.people) INSERT INTO target SELECT id FROM people"],
    dialect="postgres",
)
tables = [t.qualified_name for t in told.in_tables]
columns = [str(l.origin) for c in told.column_lineage for l in c.lineage]
print("inputs:", tables, "sources of columns:", columns)
assert tables == [], tables
assert columns == ["raw.people"], columns
told = parse(
    ["WITH p AS (SELECT id FROM raw.people) INSERT INTO target SELECT id FROM p"],
    dialect="postgres",
)
tables = [t.qualified_name for t in told.in_tables]
print("with another name for the CTE:", tables)
assert tables == ["raw.people"], tables
PYTHON
