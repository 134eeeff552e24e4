"""A table in somebody's engine is found by its name, through whatever leads there; that stays as it was."""

from __future__ import annotations

from contextlib import closing
from functools import cache

import ibis
import pyarrow.compute as pc
import pytest

import journeykit as jk
from journeykit.testing.cases import trial_lifecycle
from tests.parity.test_leftovers import CUSTOMERS, EVENTS, unchanged

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")


def lost(log):
    """Ask a question of a log, and close all that is ours."""
    with log, jk.observe(log, trial_lifecycle()) as journey:
        return jk.drop_offs(journey, by="region").to_dicts()


@cache
def wanted():
    """Say what our own engine answers."""
    return lost(jk.events(EVENTS, **ROLES, customers=CUSTOMERS))


ROLES = {"customer": "customer", "timestamp": "timestamp", "touchpoint": "touchpoint"}


def test_whatever_leads_to_the_engine_gives_the_same_answer(engine):
    """An Ibis backend, a driver's own connection, a session or a URL: each is what somebody has at hand."""
    with unchanged(engine) as theirs:
        for connection in engine.connections():
            name = theirs.get_name()
            found = lost(jk.events(name, connection=connection, **ROLES, customers=CUSTOMERS))
            assert found == wanted()
    assert engine.rows("SELECT 1") == [(1,)]


def test_the_customers_may_be_a_table_beside_the_events(engine):
    """Both are in the warehouse; neither leaves it."""
    customers = engine.put(CUSTOMERS)
    with unchanged(engine) as theirs:
        name, other = theirs.get_name(), customers.get_name()
        log = jk.events(name, connection=engine.backend, **ROLES, customers=other)
        assert lost(log) == wanted()
    engine.drop(customers)


def test_what_is_made_can_be_put_into_a_schema_of_the_callers(engine):
    """Where temporary relations are not allowed, or are to be looked at; the schema stays, and is empty."""
    engine.execute("CREATE SCHEMA for_journeys")
    with unchanged(engine) as theirs:
        things = engine.things()
        name = theirs.get_name()
        log = jk.events(name, connection=engine.backend, schema="for_journeys", **ROLES, customers=CUSTOMERS)
        with log, jk.observe(log, trial_lifecycle()) as journey:
            made = engine.things() - things
            found = jk.drop_offs(journey, by="region").to_dicts()
        assert found == wanted()
        assert any("journeykit_" in name for name in made)
    engine.execute("DROP SCHEMA for_journeys")


@pytest.mark.parametrize("schema", ["for_journeys", "o\"neil's"])
def test_lists_in_a_schema_of_the_callers_are_gone_with_the_journey(schema):
    """On DuckDB a plain log is kept as a table and its views."""
    backend = ibis.duckdb.connect()
    backend.con.execute(f'CREATE SCHEMA "{schema.replace(chr(34), chr(34) * 2)}"')
    # No event that two stages share: these are ordered by windows.
    plain = EVENTS.select([*ROLES]).filter(pc.field("touchpoint") == "page_view")
    events = backend.create_table("events", plain)
    parts = (
        "SELECT schema_name, table_name FROM duckdb_tables()",
        "SELECT schema_name, view_name FROM duckdb_views()",
    )
    asked = " UNION ".join(parts)
    before = set(backend.con.execute(asked).fetchall())

    with jk.events(events, **ROLES, schema=schema) as log, jk.observe(log, trial_lifecycle()) as journey:
        made = set(backend.con.execute(asked).fetchall()) - before
        assert {place for place, _ in made} == {schema}
        assert any(name.endswith("_lists_steps") for _, name in made)
        assert jk.drop_offs(journey)

    assert set(backend.con.execute(asked).fetchall()) == before
    backend.disconnect()


def test_an_engine_that_is_somebody_elses_is_not_ours_to_limit(engine):
    """A limit that nobody keeps is worse than an error."""
    with unchanged(engine) as theirs:
        for limit in ({"memory_limit": "1GB"}, {"threads": 2}, {"temp_dir": "/tmp"}):
            with pytest.raises(jk.EventLogError, match=next(iter(limit))):
                jk.events(theirs.get_name(), connection=engine.backend, **ROLES, **limit)


def test_a_transaction_of_the_callers_goes_on(postgres):
    """What they have not committed yet is neither committed nor lost, whatever becomes of ours."""
    import psycopg

    broken = jk.StageRule("broken", stage="paid", when=lambda events: events.touchpoint.cast("int64") > 0)
    connection = psycopg.connect(postgres.uri)
    with unchanged(postgres) as theirs, closing(connection):
        name = theirs.get_name()
        connection.execute("CREATE TABLE not_yet AS SELECT 7 AS n")
        assert lost(jk.events(name, connection=connection, **ROLES, customers=CUSTOMERS))
        with jk.events(name, connection=connection, **ROLES) as log, pytest.raises(jk.EventLogError):
            jk.observe(log, trial_lifecycle(), rules=[broken])
        assert connection.execute("SELECT n FROM not_yet").fetchall() == [(7,)]
