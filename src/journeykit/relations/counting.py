"""Count what was coded, and warn of what makes every later count suspect.

May import: relations, eventlog, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from journeykit.errors import EventLogError, listed, warn
from journeykit.eventlog.times import EPOCH, MICROSECOND

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.coding import Coded
    from journeykit.relations.scratch import Scratch


def newest(coded: Coded, scratch: Scratch, idle: dt.timedelta) -> int:
    """Find the newest event's time, in microseconds since 1970.

    Warns:
        JourneykitWarning: It stands alone, more than *idle* after the rest.
    """
    time = coded.events.time_us
    facts = scratch.one(coded.events.aggregate(newest=time.max(), usual=time.quantile(0.999)))
    last, usual = int(facts["newest"]), int(facts["usual"])
    if last - usual > idle // MICROSECOND:
        late, most = (f"{EPOCH + moment * MICROSECOND:%Y-%m-%d %H:%M}" for moment in (last, usual))
        warn(
            f"the newest event is of {late}, but 99.9 % of the events are not after {most}: everyone "
            f"silent since then counts as dropped. If the newest is a mistake, say as_of='{most}'"
        )
    return last


def warn_of_no_visit(
    coded: Coded, lifecycle: Lifecycle, scratch: Scratch, *, systems: Iterable[str] = ()
) -> None:
    """Say that the log and the plan share no name: most likely `Lifecycle.map` was forgotten.

    Args:
        coded: Holds the names in the log.
        lifecycle: The plan.
        scratch: Where to ask.
        systems: The systems whose names are installed for this lifecycle.

    Warns:
        JourneykitWarning: Always.
    """
    unknown = coded.touchpoints.touchpoint >= len(lifecycle.touchpoint_ids)
    few = coded.touchpoints.filter(unknown).order_by("touchpoint").limit(5)
    names = ", ".join(repr(row["name"]) for row in scratch.rows_of(few))
    seen = f", such as {names}" if names else ""
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


def count_events(coded: Coded, scratch: Scratch, as_of_us: int) -> dict[str, int]:
    """Count the events by *as_of*, those after it, and those that belong to no stage.

    Raises:
        EventLogError: No event is as old as *as_of*.
    """
    events = coded.events
    now = events.time_us <= as_of_us
    stageless = events.fixed.isnull()
    if "shared" in events.columns:
        stageless &= events.shared.isnull()
    counts: dict[str, Any] = scratch.one(
        events.aggregate(
            events=events.count(where=now),
            later=events.count(where=~now),
            unmapped=events.count(where=now & stageless),
        )
    )
    if not counts["events"]:
        first = scratch.one(events.aggregate(first=events.time_us.min()))["first"]
        when, begun = (f"{EPOCH + us * MICROSECOND:%Y-%m-%d %H:%M}" for us in (as_of_us, first))
        raise EventLogError(f"no event by as_of={when}: the first is of {begun}")
    return counts
