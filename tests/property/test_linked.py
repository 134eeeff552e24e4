"""Laws of two journeys of one log, whatever the log; and the oracle, which counts them by brute force."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import journeykit as jk
from journeykit.testing import oracle
from journeykit.testing import strategies as jst
from journeykit.testing.cases import JourneyInput
from tests.property.engine import observed
from tests.property.test_laws import without_ids
from tests.property.test_oracle import check_same, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

some = settings(max_examples=max(2, settings.default.max_examples // 10))
"""Each example is observed twice, and counted by an engine."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

PERIODS = ("day", "week", "month", "quarter", "year")

USE = jk.Lifecycle(
    "use",
    stages=["new", "busy", jk.Stage("settled", kind="goal"), jk.Stage("left", kind="exit")],
    touchpoints={
        "account_created": "new",
        "page_view": ["new", "busy"],
        "first_login": "busy",
        "invoice_paid": "settled",
        "cancelled": "left",
    },
    idle="4 days",
)
"""A second look at the fixed cases: the same names, other stages, less patience."""

Linked = tuple[JourneyInput, JourneyInput]


@st.composite
def linked_inputs(draw: DrawFn, *, most: int = 60) -> Linked:
    """Draw a log and two lifecycles of the same names; targets are stages of both."""
    one = draw(jst.journeys_input(most=most))
    assume(oracle.counts(one.observed())["events"])
    plan = draw(jst.lifecycles())
    return linked_input(one, plan)


def linked_input(one: JourneyInput, plan: jk.Lifecycle) -> Linked:
    """Look at a log under another lifecycle, too; a target that this does not have is none."""

    def aimed(cells: dict[str, Any]) -> dict[str, Any]:
        stage = plan.stage_names.get(cells.get("target_stage") or "")
        return cells if stage and plan.rank(stage) is not None else {**cells, "target_stage": None}

    customers = one.customers and tuple(map(aimed, one.customers))
    one = replace(one, customers=customers)
    return one, replace(one, lifecycle=plan, idle=None)


@contextmanager
def linked(inputs: Linked) -> Iterator[tuple[jk.Journey, jk.Journey]]:
    """Observe one log twice with the engine."""
    one, two = inputs
    with (
        observed(one) as journey,
        jk.observe(journey.log, two.lifecycle, as_of=journey.as_of, idle=two.idle) as other,
    ):
        yield journey, other


def told(crossings: tuple[jk.Crossing, ...]) -> list[dict[str, Any]]:
    """Give what stands beside the rows as the oracle does."""
    return [attrs.asdict(row) for row in crossings]


def compare(inputs: Linked, every: str, bridge: str) -> None:
    """Ask both questions of the engine and of the oracle."""
    one, two = (given.observed() for given in inputs)
    by = inputs[0].by
    with linked(inputs) as (journey, other):
        check_same(
            rows(jk.overlap(journey, other, every=every, by=by)), oracle.overlap(one, two, every=every)
        )
        ours = jk.carry_over(journey, other, bridge=bridge, by=by)
    theirs = oracle.carry_over(one, two, bridge=bridge)
    check_same(told(ours.crossings), theirs.crossings)
    check_same(rows(ours), theirs.rows)


@pytest.mark.parametrize("bridge", ["signup", "trial", "paid"])
@pytest.mark.parametrize("case", jst.fixed_cases(), ids=lambda case: case.name)
def test_fixed_hard_cases_equal_the_oracle(case: JourneyInput, bridge: str) -> None:
    """Ties, shared touchpoints, exits and returns: whatever order does to who stands where."""
    compare(linked_input(case, USE), "day", bridge)


