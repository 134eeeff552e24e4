"""What callers do that nobody plans for: names like ours, odd dates, a journey that is closed."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
import pytest
from tests.logs import frame, log_of, observe_days

import journeykit as jk
from journeykit.testing.cases import day, trial_lifecycle

HISTORIES = {"ana": {0: "page_view", 1: "account_created"}, "ben": {3: "page_view"}}


@pytest.mark.parametrize("ids", [("1", "2"), ("ben", "ana"), (1, 2)], ids=["text", "customers", "numbers"])
def test_a_customers_table_may_have_a_column_called_id(ids):
    """A CRM's table of accounts has a key and an id: joined by the wrong one, tiers are lost or swapped."""
    told = {
        customer: {"id": id_, "tier": tier}
        for customer, id_, tier in zip(HISTORIES, ids, ["gold", "tin"], strict=True)
    }
    journey = observe_days(HISTORIES, customers=told)

    assert [(row.group, row.stage, row.visits) for row in jk.drop_offs(journey, by="tier")] == [
        ("gold", "visit", 1), ("gold", "signup", 1), ("tin", "visit", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("as_of", [dt.date(2024, 1, 3), 20240103, True, float("nan"), pd.NaT], ids=repr)
def test_an_as_of_of_another_type_is_an_error(as_of):
    """A date has no hour and no clock, and a missing time is no time at all: nobody guesses."""
    with pytest.raises(jk.EventLogError) as caught:
        jk.observe(log_of(HISTORIES), trial_lifecycle(), as_of=as_of)

    assert str(caught.value) == f"as_of is a datetime, or text such as '2024-12-31', not {as_of!r}"


@pytest.mark.parametrize("as_of", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_an_as_of_that_utc_can_not_hold_is_an_error(as_of):
    """A CRM's "forever" ends in 9999-12-31; half a day later there is no calendar."""
    with pytest.raises(jk.EventLogError, match="is in no year from 1 to 9999 in UTC"):
        jk.observe(log_of(HISTORIES), trial_lifecycle(), as_of=as_of)


@pytest.mark.parametrize(
    "ask",
    [
        jk.transitions, jk.drop_offs, jk.last_touchpoints, jk.gaps,
        lambda journey: jk.drop_offs(journey, by="tier"),
        lambda journey: journey.graph(), lambda journey: jk.trace(journey, "ana"),
    ],
    ids=["transitions", "drop_offs", "last_touchpoints", "gaps", "by", "graph", "trace"],
)  # fmt: skip
def test_a_closed_journey_says_that_it_is_closed(ask):
    """Whoever asks after a `with` block should not read of a table that they never made."""
    journey = observe_days(HISTORIES, customers={"ana": {"tier": "gold"}})
    journey.close()

    with pytest.raises(jk.EngineError, match="the journey is closed: observe the log again"):
        ask(journey)


def test_the_names_of_a_journey_outlive_it():
    """They are the lifecycle's and the log's, and nothing is asked for them."""
    journey = observe_days({"ana": {0: "page_view", 1: "zz"}})
    journey.close()
    journey.log.close()

    assert journey.touchpoint_names[-1] == "zz"


@pytest.mark.parametrize("tags", [["a", "b"], {"a": 1}], ids=["list", "record"])
@pytest.mark.parametrize("question", [jk.transitions, jk.drop_offs, jk.last_touchpoints, jk.gaps])
def test_groups_of_lists_are_an_error_for_every_question(question, tags):
    """A row whose group is a list has no hash: one question would fail where another answers."""
    journey = observe_days(HISTORIES, customers={"ana": {"tags": tags}, "ben": {"tags": tags}})

    with pytest.raises(jk.EventLogError, match="customers are grouped by one plain value each"):
        question(journey, by="tags")


def test_questions_leave_a_callers_engine_as_it_was():
    """Its settings and its tables are theirs; what we make in between goes with `close`."""
    engine = ibis.duckdb.connect()
    engine.raw_sql("SET TimeZone='Asia/Tokyo'; SET default_null_order='nulls_first'")
    rows = [
        {"customer": "a", "time_us": day(0), "stage": "page_view"},
        {"customer": "a", "time_us": day(1), "stage": "account_created"},
    ]
    source = engine.create_table("fixed", frame(rows))
    before = _state(engine)
    columns = {"customer": "customer", "timestamp": "time_us", "touchpoint": "stage"}
    log = jk.events(source, **columns, attributes=["stage"])
    with jk.observe(log, trial_lifecycle()) as journey:
        for question in (jk.transitions, jk.drop_offs, jk.last_touchpoints, jk.gaps):
            question(journey, by="stage")
        jk.trace(journey, "a").graph()
        log.check(trial_lifecycle())

    assert _state(engine) == before


def _state(engine):
    queries = (
        "select * from duckdb_settings() order by all",
        "select table_name from information_schema.tables order by all",
    )
    return [engine.raw_sql(query).fetchall() for query in queries]
