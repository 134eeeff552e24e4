"""Draw a lifecycle, the plan, as a graph.

Only what the lifecycle says itself becomes an edge: the transitions it declares, one
by one, and which touchpoints its stages contain.  Risk and exit stages are reachable
from anywhere, which is a rule and not a transition; drawing it would put an edge from
every stage to each of them.  `Touchpoint.after` is a constraint on order, not a move
of customers, and is no edge either.

May import: graph, model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from journeykit.graph.schema import touchpoint_id

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.model.touchpoint import Touchpoint


def planned_graph(lifecycle: Lifecycle, *, touchpoints: bool = True) -> nx.DiGraph[str]:
    """Draw a lifecycle as a graph of stages, declared transitions and touchpoints.

    Nodes and edges come in the lifecycle's order.  Transitions into risk and exit stages
    that hold only because those are reachable from anywhere are no edges.

    Args:
        lifecycle: The plan.
        touchpoints: False for the stages and their transitions alone.

    Returns:
        A new plain graph with origin "planned"; a touchpoint that several stages share
        is one node in each of them.

    Source: design, section 5.
    """
    graph: nx.DiGraph[str] = nx.DiGraph(
        origin="planned", lifecycle=lifecycle.id, idle_days=lifecycle.idle.total_seconds() / 86_400
    )
    for stage in lifecycle.stage_ids:
        graph.add_node(stage, **stage_attributes(lifecycle, stage))
    if touchpoints:
        for stage, touchpoint in planned_touchpoints(lifecycle):
            node = touchpoint_id(stage, touchpoint.id)
            graph.add_node(node, **touchpoint_attributes(lifecycle, stage, touchpoint.id))
            graph.add_edge(stage, node, kind="contains")
    for transition in lifecycle.transitions:
        source, target = transition.source, transition.target
        graph.add_edge(source, target, **transition_attributes(lifecycle, source, target))
    return graph


def planned_touchpoints(lifecycle: Lifecycle) -> list[tuple[str, Touchpoint]]:
    """List the plan's pairs of stage id and touchpoint, stage by stage in the lifecycle's order."""
    return [
        (stage, touchpoint) for stage in lifecycle.stage_ids for touchpoint in lifecycle.touchpoints_in(stage)
    ]


def stage_attributes(lifecycle: Lifecycle, stage: str) -> dict[str, Any]:
    """Give a stage's node what the plan knows of it."""
    rank = lifecycle.rank(stage)
    return {
        "kind": "stage",
        "stage_kind": lifecycle.stage(stage).kind,
        **({} if rank is None else {"rank": rank}),
        "label": lifecycle.stage(stage).label.get("en") or stage,
    }


def touchpoint_attributes(lifecycle: Lifecycle, stage: str | None, name: str) -> dict[str, Any]:
    """Give a touchpoint's node what the plan knows of it; its name is all where the plan has it not."""
    if name not in lifecycle.touchpoint_ids:
        return {"kind": "touchpoint", "label": name, "expected": False}
    touchpoint = lifecycle.touchpoint(name)
    return {
        "kind": "touchpoint",
        "label": touchpoint.label.get("en") or name,
        **({} if touchpoint.channel is None else {"channel": touchpoint.channel}),
        "expected": touchpoint.expected and stage in touchpoint.stages,
    }


def transition_attributes(lifecycle: Lifecycle, source: str, target: str) -> dict[str, Any]:
    """Give a transition's edge what the plan knows of it."""
    return {
        "kind": "transition",
        "transition_kind": lifecycle.transition_kind(source, target),
        "declared": lifecycle.declares(source, target),
    }
