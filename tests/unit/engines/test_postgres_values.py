"""PostgreSQL reads times and numbers as DuckDB does, or not at all."""

from __future__ import annotations

import itertools

import ibis
import pyarrow as pa
import pytest

from journeykit.engines import connect_embedded, connect_to
from journeykit.eventlog import columns
from journeykit.eventlog.times import read_times

DATES = (
    *(
        "2024-01-05",
        "2024/1/5",
        "2024-13-01",
        "2024-02-30",
        "2024-2-29",
        "0000-02-29",
        "1900-01-01",
        "2200-12-31",
    ),
    *("1899-12-31", "9999-12-31", "2024-01/05", "24-01-05", "2024-03-31", "2024-10-27", "1969-12-31"),
)
CLOCKS = (
    *("", "T10:00", " 1:02", " 24:00:00", " 23:59:60", " 10:60", " 02:30:00", "T25:00:00", "  10:00:00"),
    *(" 03:00:00.5", " 10:00:00.1234567", " 10:00:00.9999999", " 10:00:00.", " 00:00:00.000001"),
)
OFFSETS = (
    "",
    "Z",
    " Z",
    "+02",
    "+0230",
    "-14:00",
    "+15:00",
    " +02:00",
    " UTC",
    "GMT",
    " PST",
    "+2",
    "z",
    "+02:60",
)
ODD = (
    None,
    "",
    " ",
    "infinity",
    "-Infinity ",
    "now",
    "today",
    "epoch",
    "allballs",
    "J2451187",
    "2024-01-05\n",
    "٣",
)
TEXTS = [*map("".join, itertools.product(DATES, CLOCKS, OFFSETS)), " 2024-01-05 10:00 ", *ODD]

NUMBERS = (
    *(
        "1e5",
        "0x1F",
        "1_000",
        " 12 ",
        "12.5",
        ".5",
        "5.",
        "nan",
        "-Infinity",
        "",
        "1,5",
        "+5",
        "-0",
        "1e",
        "0b11",
    ),
    *(
        "1234567890123456789",
        "12 3",
        "99999999999999999999999999999",
        "1e-13",
        "0.1234567890125",
        "1__0",
        "_1",
    ),
    *(
        "1_",
        "0o17",
        "--1",
        "٣",
        "12\n",
        "12abc",
        "$5",
        "true",
        "1e25",
        "1e26",
        ".",
        "e5",
        "0.0000000000005",
        None,
    ),
)
FLOATS = (7.0, 7.5, -0.0, 1e18, 9.3e18, float("nan"), float("inf"), None, 2.5, 3.5, -2.5, 0.1)

HALF_HOURS = [
    f"2024-{day} 0{hour}:{minute}:00"
    for day in ("03-31", "10-27")
    for hour in range(5)
    for minute in ("00", "30")
]
MOMENTS = [*HALF_HOURS, "1899-12-31 00:00:00", "1950-07-01 01:02:03.000004", None]


@pytest.fixture(scope="module")
def answers(server):
    """Ask both engines the same of a column, and give both answers."""
    theirs, _ = connect_to(server.uri)
    own = connect_embedded()

    def both(cells, ask):
        frame = pa.table({"place": range(len(cells)), "cell": cells})
        found = []
        for engine in (own, theirs):
            table = engine.hand_over(frame)
            asked = table.select("place", **ask(table.cell, engine)).order_by("place")
            found.append(engine.arrow(asked).to_pylist())
        return found

    yield both
    theirs.close()
    own.close()


def times(timezone, pattern=None):
    """Ask for all that is read of a timestamp, and for what the clocks showed."""

    def ask(cell, engine):
        read = read_times(cell, "at", timezone=timezone, pattern=pattern, engine=engine)
        used = ibis.ifelse(read.in_range, read.time_us, None)
        return {
            "used": used,
            "out": read.time_us.notnull() & ~read.in_range,
            "given": read.given,
            "readable": read.readable.fill_null(ibis.literal(False)),
            "own": read.own_zone,
            "clock": engine.clock_us(used, timezone),
        }

    return ask


@pytest.mark.parametrize("timezone", ["UTC", "Europe/Copenhagen"])
def test_texts_are_the_same_times(answers, timezone):
    """A date that one engine reads and another sets aside would be another answer."""
    own, theirs = answers(TEXTS, times(timezone))

    assert [both for both in zip(TEXTS, own, theirs, strict=True) if both[1] != both[2]] == []


@pytest.mark.parametrize("kind", [pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.date32()], ids=str)
@pytest.mark.parametrize("timezone", ["Europe/Copenhagen", "Australia/Lord_Howe", "CET", "EET", "WET", "MET"])
def test_clocks_that_skip_or_repeat_an_hour_are_read_alike(answers, timezone, kind):
    """Also where PostgreSQL takes the zone's name for a fixed offset."""
    own, theirs = answers(pa.array(MOMENTS).cast(pa.timestamp("us")).cast(kind, safe=False), times(timezone))

    assert own == theirs


def test_texts_are_the_same_numbers(answers):
    """What is no number is null in both, and what is one has the same digits."""

    def ask(cell, engine):
        return {
            "number": columns.number(cell, engine),
            "bad": columns.unreadable_number(cell, engine),
            "sequence": columns.sequence(cell, "n", engine).cast("string"),
            "moment": times("UTC", "epoch_s")(cell, engine)["used"],
        }

    own, theirs = answers(NUMBERS, ask)

    assert [both for both in zip(NUMBERS, own, theirs, strict=True) if both[1] != both[2]] == []


def test_floats_are_the_same_ids_and_numbers(answers):
    """A whole float is its digits, and what is no number is nobody."""

    def ask(cell, engine):
        finite = ibis.ifelse(columns.number(cell, engine).isnull(), None, cell)
        return {
            "number": finite,
            "id": columns.identifier_text(finite, engine),
            "same": columns.identifier(finite),
        }

    own, theirs = answers(FLOATS, ask)

    assert own == theirs


def test_what_an_id_is_mixed_to_fits_64_bits_and_tells_ids_apart(answers):
    """Half of DuckDB's own would be too large."""
    own, theirs = answers([f"c{n}" for n in range(1000)], lambda cell, engine: {"mixed": engine.hash64(cell)})

    assert [len({row["mixed"] for row in rows}) for rows in (own, theirs)] == [1000, 1000]


def test_text_sorts_by_code_point_whatever_the_language(server):
    """Danish would put "aa" after "z"; this server may have no language, but its SQL shows what it sorts."""
    engine, _ = connect_to(server.uri)
    names = engine.hand_over(pa.table({"name": ["Zoe", "aa", "Å", "z", "~", None]}))

    ordered = names.order_by(engine.by_code_point(names.name))

    assert [row["name"] for row in engine.arrow(ordered).to_pylist()] == ["Zoe", "aa", "z", "~", "Å", None]
    assert "CONVERT_TO" in engine.backend.compile(ordered)
    engine.close()
