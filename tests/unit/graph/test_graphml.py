"""Tests of GraphML."""

from __future__ import annotations

import tempfile
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.errors import GraphError
from journeykit.graph import planned_graph, read_graphml, validate, write_graphml


def test_a_graph_comes_back_from_graphml_as_it_was(observed, exactly, tmp_path):
    """Types, order and all: networkx's own reader forgets empty texts, for one."""
    write_graphml(observed, tmp_path / "shop.graphml")

    assert exactly(read_graphml(tmp_path / "shop.graphml")) == exactly(observed)


@given(data=st.data())
def test_any_graph_of_scalars_comes_back_from_graphml(data, any_graph, exactly):
    """Control characters, which XML can't hold, included."""
    graph = data.draw(any_graph)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.graphml"
        write_graphml(graph, path)

        assert exactly(read_graphml(path)) == exactly(graph)


def test_hard_names_come_back_from_graphml(hard_names, exactly, tmp_path):
    """As ids, as names of attributes and as values: fixed, whatever hypothesis draws."""
    graph = nx.DiGraph()
    graph.add_nodes_from((name, {f"n{name}": name}) for name in hard_names)
    graph.add_edges_from((name, name, {f"e{name}": name}) for name in hard_names)
    write_graphml(graph, tmp_path / "hard.graphml")

    assert exactly(read_graphml(tmp_path / "hard.graphml")) == exactly(graph)


def test_networkx_reads_what_is_written(observed, tmp_path):
    """So will Gephi and others: a file without control characters is plain GraphML."""
    write_graphml(observed, tmp_path / "shop.graphml")

    graph = nx.read_graphml(tmp_path / "shop.graphml")
    assert dict(graph.nodes(data=True)) == dict(observed.nodes(data=True))
    assert list(graph.edges(data=True)) == list(observed.edges(data=True))
    assert observed.graph.items() <= graph.graph.items()


def test_what_networkx_writes_is_read(observed, exactly, tmp_path):
    """A graph may have been through another program."""
    nx.write_graphml_xml(observed, tmp_path / "shop.graphml")

    graph = read_graphml(tmp_path / "shop.graphml")
    validate(graph)
    assert nx.utils.graphs_equal(graph, observed)


def test_a_plan_is_written_as_plain_xml(shop, tmp_path):
    """Fixed bytes, so that a diff of two files is a diff of two graphs."""
    graph = planned_graph(shop, touchpoints=False)
    graph.remove_nodes_from(["buy", "at_risk", "gone"])
    write_graphml(graph, tmp_path / "plan.graphml")

    assert (tmp_path / "plan.graphml").read_text(encoding="utf-8").splitlines()[:12] == [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        '  <key id="d0" for="graph" attr.name="origin" attr.type="string"/>',
        '  <key id="d1" for="graph" attr.name="lifecycle" attr.type="string"/>',
        '  <key id="d2" for="graph" attr.name="idle_days" attr.type="double"/>',
        '  <key id="d3" for="node" attr.name="kind" attr.type="string"/>',
        '  <key id="d4" for="node" attr.name="stage_kind" attr.type="string"/>',
        '  <key id="d5" for="node" attr.name="rank" attr.type="long"/>',
        '  <key id="d6" for="node" attr.name="label" attr.type="string"/>',
        '  <key id="d7" for="edge" attr.name="kind" attr.type="string"/>',
        '  <key id="d8" for="edge" attr.name="transition_kind" attr.type="string"/>',
        '  <key id="d9" for="edge" attr.name="declared" attr.type="boolean"/>',
    ]


def test_what_is_no_scalar_is_named_before_anything_is_written(tmp_path):
    """Half a file is worse than none."""
    graph = nx.DiGraph()
    graph.add_node("a", tags=("x",))

    with pytest.raises(GraphError, match="node 'a': tags is a tuple"):
        write_graphml(graph, tmp_path / "bad.graphml")

    assert not (tmp_path / "bad.graphml").exists()


def _file(keys="", body="", edgedefault="directed"):
    return f'<graphml>{keys}<graph edgedefault="{edgedefault}">{body}</graph></graphml>'


STRING = '<key id="k" for="node" attr.name="size" attr.type="int"/>'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no xml", "syntax error: line 1, column 0"),
        ("", "no element found: line 1, column 0"),
        ('<!DOCTYPE g [<!ENTITY a "aaa">]><graphml/>', "has a document type, which is not read"),
        ("<html/>", "file: expected a graphml element with one graph, directed by default"),
        (
            _file(edgedefault="undirected"),
            "file: expected a graphml element with one graph, directed by default",
        ),
        (_file(body='<node id="a"/><node id="a"/>'), "node 'a': 2 nodes have this id"),
        (_file(body='<edge source="a" target="a"/>'), "edge 'a' -> 'a': no node has the id 'a'"),
        (
            _file(body='<node id="a"/><edge source="a" target="a" directed="false"/>'),
            (
                "file: a journey's graph has directed edges only:"
                " {'source': 'a', 'target': 'a', 'directed': 'false'}"
            ),
        ),
        (_file(STRING, '<node id="a"><data key="k">x</data></node>'), "node 'a': size is 'x', no int"),
        (
            _file(STRING.replace("int", "boolean"), '<node id="a"><data key="k">maybe</data></node>'),
            "node 'a': size is 'maybe', no boolean",
        ),
    ],
)
def test_a_file_that_can_not_be_read_says_why(text, problem, tmp_path):
    """XML from elsewhere may be anything, also an attack."""
    path = tmp_path / "bad.graphml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(GraphError) as raised:
        read_graphml(path)

    assert [line.removeprefix(f"{path}: ") for line in raised.value.problems] == [problem]


def test_a_missing_file_is_pythons_own_error(tmp_path):
    """Callers catch it as they always do."""
    with pytest.raises(FileNotFoundError):
        read_graphml(tmp_path / "none.graphml")


def test_defaults_and_what_other_programs_keep_are_understood(tmp_path):
    """YEd stores shapes beside the data, and writes what most nodes share as a default."""
    path = tmp_path / "yed.graphml"
    keys = (
        '<key id="d" for="node" attr.name="open" attr.type="int"><default>3</default></key>'
        '<key id="g" for="node" yfiles.type="nodegraphics"/>'
    )
    shape = '<data key="g"><shape width="3">round</shape></data>'
    path.write_text(
        _file(keys, f'<node id="a">{shape}</node><node id="b"><data key="d">4</data></node>'),
        encoding="utf-8",
    )

    assert dict(read_graphml(path).nodes(data=True)) == {"a": {"open": 3}, "b": {"open": 4}}
