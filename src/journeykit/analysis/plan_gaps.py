"""Answer on paper, as S1 does it: where do the plan and the company's activities miss each other?

May import: result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.analysis.gap_rows import Gaps
from journeykit.analysis.gap_rules import Unit, judge, sum_efforts
from journeykit.result import Definition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.model.activity import Activity
    from journeykit.model.lifecycle import Lifecycle


def plan_gaps(lifecycle: Lifecycle, *, activities: Sequence[Activity]) -> Gaps:
    """Find the gaps between what the plan expects of customers and what the company does.

    No events are needed: the customers' side of a stage is the touchpoints that the plan
    expects there, equally important unless the plan weighs them.

    Args:
        lifecycle: The plan.
        activities: What the company does (`jk.activities`).

    Returns:
        One row a touchpoint of a stage that is on either side, by place in the lifecycle; `customers`
        and `reach` are None.

    Raises:
        UnknownNameError: An activity's stage is no stage of the lifecycle.
        EventLogError: The activities of one stage measure effort in different units.

    Source: S1-19 to S1-28 (mission page); docs page "definitions".
    """
    efforts = sum_efforts(lifecycle, activities)
    weights = {
        (stage, one.id): 1.0 if one.weight is None else one.weight
        for one in lifecycle.touchpoints
        if one.expected
        for stage in one.stages
    }
    units = [
        Unit(
            stage=stage,
            touchpoint=touchpoint,
            expected=(stage, touchpoint) in weights,
            used=(stage, touchpoint) in weights,
            customers=None,
            reach=None,
            importance=weights.get((stage, touchpoint), 0.0),
        )
        for stage, touchpoint in set(weights) | set(efforts.by_unit)
    ]
    rows, stages = judge(units, lifecycle, efforts)
    definition = Definition(
        question="plan_gaps",
        unit="a touchpoint of a stage",
        lifecycle=lifecycle.id,
        denominators="importance_share: the weight of the stage's expected touchpoints; "
        "effort_share: the effort on the stage's matched touchpoints",
        source="S1-19 to S1-28",
    )
    return Gaps(rows, definition, stages=stages)
