"""Every kind of dirty input that was ever named: an error, or a counted rejection that can be fetched."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from journeykit.errors import EventLogError, UnknownNameError
from journeykit.eventlog.counting import LogCounts

quiet = pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")


def test_a_missing_column(log_of):
    """The columns there are tell where to look."""
    with pytest.raises(
        UnknownNameError, match=r"no column named 'account_id' in '.*events\.csv' \(customer=\)"
    ):
        log_of("ana,2024-01-01,visit", customer="account_id")


def test_a_misspelt_column(log_of):
    """The nearest is most likely the one."""
    with pytest.raises(UnknownNameError, match="Did you mean 'touchpoint'"):
        log_of("ana,2024-01-01,visit", touchpoint="touch_point")


def test_an_empty_file(opened, written):
    """Nothing, not even a header."""
    with pytest.raises(EventLogError, match="is empty"):
        opened(written("events.csv", ""))


def test_a_header_only(log_of):
    """A table without rows is read; it only has nothing to tell."""
    log = log_of()

    assert log.counts() == LogCounts(read=0, used=0, by_reason={})
    assert log.check().last is None
    with pytest.raises(EventLogError, match="holds no rows"):
        log.require_usable()


def test_no_such_file(opened, written):
    """The file beside it may be meant."""
    path = written("events_2024.csv", "customer,timestamp,touchpoint\n")

    with pytest.raises(
        EventLogError, match=r"there is no file '.*events2024\.csv'\. Did you mean 'events_2024\.csv'"
    ):
        opened(path.with_name("events2024.csv"))
    with pytest.raises(EventLogError, match="there is no file"):
        opened(path.parent / "nowhere" / "events.csv")
    with pytest.raises(EventLogError, match="no file matches"):
        opened(str(path.parent / "*.parquet"))


def test_a_directory(opened, written, tmp_path):
    """DuckDB would read whichever file it meets first."""
    written("events.csv", "customer,timestamp,touchpoint\nana,2024-01-01,visit\n")

    with pytest.raises(
        EventLogError, match=r"is a directory: give a file, or a pattern such as '.*/\*\.csv'"
    ):
        opened(tmp_path)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_not_utf_8(log_of, opened, written, encoding):
    """Excel's own CSV; the way out is named."""
    text = "customer,timestamp,touchpoint\nBjørn,2024-01-01,møde\n"

    with pytest.raises(EventLogError, match=r"events\.csv.*the text is not UTF-8\. Save it as UTF-8, or"):
        opened(written("events.csv", text.encode(encoding)))


def test_not_utf_8_far_below(opened, written):
    """The sniffer reads the first lines only; the scan meets the rest."""
    lines = b"ana,2024-01-01,visit\n" * 300_000
    path = written(
        "events.csv", b"customer,timestamp,touchpoint\n" + lines + "Bjørn,2024-01-01,x\n".encode("latin-1")
    )

    log = opened(path)

    with pytest.raises(EventLogError, match="line 300002: the text is not UTF-8"):
        log.counts()


@quiet
def test_some_unreadable_timestamps(log_of):
    """They are counted, and the others are used."""
    log = log_of("ana,2024-01-01,visit", "ana,soon,visit", "ana,01-02-2024,visit")

    assert log.counts() == LogCounts(read=3, used=1, by_reason={"unreadable_timestamp": 2})
    assert {row["timestamp"] for row in log.rows_of(log.rejected)} == {"soon", "01-02-2024"}


@quiet
def test_only_unreadable_timestamps(log_of):
    """An answer about nobody would be worse than none."""
    with pytest.raises(EventLogError, match="no row can be used"):
        log_of("ana,soon,visit", "ben,later,visit").require_usable()


def test_dd_mm_yyyy_dates(log_of, moments):
    """Unread without a format, proposed in the message, read with it."""
    with pytest.raises(EventLogError, match="timestamp_format='%d-%m-%Y'"):
        log_of("ana,03-04-2024,visit", "ana,13-04-2024,visit").require_usable()
    log = log_of("ana,03-04-2024,visit", timestamp_format="%d-%m-%Y")

    assert moments(log) == {"ana": "2024-04-03T00:00:00"}


def test_mixed_time_zones(log_of, moments):
    """Each is read by its own offset, whatever the order."""
    log = log_of("a,2024-01-01T12:00:00+02:00,v", "b,2024-01-01T11:00:00Z,v", "c,2024-01-01 05:00:00-05:00,v")

    assert moments(log) == {
        "a": "2024-01-01T10:00:00",
        "b": "2024-01-01T11:00:00",
        "c": "2024-01-01T10:00:00",
    }


@quiet
def test_dates_of_9999(log_of):
    """Salesforce's "until further notice" is no event."""
    log = log_of("ana,9999-12-31,visit", "ana,9999-12-31T00:00:00.000Z,visit", "ana,2024-01-01,visit")

    assert log.counts() == LogCounts(read=3, used=1, by_reason={"timestamp_out_of_range": 2})


