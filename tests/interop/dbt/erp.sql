-- The company's systems, as scenarios/dbt_ol.py finds them before dbt runs.
create schema erp;
create table erp.customers (id bigint primary key, email text, country text, deleted_at timestamptz);
create table erp.orders (id bigint primary key, customer bigint, amount numeric(10, 2));
insert into erp.customers values
    (1, 'Ada@example.com', 'AT', null), (2, 'Bo@example.com', 'CH', null), (3, 'Cy@example.com', 'DE', null);
insert into erp.orders values (10, 1, 9.5), (11, 1, 20), (12, 2, 7.25);
