"""Answer: how does the path before a bridge go with what comes after it?

May import: journey, relations, eventlog, result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import ibis
import pyarrow as pa

from journeykit.analysis.carry_over_rows import CarryOver, CarryOvers, Crossing
from journeykit.analysis.crossings import LOST, NEITHER, REACHED, cross, find_bridge
from journeykit.analysis.differences import WITH, WITHOUT, arm, arm_code, compare
from journeykit.analysis.factors import factors, held
from journeykit.analysis.groups import groups
from journeykit.analysis.linked import define_linked, require_linked
from journeykit.analysis.shares import CENSORED, Ends, Share, end_shares
from journeykit.engines import engine_errors
from journeykit.relations.observed import count_alone
from journeykit.relations.visits import DAY_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from journeykit.analysis.carry_over_rows import OutcomeAfter
    from journeykit.analysis.differences import Cell, Pair
    from journeykit.analysis.factors import Factor
    from journeykit.journey import Journey
    from journeykit.relations.scratch import Scratch
    from journeykit.result import Definition

OUTCOMES: dict[OutcomeAfter, int] = {"reached": REACHED, "lost": LOST}

COUNTS = (
    "never_crossed", "crossed", "reached_before", "lost_before", "followed", "reached", "lost", "open",
)  # fmt: skip

EVERYONE = -1
"""Stands among the factors for what all have: the customers of a group, undivided."""

NOBODY = Ends(None, None, 1.0, 0)
UNREAD = Share(None)


def carry_over(
    journey: Journey, other: Journey, *, bridge: str | None = None, by: str | None = None
) -> CarryOvers:
    """Relate the path before a bridge to the outcome after it.

    A customer crosses with their first visit to the bridge.  Of the path up to there, each
    stage visited, each touchpoint of the lifecycle used, a regression, a skip and a long
    way are a factor.  Those who have one are held against those who lack it, by what came first
    in the other journey since.  A difference is an association, not an effect; and of twenty
    factors that mean nothing one is, by chance, outside its interval.

    Args:
        journey: A log, observed under the lifecycle that the bridge leads from.
        other: The same log, observed under the one it leads to, as of the same date.
        bridge: The stage of *journey* that is the bridge; by default the one that its lifecycle declares.
        by: A customer attribute; one group of rows for each of its values.

    Returns:
        Two rows a factor, reached and lost, by place in the lifecycle and not by size, with `crossings`:
        how many crossed, and what became of them.  Never more rows than stages and touchpoints and three,
        times two, times groups.

    Raises:
        EventLogError: The journeys are of two logs or two dates.
        LifecycleError: No *bridge* is said, and the lifecycle declares none to the other, or several.
        UnknownNameError: *bridge* is no stage, or no customer attribute is called *by*.

    Source: S2-06, S2-07 (mission page); docs page "definitions".
    """
    require_linked(journey, other, "carry_over")
    at = find_bridge(journey, other, bridge)
    asked, scratch = factors(journey.lifecycle, at), journey.scratch
    with engine_errors(journey.log):
        split = groups(journey, by)
        crossed = scratch.table("crossed", cross(journey, other, at, split))
        counted = {row["group"]: row for row in scratch.rows_of(_count(crossed))}
        arms = scratch.table("arms", _arms(crossed, journey, asked))
        counts = _count_arms(arms, scratch)
        ends = end_shares(count_alone(arms.rename(ending="cause")), scratch)
        pairs = compare(arms, ends, scratch)
        for name in ("arms", "factors", "crossed"):
            scratch.drop(name)
    rows = (
        _row(factor, outcome, (counts, pairs), group, split.values[group])
        for group in range(len(split.values))
        for factor in asked
        for outcome in OUTCOMES
    )
    crossings = (
        _crossing(counted.get(group, {}), ends.get((arm(group, WITHOUT), EVERYONE), NOBODY), value)
        for group, value in enumerate(split.values)
    )
    bridge_id = journey.lifecycle.stage_ids[at]
    return CarryOvers(rows, _definition(journey, other, by), bridge=bridge_id, crossings=crossings)


def _count(crossed: ir.Table) -> ir.Table:
    """Count who crossed, and what became of them, in each group."""
    over = crossed.crossing.notnull()
    followed = over & (crossed.before == NEITHER)
    return crossed.group_by("group").aggregate(
        never_crossed=crossed.count(where=~over),
        crossed=crossed.count(where=over),
        reached_before=crossed.count(where=over & (crossed.before == REACHED)),
        lost_before=crossed.count(where=over & (crossed.before == LOST)),
        followed=crossed.count(where=followed),
        reached=crossed.count(where=followed & (crossed.cause == REACHED)),
        lost=crossed.count(where=followed & (crossed.cause == LOST)),
        open=crossed.count(where=followed & (crossed.cause == CENSORED)),
        median_days=(crossed.waited_us / DAY_US).quantile(0.5, where=followed),
    )


def _arms(crossed: ir.Table, journey: Journey, asked: Sequence[Factor]) -> ir.Table:
    """Put each customer, for each factor, among those who have it or those who lack it.

    Returns:
        One row a customer and factor, and one for `EVERYONE`, as `end_shares` takes them: `customer`,
        `group` (the arm), `stage` (the factor), `day`, `cause`.
    """
    followed = crossed.filter(crossed.crossing.notnull() & (crossed.before == NEITHER))
    codes = pa.table({"factor": pa.array([EVERYONE, *(factor.code for factor in asked)], pa.int16())})
    every = followed.select("customer", "group", "day", "cause").cross_join(
        journey.scratch.send("factors", codes)
    )
    has = held(followed, journey, asked).mutate(has=ibis.literal(True))
    told = every.left_join(has, ["customer", "factor"])
    return told.select(
        "customer", "day", "cause", group=arm_code(told.group, told.has.notnull()), stage="factor"
    )


def _count_arms(arms: ir.Table, scratch: Scratch) -> dict[Cell, dict[str, int]]:
    counted = arms.group_by(["group", "stage"]).aggregate(
        customers=arms.count(),
        reached=arms.count(where=arms.cause == REACHED),
        lost=arms.count(where=arms.cause == LOST),
    )
    return {(row["group"], row["stage"]): row for row in scratch.rows_of(counted)}


def _row(
    factor: Factor,
    outcome: OutcomeAfter,
    told: tuple[dict[Cell, dict[str, int]], dict[Cell, Pair]],
    group: int,
    value: object,
) -> CarryOver:
    counts, pair = told[0], told[1].get((group, factor.code))
    cause = OUTCOMES[outcome]
    cells: dict[str, Any] = {}
    for name, kind in (("with", WITH), ("without", WITHOUT)):
        count = counts.get((arm(group, kind), factor.code), {"customers": 0, "reached": 0, "lost": 0})
        share = pair.arms[kind].share(cause) if pair else UNREAD
        cells[f"{name}_customers"], cells[f"{name}_ended"] = count["customers"], count[outcome]
        cells[f"{name}_open"] = count["customers"] - count["reached"] - count["lost"]
        cells |= {f"{name}_share": share.value, f"{name}_low": share.low, f"{name}_high": share.high}
    difference = pair.difference(cause) if pair else UNREAD
    return CarryOver(
        factor=factor.kind,
        name=factor.name,
        outcome=outcome,
        day=pair.day if pair else None,
        **cells,
        difference=difference.value,
        difference_low=difference.low,
        difference_high=difference.high,
        group=value,
    )


def _crossing(counted: dict[str, Any], ends: Ends, value: object) -> Crossing:
    reached, lost = ends.share(REACHED), ends.share(LOST)
    none: dict[str, Any] = dict.fromkeys(COUNTS, 0) | {"median_days": None}
    counts = {name: counted.get(name, nothing) for name, nothing in none.items()}
    return Crossing(
        **counts,
        day=ends.day,
        share_reached=reached.value,
        reached_low=reached.low,
        reached_high=reached.high,
        share_lost=lost.value,
        lost_low=lost.low,
        lost_high=lost.high,
        undetermined=ends.undetermined,
        group=value,
    )


def _definition(journey: Journey, other: Journey, by: str | None) -> Definition:
    written = define_linked(
        journey,
        other,
        "carry_over",
        by=by,
        unit="an outcome after the bridge, and a factor of the path before it",
        denominators="with_share, without_share: the customers who crossed, with and without the factor",
        censoring=(
            "whoever stood in a goal or exit stage of the other journey when they crossed is left out; "
            "neither reached nor lost by as_of is open; shares are Aalen-Johansen estimates, both read at "
            "one day, the last with at least 10 customers at risk in each where any is censored"
        ),
        intervals="95 %, Wilson's with the effective sample size; differences: Newcombe's method 10 (MOVER); "
        "not adjusted for the number of factors",
        source="S2-06, S2-07; Aalen and Johansen 1978; Newcombe 1998; Zou and Donner 2008",
    )
    return attrs.evolve(written, idle_days=other.idle_days)
