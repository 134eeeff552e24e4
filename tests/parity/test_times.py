"""One column of moments is read as the same moments by every engine, whatever its session's clocks show."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.errors import UnsupportedError
from tests.parity.batches import instant
from tests.parity.conftest import EVERYWHERE
from tests.unit.eventlog.test_times import ISO, UNREADABLE

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

ZONES = ("Europe/Copenhagen", "America/Sao_Paulo", "Australia/Lord_Howe")
"""Clocks that are put forward by an hour, at midnight, and by half an hour."""

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - as clocks show it

CLOCKS = [
    *("2024-03-31 01:59:59.999999", "2024-03-31 02:00", "2024-03-31 02:30", "2024-03-31 03:00"),  # Copenhagen
    *("2024-10-27 01:59:59.999999", "2024-10-27 02:00", "2024-10-27 02:59:59", "2024-10-27 03:00"),
    *("2018-11-04 00:00", "2018-11-04 00:59", "2018-02-17 23:30", "2018-02-18 00:00"),  # Sao Paulo
    *("2024-04-07 01:29", "2024-04-07 01:30", "2024-04-07 01:59", "2024-10-06 02:15"),  # Lord Howe
    *("2024-03-10 02:30", "2024-11-03 01:30", "2024-11-03 00:59:59.000001"),  # New York
    *("2024-02-29 12:00", "1980-01-01 00:00", "2024-12-31 23:59:59.999999", "2150-07-01 12:00"),
]

EDGES = {
    "1900-01-01 00:00:00": None,
    "2200-12-31 23:59:59.999999": None,
    "1899-12-31 23:59:59.999999": "timestamp_out_of_range",
    "2201-01-01 00:00:00": "timestamp_out_of_range",
    "9999-12-31 00:00:00": "timestamp_out_of_range",
    "0001-01-02 00:00:00": "timestamp_out_of_range",
    "1969-12-31 23:59:59.999999": None,
}
"""What can be used, and what can't, of moments in UTC."""


def read(engine, cells, **settings):
    """Put moments into an engine and read them back: a moment in UTC, or why there is none."""
    frame = pa.table(
        {
            "who": pa.array([str(place) for place in range(len(cells))]),
            "moment": cells,
            "what": pa.array(["visit"] * len(cells)),
        }
    )
    log = jk.events(engine.put(frame), customer="who", timestamp="moment", touchpoint="what", **settings)
    with log:
        found = {
            row["customer"]: EPOCH.replace(tzinfo=dt.UTC) + dt.timedelta(microseconds=row["time_us"])
            for row in log.rows_of(log.events.select("customer", "time_us"))
        }
        aside = {row["who"]: row["reason"] for row in log.rows_of(log.rejected.select("who", "reason"))}
    assert not found.keys() & aside
    told = found | aside
    return [told.pop(str(place)) for place in range(len(cells))]


@pytest.mark.parametrize("timezone", ZONES)
def test_clocks_are_read_with_their_skipped_and_doubled_hours(engine, timezone):
    """Twice a year an hour has no single meaning; which one it is given must not depend on the engine."""
    clocks = [dt.datetime.fromisoformat(text) for text in CLOCKS]

    assert read(engine, pa.array(clocks, pa.timestamp("us")), timezone=timezone) == [
        instant(clock, timezone) for clock in clocks
    ]


@pytest.mark.parametrize("timezone", ["UTC", "America/Sao_Paulo"])
def test_dates_are_midnight_on_the_clocks_that_are_named(engine, timezone):
    """Midnight itself is skipped in some years and places."""
    days = sorted({dt.datetime.fromisoformat(text).date() for text in CLOCKS})

    assert read(engine, pa.array(days, pa.date32()), timezone=timezone) == [
        instant(dt.datetime.combine(day, dt.time()), timezone) for day in days
    ]


def test_moments_with_a_zone_are_not_moved(engine):
    """They are moments already: neither `timezone=` nor the session's clocks have a say."""
    moments = [dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) for text in [*CLOCKS, *EDGES]]

    found = read(engine, pa.array(moments, pa.timestamp("us", "UTC")), timezone="Asia/Kolkata")

    reasons = [*[None] * len(CLOCKS), *EDGES.values()]
    assert found == [reason or moment for moment, reason in zip(moments, reasons, strict=True)]


