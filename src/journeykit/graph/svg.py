"""Draw a graph's stages and the moves between them as SVG, without Graphviz.

One self-contained element to put into a page: no script, no style sheet, no ids, no
link, so that several fit on one page and nothing in a name can do harm.  Ranked stages
stand left to right, risk and exit stages below; lines are as thick as their moves are many.

May import: graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from journeykit.graph.captions import counted, edge_caption, printable, share, stage_lines, title
from journeykit.graph.layout import BOX_WIDTH, CLOSE, ROOMY, Box, lay_out
from journeykit.graph.lettering import fit, width, wrap, xml
from journeykit.graph.strokes import COLOURS, INK, QUIET, Attributes, caption, letters, line, meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import networkx as nx

NARROWEST = 620.0
"""The smallest width of a drawing, so that its notes fit, in pixels."""

MOST_TOUCHPOINTS = 8
"""How many touchpoints a stage's box lists."""

FILLS = {
    "progress": ("#eaf1fa", "#3d6ea5"),
    "goal": ("#e3f4e5", "#2f7d3b"),
    "risk": ("#fdf2da", "#a8740a"),
    "exit": ("#f7e5e5", "#a33b3b"),
}

MOST_DESCRIBED = 12
"""How many moves the description for readers who can't see the drawing names."""

LABEL, FACT, SMALL = 13.0, 11.0, 10.0
"""Sizes of text, in pixels; a line is `LEADING` times as high."""

LEADING = 1.35


def to_svg(graph: nx.DiGraph[str], *, most_edges: int | None = None) -> str:
    """Draw the stages of a graph and the moves between them.

    Touchpoints are listed in their stage's box, most used first; moves between
    touchpoints are not drawn.  Where the graph has more than *most_edges* transitions the
    rarest are left out, and the drawing says how many, and how many moves they are.

    Args:
        graph: A graph of the schema, or part of one.
        most_edges: How many transitions to draw; None for three a stage and twelve more.

    Returns:
        One `svg` element as text, with a title and a description for those who can't see
        it; the same for equal graphs of equal order.  It is as wide as its stages need:
        a page lets a wide one scroll.
    """
    stages = {node: data for node, data in graph.nodes(data=True) if data.get("kind") == "stage"}
    every = [
        (source, target, data)
        for source, target, data in graph.edges(data=True)
        if data.get("kind") == "transition" and source in stages and target in stages
    ]
    most = 3 * len(stages) + 12 if most_edges is None else most_edges
    rarest_last = sorted(range(len(every)), key=lambda place: (-every[place][2].get("moves", 0), place))
    drawn = [every[place] for place in sorted(rarest_last[:most])]
    left_out = [every[place][2] for place in rarest_last[most:]]
    return _render(graph, _Scene(stages, drawn, left_out))


@attrs.frozen
class _Scene:
    """What is drawn of a graph, and the transitions that are not."""

    stages: dict[str, dict[str, Any]]
    transitions: list[tuple[str, str, dict[str, Any]]]
    left_out: list[dict[str, Any]]

    def name(self, node: str) -> str:
        return str(self.stages[node].get("label", node))

    def sentence(self, source: str, target: str, data: Attributes) -> str:
        """Describe a move in full."""
        parts = [str(data["transition_kind"]).replace("_", " ")] if "transition_kind" in data else []
        if "declared" in data:
            parts.append("declared" if data["declared"] else "not declared")
        if "moves" in data:
            parts.append(counted(data["moves"], "move", "moves"))
        if "share" in data:
            parts.append(f"share {share(data['share'])}")
        if "median_days" in data:
            parts.append(f"median {data['median_days']:.1f} days")
        return f"{self.name(source)} → {self.name(target)}: {', '.join(parts)}"


def _render(graph: nx.DiGraph[str], scene: _Scene) -> str:
    upper = sorted((node for node, data in scene.stages.items() if "rank" in data), key=_by_rank(scene))
    lower = [node for node in scene.stages if node not in set(upper)]
    if not upper:
        upper, lower = lower, []
    contents = {node: _box_lines(graph, node, data) for node, data in scene.stages.items()}
    heights = [max((_box_height(contents[node]) for node in row), default=0.0) for row in (upper, lower)]
    edges = [(source, target) for source, target, _ in scene.transitions]
    spacing = ROOMY if any(edge_caption(data) for _, _, data in scene.transitions) else CLOSE
    layout = lay_out(upper, lower, edges, upper_height=heights[0], lower_height=heights[1], spacing=spacing)
    most_moves = max((data.get("moves", 0) for _, _, data in scene.transitions), default=0)
    body: list[str] = []
    for source, target, data in sorted(scene.transitions, key=lambda edge: edge[2].get("moves", 0)):
        route = layout.routes[source, target]
        body += line(route, data, most_moves=most_moves, title=scene.sentence(source, target, data))
    for node, box in layout.boxes.items():
        body += _box(box, scene.stages[node], contents[node])
    for source, target, data in scene.transitions:
        body += caption(layout.routes[source, target], data, size=FACT)
    below = layout.height + 8
    notes = list(_notes(graph, scene))
    body += [letters(14, below + 15 * place, note, size=FACT, fill=QUIET) for place, note in enumerate(notes)]
    below += 15 * len(notes)
    body += _legend(scene, below)
    return _page(graph, scene, body, max(NARROWEST, layout.width), below + 12)


