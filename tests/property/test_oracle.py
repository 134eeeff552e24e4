"""The engine and a brute-force oracle, written apart, give the same answer to every question."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import journeykit as jk
from journeykit.testing import oracle
from journeykit.testing import strategies as jst
from tests.property.engine import observed

if TYPE_CHECKING:
    from journeykit.testing.cases import JourneyInput

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

NEAR = 1e-7
"""Sums of squares in another order differ by rounding; counts never do."""


def same(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> bool:
    """Compare rows in order: floats nearly, all else exactly."""
    return len(ours) == len(theirs) and all(
        one.keys() == other.keys() and all(_same_cell(one[key], other[key]) for key in one)
        for one, other in zip(ours, theirs, strict=True)
    )


def _same_cell(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)
    return one == other and (one is None) == (other is None)


def check_same(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    """Show both answers where they differ."""
    assert same(ours, theirs), "\n".join(["ours:", *map(str, ours), "theirs:", *map(str, theirs)])


def rows(result: jk.Result[Any]) -> list[dict[str, Any]]:
    """Give the rows as the oracle does, with their group."""
    return [{**row, "group": made.group} for row, made in zip(result.to_dicts(), result, strict=True)]


def compare(given: JourneyInput, activities: list[jk.Activity] | None) -> None:
    """Ask both every question."""
    with observed(given) as journey:
        compare_answers(journey, given.observed(), activities)
    if activities is not None:
        on_paper = jk.plan_gaps(given.lifecycle, activities=activities)
        compare_gaps(on_paper, oracle.plan_gaps(given.lifecycle, activities))


def compare_answers(
    journey: jk.Journey, brute: oracle.Observed, activities: list[jk.Activity] | None = None
) -> None:
    """Ask every question of what both have observed."""
    ours, by = journey.counts, brute.by
    theirs = oracle.counts(brute)
    assert (ours.events, ours.later, ours.unmapped, ours.customers, ours.unplaced) == tuple(
        theirs[name] for name in ("events", "later", "unmapped", "customers", "unplaced")
    )
    check_same(rows(jk.transitions(journey, by=by)), oracle.transitions(brute))
    check_same(rows(jk.drop_offs(journey, by=by)), oracle.drop_offs(brute))
    check_same(rows(jk.last_touchpoints(journey, by=by)), oracle.last_touchpoints(brute))
    compare_gaps(jk.gaps(journey, activities=activities, by=by), oracle.gaps(brute, activities))
    compare_unmapped(jk.gaps(journey), oracle.gaps(brute), journey.lifecycle)
    compare_graph(journey, brute)
    compare_trace(journey, brute)


def compare_unmapped(found: jk.Gaps, theirs: oracle.Gaps, lifecycle: jk.Lifecycle) -> None:
    """Compare names that the lifecycle does not know; ours counts known ones without a stage, too."""
    ours = [
        {"touchpoint": one.touchpoint, "events": one.events, "customers": one.customers}
        for one in found.unmapped
        if one.touchpoint not in lifecycle.touchpoint_ids
    ]
    assert ours == [
        {key: row[key] for key in ("touchpoint", "events", "customers")}
        for row in theirs.unmapped_touchpoints
    ]


def compare_trace(journey: jk.Journey, brute: oracle.Observed) -> None:
    """Follow one customer, event by event."""
    person = brute.people[0]
    steps = jk.trace(journey, person.customer).steps
    assert [(step.touchpoint, step.stage) for step in steps] == [
        (step.touchpoint, step.stage) for step in person.steps
    ]
    assert sum(step.begins for step in steps) == len(person.visits)


def compare_gaps(found: jk.Gaps, theirs: oracle.Gaps) -> None:
    """Compare all but the sentences."""
    ours = [{key: cell for key, cell in row.items() if key != "consequence"} for row in rows(found)]
    check_same(ours, theirs.rows)
    check_same(
        [
            {"stage": one.stage, "match_score": one.match_score, "presence": one.presence, "group": one.group}
            for one in found.stages
        ],
        theirs.presence,
    )
    assert list(found.unseen) == theirs.unseen_stages


def compare_graph(journey: jk.Journey, brute: oracle.Observed) -> None:
    """Compare touchpoint nodes and the moves between them."""
    graph = journey.graph()
    moves = {
        (source, target): (edge["moves"], edge["median_days"])
        for source, target, edge in graph.edges(data=True)
        if edge["kind"] == "next"
    }
    theirs = oracle.next_moves(brute)
    assert {pair: count for pair, (count, _) in moves.items()} == {
        pair: count for pair, (count, _) in theirs.items()
    }
    assert all(math.isclose(moves[pair][1], days, abs_tol=NEAR) for pair, (_, days) in theirs.items())
    nodes = {
        node: {"events": data["events"], "customers": data["customers"]}
        for node, data in graph.nodes(data=True)
        if data["kind"] == "touchpoint" and data["events"]
    }
    assert nodes == oracle.touchpoint_nodes(brute)


@pytest.mark.parametrize("case", jst.fixed_cases(), ids=lambda case: case.name)
def test_fixed_hard_cases_equal_the_oracle(case: JourneyInput) -> None:
    """Each case once broke an implementation, or would break a careless one."""
    compare(case, None)


@given(st.data())
def test_drawn_journeys_equal_the_oracle(data: st.DataObject) -> None:
    """Every question, on logs with ties, loops, shared and unmapped touchpoints, exits and returns."""
    compare_drawn(data)


@pytest.mark.slow
@given(st.data())
def test_many_drawn_journeys_equal_the_oracle(data: st.DataObject) -> None:
    """The same, drawn anew each time: what a fixed seed never meets."""
    compare_drawn(data)


def compare_drawn(data: st.DataObject) -> None:
    """Draw a journey and the company's side, and ask both every question."""
    drawn = data.draw(jst.journeys_input(most=60))
    activities = data.draw(st.none() | jst.activities(drawn.lifecycle))
    assume(oracle.counts(drawn.observed())["events"])
    compare(drawn, activities)


@settings(max_examples=15)
@given(jst.journeys_input(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(drawn: JourneyInput, random: Any) -> None:
    """An export has no order that anyone promised."""
    assume(oracle.counts(drawn.observed())["events"])
    shuffled = list(drawn.events)
    random.shuffle(shuffled)
    with observed(drawn) as one, observed(drawn, shuffled) as other, warnings.catch_warnings():
        for question in (jk.transitions, jk.drop_offs, jk.last_touchpoints):
            assert rows(question(one, by=drawn.by)) == rows(question(other, by=drawn.by))
