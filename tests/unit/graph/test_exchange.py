"""Tests of node-link JSON."""

from __future__ import annotations

import json

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.errors import GraphError
from journeykit.graph import from_node_link, planned_graph, to_node_link


def test_a_graph_comes_back_from_json_as_it_was(observed, exactly):
    """Types, order and all: a whole float is no integer, a flag is no number."""
    text = json.dumps(to_node_link(observed), allow_nan=False)

    assert exactly(from_node_link(json.loads(text))) == exactly(observed)


@given(data=st.data())
def test_any_graph_of_scalars_comes_back_from_json(data, any_graph, exactly):
    """Whatever the CRM calls its touchpoints."""
    graph = data.draw(any_graph)
    text = json.dumps(to_node_link(graph), allow_nan=False)

    assert exactly(from_node_link(json.loads(text))) == exactly(graph)


def test_networkx_writes_and_reads_the_same(observed, shop):
    """The format is networkx's own, so that no reader of ours is needed."""
    document = to_node_link(observed)

    assert document == nx.node_link_data(observed, edges="edges")
    assert nx.utils.graphs_equal(nx.node_link_graph(document, edges="edges"), observed)
    assert to_node_link(planned_graph(shop, touchpoints=False))["nodes"][0] == {
        "id": "visit",
        "kind": "stage",
        "stage_kind": "progress",
        "rank": 1,
        "label": "Visit",
    }


def test_what_json_can_not_hold_is_named_before_it_is_written():
    """A list would become something else; not-a-number is no JSON."""
    graph = nx.DiGraph(tags=[1])
    graph.add_node(1)
    graph.add_node("a", id=2, share=float("inf"))
    graph.add_edge("a", "b", source=1)

    with pytest.raises(GraphError) as raised:
        to_node_link(graph)

    assert raised.value.problems == (
        "graph: tags is a list; only bool, int, float and str survive every export",
        "node 1: its id is a int, expected str",
        "node 'a': the attribute 'id' would hide the node's own; give it another name",
        "node 'a': share is inf; leave out what is unknown",
        "edge 'a' -> 'b': the attribute 'source' would hide the edge's own; give it another name",
    )


@pytest.mark.parametrize("other", [nx.Graph(), nx.MultiDiGraph()])
def test_only_directed_graphs_without_parallel_edges_are_written(other):
    """What comes back would be another graph."""
    with pytest.raises(GraphError, match=r"expected a networkx\.DiGraph"):
        to_node_link(other)


EMPTY = {"directed": True, "multigraph": False, "graph": {}, "nodes": [], "edges": []}


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"directed": False}, ["document: directed must be true and multigraph false"]),
        ({"multigraph": 1}, ["document: directed must be true and multigraph false"]),
        ({"graph": []}, ["document: 'graph' must be an object"]),
        ({"nodes": None}, ["document: 'nodes' must be a list"]),
        (
            {"nodes": [{"id": 1}, 2]},
            [f"nodes[{place}]: must be an object with id as text" for place in (0, 1)],
        ),
        ({"nodes": [{"id": "a"}, {"id": "a"}]}, ["node 'a': 2 nodes have this id"]),
        (
            {"edges": [{"source": "a", "target": "b"}] * 2},
            [
                "edge 'a' -> 'b': 2 edges share these ends",
                "edge 'a' -> 'b': no node has the id 'a'",
                "edge 'a' -> 'b': no node has the id 'b'",
            ],
        ),
        ({"edges": [{"source": "a"}]}, ["edges[0]: must be an object with source and target as text"]),
        (
            {"nodes": [{"id": "a", "share": None}]},
            ["node 'a': share is a NoneType; only bool, int, float and str survive every export"],
        ),
    ],
)
def test_a_document_that_is_no_graph_is_refused_with_its_breaches(change, problems):
    """Other programs write node-link JSON, too."""
    with pytest.raises(GraphError) as raised:
        from_node_link({**EMPTY, **change})

    assert list(raised.value.problems) == problems
