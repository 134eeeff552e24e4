"""A PostgreSQL of somebody else's: what is read there, and in what state it is left."""

from __future__ import annotations

import os
import signal
import threading

import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.engines import connect_to
from journeykit.relations.scratch import Scratch

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

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


@pytest.fixture(scope="module", autouse=True)
def tables(server):
    """Fill the server."""
    server.watch.execute(SETUP)
    yield
    server.watch.execute(f"DROP SCHEMA crm CASCADE; DROP SCHEMA {quoted(HOSTILE)} CASCADE")


def shares(log, by=None):
    """Observe, ask a question that makes relations of its own, and close."""
    with log, jk.observe(log, PLAN) as journey:
        return [(row.group, row.stage, row.visits) for row in jk.drop_offs(journey, by=by)]


# --- what is read


def test_a_table_is_found_by_its_name_however_hostile(connection, ours):
    """Names come from callers, and quotes, dots, per cent signs and SQL are letters like others."""
    columns = {"customer": CUSTOMER, "timestamp": AT, "touchpoint": WHAT, "attributes": [MORE]}
    log = jk.events(f"{HOSTILE}.{TABLE}", connection=connection, schema=HOSTILE, **columns)

    assert shares(log, by=MORE) == [("north", "visit", 1), ("north", "paid", 1)]
    assert ours() == []


def test_a_name_alone_is_looked_up_as_the_session_does(connection):
    """The search path says where, as in any query of theirs."""
    connection.execute("SET search_path = nowhere, crm")
    connection.commit()

    with jk.events("events", connection=connection, **COLUMNS) as log:
        assert (log.name, log.counts().used) == ("table 'events'", 30)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"source": "crm.evants"}, ("table", "crm.events")),
        ({"schema": "krm"}, ("schema", "crm")),
        ({"customers": "crm.customer"}, ("table", "crm.customers")),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(connection, wanted, told):
    """A misspelt name is the likeliest mistake of all."""
    given = {"source": "crm.events"} | wanted

    with pytest.raises(jk.UnknownNameError) as caught:
        jk.events(given.pop("source"), connection=connection, **COLUMNS, **given)

    assert (caught.value.kind, caught.value.nearest, caught.value.where) == (*told, "the PostgreSQL database")


def test_types_of_its_own_are_read_as_what_they_mean(connection):
    """Enums and ids are text, padding is no letter, and what is no number is nothing."""
    log = jk.events(
        "crm.kinds", connection=connection, channel="padded", value="number", attributes=["number"], **COLUMNS
    )

    with log:
        rows = log.rows_of(log.events.order_by("time_us"))
        assert [tuple(row.values())[2:] for row in rows] == [
            ("page_view", "web", None, None),
            ("invoice", "web", 1.5, rows[1]["attribute:number"]),
        ]
        assert {row["customer"] for row in rows} == {"00000000-0000-0000-0000-000000000001"}
        assert log.counts().by_reason == {"timestamp_out_of_range": 1}


@pytest.mark.parametrize("column", ["document", "list"])
def test_documents_and_lists_are_refused(connection, column):
    """They hold many values, and a touchpoint is one."""
    with pytest.raises(
        jk.EventLogError, match=f"column '{column}' holds .*; give a column that holds one plain"
    ):
        jk.events("crm.kinds", connection=connection, customer="customer", timestamp="at", touchpoint=column)


def test_a_pattern_is_refused_before_any_query_with_the_way_out(connection):
    """Postgres knows no strptime, and gives no null where a text does not fit."""
    with pytest.raises(jk.UnsupportedError) as caught:
        jk.events("crm.texts", connection=connection, timestamp_format="%d-%m-%Y", **COLUMNS)

    assert str(caught.value).startswith(
        "PostgreSQL lacks timestamps by a pattern, needed by timestamp_format='%d-%m-%Y': read them in a "
        "view there, with to_timestamp(), or write the table to Parquet"
    )


def test_an_old_server_is_told_to_be_old(connection, monkeypatch):
    """Before 16 it can't say whether a text is a time: asking would end the query."""
    monkeypatch.setattr("journeykit.engines.postgres._CAN_TELL", 99)

    with pytest.raises(jk.UnsupportedError, match=r"PostgreSQL \d+ lacks casts that may fail"):
        jk.events("crm.texts", connection=connection, **COLUMNS)

    assert shares(jk.events("crm.events", connection=connection, **COLUMNS))


def test_a_readers_format_is_refused(connection):
    """Its expressions are tried on our own engine only."""
    with pytest.raises(jk.UnsupportedError, match="PostgreSQL lacks readers of exports"):
        jk.events("crm.events", connection=connection, format="hubspot")


@pytest.mark.parametrize("customers", [CUSTOMERS, "crm.customers"], ids=["a frame", "a table"])
def test_customers_stand_beside_the_events(connection, ours, customers):
    """A frame visits the server as long as the log is open; a table is there."""
    log = jk.events("crm.events", connection=connection, customers=customers, **COLUMNS)

    assert {row[0] for row in shares(log, by="region")} == {"north", None}
    assert ours() == []


