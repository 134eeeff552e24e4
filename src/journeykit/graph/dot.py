"""Write a graph in Graphviz's DOT language.

Nodes are called n0, n1, ...; names are labels only, escaped for DOT's own backslashes
and for the entities that Graphviz reads in any label.

May import: graph.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from journeykit.graph.captions import edge_caption, node_lines, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

FILLED = {"style": "filled"}
ROUNDED = {"shape": "box", "style": "rounded,filled"}
NODES = {
    "progress": {**ROUNDED, "fillcolor": "#e8f0fa", "color": "#3d6ea5"},
    "goal": {**ROUNDED, "fillcolor": "#e2f3e4", "color": "#2f7d3b"},
    "risk": {**FILLED, "shape": "hexagon", "fillcolor": "#fdf1d8", "color": "#a8740a"},
    "exit": {
        **FILLED,
        "shape": "box",
        "fillcolor": "#f6e3e3",
        "color": "#a33b3b",
        "peripheries": "2",
    },
    "touchpoint": {**FILLED, "shape": "ellipse", "fillcolor": "#ffffff", "color": "#9aa7b5"},
}

FONT = "Helvetica,Arial,sans-serif"

THICKEST = 6.0
"""The width of the edge with the most moves, in points."""


def to_dot(graph: nx.DiGraph[str]) -> str:
    """Write a graph as DOT, left to right, ready for `dot -Tsvg`.

    Args:
        graph: A graph of the schema, or part of one.

    Returns:
        UTF-8 text that ends with a newline, the same for equal graphs of equal order.
        Edges are as thick as the square root of their moves; moves never made are dashed.
    """
    names = {node: f"n{place}" for place, node in enumerate(graph)}
    most = max((data.get("moves", 0) for _, _, data in graph.edges(data=True)), default=0)
    font = _attributes({"fontname": FONT, "fontsize": "11"})
    whole = _attributes(
        {"rankdir": "LR", "fontname": FONT, "charset": "utf-8", "label": _text([title(graph.graph)])}
    )
    lines = [
        "digraph journey {",
        f"  graph {whole};",
        f"  node {font};",
        f"  edge {font};",
    ]
    for node, data in graph.nodes(data=True):
        attributes = {"label": _text(node_lines(node, data)), **NODES[_style(data)]}
        lines.append(f"  {names[node]} {_attributes(attributes)};")
    for source, target, data in graph.edges(data=True):
        lines.append(f"  {names[source]} -> {names[target]} {_attributes(_edge(data, most))};")
    return "\n".join([*lines, "}"]) + "\n"


def _style(data: Mapping[str, Any]) -> str:
    kind = data.get("stage_kind", "progress") if data.get("kind") != "touchpoint" else "touchpoint"
    return kind if kind in NODES else "progress"


def _edge(data: Mapping[str, Any], most: int) -> dict[str, str]:
    if data.get("kind") == "contains":
        return {"dir": "none", "style": "dotted", "color": "#9aa7b5"}
    moves = data.get("moves", 0)
    attributes = {"label": _text([edge_caption(data)]), "color": "#5b6b7d"}
    if data.get("moves") == 0:
        attributes["style"] = "dashed"
    if moves:
        attributes["penwidth"] = f"{max(0.5, THICKEST * math.sqrt(moves / most)):.2f}"
    return attributes


def _attributes(attributes: Mapping[str, str]) -> str:
    return "[" + ", ".join(f'{name}="{value}"' for name, value in attributes.items()) + "]"


def _text(lines: Iterable[str]) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "&": "&amp;"}
    return "\\n".join("".join(escapes.get(character, character) for character in line) for line in lines)
