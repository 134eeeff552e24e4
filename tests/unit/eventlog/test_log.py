"""The log as a whole: lazy, closed when done, and careful with a caller's engine."""

from __future__ import annotations

import gc

import ibis
import pyarrow as pa
import pytest

from journeykit.errors import EngineError
from journeykit.eventlog import events


def test_a_log_shows_its_source_and_columns(log_of):
    """What a notebook prints should tell which log this is."""
    log = log_of("ana,2024-01-01,visit", attributes=["touchpoint"])

    assert repr(log) == (
        f"EventLog({log.name}, customer='customer', timestamp='timestamp', touchpoint='touchpoint', "
        "attributes=['touchpoint'])"
    )
    assert not hasattr(log, "_repr_html_")


def test_the_counts_are_asked_for_once(log_of):
    """A log of ten million rows is scanned once, however often somebody asks."""
    log = log_of("ana,2024-01-01,visit")

    assert log.counts() is log.counts()


def test_a_closed_log_says_so(log_of):
    """The engine's own words would be about a cursor."""
    with log_of("ana,2024-01-01,visit") as log:
        pass
    log.close()

    with pytest.raises(EngineError, match="closed"):
        log.counts()


def test_closing_a_log_leaves_a_callers_engine_open():
    """It is theirs."""
    theirs = ibis.duckdb.connect()
    table = theirs.create_table("crm", pa.table({"c": ["ana"], "t": ["2024-01-01"], "s": ["won"]}))

    with events(table, customer="c", timestamp="t", stage="s") as log:
        assert log.backend is theirs
        assert log.counts().used == 1

    assert theirs.to_pyarrow(table.count()).as_py() == 1


def test_nothing_of_ours_stays_in_a_callers_engine(written):
    """A warehouse is no place for leftovers."""
    theirs = ibis.duckdb.connect()
    table = theirs.create_table("crm", pa.table({"c": ["ana"], "t": ["2024-01-01"], "s": ["won"]}))
    told = written("customers.csv", "c,tier\nana,gold\n")
    settings = "select current_setting('TimeZone'), current_setting('temp_directory')"
    views = "select count(*) from duckdb_views() where not internal"
    before = (theirs.con.execute(settings).fetchall(), theirs.con.execute(views).fetchall())

    with events(table, customer="c", timestamp="t", stage="s", customers=told) as log:
        assert log.check().customers_table.rows == 1
    del log
    gc.collect()

    assert (theirs.con.execute(settings).fetchall(), theirs.con.execute(views).fetchall()) == before


def test_expressions_outlive_the_log_that_made_them(log_of):
    """An expression holds its engine; only `close` ends it."""
    source = log_of("ana,2024-01-01,visit").source
    gc.collect()

    assert source.get_backend().to_pyarrow(source.count()).as_py() == 1


def test_a_log_opened_from_a_file_spills_outside_the_working_directory(log_of, tmp_path, monkeypatch):
    """DuckDB's default is a hidden directory where the caller happens to stand."""
    monkeypatch.chdir(tmp_path)
    log = log_of("ana,2024-01-01,visit")
    log.counts()

    [(spill, bar)] = log.backend.con.execute(
        "select current_setting('temp_directory'), current_setting('enable_progress_bar')"
    ).fetchall()
    assert not str(spill).startswith(str(tmp_path))
    assert not bar
