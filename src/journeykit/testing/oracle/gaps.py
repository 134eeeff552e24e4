"""Hold what customers do against what the company does.

Follows the paragraph "Gaps" of the definitions.  The sentence of consequence is
prose and is left out.

May import: model, errors.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from journeykit.errors import UnknownNameError
from journeykit.testing.oracle.observing import touchpoint_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from journeykit.model import Activity, Lifecycle
    from journeykit.testing.oracle.observing import Observed
    from journeykit.testing.oracle.reading import Row

Company = dict[str, dict[str, Fraction | None]]

BEYOND = Fraction(1, 20)
"""How far two shares may lie apart and still be even."""

LEAST_REACH = Fraction(1, 100)
"""The reach from which an observed touchpoint is on the customer side."""

_ACTIONS = {
    "missing": "start",
    "unmatched": "drop",
    "over_invested": "decrease",
    "under_invested": "increase",
}


@dataclass(frozen=True)
class Gaps:
    """The answer of `gaps`.

    Attributes:
        rows: One a unit, by group, stage and touchpoint.
        presence: One a stage, then one overall, for each group.
        unmapped_touchpoints: Names that the lifecycle doesn't know, of events without a stage: all
            groups together, by events descending, then by code point.
        unseen_stages: The stages that nobody of any group visited.
    """

    rows: list[Row]
    presence: list[Row]
    unmapped_touchpoints: list[Row]
    unseen_stages: list[str]


@dataclass(frozen=True)
class _Stage:
    """Both sides of one stage: importance (any unit) and effort (None: unknown), by touchpoint."""

    id: str
    side: dict[str, Fraction]
    company: dict[str, Fraction | None] | None
    visitors: int | None
    seen: Counter[str]


def gaps(observed: Observed, activities: Sequence[Activity] | None = None) -> Gaps:
    """Find the gaps between what customers were observed to do and the company's activities."""
    lifecycle = observed.lifecycle
    company = None if activities is None else _company(lifecycle, activities)
    visited = {visit.stage for person in observed.people for visit in person.visits}
    unseen = [stage for stage in lifecycle.stage_ids if stage not in visited]
    answer = Gaps([], [], _unmapped(observed), unseen)
    for group in observed.groups():
        stages = [_observed_stage(observed, group, stage, company) for stage in lifecycle.stage_ids]
        rows, presence = _held_together(lifecycle, stages, group)
        answer.rows.extend(rows)
        answer.presence.extend(presence)
    return answer


def plan_gaps(lifecycle: Lifecycle, activities: Sequence[Activity]) -> Gaps:
    """Find the gaps between the touchpoints a plan expects and the company's activities."""
    company = _company(lifecycle, activities)
    stages = []
    for stage in lifecycle.stage_ids:
        weights = {name: lifecycle.touchpoint(name).weight for name in _expected(lifecycle, stage)}
        side = {name: Fraction("1" if weight is None else str(weight)) for name, weight in weights.items()}
        stages.append(_Stage(stage, side, company.get(stage, {}), None, Counter()))
    rows, presence = _held_together(lifecycle, stages, None)
    return Gaps(rows, presence, [], [])


def _expected(lifecycle: Lifecycle, stage: str) -> list[str]:
    every = [lifecycle.touchpoint(name) for name in lifecycle.touchpoint_ids]
    return [touchpoint.id for touchpoint in every if touchpoint.expected and stage in touchpoint.stages]


def _company(lifecycle: Lifecycle, activities: Iterable[Activity]) -> Company:
    """Sum the efforts of each unit; one unknown effort makes the sum unknown."""
    company: Company = {}
    units: dict[str, set[str]] = {}
    for activity in activities:
        if activity.stage not in lifecycle.stage_names:
            raise UnknownNameError("stage", activity.stage, lifecycle.stage_names, where="activities")
        stage = lifecycle.stage_names[activity.stage]
        name = lifecycle.touchpoint_names.get(activity.touchpoint, (activity.touchpoint, ()))[0]
        efforts = company.setdefault(stage, {})
        effort = None if activity.effort is None else Fraction(str(activity.effort))
        before = efforts.get(name, Fraction(0))
        efforts[name] = None if before is None or effort is None else before + effort
        units.setdefault(stage, set()).update([] if activity.unit is None else [activity.unit])
        if len(units[stage]) > 1:
            raise ValueError(f"stage {stage!r}: efforts in several units, {sorted(units[stage])}")
    return company


def _observed_stage(observed: Observed, group: object, stage: str, company: Company | None) -> _Stage:
    members = observed.members(group)
    visitors = sum(any(visit.stage == stage for visit in person.visits) for person in members)
    seen: Counter[str] = Counter()
    for person in members:
        seen.update({step.touchpoint for step in person.steps if step.touchpoint and step.stage == stage})
    side = {name: Fraction(seen[name]) for name in _expected(observed.lifecycle, stage)}
    side |= {name: Fraction(n) for name, n in seen.items() if Fraction(n, visitors) >= LEAST_REACH}
    efforts = None if company is None else company.get(stage, {})
    return _Stage(stage, side, efforts, visitors, seen)


