"""What is set aside, why, and that the counts add up."""

from __future__ import annotations

import warnings

import pyarrow as pa
import pytest

from journeykit.errors import EventLogError, JourneykitWarning
from journeykit.eventlog.counting import LogCounts, count_rows, read_counts, read_span

quiet = pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")

HEADER = "customer,timestamp,touchpoint,stage,id"
EVERY_REASON = (
    "ana,2024-01-01,visit,,1",
    ",2024-01-01,visit,,2",
    ",,,,3",
    "ben,,visit,,4",
    "ben,  ,visit,,5",
    "ben,soon,visit,,6",
    "ben,9999-12-31,visit,,7",
    "ben,2024-01-01,,,8",
    'ben,2024-01-01,"","",9',
    "ben,2024-01-02,,trial,10",
    "ana,2024-01-03,visit,,1",
)


@quiet
@pytest.mark.parametrize("bad", [0, 2])
def test_a_typed_log_is_asked_for_reasons_only_where_a_row_does_not_fit(opened, bad):
    """Most logs fit, and to ask that costs half of asking why not."""
    times = pa.array([0, 86_400, 3_600, *[None] * bad], pa.timestamp("s", "UTC"))
    log = opened(
        pa.table({"customer": ["ana"] * len(times), "timestamp": times, "touchpoint": ["visit"] * len(times)})
    )
    asked = []

    def rows_of(expression):
        asked.append(expression)
        return log.rows_of(expression)

    first, by_reason = (count_rows(log.judged, rows_of, typed=typed) for typed in (True, False))

    assert read_counts(first) == read_counts(by_reason) == log.counts()
    assert read_span(first) == read_span(by_reason) == (0, 86_400_000_000)
    assert len(asked) == (3 if bad else 2)


@quiet
def test_each_row_is_used_or_set_aside_for_the_first_reason_that_fits(log_of, rows_of):
    """Rows that vanish are how two reports of one log come to differ."""
    log = log_of(*EVERY_REASON, header=HEADER, stage="stage", event_id="id")

    assert log.counts() == LogCounts(
        read=11,
        used=2,
        by_reason={
            "no_customer": 2,
            "no_timestamp": 2,
            "unreadable_timestamp": 1,
            "timestamp_out_of_range": 1,
            "no_touchpoint_or_stage": 2,
            "repeated_event_id": 1,
        },
    )
    assert log.counts().set_aside == 9
    reasons = {row[-2]: row[-1] for row in rows_of(log, log.rejected)}
    assert reasons == {
        "2": "no_customer",
        "3": "no_customer",
        "4": "no_timestamp",
        "5": "no_timestamp",
        "6": "unreadable_timestamp",
        "7": "timestamp_out_of_range",
        "8": "no_touchpoint_or_stage",
        "9": "no_touchpoint_or_stage",
        "1": "repeated_event_id",
    }


@quiet
@pytest.mark.parametrize("by_id", [False, True])
def test_rejected_rows_keep_their_own_columns(log_of, by_id):
    """Whoever mends the source needs to find the rows again."""
    log = log_of(*EVERY_REASON, header=HEADER, stage="stage", **({"event_id": "id"} if by_id else {}))

    found = log.rows_of(log.rejected.filter(log.rejected.reason == "unreadable_timestamp"))

    assert found == [
        {
            "customer": "ben",
            "timestamp": "soon",
            "touchpoint": "visit",
            "stage": None,
            "id": "6",
            "reason": "unreadable_timestamp",
        }
    ]


@quiet
@pytest.mark.parametrize("theirs", ["reason", "Reason"])
def test_a_source_with_a_column_called_reason_keeps_it(log_of, theirs):
    """SuperOffice calls so why a sale was lost."""
    log = log_of(",2024-01-01,visit,price", header=f"customer,timestamp,touchpoint,{theirs}")

    assert log.rows_of(log.rejected) == [
        {
            "customer": None,
            "timestamp": "2024-01-01",
            "touchpoint": "visit",
            f"source:{theirs}": "price",
            "reason": "no_customer",
        }
    ]
    assert log.examples() == {"no_customer": ("customer=None, timestamp='2024-01-01', touchpoint='visit'",)}


REPEATS = (
    "ana,2024-01-02,late,7,1,x",
    "ana,2024-01-01,second,7,20,x",
    "ana,2024-01-01,first,7,3,x",
    "ana,2024-01-01,first,7,3,y",
    "ana,2024-01-01,first,7,3,",
    "ben,2024-01-01,no_id,,1,x",
    "ben,2024-01-01,no_id,,1,x",
    ",2023-01-01,no_customer,7,1,x",
    "cat,soon,no_time,8,1,x",
    "cat,2024-01-01,kept,8,1,x",
)


