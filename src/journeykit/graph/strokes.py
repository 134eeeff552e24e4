"""Draw a move's line, its head and its caption as SVG elements.

May import: graph.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from journeykit.graph.captions import edge_caption
from journeykit.graph.lettering import xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.graph.layout import Point, Route

Attributes: TypeAlias = Mapping[str, Any]

THICKEST, THINNEST = 9.0, 1.5
"""How thick the move made most often is, and one hardly made, in pixels."""

ROUND = 9.0
"""The radius of a corner, in pixels."""

INK, QUIET = "#1c2b3a", "#52616f"

COLOURS = {
    "onward": "#3d6ea5",
    "back": "#b7791f",
    "to risk": "#d9a520",
    "to an exit": "#b14a4a",
    "recovery or return": "#3f9150",
    "repeat or sideways": "#67778a",
}

MEANINGS = {
    "advance": "onward",
    "skip": "onward",
    "regress": "back",
    "at_risk": "to risk",
    "exit": "to an exit",
    "recover": "recovery or return",
    "re_entry": "recovery or return",
}


def meaning(data: Attributes) -> str:
    """Say in the legend's words what a move means."""
    return MEANINGS.get(str(data.get("transition_kind")), "repeat or sideways")


def letters(x: float, y: float, text: str, *, size: float, fill: str = INK, more: str = "") -> str:
    """Write *text* at a baseline; *more* is attributes, each with a space before it."""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"{more}>{xml(text)}</text>'


def line(route: Route, data: Attributes, *, most_moves: int, title: str) -> Iterator[str]:
    """Draw a move along its route, as thick as the square root of its moves, with a title."""
    thickness = THINNEST
    if data.get("moves"):
        thickness = max(THINNEST, THICKEST * math.sqrt(data["moves"] / most_moves))
    colour = COLOURS[meaning(data)]
    dashes = ' stroke-dasharray="5 4"' if data.get("moves") == 0 else ""
    foot, head = _head(route.points[-2], route.points[-1], thickness)
    yield f"<g><title>{xml(title)}</title>"
    yield (
        f'<path d="{_path((*route.points[:-1], foot))}" fill="none" stroke="{colour}"'
        f' stroke-width="{thickness:.1f}" stroke-linejoin="round"{dashes}/>'
    )
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in head)
    yield f'<polygon points="{corners}" fill="{colour}"/></g>'


def _head(before: Point, tip: Point, thickness: float) -> tuple[Point, tuple[Point, Point, Point]]:
    """Place a head's foot, where the line ends, and its three corners."""
    length, half = 7 + thickness * 0.7, 3.5 + thickness * 0.6
    reach = math.dist(before, tip)
    along_x, along_y = (tip[0] - before[0]) / reach, (tip[1] - before[1]) / reach
    foot = (tip[0] - along_x * length, tip[1] - along_y * length)
    left = (foot[0] - along_y * half, foot[1] + along_x * half)
    right = (foot[0] + along_y * half, foot[1] - along_x * half)
    return foot, (tip, left, right)


def _path(points: tuple[Point, ...]) -> str:
    """Lead a path through corner points, with each corner rounded."""
    steps = [f"M{_place(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(ROUND, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        begin, end = _toward(corner, before, radius), _toward(corner, after, radius)
        steps.append(f"L{_place(begin)} Q{_place(corner)} {_place(end)}")
    return " ".join([*steps, f"L{_place(points[-1])}"])


def _place(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _toward(start: Point, end: Point, distance: float) -> Point:
    part = distance / (math.dist(start, end) or 1)
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def caption(route: Route, data: Attributes, *, size: float) -> Iterator[str]:
    """Write a move's count and share beside its route; across a gap, above and below the line."""
    halo = ' stroke="#ffffff" stroke-width="3" paint-order="stroke" stroke-linejoin="round"'
    x, y = route.caption
    whole = edge_caption(data)
    if whole and route.anchor != "middle":
        anchor = ' text-anchor="end"' if route.anchor == "end" else ""
        yield letters(x, y, whole, size=size, more=f"{anchor}{halo}")
    elif whole:
        for part, baseline in zip(whole.split(" · "), (y - 10, y + 20), strict=False):
            yield letters(x, baseline, part, size=size, more=f' text-anchor="middle"{halo}')
