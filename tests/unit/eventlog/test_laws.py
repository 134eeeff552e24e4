"""Laws that hold for every log we can think of: rows add up, and their order says nothing."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from journeykit.eventlog import events

CELLS = {
    "customer": st.sampled_from(["ana", "NA", "", None]),
    "timestamp": st.sampled_from(
        ["2024-01-01", "2024-01-02T10:00:00+02:00", "2024-01-02 08:00", "9999-12-31", "soon", " ", "", None]
    ),
    "touchpoint": st.sampled_from(["visit", "index", "", None]),
    "stage": st.sampled_from(["trial", "", None]),
    "id": st.sampled_from(["1", "2", "", None]),
    "rank": st.sampled_from([1, 9, 10, None]),
}
MOMENTS = {"2024-01-01": 0, "2024-01-02T10:00:00+02:00": 32, "2024-01-02 08:00": 32}


def reason(row):
    """Tell in plain Python why a row can't be used, repeated ids aside."""
    time = (row["timestamp"] or "").strip()
    if not row["customer"]:
        return "no_customer"
    if not time:
        return "no_timestamp"
    if time == "soon":
        return "unreadable_timestamp"
    if time == "9999-12-31":
        return "timestamp_out_of_range"
    return None if row["touchpoint"] or row["stage"] else "no_touchpoint_or_stage"


def place(row):
    """Order rows of one id as the log does; nulls last."""
    names = ("rank", "customer", "touchpoint", "stage")
    cells = [row[name] or None for name in names]
    return (MOMENTS[row["timestamp"].strip()], [(cell is None, cell) for cell in cells])


def kept_in_python(rows):
    """Keep what the log should keep, as tuples of all but the timestamp's spelling."""
    usable = sorted((row for row in rows if reason(row) is None), key=place)
    seen, kept = set(), []
    for row in usable:
        if row["id"] and row["id"] in seen:
            continue
        seen.add(row["id"])
        cells = (row["customer"], MOMENTS[row["timestamp"]], row["touchpoint"] or None, row["stage"] or None)
        kept.append((*cells, row["id"] or None, row["rank"]))
    return kept


@given(rows=st.lists(st.fixed_dictionaries(CELLS), max_size=12), random=st.randoms(use_true_random=False))
def test_rows_are_kept_or_set_aside_as_plain_python_says_whatever_their_order(rows, random):
    """The oracle is written apart from the engine's expressions; a shuffle may change nothing."""
    shuffled = random.sample(rows, len(rows))
    types = [(name, pa.int64() if name == "rank" else pa.string()) for name in CELLS]
    table = pa.Table.from_pylist(shuffled, schema=pa.schema(types))
    columns = {name: name for name in ("customer", "timestamp", "touchpoint", "stage")}

    with events(table, **columns, event_id="id", sequence="rank") as log:
        counts = log._counts
        hour = ((log.events.time_us // 3_600_000_000) - 473_352).name("hour")
        found = log.rows_of(
            log.events.select("customer", hour, "touchpoint", "stage", "event_id", "sequence")
        )
        aside = Counter(row["reason"] for row in log.rows_of(log.rejected))

    kept = kept_in_python(rows)
    assert Counter(tuple(row.values()) for row in found) == Counter(kept)
    expected = Counter(why for row in rows if (why := reason(row)))
    expected["repeated_event_id"] = len(rows) - sum(expected.values()) - len(kept)
    assert counts.by_reason == aside == +expected
    assert (counts.read, counts.used) == (len(rows), len(kept))
