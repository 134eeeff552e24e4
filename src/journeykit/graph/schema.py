"""Say which attributes a journey's graph, nodes and edges have, and check a graph against it.

The schema is data: `GRAPH_ATTRIBUTES`, `NODE_ATTRIBUTES` and `EDGE_ATTRIBUTES` are what
`validate` checks, what the builders and readers go by, and what the reference page
prints (`schema_markdown`).  One schema holds for three origins: planned (from a
lifecycle), observed (from a journey) and customer (one customer's journey).

What is unknown is absent: no attribute is ever None.  Attributes beyond the schema are
welcome (a page rank, a colour) as long as they are scalars, so that every export holds them.

May import: model, errors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import attrs

from journeykit.errors import GraphError
from journeykit.model.kinds import TRANSITION_KINDS
from journeykit.model.stage import STAGE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import networkx as nx

UNMAPPED = "?"
"""What stands before the "/" in the id of a touchpoint that belongs to no stage."""

OBSERVED = ("observed", "customer")
ALWAYS = ("planned", *OBSERVED)


@attrs.frozen
class Attribute:
    """One attribute of a graph, a node or an edge.

    Attributes:
        name: What it is called.
        type: bool, int, float or str; exactly that, so that 1 is no float and True no int.
        meaning: What it says, with its unit.
        required: The origins whose graphs must have it; elsewhere it may be absent.
        values: The only values it may take; empty for any.
        low: The smallest value it may take.
        high: The largest value it may take.
    """

    name: str
    type: type[bool | int | float | str]
    meaning: str
    required: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


def _count(name: str, meaning: str, required: tuple[str, ...] = ()) -> Attribute:
    return Attribute(name, int, meaning, required, low=0)


def _share(name: str, meaning: str) -> Attribute:
    return Attribute(name, float, meaning, low=0, high=1)


GRAPH_ATTRIBUTES = (
    Attribute("origin", str, "What the graph was made from.", ALWAYS, values=ALWAYS),
    Attribute("lifecycle", str, "The lifecycle's id.", ALWAYS),
    Attribute("as_of", str, "The censoring date, ISO 8601 in UTC.", OBSERVED),
    Attribute("idle_days", float, "The silence that is a drop-off, in days.", ALWAYS, low=0),
    _count("customers", "Customers with an event by `as_of`; 1 in a customer's graph.", OBSERVED),
)

NODE_ATTRIBUTES: Mapping[str, tuple[Attribute, ...]] = {
    "stage": (
        Attribute("kind", str, "What the node is.", ALWAYS, values=("stage",)),
        Attribute("stage_kind", str, "What the stage is for.", ALWAYS, values=STAGE_KINDS),
        Attribute("rank", int, "The place on the way; risk and exit stages have none."),
        Attribute("label", str, "The stage's name for people, in English.", ALWAYS),
        _count("customers", "Customers who ever visited the stage.", OBSERVED),
        _count("visits", "Visits of the stage.", OBSERVED),
        _count("lost", "Visits that ended in an exit stage or in silence.", OBSERVED),
        _count("open", "Visits that had neither ended nor fallen silent.", OBSERVED),
        _share("share_lost", "Probability that a visit is lost (Aalen-Johansen), 0 to 1."),
    ),
    "touchpoint": (
        Attribute("kind", str, "What the node is.", ALWAYS, values=("touchpoint",)),
        Attribute("label", str, "The touchpoint's name for people, in English.", ALWAYS),
        Attribute("channel", str, "Where customer and company meet."),
        _count("events", "Events of the touchpoint in the stage."),
        _count("customers", "Customers with such an event."),
        Attribute("expected", bool, "Whether the plan expects customers to use it.", ALWAYS),
    ),
}

EDGE_ATTRIBUTES: Mapping[str, tuple[Attribute, ...]] = {
    "transition": (
        Attribute("kind", str, "What the edge is: stage to stage.", ALWAYS, values=("transition",)),
        _count("moves", "Visits of the source that were followed by one of the target.", OBSERVED),
        _count("customers", "Customers who made such a move."),
        _share("share", "Probability that a visit of the source ends so (Aalen-Johansen), 0 to 1."),
        Attribute("median_days", float, "Median days from visit to visit, begin to begin.", low=0),
        Attribute("transition_kind", str, "The kind of the move.", ALWAYS, values=TRANSITION_KINDS),
        Attribute("declared", bool, "Whether the lifecycle declares the move.", ALWAYS),
    ),
    "contains": (
        Attribute(
            "kind", str, "What the edge is: stage to touchpoint inside it.", ALWAYS, values=("contains",)
        ),
    ),
    "next": (
        Attribute("kind", str, "What the edge is: touchpoint to touchpoint.", ALWAYS, values=("next",)),
        _count("moves", "Pairs of consecutive events of one customer.", ALWAYS),
        Attribute("median_days", float, "Median days from event to event.", low=0),
    ),
}

ENDS = {
    "transition": ("stage", "stage"),
    "contains": ("stage", "touchpoint"),
    "next": ("touchpoint", "touchpoint"),
}
"""The kinds of the nodes that an edge of each kind joins."""


def touchpoint_id(stage: str | None, name: str) -> str:
    """Make the id of a touchpoint's node: "stage/name", or "?/name" where it has no stage."""
    return f"{UNMAPPED if stage is None else stage}/{name}"


