"""Where stages and lines are placed: what a reader sees without knowing that it was computed."""

from __future__ import annotations

import itertools

import pytest

from journeykit.graph import to_svg
from journeykit.graph.layout import CLOSE, ROOMY, lay_out
from journeykit.model import Lifecycle, Stage

UPPER = ("one", "two", "three", "four", "five")
LOWER = ("risk", "exit")


def _segments(route):
    return list(itertools.pairwise(route.points))


def _cross(one, other):
    """Tell whether a vertical and a horizontal segment cross."""
    (upright, level) = (one, other) if one[0][0] == one[1][0] else (other, one)
    if upright[0][0] != upright[1][0] or level[0][1] != level[1][1]:
        return False
    x, y = upright[0][0], level[0][1]
    xs, ys = sorted((level[0][0], level[1][0])), sorted((upright[0][1], upright[1][1]))
    return xs[0] < x < xs[1] and ys[0] < y < ys[1]


@pytest.mark.parametrize("spacing", [ROOMY, CLOSE])
@pytest.mark.parametrize("source", LOWER)
def test_lines_that_fan_out_of_a_lower_stage_do_not_cross(source, spacing):
    """A risk stage leads back to every stage: seven lines that cross are a knot."""
    edges = [(source, target) for target in UPPER]

    routes = lay_out(UPPER, LOWER, edges, upper_height=60, lower_height=40, spacing=spacing).routes

    pairs = itertools.combinations((segment for edge in edges for segment in _segments(routes[edge])), 2)
    assert [pair for pair in pairs if _cross(*pair)] == []


@pytest.mark.parametrize("source", LOWER)
def test_a_caption_is_on_the_side_its_line_goes_to(source):
    """Beside its own line it crosses no other of the same stage."""
    edges = [(source, target) for target in UPPER]

    layout = lay_out(UPPER, LOWER, edges, upper_height=60, lower_height=40)

    sides = {target: layout.routes[source, target].anchor for target in UPPER}
    assert sides == {
        target: "end" if layout.boxes[target].x < layout.boxes[source].x else "start" for target in UPPER
    }


def test_a_plan_without_captions_stands_closer_together():
    """Nothing was counted, so nothing is written on the lines; a page has more room for the words."""
    layouts = [
        lay_out(UPPER, LOWER, [], upper_height=60, lower_height=40, spacing=spacing)
        for spacing in (CLOSE, ROOMY)
    ]

    assert [layout.width for layout in layouts] == [876, 1098]


def test_only_what_was_counted_needs_room_for_captions():
    """The same lifecycle is drawn narrower as a plan than as observed."""
    plan = Lifecycle("plan", stages=[*UPPER, Stage("gone", kind="exit")], transitions=[("one", "two")])
    counted = plan.graph()
    counted.edges["one", "two"]["moves"] = 3

    assert ('width="876"' in to_svg(plan.graph()), 'width="1098"' in to_svg(counted)) == (True, True)
