"""Tests of the drawing without Graphviz."""

from __future__ import annotations

import itertools
import re
from xml.dom import minidom

import networkx as nx
import pytest
from hypothesis import given

from journeykit.graph import observed_graph, planned_graph, to_svg
from journeykit.graph.captions import printable
from journeykit.model import Lifecycle, Stage
from journeykit.testing import strategies as jst


def _texts(svg):
    return [text.firstChild.data for text in minidom.parseString(svg).getElementsByTagName("text")]


def _titles(svg):
    return [title.firstChild.data for title in minidom.parseString(svg).getElementsByTagName("title")]


def test_a_drawing_says_what_was_counted(observed):
    """Everything on it, in order: the boxes, the captions of the moves, how to read them."""
    assert _texts(to_svg(observed)) == [
        *("Visit", "11 visits", "0.30 lost", "Page view 20", "order 1"),
        *("cart", "0 visits", "support 0"),
        *("buy", "goal", "6 visits", "order", "support 0"),
        *("at_risk", "risk", "0 visits"),
        *("gone", "exit", "0 visits"),
        "0",
        "4 · 0.40",
        "2 · 0.25",
        "On a line: moves · share of the visits of the stage it leaves.",
        "Dashed: declared, never taken.",
        "Moves between touchpoints are not drawn.",
        "onward",
        "repeat or sideways",
    ]


def test_a_drawing_explains_itself_to_those_who_can_not_see_it(observed):
    """A screen reader reads title and description; hovering shows the moves in full."""
    svg = to_svg(observed)
    document = minidom.parseString(svg).documentElement

    assert document.getAttribute("role") == "img"
    assert _titles(svg) == [
        "shop, as observed",
        "Visit → cart: advance, declared, 0 moves, share 0.00",
        "buy → buy: repeat, declared, 2 moves, share 0.25, median 7.0 days",
        "Visit → buy: skip, not declared, 4 moves, share 0.40, median 2.0 days",
    ]
    assert document.getElementsByTagName("desc")[0].firstChild.data.startswith(
        "Stages: Visit, 11 visits, 0.30 lost; cart, 0 visits; buy, goal, 6 visits; at_risk, risk, 0 visits;"
        " gone, exit, 0 visits."
        " Moves: Visit → buy: skip, not declared, 4 moves, share 0.40, median 2.0 days; buy → buy:"
    )


def test_a_plan_says_that_risk_and_exit_are_reachable_from_anywhere(shop):
    """No line leads to them, which would look as if nobody could get there."""
    assert "Risk and exit stages can be reached from anywhere." in _texts(to_svg(planned_graph(shop)))


def test_hard_names_are_text_and_nothing_else(hard_names, named_plan):
    """A stage called <script> must not run in the report."""
    names = [name for name in hard_names if name]
    plain = minidom.parseString(to_svg(named_plan([f"name{place}" for place in range(len(names))])))
    hard = minidom.parseString(to_svg(named_plan(names, "x]]><b>")).encode())

    def tags(document):
        return {element.tagName for element in document.getElementsByTagName("*")}

    assert tags(hard) == tags(plain)
    description = hard.getElementsByTagName("desc")[0].firstChild.data
    assert all(printable(name) in description for name in names)


def test_a_drawing_refers_to_nothing_outside_and_has_no_ids(observed):
    """Several drawings on one page share its ids; and the page makes no request."""
    svg = to_svg(observed)

    assert re.findall(r"""(?:href|src|style|class|id|url\(|on\w+)\s*=""", svg) == []
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]


def _complete(stages):
    lifecycle = Lifecycle("many", stages=stages, transitions=[(stage.id, stage.id) for stage in stages])
    pairs = itertools.product(lifecycle.stage_ids, repeat=2)
    rows = [
        {"source": source, "target": target, "moves": place + 1, "customers": 1, "share": 0.1}
        for place, (source, target) in enumerate(pairs)
    ]
    return observed_graph(
        lifecycle,
        origin="observed",
        as_of="2026-01-01",
        idle_days=30,
        customers=1,
        stages=[],
        transitions=rows,
    )


@pytest.mark.parametrize(
    "kinds", [("progress",), ("risk",), ("exit", "exit"), ("progress", "goal", "risk", "exit")]
)
@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_every_box_and_line_is_inside_the_drawing(count, kinds):
    """From one stage to forty, with a move between any two of them."""
    stages = [Stage(f"s{place}", kind=kinds[place % len(kinds)]) for place in range(count)]
    svg = to_svg(_complete(stages), most_edges=400)
    document = minidom.parseString(svg).documentElement
    width, height = (float(document.getAttribute(name)) for name in ("width", "height"))

    boxes = [rect for rect in document.getElementsByTagName("rect") if rect.getAttribute("rx")]
    corners = [
        (float(box.getAttribute("x")) + dx, float(box.getAttribute("y")) + dy)
        for box in boxes
        for dx, dy in ((0, 0), (float(box.getAttribute("width")), float(box.getAttribute("height"))))
    ]
    for path in document.getElementsByTagName("path"):
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", path.getAttribute("d"))]
        corners += zip(numbers[::2], numbers[1::2], strict=True)
    assert len(boxes) == count
    assert all(0 <= x <= width and 0 <= y <= height for x, y in corners)


@pytest.mark.parametrize("count", [2, 7, 40])
def test_no_two_boxes_overlap(count):
    """Ties of rank stand side by side, risk and exit stages below."""
    kinds = ("progress", "progress", "risk", "exit")
    stages = [Stage(f"s{place}", kind=kinds[place % 4]) for place in range(count)]
    document = minidom.parseString(to_svg(_complete(stages)))
    boxes = [
        tuple(float(rect.getAttribute(name)) for name in ("x", "y", "width", "height"))
        for rect in document.getElementsByTagName("rect")
        if rect.getAttribute("rx")
    ]

    for (x, y, wide, high), (x2, y2, wide2, high2) in itertools.combinations(boxes, 2):
        assert x + wide <= x2 or x2 + wide2 <= x or y + high <= y2 or y2 + high2 <= y


def test_stages_stand_from_left_to_right_by_rank():
    """Whatever their order in the lifecycle."""
    stages = [
        Stage("late", rank=9),
        Stage("gone", kind="exit"),
        Stage("early", rank=-1),
        Stage("tie", rank=9),
    ]

    assert _texts(to_svg(planned_graph(Lifecycle("r", stages=stages)))) == [
        *("early", "late", "tie", "gone", "exit"),
        "Risk and exit stages can be reached from anywhere.",
    ]


def test_what_is_left_out_is_counted():
    """A drawing of every move between forty stages shows nothing; silence about the rest would lie."""
    stages = [Stage(f"s{place}") for place in range(3)]
    svg = to_svg(_complete(stages), most_edges=2)

    assert len(minidom.parseString(svg).getElementsByTagName("path")) == 2
    assert "7 rarer transitions are not drawn, 28 moves in all." in _texts(svg)


def test_part_of_a_graph_can_be_drawn(observed):
    """It is a plain graph: whoever cuts it, may look at the piece."""
    assert "Visit" in _texts(to_svg(observed.subgraph(["visit", "visit/page"])))
    assert _texts(to_svg(observed.subgraph(["?/spam/1"]))) == []
    assert _texts(to_svg(nx.DiGraph())) == []


@given(jst.lifecycles())
def test_any_plan_can_be_drawn_the_same_way_twice(lifecycle):
    """Files in version control should change only when the plan does."""
    graph = planned_graph(lifecycle)

    assert to_svg(graph) == to_svg(graph.copy())
    minidom.parseString(to_svg(graph).encode())
