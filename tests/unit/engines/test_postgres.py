"""A PostgreSQL of somebody else's: what is read there."""

from __future__ import annotations

import pytest
from tests.crm_database import AT, COLUMNS, CUSTOMER, CUSTOMERS, HOSTILE, MORE, TABLE, WHAT, shares

import journeykit as jk

pytestmark = [
    pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning"),
    pytest.mark.usefixtures("tables"),
]


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
