"""Tell a stage of saas-freemium by the status of a subscription, in Stripe's words.

Where the touchpoint can be of one stage only, that stage stands: a cancellation is one
while the subscription still runs.  The status tells of everything else, and as what a
subscription starts.

May import: model, plugins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from journeykit.plugins import StageRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import ibis.expr.types as ir

    from journeykit.model import Lifecycle

STATUS: Final = "attribute:subscription_status"
"""The column that holds the status at the time of the event."""

NEEDS: Final = (STATUS, "touchpoint")
"""A log without touchpoints tells the stage of each event in its stage column."""

BEFORE: Final = "attribute:subscription_status_before"
"""The column that holds the status that this one took the place of, where the event changed it."""

START: Final = "subscription_start"
"""The touchpoint of a subscription that starts, which may be a trial."""

STAGES: Final = {
    "trial": ("trialing",),
    "purchase": ("incomplete",),
    "at_risk": ("past_due", "unpaid", "paused"),
    "churned": ("canceled",),
}
"""What a status tells of a customer, whatever they do.

"incomplete_expired" tells nothing: the first payment never came, and the customer is where they were.
"""

ACTIVE: Final = "usage"
"""The stage of who pays, as far as a billing system can tell."""

NEVER_PAID: Final = ("trialing", "incomplete")
"""The statuses of who has never paid: whoever is active after one of them has begun to."""


def subscription_rules(lifecycle: Lifecycle) -> tuple[StageRule, ...]:
    """Make the rules whose stages a lifecycle has, saas-freemium or a variant of it."""
    names = lifecycle.touchpoint_names
    certain = sorted(
        name for name, (touchpoint, stages) in names.items() if len(stages) == 1 and touchpoint != START
    )
    rules = [
        StageRule(f"subscription_{stage}", stage=stage, when=_holds(statuses, certain), needs=NEEDS)
        for stage, statuses in STAGES.items()
    ]
    # Who pays may be anywhere from purchase to upgraded: what several stages share follows the customer.
    active = StageRule("subscription_active", stage=ACTIVE, when=_holds(("active",), names), needs=NEEDS)
    paid = StageRule("subscription_paid", stage=ACTIVE, when=_begins_to_pay(certain), needs=(*NEEDS, BEFORE))
    return tuple(rule for rule in (*rules, active, paid) if rule.stage in lifecycle.stage_ids)


def _begins_to_pay(telling: Iterable[str]) -> Callable[[ir.Table], ir.BooleanValue]:
    """Make a predicate: a trial has become paid for, or the first payment has come."""
    is_active = _holds(("active",), telling)

    def when(events: ir.Table) -> ir.BooleanValue:
        return is_active(events) & events[BEFORE].cast("string").isin(NEVER_PAID)

    return when


def _holds(statuses: tuple[str, ...], telling: Iterable[str]) -> Callable[[ir.Table], ir.BooleanValue]:
    """Make a predicate: the status is one of these, and the touchpoint none that tells the stage itself."""
    known = tuple(telling)

    def when(events: ir.Table) -> ir.BooleanValue:
        told = events[STATUS].cast("string").isin(statuses)
        return told & (events.touchpoint.isnull() | events.touchpoint.notin(known))

    return when
