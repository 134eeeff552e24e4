"""Answer `transitions`, `drop_offs` and `last_touchpoints`.

May import: model.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from journeykit.testing.oracle.observing import touchpoint_code
from journeykit.testing.oracle.shares import clustered, shares_of
from journeykit.testing.oracle.visits import DAY, OUTCOMES, achieves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.model import Lifecycle
    from journeykit.testing.oracle.observing import Observed, Person
    from journeykit.testing.oracle.reading import Row
    from journeykit.testing.oracle.shares import Cause, Shares
    from journeykit.testing.oracle.visits import Visit


def quantile(values: Sequence[Fraction], at: Fraction) -> float | None:
    """Return the quantile of the values, linearly interpolated; None of no values."""
    if not values:
        return None
    ordered = sorted(values)
    place = at * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def transitions(observed: Observed) -> list[Row]:
    """Count the moves from stage to stage, and name what was declared but never taken."""
    return [row for group in observed.groups() for row in _transitions(observed, group)]


def _transitions(observed: Observed, group: object) -> list[Row]:
    lifecycle = observed.lifecycle
    visits = observed.visits(group)
    pairs = {(visit.stage, visit.next_stage) for visit in visits if visit.next_stage is not None}
    pairs |= _never_taken_is_told(lifecycle)
    by_stage = {stage: [v for v in visits if v.stage == stage] for stage in lifecycle.stage_ids}
    shares = {stage: shares_of(here) for stage, here in by_stage.items()}
    rows = [_transition(lifecycle, by_stage[a], a, b, shares[a]) for a, b in pairs]
    place = lifecycle.stage_ids.index
    rows.sort(key=lambda row: (-row["moves"], place(row["source"]), place(row["target"])))
    return [{**row, "group": group} for row in rows]


def _never_taken_is_told(lifecycle: Lifecycle) -> set[tuple[str, str]]:
    """List the declared transitions into progress and goal stages, which may be listed as never taken."""
    pairs = {(transition.source, transition.target) for transition in lifecycle.transitions}
    return {pair for pair in pairs if lifecycle.stage(pair[1]).kind in {"progress", "goal"}}


def _transition(lifecycle: Lifecycle, here: Sequence[Visit], source: str, target: str, shares: Shares) -> Row:
    moves = [visit for visit in here if visit.next_stage == target]
    days = [Fraction(visit.next_start - visit.start, DAY) for visit in moves if visit.next_start is not None]

    def goes_there(cause: Cause) -> bool:
        return cause[1] == target

    share, low, high = shares.share(goes_there)
    return {
        "source": source,
        "target": target,
        "kind": lifecycle.transition_kind(source, target),
        "declared": lifecycle.declares(source, target),
        "moves": len(moves),
        "customers": len({visit.customer for visit in moves}),
        "share": share,
        "share_low": low,
        "share_high": high,
        "median_days": quantile(days, Fraction(1, 2)),
        "p90_days": quantile(days, Fraction(9, 10)),
    }


def drop_offs(observed: Observed) -> list[Row]:
    """Count how the visits of each visited stage end, and where customers are lost."""
    rows = []
    for group in observed.groups():
        members = observed.members(group)
        visited = {visit.stage for person in members for visit in person.visits}
        stages = [stage for stage in observed.lifecycle.stage_ids if stage in visited]
        found = [{**_drop_off(observed.lifecycle, members, stage), "group": group} for stage in stages]
        rows += sorted(found, key=_largest_loss_first)
    return rows


def _largest_loss_first(row: Row) -> tuple[bool, float]:
    share = row["share_lost"]
    return (share is None, 0.0 if share is None else -round(share, 12))


def _drop_off(lifecycle: Lifecycle, members: Sequence[Person], stage: str) -> Row:
    visitors = [person for person in members if any(visit.stage == stage for visit in person.visits)]
    visits = [visit for person in visitors for visit in person.visits if visit.stage == stage]
    outcomes = Counter(visit.outcome for visit in visits)
    shares = shares_of(visits)
    share, low, high = shares.share(lambda cause: cause[0] in {"exited", "dropped"})
    return {
        "stage": stage,
        "customers": len(visitors),
        "visits": len(visits),
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
        "lost": outcomes["exited"] + outcomes["dropped"],
        "share_lost": share,
        "share_low": low,
        "share_high": high,
        "undetermined": float(shares.undetermined),
        "not_taken": _not_taken(lifecycle, visitors, stage),
        "reached_goal": sum(_reached_goal(lifecycle, person) for person in visitors),
        "returned_after_idle": sum(visit.returned_after_idle for visit in visits),
    }


def _not_taken(lifecycle: Lifecycle, visitors: Sequence[Person], stage: str) -> int | None:
    """Count the visitors who are done with the stage and never moved onward from it."""
    onward = lifecycle.onward(stage)
    if not onward:
        return None
    count = 0
    for person in visitors:
        stays = [visit for visit in person.visits if visit.stage == stage]
        moved_onward = any(visit.next_stage in onward for visit in stays)
        done = stays[-1].outcome not in {"open", "achieved"}
        count += done and not moved_onward
    return count


def _reached_goal(lifecycle: Lifecycle, person: Person) -> bool:
    return any(achieves(visit.stage, lifecycle, person.target) for visit in person.visits)


def last_touchpoints(observed: Observed) -> list[Row]:
    """Count the touchpoints directly before each silence and each exit."""
    rows = []
    for group in observed.groups():
        lost = [visit for visit in observed.visits(group) if visit.lost]
        for stage in observed.lifecycle.stage_ids:
            found = _last_touchpoints(observed.lifecycle, [visit for visit in lost if visit.stage == stage])
            rows += [{**row, "group": group} for row in found]
    return rows


def _last_touchpoints(lifecycle: Lifecycle, lost: Sequence[Visit]) -> list[Row]:
    rows = []
    for touchpoint in {visit.last_touchpoint for visit in lost}:
        here = [visit for visit in lost if visit.last_touchpoint == touchpoint]
        share, low, high = _ratio(here, lost)
        rows.append(
            {
                "stage": here[0].stage,
                "touchpoint": touchpoint,
                "declared": touchpoint in lifecycle.touchpoint_ids,
                "dropped": sum(visit.outcome == "dropped" for visit in here),
                "exited": sum(visit.outcome == "exited" for visit in here),
                "lost": len(here),
                "customers": len({visit.customer for visit in here}),
                "share": share,
                "share_low": low,
                "share_high": high,
            }
        )
    return sorted(rows, key=lambda row: (-row["lost"], touchpoint_code(row["touchpoint"], lifecycle)))


def _ratio(here: Sequence[Visit], lost: Sequence[Visit]) -> tuple[float, float, float]:
    """Return the share of the lost visits that ended here, with its interval clustered by customer."""
    share = Fraction(len(here), len(lost))
    mine: Counter[Any] = Counter(visit.customer for visit in here)
    every: Counter[Any] = Counter(visit.customer for visit in lost)
    variance = sum((mine[customer] - share * every[customer]) ** 2 for customer in every) / len(lost) ** 2
    return (float(share), *clustered(float(share), float(variance), len(every)))
