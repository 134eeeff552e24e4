"""Hold what customers do against what the company does, stage by stage.

Pure rules: they know counts and activities, no engine.  `gaps` and `plan_gaps` bring the
counts.  Definitions: docs page "definitions", Gaps.  Source: S1-13 to S1-28 (mission page).

May import: result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from journeykit.analysis.gap_rows import Gap, StagePresence
from journeykit.analysis.intervals import DIGITS, ROUNDING
from journeykit.errors import EventLogError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from journeykit.analysis.gap_rows import Action, Investment, Match
    from journeykit.model.activity import Activity
    from journeykit.model.lifecycle import Lifecycle

MARGIN = 0.05
"""How far effort and importance shares may lie apart before an investment is uneven."""


@attrs.frozen(kw_only=True)
class Unit:
    """One (stage, touchpoint), as the customers' side knows it, or does not.

    Attributes:
        importance: What is in proportion to it: customers, or the plan's weight; None where nobody
            visited the stage.
        used: Whether it is on the customers' side.
    """

    stage: str
    touchpoint: str
    expected: bool
    used: bool
    customers: int | None
    reach: float | None
    importance: float | None


@attrs.frozen
class Efforts:
    """The company's side: what is done at each (stage, touchpoint), and how much of it."""

    by_unit: dict[tuple[str, str], float | None]

    def of_stage(self, stage: str) -> float:
        """Add up what is known of the effort in a stage."""
        return sum(effort or 0.0 for (where, _), effort in self.by_unit.items() if where == stage)


def sum_efforts(lifecycle: Lifecycle, activities: Sequence[Activity]) -> Efforts:
    """Add up the efforts of each (stage, touchpoint); one unknown effort makes the sum unknown.

    Raises:
        UnknownNameError: An activity's stage is no stage of the lifecycle.
        EventLogError: The activities of one stage measure effort in different units.
    """
    efforts: dict[tuple[str, str], float | None] = {}
    units: dict[str, set[str]] = {}
    for activity in activities:
        stage = lifecycle.stage_names.get(activity.stage)
        if stage is None:
            raise UnknownNameError("stage", activity.stage, lifecycle.stage_names, where="activities")
        known = lifecycle.touchpoint_names.get(activity.touchpoint)
        unit = stage, known[0] if known else activity.touchpoint
        before = efforts.get(unit, 0.0)
        efforts[unit] = None if before is None or activity.effort is None else before + activity.effort
        if activity.effort is not None:
            units.setdefault(stage, set()).add(activity.unit or "")
    for stage, found in units.items():
        if len(found) > 1:
            names = ", ".join(repr(name) for name in sorted(found))
            message = (
                f"activities of stage {stage!r} measure effort in different units: {names}. Give them one"
            )
            raise EventLogError(message)
    return Efforts(efforts)


def judge(
    units: Iterable[Unit], lifecycle: Lifecycle, efforts: Efforts | None, *, group: object = None
) -> tuple[list[Gap], list[StagePresence]]:
    """Match the two sides of each stage and rank the gaps.

    Args:
        units: The customers' side, and every unit that has an activity.
        lifecycle: Gives stages and touchpoints their order.
        efforts: The company's side, or None where it is not told.
        group: The value of `by` for the rows.

    Returns:
        The gaps by place of stage and touchpoint, and the presence of each stage and of all.
    """
    places = {name: place for place, name in enumerate(lifecycle.touchpoint_ids)}
    found: list[tuple[Gap, float]] = []
    presences = []
    everything = sorted(units, key=lambda unit: (places.get(unit.touchpoint, len(places)), unit.touchpoint))
    for stage in lifecycle.stage_ids:
        here = [unit for unit in everything if unit.stage == stage]
        found += _judge_stage(here, efforts, group)
        presences.append(_presence(stage, here, efforts, group))
    presences.append(_presence(None, everything, efforts, group))
    weights = sorted(range(len(found)), key=lambda place: -round(found[place][1], DIGITS))
    ranks = {place: rank for rank, place in enumerate(weights, 1)}
    return [attrs.evolve(gap, rank=ranks[place]) for place, (gap, _) in enumerate(found)], presences


def _match(unit: Unit, efforts: Efforts | None) -> Match | None:
    if efforts is None:
        return None
    if (unit.stage, unit.touchpoint) not in efforts.by_unit:
        return "missing"
    return "matched" if unit.used else "unmatched"


def _presence(stage: str | None, units: list[Unit], efforts: Efforts | None, group: object) -> StagePresence:
    if efforts is None:
        return StagePresence(stage=stage, match_score=None, presence=None, group=group)
    matches = [_match(unit, efforts) for unit in units]
    both, used = matches.count("matched"), sum(unit.used for unit in units)
    return StagePresence(
        stage=stage,
        match_score=both / len(matches) if matches else None,
        presence=both / used if used else None,
        group=group,
    )


