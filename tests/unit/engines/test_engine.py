"""Engines that nobody here has tried: taken, and clear about what they can't do."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.engines import engine_of
from journeykit.engines.duckdb import DuckDB
from journeykit.engines.engine import QUANTILES, spellings
from journeykit.testing.cases import trial_lifecycle

pytestmark = [
    pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning"),
    # Ibis asks pandas for what is called otherwise now.
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
]

EVENTS = pa.table(
    {
        "customer": ["ana", "ana", "ben"],
        "at": pa.array(["2024-01-01", "2024-01-03", "2024-01-02"]).cast(pa.timestamp("us")),
        "text": ["2024-01-01", "2024-01-03", "x"],
        "what": ["page_view", "invoice_paid", "page_view"],
    }
)
COLUMNS = {"customer": "customer", "timestamp": "at", "touchpoint": "what"}
WAY_OUT = "write the table to Parquet, or hand it over as a frame (table.to_pyarrow())"


@pytest.fixture
def sqlite():
    """An engine that Ibis knows and we don't."""
    backend = ibis.sqlite.connect()
    backend.create_table("events", EVENTS)
    yield backend
    backend.disconnect()


def test_another_engine_is_taken_without_a_word(sqlite):
    """What it can do, it does."""
    with jk.events("events", connection=sqlite, **COLUMNS) as log:
        assert (log.engine.tested, log.counts().used) == (False, 3)


@pytest.mark.parametrize(
    ("more", "lack"),
    [
        (
            {"timestamp": "text"},
            "casts that may fail, needed by a column of string that is read as timestamp(6)",
        ),
        ({"timezone": "Europe/Paris"}, "time zones, needed by timezone='Europe/Paris'"),
        (
            {"timestamp": "text", "timestamp_format": "%d"},
            "timestamps by a pattern, needed by timestamp_format='%d'",
        ),
        ({"format": "hubspot"}, "readers of exports, needed by format="),
    ],
)
def test_what_it_can_not_do_is_refused_with_the_way_out(sqlite, more, lack):
    """Before any query, and not by a wrong number later."""
    with pytest.raises(jk.UnsupportedError) as caught:
        jk.events("events", connection=sqlite, **(COLUMNS | more))

    assert str(caught.value) == f"sqlite lacks {lack}: {WAY_OUT}"


def test_what_ibis_can_not_say_there_is_no_error_of_ibis():
    """Polars has no window functions in Ibis; nobody should read a traceback to find that out."""
    backend = ibis.polars.connect()
    log = jk.events(backend.create_table("events", EVENTS), **COLUMNS)

    with pytest.raises(jk.UnsupportedError) as caught:
        jk.observe(log, trial_lifecycle())

    said = str(caught.value)
    assert (said.startswith("the Ibis table: polars can't do this: "), said.endswith(WAY_OUT)) == (True, True)


@pytest.mark.parametrize("connect", [ibis.sqlite.connect, ibis.polars.connect, ibis.duckdb.connect])
def test_a_table_that_is_not_there_is_told_by_its_name(connect):
    """The likeliest mistake of all."""
    with pytest.raises(jk.UnknownNameError, match=r"no table named 'crm\.events' in "):
        jk.events("crm.events", connection=connect(), **COLUMNS)


def test_an_error_of_the_driver_says_whose_it_is(sqlite):
    """The driver's own words are the cause."""
    engine = engine_of(sqlite)
    gone = engine.table("events")
    sqlite.drop_table("events")

    with (
        pytest.raises(jk.EngineError, match="log: sqlite: no such table: events") as caught,
        engine.errors(LOG),
    ):
        engine.arrow(gone)

    assert type(caught.value.__cause__).__module__ == "sqlite3"


def test_what_python_raises_inside_of_it_is_its_error():
    """An arrow table that Ibis takes for a frame of polars has no such columns."""
    log = jk.events(ibis.polars.connect({"events": EVENTS}).table("events"), **COLUMNS)

    with pytest.raises(jk.EngineError, match=r"polars: TypeError: .* journeykit is not tested on polars\."):
        jk.observe(log, trial_lifecycle())


def test_a_name_with_dots_may_be_many_things():
    """A dot is a letter, too."""
    assert spellings("a.b.c") == [("a.b.c",), ("a", "b.c"), ("a.b", "c")]


class LOG:
    """Something with a name."""

    name = "log"


def test_an_engine_without_quantiles_observes_and_answers_what_it_can(monkeypatch):
    """What is counted ahead is a courtesy; whoever never asks for medians need not have them."""
    monkeypatch.setattr(DuckDB, "missing", {QUANTILES: "elsewhere"})
    asked = []
    monkeypatch.setattr("journeykit.analysis.ahead.count_moves", lambda *_: asked.append("moves"))

    with jk.events(EVENTS, **COLUMNS) as log, jk.observe(log, trial_lifecycle()) as journey:
        assert [row.visits for row in jk.drop_offs(journey)]

    assert asked == []
