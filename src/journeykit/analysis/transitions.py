"""Answer: how do customers move between stages?

May import: journey, relations, eventlog, result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from journeykit.analysis.definition import define, require_journey
from journeykit.analysis.endings import ask_endings
from journeykit.analysis.groups import groups
from journeykit.analysis.shares import CENSORED, end_shares
from journeykit.analysis.waits import count_waits
from journeykit.engines import engine_errors
from journeykit.relations.visits import ACHIEVED, DAY_US, DEPARTED, OPEN, ending_of
from journeykit.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from journeykit.analysis.endings import Endings
    from journeykit.analysis.groups import Groups
    from journeykit.analysis.shares import Ends
    from journeykit.journey import Journey
    from journeykit.model.kinds import TransitionKind
    from journeykit.model.lifecycle import Lifecycle


@attrs.frozen(kw_only=True)
class TransitionRow:
    """Moves from one stage to another.

    Attributes:
        source: The stage moved from.
        target: The stage moved to; the same for a repeat.
        kind: advance, skip, regress, lateral, repeat, at_risk, recover, exit or re_entry.
        declared: Whether the lifecycle declares it; every stage leads to the risk and exit stages.
        moves: How many visits to `source` ended so.
        customers: How many customers made the move.
        share: The Aalen-Johansen probability that a visit to `source` ends so, 0 to 1; None where too few
            are known.
        share_low: The lower end of its 95 % interval.
        share_high: The upper end.
        median_days: Median days from the first event of the one visit to the first of the next.
        p90_days: The 90th percentile of those days.
        group: The value of `by`.
    """

    source: str
    target: str
    kind: TransitionKind
    declared: bool
    moves: int
    customers: int
    share: float | None
    share_low: float | None
    share_high: float | None
    median_days: float | None
    p90_days: float | None
    group: object = None


def transitions(journey: Journey, *, by: str | None = None) -> Result[TransitionRow]:
    """Count how customers move between stages, loops, skips and fall-backs included.

    A move is a visit followed by another visit of the same customer.  Its share is the
    Aalen-Johansen probability that a visit to the source ends with it: open visits are
    censored, so that the slow are not mistaken for the lost.

    Args:
        journey: What was observed.
        by: A customer attribute; one group of rows for each of its values.

    Returns:
        One row a pair of stages that anyone moved between, most moves first, ties by place in the
        lifecycle.  Then, with 0 moves, each transition that the lifecycle declares into a progress or
        goal stage and that nobody took.  Never more rows than stages squared, times groups.

    Raises:
        UnknownNameError: No customer attribute is called *by*.

    Source: S2-12, S2-26, S2-36, S5-02 (mission page); docs page "definitions".
    """
    require_journey(journey)
    lifecycle, scratch = journey.lifecycle, journey.scratch
    with engine_errors(journey.log):
        split = groups(journey, by)
        counted = count_moves(journey, split)
        ends, pairs = journey.observed.count_ends(split.join), journey.observed.count_pairs(split.join)
        shares = end_shares(ends, scratch, pairs=pairs, cause=_cause_of(lifecycle))
        movers = ask_endings(ends, scratch)
    taken = {(row["group"], row["stage"], row["next_stage"]) for row in counted}
    never = [
        {"group": group, "stage": source, "next_stage": target, "moves": 0}
        for group in range(len(split.values))
        for source, target in _never_taken(lifecycle)
        if (group, source, target) not in taken
    ]
    ordered = sorted(
        [*counted, *never], key=lambda row: (row["group"], -row["moves"], row["stage"], row["next_stage"])
    )
    definition = define(
        journey,
        "transitions",
        by=by,
        unit="a pair of stages that customers move between",
        denominators="share: the visits to the source",
        source="S2-12, S2-26, S2-36, S5-02; Aalen and Johansen 1978",
    )
    rows = (
        _row(
            row,
            shares.get((row["group"], row["stage"])),
            movers.get((row["group"], row["stage"])),
            lifecycle,
            split.values,
        )
        for row in ordered
    )
    return Result(rows, definition, row_type=TransitionRow)


def count_moves(journey: Journey, split: Groups) -> list[dict[str, Any]]:
    """Count the moves by group and by pair of stages, and how long they took."""
    moves, keys = split.join(journey.observed.moves), ["group", "stage", "next_stage"]
    return count_waits(moves, keys, [0.5, 0.9], journey.scratch, rows=journey.counts.visits)


def _cause_of(lifecycle: Lifecycle) -> Callable[[int, int], int]:
    """Tell which endings are causes: the next stage and silence are, and nothing has ended otherwise."""
    going_on = {ending_of(lifecycle, outcome) for outcome in (ACHIEVED, DEPARTED, OPEN)}
    return lambda _, ending: CENSORED if ending in going_on else ending


def _never_taken(lifecycle: Lifecycle) -> list[tuple[int, int]]:
    """List the declared transitions that could have been taken: those into risk and exit stages stay out."""
    places = {stage: code for code, stage in enumerate(lifecycle.stage_ids)}
    return [
        (places[one.source], places[one.target])
        for one in lifecycle.transitions
        if lifecycle.stage(one.target).kind in {"progress", "goal"}
    ]


def _row(
    row: dict[str, Any],
    ends: Ends | None,
    ended: Endings | None,
    lifecycle: Lifecycle,
    values: tuple[object, ...],
) -> TransitionRow:
    source, target = lifecycle.stage_ids[row["stage"]], lifecycle.stage_ids[row["next_stage"]]
    median, p90 = (us / DAY_US for us in row["waited_us"]) if row["moves"] else (None, None)
    share = ends.share(row["next_stage"]) if ends else None
    return TransitionRow(
        source=source,
        target=target,
        kind=lifecycle.transition_kind(source, target),
        declared=lifecycle.declares(source, target),
        moves=row["moves"],
        customers=ended.total(ended.enders, {row["next_stage"]}) if ended else 0,
        share=share.value if share else None,
        share_low=share.low if share else None,
        share_high=share.high if share else None,
        median_days=median,
        p90_days=p90,
        group=values[row["group"]],
    )
