"""Make a graph of what was observed, from counts.

Takes rows of counts, not events and not a journey: the questions count, and the graph
only arranges.  So the graph, the tables and the charts give the same numbers.

May import: graph, model, errors.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import networkx as nx

from journeykit.errors import GraphError
from journeykit.graph.planned import (
    planned_touchpoints,
    stage_attributes,
    touchpoint_attributes,
    transition_attributes,
)
from journeykit.graph.schema import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Attribute, touchpoint_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from journeykit.model.lifecycle import Lifecycle

Row: TypeAlias = Mapping[str, Any]
TouchpointKey: TypeAlias = tuple[str | None, str]
Key = TypeVar("Key")

PLANNED = frozenset({"kind", "stage_kind", "rank", "label", "transition_kind", "declared"})
"""What the plan says, whatever a row of counts says."""


UNSEEN: Row = {"customers": 0, "visits": 0, "lost": 0, "open": 0}
"""What is known of a stage that nobody visited."""

UNUSED: Row = {"events": 0, "customers": 0}
"""What is known of a touchpoint that nobody used."""


def observed_graph(
    lifecycle: Lifecycle,
    *,
    origin: Literal["observed", "customer"],
    as_of: dt.datetime | str,
    idle_days: float,
    customers: int,
    stages: Iterable[Row],
    transitions: Iterable[Row],
    touchpoints: Iterable[Row] | None = (),
    next_moves: Iterable[Row] = (),
) -> nx.DiGraph[str]:
    """Arrange counts as a graph of stages, transitions and touchpoints.

    An observed graph has all of the lifecycle: a stage without a row was visited by
    nobody, a planned touchpoint without a row was used by nobody, and both say so with
    zeros.  A customer's graph has only what that customer did.  Nodes and edges come in
    the lifecycle's order, other names by code point, whatever the order of the rows.

    Args:
        lifecycle: The plan; says kind, rank and label of what was counted, and which
            transitions are declared.
        origin: "observed", or "customer" for the journey of one.
        as_of: The censoring date, with its time zone; text is taken as it is.
        idle_days: The silence that is a drop-off, in days.
        customers: Customers with an event by *as_of*.
        stages: A row a stage: `stage`, `customers`, `visits`, `lost`, `open`, `share_lost`.
        transitions: A row a pair of stages: `source`, `target`, `moves`, `customers`,
            `share`, `median_days`.  Kind and declared are the lifecycle's to say.
        touchpoints: A row a touchpoint in a stage: `stage` (None: in no stage), `name`,
            `events`, `customers`, `channel`, `expected`; the latter two are the plan's
            where they are None or left out.  None for the stages and their transitions
            alone; *next_moves* are not read then.
        next_moves: A row a pair of touchpoints in stages: `source_stage`, `source`,
            `target_stage`, `target`, `moves`, `median_days`.

    Returns:
        A new plain graph.  What a row leaves out or has as None is absent; keys that the
        schema does not know are not read.

    Raises:
        UnknownNameError: A row names a stage that the lifecycle has not.
        GraphError: Two rows describe one node or one edge.

    Source: design, section 5.
    """
    graph: nx.DiGraph[str] = nx.DiGraph(
        origin=origin,
        lifecycle=lifecycle.id,
        as_of=as_of if isinstance(as_of, str) else as_of.astimezone(dt.UTC).isoformat(),
        idle_days=float(idle_days),
        customers=int(customers),
    )
    moves = _by_key(transitions, lambda row: (row["source"], row["target"]), "transition")
    used = _by_key(touchpoints or (), lambda row: (row["stage"], row["name"]), "touchpoint")
    pairs = _by_key(next_moves if touchpoints is not None else (), _next_key, "next")
    for source, target in pairs:
        used.setdefault(source, {})
        used.setdefault(target, {})
    _add_stages(
        graph,
        lifecycle,
        stages,
        {*itertools.chain(*moves), *(stage for stage, _ in used if stage is not None)},
    )
    if touchpoints is not None:
        _add_touchpoints(graph, lifecycle, used)
    _add_transitions(graph, lifecycle, moves)
    _add_next_moves(graph, pairs)
    return graph


def _next_key(row: Row) -> tuple[TouchpointKey, TouchpointKey]:
    return (row["source_stage"], row["source"]), (row["target_stage"], row["target"])


def _by_key(rows: Iterable[Row], key: Callable[[Row], Key], what: str) -> dict[Key, Row]:
    keyed: dict[Key, Row] = {}
    problems = []
    for row in rows:
        if key(row) in keyed:
            problems.append(f"{what} {key(row)!r}: two rows describe it")
        keyed[key(row)] = row
    if problems:
        raise GraphError(problems)
    return keyed


def _order(names: Iterable[str]) -> Callable[[str], tuple[int, str]]:
    places = {name: place for place, name in enumerate(names)}
    return lambda name: (places.get(name, len(places)), name)


def _facts(attributes: Iterable[Attribute], row: Row) -> dict[str, Any]:
    """Take from *row* what the schema knows and the plan does not say, as the schema's types."""
    facts = {}
    for attribute in attributes:
        value: Any = row.get(attribute.name)
        missing = value is None or (isinstance(value, float) and math.isnan(value))
        if not missing and attribute.name not in PLANNED:
            facts[attribute.name] = attribute.type(value)
    return facts


