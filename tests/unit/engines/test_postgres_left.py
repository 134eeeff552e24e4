"""A PostgreSQL of somebody else's: in what state it is left."""

from __future__ import annotations

import os
import signal
import threading

import pyarrow as pa
import pytest
from tests.crm_database import COLUMNS, CUSTOMERS, PLAN, shares

import journeykit as jk
from journeykit.engines import connect_to
from journeykit.relations.scratch import Scratch

pytestmark = [
    pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning"),
    pytest.mark.usefixtures("tables"),
]


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


@pytest.mark.parametrize(
    ("setting", "way_out"),
    [
        ("ROLE TO journeykit_reader", "Name a schema that you may write to as schema="),
        ("default_transaction_read_only TO on", "Use a session that may write"),
    ],
)
def test_a_session_that_may_not_write_is_told_what_to_do(connection, server, setting, way_out):
    """Readers of a CRM's database often may do no more than that."""
    database = connection.info.dbname
    server.watch.execute(f"""
        REVOKE TEMPORARY ON DATABASE {database} FROM public; DROP ROLE IF EXISTS journeykit_reader;
        CREATE ROLE journeykit_reader; GRANT USAGE ON SCHEMA crm TO journeykit_reader;
        GRANT SELECT ON crm.events TO journeykit_reader""")
    connection.execute(f"SET {setting}")
    connection.commit()
    log = jk.events("crm.events", connection=connection, **COLUMNS)

    with pytest.raises(jk.EngineError) as caught:
        jk.observe(log, PLAN)

    server.watch.execute(f"GRANT TEMPORARY ON DATABASE {database} TO public")
    server.watch.execute("DROP OWNED BY journeykit_reader; DROP ROLE journeykit_reader")
    assert way_out in str(caught.value)


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
