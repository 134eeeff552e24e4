"""A CRM's database in PostgreSQL, some of whose names are SQL, and a question to ask of it."""

from __future__ import annotations

import pyarrow as pa

import journeykit as jk

PLAN = jk.Lifecycle(
    "two",
    stages=["visit", jk.Stage("paid", kind="goal")],
    touchpoints={"page_view": "visit", "invoice": "paid"},
)
COLUMNS = {"customer": "customer", "timestamp": "at", "touchpoint": "what"}
CUSTOMERS = pa.table({"customer": ["c1", "c2"], "region": ["north", None]})

HOSTILE = 'we "quote"; drop table x --'
"""A schema; the names in it are no better."""

TABLE, CUSTOMER, AT, WHAT, MORE = "1.%s {} \"'", 'cust\'omer "1"', "sel%ect", 'a"b', "drop table x"


def quoted(name):
    """Quote a name as SQL does."""
    return '"' + name.replace('"', '""') + '"'


PLACE = f"{quoted(HOSTILE)}.{quoted(TABLE)}"
SETUP = f"""
CREATE SCHEMA {quoted(HOSTILE)};
CREATE TABLE {PLACE}
    ({quoted(CUSTOMER)} text, {quoted(AT)} timestamp, {quoted(WHAT)} text, {quoted(MORE)} text);
INSERT INTO {PLACE} VALUES
    ('c1', '2024-01-01', 'page_view', 'north'), ('c1', '2024-01-03', 'invoice', 'south');
"""
SETUP += """
CREATE SCHEMA crm;
CREATE TYPE crm.happening AS ENUM ('page_view', 'invoice');
CREATE TABLE crm.events (customer text, at timestamptz, what text);
INSERT INTO crm.events SELECT 'c' || i % 3, timestamptz '2024-01-01 00:00Z' + i * interval '1 hour',
    (ARRAY['page_view', 'invoice'])[1 + i % 2] FROM generate_series(1, 30) AS i;
CREATE TABLE crm.customers (customer text, region text);
INSERT INTO crm.customers VALUES ('c1', 'north');
CREATE FUNCTION crm.waiting(at timestamptz) RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT at FROM pg_sleep(1)';
CREATE VIEW crm.slow AS SELECT customer, crm.waiting(at) AS at, what FROM crm.events;
CREATE TABLE crm.kinds (customer uuid, at timestamp, what crm.happening, padded char(9), number numeric,
    document jsonb, list int[]);
INSERT INTO crm.kinds VALUES
    ('00000000-0000-0000-0000-000000000001', '2024-01-01', 'page_view', 'web', 'NaN', '{}', '{1}'),
    ('00000000-0000-0000-0000-000000000001', '2024-01-02', 'invoice', 'web', 1.5, '{}', '{1}'),
    ('00000000-0000-0000-0000-000000000001', 'infinity', 'invoice', '', 'Infinity', '{}', '{1}');
CREATE TABLE crm.texts (customer text, at text, what text);
INSERT INTO crm.texts VALUES ('c1', '2024-01-01', 'page_view'), ('c1', '31-01-2024', 'page_view');
"""


def shares(log, by=None):
    """Observe, ask a question that makes relations of its own, and close."""
    with log, jk.observe(log, PLAN) as journey:
        return [(row.group, row.stage, row.visits) for row in jk.drop_offs(journey, by=by)]