def test_moments_on_no_calendar_of_ours_do_not_take_the_log_with_them(engine):
    """Salesforce ends its histories in 9999, and a zone moves that beyond what engines count."""
    clocks = [dt.datetime.fromisoformat(text) for text in EDGES]

    found = read(engine, pa.array([*clocks, None], pa.timestamp("us")))

    assert found == [
        *(
            reason or clock.replace(tzinfo=dt.UTC)
            for clock, reason in zip(clocks, EDGES.values(), strict=True)
        ),
        "no_timestamp",
    ]


@pytest.mark.parametrize("timezone", ["Asia/Kolkata", "America/New_York"])
def test_the_last_moments_of_the_calendar_are_out_of_range_on_any_clocks(engine, timezone):
    """One bad cell must not take the whole log with it."""
    clocks = [dt.datetime(9999, 12, 31, 23, 59, 59), dt.datetime(1, 1, 2)]  # noqa: DTZ001 - as clocks show it

    assert (
        read(engine, pa.array(clocks, pa.timestamp("us")), timezone=timezone)
        == ["timestamp_out_of_range"] * 2
    )


def test_text_in_iso_8601_is_read_by_the_offset_it_names(engine):
    """Engines cast text each in their own way, and drop what they do not know without a word."""
    found = read(engine, pa.array([text for text, _ in ISO.values()]))

    told = [
        one if isinstance(one, str) else one.replace(microsecond=0, tzinfo=None).isoformat() for one in found
    ]
    assert dict(zip(ISO, told, strict=True)) == {name: utc for name, (_, utc) in ISO.items()}


def test_text_that_is_not_iso_8601_in_full_is_not_guessed_at(engine):
    """What one engine reads as ten in the morning another would refuse, in the middle of a query."""
    texts = [*UNREADABLE, "infinity", "9999-12-31", "0001-01-01", "", " ", None]

    found = read(engine, pa.array([*texts, "2024-01-02"]))

    wanted = (
        ["unreadable_timestamp"] * len(UNREADABLE) + ["timestamp_out_of_range"] * 3 + ["no_timestamp"] * 3
    )
    assert dict(zip(texts, found, strict=False)) == dict(zip(texts, wanted, strict=True))


def test_local_text_is_read_on_the_clocks_that_are_named(engine):
    """A log with both kinds is common: an export in local time, joined by an API in UTC."""
    texts = ["2024-03-31 02:30", "2024-10-27 02:30:00.5", "2024-07-02", "2024-07-02T10:00:00Z"]
    moments = [*(instant(dt.datetime.fromisoformat(text), "Europe/Copenhagen") for text in texts[:3])]

    assert read(engine, pa.array(texts), timezone="Europe/Copenhagen") == [
        *moments, dt.datetime(2024, 7, 2, 10, tzinfo=dt.UTC),
    ]  # fmt: skip


NUMBERS = {
    "epoch_s": pa.array([1735639200, 0, -1, None, 99999999999999]),
    "epoch_ms": pa.array([1735639200000.0, 0.0, -1000.0, None, 1e300]),
    "epoch_us": pa.array(["1735639200000000", "0", "-1000000", "", "1e300"]),
}


@pytest.mark.parametrize("form", NUMBERS)
def test_numbers_since_1970_are_read(engine, form):
    """APIs write whole numbers, pandas makes them floats, and CSV texts."""
    moments = [dt.datetime(2024, 12, 31, 10), EPOCH, EPOCH - dt.timedelta(seconds=1)]  # noqa: DTZ001

    assert read(engine, NUMBERS[form], timestamp_format=form, timezone="Asia/Kolkata") == [
        *(moment.replace(tzinfo=dt.UTC) for moment in moments), "no_timestamp", "timestamp_out_of_range",
    ]  # fmt: skip


REFUSED = pytest.mark.xfail(raises=UnsupportedError, strict=True)
"""Postgres has no patterns as Python has them, and says so before any query."""


@pytest.mark.parametrize(
    "engine", ["duckdb", pytest.param("postgres", marks=REFUSED), EVERYWHERE[-1]], indirect=True
)
def test_text_is_read_by_a_pattern(engine):
    """CRM exports write dates as their country does."""
    texts = pa.array(["31-12-2024 10:00", "2024-12-31 10:00", None])

    assert read(engine, texts, timestamp_format="%d-%m-%Y %H:%M") == [
        dt.datetime(2024, 12, 31, 10, tzinfo=dt.UTC), "unreadable_timestamp", "no_timestamp",
    ]  # fmt: skip
