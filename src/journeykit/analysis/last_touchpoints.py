"""Answer: what came just before a customer was lost?

May import: journey, relations, eventlog, result, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from journeykit.analysis.definition import define, require_journey
from journeykit.analysis.groups import groups
from journeykit.analysis.intervals import clustered
from journeykit.engines import engine_errors
from journeykit.relations.visits import DROPPED, EXITED
from journeykit.result import Result

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.journey import Journey

STAGE = ["group", "stage"]


@attrs.frozen(kw_only=True)
class LastTouchpoint:
    """A touchpoint after which customers were lost from a stage.

    Attributes:
        stage: The stage they were lost from.
        touchpoint: The touchpoint of the event directly before the loss; None where that event has none.
        declared: Whether the lifecycle declares it.
        dropped: Lost visits that ended in silence.
        exited: Lost visits that ended in an exit stage.
        lost: `dropped + exited`.
        customers: Whose visits they are.
        share: Their share of the stage's lost visits, 0 to 1.
        share_low: The lower end of its 95 % interval, clustered by customer.
        share_high: The upper end.
        group: The value of `by`.
    """

    stage: str
    touchpoint: str | None
    declared: bool
    dropped: int
    exited: int
    lost: int
    customers: int
    share: float
    share_low: float
    share_high: float
    group: object = None


def last_touchpoints(journey: Journey, *, by: str | None = None) -> Result[LastTouchpoint]:
    """Find the touchpoint before the silence or the exit.

    It is that of the customer's event directly before the loss: the event before the exit
    stage is entered, or the last of all, whether or not that event belongs to a stage.

    Args:
        journey: What was observed.
        by: A customer attribute; one group of rows for each of its values.

    Returns:
        One row a stage and touchpoint that visits were lost after, by place of the stage, most lost
        first, ties by touchpoint.  `share` sums to 1 in each stage (of each group).

    Raises:
        UnknownNameError: No customer attribute is called *by*.

    Source: S4-05, S5-18 (mission page); docs page "definitions".
    """
    require_journey(journey)
    scratch = journey.scratch
    with engine_errors(journey.log):
        split = groups(journey, by)
        visits = split.join(journey.visits)
        lost = visits.filter(visits.outcome.isin([EXITED, DROPPED]))
        counted = scratch.rows_of(_count(lost))
    order = sorted(counted, key=_place)
    definition = define(
        journey,
        "last_touchpoints",
        by=by,
        unit="a touchpoint after which visits to a stage were lost",
        denominators="share: the stage's lost visits",
        censoring="only visits that are lost by as_of are looked at",
        source="S4-05, S5-18",
    )
    rows = (_row(row, journey, split.values) for row in order)
    return Result(rows, definition, row_type=LastTouchpoint)


def _count(lost: ir.Table) -> ir.Table:
    """Count lost visits by touchpoint, with the sums that a clustered variance is made of."""
    of_stage = lost.group_by([*STAGE, "customer"]).aggregate(m=lost.count())
    stages = of_stage.group_by(STAGE).aggregate(
        all_lost=of_stage.m.sum(), mm=(of_stage.m * of_stage.m).sum(), all_customers=of_stage.count()
    )
    keys = [*STAGE, "last_touchpoint"]
    own = lost.group_by([*keys, "customer"]).aggregate(
        x=lost.count(), dropped=lost.count(where=lost.outcome == DROPPED)
    )
    both = own.inner_join(of_stage, [*STAGE, "customer"])
    touchpoints = both.group_by(keys).aggregate(
        lost=both.x.sum(), dropped=both.dropped.sum(), customers=both.count(),
        xx=(both.x * both.x).sum(), xm=(both.x * both.m).sum(),
    )  # fmt: skip
    return touchpoints.inner_join(stages, STAGE)


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    touchpoint = row["last_touchpoint"]
    return (
        row["group"],
        row["stage"],
        -row["lost"],
        touchpoint is None,
        touchpoint or 0,
    )


def _row(row: dict[str, Any], journey: Journey, values: tuple[object, ...]) -> LastTouchpoint:
    code = row["last_touchpoint"]
    lost, total = int(row["lost"]), int(row["all_lost"])
    share = lost / total
    variance = float(row["xx"] - 2 * share * row["xm"] + share * share * row["mm"]) / total**2
    low, high = clustered(share, variance, row["all_customers"])
    return LastTouchpoint(
        stage=journey.lifecycle.stage_ids[row["stage"]],
        touchpoint=None if code is None else journey.touchpoint_names[code],
        declared=code is not None and code < len(journey.lifecycle.touchpoint_ids),
        dropped=int(row["dropped"]),
        exited=lost - int(row["dropped"]),
        lost=lost,
        customers=row["customers"],
        share=share,
        share_low=low,
        share_high=high,
        group=values[row["group"]],
    )
