"""What the columns of events are called and hold, whatever the source calls them."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from journeykit.errors import EventLogError, UnknownNameError
from journeykit.eventlog import EVENT_ATTRIBUTE

quiet = pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")

ONE = {"customer": ["ana"], "timestamp": ["2024-01-01"], "touchpoint": ["visit"]}


def test_events_have_the_columns_that_were_given_under_their_own_names(log_of, rows_of):
    """Everything later speaks one language."""
    log = log_of(
        "7,2024-01-01,visit,trial,2,e1,bo,web,phone,sales,customer,kim,0.5,9.75,dk,x",
        header="a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p",
        customer="a",
        timestamp="b",
        touchpoint="c",
        stage="d",
        sequence="e",
        event_id="f",
        contact="g",
        channel="h",
        device="i",
        department="j",
        initiator="k",
        agent="l",
        sentiment="m",
        value="n",
        attributes=["o"],
    )

    assert dict(log.rows_of(log.events)[0]) == {
        "customer": "7",
        "time_us": 1_704_067_200_000_000,
        "sequence": Decimal(2),
        "stage": "trial",
        "touchpoint": "visit",
        "event_id": "e1",
        "contact": "bo",
        "channel": "web",
        "device": "phone",
        "department": "sales",
        "initiator": "customer",
        "agent": "kim",
        "sentiment": 0.5,
        "value": 9.75,
        EVENT_ATTRIBUTE + "o": "dk",
    }
    assert log.events.columns[:5] == ("customer", "time_us", "sequence", "stage", "touchpoint")
    assert (log.columns["value"], log.attributes) == ("n", ("o",))


def test_two_parameters_may_name_one_column(log_of):
    """A CRM's status is at once what happened and where the customer stands."""
    log = log_of("ana,2024-01-01,won", stage="touchpoint", attributes=["touchpoint"])

    row = log.rows_of(log.events)[0]

    assert (row["stage"], row["touchpoint"], row["attribute:touchpoint"]) == ("won", "won", "won")


@quiet
def test_an_empty_text_is_null_in_every_column(log_of):
    """CSV can't tell an empty text from nothing, so nobody may."""
    log = log_of(
        'ana,2024-01-01,"","",trial,"",""', header="customer,timestamp,touchpoint,channel,stage,x,v",
        stage="stage", channel="channel", value="v", attributes=["x"],
    )  # fmt: skip

    row = log.rows_of(log.events)[0]

    assert {name for name, value in row.items() if value is None} == {
        "touchpoint", "channel", "value", "attribute:x",
    }  # fmt: skip


def test_na_is_a_name(log_of, rows_of):
    """Nadia Andersen signs so; pandas would read her as missing."""
    log = log_of("NA,2024-01-01,null", "NULL,2024-01-01,None", "nan,2024-01-01,n/a")

    assert rows_of(log, log.events.select("customer", "touchpoint")) == [
        ("NA", "null"),
        ("NULL", "None"),
        ("nan", "n/a"),
    ]


@quiet
@pytest.mark.parametrize(
    ("column", "kept"),
    [
        (pa.array(["007", ""]), ["007"]),
        (pa.array([7, None]), [7]),
        (pa.array([2**63], pa.uint64()), [2**63]),
        (pa.array([7.0, float("nan"), None]), [7.0]),
        (pa.array([Decimal("7.50")]), ["7.50"]),
        (pa.array(["a", "", None]).dictionary_encode(), ["a"]),
        (pa.array([True, None]), ["true"]),
        (pa.nulls(2), []),
    ],
    ids=["text", "integer", "unsigned", "float", "decimal", "categorical", "truth", "nothing"],
)
def test_customers_keep_text_and_numbers_and_become_text_otherwise(opened, rows_of, column, kept):
    """007 is not 7, and a NaN is nobody."""
    size = len(column)
    table = pa.table({"customer": column, "timestamp": ["2024-01-01"] * size, "touchpoint": ["v"] * size})

    log = opened(table)

    assert [row[0] for row in rows_of(log, log.events)] == kept
    assert log.counts().set_aside == size - len(kept)


def test_sentiment_and_value_are_finite_numbers_or_null(log_of):
    """One "n/a" must not stop a report, and one infinity must not spoil every mean."""
    log = log_of(
        *(
            "a,2024-01-01,v,0.5,10",
            "b,2024-01-01,v,good,1e3",
            "c,2024-01-01,v,,inf",
            'd,2024-01-01,v,"1,5",nan',
        ),
        header="customer,timestamp,touchpoint,mood,money",
        sentiment="mood",
        value="money",
    )

    found = {row["customer"]: (row["sentiment"], row["value"]) for row in log.rows_of(log.events)}

    assert found == {"a": (0.5, 10.0), "b": (None, 1000.0), "c": (None, None), "d": (None, None)}
    check = log.check()
    assert (check.unreadable_sentiment, check.unreadable_value) == (2, 2)