@attrs.frozen(kw_only=True)
class _Scale:
    """What the shares of one stage are shares of.

    Attributes:
        importance: Of all that customers do in the stage.
        known: The importance and effort of each matched touchpoint whose effort is known.
        effort: All effort in the stage, matched or not.
    """

    importance: float
    known: dict[str, tuple[float, float]]
    effort: float

    def effort_share(self, touchpoint: str) -> float | None:
        """Give a touchpoint's share of the known effort on matched touchpoints."""
        total = sum(effort for _, effort in self.known.values())
        return self.known[touchpoint][1] / total if touchpoint in self.known and total else None

    def excess(self, touchpoint: str) -> float | None:
        """Tell by how much a touchpoint's share of effort exceeds its share of importance."""
        share = self.effort_share(touchpoint)
        total = sum(importance for importance, _ in self.known.values())
        return None if share is None or not total else share - self.known[touchpoint][0] / total


def _judge_stage(units: list[Unit], efforts: Efforts | None, group: object) -> list[tuple[Gap, float]]:
    """Judge the units of one stage; each gap comes with its weight."""
    if not units:
        return []
    scale = _Scale(
        importance=sum(unit.importance or 0.0 for unit in units if unit.used),
        known={
            unit.touchpoint: (unit.importance or 0.0, effort)
            for unit in units
            if unit.used and (effort := _effort(unit, efforts)) is not None
        },
        effort=efforts.of_stage(units[0].stage) if efforts else 0.0,
    )
    return [_gap(unit, efforts, scale, group) for unit in units]


def _effort(unit: Unit, efforts: Efforts | None) -> float | None:
    return efforts.by_unit.get((unit.stage, unit.touchpoint)) if efforts else None


def _gap(unit: Unit, efforts: Efforts | None, scale: _Scale, group: object) -> tuple[Gap, float]:
    match, effort = _match(unit, efforts), _effort(unit, efforts)
    seen = unit.importance is not None
    share = (unit.importance or 0.0) / scale.importance if seen and unit.used and scale.importance else None
    excess = scale.excess(unit.touchpoint)
    investment = _investment(excess) if seen else None
    weight = share or 0.0 if match in {None, "missing"} else 0.0
    if investment in {"over_invested", "under_invested"}:
        weight = abs(excess or 0.0)
    if match == "unmatched" and effort and seen:
        weight = effort / scale.effort
    gap = Gap(
        stage=unit.stage,
        touchpoint=unit.touchpoint,
        expected=unit.expected,
        customers=unit.customers,
        reach=unit.reach,
        importance_share=share,
        effort=effort,
        effort_share=scale.effort_share(unit.touchpoint),
        match=match,
        investment=investment,
        action=_action(match, investment) if seen else None,
        rank=0,
        consequence=_consequence(unit, match, investment),
        group=group,
    )
    return gap, weight


def _investment(excess: float | None) -> Investment | None:
    if excess is None:
        return None
    if abs(excess) <= MARGIN + ROUNDING:
        return "even"
    return "over_invested" if excess > 0 else "under_invested"


def _action(match: Match | None, investment: Investment | None) -> Action | None:
    if match == "missing":
        return "start"
    if match == "unmatched":
        return "drop"
    if match is None:
        return None
    actions: dict[str, Action] = {"over_invested": "decrease", "under_invested": "increase"}
    return actions.get(investment or "", "keep")


SENTENCES = {
    "unmatched": "The company is active {where}, where customers neither are nor are expected.",
    "over_invested": "The company spends more {where} than customers' use of it explains.",
    "under_invested": "Customers are met {where} with less effort than their use of it deserves.",
    "even": "Customers and company meet {where}.",
    "matched": "Customers and company meet {where}.",
    "missing": "Customers are {where}, and the company does nothing there.",
    "missing, unseen": "Customers are expected {where}; nobody was seen there, and the company does nothing.",
    "unplanned": "Customers are {where}, which the plan does not expect.",
    "used": "Customers are {where}, as the plan expects.",
    "unused": "Customers are expected {where}, and nobody was seen there.",
}


def _consequence(unit: Unit, match: Match | None, investment: Investment | None) -> str:
    """Say what the gap means for the company (S1-18)."""
    if match is None:
        planned = "used" if unit.customers else "unused"
        finding = planned if unit.expected else "unplanned"
    elif match == "missing":
        finding = "missing, unseen" if unit.customers == 0 else "missing"
    else:
        finding = investment or match
    return SENTENCES[finding].format(where=f"at {unit.touchpoint!r} in {unit.stage!r}")
