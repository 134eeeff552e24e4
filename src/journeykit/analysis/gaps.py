"""Answer: where do customers and company miss each other, by what customers really do?

May import: journey, relations, eventlog, result, plugins, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.analysis.definition import define, require_journey
from journeykit.analysis.detecting import detect
from journeykit.analysis.endings import ask_endings
from journeykit.analysis.gap_rows import Gap, Gaps, StagePresence, UnmappedTouchpoint
from journeykit.analysis.gap_rules import Unit, judge, sum_efforts
from journeykit.analysis.groups import groups
from journeykit.analysis.touchpoint_uses import touchpoint_uses
from journeykit.engines import engine_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from journeykit.analysis.gap_rules import Efforts
    from journeykit.analysis.groups import Groups
    from journeykit.journey import Journey
    from journeykit.model.activity import Activity
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.plugins import GapDetector, Manager

REACH = 0.01
"""An unexpected touchpoint is on the customers' side from this share of the stage's customers on."""


def gaps(
    journey: Journey,
    *,
    activities: Sequence[Activity] | None = None,
    by: str | None = None,
    detectors: Mapping[str, GapDetector] | None = None,
    manager: Manager | None = None,
) -> Gaps:
    """Find the gaps between what customers do and what the company does.

    The customers' side of a stage is what the plan expects there, used or not, and what at
    least 1 % of the stage's customers did there.  The company's side is its activities.

    Args:
        journey: What was observed.
        activities: What the company does (`jk.activities`).  Without them the answer is what of the plan
            nobody did, and what nobody planned: `match`, `investment` and `action` are None.
        by: A customer attribute; one group of rows for each of its values.
        detectors: What looks for more in the counts, by name. By default what plugins offer; `{}` for none.
        manager: Where to look for detectors; None: what ships and what is installed.

    Returns:
        One row a touchpoint of a stage that is on either side, by place in the lifecycle; with `stages`
        (match score and presence), `unmapped` (touchpoints of no stage), `unseen` (stages of no customer)
        and `findings` (of the detectors, at most 1,000 each).

    Raises:
        UnknownNameError: No customer attribute is called *by*, or an activity's stage is no stage.
        EventLogError: The activities of one stage measure effort in different units; or one of *detectors*
            finds what makes no sense. What one of them raises passes through.

    Warns:
        JourneykitWarning: A plugin's detector failed; its findings are left out.

    Source: S1-04, S1-13, S1-19 to S1-28 (mission page); docs page "definitions".
    """
    require_journey(journey)
    lifecycle = journey.lifecycle
    efforts = None if activities is None else sum_efforts(lifecycle, activities)
    with engine_errors(journey.log):
        split = groups(journey, by)
        visited = _count_stages(journey, split)
        used = _count_touchpoints(journey, split)
        unmapped = _count_unmapped(journey)
    rows: list[Gap] = []
    stages: list[StagePresence] = []
    for group, value in enumerate(split.values):
        units = _units(lifecycle, visited[group], used[group], efforts)
        found, presence = judge(units, lifecycle, efforts, group=value)
        rows += found
        stages += presence
    definition = define(
        journey,
        "gaps",
        by=by,
        unit="a touchpoint of a stage",
        denominators="reach: the stage's customers; importance_share: the reach of the stage's customer "
        "side; effort_share: the effort on the stage's matched touchpoints",
        censoring="none: every event by as_of counts",
        intervals="none: reach counts customers seen, not a sample's promise",
        source="S1-04, S1-13, S1-19 to S1-28",
    )
    seen = {stage for counts in visited for stage in counts}
    unseen = [stage for stage in lifecycle.stage_ids if stage not in seen]
    counted = Gaps(rows, definition, stages=stages, unmapped=unmapped, unseen=unseen)
    return counted.with_findings(detect(counted, lifecycle, detectors, manager))


def _count_stages(journey: Journey, split: Groups) -> list[dict[str, int]]:
    """Count each group's customers by stage."""
    found: list[dict[str, int]] = [{} for _ in split.values]
    ends = journey.observed.count_ends(split.join)
    for (group, stage), counts in ask_endings(ends, journey.scratch).items():
        found[group][journey.lifecycle.stage_ids[stage]] = int(counts.customers.sum())
    return found


def _count_touchpoints(journey: Journey, split: Groups) -> list[dict[tuple[str, str], int]]:
    """Count each group's customers by stage and touchpoint."""
    found: list[dict[tuple[str, str], int]] = [{} for _ in split.values]
    for use in journey.scratch.rows_of(journey.observed.count_users(split.join)):
        if use["stage"] is not None:
            names = journey.lifecycle.stage_ids[use["stage"]], journey.touchpoint_names[use["touchpoint"]]
            found[use["group"]][names] = use["customers"]
    return found


def _count_unmapped(journey: Journey) -> list[UnmappedTouchpoint]:
    """Count the touchpoints whose events belong to no stage, most events first, ties by name."""
    if not journey.counts.unmapped:
        return []
    uses = [use for use in touchpoint_uses(journey, groups(journey, None)) if use.stage is None]
    return [
        UnmappedTouchpoint(
            touchpoint=journey.touchpoint_names[use.touchpoint], events=use.events, customers=use.customers
        )
        for use in sorted(uses, key=lambda use: (-use.events, use.touchpoint))
    ]


def _units(
    lifecycle: Lifecycle, visited: dict[str, int], used: dict[tuple[str, str], int], efforts: Efforts | None
) -> list[Unit]:
    planned = {(stage, one.id) for one in lifecycle.touchpoints if one.expected for stage in one.stages}
    common = {unit for unit, customers in used.items() if customers >= REACH * visited[unit[0]]}
    units = []
    for stage, touchpoint in planned | common | set(efforts.by_unit if efforts else ()):
        customers = used.get((stage, touchpoint), 0)
        reach = customers / visited[stage] if stage in visited else None
        units.append(
            Unit(
                stage=stage,
                touchpoint=touchpoint,
                expected=(stage, touchpoint) in planned,
                used=(stage, touchpoint) in planned | common,
                customers=customers,
                reach=reach,
                importance=customers if stage in visited else None,
            )
        )
    return units
