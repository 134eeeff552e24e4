"""Count what was ordered, and warn of what makes every later count suspect.

May import: relations, eventlog, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from journeykit.errors import listed, warn
from journeykit.eventlog.times import EPOCH, MICROSECOND

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    import ibis.expr.types as ir

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.scratch import Scratch

USUAL: Final = 0.999
"""The share of the events that the newest should not be long after."""


@attrs.frozen(kw_only=True)
class Counted:
    """What the ordered events hold.

    Attributes:
        newest_us: When the newest event was.
        events: How many there are.
        unmapped: How many of them belong to no stage.
        customers: How many customers they are of.
        visits: How many visits they are cut into.
        placed: How many customers have a visit.
    """

    newest_us: int
    events: int
    unmapped: int
    customers: int
    visits: int = 0
    placed: int = 0

    @property
    def newest(self) -> dt.datetime:
        """When the newest event was."""
        return EPOCH + self.newest_us * MICROSECOND


def count_steps(steps: ir.Table, scratch: Scratch) -> Counted | None:
    """Count the ordered events; None where there is none."""
    counts: dict[str, Any] = scratch.one(
        steps.aggregate(
            newest_us=steps.time_us.max(),
            events=steps.count(),
            unmapped=steps.count(where=steps.stage.isnull()),
            customers=steps.count(where=steps.next_time_us.isnull()),
        )
    )
    return Counted(**counts) if counts["events"] else None


def count_visits(counted: Counted, visits: ir.Table, scratch: Scratch) -> Counted:
    """Count the visits, too."""
    # A customer with a visit has just one that nothing follows.
    last = visits.count(where=visits.next_stage.isnull())
    placed = scratch.one(visits.aggregate(visits=visits.count(), last=last))
    return attrs.evolve(counted, visits=placed["visits"], placed=int(placed["last"] or 0))


def warn_of_lone_newest(
    steps: ir.Table, counted: Counted, late: int, scratch: Scratch, idle: dt.timedelta
) -> None:
    """Say that the newest event stands alone, more than *idle* after the 99.9th percentile, if it does.

    Args:
        steps: The ordered events.
        counted: What they hold.
        late: How many customers were heard of not longer than *idle* before the newest event.
        scratch: Where to ask.
        idle: The silence that is a drop-off.

    Warns:
        JourneykitWarning: It does.
    """
    silent_us = counted.newest_us - idle // MICROSECOND
    # The percentile is a sort: it is asked for where so few customers were heard of that it may be early.
    if late > counted.events - int(USUAL * (counted.events - 1)) - 1:
        return
    usual_us = int(scratch.one(steps.aggregate(usual=steps.time_us.quantile(USUAL)))["usual"])
    if usual_us < silent_us:
        last, most = (
            f"{EPOCH + moment * MICROSECOND:%Y-%m-%d %H:%M}" for moment in (counted.newest_us, usual_us)
        )
        warn(
            f"the newest event is of {last}, but 99.9 % of the events are not after {most}: everyone "
            f"silent since then counts as dropped. If the newest is a mistake, say as_of='{most}'"
        )


def warn_of_no_visit(names: Sequence[str], lifecycle: Lifecycle, *, systems: Iterable[str] = ()) -> None:
    """Say that the log and the plan share no name: most likely `Lifecycle.map` was forgotten.

    Args:
        names: The touchpoints by their codes.
        lifecycle: The plan.
        systems: The systems whose names are installed for this lifecycle.

    Warns:
        JourneykitWarning: Always.
    """
    known = len(lifecycle.touchpoint_ids)
    few = ", ".join(map(repr, names[known : known + 5]))
    seen = f", such as {few}" if few else ""
    warn(
        f"no event belongs to a stage of lifecycle {lifecycle.id!r}, so there is nothing to count: it knows "
        f"no name in the log{seen}. Teach it the names with lifecycle.map(); log.check(lifecycle) lists them"
        f"{_installed(systems)}"
    )


def _installed(systems: Iterable[str]) -> str:
    """Say whose names need not be written down."""
    known = list(systems)
    if not known:
        return ""
    ways = f"jk.map_system(lifecycle, {known[0]!r}), --map {known[0]}"
    return f". Names are installed of {listed(known)}: {ways}"
