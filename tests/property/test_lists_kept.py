"""What lists hold, how they are saved, and what is too much for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb
import pytest

import journeykit as jk
from journeykit.engines import duckdb_lists, duckdb_views
from journeykit.saving.manifest import FORMAT
from journeykit.testing.cases import JourneyInput, day
from tests.property.engine import observed
from tests.property.lists import by_lists, by_windows, has_lists, told

if TYPE_CHECKING:
    from journeykit.engines.duckdb_shape import Shape

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")


def test_whoever_comes_a_thousand_times_is_paired_with_themselves_in_cells():
    """A bot, or all whom a shop does not know: half a million pairs, of which few differ."""
    case = restless(duckdb_views.MANY * 4)

    with by_lists(case) as one, by_windows(case) as other:
        connection = one.log.backend.con
        found = connection.execute("SELECT view_name FROM duckdb_views() WHERE view_name LIKE '%_pairs'")
        [[few]] = connection.execute(f"SELECT count(*) FROM {found.fetchall()[0][0]}").fetchall()
        assert told(one) == told(other)

    assert few < duckdb_views.MANY


def restless(times: int) -> JourneyInput:
    """Go back and forth between two stages."""
    lifecycle = jk.Lifecycle("two", ["in", "out"], touchpoints={"come": "in", "go": "out"})
    events = [
        {"customer": "bot", "timestamp": day(0.25 * number), "touchpoint": ("come", "go")[number % 2]}
        for number in range(times)
    ]
    events.append({"customer": "ana", "timestamp": day(1), "touchpoint": "come"})
    return JourneyInput("restless", lifecycle, tuple(events), ("customer", "timestamp", "touchpoint"))


@pytest.fixture
def case():
    """Forty customers of up to eight events each."""
    lifecycle = jk.Lifecycle("two", ["in", "out"], touchpoints={"come": "in", "go": "out"})
    history = ("come", "go", "?", "come", "go", "?", "go", "come")
    events = [
        {"customer": f"c{number}", "timestamp": day(step + number / 50), "touchpoint": what}
        for number in range(40)
        for step, what in enumerate(history[: number % 9])
    ]
    return JourneyInput("forty", lifecycle, tuple(events), ("customer", "timestamp", "touchpoint"))


def test_where_memory_is_short_some_customers_follow_others(case, monkeypatch):
    """Lists can't spill while they are made; what they come to is the same."""
    with by_lists(case) as journey:
        at_once = told(journey)
    asked = spied(monkeypatch)
    monkeypatch.setattr(duckdb_lists, "EVENT_BYTES", 100_000_000)

    with by_lists(case) as journey:
        assert told(journey) == at_once
    assert len(asked) > 1


def spied(monkeypatch, failures: int = 0) -> list[str]:
    """Note each query that makes lists; the first so many are out of memory."""
    asked, write = [], duckdb_lists.rows

    def noted(events: str, shape: Shape) -> str:
        asked.append(events)
        if len(asked) <= failures:
            raise duckdb.OutOfMemoryException
        return write(events, shape)

    monkeypatch.setattr(duckdb_lists, "rows", noted)
    return asked


def test_what_does_not_fit_after_all_is_made_in_more_parts(case, monkeypatch):
    """A guess of the memory it takes is a guess."""
    with by_lists(case) as journey:
        at_once = told(journey)
    asked = spied(monkeypatch, failures=1)

    with by_lists(case) as journey:
        assert told(journey) == at_once
    assert len(asked) == 5


def test_a_customer_too_large_for_a_list_is_ordered_by_windows(case, monkeypatch):
    """Windows spill: slower, and done."""
    with by_lists(case) as journey:
        by_list = told(journey)
    spied(monkeypatch, failures=1_000)

    with observed(case) as journey:
        assert not has_lists(journey)
        assert told(journey) == by_list


