"""Draw a journey's counts as a plain networkx graph: the same numbers as the questions give.

May import: journey, relations, eventlog, graph, result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from journeykit.analysis.drop_offs import drop_offs
from journeykit.analysis.groups import groups
from journeykit.analysis.touchpoint_uses import touchpoint_uses
from journeykit.analysis.transitions import transitions
from journeykit.analysis.waits import count_waits
from journeykit.engines import engine_errors
from journeykit.graph import observed_graph as build
from journeykit.relations.visits import DAY_US

if TYPE_CHECKING:
    import networkx as nx

    from journeykit.analysis.drop_offs import DropOff
    from journeykit.analysis.transitions import TransitionRow
    from journeykit.journey import Journey
    from journeykit.result import Result


def observed_graph(
    journey: Journey, *, touchpoints: bool = True, origin: Literal["observed", "customer"] = "observed"
) -> nx.DiGraph[str]:
    """Draw what was observed.

    Args:
        journey: What was observed.
        touchpoints: Whether touchpoints, and the moves between them, are nodes and edges too.
        origin: "observed", or "customer" for the journey of one customer.

    Returns:
        A graph with the attribute schema of the reference page "graph schema": every stage of the lifecycle,
        the transitions taken and, if asked for, the touchpoints seen and the moves between them.
    """
    return graph_of(journey, drop_offs(journey), transitions(journey), touchpoints=touchpoints, origin=origin)


def graph_of(
    journey: Journey,
    lost: Result[DropOff],
    moves: Result[TransitionRow],
    *,
    touchpoints: bool = True,
    origin: Literal["observed", "customer"] = "observed",
) -> nx.DiGraph[str]:
    """Draw what was observed, as `observed_graph` does, from answers that are there already.

    Args:
        journey: What was observed.
        lost: The answer of `drop_offs` for all customers.
        moves: The answer of `transitions` for all customers.
        touchpoints: Whether touchpoints, and the moves between them, are nodes and edges too.
        origin: "observed", or "customer" for the journey of one customer.
    """
    with engine_errors(journey.log):
        seen = _touchpoints(journey) if touchpoints else None
        next_moves = _next_moves(journey) if touchpoints else []
    return build(
        lifecycle=journey.lifecycle,
        origin=origin,
        as_of=journey.as_of,
        idle_days=journey.idle_days,
        customers=journey.counts.customers,
        stages=lost.to_dicts(),
        transitions=[row for row in moves.to_dicts() if row["moves"]],
        touchpoints=seen,
        next_moves=next_moves,
    )


def _touchpoints(journey: Journey) -> list[dict[str, Any]]:
    return [
        {
            "stage": _stage(journey, use.stage),
            "name": journey.touchpoint_names[use.touchpoint],
            "events": use.events,
            "customers": use.customers,
        }
        for use in touchpoint_uses(journey, groups(journey, None))
    ]


def _next_moves(journey: Journey) -> list[dict[str, Any]]:
    """Count consecutive events of a customer that both have a touchpoint; null ones are not bridged."""
    links, read = journey.observed.links, journey.observed.moments.names_of
    counted = count_waits(links, ["unit", "next_unit"], [0.5], journey.scratch, rows=journey.counts.events)
    found = []
    # A unit without a stage comes after those with one.
    for row in sorted(counted, key=lambda row: (row["unit"], row["next_unit"])):
        (stage, touchpoint), (next_stage, next_touchpoint) = read(row["unit"]), read(row["next_unit"])
        if touchpoint is None or next_touchpoint is None:
            continue
        found.append(
            {
                "source_stage": _stage(journey, stage),
                "source": journey.touchpoint_names[touchpoint],
                "target_stage": _stage(journey, next_stage),
                "target": journey.touchpoint_names[next_touchpoint],
                "moves": row["moves"],
                "median_days": row["waited_us"][0] / DAY_US,
            }
        )
    return found


def _stage(journey: Journey, code: int | None) -> str | None:
    return None if code is None else journey.lifecycle.stage_ids[code]
