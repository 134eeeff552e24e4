"""What can be a source, and in which engine."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

from journeykit.errors import EventLogError, UnknownNameError
from journeykit.eventlog import events

ROWS = pa.table({"c": ["ana"], "t": ["2024-01-01"], "s": ["won"]})
COLUMNS = {"customer": "c", "timestamp": "t", "stage": "s"}


def test_an_ibis_table_is_read_where_it_is():
    """Also a query over it; nothing is copied."""
    engine = ibis.duckdb.connect()
    table = engine.create_table("crm", pa.concat_tables([ROWS, ROWS]))

    log = events(table.limit(1), **COLUMNS)

    assert (log.backend, log.counts().used) == (engine, 1)


def test_an_error_leaves_a_callers_engine_open():
    """A misspelt column is no reason to close their connection."""
    engine = ibis.duckdb.connect()
    table = engine.create_table("crm", ROWS)

    with pytest.raises(UnknownNameError):
        events(table, customer="who", timestamp="t", stage="s")

    assert engine.to_pyarrow(table.count()).as_py() == 1


def test_an_ibis_table_in_memory_comes_to_an_engine_of_our_own():
    """It belongs to no engine."""
    with events(ibis.memtable(ROWS), **COLUMNS) as log:
        assert log.counts().used == 1


def test_an_ibis_table_without_an_engine_is_refused():
    """An expression alone has no rows."""
    with pytest.raises(EventLogError, match="belongs to no engine"):
        events(ibis.table({"c": "string", "t": "string", "s": "string"}, name="x"), **COLUMNS)


@pytest.mark.parametrize("source", [None, [{"c": 1}], 7, {"c": [1]}], ids=["None", "list", "number", "dict"])
def test_anything_else_is_refused_by_its_type(source):
    """The message says what is taken."""
    with pytest.raises(
        EventLogError, match="a source is a path, a pandas, polars or pyarrow frame, or an Ibis table"
    ):
        events(source, **COLUMNS)


def test_a_time_zone_of_the_callers_session_changes_nothing():
    """What a text means must not hang on a setting that nobody sees."""
    engine = ibis.duckdb.connect()
    engine.con.execute("set TimeZone = 'Asia/Tokyo'")
    texts = ["2024-01-01 10:00", "2024-01-01 10:00Z", "2024-01-01", "2024-01-01 10:00 UTC"]
    table = engine.create_table("crm", pa.table({"c": ["a"] * 4, "t": texts, "s": ["won"] * 4}))

    log = events(table, **COLUMNS)

    hours = [row["time_us"] / 3.6e9 - 473_352 for row in log.rows_of(log.events)]
    assert hours == [10.0, 10.0, 0.0, 10.0]