def _add_stages(graph: nx.DiGraph[str], lifecycle: Lifecycle, rows: Iterable[Row], named: set[str]) -> None:
    keyed = _by_key(rows, lambda row: str(row["stage"]), "stage")
    for stage in (*keyed, *sorted(named)):
        lifecycle.stage(stage)
    drawn = lifecycle.stage_ids if graph.graph["origin"] == "observed" else {*keyed, *named}
    for stage in lifecycle.stage_ids:
        if stage in drawn:
            facts = _facts(NODE_ATTRIBUTES["stage"], keyed.get(stage, UNSEEN))
            graph.add_node(stage, **stage_attributes(lifecycle, stage), **facts)


def _add_touchpoints(graph: nx.DiGraph[str], lifecycle: Lifecycle, used: dict[TouchpointKey, Row]) -> None:
    if graph.graph["origin"] == "observed":
        planned: dict[TouchpointKey, Row] = {
            (stage, touchpoint.id): UNUSED for stage, touchpoint in planned_touchpoints(lifecycle)
        }
        used = planned | used
    stage_order, name_order = _order(lifecycle.stage_ids), _order(lifecycle.touchpoint_ids)
    unplaced = (len(lifecycle.stage_ids), "")
    for stage, name in sorted(
        used, key=lambda key: (unplaced if key[0] is None else stage_order(key[0]), name_order(key[1]))
    ):
        row, node = used[stage, name], touchpoint_id(stage, name)
        facts = _facts(NODE_ATTRIBUTES["touchpoint"], row)
        graph.add_node(node, **{**touchpoint_attributes(lifecycle, stage, name), **facts})
        if stage is not None:
            graph.add_edge(stage, node, kind="contains")


def _add_transitions(graph: nx.DiGraph[str], lifecycle: Lifecycle, moves: dict[tuple[str, str], Row]) -> None:
    order = _order(lifecycle.stage_ids)
    for source, target in sorted(moves, key=lambda ends: (order(ends[0]), order(ends[1]))):
        facts = _facts(EDGE_ATTRIBUTES["transition"], moves[source, target])
        graph.add_edge(source, target, **transition_attributes(lifecycle, source, target), **facts)


def _add_next_moves(graph: nx.DiGraph[str], pairs: dict[tuple[TouchpointKey, TouchpointKey], Row]) -> None:
    order = _order(graph)
    edges = {(touchpoint_id(*source), touchpoint_id(*target)): row for (source, target), row in pairs.items()}
    for source, target in sorted(edges, key=lambda ends: (order(ends[0]), order(ends[1]))):
        graph.add_edge(source, target, kind="next", **_facts(EDGE_ATTRIBUTES["next"], edges[source, target]))
