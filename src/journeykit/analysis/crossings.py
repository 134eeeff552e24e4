"""Find who crosses a bridge between two lifecycles, how they came there, and what became of them.

One row a customer, all in the engine.  Definitions: docs page "definitions", Carry-over.

May import: journey, relations, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from journeykit.analysis.linked import same_customers
from journeykit.analysis.shares import CENSORED
from journeykit.errors import LifecycleError, listed
from journeykit.eventlog.times import EPOCH, MICROSECOND
from journeykit.relations.visits import DAY_US

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.analysis.groups import Groups
    from journeykit.journey import Journey

REACHED, LOST = 0, 1
"""What may become of a customer; `CENSORED` where neither has."""

NEITHER = CENSORED


def find_bridge(journey: Journey, other: Journey, bridge: str | None) -> int:
    """Find the stage that leads into the other lifecycle.

    Args:
        journey: Where the bridge begins.
        other: Where it leads.
        bridge: The id of the stage; None: the one that the lifecycle declares.

    Returns:
        The stage's code.

    Raises:
        UnknownNameError: *bridge* is no stage.
        LifecycleError: None is said, and the lifecycle declares none or several.
    """
    plan, target = journey.lifecycle, other.lifecycle
    if bridge is not None:
        return plan.stage_ids.index(plan.stage(bridge).id)
    names = {target.id, *target.variant_of}
    found = [each.stage for each in plan.bridges if each.lifecycle in names]
    if len(set(found)) == 1:
        return plan.stage_ids.index(found[0])
    if found:
        stages = ", ".join(map(repr, dict.fromkeys(found)))
        problem = f"bridges: {stages} all lead to {target.id!r}: say which one, such as bridge={found[0]!r}"
    else:
        known = ", ".join(f"{each.stage!r} to {each.lifecycle!r}" for each in plan.bridges) or "none"
        problem = (
            f"bridges: none leads to {target.id!r} (there are: {known}): declare one, or name the stage "
            f"that leads there with bridge=, one of {listed(plan.stage_ids)}"
        )
    raise LifecycleError(plan.id, [problem])


def cross(journey: Journey, other: Journey, bridge: int, split: Groups) -> ir.Table:
    """Follow the customers of a journey over the bridge.

    Args:
        journey: Where the bridge begins.
        other: Where it leads.
        bridge: The code of its stage.
        split: The groups.

    Returns:
        One row a customer with a visit in the one journey: `customer`, `group`, `crossing` (the place of
        the event that began their first visit to the bridge; null where there is none), `waited_us` (from
        their first visit to that), `before` (`REACHED` or `LOST` where they stood so in the other journey
        when they crossed, else `NEITHER`), `cause` (`REACHED`, `LOST` or `CENSORED`: what came first since)
        and `day` (whole days since, to that or to `as_of`).
    """
    visits = split.join(journey.visits)
    at_bridge = visits.stage == bridge
    crossed = visits.group_by(["customer", "group"]).aggregate(
        crossing=visits.position.min(where=at_bridge),
        crossed_us=visits.start_us.min(where=at_bridge),
        begun_us=visits.start_us.min(),
    )
    steps = journey.steps
    last = steps.filter(steps.next_time_us.isnull()).select("customer", last_us="time_us")
    crossed = crossed.inner_join(last, "customer")
    since = _outcomes(crossed, journey, other)
    told = crossed.left_join(since, "customer").drop("customer_right")
    as_of_us, idle_us = (journey.as_of - EPOCH) // MICROSECOND, other.idle // MICROSECOND
    silent = as_of_us - told.last_us >= idle_us
    dropped_us = ibis.ifelse(silent, told.last_us + idle_us, as_of_us)
    ended_us = told.first_us.fill_null(dropped_us)
    return told.select(
        "customer", "group", "crossing",
        waited_us=told.crossed_us - told.begun_us,
        before=told.before.fill_null(NEITHER).cast("int16"),
        cause=told.first.fill_null(ibis.ifelse(silent, LOST, CENSORED)).cast("int16"),
        day=((ended_us - told.crossed_us) // DAY_US).cast("int32"),
    )  # fmt: skip


def _outcomes(crossed: ir.Table, journey: Journey, other: Journey) -> ir.Table:
    """Say for each customer in which state they crossed, and which they entered first since, and when.

    An outcome is to stand in a goal stage, or at or above the own target, or in an exit stage.
    """
    exits = [code for code, stage in enumerate(other.lifecycle.stages) if stage.kind == "exit"]
    visits = other.visits
    visits = visits.select(
        "visit", "start_us", other_customer="customer",
        state=ibis.cases((visits.aimed, REACHED), (visits.stage.isin(exits), LOST), else_=NEITHER),
    )  # fmt: skip
    who = crossed.filter(crossed.crossing.notnull()).inner_join(same_customers(journey, other), "customer")
    told = who.inner_join(visits, "other_customer")
    earlier = told.start_us < told.crossed_us
    first = ~earlier & (told.state != NEITHER)
    return told.group_by("customer").aggregate(
        before=told.state.argmax(told.visit, where=earlier),
        first=told.state.argmin(told.visit, where=first),
        first_us=told.start_us.min(where=first),
    )