def split_touchpoint_id(node: str) -> tuple[str | None, str]:
    """Take a touchpoint's id apart into its stage (None: no stage) and its name."""
    stage, _, name = node.partition("/")
    return (None if stage == UNMAPPED else stage), name


def scalar_problem(value: object) -> str | None:
    """Say why *value* can be no attribute in any graph; None when it can."""
    if type(value) not in (bool, int, float, str):
        return f"is a {type(value).__name__}; only bool, int, float and str survive every export"
    if isinstance(value, float) and not math.isfinite(value):
        return f"is {value!r}; leave out what is unknown"
    return None


def validate(graph: nx.DiGraph[str]) -> None:
    """Check a graph against the schema, and list everything that breaks it.

    Args:
        graph: A directed graph of any of the three origins, or read from a file.

    Raises:
        GraphError: The graph breaks the schema; the message names every breach with its
            place: a missing, misspelt-by-type or out-of-range attribute, an id that does
            not fit the node, an edge that joins the wrong kinds of nodes, a touchpoint
            that its stage does not contain.

    Source: design, section 5; reference page "graph schema".
    """
    if not graph.is_directed() or graph.is_multigraph():
        raise GraphError((f"graph: is a {type(graph).__name__}, expected a networkx.DiGraph",))
    problems = [*_graph_problems(graph), *_node_problems(graph), *_edge_problems(graph)]
    if problems:
        raise GraphError(problems)


def _graph_problems(graph: nx.DiGraph[str]) -> Iterator[str]:
    yield from _attribute_problems("graph", graph.graph, GRAPH_ATTRIBUTES, _origin(graph))


def _origin(graph: nx.DiGraph[str]) -> str:
    origin = graph.graph.get("origin")
    return origin if origin in ALWAYS else "planned"


def _node_problems(graph: nx.DiGraph[str]) -> Iterator[str]:
    for node, data in graph.nodes(data=True):
        place = f"node {node!r}"
        if type(node) is not str:
            yield f"{place}: its id is a {type(node).__name__}, expected str"
            continue
        kind: Any = data.get("kind")
        if kind not in NODE_ATTRIBUTES:
            yield f"{place}: kind is {kind!r}, expected one of {', '.join(NODE_ATTRIBUTES)}"
            continue
        yield from _attribute_problems(place, data, NODE_ATTRIBUTES[kind], _origin(graph))
        if kind == "stage":
            yield from _stage_problems(place, node, data)
        else:
            yield from _touchpoint_problems(place, node, graph)


