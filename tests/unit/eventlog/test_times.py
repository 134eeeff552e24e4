"""Timestamps: what is read, by which clocks, and what is not read at all."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa
import pytest

from journeykit.errors import EventLogError, UnknownNameError

pytestmark = pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")

ISO = {
    "date": ("2024-01-02", "2024-01-02T00:00:00"),
    "short date": ("2024-1-2", "2024-01-02T00:00:00"),
    "slashes": ("2024/01/02", "2024-01-02T00:00:00"),
    "minutes": ("2024-01-02 10:30", "2024-01-02T10:30:00"),
    "T": ("2024-01-02T10:30:05", "2024-01-02T10:30:05"),
    "fraction": ("2024-01-02 10:30:05.999999999", "2024-01-02T10:30:05"),
    "Z": ("2024-01-02T10:30:05Z", "2024-01-02T10:30:05"),
    "Z without seconds": ("2024-01-02T10:30Z", "2024-01-02T10:30:00"),
    "milliseconds Z": ("2024-01-02T10:30:05.000Z", "2024-01-02T10:30:05"),
    "east": ("2024-01-02T10:30:05+02:00", "2024-01-02T08:30:05"),
    "west": ("2024-01-02T10:30:05-05:00", "2024-01-02T15:30:05"),
    "no colon": ("2024-01-02T10:30:05+0200", "2024-01-02T08:30:05"),
    "hours only": ("2024-01-02 10:30:05+02", "2024-01-02T08:30:05"),
    "space before the offset": ("2024-01-02 10:30:05 +02:00", "2024-01-02T08:30:05"),
    "space before Z": ("2024-01-02 10:30:05 Z", "2024-01-02T10:30:05"),
    "UTC": ("2024-01-02 10:30:05 UTC", "2024-01-02T10:30:05"),
    "spaces around": ("  2024-01-02 10:30:05 ", "2024-01-02T10:30:05"),
    "spaces around an offset": (" 2024-01-02 10:30:05+02:00\t", "2024-01-02T08:30:05"),
    "end of day": ("2024-01-02 24:00:00", "2024-01-03T00:00:00"),
    "first year": ("1900-01-01", "1900-01-01T00:00:00"),
    "last moment": ("2200-12-31 23:59:59.999999", "2200-12-31T23:59:59"),
}

UNREADABLE = [
    *("31-12-2024", "12/31/2024", "20240102", "20240102T100000Z", "1704067200", "24-01-02", "2024-13-01"),
    *("2024-02-30", "2024-01-02 10:00 PST", "2024-01-02 10:00 PM", "2024-01-02 10:00 Europe/Copenhagen"),
    *("2024-01-02T10:00:00+02:00[Europe/Paris]", "2024-01-02 10:00:00+25:00", "2024-01-02 10:00:00 +2"),
    *(
        "2024-01-02T10",
        "2024-01-02 10:00:61",
        "epoch",
        "today",
        "NA",
        "0000-00-00",
        "10000-01-01",
        "-2024-01-01",
    ),
    *("2024 01 02", "2024-01-02 10:00:00,123", "2024-01-02 and more", "00:00", "2024-01-02 +02:00"),
]


@pytest.mark.parametrize(("text", "utc"), ISO.values(), ids=ISO)
def test_text_in_iso_8601_is_read_by_the_offset_it_names(log_of, moments, text, utc):
    """An engine's own cast drops the offset, which moves events by hours without a word."""
    assert moments(log_of(f"ana,{text},visit")) == {"ana": utc}


@pytest.mark.parametrize("text", UNREADABLE)
def test_text_that_is_not_iso_8601_in_full_is_not_guessed_at(log_of, text):
    """DuckDB casts '10:00 PM' to ten in the morning, and '10:00 PST' to ten in UTC."""
    log = log_of(f'ana,"{text}",visit', "ben,2024-01-02,visit")

    assert log.counts().by_reason == {"unreadable_timestamp": 1}


@pytest.mark.parametrize(
    "text",
    [
        *("9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01", "1899-12-31 23:59:59", "2201-01-01"),
        *("infinity", "-infinity", "Infinity", "2200-12-31T23:30:00-01:00", "1900-01-01T00:30:00+01:00"),
    ],
)
def test_a_time_outside_the_years_1900_to_2200_is_out_of_range(log_of, text):
    """Salesforce ends its histories in 9999; were that the newest event, everyone would have dropped."""
    log = log_of(f"ana,{text},visit", "ben,2024-01-02,visit")

    assert log.counts().by_reason == {"timestamp_out_of_range": 1}


