"""What other people counted in the real logs with other tools is what journeykit counts.

Every name in a log becomes a stage of its own that repeats, so that each event is a
visit (events of one name at one instant are one).  Then drop-offs and transitions are
the starts, ends and pairs that process mining counts.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import journeykit as jk
from tests.realdata import reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENDS = ("achieved", "departed", "dropped", "open")

SILENCES = {
    # A day or a half hour more or less than these, and the counts would differ.
    "leadforge": (timedelta(days=7), "gaps_over_7d"),
    "milestones": (timedelta(days=30), "gaps_over_30d"),
    "webshop": (timedelta(days=30), "gaps_over_30d"),
    "sessions": (timedelta(days=7), "gaps_over_7d"),
    "retailer": (timedelta(days=90), "gaps_over_90d"),
    "ravenstack": (timedelta(days=90), "gaps_over_90d"),
}


@contextmanager
def observed(events: Sequence[reference.Event], plan: jk.Lifecycle) -> Iterator[jk.Journey]:
    """Observe events, ties in the order of facts.json."""
    with reference.open_events(events) as log, jk.observe(log, plan) as journey:
        yield journey


@pytest.fixture(scope="module", params=list(reference.LOGS))
def name(request: pytest.FixtureRequest) -> str:
    """The name of a log."""
    return request.param


@pytest.fixture(scope="module")
def log(name: str, known: Any) -> Any:
    """The log."""
    return known(name)


@pytest.fixture(scope="module")
def journey(name: str, log: Any) -> Iterator[jk.Journey]:
    """The log under a plan in which every name is a stage that repeats."""
    silence = SILENCES[name][0] + timedelta(microseconds=1)
    stages = [name.replace("/", " ") for name in log.names]
    plan = jk.Lifecycle(
        "every-name-a-stage",
        stages=stages,
        transitions=[(stage, stage) for stage in stages],
        touchpoints=dict(zip(log.names, stages, strict=True)),
        idle=silence,
    )
    with observed(log.events, plan) as journey:
        yield journey


def test_the_reference_reads_the_log_as_its_facts_do(log):
    """Everything below compares with facts.json in this order of events."""
    pairs = reference.direct_follow(log.events)
    facts = log.facts["direct_follow"]

    assert {
        "pairs_total": pairs.total(),
        "distinct_edges": len(pairs),
        "self_loop_pairs": sum(moves for (one, other), moves in pairs.items() if one == other),
    } == {key: facts[key] for key in ("pairs_total", "distinct_edges", "self_loop_pairs")}
    assert [[*pair, pairs[pair]] for pair in ((one, other) for one, other, _ in facts["top20"])] == facts[
        "top20"
    ]


def test_customers_events_and_times(journey, log):
    """The first things anyone checks."""
    check = journey.log.check(journey.lifecycle)
    first, last = (
        datetime.fromisoformat(log.facts[key]).replace(tzinfo=UTC)
        for key in ("first_timestamp", "last_timestamp")
    )

    assert (check.read, check.used, check.customers) == (
        log.facts["rows_in_file"],
        log.facts["events"],
        log.facts["cases"],
    )
    assert (check.first, check.last, journey.as_of) == (first, last, last)
    assert (check.unmapped_touchpoints, len(journey.touchpoint_names)) == ((), log.facts["activities"])
    assert (
        journey.counts.events,
        journey.counts.customers,
        journey.counts.unmapped,
        journey.counts.unplaced,
    ) == (
        log.facts["events"],
        log.facts["cases"],
        0,
        0,
    )


def test_moves_between_touchpoints(journey, log):
    """The directly-follows graph is what every process-mining tool agrees on: all of it, not a sample."""
    assert reference.next_moves(journey) == reference.direct_follow(log.events)


def test_events_and_customers_of_each_touchpoint(journey, log):
    """Volume and reach."""
    nodes = {
        node.partition("/")[2]: (data["events"], data["customers"])
        for node, data in journey.graph().nodes(data=True)
        if data["kind"] == "touchpoint"
    }

    assert nodes == {
        name: (row["events"], row["cases_reaching"]) for name, row in log.facts["stages"].items()
    }


def test_where_customers_start_and_end(journey, log):
    """A first visit is a start; a last one ends as achieved, departed, dropped or open."""
    moves_in = Counter()
    for row in jk.transitions(journey):
        moves_in[row.target] += row.moves
    found = {
        row.stage: {
            "cases_reaching": row.customers,
            "cases_starting_here": row.visits - moves_in[row.stage],
            "cases_ending_here": sum(getattr(row, end) for end in ENDS),
        }
        for row in jk.drop_offs(journey)
    }

    assert found == {
        name: {key: row[key] for key in ("cases_reaching", "cases_starting_here", "cases_ending_here")}
        for name, row in log.facts["stages"].items()
    }


def test_moves_between_stages(journey, log):
    """Where every name is a stage, moves are the same pairs, less those of one name at one instant."""
    ties = log.facts["ties"]
    alike = ties["tied_consecutive_pairs"] - ties["tied_pairs_with_different_activity"]
    pairs = reference.direct_follow(log.events)
    rows = [row for row in jk.transitions(journey) if row.moves]
    repeats = sum(row.moves for row in rows if row.kind == "repeat")

    assert {(row.source, row.target): row.moves for row in rows if row.kind != "repeat"} == {
        pair: moves for pair, moves in pairs.items() if pair[0] != pair[1]
    }
    assert repeats == log.facts["direct_follow"]["self_loop_pairs"] - alike
    assert journey.counts.visits == log.facts["events"] - alike


def test_silences_that_ended(journey, log, name):
    """Where every event is a visit, each silence belongs to its own: they are the long gaps."""
    assert (
        sum(row.returned_after_idle for row in jk.drop_offs(journey)) == log.facts["gaps"][SILENCES[name][1]]
    )


def test_the_median_gap_is_exact(log):
    """Where all names mean one touchpoint, its move to itself is every gap between events."""
    plan = jk.Lifecycle("one", stages=["all"], touchpoints={"event": "all"})
    with observed(log.events, plan.map(touchpoints=dict.fromkeys(log.names, "event"))) as journey:
        edge = journey.graph().edges["all/event", "all/event"]

        assert (edge["moves"], edge["median_days"]) == (
            log.facts["gaps"]["count"],
            log.facts["gaps"]["median_s"] / 86_400,
        )


def test_ties_are_counted(log):
    """Without a sequence, these are the events whose order is a matter of convention."""
    table = reference.as_table(log.events).drop_columns("sequence")
    with jk.events(table, customer="customer", timestamp="timestamp", touchpoint="touchpoint") as events:
        assert events.check().ties == log.facts["ties"]["tied_consecutive_pairs"]