def test_dates_of_next_year(log_of):
    """A meeting that is planned is an event; the check shows how far the log reaches."""
    year = dt.datetime.now(dt.UTC).year + 1
    log = log_of(f"ana,{year}-06-01,meeting", "ana,2024-01-01,visit")

    assert log.check().last == dt.datetime(year, 6, 1, tzinfo=dt.UTC)


def test_duplicate_rows(log_of):
    """Kept and counted as ties; with an id, set aside."""
    assert log_of(*["ana,2024-01-01,visit"] * 2).check().ties == 1


@quiet
def test_null_customers(log_of):
    """Nobody's events belong to no journey, and must not become one customer's."""
    log = log_of(",2024-01-01,visit", '"",2024-01-01,visit', "ana,2024-01-01,visit")

    assert log.counts() == LogCounts(read=3, used=1, by_reason={"no_customer": 2})


NAMES = [
    "path_start",
    "index",
    "at",
    "<script>",
    '"; drop table',
    "'; drop table x; --",
    "NULL",
    "%s",
    "a/b",
    "\\",
    "é",
    "🙂",
]


def test_events_with_names_that_mean_something_to_a_program(log_of, rows_of):
    """A name is data in every layer below."""
    quoted = ['"' + name.replace('"', '""') + '"' for name in NAMES]
    log = log_of(*(f"ana,2024-01-01,{name}" for name in quoted))

    assert {row["touchpoint"] for row in log.rows_of(log.events)} == set(NAMES)


@pytest.mark.parametrize(
    "name",
    [
        "index",
        "at",
        "select",
        "reason",
        "time_us",
        "customer_right",
        'a"b',
        "a b",
        "a;b",
        "is:x",
        "raw:x",
        "æ",
        "{x}",
    ],
)
def test_columns_with_names_that_mean_something_to_a_program(written, opened, name):
    """Every name that a caller gives is quoted."""
    header = '"' + name.replace('"', '""') + '"'
    path = written("events.csv", f"customer,timestamp,{header}\nana,2024-01-01,visit\n")

    log = opened(path, touchpoint=name, stage=name, attributes=[name])

    assert log.rows_of(log.events) == [
        {
            "customer": "ana",
            "time_us": 1_704_067_200_000_000,
            "stage": "visit",
            "touchpoint": "visit",
            f"attribute:{name}": "visit",
        }
    ]
    assert log.rows_of(log.rejected) == []


@pytest.mark.parametrize(
    "swapped", [("timestamp", "customer", "touchpoint"), ("touchpoint", "timestamp", "customer")]
)
def test_columns_that_have_the_names_of_other_roles(written, opened, swapped):
    """`customer` may be the name of the column of touchpoints."""
    header = ",".join(swapped)
    path = written("events.csv", f"{header}\nana,2024-01-01,visit\n")

    log = opened(path, customer=swapped[0], timestamp=swapped[1], touchpoint=swapped[2])

    assert [(row["customer"], row["touchpoint"]) for row in log.rows_of(log.events)] == [("ana", "visit")]


def test_a_column_called_index_in_a_frame(opened):
    """It is no index."""
    frame = pd.DataFrame({"index": ["ana"], "timestamp": ["2024-01-01"], "touchpoint": ["visit"]})

    assert opened(frame, customer="index").counts().used == 1


def test_one_event(log_of):
    """The smallest log."""
    check = log_of("ana,2024-01-01 10:00,visit").check()

    assert (check.used, check.customers, check.ties, check.first) == (1, 1, 0, check.last)


def test_one_customer(log_of):
    """A log of one is a log."""
    check = log_of("ana,2024-01-01 10:00,visit", "ana,2024-01-02 10:00,demo").check()

    assert (check.used, check.customers) == (2, 1)


def test_all_events_at_one_instant(log_of):
    """Nothing orders them, and the check says so."""
    check = log_of(*(f"ana,2024-01-01 10:00,{name}" for name in "abc")).check()

    assert (check.ties, check.first) == (2, check.last)


def test_a_delimiter_that_no_line_agrees_on(opened, written):
    """The engine makes one column of it; the message says where to look."""
    with pytest.raises(UnknownNameError, match="has every line as many cells"):
        opened(
            written("events.csv", "customer,timestamp,touchpoint\nana,2024-01-01\nben,2024-01-01,visit,x\n")
        )


def test_a_file_that_goes_away(log_of, tmp_path):
    """A log is lazy; the file is read when somebody counts."""
    log = log_of("ana,2024-01-01,visit")
    (tmp_path / "events.csv").unlink()

    with pytest.raises(EventLogError, match=r"events\.csv"):
        log.counts()