@quiet
@pytest.mark.parametrize("order", [1, -1], ids=["as written", "backwards"])
def test_of_a_repeated_event_id_the_first_by_time_then_sequence_is_kept(log_of, rows_of, order):
    """Numbers order 3 before 20; rows already set aside do not count; without an id nothing is repeated."""
    log = log_of(
        *REPEATS[::order],
        header="customer,timestamp,touchpoint,id,rank,note",
        event_id="id",
        sequence="rank",
        attributes=["note"],
    )

    kept = log.events.select("customer", "touchpoint", "attribute:note")
    assert rows_of(log, kept) == [
        ("ana", "first", "x"),
        ("ben", "no_id", "x"),
        ("ben", "no_id", "x"),
        ("cat", "kept", "x"),
    ]
    assert log.counts().used == log.rows_of(log.events.aggregate(n=log.events.count()))[0]["n"] == 4
    aside = log.rejected.filter(log.rejected.reason == "repeated_event_id").select("touchpoint", "note")
    assert rows_of(log, aside) == [("first", "y"), ("first", None), ("late", "x"), ("second", "x")]


def test_equal_rows_are_kept_and_counted(log_of):
    """Two rows that are equal may be two things that happened; only an id can tell."""
    log = log_of(*["ana,2024-01-01,visit"] * 3)

    assert (log.counts().used, log.check().ties) == (3, 2)


def test_one_warning_a_log_says_what_was_set_aside_and_points_at_the_caller(log_of):
    """A warning from inside the library, or ten of them, gets filtered away."""
    log = log_of(",2024-01-01,visit", "ana,2024-01-01,visit", "ana,,visit")

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        log.counts()
        log.counts()
        log.check()
        log.require_usable()

    [warning] = [one for one in caught if one.category is JourneykitWarning]
    assert "2 of 3 rows are set aside: 1 no_customer, 1 no_timestamp" in str(warning.message)
    assert warning.filename == __file__


def test_a_log_that_is_used_in_full_does_not_warn(log_of):
    """Silence has to mean something."""
    log_of("ana,2024-01-01,visit").counts()


def test_strict_makes_it_an_error_with_reasons_counts_and_examples(log_of):
    """In a nightly job, a warning is read by nobody."""
    with pytest.raises(EventLogError) as error:
        log_of("ana,31-12-2024,visit", "ana,30-12-2024,visit", ",2024-01-01,visit", strict=True)

    assert str(error.value).split("\n")[1:] == [
        "  no_customer: 1 row, such as",
        "    customer=None, timestamp='2024-01-01', touchpoint='visit'",
        "  unreadable_timestamp: 2 rows, such as",
        "    customer='ana', timestamp='30-12-2024', touchpoint='visit'",
        "    customer='ana', timestamp='31-12-2024', touchpoint='visit'",
        "The timestamps fit timestamp_format='%d-%m-%Y'",
    ]
    assert "3 of 3 rows can't be used" in str(error.value)


def test_strict_lets_a_clean_log_pass(log_of):
    """It refuses rows, not logs."""
    assert log_of("ana,2024-01-01,visit", strict=True).counts().used == 1


def test_a_log_without_a_usable_row_says_why(log_of):
    """The words "no data" send people to look in the wrong place."""
    log = log_of("ana,31/12/2024 10:00,visit", "ben,01/11/2024 09:00,visit")

    with pytest.raises(EventLogError) as error:
        log.require_usable()

    assert "no row can be used" in str(error.value)
    assert "unreadable_timestamp: 2 rows" in str(error.value)
    assert "timestamp_format='%d/%m/%Y %H:%M'" in str(error.value)


@quiet
def test_examples_are_the_same_whatever_the_order_of_the_rows(log_of):
    """A message that changes from run to run can't be compared."""
    lines = [f"c{number},soon{number},visit" for number in range(9)]

    forwards, backwards = log_of(*lines), log_of(*lines[::-1], name="other.csv")

    assert forwards.examples() == backwards.examples()
    assert len(forwards.examples()["unreadable_timestamp"]) == 3


@quiet
def test_every_event_id_may_be_a_number(opened):
    """Ids need not be text."""
    table = pa.table(
        {
            "customer": [1, 1, 2],
            "timestamp": ["2024-01-02", "2024-01-01", "2024-01-01"],
            "touchpoint": ["b", "a", "a"],
            "id": [5, 5, None],
        }
    )

    log = opened(table, event_id="id")

    assert log.counts() == LogCounts(read=3, used=2, by_reason={"repeated_event_id": 1})
