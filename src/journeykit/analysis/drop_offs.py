"""Answer: where are customers lost?

May import: journey, relations, eventlog, result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from journeykit.analysis.definition import define, require_journey
from journeykit.analysis.endings import ask_endings
from journeykit.analysis.groups import groups
from journeykit.analysis.intervals import DIGITS
from journeykit.analysis.shares import CENSORED, end_shares
from journeykit.engines import engine_errors
from journeykit.eventlog.times import MICROSECOND
from journeykit.relations.visits import (
    ACHIEVED,
    DEPARTED,
    DROPPED,
    EXITED,
    MOVED,
    OPEN,
    OUTCOMES,
    ending_of,
    is_done,
)
from journeykit.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from journeykit.analysis.endings import Endings
    from journeykit.analysis.groups import Groups
    from journeykit.analysis.shares import Ends
    from journeykit.journey import Journey
    from journeykit.model.lifecycle import Lifecycle

LOST, KEPT = 1, 0


@attrs.frozen(kw_only=True)
class DropOff:
    """How the visits to one stage ended.

    Attributes:
        stage: The stage.
        customers: Its distinct customers.
        visits: Their visits; the sum of the six outcomes that follow.
        moved: Went on to another stage that is no exit, or began another visit to this one.
        exited: Went from here into an exit stage.
        achieved: Are in a goal stage, or at or above their own target.
        departed: Are in an exit stage.
        dropped: Have given no sign of life for `idle` or longer.
        open: Were heard from more recently: neither kept nor lost yet.
        lost: `exited + dropped`.
        share_lost: The Aalen-Johansen probability that a visit is lost, 0 to 1; None where too few are known.
        share_low: The lower end of its 95 % interval, clustered by customer.
        share_high: The upper end.
        undetermined: The probability that a visit lasts beyond the day the share is read at, 0 to 1.
        not_taken: Customers who are done with the stage and never moved directly to a next one; None
            where there is none.
        reached_goal: Of `customers`, those who by `as_of` ever reached a goal stage, or their own target.
        returned_after_idle: Visits in which a silence of `idle` or longer ended: they would have counted
            as dropped.
        group: The value of `by`.
    """

    stage: str
    customers: int
    visits: int
    moved: int
    exited: int
    achieved: int
    departed: int
    dropped: int
    open: int
    lost: int
    share_lost: float | None
    share_low: float | None
    share_high: float | None
    undetermined: float
    not_taken: int | None
    reached_goal: int
    returned_after_idle: int
    group: object = None


def drop_offs(journey: Journey, *, by: str | None = None) -> Result[DropOff]:
    """Find the stages where customers are lost.

    A visit is lost when the customer moves to an exit stage, or gives no sign of life for
    `Journey.idle` before `Journey.as_of`.  Customers heard from more recently are open, and
    ending in a goal stage, or at one's own target, is success.

    Args:
        journey: What was observed.
        by: A customer attribute; one group of rows for each of its values.

    Returns:
        One row a stage that anyone visited, largest `share_lost` first, those without one last, ties
        by place in the lifecycle.  Never more rows than stages times groups.

    Raises:
        UnknownNameError: No customer attribute is called *by*.

    Source: S2-22, S4-05, S5-18 (mission page); docs page "definitions".
    """
    require_journey(journey)
    lifecycle, scratch = journey.lifecycle, journey.scratch
    with engine_errors(journey.log):
        split = groups(journey, by)
        ends, pairs = journey.observed.count_ends(split.join), journey.observed.count_pairs(split.join)
        shares = end_shares(ends, scratch, pairs=pairs, cause=_lost_or_kept(lifecycle))
        counted = ask_endings(ends, scratch)
        returned = count_returned(journey, split)
    rows = [
        _row(
            cell[1],
            counts,
            shares[cell],
            lifecycle,
            returned_after_idle=returned.get(cell, 0),
            group=split.values[cell[0]],
        )
        for cell, counts in counted.items()
    ]
    places = {stage: place for place, stage in enumerate(lifecycle.stage_ids)}
    order = {value: place for place, value in enumerate(split.values)}
    rows.sort(
        key=lambda row: (
            order[row.group],
            row.share_lost is None,
            -round(row.share_lost or 0, DIGITS),
            places[row.stage],
        )
    )
    definition = define(
        journey,
        "drop_offs",
        by=by,
        unit="a stage that customers visited",
        denominators="share_lost: the visits to the stage",
        source="S2-22, S4-05, S5-18; Aalen and Johansen 1978",
    )
    return Result(rows, definition, row_type=DropOff)


def _lost_or_kept(lifecycle: Lifecycle) -> Callable[[int, int], int]:
    """Tell of an ending whether it is a loss: silence is one, and so is a move out into an exit stage."""
    outcomes = {ending_of(lifecycle, outcome): outcome for outcome in (ACHIEVED, DEPARTED, DROPPED, OPEN)}
    exits = _exits(lifecycle)

    def cause(stage: int, ending: int) -> int:
        if ending in outcomes:
            return LOST if outcomes[ending] == DROPPED else CENSORED
        return LOST if ending in exits and stage not in exits else KEPT

    return cause


def _exits(lifecycle: Lifecycle) -> frozenset[int]:
    return frozenset(code for code, stage in enumerate(lifecycle.stages) if stage.kind == "exit")


def _outcomes(stage: int, counts: Endings, lifecycle: Lifecycle) -> dict[str, int]:
    """Count the visits to a stage by outcome."""
    exits = frozenset[int]() if stage in _exits(lifecycle) else _exits(lifecycle)
    moved = frozenset(range(len(lifecycle.stages))) - exits
    last = {
        OUTCOMES[one]: frozenset({ending_of(lifecycle, one)}) for one in (ACHIEVED, DEPARTED, DROPPED, OPEN)
    }
    endings = {OUTCOMES[MOVED]: moved, OUTCOMES[EXITED]: exits, **last}
    return {name: counts.total(counts.visits, codes) for name, codes in endings.items()}


def _not_taken(stage: int, counts: Endings, lifecycle: Lifecycle) -> int | None:
    """Count the customers who are done with a stage and never moved directly to one of its targets."""
    if not lifecycle.onward(lifecycle.stage_ids[stage]):
        return None
    done = {ending for ending in counts.endings.tolist() if is_done(lifecycle, stage, ending)}
    return int(counts.customers.sum()) - counts.total(counts.customers, done)


def count_returned(journey: Journey, split: Groups) -> dict[tuple[int, int], int]:
    """Count the visits in which a silence of `idle` or longer ended; few do, so that few are joined."""
    links, visits = journey.observed.links, journey.visits
    silent = links.filter(links.waited_us >= journey.idle // MICROSECOND)
    silent = silent.select(silent_customer="customer", silent_us="time_us")
    # Whatever else happened at the instant from which it was silent came before that event.
    within = (visits.start_us <= silent.silent_us) & (
        visits.next_start_us.isnull() | (visits.next_start_us > silent.silent_us)
    )
    visits = split.join(visits.semi_join(silent, [visits.customer == silent.silent_customer, within]))
    counted = visits.group_by(["group", "stage"]).aggregate(n=visits.count())
    return {(row["group"], row["stage"]): row["n"] for row in journey.scratch.rows_of(counted)}


def _row(stage: int, counts: Endings, ends: Ends, lifecycle: Lifecycle, **told: Any) -> DropOff:
    outcomes, share = _outcomes(stage, counts, lifecycle), ends.share(LOST)
    return DropOff(
        stage=lifecycle.stage_ids[stage],
        customers=int(counts.customers.sum()),
        visits=int(counts.visits.sum()),
        **outcomes,
        lost=outcomes["exited"] + outcomes["dropped"],
        share_lost=share.value,
        share_low=share.low,
        share_high=share.high,
        undetermined=ends.undetermined,
        not_taken=_not_taken(stage, counts, lifecycle),
        reached_goal=int(counts.reached.sum()),
        **told,
    )
