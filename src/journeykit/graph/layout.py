"""Place the stages of a graph, and lead the moves between them, for a drawing.

Ranked stages stand in one row, left to right by rank; risk and exit stages stand below.
A move to the next stage is a straight line.  All others go along a bus of their target:
above the row where they skip ahead, below it where they fall back, enter or leave a
risk or exit stage.  A stage's ports are ordered so that no line of the same stage
crosses the caption of another, and where nothing was counted, and no captions need
room, all stands closer together.

May import: nothing of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Edge: TypeAlias = tuple[str, str]
Point: TypeAlias = tuple[float, float]
Side: TypeAlias = Literal["above", "below"]
Anchor: TypeAlias = Literal["start", "middle", "end"]

BOX_WIDTH = 136.0
MARGIN = 18.0

PORT = 13.0
"""The distance of two ports of a box, where there is room."""

LOOP = 26.0
"""The height of a move from a stage to itself."""


@attrs.frozen
class Spacing:
    """How far apart things stand, in pixels.

    Attributes:
        gap: Between two boxes of a row.
        bus: The height of a bus: its line, with captions on both sides.
        right: Beyond the last box.
    """

    gap: float
    bus: float
    right: float


ROOMY = Spacing(gap=80.0, bus=30.0, right=80.0)
"""With room for captions."""

CLOSE = Spacing(gap=40.0, bus=20.0, right=MARGIN)
"""For moves that have no captions."""


@attrs.frozen
class Box:
    """Where a stage stands: its upper left corner and its size, in pixels."""

    x: float
    y: float
    height: float
    lower: bool

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + BOX_WIDTH

    @property
    def bottom(self) -> float:
        """The y of its lower side."""
        return self.y + self.height


@attrs.frozen
class Route:
    """How a move is led: corner points from source to target, and where its caption stands.

    Attributes:
        points: The corners, the first on the source's side, the last on the target's.
        caption: Where the caption stands, at its baseline.
        anchor: What of the caption stands there: its start, its middle or its end.
    """

    points: tuple[Point, ...]
    caption: Point
    anchor: Anchor = "start"


@attrs.frozen
class Layout:
    """A whole drawing's places."""

    boxes: dict[str, Box]
    routes: dict[Edge, Route]
    width: float
    height: float


@attrs.frozen
class _Bus:
    """The line along which the moves into one target go, on one side of the upper row."""

    target: str
    side: Side
    sources: tuple[str, ...]

    @property
    def stages(self) -> tuple[str, ...]:
        return (*self.sources, self.target)


@attrs.frozen
class _Band:
    """The buses on one side of the upper row: each one's row, 0 next to the boxes, and its height."""

    rows: dict[_Bus, int]
    levels: dict[_Bus, float]


def lay_out(
    upper: Sequence[str],
    lower: Sequence[str],
    edges: Iterable[Edge],
    *,
    upper_height: float,
    lower_height: float,
    spacing: Spacing = ROOMY,
) -> Layout:
    """Place the stages in two rows and lead every edge.

    Args:
        upper: The stages of the upper row, left to right.
        lower: Those of the lower row.
        edges: Pairs of stages; a pair of one stage is a loop.
        upper_height: The height of a box in the upper row, in pixels.
        lower_height: Likewise in the lower row.
        spacing: How far apart all of it stands.

    Returns:
        A place for each stage and a route for each edge; the same for the same input.
    """
    columns = {stage: column for column, stage in enumerate(upper)}
    sorts: dict[str, list[Edge]] = {"loop": [], "straight": [], "bent": []}
    for source, target in edges:
        ahead = columns.get(target, -9) - columns.get(source, -5)
        sorts["loop" if source == target else "straight" if ahead == 1 else "bent"].append((source, target))
    across = _across(upper, lower, BOX_WIDTH + spacing.gap)
    reach = BOX_WIDTH + spacing.gap / 2
    above, below = (_rows(_buses(sorts["bent"], columns, side), across, reach) for side in ("above", "below"))
    loop_room = LOOP if any(source in columns for source, _ in sorts["loop"]) else 0.0
    loop_room_below = LOOP if any(source not in columns for source, _ in sorts["loop"]) else 0.0
    top = MARGIN + spacing.bus * _depth(above) + loop_room
    under = top + upper_height
    low = under + spacing.bus * (_depth(below) + bool(lower))
    boxes = {stage: Box(across[stage], top, upper_height, lower=False) for stage in upper}
    boxes |= {stage: Box(across[stage], low, lower_height, lower=True) for stage in lower}
    bands = (
        _Band(above, {bus: top - loop_room - (row + 1) * spacing.bus + 8 for bus, row in above.items()}),
        _Band(below, {bus: under + (row + 1) * spacing.bus - 4 for bus, row in below.items()}),
    )
    routes = {edge: _straight(boxes, edge) for edge in sorts["straight"]}
    routes |= {edge: _loop(boxes[edge[0]]) for edge in sorts["loop"]}
    for band in bands:
        routes |= _bent(boxes, band)
    height = (low + lower_height + loop_room_below if lower else low) + MARGIN
    right = max((box.right for box in boxes.values()), default=0.0) + spacing.right
    return Layout(boxes, routes, right, height)


