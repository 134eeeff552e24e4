"""Which engine a source is opened on, and what that engine may use."""

from __future__ import annotations

from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.testing.cases import trial_lifecycle

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

EVENTS = pa.table({"customer": ["ana"], "timestamp": ["2024-01-01"], "touchpoint": ["page_view"]})
COLUMNS = {"customer": "customer", "timestamp": "timestamp", "touchpoint": "touchpoint"}


@pytest.fixture
def database(tmp_path):
    """A DuckDB database in a file, with a table in a schema whose name is SQL."""
    path = tmp_path / "crm.duckdb"
    with duckdb.connect(path) as connection:
        connection.register("given", EVENTS)
        connection.execute("""
            create schema "a ""b""; drop"; create table "a ""b""; drop"."my.events" as from given;
            create table known as select 'ana' as customer, 'north' as region;
        """)
    return path


def connections(path):
    """Reach a database in every way that there is."""
    return {
        "a URL": lambda: f"duckdb://{path}",
        "an Ibis backend": lambda: ibis.duckdb.connect(path),
        "a connection of DuckDB": lambda: duckdb.connect(path),
    }


@pytest.mark.parametrize("way", ["a URL", "an Ibis backend", "a connection of DuckDB"])
def test_a_table_is_read_by_its_name_by_way_of_a_connection(database, way):
    """People have one of these at hand, whatever else they use."""
    connection = connections(database)[way]()
    table = 'a "b"; drop.my.events'

    with jk.events(table, connection=connection, customers="known", **COLUMNS) as log:
        with jk.observe(log, trial_lifecycle()) as journey:
            assert [row.group for row in jk.drop_offs(journey, by="region")] == ["north"]
        assert (log.name, log.owned) == (f"table {table!r}", way == "a URL")


def test_a_session_of_the_callers_keeps_its_settings():
    """Ibis would set its clocks to UTC."""
    connection = duckdb.connect()
    connection.register("events", EVENTS)
    connection.execute("set TimeZone = 'Asia/Tokyo'")
    settings = "select list(value order by name) from duckdb_settings() where name <> 'profile_output'"
    before = connection.execute(settings).fetchall()

    with (
        jk.events("events", connection=connection, **COLUMNS) as log,
        jk.observe(log, trial_lifecycle()) as journey,
    ):
        jk.transitions(journey)

    assert connection.execute(settings).fetchall() == before


def test_an_ibis_table_of_the_connection_is_a_source_as_well():
    """A query of their own may stand for a table."""
    backend = ibis.duckdb.connect()
    table = backend.create_table("events", EVENTS)

    with jk.events(table.limit(1), connection=backend, **COLUMNS) as log:
        assert log.counts().used == 1


def test_files_of_customers_are_paths_beside_a_table(database, tmp_path):
    """A text is the name of a table there."""
    known = tmp_path / "known.csv"
    known.write_text("customer,tier\nana,gold\n")
    backend = ibis.duckdb.connect(database)

    table = backend.table("known").mutate(timestamp=ibis.date(2024, 1, 1), touchpoint=ibis.literal("call"))

    with jk.events(table, connection=backend, customers=known, **COLUMNS) as log:
        assert log.customer_columns == ("tier",)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"source": EVENTS},
            "with connection=, the source is the name of a table there, or an Ibis table of that",
        ),
        (
            {"connection": 7},
            "connection= is an Ibis backend, a connection of DuckDB or psycopg, a Spark session, or",
        ),
        ({"connection": "here"}, "connection='here' is no URL such as 'postgresql://host/database'"),
        (
            {"connection": "zz://ann:secret@host/db"},
            "connection=zz://...: Ibis knows no such engine, or this is no",
        ),
        (
            {"threads": 2, "memory_limit": "1GB"},
            "for journeykit's own engine only, not for that of connection=: ",
        ),
    ],
)
def test_what_makes_no_sense_with_a_connection_is_refused(given, said):
    """And no password is in the message."""
    asked = {"source": "events", "connection": ibis.duckdb.connect()} | given

    with pytest.raises(jk.EventLogError) as caught:
        jk.events(asked.pop("source"), **asked, **COLUMNS)

    assert (str(caught.value).startswith(said), "secret" in str(caught.value)) == (True, False)


def test_an_engine_that_can_not_be_reached_is_told_without_the_password():
    """The driver says why."""
    pytest.importorskip("psycopg")

    with pytest.raises(jk.EngineError, match=r"^connection=postgresql://\.\.\.: ") as caught:
        jk.events("events", connection="postgresql://ann:secret@127.0.0.1:1/db", **COLUMNS)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"memory_limit": "much"}, "memory_limit='much' is no size such as '4GB' or '500MB'"),
        ({"memory_limit": "0GB"}, "memory_limit='0GB' is no size such as '4GB' or '500MB'"),
        ({"threads": 0}, "threads=0 is no number of threads, 1 or more"),
        ({"threads": True}, "threads=True is no number of threads, 1 or more"),
        ({"temp_dir": "/not/there"}, "temp_dir='/not/there' is no folder: make it first"),
        ({"schema": "mine"}, "schema='mine' is for relations in somebody else's engine"),
    ],
)
def test_limits_that_make_no_sense_are_refused(limit, said):
    """At the door, and not in the middle of the night."""
    with pytest.raises(jk.EventLogError) as caught:
        jk.events(EVENTS, **limit, **COLUMNS)

    assert str(caught.value).startswith(said)


def test_our_own_engine_keeps_its_limits(tmp_path):
    """What does not fit goes to the folder that was named, under a name of its own."""
    with jk.events(EVENTS, memory_limit="300 MB", threads=1, temp_dir=tmp_path, **COLUMNS) as log:
        asked = ", ".join(
            f"current_setting('{name}')" for name in ("memory_limit", "threads", "temp_directory")
        )
        [(memory, threads, folder)] = log.backend.con.execute(f"select {asked}").fetchall()

    assert (memory, threads, Path(folder).parent) == ("286.1 MiB", 1, tmp_path)


def test_relations_go_to_a_schema_of_the_callers(database):
    """As ordinary ones, which are gone afterwards, too."""
    backend = ibis.duckdb.connect(database)
    backend.raw_sql("create schema mine")
    log = jk.events('a "b"; drop.my.events', connection=backend, schema="mine", **COLUMNS)
    held = "select schema_name from duckdb_tables() where table_name like 'journeykit%'"

    with jk.observe(log, trial_lifecycle()):
        during = set(backend.raw_sql(held).fetchall())

    assert (during, backend.raw_sql(held).fetchall()) == ({("mine",)}, [])