def _stage_problems(place: str, node: str, data: Mapping[str, Any]) -> Iterator[str]:
    if not node or node == UNMAPPED or "/" in node:
        yield f"{place}: a stage's id is not empty, is not '?' and has no '/'"
    if ("rank" in data) != (data.get("stage_kind") in ("progress", "goal")):
        yield f"{place}: progress and goal stages have a rank, risk and exit stages have none"


def _touchpoint_problems(place: str, node: str, graph: nx.DiGraph[str]) -> Iterator[str]:
    stage, name = split_touchpoint_id(node)
    if "/" not in node or not name:
        yield f"{place}: a touchpoint's id is 'stage/name', or '?/name' where it has no stage"
    elif stage is not None and not graph.has_edge(stage, node):
        yield f"{place}: no stage {stage!r} contains it"


def _edge_problems(graph: nx.DiGraph[str]) -> Iterator[str]:
    for source, target, data in graph.edges(data=True):
        place = f"edge {source!r} -> {target!r}"
        kind: Any = data.get("kind")
        if kind not in EDGE_ATTRIBUTES:
            yield f"{place}: kind is {kind!r}, expected one of {', '.join(EDGE_ATTRIBUTES)}"
            continue
        yield from _attribute_problems(place, data, EDGE_ATTRIBUTES[kind], _origin(graph))
        ends = tuple(graph.nodes[node].get("kind") for node in (source, target))
        if ends != ENDS[kind]:
            yield f"{place}: a {kind!r} edge joins {' and '.join(ENDS[kind])}, not {ends[0]} and {ends[1]}"
        elif kind == "contains" and split_touchpoint_id(target)[0] != source:
            yield f"{place}: a stage contains its own touchpoints only"
        elif kind == "transition" and (source == target) != (data.get("transition_kind") == "repeat"):
            yield f"{place}: a move from a stage to itself, and no other, is a 'repeat'"


def _attribute_problems(
    place: str, data: Mapping[str, Any], attributes: tuple[Attribute, ...], origin: str
) -> Iterator[str]:
    known = {attribute.name: attribute for attribute in attributes}
    for attribute in attributes:
        if origin in attribute.required and attribute.name not in data:
            yield f"{place}: {attribute.name} is missing"
    for name, value in data.items():
        if type(name) is not str:
            yield f"{place}: the attribute {name!r} is not named by text"
        elif problem := scalar_problem(value) or _value_problem(known.get(name), value):
            yield f"{place}: {name} {problem}"


def _value_problem(attribute: Attribute | None, value: Any) -> str | None:
    if attribute is None:
        return None
    if type(value) is not attribute.type:
        return f"is {value!r} ({type(value).__name__}), expected {attribute.type.__name__}"
    if attribute.values and value not in attribute.values:
        return f"is {value!r}, expected one of {', '.join(attribute.values)}"
    low, high = attribute.low, attribute.high
    if low is not None and float(value) < low:
        return f"is {value!r}, expected {low:g} or more"
    if high is not None and float(value) > high:
        return f"is {value!r}, expected {high:g} or less"
    return None


def schema_markdown() -> str:
    """Write the schema as the Markdown tables of the reference page."""
    parts: dict[str, tuple[Attribute, ...]] = {"graph": GRAPH_ATTRIBUTES}
    parts |= {f"{kind} (node)": attributes for kind, attributes in NODE_ATTRIBUTES.items()}
    parts |= {f"{kind} (edge)": attributes for kind, attributes in EDGE_ATTRIBUTES.items()}
    lines = []
    for part, attributes in parts.items():
        lines += [f"### {part}", "", "| attribute | type | in | meaning |", "| --- | --- | --- | --- |"]
        lines += [_markdown_row(attribute) for attribute in attributes]
        lines.append("")
    return "\n".join(lines)


def _markdown_row(attribute: Attribute) -> str:
    origins = ", ".join(attribute.required) or "where known"
    presence = "always" if attribute.required == ALWAYS else origins
    values = ", ".join(f"`{value}`" for value in attribute.values)
    meaning = f"{attribute.meaning} One of {values}." if values else attribute.meaning
    return f"| `{attribute.name}` | {attribute.type.__name__} | {presence} | {meaning} |"