def _unmapped(observed: Observed) -> list[Row]:
    lifecycle = observed.lifecycle
    events: Counter[str] = Counter()
    customers: Counter[str] = Counter()
    for person in observed.people:
        names = [step.touchpoint for step in person.steps if step.touchpoint and step.stage is None]
        unknown = [name for name in names if name not in lifecycle.touchpoint_ids]
        events.update(unknown)
        customers.update(set(unknown))
    names = sorted(events, key=lambda name: (-events[name], name))
    return [{"touchpoint": name, "events": events[name], "customers": customers[name]} for name in names]


def _held_together(
    lifecycle: Lifecycle, stages: Sequence[_Stage], group: object
) -> tuple[list[Row], list[Row]]:
    """Make the rows of one group, ranked, and the presence of each stage and overall."""
    rows: list[Row] = []
    weights: list[Fraction] = []
    presence: list[Row] = []
    total: Counter[str] = Counter()
    for stage in stages:
        company = stage.company or {}
        names = stage.side.keys() | company.keys()
        for name in sorted(names, key=lambda name: touchpoint_code(name, lifecycle)):
            row, weight = _unit(lifecycle, stage, name)
            rows.append(row)
            weights.append(weight)
        sizes = Counter(either=len(names), side=len(stage.side), both=len(stage.side.keys() & company.keys()))
        total.update(sizes)
        presence.append({"stage": stage.id, **_presence(stage, sizes), "group": group})
    presence.append({"stage": None, **_presence(stages[0], total), "group": group})
    by_weight = sorted(range(len(rows)), key=lambda place: (-weights[place], place))
    for rank, place in enumerate(by_weight, start=1):
        rows[place] |= {"rank": rank, "group": group}
    return rows, presence


def _presence(stage: _Stage, sizes: Counter[str]) -> Row:
    def share(whole: str) -> float | None:
        return None if stage.company is None or not sizes[whole] else sizes["both"] / sizes[whole]

    return {"match_score": share("either"), "presence": share("side")}


def _unit(lifecycle: Lifecycle, stage: _Stage, name: str) -> tuple[Row, Fraction]:
    """Make the row of one unit, and the weight it is ranked by."""
    match = _match(stage, name)
    importance = _share(name, stage.side)
    effort_share, apart = _invested(stage, name) if match == "matched" else (None, None)
    investment = None if apart is None else _investment(apart)
    acts = match is not None and stage.visitors != 0
    row = {
        "stage": stage.id,
        "touchpoint": name,
        "expected": name in _expected(lifecycle, stage.id),
        "customers": None if stage.visitors is None else stage.seen[name],
        "reach": stage.seen[name] / stage.visitors if stage.visitors else None,
        "importance_share": _number(importance),
        "effort": _number((stage.company or {}).get(name)),
        "effort_share": _number(effort_share),
        "match": match,
        "investment": investment,
        "action": _ACTIONS.get(investment or str(match), "keep") if acts else None,
    }
    if match == "matched":
        return row, Fraction(0) if apart is None or investment == "even" else abs(apart)
    if match == "unmatched":
        efforts = {unit: effort or Fraction(0) for unit, effort in (stage.company or {}).items()}
        return row, (_share(name, efforts) or Fraction(0)) if acts else Fraction(0)
    return row, importance or Fraction(0)


def _investment(apart: Fraction) -> str:
    if abs(apart) <= BEYOND:
        return "even"
    return "over_invested" if apart > 0 else "under_invested"


def _match(stage: _Stage, name: str) -> str | None:
    if stage.company is None:
        return None
    if name not in stage.company:
        return "missing"
    return "matched" if name in stage.side else "unmatched"


def _invested(stage: _Stage, name: str) -> tuple[Fraction | None, Fraction | None]:
    """Return a matched unit's share of the effort, and how far it lies above its share of importance.

    Both shares are over the stage's matched units whose effort is known.
    """
    company = stage.company or {}
    efforts = {unit: effort for unit, effort in company.items() if effort is not None and unit in stage.side}
    effort_share = _share(name, efforts)
    importance = _share(name, {unit: stage.side[unit] for unit in efforts})
    if effort_share is None or importance is None:
        return effort_share, None
    return effort_share, effort_share - importance


def _share(name: str, parts: dict[str, Fraction]) -> Fraction | None:
    """Return a part's share of the whole; None where it is no part, or the whole is nothing."""
    whole = sum(parts.values())
    return parts[name] / whole if name in parts and whole else None


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