def test_activities_are_read_of_a_table_too(connection, server):
    """The company's side often lives beside the events."""
    server.watch.execute("CREATE TABLE crm.doing AS SELECT 'visit' stage, 'call' touchpoint, 2.5 effort")

    assert jk.activities("crm.doing", connection=connection) == (jk.Activity("visit", "call", effort=2.5),)


# --- how it is left


@pytest.mark.parametrize("schema", [None, "crm"])
def test_nothing_is_left_and_the_session_is_as_before(connection, ours, schema):
    """Their time zone, their transactions: nobody notices that we were there."""
    shares(jk.events("crm.events", connection=connection, schema=schema, **COLUMNS))

    assert connection.info.transaction_status.name == "IDLE"
    assert (ours(), connection.execute("SHOW timezone").fetchone()) == ([], ("Asia/Tokyo",))


def test_relations_go_where_the_caller_says(connection, ours):
    """Some databases give nobody temporary tables; then they are ordinary ones, visible to all."""
    log = jk.events("crm.events", connection=connection, schema="crm", **COLUMNS)

    with log, jk.observe(log, PLAN):
        found = connection.execute(
            "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename ~ '^journeykit_'"
        )
        assert (found.fetchall(), len(ours()) > 2) == ([("crm",)], True)
        connection.rollback()
    assert ours() == []


def test_a_transaction_of_the_callers_is_theirs_to_end(connection, ours):
    """What they did before can still be rolled back, after an error of ours, too."""
    connection.execute("CREATE TABLE crm.half_done (n int)")

    shares(jk.events("crm.events", connection=connection, **COLUMNS))
    log = jk.events("crm.texts", connection=connection, **COLUMNS)
    with pytest.raises(jk.EngineError, match=r'relation "crm\.gone" does not exist'):
        log.rows_of(log.engine._held("gone", log.source.schema(), "crm"))

    zone = connection.execute("SHOW timezone").fetchone()
    assert (connection.execute("SELECT * FROM crm.half_done").fetchall(), zone) == ([], ("Asia/Tokyo",))
    connection.rollback()
    assert (connection.execute("SELECT to_regclass('crm.half_done')").fetchone(), ours()) == ((None,), [])


def test_ctrl_c_stops_the_query_and_leaves_nothing(connection, ours, server):
    """The server would compute to the end, and the connection be stuck."""
    log = jk.events("crm.slow", connection=connection, customers=CUSTOMERS, **COLUMNS)
    pressed = threading.Timer(1.5, os.kill, [os.getpid(), signal.SIGINT])
    pressed.start()

    with pytest.raises(KeyboardInterrupt), log:
        jk.observe(log, PLAN)

    pressed.join()
    running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query ~ 'journeykit'"
    others = f"{running} AND pid <> pg_backend_pid()"
    assert server.watch.execute(others).fetchone() == (0,)
    assert (connection.execute("SELECT 1").fetchone(), ours()) == ((1,), [])


def test_an_error_half_way_leaves_nothing(connection, ours):
    """The second relation fails; the first is there already, and so is a frame."""
    targets = pa.table({"customer": ["c1"], "target_stage": ["pade"]})
    log = jk.events("crm.events", connection=connection, customers=targets, **COLUMNS)

    with pytest.raises(jk.UnknownNameError, match="'pade'") as caught, log:
        jk.observe(log, PLAN)

    assert (ours(), caught.value.nearest) == ([], "paid")


def test_two_at_a_time_do_not_meet(connection, server):
    """Two processes in one schema: each has names of its own."""
    here, there = (
        jk.events("crm.events", connection=place, schema="crm", **COLUMNS)
        for place in (connection, server.uri)
    )

    with here, there, jk.observe(here, PLAN) as one:
        with jk.observe(there, PLAN) as other:
            assert other.counts == one.counts
        assert len(jk.transitions(one)) == 2


def test_a_connection_of_a_url_is_closed_with_the_log(server):
    """Nobody else could close it."""
    log = jk.events("crm.events", connection=server.uri, **COLUMNS)
    log.close()

    with pytest.raises(jk.EngineError, match="the log is closed, or its connection is: open it again"):
        log.counts()


def test_what_goes_while_a_statement_runs_goes_with_the_next(connection, ours):
    """Python collects garbage when it likes; the connection is locked then, and would wait for itself."""
    engine, _ = connect_to(connection)
    scratch = Scratch(engine, schema="crm")
    scratch.send("steps", pa.table({"n": [1]}))
    made = ours()

    with connection.lock:
        scratch.close()

    assert ours() == made
    engine.arrow(engine.table("crm.customers"))
    assert ours() == []


def test_a_frame_that_postgres_can_not_hold_is_the_frames_fault(connection, ours):
    """No text there has a zero byte."""
    with pytest.raises(jk.EventLogError, match="the pyarrow frame: PostgreSQL: invalid byte sequence"):
        jk.events("crm.events", connection=connection, customers=pa.table({"customer": ["a\0b"]}), **COLUMNS)

    assert ours() == []
