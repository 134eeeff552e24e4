"""The second source: one row a customer."""

from __future__ import annotations

import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from journeykit.errors import EventLogError, UnknownNameError
from journeykit.eventlog import events


def test_customers_have_their_own_columns(log_of, written, rows_of):
    """Whatever is known of a customer can group them."""
    log = log_of(
        "ana,2024-01-01,visit",
        customers=written("c.csv", "tier,customer,target_stage\ngold,ana,paid\n,ben,\n"),
    )

    assert log.customers.columns == ("customer", "tier", "target_stage")
    assert log.customer_columns == ("tier", "target_stage")
    assert rows_of(log, log.customers) == [("ana", "gold", "paid"), ("ben", None, None)]


def test_without_a_second_source_there_are_no_customers(log_of):
    """The absence is plain."""
    log = log_of("ana,2024-01-01,visit")

    assert (log.customers, log.customer_columns) == (None, ())


def test_two_rows_for_one_customer_are_an_error_that_names_them(log_of, written):
    """A join would double their events in every count."""
    told = "customer\n" + "".join(f"c{number}\n" * (1 + number % 2) for number in range(13))

    with pytest.raises(
        EventLogError, match=r"'c1' \(2\), 'c11' \(2\), 'c3' \(2\), 'c5' \(2\), 'c7' \(2\), \.\.\."
    ):
        log_of("c1,2024-01-01,visit", customers=written("c.csv", told))


def test_rows_without_a_customer_are_ignored_and_counted(log_of, written):
    """They describe nobody, so two of them are no repetition."""
    log = log_of("ana,2024-01-01,visit", customers=written("c.csv", "customer,tier\nana,gold\n,tin\n,tin\n"))

    table = log.check().customers_table

    assert (table.rows, table.no_customer, table.not_listed) == (1, 2, 0)


IDS = {
    "text and integers": (["1", "2"], [1, 3]),
    "integers and text": ([1, 2], ["1", "3"]),
    "floats and text": ([1.0, float("nan")], ["1", "3"]),
    "floats and integers": ([1.0, 2.0], [1, 3]),
    "small and large integers": (pa.array([1, 2], pa.int8()), [1, 2**40]),
}


@pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")
@pytest.mark.parametrize(("ids", "told"), IDS.values(), ids=IDS)
def test_ids_of_two_types_find_each_other(opened, ids, told):
    """A CSV has text where the warehouse has integers."""
    source = pa.table({"customer": ids, "timestamp": ["2024-01-01"] * 2, "touchpoint": ["v"] * 2})

    log = opened(source, customers=pa.table({"customer": told, "tier": ["gold", "tin"]}))

    joined = log.events.inner_join(log.customers, "customer")
    assert [row["tier"] for row in log.rows_of(joined.select("tier"))] == ["gold"]
    assert log.events.customer.type().is_string() == log.customers.customer.type().is_string()


SECOND = {"customer": ["ana"], "tier": ["gold"]}


@pytest.mark.parametrize("first", ["path", "ibis"])
@pytest.mark.parametrize(
    "second", ["path", "pandas", "polars", "arrow", "same engine", "other engine", "memory"]
)
def test_a_second_source_of_any_kind_meets_the_first(written, first, second):
    """Events in a warehouse and attributes in a spreadsheet are the usual case."""
    engine, other = ibis.duckdb.connect(), ibis.duckdb.connect()
    one = pa.table({"customer": ["ana"], "timestamp": ["2024-01-01"], "touchpoint": ["visit"]})
    source = {
        "path": lambda: written("events.csv", "customer,timestamp,touchpoint\nana,2024-01-01,visit\n"),
        "ibis": lambda: engine.create_table("crm", one),
    }[first]()
    customers = {
        "path": lambda: written("c.jsonl", '{"customer": "ana", "tier": "gold"}\n'),
        "pandas": lambda: pd.DataFrame(SECOND),
        "polars": lambda: pl.DataFrame(SECOND),
        "arrow": lambda: pa.table(SECOND),
        "same engine": lambda: engine.create_table("told", pa.table(SECOND)),
        "other engine": lambda: other.create_table("told", pa.table(SECOND)),
        "memory": lambda: ibis.memtable(pa.table(SECOND)),
    }[second]()

    log = events(
        source, customer="customer", timestamp="timestamp", touchpoint="touchpoint", customers=customers
    )

    joined = log.events.inner_join(log.customers, "customer")
    assert log.rows_of(joined.select("customer", "tier")) == [{"customer": "ana", "tier": "gold"}]


def test_the_customer_column_must_have_the_same_name(log_of, written):
    """Which of its columns is the customer can't be guessed."""
    with pytest.raises(
        UnknownNameError, match=r"no column named 'customer' in customers, .*Known: customers, tier"
    ):
        log_of("ana,2024-01-01,visit", customers=written("c.csv", "customers,tier\nana,gold\n"))


def test_a_second_column_called_customer_is_refused(log_of, written):
    """It would be two things of one name in every answer."""
    with pytest.raises(EventLogError, match="beside 'id' there is a column 'customer'"):
        log_of(
            *("1,2024-01-01,visit",),
            header="id,timestamp,touchpoint",
            customer="id",
            customers=written("c.csv", "id,customer\n1,Ana Ltd\n"),
        )
