"""Tests of drawing a plan as a graph."""

from __future__ import annotations

import networkx as nx
from hypothesis import given

from journeykit.graph import planned_graph, validate
from journeykit.testing import strategies as jst


def test_a_plan_is_its_stages_touchpoints_and_declared_transitions(shop):
    """The whole graph, so that nothing is drawn that the plan doesn't say."""
    graph = planned_graph(shop)

    assert type(graph) is nx.DiGraph
    assert graph.graph == {"origin": "planned", "lifecycle": "shop", "idle_days": 90.0}
    assert dict(graph.nodes(data=True)) == {
        "visit": {"kind": "stage", "stage_kind": "progress", "rank": 1, "label": "Visit"},
        "cart": {"kind": "stage", "stage_kind": "progress", "rank": 2, "label": "cart"},
        "buy": {"kind": "stage", "stage_kind": "goal", "rank": 3, "label": "buy"},
        "at_risk": {"kind": "stage", "stage_kind": "risk", "label": "at_risk"},
        "gone": {"kind": "stage", "stage_kind": "exit", "label": "gone"},
        "visit/page": {"kind": "touchpoint", "label": "Page view", "channel": "web", "expected": True},
        "cart/support": {"kind": "touchpoint", "label": "support", "channel": "phone", "expected": False},
        "buy/order": {"kind": "touchpoint", "label": "order", "expected": True},
        "buy/support": {"kind": "touchpoint", "label": "support", "channel": "phone", "expected": False},
    }
    assert {(source, target): data for source, target, data in graph.edges(data=True)} == {
        ("visit", "visit/page"): {"kind": "contains"},
        ("cart", "cart/support"): {"kind": "contains"},
        ("buy", "buy/order"): {"kind": "contains"},
        ("buy", "buy/support"): {"kind": "contains"},
        ("visit", "cart"): {"kind": "transition", "transition_kind": "advance", "declared": True},
        ("cart", "buy"): {"kind": "transition", "transition_kind": "advance", "declared": True},
        ("buy", "buy"): {"kind": "transition", "transition_kind": "repeat", "declared": True},
        ("buy", "visit"): {"kind": "transition", "transition_kind": "regress", "declared": True},
        ("cart", "gone"): {"kind": "transition", "transition_kind": "exit", "declared": True},
    }


def test_a_plan_can_be_drawn_without_touchpoints(shop):
    """The stages alone are what fits on a slide."""
    graph = planned_graph(shop, touchpoints=False)

    assert list(graph) == ["visit", "cart", "buy", "at_risk", "gone"]
    assert graph.number_of_edges() == 5


def test_a_label_in_another_language_is_no_english_label(shop):
    """A stage that is named in Danish only is shown by its id, not by nothing."""
    from journeykit.model import Lifecycle, Stage

    danish = Lifecycle("dansk", stages=[Stage("trigger", label={"da": "Udløser"})])

    assert planned_graph(danish).nodes["trigger"]["label"] == "trigger"


@given(jst.lifecycles())
def test_every_plan_makes_a_graph_of_the_schema(lifecycle):
    """Loops, ties of rank, shared touchpoints and names of a CRM included."""
    validate(planned_graph(lifecycle))