def test_a_typed_nan_is_missing_not_unreadable(opened):
    """That is what a frame writes where there is nothing."""
    log = opened(pa.table(ONE | {"value": [float("nan")]}), value="value")

    assert (log.rows_of(log.events)[0]["value"], log.check().unreadable_value) == (None, 0)


def test_a_sequence_in_text_orders_as_numbers_exactly(log_of):
    """As text 10 comes before 9, and as a float two 19-digit ids are one."""
    ids = ["9", "10", "1234567890123456788", "1234567890123456789", "0.5", "-1", "1e2"]
    log = log_of(
        *(f"ana,2024-01-01,v,{text}" for text in ids), header="customer,timestamp,touchpoint,n", sequence="n"
    )

    found = [row["sequence"] for row in log.rows_of(log.events.order_by("sequence"))]

    assert found == sorted(Decimal(text) for text in ids)
    assert log.check().ties == 0


def test_a_sequence_that_is_no_number_is_an_error_when_counted(log_of):
    """An order that is silently none would make moves that nobody made."""
    log = log_of(
        *("ana,2024-01-01,v,1", "ana,2024-01-01,v,first", "ana,2024-01-01,v,"),
        header="customer,timestamp,touchpoint,n",
        sequence="n",
    )

    with pytest.raises(EventLogError, match="1 values of column 'n', named as sequence=, are no numbers"):
        log.counts()


@pytest.mark.parametrize(
    ("column", "numbers"),
    [(pa.array([3]), [3]), (pa.array([0.5]), [0.5]), (pa.array([3], pa.timestamp("us", "UTC")), [3])],
    ids=["integer", "float", "timestamp"],
)
def test_a_typed_sequence_is_taken_as_it_is(opened, column, numbers):
    """When a row was written down is a good tie breaker, too."""
    log = opened(pa.table(ONE | {"n": column}), sequence="n")

    assert [row["sequence"] for row in log.rows_of(log.events)] == numbers


def test_a_sequence_of_truth_values_is_refused(opened):
    """Two values order nothing."""
    with pytest.raises(EventLogError, match="column 'n' for sequence= holds boolean"):
        opened(pa.table(ONE | {"n": [True]}), sequence="n")


@pytest.mark.parametrize(
    "column", [pa.array([["a"]]), pa.array([{"a": 1}]), pa.array([b"a"])], ids=["list", "record", "bytes"]
)
def test_a_column_of_lists_records_or_bytes_is_refused_where_it_is_named(opened, column):
    """The error names the column instead of the engine's cast."""
    with pytest.raises(EventLogError, match=r"column 'tags' holds .*one plain value a row"):
        opened(pa.table(ONE | {"tags": column}), attributes=["tags"])
    assert opened(pa.table(ONE | {"tags": column})).counts().used == 1


def test_every_missing_column_is_told_at_once_with_the_nearest(log_of):
    """One run, one correction."""
    with pytest.raises(UnknownNameError) as error:
        log_of("1,2,3", header="account,when,what", customer="acount", timestamp="wen", touchpoint="what")

    assert (error.value.kind, error.value.name, error.value.nearest) == ("column", "acount", "account")
    assert error.value.known == ("account", "when", "what")
    assert "nor 'wen' for timestamp=, nearest 'when'" in str(error.value)
    assert str(error.value).endswith("Did you mean 'account'? Known: account, when, what.")


def test_a_column_name_in_other_case_is_another_name(log_of):
    """DuckDB would take it; the next engine would not."""
    with pytest.raises(UnknownNameError, match="Did you mean 'customer'"):
        log_of("a,2024-01-01,v", customer="Customer")


@pytest.mark.parametrize("attributes", ["touchpoint", ["touchpoint", "touchpoint"]])
def test_attributes_are_a_list_of_distinct_names(log_of, attributes):
    """A text is a sequence of letters to Python; nobody means that."""
    with pytest.raises(EventLogError, match="attributes"):
        log_of("a,2024-01-01,v", attributes=attributes)


def test_what_happened_must_be_named(log_of):
    """Without touchpoint and stage there is no journey."""
    with pytest.raises(EventLogError, match=r"touchpoint=.*stage="):
        log_of("a,2024-01-01,v", touchpoint=None)


@pytest.mark.parametrize(
    ("columns", "shown"),
    [({"value": "value"}, "value"), ({"timestamp": "n", "timestamp_format": "epoch_s"}, "time_us")],
    ids=["numbers", "moments"],
)
def test_a_cell_that_is_no_number_is_null_whatever_else_is_asked_for(log_of, columns, shown):
    """DuckDB 2.0 reads a CSV column that is only ever cast as that type, and fails at the first bad cell."""
    log = log_of(
        "ana,2024-01-01,a,x,7",
        "ben,2024-01-01,a,5,y",
        header="customer,timestamp,touchpoint,value,n",
        **columns,
    )
    judged = log.judged.values[shown]

    rows = log.rows_of(log.judged.source.select(it=judged))

    assert [row["it"] for row in rows].count(None) == 1