def _page(graph: nx.DiGraph[str], scene: _Scene, body: list[str], wide: float, high: float) -> str:
    font = "system-ui, Segoe UI, Helvetica, Arial, sans-serif"
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{font}"'
    head = [
        f'{opening} width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}">',
        f"<title>{xml(title(graph.graph) or 'journey')}</title>",
        f"<desc>{xml(_description(scene))}</desc>",
        f'<rect width="{wide:g}" height="{high:g}" fill="#ffffff"/>',
    ]
    return "\n".join([*head, *body, "</svg>"]) + "\n"


def _legend(scene: _Scene, baseline: float) -> Iterator[str]:
    """Name the colours of the moves that are drawn."""
    x = 14.0
    drawn = {meaning(data) for _, _, data in scene.transitions}
    for word in (word for word in COLOURS if word in drawn):
        yield f'<rect x="{x:.1f}" y="{baseline - 6:.1f}" width="18" height="4" fill="{COLOURS[word]}"/>'
        yield letters(x + 23, baseline, word, size=FACT, fill=QUIET)
        x += 23 + width(word, FACT) + 18


def _by_rank(scene: _Scene) -> Callable[[str], int]:
    return lambda node: int(scene.stages[node]["rank"])


def _box_lines(graph: nx.DiGraph[str], node: str, data: Attributes) -> list[tuple[str, float]]:
    """List the lines of a stage's box with their sizes: its label, what was counted, its touchpoints."""
    room = BOX_WIDTH - 20
    label, *facts = stage_lines(node, data)
    lines = [(line, LABEL) for line in wrap(label, room, LABEL * 1.06, most=2)]
    lines += [(line, FACT) for line in facts]
    contained = [
        graph.nodes[target]
        for _, target, edge in graph.out_edges(node, data=True)
        if edge.get("kind") == "contains"
    ]
    contained.sort(key=lambda touchpoint: -touchpoint.get("events", 0))
    for touchpoint in contained[:MOST_TOUCHPOINTS]:
        count = f" {touchpoint['events']:,}" if "events" in touchpoint else ""
        name = fit(printable(str(touchpoint.get("label", ""))), room - width(count, SMALL), SMALL)
        lines.append((f"{name}{count}", SMALL))
    if len(contained) > MOST_TOUCHPOINTS:
        lines.append((f"… and {len(contained) - MOST_TOUCHPOINTS} more", SMALL))
    return lines


def _box_height(lines: list[tuple[str, float]]) -> float:
    return 16 + sum(size * LEADING for _, size in lines)


def _box(box: Box, data: Attributes, lines: list[tuple[str, float]]) -> Iterator[str]:
    fill, stroke = FILLS.get(str(data.get("stage_kind")), FILLS["progress"])
    dashes = ' stroke-dasharray="5 3"' if data.get("visits") == 0 else ""
    yield (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{BOX_WIDTH:g}" height="{box.height:.1f}" rx="8"'
        f' fill="{fill}" stroke="{stroke}" stroke-width="1.5"{dashes}/>'
    )
    baseline = box.y + 6
    for text, size in lines:
        baseline += size * LEADING
        weight = ' font-weight="600"' if size == LABEL else ""
        yield letters(
            box.x + 10, baseline, text, size=size, fill=INK if size == LABEL else QUIET, more=weight
        )


def _description(scene: _Scene) -> str:
    stages = "; ".join(", ".join(stage_lines(node, data)) for node, data in scene.stages.items())
    most_made = sorted(scene.transitions, key=lambda edge: -edge[2].get("moves", 0))[:MOST_DESCRIBED]
    moves = "; ".join(scene.sentence(*edge) for edge in most_made)
    return f"Stages: {stages or 'none'}. Moves: {moves or 'none'}."


def _notes(graph: nx.DiGraph[str], scene: _Scene) -> Iterator[str]:
    """Say how to read the drawing, and what it leaves out."""
    moves = [data["moves"] for _, _, data in scene.transitions if "moves" in data]
    if moves:
        yield "On a line: moves · share of the visits of the stage it leaves."
    if 0 in moves:
        yield "Dashed: declared, never taken."
    if graph.graph.get("origin") == "planned" and {"risk", "exit"} & {
        data.get("stage_kind") for data in scene.stages.values()
    }:
        yield "Risk and exit stages can be reached from anywhere."
    if scene.left_out:
        transitions = counted(len(scene.left_out), "rarer transition is", "rarer transitions are")
        rest = sum(data.get("moves", 0) for data in scene.left_out)
        yield f"{transitions} not drawn, {counted(rest, 'move', 'moves')} in all."
    if any(data.get("kind") == "next" for _, _, data in graph.edges(data=True)):
        yield "Moves between touchpoints are not drawn."
