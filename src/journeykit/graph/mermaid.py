"""Write a graph as a Mermaid flowchart.

Mermaid reads no id and no label as they are: a name such as "end" ends the drawing, a
quote or a "1. " breaks it.  So nodes are called n0, n1, ..., and in labels every
character that could mean something to Mermaid, to its Markdown or to HTML is an entity.

May import: graph.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from journeykit.graph.captions import edge_caption, node_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

SHAPES = {
    "progress": ('["', '"]'),
    "goal": ('(["', '"])'),
    "risk": ('{{"', '"}}'),
    "exit": ('[["', '"]]'),
    "touchpoint": ('("', '")'),
}

STYLES = {
    "progress": "fill:#e8f0fa,stroke:#3d6ea5,color:#10233a",
    "goal": "fill:#e2f3e4,stroke:#2f7d3b,color:#10233a",
    "risk": "fill:#fdf1d8,stroke:#a8740a,color:#10233a",
    "exit": "fill:#f6e3e3,stroke:#a33b3b,color:#10233a",
    "touchpoint": "fill:#ffffff,stroke:#9aa7b5,color:#10233a",
}

WORD_JOINER = "\u2060"
READ_LATE = re.compile(r"\\(?=n)|\$(?=\$)|:(?=fa-)")
r"""What Mermaid reads even in entities, once decoded: "\n", formulas in $$, icons such as fa:fa-car.

An invisible word joiner keeps it apart.
"""

KEPT_FIRST = ("contains", "transition", "next")
"""What is kept before what, where not every edge is drawn."""


def to_mermaid(graph: nx.DiGraph[str], *, most_edges: int = 500) -> str:
    """Write a graph as the text of a Mermaid flowchart, left to right.

    Mermaid refuses drawings of more than 500 edges (its `maxEdges`).  Beyond
    *most_edges*, moves between touchpoints are left out first, then moves between
    stages, the rarest first, and a node of the drawing says how many.

    Args:
        graph: A graph of the schema, or part of one.
        most_edges: How many edges to draw, at most.

    Returns:
        Text that ends with a newline, the same for equal graphs of equal order.  Mermaid also
        refuses texts of more than 50,000 characters unless its `maxTextSize` says otherwise.
    """
    names = {node: f"n{place}" for place, node in enumerate(graph)}
    lines = ["flowchart LR"]
    for node, data in graph.nodes(data=True):
        opening, closing = SHAPES[_style(data)]
        lines.append(f"  {names[node]}{opening}{_label(node_lines(node, data))}{closing}")
    drawn = _most_telling(graph, most_edges)
    for source, target, data in graph.edges(data=True):
        if (source, target) in drawn:
            lines.append(f"  {names[source]} {_arrow(data)} {names[target]}")
    left_out = graph.number_of_edges() - len(drawn)
    if left_out:
        lines.append(f'  more["{left_out} more edges are not drawn"]')
    for style, css in STYLES.items():
        members = [names[node] for node, data in graph.nodes(data=True) if _style(data) == style]
        if members:
            lines += [f"  classDef {style}_ {css}", f"  class {','.join(members)} {style}_"]
    return "\n".join(lines) + "\n"


def _style(data: Mapping[str, Any]) -> str:
    kind = data.get("stage_kind", "progress") if data.get("kind") != "touchpoint" else "touchpoint"
    return kind if kind in STYLES else "progress"


def _most_telling(graph: nx.DiGraph[str], most: int) -> set[tuple[str, str]]:
    def order(edge: tuple[str, str, dict[str, Any]]) -> tuple[int, int]:
        kind = edge[2].get("kind")
        place = KEPT_FIRST.index(kind) if kind in KEPT_FIRST else len(KEPT_FIRST)
        return place, -edge[2].get("moves", 0)

    return {(source, target) for source, target, _ in sorted(graph.edges(data=True), key=order)[:most]}


def _arrow(data: Mapping[str, Any]) -> str:
    if data.get("kind") == "contains":
        return "---"
    line = "-.->" if data.get("kind") == "next" or data.get("moves") == 0 else "-->"
    caption = edge_caption(data)
    return f'{line}|"{_escape(caption)}"|' if caption else line


def _label(lines: Iterable[str]) -> str:
    return "<br/>".join(_escape(line) for line in lines) or " "


def _escape(text: str) -> str:
    """Make an entity of every character that could mean something to Mermaid, Markdown or HTML."""
    text = READ_LATE.sub(f"\\g<0>{WORD_JOINER}", text)
    around = zip(" " + text, text, text[1:] + " ", strict=False)
    return "".join(
        character if _harmless(before, character, after) else f"#{ord(character)};"
        for before, character, after in around
    )


def _harmless(before: str, character: str, after: str) -> bool:
    """Tell whether a character means itself: a letter or digit, or a mark inside a word or number."""
    if character in "_-":
        return before.isalnum() and after.isalnum()
    if character == ".":
        return before.isdigit() and after.isdigit()
    return character.isalnum() or character in " ,·\ufffd"