def _across(upper: Sequence[str], lower: Sequence[str], pitch: float) -> dict[str, float]:
    """Give each stage the x of its box; lower ones stand under the gaps of the upper ones."""
    across = {stage: MARGIN + column * pitch for column, stage in enumerate(upper)}
    first = max(0, (len(upper) - 1 - len(lower)) // 2) + 0.5
    return across | {stage: MARGIN + (first + column) * pitch for column, stage in enumerate(lower)}


def _buses(edges: Iterable[Edge], columns: dict[str, int], side: Side) -> list[_Bus]:
    sources: dict[str, list[str]] = {}
    for source, target in edges:
        ahead = source in columns and columns.get(target, -1) > columns[source]
        if ahead == (side == "above"):
            sources.setdefault(target, []).append(source)
    return [_Bus(target, side, tuple(found)) for target, found in sources.items()]


def _rows(buses: Iterable[_Bus], across: dict[str, float], reach: float) -> dict[_Bus, int]:
    """Give each bus a row, the short ones next to the boxes; buses apart from each other share one."""
    rows: dict[_Bus, int] = {}
    taken: list[list[tuple[float, float]]] = []

    def span(bus: _Bus) -> tuple[float, float]:
        places = [across[stage] for stage in bus.stages]
        return min(places), max(places) + reach

    for bus in sorted(buses, key=lambda bus: (span(bus)[1] - span(bus)[0], span(bus)[0], bus.target)):
        start, end = span(bus)
        free = (
            row
            for row, spans in enumerate(taken)
            if all(end <= other[0] or other[1] <= start for other in spans)
        )
        row = next(free, len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append((start, end))
        rows[bus] = row
    return rows


def _depth(rows: dict[_Bus, int]) -> int:
    return 1 + max(rows.values(), default=-1)


def _ports(boxes: dict[str, Box], rows: dict[_Bus, int]) -> dict[tuple[str, _Bus], float]:
    """Give each box the x of each bus it is joined to: the farther the bus, the further left.

    From a lower box lines fan out: those that go left stand on the left, the nearest bus outermost.
    """
    joined: dict[str, list[_Bus]] = {}
    for bus in rows:
        for stage in bus.stages:
            joined.setdefault(stage, []).append(bus)
    ports = {}
    for stage, buses in joined.items():
        box = boxes[stage]
        step = min(PORT, (BOX_WIDTH - 60) / max(1, len(buses) - 1))

        def place_of(bus: _Bus, box: Box = box) -> tuple[bool, int]:
            left = _goes_left(box, bus, boxes)
            return not left, -rows[bus] if left or not box.lower else rows[bus]

        for place, bus in enumerate(sorted(buses, key=place_of)):
            ports[stage, bus] = box.x + 16 + place * step
    return ports


def _goes_left(box: Box, bus: _Bus, boxes: dict[str, Box]) -> bool:
    """Tell whether a lower box sends its line on a bus to the left."""
    return box.lower and boxes[bus.target].x < box.x


def _bent(boxes: dict[str, Box], band: _Band) -> dict[Edge, Route]:
    routes = {}
    ports = _ports(boxes, band.rows)
    for bus, level in band.levels.items():
        end = boxes[bus.target]
        tip = end.y if end.lower or bus.side == "above" else end.bottom
        for source in bus.sources:
            begin, start, stop = boxes[source], ports[source, bus], ports[bus.target, bus]
            foot = begin.y if begin.lower or bus.side == "above" else begin.bottom
            baseline = level + 13 if foot > level else level - 5
            points = ((start, foot), (start, level), (stop, level), (stop, tip))
            left = _goes_left(begin, bus, boxes)
            caption = (start - 6 if left else start + 6, baseline)
            routes[source, bus.target] = Route(points, caption, "end" if left else "start")
    return routes


def _straight(boxes: dict[str, Box], edge: Edge) -> Route:
    source, target = boxes[edge[0]], boxes[edge[1]]
    middle = source.y + source.height / 2
    caption = ((source.right + target.x) / 2 - 4, middle)
    return Route(((source.right, middle), (target.x, middle)), caption, "middle")


def _loop(box: Box) -> Route:
    near, far = (box.bottom, box.bottom + LOOP - 10) if box.lower else (box.y, box.y - LOOP + 10)
    left, right = box.right - 34, box.right - 12
    baseline = far + 2 if box.lower else far + 9
    return Route(((left, near), (left, far), (right, far), (right, near)), (right + 7, baseline))
