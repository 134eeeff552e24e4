"""CSV and its kin: every cell is text, and every file that can't be read says why."""

from __future__ import annotations

import pytest

from journeykit.errors import EventLogError

ROW = {"customer": "ana", "timestamp": "2024-01-01", "touchpoint": "visit"}


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("name", ["events.csv", "events.txt", "EVENTS.CSV", "events.csv.gz"])
def test_the_delimiter_is_found(opened, written, name, delimiter):
    """A Danish spreadsheet writes semicolons into a .csv."""
    text = "customer,timestamp,touchpoint\nana,2024-01-01,visit\n".replace(",", delimiter)

    log = opened(written(name, text))

    assert log.rows_of(log.source) == [ROW]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_line_endings_and_a_byte_order_mark_are_no_data(opened, written, ending, start):
    """Excel writes both of its own kind."""
    text = start + ending.join(["customer,timestamp,touchpoint", "ana,2024-01-01,visit", ""])

    log = opened(written("events.csv", text))

    assert log.rows_of(log.source) == [ROW]


def test_cells_are_text_as_they_stand(log_of):
    """007, 1.0, true, NA and #1 are names; an apostrophe quotes nothing."""
    cells = ["007", "1.0", "true", "NA", "#1", "'x", "it's", " padded ", "æøå", "2024-01-01"]
    log = log_of(*(f"{cell},2024-01-01,visit" for cell in cells))

    assert [row["customer"] for row in log.rows_of(log.source)] == cells


def test_quoted_cells_hold_delimiters_quotes_and_line_ends(log_of):
    """Also where the first of them comes long after the lines that the delimiter is guessed from."""
    plain = ["ana,2024-01-01,visit"] * 30_000
    log = log_of(*plain, 'ana,2024-01-01,"x, ""y"" \nz"')

    found = log.rows_of(log.source.filter(log.source.touchpoint != "visit"))

    assert [row["touchpoint"] for row in found] == ['x, "y" \nz']


def test_a_file_is_read_by_its_name_even_where_that_is_a_pattern(opened, written):
    """To DuckDB, `events[1].csv` means `events1.csv`, and it would have read that one."""
    written("events1.csv", "customer,timestamp,touchpoint\nwrong,2024-01-01,visit\n")
    path = written("events[1].csv", "customer,timestamp,touchpoint\nright,2024-01-01,visit\n")

    log = opened(path)

    assert [row["customer"] for row in log.rows_of(log.source)] == ["right"]


@pytest.mark.parametrize(
    "name", ["it's.csv", 'say "hi".csv', "a b;c.csv", "what?.csv", "{a,b}.csv", "-x.csv", "æ.csv"]
)
def test_any_file_name_will_do(opened, written, name):
    """Names are quoted, not pasted."""
    log = opened(written(name, "customer,timestamp,touchpoint\nana,2024-01-01,visit\n"))

    assert log.rows_of(log.source) == [ROW]


def test_files_of_a_pattern_are_matched_by_column_name(opened, written, tmp_path):
    """An export gains a column in March, and has its columns in another order in April."""
    written("2024-02.csv", "customer,timestamp,touchpoint\nana,2024-02-01,visit\n")
    written("2024-03.csv", "touchpoint,customer,timestamp,channel\ndemo,ben,2024-03-01,web\n")
    written("2024-04.csv", "")

    log = opened(str(tmp_path / "2024-*.csv"), channel="channel")

    assert sorted(tuple(row.values()) for row in log.rows_of(log.source)) == [
        ("ana", "2024-02-01", "visit", None),
        ("ben", "2024-03-01", "demo", "web"),
    ]


def test_directories_that_name_a_column_are_columns(opened, written, tmp_path):
    """A data lake writes the country into the path, and nowhere else."""
    for country in ("dk", "no"):
        written(f"country={country}/events.csv", f"customer,timestamp,touchpoint\n{country},2024-01-01,v\n")

    log = opened(str(tmp_path / "*" / "events.csv"), attributes=["country"])

    assert {row["customer"]: row["country"] for row in log.rows_of(log.source)} == {"dk": "dk", "no": "no"}


@pytest.mark.parametrize("pattern", ["customer=7/events.csv", "customer=*/events.csv"])
def test_a_directory_never_overrides_a_column_of_the_file(opened, written, tmp_path, pattern):
    """DuckDB would put 7 in the place of every customer."""
    written("customer=7/events.csv", "customer,timestamp,touchpoint\nana,2024-01-01,visit\n")
    written("customer=8/events.csv", "customer,timestamp,touchpoint\nana,2024-01-01,visit\n")

    log = opened(str(tmp_path / pattern))

    assert {row["customer"] for row in log.rows_of(log.source)} == {"ana"}


@pytest.mark.parametrize("header", ["customer,timestamp,customer", "customer,timestamp,touchpoint,Customer"])
def test_two_columns_of_one_name_are_refused(opened, written, header):
    """Which of them would be counted?"""
    cells = ",".join(["2024-01-01"] * (header.count(",") + 1))

    with pytest.raises(EventLogError, match=r"two columns are named '[cC]ustomer'"):
        opened(written("events.csv", f"{header}\n{cells}\n"), touchpoint="customer")


def test_names_that_only_look_repeated_are_fine(opened, written):
    """`visit_1` beside `visit` is a name of its own."""
    log = opened(
        written("events.csv", "customer,timestamp,touchpoint,touchpoint_1\nana,2024-01-01,a,b\n"),
        stage="touchpoint_1",
    )

    assert log.rows_of(log.events.select("touchpoint", "stage")) == [{"touchpoint": "a", "stage": "b"}]


@pytest.mark.parametrize(("line", "why"), [("ana,2024-01-01", "2"), ("ana,2024-01-01,x,y", "4")])
def test_a_broken_line_is_named_with_file_and_line(log_of, line, why):
    """One comma among a million lines has to be found."""
    log = log_of(*["ana,2024-01-01,visit"] * 30_000, line, "ana,2024-01-01,visit")

    with pytest.raises(EventLogError) as error:
        log.counts()

    assert f"events.csv', line 30002: Expected Number of Columns: 3 Found: {why}. The line: {line!r}" in str(
        error.value
    )


def test_a_file_that_mixes_line_endings_says_so(opened, written):
    """Two exports pasted into one file; the engine would offer a page of settings that are not ours."""
    text = "customer,timestamp,touchpoint\r\nana,2024-01-01,visit\nben,2024-01-01,visit\r\n"

    with pytest.raises(EventLogError, match=r"no delimiter and quotes fit all lines .*Windows and Unix"):
        opened(written("events.csv", text))


def test_a_file_that_is_not_gzipped_says_so(opened, tmp_path):
    """A browser may have unpacked it, and kept the name."""
    path = tmp_path / "events.csv.gz"
    path.write_text("customer,timestamp,touchpoint\n")

    with pytest.raises(EventLogError, match=r"named \.gz but is not gzipped"):
        opened(path)


@pytest.mark.parametrize("name", ["events.csv", "events.csv.gz"])
@pytest.mark.parametrize(("text", "why"), [("", "is empty"), ("\n\n", "has no header line")])
def test_a_file_without_a_header_says_so(opened, written, name, text, why):
    """An export that failed leaves such a file."""
    with pytest.raises(EventLogError, match=why):
        opened(written(name, text))
