"""Count what the graph shows on its nodes and its `next` edges, and how many of everything.

May import: model.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from journeykit.testing.oracle.answers import quantile
from journeykit.testing.oracle.shares import shares_of
from journeykit.testing.oracle.visits import DAY

if TYPE_CHECKING:
    from journeykit.testing.oracle.observing import Observed
    from journeykit.testing.oracle.visits import Step


def _node(step: Step) -> str:
    return f"{step.stage or '?'}/{step.touchpoint}"


def next_moves(observed: Observed) -> dict[tuple[str, str], tuple[int, float]]:
    """Count consecutive events that both have a touchpoint: moves and median days, by their nodes."""
    days: dict[tuple[str, str], list[Fraction]] = {}
    for person in observed.people:
        for before, after in zip(person.steps, person.steps[1:], strict=False):
            if before.touchpoint is not None and after.touchpoint is not None:
                days.setdefault((_node(before), _node(after)), []).append(Fraction(after.us - before.us, DAY))
    return {pair: (len(waits), quantile(waits, Fraction(1, 2)) or 0.0) for pair, waits in days.items()}


def stage_nodes(observed: Observed) -> dict[str, dict[str, Any]]:
    """Count, for every stage: customers, visits, lost, open, and the share lost; null without visits."""
    nodes = {}
    visits = observed.visits(None) if observed.by is None else [v for p in observed.people for v in p.visits]
    for stage in observed.lifecycle.stage_ids:
        here = [visit for visit in visits if visit.stage == stage]
        share, _, _ = shares_of(here).share(lambda cause: cause[0] in {"exited", "dropped"})
        nodes[stage] = {
            "customers": len({visit.customer for visit in here}),
            "visits": len(here),
            "lost": sum(visit.lost for visit in here),
            "open": sum(visit.outcome == "open" for visit in here),
            "share_lost": share,
        }
    return nodes


def touchpoint_nodes(observed: Observed) -> dict[str, dict[str, int]]:
    """Count, for every touchpoint in the stage it was observed in: events and customers."""
    events: Counter[str] = Counter()
    customers: Counter[str] = Counter()
    for person in observed.people:
        nodes = [_node(step) for step in person.steps if step.touchpoint is not None]
        events.update(nodes)
        customers.update(set(nodes))
    return {node: {"events": events[node], "customers": customers[node]} for node in events}


def counts(observed: Observed) -> dict[str, Any]:
    """Count rows, events and customers.

    `read`, `rejected` (by reason) and `used` count rows of the log; of the used ones
    `events` are by `as_of` and `later` after it; `unmapped` events have no stage;
    `unplaced` customers have events but no visit.
    """
    people = observed.people
    events = sum(len(person.steps) for person in people)
    return {
        "read": observed.read,
        "rejected": dict(observed.rejected),
        "used": events + observed.later,
        "events": events,
        "later": observed.later,
        "unmapped": sum(step.stage is None for person in people for step in person.steps),
        "customers": len(people),
        "unplaced": sum(not person.visits for person in people),
    }
