"""Hold what customers do against what the company does, stage by stage.

Pure rules: they know counts and activities, no engine.  `gaps` and `plan_gaps` bring the
counts.  Definitions: docs page "definitions", Gaps.  Source: S1-13 to S1-28 (mission page).

May import: result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from journeykit.errors import EventLogError, UnknownNameError
from journeykit.result import Definition, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from journeykit.model.activity import Activity
    from journeykit.model.lifecycle import Lifecycle

Match = Literal["matched", "missing", "unmatched"]
Investment = Literal["over_invested", "under_invested", "even"]
Action = Literal["start", "drop", "decrease", "increase", "keep"]

MARGIN = 0.05
"""How far effort and importance shares may lie apart before an investment is uneven."""

ROUNDING = 1e-9


@attrs.frozen(kw_only=True)
class Gap:
    """One touchpoint of a stage, from the customers' side and from the company's.

    Attributes:
        stage: The stage.
        touchpoint: The touchpoint.
        expected: Whether the plan expects customers to use it.
        customers: Customers who used it in this stage; None on paper.
        reach: Their share of the stage's customers, 0 to 1; None on paper and where nobody visited the stage.
        importance_share: Its share of the reach (on paper: of the weight) of all that customers do in the stage, 0 to 1.
        effort: What the company puts in, in the activities' own unit; None where it is not known.
        effort_share: Its share of the effort on the stage's matched touchpoints, 0 to 1.
        match: matched (both sides), missing (customers only), unmatched (company only); None without activities.
        investment: over_invested, under_invested or even; None where a share is not known.
        action: start, drop, decrease, increase or keep; None without activities or visits.
        rank: 1 for the gap that weighs most.
        consequence: What it means, as a sentence.
        group: The value of `by`.
    """

    stage: str
    touchpoint: str
    expected: bool
    customers: int | None
    reach: float | None
    importance_share: float | None
    effort: float | None
    effort_share: float | None
    match: Match | None
    investment: Investment | None
    action: Action | None
    rank: int
    consequence: str
    group: object = None


@attrs.frozen(kw_only=True)
class StagePresence:
    """How well the two sides of a stage match.

    Attributes:
        stage: The stage; None for all stages together.
        match_score: Touchpoints on both sides, of those on either, 0 to 1; None where there are none.
        presence: Touchpoints on both sides, of those on the customers' side, 0 to 1; None where there are none.
        group: The value of `by`.
    """

    stage: str | None
    match_score: float | None
    presence: float | None
    group: object = None


@attrs.frozen(kw_only=True)
class UnmappedTouchpoint:
    """A touchpoint whose events belong to no stage.

    Attributes:
        touchpoint: Its name in the log.
        events: How many events.
        customers: Of how many customers.
        group: The value of `by`.
    """

    touchpoint: str
    events: int
    customers: int
    group: object = None


class Gaps(Result[Gap]):
    """The rows of a gap analysis, with what stands beside them.

    Attributes:
        stages: One row a stage, then one for all together (stage None), in each group.
        unmapped: The touchpoints that belong to no stage, most events first.
        unseen: The stages that nobody visited.
    """

    __slots__ = ("stages", "unmapped", "unseen")

    def __init__(
        self,
        rows: Iterable[Gap],
        definition: Definition,
        *,
        stages: Iterable[StagePresence],
        unmapped: Iterable[UnmappedTouchpoint] = (),
        unseen: Iterable[str] = (),
    ) -> None:
        super().__init__(rows, definition, row_type=Gap)
        self.stages: tuple[StagePresence, ...] = tuple(stages)
        self.unmapped: tuple[UnmappedTouchpoint, ...] = tuple(unmapped)
        self.unseen: tuple[str, ...] = tuple(unseen)

    @property
    def match_score(self) -> float | None:
        """The match score of all stages together; with `by=`, look in `stages`."""
        return self._overall().match_score

    @property
    def presence(self) -> float | None:
        """The presence of all stages together; with `by=`, look in `stages`."""
        return self._overall().presence

    def _overall(self) -> StagePresence:
        return next(row for row in self.stages if row.stage is None)


@attrs.frozen(kw_only=True)
class Unit:
    """One (stage, touchpoint), as the customers' side knows it, or does not.

    Attributes:
        importance: Reach, or the plan's weight; None where nobody visited the stage.
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
            message = f"activities of stage {stage!r} measure effort in different units ({names}); give them one unit"
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
    weights = sorted(range(len(found)), key=lambda place: -found[place][1])
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


def _judge_stage(units: list[Unit], efforts: Efforts | None, group: object) -> list[tuple[Gap, float]]:
    """Judge the units of one stage; each gap comes with its weight."""
    total = sum(unit.importance or 0.0 for unit in units if unit.used)
    known = _known_efforts(units, efforts)
    effort_sum = sum(effort for _, effort in known.values())
    importance_sum = sum(importance for importance, _ in known.values())
    gaps = []
    for unit in units:
        share = unit.importance / total if unit.used and unit.importance is not None and total else None
        effort_share = excess = None
        if unit.touchpoint in known and effort_sum:
            importance, effort = known[unit.touchpoint]
            effort_share = effort / effort_sum
            excess = effort_share - importance / importance_sum if importance_sum else None
        gaps.append(_gap(unit, efforts, share, effort_share, excess, group))
    return gaps


def _known_efforts(units: list[Unit], efforts: Efforts | None) -> dict[str, tuple[float, float]]:
    """Find the importance and effort of the matched units that have both."""
    known = {}
    for unit in units:
        effort = efforts.by_unit.get((unit.stage, unit.touchpoint)) if efforts else None
        if unit.used and effort is not None:
            known[unit.touchpoint] = unit.importance or 0.0, effort
    return known


def _gap(
    unit: Unit,
    efforts: Efforts | None,
    share: float | None,
    effort_share: float | None,
    excess: float | None,
    group: object,
) -> tuple[Gap, float]:
    match = _match(unit, efforts)
    effort = efforts.by_unit.get((unit.stage, unit.touchpoint)) if efforts else None
    seen = unit.importance is not None
    investment = _investment(excess) if seen else None
    action = _action(match, investment) if seen else None
    weight = share or 0.0 if match in {None, "missing"} else 0.0
    if investment in {"over_invested", "under_invested"}:
        weight = abs(excess or 0.0)
    if match == "unmatched" and efforts is not None and effort:
        weight = effort / efforts.of_stage(unit.stage)
    gap = Gap(
        stage=unit.stage,
        touchpoint=unit.touchpoint,
        expected=unit.expected,
        customers=unit.customers,
        reach=unit.reach,
        importance_share=share,
        effort=effort,
        effort_share=effort_share,
        match=match,
        investment=investment,
        action=action,
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


def _consequence(unit: Unit, match: Match | None, investment: Investment | None) -> str:
    """Say what the gap means for the company (S1-18)."""
    where = f"at {unit.touchpoint!r} in {unit.stage!r}"
    if match == "missing":
        return f"Customers look for the company {where} and do not find it."
    if match == "unmatched":
        return f"The company spends effort {where}, which customers neither use nor are expected to use."
    if investment == "over_invested":
        return f"The company spends more {where} than customers' use of it explains."
    if investment == "under_invested":
        return f"Customers use {unit.touchpoint!r} in {unit.stage!r} more than the company's effort there answers to."
    if match == "matched":
        return f"Customers and company meet {where}."
    if not unit.expected:
        return f"Customers are seen {where}, which the plan does not expect."
    if unit.customers:
        return f"Customers are seen {where}, as the plan expects."
    return f"The plan expects customers {where}, and none was seen there."
