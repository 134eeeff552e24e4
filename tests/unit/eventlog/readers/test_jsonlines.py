"""JSON lines: numbers keep their type, text stays text."""

from __future__ import annotations

import pytest

from journeykit.errors import EventLogError

LINE = '{"customer": "ana", "timestamp": "2024-01-01T10:00:00+02:00", "touchpoint": "visit"}\n'


@pytest.mark.parametrize("name", ["e.jsonl", "e.ndjson", "e.json", "e.jsonl.gz"])
def test_one_object_a_line_is_one_row(opened, written, moments, name):
    """Text that looks like a time is read by our rules; the engine would have dropped the offset."""
    log = opened(
        written(name, LINE + LINE.replace("ana", "ben").replace("+02:00", "")), timezone="Asia/Tokyo"
    )

    assert moments(log) == {"ana": "2024-01-01T08:00:00", "ben": "2024-01-01T01:00:00"}


def test_a_json_file_may_hold_one_array(opened, written):
    """Some exports do."""
    log = opened(written("e.json", f"[{LINE.strip()}, {LINE.strip()}]"))

    assert log.counts().used == 2


def test_values_keep_their_type(opened, written):
    """Numbers are numbers, texts that look like numbers, dates or ids are texts."""
    log = opened(
        written(
            "e.jsonl",
            '{"customer": 7, "timestamp": 1735639200, "touchpoint": "2024-01-01", "value": 1.5,'
            ' "code": "007", "id": "123e4567-e89b-12d3-a456-426614174000",'
            ' "big": 12345678901234567890, "yes": true}\n',
        ),
        timestamp_format="epoch_s",
    )

    assert log.rows_of(log.source) == [
        {
            "customer": 7,
            "timestamp": 1735639200,
            "touchpoint": "2024-01-01",
            "value": 1.5,
            "code": "007",
            "id": "123e4567-e89b-12d3-a456-426614174000",
            "big": "12345678901234567890",
            "yes": True,
        }
    ]


def test_a_column_of_several_types_is_text(opened, written):
    """An id that was a number until the migration."""
    log = opened(written("e.jsonl", LINE + LINE.replace('"ana"', "7")))

    assert sorted(row["customer"] for row in log.rows_of(log.events)) == ["7", "ana"]


def test_a_key_that_only_the_last_line_has_is_a_column(opened, written):
    """A sample of the first lines would make it an error at the last."""
    log = opened(written("e.jsonl", LINE * 25_000 + LINE.replace("}", ', "stage": "won"}')), stage="stage")

    found = log.events.filter(log.events.stage.notnull())

    assert [row["stage"] for row in log.rows_of(found)] == ["won"]


def test_many_rare_keys_are_columns_all_the_same(opened, written):
    """Every event type brings its own properties; the engine would make one map of them all."""
    lines = [LINE.replace("}", f', "key_{number}": 1}}') for number in range(300)]

    log = opened(written("e.jsonl", "".join(lines)))

    assert (log.counts().used, len(log.source.columns)) == (300, 303)


@pytest.mark.parametrize("text", ["", "1\n2\n", f"[{LINE.strip()}]"], ids=["empty", "numbers", "array"])
def test_lines_that_are_no_objects_are_refused(opened, written, text):
    """There are no columns in them."""
    with pytest.raises(EventLogError, match="holds no JSON objects, one a line"):
        opened(written("e.jsonl", text))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (LINE + '{"customer":\n' + LINE, "Malformed JSON"),
        (LINE.replace("ana", "K\xf8b").encode("latin-1"), "not UTF-8"),
        (LINE.replace("}", ', "customer": "ben"}'), "duplicate key"),
    ],
    ids=["broken", "not UTF-8", "one key twice"],
)
def test_a_broken_line_is_an_error_of_ours(opened, written, content, why):
    """In words for the caller, with the file."""
    with pytest.raises(EventLogError, match=why) as error:
        opened(written("e.jsonl", content)).counts()
    assert "e.jsonl" in str(error.value)


def test_names_deep_in_a_file_may_differ_in_case_only(opened, written, rows_of):
    """Such an object has no type in the engine; what lies on top of it keeps its own types."""
    deep = '"more": {"a": 1, "A": 2}, "count": 2, "share": 0.5, "known": true, "mixed": 1, "nothing": null'
    other = '"more": {"b": 1}, "count": 3, "share": 1, "known": false, "mixed": "x", "nothing": null'
    lines = [LINE.replace("}", f", {cells}}}") for cells in (deep, other)]

    log = opened(
        written("e.jsonl", "".join(lines)), attributes=["count", "share", "known", "mixed", "nothing"]
    )

    assert str(log.source.schema()["more"]) == "json"
    kept = log.events.select(*(f"attribute:{name}" for name in log.attributes))
    assert rows_of(log, kept) == [(2, 0.5, True, "1", None), (3, 1.0, False, "x", None)]


def test_one_object_may_be_as_large_as_its_file(opened, written):
    """A page of an API is one object, and may hold thousands of records; the engine expects 16 MB at most."""
    thing = LINE.strip().replace("}", f', "note": "{"x" * (1 << 24)}"}}')

    assert opened(written("e.json", thing)).counts().used == 1
