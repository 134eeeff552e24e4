"""Ask: is a customer's question answered by the first call, or do they have to call again?"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import attrs
import ibis
import journeykit as jk

Z = 1.959963984540054
MICROSECOND = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class CallReason:
    """A reason to call.

    Attributes:
        touchpoint: The call.
        customers: Customers who made one.
        settled: Those of them whose first was so long ago that a second would be known.
        resolved: Those of these who did not call again in time, about this or anything else.
        share: First-contact resolution: `resolved / settled`, 0 to 1; None where none is settled.
        share_low: The lower end of its 95 % interval.
        share_high: The upper end.
    """

    touchpoint: str
    customers: int
    settled: int
    resolved: int
    share: float | None
    share_low: float | None
    share_high: float | None


def repeat_calls(journey: jk.Journey, *, days: int = 7) -> jk.Result[CallReason]:
    """Count, for each reason to call, the customers whose first call about it was enough.

    A customer counts once for each reason, so that one who calls every day weighs no more
    than others, and the interval holds.

    Args:
        journey: What was observed; calls are the touchpoints with channel "phone".
        days: Another call within so many days means that the first was not enough.

    Returns:
        One row a reason that anyone called about, in the order of the lifecycle.

    Raises:
        EventLogError: The lifecycle has no touchpoint with channel "phone".
    """
    plan = journey.lifecycle
    codes = [code for code, each in enumerate(plan.touchpoints) if each.channel == "phone"]
    if not codes:
        raise jk.EventLogError(f"lifecycle {plan.id!r} has no touchpoint with channel 'phone'")

    calls = journey.steps.filter(journey.steps.touchpoint.isin(codes))
    by_customer = ibis.window(group_by=calls.customer, order_by=calls.position)
    by_reason = ibis.window(group_by=[calls.customer, calls.touchpoint], order_by=calls.position)
    calls = calls.mutate(
        next_call_us=calls.time_us.lead().over(by_customer),
        number=ibis.row_number().over(by_reason),
    )
    first = calls.filter(calls.number == 0)

    limit = timedelta(days=days) // MICROSECOND
    end = (journey.as_of - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND
    settled = first.time_us + limit <= end
    again = (first.next_call_us <= first.time_us + limit).fill_null(ibis.literal(False))
    counted = first.group_by("touchpoint").aggregate(
        customers=first.count(),
        settled=first.count(where=settled),
        resolved=first.count(where=settled & ~again),
    )
    rows = sorted(journey.scratch.rows_of(counted), key=lambda row: row["touchpoint"])
    definition = jk.Definition(
        question="repeat_calls",
        unit="a reason to call",
        lifecycle=plan.id,
        as_of=journey.as_of.isoformat(),
        idle_days=journey.idle_days,
        denominators=f"share: customers whose first call was at least {days} days before as_of",
        censoring="first calls later than that are not looked at: nobody knows yet; the first "
        "call in the log is taken for the customer's first",
        intervals="95 %, Wilson's, of customers",
    )
    return jk.Result([as_row(row, plan) for row in rows], definition, row_type=CallReason)


def as_row(row: dict[str, int], plan: jk.Lifecycle) -> CallReason:
    """Make a row of its counts."""
    settled, resolved = row["settled"], row["resolved"]
    low, high = wilson(resolved, settled) if settled else (None, None)
    return CallReason(
        touchpoint=plan.touchpoint_ids[row["touchpoint"]],
        customers=row["customers"],
        settled=settled,
        resolved=resolved,
        share=resolved / settled if settled else None,
        share_low=low,
        share_high=high,
    )


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share (JASA 22, 1927)."""
    share = successes / trials
    centre = share + Z * Z / (2 * trials)
    spread = Z * math.sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials))
    scale = 1 + Z * Z / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
