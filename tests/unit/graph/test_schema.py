"""Tests of the schema and of the function that checks it."""

from __future__ import annotations

import networkx as nx
import pytest

from journeykit.errors import GraphError
from journeykit.graph import observed_graph, planned_graph, schema_markdown, validate
from journeykit.graph.schema import (
    EDGE_ATTRIBUTES,
    GRAPH_ATTRIBUTES,
    NODE_ATTRIBUTES,
    split_touchpoint_id,
    touchpoint_id,
)


def test_plans_and_journeys_follow_the_schema(shop, observed):
    """One schema for what was meant and what was seen."""
    validate(planned_graph(shop))
    validate(planned_graph(shop, touchpoints=False))
    validate(observed)


def test_attributes_beyond_the_schema_are_welcome(observed):
    """It is a plain graph: whoever computes a centrality may keep it there."""
    nx.set_node_attributes(observed, nx.in_degree_centrality(observed), "centrality")

    validate(observed)


def _set(place, name, value):
    def breach(graph):
        if place is None:
            graph.graph[name] = value
        elif isinstance(place, str):
            graph.nodes[place][name] = value
        else:
            graph.edges[place][name] = value

    return breach


def _delete(place, name):
    def breach(graph):
        data = (
            graph.graph
            if place is None
            else graph.nodes[place]
            if isinstance(place, str)
            else graph.edges[place]
        )
        del data[name]

    return breach


def _rename(**names):
    def breach(graph):
        nx.relabel_nodes(graph, names, copy=False)

    return breach


BREACHES = [
    (
        _set(None, "origin", "seen"),
        ["graph: origin is 'seen', expected one of planned, observed, customer"],
    ),
    (_delete(None, "as_of"), ["graph: as_of is missing"]),
    (_set(None, "customers", "12"), ["graph: customers is '12' (str), expected int"]),
    (_set(None, "idle_days", 90), ["graph: idle_days is 90 (int), expected float"]),
    (_set("visit", "rank", "1"), ["node 'visit': rank is '1' (str), expected int"]),
    (_set("visit", "visits", -1), ["node 'visit': visits is -1, expected 0 or more"]),
    (_set("visit", "share_lost", 1.5), ["node 'visit': share_lost is 1.5, expected 1 or less"]),
    (
        _set("visit", "share_lost", None),
        ["node 'visit': share_lost is a NoneType; only bool, int, float and str survive every export"],
    ),
    (
        _set("visit", "share_lost", float("nan")),
        ["node 'visit': share_lost is nan; leave out what is unknown"],
    ),
    (
        _set("visit", "tags", ["a"]),
        ["node 'visit': tags is a list; only bool, int, float and str survive every export"],
    ),
    (_set("visit", 1, 1), ["node 'visit': the attribute 1 is not named by text"]),
    (_delete("visit", "label"), ["node 'visit': label is missing"]),
    (
        _delete("visit", "rank"),
        ["node 'visit': progress and goal stages have a rank, risk and exit stages have none"],
    ),
    (
        _set("gone", "rank", 9),
        ["node 'gone': progress and goal stages have a rank, risk and exit stages have none"],
    ),
    (
        _set("?/spam/1", "kind", "touch"),
        [
            "node '?/spam/1': kind is 'touch', expected one of stage, touchpoint",
            (
                "edge '?/spam/1' -> 'buy/order': a 'next' edge joins touchpoint and touchpoint,"
                " not touch and touchpoint"
            ),
        ],
    ),
    (_rename(gone="go/ne"), ["node 'go/ne': a stage's id is not empty, is not '?' and has no '/'"]),
    (_rename(gone="?"), ["node '?': a stage's id is not empty, is not '?' and has no '/'"]),
    (
        _rename(**{"?/spam/1": "spam"}),
        ["node 'spam': a touchpoint's id is 'stage/name', or '?/name' where it has no stage"],
    ),
    (_rename(**{"?/spam/1": "buy/spam"}), ["node 'buy/spam': no stage 'buy' contains it"]),
    (
        lambda graph: graph.add_node(7, kind="stage"),
        ["node 7: its id is a int, expected str"],
    ),
    (
        lambda graph: graph.add_edge("cart", "visit/page", kind="contains"),
        ["edge 'cart' -> 'visit/page': a stage contains its own touchpoints only"],
    ),
    (
        lambda graph: graph.add_edge("cart", "buy"),
        ["edge 'cart' -> 'buy': kind is None, expected one of transition, contains, next"],
    ),
    (
        lambda graph: graph.add_edge("cart", "visit/page", kind="next", moves=1),
        [
            (
                "edge 'cart' -> 'visit/page': a 'next' edge joins touchpoint and touchpoint,"
                " not stage and touchpoint"
            )
        ],
    ),
    (
        _set(("buy", "buy"), "transition_kind", "lateral"),
        ["edge 'buy' -> 'buy': a move from a stage to itself, and no other, is a 'repeat'"],
    ),
    (_delete(("visit/page", "visit/page"), "moves"), ["edge 'visit/page' -> 'visit/page': moves is missing"]),
]


@pytest.mark.parametrize(("breach", "problems"), BREACHES)
def test_a_breach_is_named_with_its_place(observed, breach, problems):
    """Whoever changed the graph learns where, and what was expected."""
    breach(observed)

    with pytest.raises(GraphError) as raised:
        validate(observed)

    assert list(raised.value.problems) == problems


def test_all_breaches_are_listed_at_once(observed):
    """Mending one at a time is no way to live."""
    del observed.graph["as_of"]
    observed.nodes["visit"]["rank"] = 1.0
    observed.edges["visit", "buy"]["moves"] = -4

    with pytest.raises(ValueError, match="graph has 3 problems") as raised:
        validate(observed)

    assert str(raised.value) == (
        "graph has 3 problems:\n"
        "  graph: as_of is missing\n"
        "  node 'visit': rank is 1.0 (float), expected int\n"
        "  edge 'visit' -> 'buy': moves is -4, expected 0 or more"
    )


@pytest.mark.parametrize("other", [nx.Graph, nx.MultiDiGraph])
def test_other_classes_of_graphs_are_refused(other):
    """Undirected moves and parallel edges mean nothing here."""
    with pytest.raises(GraphError, match=f"is a {other.__name__}, expected a networkx.DiGraph"):
        validate(other())


def test_what_a_plan_can_not_know_is_not_asked_of_it(shop, counts):
    """Counts are missing from a plan, and must not be from a journey."""
    graph = observed_graph(shop, origin="observed", **counts)
    graph.graph["origin"] = "planned"
    for _, data in graph.nodes(data=True):
        data.pop("visits", None)

    validate(graph)


def test_ids_of_touchpoints_are_taken_apart_at_the_first_slash():
    """A CRM's names have slashes; ids of stages have none."""
    assert split_touchpoint_id(touchpoint_id("trial", "call/mail")) == ("trial", "call/mail")
    assert split_touchpoint_id(touchpoint_id(None, "?/x")) == (None, "?/x")


def test_the_reference_page_names_every_attribute():
    """It is printed from the schema, so that it can't tell another story."""
    page = schema_markdown()

    every = [GRAPH_ATTRIBUTES, *NODE_ATTRIBUTES.values(), *EDGE_ATTRIBUTES.values()]
    assert page.count("\n| `") == sum(map(len, every))
    assert "| `rank` | int | where known | The place on the way; risk and exit stages have none. |" in page
    assert (
        "| `origin` | str | always | What the graph was made from."
        " One of `planned`, `observed`, `customer`. |" in page
    )
