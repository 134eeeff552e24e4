"""Lists and windows order events alike: what is observed is the same, row by row."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import assume, given, reject

import journeykit as jk
from journeykit import observing
from journeykit.engines import duckdb_lists, duckdb_views
from journeykit.testing import strategies as jst
from journeykit.testing.cases import JourneyInput, day
from tests.property.engine import observed
from tests.property.test_oracle import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import ibis.expr.types as ir

    from journeykit.engines.duckdb_shape import Shape

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

TELLING = ("customer", "timestamp", "touchpoint", "stage", "event_id")


def plain(drawn: JourneyInput) -> JourneyInput:
    """Make it plain: nothing but names and ids beside the time, no touchpoint that stages share."""
    shared = {name for name, (_, stages) in drawn.lifecycle.touchpoint_names.items() if len(stages) > 1}
    columns = tuple(name for name in drawn.columns if name in TELLING)
    events = tuple(
        {name: row[name] for name in columns} for row in drawn.events if row.get("touchpoint") not in shared
    )
    assume(events)
    return replace(drawn, events=events, columns=columns, customers=None, by=None)


@contextlib.contextmanager
def by_lists(case: JourneyInput) -> Iterator[jk.Journey]:
    """Observe by lists; a log without a usable event is not drawn."""
    with usable(), observed(case) as journey:
        assert has_lists(journey)
        yield journey


@contextlib.contextmanager
def by_windows(case: JourneyInput) -> Iterator[jk.Journey]:
    """Observe by windows."""
    with patch.object(observing, "is_plain", lambda *_: False), observed(case) as journey:
        assert not has_lists(journey)
        yield journey


@contextlib.contextmanager
def usable() -> Iterator[None]:
    """Draw another log where this one has no event that can be used."""
    try:
        yield
    except observing.EventLogError:
        reject()


def has_lists(journey: jk.Journey) -> bool:
    """Tell which way it was ordered."""
    made = journey.log.backend.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return any(name.endswith("_lists") for (name,) in made)


def told(journey: jk.Journey) -> dict[str, Any]:
    """Tell all that was observed, with ids for numbers of customers, in an order of its own."""
    seen = journey.observed
    ends = rows(journey, seen.ends)
    return {
        "counts": journey.counts,
        "customers": in_order(journey.scratch.rows_of(journey.customers.drop("customer"))),
        "steps": in_order(rows(journey, seen.steps)),
        "visits": in_order(rows(journey, seen.visits)),
        "ends": Counter((row["id"], row["stage"], row["day"], row["ending"], row["reached"]) for row in ends),
        # Which of a customer's visits is the one that counts is for each to choose.
        "stages": Counter((row["id"], row["stage"]) for row in ends if row["counts_customer"]),
        "endings": Counter((row["id"], row["stage"], row["ending"]) for row in ends if row["counts_ending"]),
        "pairs": sum((pair(row) for row in by_customer(journey, seen.count_pairs)), Counter()),
        "counted": in_order(by_customer(journey, lambda join: counted(seen.count_ends(join)))),
        "uses": in_order(by_customer(journey, seen.count_uses)),
        "users": sorted(
            tuple(str(row[name]) for name in ("id", "stage", "touchpoint", "customers"))
            for row in by_customer(journey, seen.count_users)
        ),
    }


def rows(journey: jk.Journey, relation: ir.Table) -> list[dict[str, Any]]:
    """Fetch a relation, with the customers' ids."""
    named = relation.inner_join(journey.customers.select("customer", "id"), "customer").drop("customer")
    return journey.scratch.rows_of(named)


def by_customer(journey: jk.Journey, count: Callable[[Any], ir.Table]) -> list[dict[str, Any]]:
    """Have something counted, each customer being a group of their own."""
    found = count(lambda relation: relation.mutate(group=relation.customer))
    return rows(journey, found.rename(customer="group"))


def counted(ends: ir.Table) -> ir.Table:
    """Add the counts of ends up as far as they do not depend on which of a customer's visits counts."""
    return ends.group_by(["group", "stage"]).aggregate(
        **{name: ends[name].sum() for name in ("visits", "customers", "enders", "reached")}
    )


def in_order(found: list[dict[str, Any]]) -> list[str]:
    """Sort rows, whatever order they and their columns came in."""
    return sorted(str(sorted(row.items())) for row in found)


def pair(row: dict[str, Any]) -> Counter[Any]:
    """Count a pair; which of the two is the one is for each to choose."""
    ends = sorted([(row["day"], row["ending"]), (row["other_day"], row["other_ending"])])
    return Counter({(row["id"], row["stage"], *ends): row["n"]})


@given(jst.journeys_input(most=40))
def test_lists_and_windows_observe_the_same(drawn):
    """Two ways decide where visits begin, how they end and whom they count."""
    case = plain(drawn)

    with by_lists(case) as one, by_windows(case) as other:
        assert told(one) == told(other)


@given(jst.journeys_input(most=40))
def test_on_lists_the_engine_and_the_oracle_answer_alike(drawn):
    """Most drawn logs have what only windows can order; these have none, and their lists count as long."""
    case = plain(drawn)

    with patch.object(duckdb_views, "MANY", 2):
        with by_lists(case) as one, by_windows(case) as other:
            assert told(one) == told(other)
        compare(case, None)


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


def test_more_uses_than_an_integer_has_bits_are_counted_one_by_one():
    """A shop with a hundred kinds of pages."""
    names = [f"page {number}" for number in range(100)]
    lifecycle = jk.Lifecycle("pages", ["in"], touchpoints=dict.fromkeys(names, "in"))
    events = [
        {"customer": f"c{number % 7}", "timestamp": day(number), "touchpoint": name}
        for number, name in enumerate(names * 2)
    ]
    case = JourneyInput("pages", lifecycle, tuple(events), ("customer", "timestamp", "touchpoint"))

    with by_lists(case) as one, by_windows(case) as other:
        assert told(one)["uses"] == told(other)["uses"]


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
