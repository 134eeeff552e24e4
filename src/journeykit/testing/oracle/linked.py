"""Answer `overlap` and `carry_over`: one log, observed under two lifecycles.

Follows the sentences "Overlap" and "Carry-over" of the definitions: every customer is
asked at every moment, and every factor of every customer.

May import: model.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from journeykit.testing.oracle.answers import quantile
from journeykit.testing.oracle.reading import microseconds
from journeykit.testing.oracle.shares import reading_day, shares_by, shares_of
from journeykit.testing.oracle.visits import DAY, Visit, achieves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from journeykit.testing.oracle.observing import Observed, Person
    from journeykit.testing.oracle.reading import Row
    from journeykit.testing.oracle.shares import Shares

REACHED, LOST, OPEN = "moved", "exited", "open"
"""The outcomes after a bridge, as outcomes of a visit that ends by neither goal nor target."""

_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_PERIODS: dict[str, Callable[[date], Any]] = {
    "day": lambda day: day,
    "week": lambda day: day.isocalendar()[:2],
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month - 1) // 3),
    "year": lambda day: day.year,
}
"""What the days of one period have in common."""


def overlap(observed: Observed, other: Observed, *, every: str = "month") -> list[Row]:
    """Count who stands in which pair of stages at each end of a period, and at `as_of`."""
    rows = []
    stages, others = (*observed.lifecycle.stage_ids, None), (*other.lifecycle.stage_ids, None)
    twins = {person.customer: person for person in other.people}
    groups = {person.group for person in observed.people} if observed.by else {None}
    for group in sorted(groups, key=lambda value: (value is None, str(value))):
        members = [(person, twins[person.customer]) for person in observed.members(group)]
        for at in moments(observed, every):
            found: Counter[tuple[Any, ...]] = Counter()
            for person, twin in members:
                if person.steps[0].us <= microseconds(at):
                    here, there = _standing(observed, person, at), _standing(other, twin, at)
                    found[here[0], there[0], here[1] or there[1]] += 1
            rows += [
                {
                    "at": at,
                    "stage": stage,
                    "other_stage": other_stage,
                    "customers": found[stage, other_stage, False],
                    "silent": found[stage, other_stage, True],
                    "group": group,
                }
                for stage in stages
                for other_stage in others
                if found[stage, other_stage, False] + found[stage, other_stage, True]
            ]
    return rows


def moments(observed: Observed, every: str) -> Iterator[datetime]:
    """List the last microsecond of each period from the first event on, and `as_of`."""
    as_of = observed.as_of
    if as_of is None or not observed.people:
        return
    first = _EPOCH + min(person.steps[0].us for person in observed.people) * _TICK
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    period = _PERIODS[every]
    while (tomorrow := midnight + timedelta(days=1)) <= as_of:
        if period(midnight.date()) != period(tomorrow.date()):
            yield tomorrow - _TICK
        midnight = tomorrow
    yield as_of


def _standing(observed: Observed, person: Person, at: datetime) -> tuple[str | None, bool]:
    """Say in which stage a customer stands, and whether they have fallen silent there."""
    now = microseconds(at)
    begun = [visit.stage for visit in person.visits if visit.start <= now]
    stage = begun[-1] if begun else None
    quiet = now - max(step.us for step in person.steps if step.us <= now)
    stays = stage is not None and _ends(observed, person, stage) is not None
    return stage, not stays and quiet >= observed.idle // _TICK


def _ends(observed: Observed, person: Person, stage: str) -> str | None:
    """Say what being in a stage means: reached, lost or neither."""
    if achieves(stage, observed.lifecycle, person.target):
        return REACHED
    return LOST if observed.lifecycle.stage(stage).kind == "exit" else None


@dataclass(frozen=True)
class CarryOvers:
    """The answer of `carry_over`: its rows, and one row a group of what became of the customers."""

    rows: list[Row]
    crossings: list[Row]


@dataclass(frozen=True)
class _Crossed:
    """One customer who is followed over the bridge.

    Attributes:
        held: The factors of the path there.
        waited: The microseconds from the first visit to the bridge.
        after: The outcome, as a visit's.
    """

    held: frozenset[tuple[str, str | None]]
    waited: int
    after: Visit


def carry_over(observed: Observed, other: Observed, *, bridge: str) -> CarryOvers:
    """Relate the path before the bridge to the outcome after it."""
    answer = CarryOvers([], [])
    for group in observed.groups():
        members = [person for person in observed.members(group) if person.visits]
        followed, already = [], Counter[str | None]()
        for person in members:
            if any(visit.stage == bridge for visit in person.visits):
                crossed, before = _cross(observed, person, other, bridge)
                already[before] += 1
                followed += [crossed] if before is None else []
        counts = {
            "never_crossed": len(members) - already.total(),
            "crossed": already.total(),
            "reached_before": already[REACHED],
            "lost_before": already[LOST],
        }
        answer.crossings.append({**counts, **_crossing(followed), "group": group})
        answer.rows.extend({**row, "group": group} for row in _rows(observed, followed, bridge))
    return answer


def _cross(observed: Observed, person: Person, other: Observed, bridge: str) -> tuple[_Crossed, str | None]:
    """Follow one customer; tell also what had become of them before."""
    place = next(n for n, visit in enumerate(person.visits) if visit.stage == bridge)
    began = person.visits[place].start
    twin = next(one for one in other.people if one.customer == person.customer)
    told = [(visit.start, _ends(other, twin, visit.stage)) for visit in twin.visits]
    earlier = [state for start, state in told if start < began]
    later = [(start, state) for start, state in told if start >= began and state is not None]
    now, silence = microseconds(other.as_of or _EPOCH), other.idle // _TICK
    silent = twin.steps[-1].us + silence
    end, outcome = later[0] if later else (silent, LOST) if silent <= now else (now, OPEN)
    after = Visit(
        customer=person.customer,
        stage=bridge,
        start=began,
        next_stage=None,
        next_start=None,
        outcome=outcome or OPEN,
        day=(end - began) // DAY,
        last_touchpoint=None,
        returned_after_idle=False,
    )
    crossed = _Crossed(_held(observed, person, place, bridge), began - person.visits[0].start, after)
    return crossed, earlier[-1] if earlier else None


def _held(observed: Observed, person: Person, place: int, bridge: str) -> frozenset[tuple[str, str | None]]:
    """List the factors of a path: of its length alone nothing can be told before all are known."""
    path = person.visits[:place]
    first = next(n for n, step in enumerate(person.steps) if step.stage == bridge)
    kinds = {observed.lifecycle.transition_kind(visit.stage, str(visit.next_stage)) for visit in path}
    return frozenset(
        {
            *(("stage", visit.stage) for visit in path),
            *(("touchpoint", step.touchpoint) for step in person.steps[:first]),
            *([("regressed", None)] if "regress" in kinds else []),
            *([("skipped", None)] if "skip" in kinds else []),
        }
    )


def _crossing(followed: Sequence[_Crossed]) -> Row:
    outcomes = Counter(one.after.outcome for one in followed)
    shares = shares_of([one.after for one in followed])
    return {
        "followed": len(followed),
        "reached": outcomes[REACHED],
        "lost": outcomes[LOST],
        "open": outcomes[OPEN],
        "median_days": quantile([Fraction(one.waited, DAY) for one in followed], Fraction(1, 2)),
        "day": shares.day,
        **dict(zip(("share_reached", "reached_low", "reached_high"), _share(shares, REACHED), strict=True)),
        **dict(zip(("share_lost", "lost_low", "lost_high"), _share(shares, LOST), strict=True)),
        "undetermined": float(shares.undetermined),
    }


def _share(shares: Shares | None, outcome: str) -> tuple[float | None, float | None, float | None]:
    return shares.share(lambda cause: cause[0] == outcome) if shares else (None, None, None)


def _rows(observed: Observed, followed: Sequence[_Crossed], bridge: str) -> Iterator[Row]:
    """Ask every factor, in the order of the lifecycle, of every customer."""
    lifecycle = observed.lifecycle
    median = quantile([Fraction(one.waited) for one in followed], Fraction(1, 2)) or 0.0
    asked: list[tuple[str, str | None]] = [("stage", name) for name in lifecycle.stage_ids if name != bridge]
    asked += [("touchpoint", name) for name in lifecycle.touchpoint_ids]
    asked += [("regressed", None), ("skipped", None), ("slow", None)]
    for factor in asked:
        having: list[Visit] = []
        lacking: list[Visit] = []
        for one in followed:
            has = one.waited > median if factor == ("slow", None) else factor in one.held
            (having if has else lacking).append(one.after)
        day = _common_day(having, lacking)
        for outcome, code in (("reached", REACHED), ("lost", LOST)):
            yield {
                "factor": factor[0],
                "name": factor[1],
                "outcome": outcome,
                "day": day,
                **_compared(having, lacking, day, code),
                "group": None,
            }


def _common_day(having: Sequence[Visit], lacking: Sequence[Visit]) -> int | None:
    """Find the earlier of the two reading days; an arm of which nobody is left by its own never matters."""
    days = reading_day(having), reading_day(lacking)
    if days[0] is None or days[1] is None:
        return None
    left = [
        day
        for day, arm in zip(days, (having, lacking), strict=True)
        if day is not None and shares_by(day, arm).undetermined
    ]
    return min(left) if left else max(days[0], days[1])


def _compared(having: Sequence[Visit], lacking: Sequence[Visit], day: int | None, outcome: str) -> Row:
    row: Row = {}
    told = []
    for name, arm in (("with", having), ("without", lacking)):
        counts = Counter(end.outcome for end in arm)
        row |= {f"{name}_customers": len(arm), f"{name}_ended": counts[outcome], f"{name}_open": counts[OPEN]}
        share = _share(None if day is None else shares_by(day, arm), outcome)
        row |= dict(zip((f"{name}_share", f"{name}_low", f"{name}_high"), share, strict=True))
        told.append(share)
    names = ("difference", "difference_low", "difference_high")
    return row | dict(zip(names, _difference(told[0], told[1]), strict=True))


def _difference(
    one: tuple[float | None, ...], other: tuple[float | None, ...]
) -> tuple[float | None, float | None, float | None]:
    """Subtract two independent shares; each end is as far off as the ends of both that push it there."""
    told = [cell for cell in (*one, *other) if cell is not None]
    if len(told) < len(one) + len(other):
        return None, None, None
    p, low, high, q, other_low, other_high = told
    down = math.sqrt((p - low) ** 2 + (other_high - q) ** 2)
    up = math.sqrt((high - p) ** 2 + (q - other_low) ** 2)
    return p - q, p - q - down, p - q + up
