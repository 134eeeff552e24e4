"""Write graphs for other programs, and read them back with every type intact.

Two formats: node-link JSON, as networkx and D3 write it, and GraphML, which Gephi,
yEd, Cytoscape and networkx read.  What is written is scalars under text names; what
is read back equals what was written, whole floats, empty texts and all.

The graph need not follow the schema: a part of one can be written, too.  `validate` is
the one place that checks the schema.

May import: graph, errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx

from journeykit.errors import GraphError
from journeykit.graph.schema import scalar_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RESERVED = {"node": frozenset({"id"}), "edge": frozenset({"source", "target"}), "graph": frozenset[str]()}
"""Names that node-link JSON uses itself."""


def to_node_link(graph: nx.DiGraph[str]) -> dict[str, Any]:
    """Write a graph as a dictionary that `json.dumps(..., allow_nan=False)` takes.

    Args:
        graph: A directed graph with text ids and scalar attributes.

    Returns:
        `directed`, `multigraph`, `graph`, `nodes` (each with its `id`) and `edges` (each
        with `source` and `target`), in the graph's order: what
        `networkx.node_link_data(graph, edges="edges")` gives.

    Raises:
        GraphError: An id or an attribute can't be written; every one is named.
    """
    require_exchangeable(graph)
    return {
        "directed": True,
        "multigraph": False,
        "graph": dict(graph.graph),
        "nodes": [{"id": node, **data} for node, data in graph.nodes(data=True)],
        "edges": [
            {"source": source, "target": target, **data} for source, target, data in graph.edges(data=True)
        ],
    }


def from_node_link(document: Mapping[str, Any]) -> nx.DiGraph[str]:
    """Read a graph from what `to_node_link` or networkx wrote.

    Args:
        document: The dictionary, as `json.load` gives it.

    Returns:
        A new plain graph, equal to the one that was written, in the same order.

    Raises:
        GraphError: The document is no directed graph with text ids and scalar
            attributes; every breach is named.
    """
    problems = list(_document_problems(document))
    if problems:
        raise GraphError(problems)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.graph.update(document.get("graph", {}))
    graph.add_nodes_from((node["id"], _without(node, "node")) for node in document["nodes"])
    graph.add_edges_from(
        (edge["source"], edge["target"], _without(edge, "edge")) for edge in document["edges"]
    )
    require_exchangeable(graph)
    return graph


def require_exchangeable(graph: nx.DiGraph[str]) -> None:
    """Check that a graph is one that every export can hold: directed, text ids, scalars.

    Raises:
        GraphError: It is not; every breach is named.
    """
    if not graph.is_directed() or graph.is_multigraph():
        raise GraphError((f"graph: is a {type(graph).__name__}, expected a networkx.DiGraph",))
    problems = list(_exchange_problems(graph))
    if problems:
        raise GraphError(problems)


def _exchange_problems(graph: nx.DiGraph[str]) -> Iterator[str]:
    yield from _attribute_problems("graph", "graph", graph.graph)
    for node, data in graph.nodes(data=True):
        if type(node) is not str:
            yield f"node {node!r}: its id is a {type(node).__name__}, expected str"
        yield from _attribute_problems(f"node {node!r}", "node", data)
    for source, target, data in graph.edges(data=True):
        yield from _attribute_problems(f"edge {source!r} -> {target!r}", "edge", data)


def _attribute_problems(place: str, scope: str, data: Mapping[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        if type(name) is not str:
            yield f"{place}: the attribute {name!r} is not named by text"
        elif name in RESERVED[scope]:
            yield f"{place}: the attribute {name!r} would hide the {scope}'s own; give it another name"
        elif problem := scalar_problem(value):
            yield f"{place}: {name} {problem}"


def _document_problems(document: Mapping[str, Any]) -> list[str]:
    problems = []
    if document.get("directed") is not True or document.get("multigraph") is not False:
        problems.append("document: directed must be true and multigraph false")
    if not isinstance(document.get("graph", {}), Mapping):
        problems.append("document: 'graph' must be an object")
    nodes = [node for (node,) in _keys(document, "nodes", ("id",), problems)]
    edges = _keys(document, "edges", ("source", "target"), problems)
    return problems + list(structure_problems(nodes, edges))


def structure_problems(nodes: Iterable[str], edges: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Name the nodes and edges that a file has twice, and the ends of edges that it has not."""
    node_counts, edge_counts = Counter(nodes), Counter(edges)
    for node, count in node_counts.items():
        if count > 1:
            yield f"node {node!r}: {count} nodes have this id"
    for edge, count in edge_counts.items():
        place = f"edge {edge[0]!r} -> {edge[1]!r}"
        if count > 1:
            yield f"{place}: {count} edges share these ends"
        for end in sorted(set(edge) - set(node_counts)):
            yield f"{place}: no node has the id {end!r}"


def _keys(
    document: Mapping[str, Any], part: str, names: tuple[str, ...], problems: list[str]
) -> list[tuple[str, ...]]:
    entries, keys = document.get(part), []
    if not isinstance(entries, list):
        problems.append(f"document: {part!r} must be a list")
        return []
    for place, entry in enumerate(entries):
        if isinstance(entry, Mapping) and all(type(entry.get(name)) is str for name in names):
            keys.append(tuple(entry[name] for name in names))
        else:
            problems.append(f"{part}[{place}]: must be an object with {' and '.join(names)} as text")
    return keys


def _without(entry: Mapping[str, Any], scope: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in RESERVED[scope]}