def test_what_lists_hold_is_what_files_of_this_format_hold():
    """Worked out on paper: whoever changes it makes a new format.

    Two bits are the stage and two the touchpoint, so that a day is 86.4e9 << 4.  Of an end, three bits are
    the day and three the ending: ana left the first stage for its only next one after a day and a half,
    (0 << 1 | 1) << 6 | 1 << 3 | 1; is open there since a day, 1 << 6 | 5 << 3 | 1; and left the goal, which
    leads nowhere, after two days and a half, 1 << 7 | 2.
    """
    lifecycle = jk.Lifecycle(
        "two", ["in", jk.Stage("out", kind="goal")], touchpoints={"come": "in", "go": "out"}
    )
    histories = {
        "ana": [("come", 0), ("come", 1), ("go", 1.5), ("?", 3), ("come", 4)],
        "ben": [("?", 2)],
        "cyd": [("come", 9)],
    }
    events = tuple(
        {"customer": customer, "timestamp": day(when), "touchpoint": what}
        for customer, history in histories.items()
        for what, when in history
    )
    columns, one = ("customer", "timestamp", "touchpoint"), 86_400_000_000 << 4
    case = JourneyInput("three", lifecycle, events, columns, as_of=day(5))

    with by_lists(case) as journey:
        kept = journey.observed.kept
        found = journey.scratch.rows_of(kept.rows.drop("customer").order_by("id"))

    assert (FORMAT, kept.layout.units, kept.layout.unmapped) == (2, (0, 5, 10), True)
    assert [tuple(row.values()) for row in found] == [
        ("ana", [0, one, one * 3 // 2 + 5, 3 * one + 10, 4 * one], [0, one * 3 // 2 + 5, 4 * one],
         [0b0_1_001_001, 0b0_1_101_001, 0b1_0_000_010], True, 0b111),
        ("ben", [2 * one + 10], [], [], False, 0b100),
        ("cyd", None, None, None, None, None),
    ]  # fmt: skip


def test_lists_are_saved_as_they_are_and_loaded(case, tmp_path):
    """Columns, what is unmapped, long lists, and whoever has lists only of what came later."""
    for number, one in enumerate((case, replace(case, as_of=day(3)), restless(duckdb_views.MANY))):
        path = tmp_path / f"{number}.jkt"
        with by_lists(one) as journey:
            journey.save(path)
            with jk.load(path, verify=True) as loaded:
                assert told(loaded) == told(journey)
                loaded.save(path)
            with jk.load(path) as again:
                assert told(again) == told(journey)


@pytest.mark.parametrize("many", [61, 62, 63, 100])
def test_more_uses_than_an_integer_has_bits_are_counted_one_by_one(many):
    """A shop with a hundred kinds of pages."""
    names = [f"page {number}" for number in range(many)]
    stages = [jk.Stage("in"), jk.Stage("bought", kind="goal")]
    lifecycle = jk.Lifecycle("pages", stages, touchpoints={**dict.fromkeys(names, "in"), names[-1]: "bought"})
    events = [
        {"customer": f"c{number % 7}", "timestamp": day(number), "touchpoint": name}
        for number, name in enumerate(names * 2)
    ]
    case = JourneyInput("pages", lifecycle, tuple(events), ("customer", "timestamp", "touchpoint"))

    with by_lists(case) as one, by_windows(case) as other:
        assert told(one) == told(other)


@pytest.mark.parametrize("stages", [50, 51])
def test_more_stages_than_fifty_are_for_windows(stages):
    """The endings of each are bits of one integer."""
    names = [f"s{number}" for number in range(stages)]
    lifecycle = jk.Lifecycle("long", names, touchpoints={name: name for name in names})
    events = [
        {"customer": f"c{number % 3}", "timestamp": day(number), "touchpoint": names[number * 7 % stages]}
        for number in range(90)
    ]
    case = JourneyInput("long", lifecycle, tuple(events), ("customer", "timestamp", "touchpoint"))

    with observed(case) as one, by_windows(case) as other:
        assert has_lists(one) == (stages == 50)
        assert told(one) == told(other)


def test_an_end_so_late_that_no_moment_holds_it_is_for_windows(case):
    """What is known is known as of a date of the caller's choice; lists hold it beside a stage."""
    far = replace(case, as_of=datetime(9999, 1, 1, tzinfo=UTC))
    names = tuple(
        {**row, "touchpoint": f"{row['touchpoint']}{number}"} for number, row in enumerate(far.events)
    )

    with by_lists(far) as one, by_windows(far) as other:
        assert told(one) == told(other)
    with observed(replace(far, events=(*far.events, *names))) as journey:
        assert not has_lists(journey)
        assert journey.counts.events == 2 * len(far.events)


def test_quantiles_of_more_than_memory_holds_are_asked_for_in_parts(case, monkeypatch):
    """They need all values at once, but not all moves at once."""
    with by_lists(case) as journey:
        at_once = [jk.transitions(journey).to_dicts(), list(journey.graph().edges(data=True))]
        monkeypatch.setattr(journey.scratch.engine, "parts", lambda *_: 3)
        in_parts = [jk.transitions(journey).to_dicts(), list(journey.graph().edges(data=True))]

    assert in_parts == at_once