@pytest.mark.parametrize("timezone", ["Europe/Copenhagen", "America/New_York", "Asia/Kolkata"])
def test_extreme_times_do_not_overflow_in_any_zone(log_of, timezone):
    """One bad cell must not take the whole log with it."""
    log = log_of("a,9999-12-31 23:59:59,v", "b,0001-01-01,v", "c,infinity,v", timezone=timezone)

    assert log.counts().by_reason == {"timestamp_out_of_range": 3}


def test_times_without_an_offset_are_local_and_the_others_are_not_moved(log_of, moments):
    """A log with both is common: an export in local time, joined by an API in UTC."""
    log = log_of(
        "winter,2024-01-02 10:00,visit",
        "summer,2024-07-02 10:00,visit",
        "date,2024-07-02,visit",
        "zoned,2024-07-02T10:00:00Z,visit",
        "east,2024-07-02T10:00:00+05:30,visit",
        timezone="Europe/Copenhagen",
    )

    assert moments(log) == {
        "winter": "2024-01-02T09:00:00",
        "summer": "2024-07-02T08:00:00",
        "date": "2024-07-01T22:00:00",
        "zoned": "2024-07-02T10:00:00",
        "east": "2024-07-02T04:30:00",
    }


def test_hours_that_clocks_skip_or_show_twice_are_read_as_documented(log_of, moments):
    """Twice a year an hour has no single meaning; which one it is given must not depend on the machine."""
    log = log_of("skipped,2024-03-31 02:30,v", "twice,2024-10-27 02:30,v", timezone="Europe/Copenhagen")

    assert moments(log) == {"skipped": "2024-03-31T01:30:00", "twice": "2024-10-27T01:30:00"}


FORMATS = {
    "day first": ("%d-%m-%Y", "31-12-2024", "2024-12-31T00:00:00"),
    "month first": ("%m/%d/%Y %I:%M %p", "12/31/2024 10:00 PM", "2024-12-31T22:00:00"),
    "offset": ("%d.%m.%Y %H:%M %z", "31.12.2024 10:00 +0200", "2024-12-31T08:00:00"),
    "compact Z": ("%Y%m%dT%H%M%S%z", "20241231T100000Z", "2024-12-31T10:00:00"),
    "zone name": ("%Y-%m-%d %H:%M %Z", "2024-12-31 10:00 PST", "2024-12-31T18:00:00"),
    "seconds": ("epoch_s", "1735639200", "2024-12-31T10:00:00"),
    "fractions of seconds": ("epoch_s", "1735639200.75", "2024-12-31T10:00:00"),
    "milliseconds": ("epoch_ms", "1735639200123", "2024-12-31T10:00:00"),
    "microseconds": ("epoch_us", " 1735639200123456", "2024-12-31T10:00:00"),
}


@pytest.mark.parametrize(("form", "text", "utc"), FORMATS.values(), ids=FORMATS)
def test_a_timestamp_format_reads_what_is_no_iso_8601(log_of, moments, form, text, utc):
    """CRM exports write dates as their country does, and APIs write numbers."""
    assert moments(log_of(f"ana,{text},visit", timestamp_format=form)) == {"ana": utc}


def test_a_pattern_without_an_offset_reads_local_time(log_of, moments):
    """As ISO texts do."""
    log = log_of("ana,31-12-2024 10:00,v", timestamp_format="%d-%m-%Y %H:%M", timezone="Europe/Copenhagen")

    assert moments(log) == {"ana": "2024-12-31T09:00:00"}


def test_epochs_that_are_no_moment_are_told_apart(log_of):
    """A zero that stands for "never", a huge number and a word are different troubles."""
    log = log_of("a,1e300,v", "b,nan,v", "c,soon,v", "d,,v", "e,99999999999999,v", timestamp_format="epoch_s")

    assert log.counts().by_reason == {
        "no_timestamp": 1,
        "unreadable_timestamp": 2,
        "timestamp_out_of_range": 2,
    }


@pytest.mark.parametrize("form", ["%Q", "epoch", "epoch_ns", ""])
def test_a_format_that_nobody_understands_is_refused_at_once(log_of, form):
    """Else every timestamp would be unreadable, after a long scan."""
    with pytest.raises(EventLogError, match="timestamp_format="):
        log_of("ana,2024-01-02,visit", timestamp_format=form)


