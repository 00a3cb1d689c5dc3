"""Two DAGs for ../../scenarios/airflow_dags.py: one that works and one that fails.

shop_daily makes tables on PostgreSQL, moves rows between them by SQL, and hands them on in
a Python task that says what it reads and writes by Assets. shop_fails ends badly.
"""

import os
from datetime import datetime

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import DAG, Asset, task

HOST, PORT = os.environ["PGHOST"], os.environ["PGPORT"]
TABLES = """
drop schema if exists lake cascade;
create schema lake;
create table lake.customers (id bigint, email text, first_name text, last_name text);
create table lake.contacts (customer bigint, contact text, first_seen timestamptz);
"""
ROWS = "insert into lake.customers values (1, 'Ada@example.com', 'Ada', 'L'), (2, 'bo@example.com', 'Bo', 'M')"
MOVE = """
insert into lake.contacts (customer, contact, first_seen)
select c.id as customer, lower(c.email) || ' ' || c.first_name as contact, now() as first_seen
from lake.customers c
where c.id > 0
"""

with DAG("shop_daily", start_date=datetime(2026, 1, 1), schedule=None, catchup=False, tags=["shop"]):
    make = SQLExecuteQueryOperator(task_id="make", conn_id="warehouse", sql=TABLES, split_statements=True)
    fill = SQLExecuteQueryOperator(task_id="fill", conn_id="warehouse", sql=ROWS)
    move = SQLExecuteQueryOperator(task_id="move", conn_id="warehouse", sql=MOVE)

    @task(
        inlets=[Asset(f"postgres://{HOST}:{PORT}/warehouse/lake/contacts")],
        outlets=[Asset(f"postgres://{HOST}:{PORT}/warehouse/lake/mailing"), Asset("file://srv/shop/mailing.csv")],
        owner="marketing",
    )
    def mail():
        """Writes the mailing list."""

    make >> fill >> move >> mail()

with DAG("shop_fails", start_date=datetime(2026, 1, 1), schedule=None, catchup=False):
    bad = SQLExecuteQueryOperator(
        task_id="bad_sql", conn_id="warehouse", sql="insert into lake.nowhere select id from lake.customers"
    )

    @task
    def breaks():
        """Cannot do its work."""
        raise ValueError("no such customer: 42")

    [bad, breaks()]