@settings(max_examples=max(2, settings.default.max_examples // 5))
@given(st.data())
def test_drawn_journeys_equal_the_oracle(data: st.DataObject) -> None:
    """The engine adds up who comes and goes; the oracle asks every customer at every moment."""
    compare_drawn(data)


@pytest.mark.slow
@settings(max_examples=max(2, settings.default.max_examples // 3))
@given(st.data())
def test_many_drawn_journeys_equal_the_oracle(data: st.DataObject) -> None:
    """The same, drawn anew each time: what a fixed seed never meets."""
    compare_drawn(data)


def compare_drawn(data: st.DataObject) -> None:
    """Draw a log and two lifecycles, and ask both."""
    inputs = data.draw(linked_inputs())
    every = data.draw(st.sampled_from(PERIODS))
    compare(inputs, every, data.draw(st.sampled_from(inputs[0].lifecycle.stage_ids)))


# --- laws of overlap


def standing(
    journey: jk.Journey, other: jk.Journey, **settings: Any
) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Say how many stand in each pair at each moment: those who are there, and the silent."""
    return {
        (row.group, row.at, row.stage, row.other_stage): (row.customers, row.silent)
        for row in jk.overlap(journey, other, **settings)
    }


@some
@given(linked_inputs(most=40), st.sampled_from(PERIODS))
def test_everybody_who_has_come_stands_somewhere_at_every_moment(inputs: Linked, every: str) -> None:
    """Nobody appears, vanishes or is counted twice; customers come and never un-come."""
    by = inputs[0].by
    with linked(inputs) as (journey, other):
        found = jk.overlap(journey, other, every=every, by=by)
        as_of, customers = journey.as_of, journey.counts.customers

    sums: dict[Any, int] = {}
    for row in found:
        sums[row.at] = sums.get(row.at, 0) + row.customers + row.silent
        assert min(row.customers, row.silent) >= 0 < row.customers + row.silent
    assert sorted(sums.values()) == [sums[at] for at in sorted(sums)]
    assert (max(sums), sums[as_of]) == (as_of, customers)


@some
@given(linked_inputs(most=40), st.sampled_from(PERIODS))
def test_a_journey_beside_itself_stands_in_equal_pairs_and_drops_whom_it_drops(
    inputs: Linked, every: str
) -> None:
    """At `as_of` the silent are the dropped, and the others those who achieved, departed or are open."""
    with linked(inputs) as (journey, _):
        found, drops = standing(journey, journey, every=every), jk.drop_offs(journey)
        as_of, unplaced = journey.as_of, journey.counts.unplaced

    assert all(stage == other for _, _, stage, other in found)
    last = {stage: counts for (_, at, stage, _), counts in found.items() if at == as_of}
    assert sum(last.pop(None, (0, 0))) == unplaced
    here = {row.stage: (row.achieved + row.departed + row.open, row.dropped) for row in drops}
    assert last == {stage: counts for stage, counts in here.items() if any(counts)}


@some
@given(linked_inputs(most=40), st.sampled_from(PERIODS))
def test_which_of_the_two_comes_first_changes_nothing(inputs: Linked, every: str) -> None:
    """The pair is the same from either side; and each side alone tells the same of its own stages."""
    with linked(inputs) as (journey, other):
        one, two = standing(journey, other, every=every), standing(other, journey, every=every)
        alone = standing(journey, journey, every=every)

    assert one == {(group, at, here, there): n for (group, at, there, here), n in two.items()}
    sums: dict[Any, int] = {}
    for (group, at, stage, _), counts in one.items():
        sums[group, at, stage, stage] = sums.get((group, at, stage, stage), 0) + sum(counts)
    assert sums == {cell: sum(counts) for cell, counts in alone.items()}


@some
@given(linked_inputs(most=40), st.sampled_from(PERIODS[:3]), st.integers(1, 30))
def test_what_stood_at_a_moment_does_not_change_later(inputs: Linked, every: str, days: int) -> None:
    """A chart of last year, drawn again this year, has the same points."""
    one, two = inputs
    with linked(inputs) as (journey, other):
        earlier = journey.as_of - timedelta(days=days) / 2
        late = standing(journey, other, every=every)
    assume(oracle.counts(replace(one, as_of=earlier).observed())["events"])
    with linked((replace(one, as_of=earlier), replace(two, as_of=earlier))) as (journey, other):
        early = standing(journey, other, every=every)

    before = {cell: counts for cell, counts in late.items() if cell[1] < earlier}
    assert before == {cell: counts for cell, counts in early.items() if cell[1] < earlier}


@some
@given(linked_inputs(most=40))
def test_more_patience_silences_nobody_and_moves_nobody(inputs: Linked) -> None:
    """Who stands where is a fact; who is thought to have gone is a matter of idle."""
    one, two = inputs
    patient = timedelta(days=3) + (one.idle or one.lifecycle.idle)
    with linked(inputs) as first, linked((replace(one, idle=patient), two)) as second:
        soon, late = (standing(*pair, every="day") for pair in (first, second))

    assert {cell: sum(counts) for cell, counts in soon.items()} == {
        cell: sum(counts) for cell, counts in late.items()
    }
    assert all(soon[cell][1] >= late[cell][1] for cell in soon)


# --- laws of carry-over


@some
@given(linked_inputs(), st.data())
def test_whoever_crosses_is_in_one_arm_and_has_one_outcome(inputs: Linked, data: st.DataObject) -> None:
    """In every group, of every factor, the same customers: only the line between them is drawn elsewhere."""
    bridge = data.draw(st.sampled_from(inputs[0].lifecycle.stage_ids))
    with linked(inputs) as (journey, other):
        found = jk.carry_over(journey, other, bridge=bridge, by=inputs[0].by)
        total = jk.carry_over(journey, other, bridge=bridge).crossings[0]
        drops = {row.stage: row.customers for row in jk.drop_offs(journey)}
        counts = journey.counts

    of = {row.group: row for row in found.crossings}
    for row in found:
        crossing = of[row.group]
        arms = (row.with_customers, row.without_customers)
        ended = (row.with_ended, row.without_ended)
        left = (row.with_open, row.without_open)
        assert (sum(arms), sum(left)) == (crossing.followed, crossing.open)
        assert sum(ended) == (crossing.reached if row.outcome == "reached" else crossing.lost)
        assert all(n + still <= size for n, still, size in zip(ended, left, arms, strict=True))
    for crossing in of.values():
        before = crossing.reached_before + crossing.lost_before
        assert crossing.crossed == before + crossing.followed
        assert crossing.followed == crossing.reached + crossing.lost + crossing.open
    assert total.crossed == drops.get(bridge, 0) == sum(row.crossed for row in of.values())
    assert total.crossed + total.never_crossed == counts.customers - counts.unplaced


@some
@given(linked_inputs(), st.data())
def test_a_difference_lies_in_its_interval_and_is_what_it_says(inputs: Linked, data: st.DataObject) -> None:
    """Share with less share without; 0 where they agree; never beyond -1 and 1."""
    bridge = data.draw(st.sampled_from(inputs[0].lifecycle.stage_ids))
    with linked(inputs) as (journey, other):
        found = jk.carry_over(journey, other, bridge=bridge)

    for row in found:
        shares = (row.with_share, row.without_share, row.difference, row.difference_low, row.difference_high)
        if row.day is None or not row.with_customers or not row.without_customers:
            assert (row.day, *shares) == (None,) * 6
            continue
        assert row.difference == pytest.approx(row.with_share - row.without_share)
        assert -1 - 1e-12 <= row.difference_low <= row.difference + 1e-12
        assert row.difference <= row.difference_high + 1e-12 <= 1 + 2e-12
        assert row.with_low - 1e-12 <= row.with_share <= row.with_high + 1e-12
        if not row.with_open and not row.without_open:
            assert row.with_share == pytest.approx(row.with_ended / row.with_customers)
            assert row.without_share == pytest.approx(row.without_ended / row.without_customers)


@some
@given(linked_inputs(), st.data())
def test_what_comes_after_the_bridge_changes_nothing_before_it(inputs: Linked, data: st.DataObject) -> None:
    """Factors are known when a customer crosses: to know less of what follows moves nobody across."""
    one, two = inputs
    bridge = data.draw(st.sampled_from(one.lifecycle.stage_ids))
    with linked(inputs) as (journey, other):
        late = jk.carry_over(journey, other, bridge=bridge)
        crossed = journey.visits.filter(journey.visits.stage == one.lifecycle.stage_ids.index(bridge))
        last = journey.scratch.one(
            crossed.group_by("customer")
            .aggregate(us=crossed.start_us.min())
            .aggregate(us=lambda first: first.us.max())
        )["us"]
        as_of = journey.as_of
    assume(last is not None)
    earlier = min(as_of, EPOCH + timedelta(microseconds=last))
    with linked((replace(one, as_of=earlier), replace(two, as_of=earlier))) as (journey, other):
        early = jk.carry_over(journey, other, bridge=bridge)

    names = ("factor", "name", "outcome", "with_customers", "without_customers")
    assert [[getattr(row, name) for name in names] for row in late] == [
        [getattr(row, name) for name in names] for row in early
    ]
    assert early.crossings[0].median_days == late.crossings[0].median_days


# --- laws of both


@some
@given(linked_inputs(most=40), st.data())
def test_what_customers_are_called_changes_nothing(inputs: Linked, data: st.DataObject) -> None:
    """Each journey numbers its customers for itself: they are joined by name, and by nothing else."""
    bridge = data.draw(st.sampled_from(inputs[0].lifecycle.stage_ids))

    def renamed(given: JourneyInput) -> JourneyInput:
        def other(row: dict[str, Any]) -> dict[str, Any]:
            name = row["customer"]
            return row | {"customer": name and f"{sum(map(ord, name)) % 7}/{name[::-1]}"}

        customers = given.customers and tuple(map(other, given.customers))
        return replace(given, events=tuple(map(other, given.events)), customers=customers)

    plain = tuple(without_ids(given) for given in inputs)
    with linked(plain) as one, linked(tuple(map(renamed, plain))) as two:
        for question, settings_ in ((jk.overlap, {"every": "day"}), (jk.carry_over, {"bridge": bridge})):
            check_same(rows(question(*one, **settings_)), rows(question(*two, **settings_)))


@some
@given(linked_inputs(most=40), st.data(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(inputs: Linked, data: st.DataObject, random: Any) -> None:
    """An export has no order that anyone promised; asked twice, the answer is the same to the last bit."""
    bridge = data.draw(st.sampled_from(inputs[0].lifecycle.stage_ids))
    shuffled = list(inputs[0].events)
    random.shuffle(shuffled)
    mixed = tuple(replace(given, events=tuple(shuffled)) for given in inputs)

    with linked(inputs) as one, linked(mixed) as two:
        assert rows(jk.overlap(*one, every="day")) == rows(jk.overlap(*two, every="day"))
        assert rows(jk.carry_over(*one, bridge=bridge)) == rows(jk.carry_over(*two, bridge=bridge))
