"""Tests of arranging counts as a graph."""

from __future__ import annotations

import datetime as dt
import random

import networkx as nx
import pytest

from journeykit.errors import GraphError, UnknownNameError
from journeykit.graph import observed_graph, validate


def test_an_observed_graph_has_the_counts_and_the_whole_plan(observed):
    """Zeros where nobody came: that is known.  A share that can't be told is absent: that is not."""
    unseen = {"customers": 0, "visits": 0, "lost": 0, "open": 0}
    assert type(observed) is nx.DiGraph
    assert observed.graph == {
        "origin": "observed",
        "lifecycle": "shop",
        "as_of": "2026-01-01T00:00:00+00:00",
        "idle_days": 90.0,
        "customers": 12,
    }
    assert {node: data for node, data in observed.nodes(data=True) if data["kind"] == "stage"} == {
        "visit": {
            "kind": "stage",
            "stage_kind": "progress",
            "rank": 1,
            "label": "Visit",
            "customers": 10,
            "visits": 11,
            "lost": 3,
            "open": 1,
            "share_lost": 0.3,
        },
        "cart": {"kind": "stage", "stage_kind": "progress", "rank": 2, "label": "cart", **unseen},
        "buy": {
            "kind": "stage",
            "stage_kind": "goal",
            "rank": 3,
            "label": "buy",
            "customers": 4,
            "visits": 6,
            "lost": 1,
            "open": 2,
        },
        "at_risk": {"kind": "stage", "stage_kind": "risk", "label": "at_risk", **unseen},
        "gone": {"kind": "stage", "stage_kind": "exit", "label": "gone", **unseen},
    }


def test_touchpoints_are_those_of_the_plan_those_in_a_stage_and_those_in_none(observed):
    """A planned touchpoint used in a stage that doesn't have it is not expected there.

    One that has moves and no row of its own has unknown counts, not none.
    """
    touchpoint = {"kind": "touchpoint"}
    unused = {"events": 0, "customers": 0}
    assert {node: data for node, data in observed.nodes(data=True) if data["kind"] == "touchpoint"} == {
        "visit/page": {
            **touchpoint,
            "label": "Page view",
            "channel": "web",
            "expected": True,
            "events": 20,
            "customers": 10,
        },
        "visit/order": {
            **touchpoint,
            "label": "order",
            "channel": "shop",
            "expected": False,
            "events": 1,
            "customers": 1,
        },
        "cart/support": {**touchpoint, "label": "support", "channel": "phone", "expected": False, **unused},
        "buy/order": {**touchpoint, "label": "order", "expected": True},
        "buy/support": {**touchpoint, "label": "support", "channel": "phone", "expected": False, **unused},
        "?/spam/1": {**touchpoint, "label": "spam/1", "expected": False, "events": 2, "customers": 1},
    }


def test_moves_keep_their_counts_and_get_kind_and_declared_from_the_plan(observed):
    """Otherwise a table and the graph could call one move by two names."""
    edges = {(source, target): data for source, target, data in observed.edges(data=True)}
    transition = {"kind": "transition"}
    assert {ends: data for ends, data in edges.items() if data["kind"] != "contains"} == {
        ("visit", "cart"): {
            **transition,
            "transition_kind": "advance",
            "declared": True,
            "moves": 0,
            "customers": 0,
            "share": 0.0,
        },
        ("visit", "buy"): {
            **transition,
            "transition_kind": "skip",
            "declared": False,
            "moves": 4,
            "customers": 4,
            "share": 0.4,
            "median_days": 2.0,
        },
        ("buy", "buy"): {
            **transition,
            "transition_kind": "repeat",
            "declared": True,
            "moves": 2,
            "customers": 2,
            "share": 0.25,
            "median_days": 7.0,
        },
        ("visit/page", "visit/page"): {"kind": "next", "moves": 9, "median_days": 0.5},
        ("?/spam/1", "buy/order"): {"kind": "next", "moves": 1},
    }
    validate(observed)


def test_the_order_of_the_rows_changes_nothing(shop, counts, observed, exactly):
    """Engines give rows in any order; files written from them should not differ."""
    shuffled = {
        name: random.Random(7).sample(part, len(part)) if isinstance(part, list) else part
        for name, part in counts.items()
    }

    assert exactly(observed_graph(shop, origin="observed", **shuffled)) == exactly(observed)


def test_without_touchpoints_the_stages_are_alone(shop, counts, observed):
    """What is left is the same."""
    graph = observed_graph(shop, origin="observed", **{**counts, "touchpoints": None})

    assert list(graph) == ["visit", "cart", "buy", "at_risk", "gone"]
    assert set(graph.edges) == {("visit", "cart"), ("visit", "buy"), ("buy", "buy")}
    assert all(graph.nodes[node] == observed.nodes[node] for node in graph)


def test_a_customers_graph_has_only_what_the_customer_did(shop, counts):
    """Forty stages that Ana never saw say nothing about Ana."""
    graph = observed_graph(
        shop,
        origin="customer",
        as_of=dt.datetime(2026, 1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        idle_days=90,
        customers=1,
        stages=counts["stages"],
        transitions=counts["transitions"][:2],
        touchpoints=counts["touchpoints"][:1],
        next_moves=counts["next_moves"],
    )

    assert list(graph) == ["visit", "buy", "visit/page", "buy/order", "?/spam/1"]
    assert graph.graph["as_of"] == "2026-01-01T00:00:00+00:00"
    assert graph.nodes["visit/page"] == {
        "kind": "touchpoint",
        "label": "Page view",
        "channel": "web",
        "expected": True,
    }
    validate(graph)


def test_numbers_of_other_libraries_become_pythons_own(shop, counts):
    """A numpy integer in a graph can't be written as JSON."""
    import numpy as np

    stages = [
        {"stage": "visit", "customers": np.int64(1), "visits": np.int32(2), "lost": 0, "open": 0}
        | {"share_lost": np.float64(0.5)}
    ]
    graph = observed_graph(shop, origin="observed", **{**counts, "stages": stages})

    data = graph.nodes["visit"]
    assert (type(data["customers"]), type(data["visits"]), type(data["share_lost"])) == (int, int, float)


def test_two_rows_for_one_thing_are_an_error(shop, counts):
    """One of them would be lost without a word."""
    twice = {**counts, "transitions": counts["transitions"] * 2}

    with pytest.raises(GraphError) as raised:
        observed_graph(shop, origin="observed", **twice)

    assert raised.value.problems == (
        "transition ('buy', 'buy'): two rows describe it",
        "transition ('visit', 'buy'): two rows describe it",
        "transition ('visit', 'cart'): two rows describe it",
    )


@pytest.mark.parametrize(
    "rows",
    [
        {"stages": [{"stage": "byu"}]},
        {"transitions": [{"source": "visit", "target": "byu"}]},
        {"touchpoints": [{"stage": "byu", "name": "page"}]},
    ],
)
def test_a_stage_that_the_lifecycle_has_not_is_an_error(shop, counts, rows):
    """It would stand in the graph without kind and rank."""
    with pytest.raises(UnknownNameError, match="no stage named 'byu'"):
        observed_graph(shop, origin="observed", **{**counts, **rows})