def test_an_unknown_time_zone_is_refused_with_the_nearest():
    """A misspelt zone would otherwise fail in the middle of a scan, in the engine's words."""
    from journeykit.eventlog import events

    with pytest.raises(UnknownNameError) as error:
        events("nowhere.csv", customer="c", timestamp="t", stage="s", timezone="Europe/Copenhague")
    assert (error.value.kind, error.value.nearest) == ("time zone", "Europe/Copenhagen")


DAY = dt.datetime(2024, 7, 2, 10, 0)  # noqa: DTZ001
TYPED = {
    "naive": (pa.array([DAY], pa.timestamp("us")), "2024-07-02T08:00:00"),
    "naive nanoseconds": (pa.array([DAY], pa.timestamp("ns")), "2024-07-02T08:00:00"),
    "naive seconds": (pa.array([DAY], pa.timestamp("s")), "2024-07-02T08:00:00"),
    "aware": (pa.array([DAY], pa.timestamp("ms", "Asia/Tokyo")), "2024-07-02T10:00:00"),
    "date": (pa.array([DAY.date()], pa.date32()), "2024-07-01T22:00:00"),
}


@pytest.mark.parametrize(("column", "utc"), TYPED.values(), ids=TYPED)
def test_typed_timestamps_are_read_by_their_type(opened, moments, column, utc):
    """Naive ones are local, aware ones are moments, dates are midnight."""
    table = pa.table({"customer": ["ana"], "timestamp": column, "touchpoint": ["visit"]})

    assert moments(opened(table, timezone="Europe/Copenhagen")) == {"ana": utc}


@pytest.mark.skipif(
    duckdb.__version__ < "2", reason="DuckDB 1.5 can't try this cast: it is an error of ours there"
)
def test_typed_timestamps_beyond_all_calendars_are_out_of_range(opened):
    """The year 290000 overflows a conversion between zones; the cell is at fault, not the log."""
    far = pa.array([2**63 - 1, -(2**62), 0], pa.timestamp("ms"))
    table = pa.table({"customer": ["a", "b", "c"], "timestamp": far, "touchpoint": ["v", "v", "v"]})

    log = opened(table, timezone="Europe/Copenhagen")

    assert (log.counts().used, log.counts().by_reason) == (1, {"timestamp_out_of_range": 2})


def test_numbers_are_no_timestamps_unless_a_format_says_so(opened, moments):
    """Seconds and milliseconds look alike; the message names the way out."""
    table = pa.table({"customer": ["ana"], "timestamp": [1735639200], "touchpoint": ["visit"]})

    with pytest.raises(EventLogError, match=r"column 'timestamp' holds numbers \(int64\).*'epoch_s'"):
        opened(table)
    assert moments(opened(table, timestamp_format="epoch_s")) == {"ana": "2024-12-31T10:00:00"}


@pytest.mark.parametrize("values", [[20241231, None], [20241231.0, None]], ids=["whole", "float"])
def test_a_pattern_reads_numbers_as_their_digits(opened, moments, values):
    """Data warehouses keep days as 20241231; pandas makes them floats where one is missing."""
    table = pa.table({"customer": ["ana", "ben"], "timestamp": values, "touchpoint": ["v", "v"]})

    log = opened(table, timestamp_format="%Y%m%d")

    assert (moments(log), log.counts().by_reason) == ({"ana": "2024-12-31T00:00:00"}, {"no_timestamp": 1})


@pytest.mark.parametrize("column", [pa.array([True]), pa.array([dt.time(10)])], ids=["truth", "time of day"])
def test_what_can_hold_no_moment_is_refused(opened, column):
    """A wrong column is found before the scan."""
    with pytest.raises(EventLogError, match=r"column 'timestamp' holds .*, not timestamps"):
        opened(pa.table({"customer": ["ana"], "timestamp": column, "touchpoint": ["v"]}))


def test_a_format_for_typed_timestamps_is_refused(opened):
    """Ignoring it would hide that the caller expects text."""
    table = pa.table({"customer": ["ana"], "timestamp": [DAY], "touchpoint": ["v"]})

    with pytest.raises(EventLogError, match="needs no timestamp_format"):
        opened(table, timestamp_format="%Y")


def test_a_column_without_any_value_is_a_column_of_nulls(opened):
    """Such a column has no type; its rows are counted like others."""
    table = pa.table({"customer": ["ana"], "timestamp": pa.nulls(1), "touchpoint": ["v"]})

    assert opened(table).counts().by_reason == {"no_timestamp": 1}
