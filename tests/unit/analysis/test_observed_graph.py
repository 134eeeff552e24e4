"""The graph of what was observed: the reference page "graph schema", and definitions page, Dates and
durations.
"""

from __future__ import annotations

import networkx as nx
import pytest
from tests.logs import observe_days

import journeykit as jk
from journeykit.graph.schema import validate


@pytest.fixture(scope="module")
def journey():
    """ana goes on and comes back, by way of an event that nobody knows; ben does something without a
    touchpoint.
    """
    return observe_days(
        {
            "ana": {0: "page_view", 0.5: "page_view", 2: "zz", 3: "account_created", 5: "page_view"},
            "ben": {
                0: "page_view",
                1: {"stage": "visit"},
                2: "account_created",
                3: {"stage": "signup", "touchpoint": "zz"},
            },
            "cy": {4: "zz"},
        },
        as_of=20,
    )


def edges(graph, kind):
    """List the edges of one kind, without what the plan says of them."""
    known = ("moves", "customers", "share", "median_days")
    return {
        (source, target): {name: data[name] for name in known if name in data}
        for source, target, data in graph.edges(data=True)
        if data["kind"] == kind
    }


def test_the_graph_keeps_the_schema_and_is_a_plain_directed_graph(journey):
    """All of networkx works on it, and every export holds it."""
    graph = journey.graph()

    validate(graph)
    assert (type(graph), graph.graph) == (
        nx.DiGraph,
        {
            "origin": "observed",
            "lifecycle": "trial",
            "as_of": "2024-01-21T00:00:00+00:00",
            "idle_days": 10.0,
            "customers": 3,
        },
    )


def test_consecutive_events_are_joined_and_one_without_a_touchpoint_is_not_bridged(journey):
    """From touchpoint to touchpoint, event by event: what ben did between is not known, so nothing led to
    signup.

    `?/zz` stands for zz where the event has no stage; where the stage column says signup, it is signup's.
    """
    assert edges(journey.graph(), "next") == {
        ("visit/page_view", "visit/page_view"): {"moves": 1, "median_days": 0.5},
        ("visit/page_view", "?/zz"): {"moves": 1, "median_days": 1.5},
        ("?/zz", "signup/account_created"): {"moves": 1, "median_days": 1.0},
        ("signup/account_created", "visit/page_view"): {"moves": 1, "median_days": 2.0},
        ("signup/account_created", "signup/zz"): {"moves": 1, "median_days": 1.0},
    }


def test_touchpoints_count_their_events_and_customers_and_planned_ones_are_there_with_0(journey):
    """What the plan expects and nobody did is the first thing to look for in the picture."""
    nodes = {node: data for node, data in journey.graph().nodes(data=True) if data["kind"] == "touchpoint"}

    counted = {node: (data["events"], data["customers"]) for node, data in nodes.items() if data["events"]}
    unused = {node for node, data in nodes.items() if not data["events"]}
    assert (counted, unused) == (
        {
            "visit/page_view": (4, 2), "signup/account_created": (2, 2), "signup/zz": (1, 1), "?/zz": (2, 2),
        },
        {
            "trial/first_login", "paid/invoice_paid", "at_risk/complaint", "lapsed/cancelled",
            "trial/support_call", "paid/support_call", "visit/newsletter", "paid/newsletter",
        },
    )  # fmt: skip
    assert {node for node, data in nodes.items() if not data["expected"]} == {"signup/zz", "?/zz"}


def test_the_graph_and_the_tables_give_the_same_numbers(journey):
    """A picture that disagrees with its table is worse than none: compared cell by cell, the unknown being
    absent.
    """
    graph = journey.graph()
    names = ("customers", "visits", "lost", "open", "share_lost")
    rows = {row.stage: {name: getattr(row, name) for name in names} for row in jk.drop_offs(journey)}
    nobody = {"customers": 0, "visits": 0, "lost": 0, "open": 0}
    stages = {stage: rows.get(stage, nobody) for stage in journey.lifecycle.stage_ids}

    assert {
        stage: {name: graph.nodes[stage][name] for name in names if name in graph.nodes[stage]}
        for stage in stages
    } == {
        stage: {name: cell for name, cell in cells.items() if cell is not None}
        for stage, cells in stages.items()
    }
    assert edges(graph, "transition") == {
        (row.source, row.target): {
            name: cell
            for name in ("moves", "customers", "share", "median_days")
            if (cell := getattr(row, name)) is not None
        }
        for row in jk.transitions(journey)
        if row.moves
    }


def test_stages_alone_are_the_same_graph_without_touchpoints(journey):
    """The map of the stages is what fits on a page."""
    whole, alone = journey.graph(), journey.graph(touchpoints=False)

    stages = [node for node, data in whole.nodes(data=True) if data["kind"] == "stage"]
    assert nx.utils.graphs_equal(alone, whole.subgraph(stages))


def test_the_median_of_several_moves_is_theirs():
    """Of 1, 2, 4 and 10 days, 3; two moves within one instant take none."""
    histories = {f"after {days}": {0: "page_view", days: "account_created"} for days in (10, 1, 4, 2)}

    graph = observe_days(histories | {"ana": {0: ["page_view", "page_view", "page_view"]}}).graph()

    assert edges(graph, "next") == {
        ("visit/page_view", "visit/page_view"): {"moves": 2, "median_days": 0.0},
        ("visit/page_view", "signup/account_created"): {"moves": 4, "median_days": 3.0},
    }


def test_names_with_a_slash_or_of_markup_are_nodes_like_any_other():
    """A node's id splits at its first slash: no stage has one, a CRM's touchpoint may."""
    graph = observe_days(
        {"ana": {0: ["a/b", "<script>"], 1: {"stage": "visit", "touchpoint": "a/b"}}}
    ).graph()

    validate(graph)
    assert edges(graph, "next") == {
        ("?/<script>", "?/a/b"): {"moves": 1, "median_days": 0.0},
        ("?/a/b", "visit/a/b"): {"moves": 1, "median_days": 1.0},
    }
