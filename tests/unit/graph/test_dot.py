"""Tests of Graphviz DOT."""

from __future__ import annotations

import re
from xml.dom import minidom

import networkx as nx
import pytest

from journeykit.graph import planned_graph, to_dot
from journeykit.graph.captions import printable

STRING = re.compile(r'"(?:[^"\\]|\\[\\"n])*"')


def test_a_plan_is_a_directed_graph(shop):
    """The whole text, so that a diff shows what a change does."""
    graph = planned_graph(shop, touchpoints=False)
    graph.remove_nodes_from(["buy", "at_risk", "gone"])

    assert to_dot(graph) == (
        "digraph journey {\n"
        '  graph [rankdir="LR", fontname="Helvetica,Arial,sans-serif", charset="utf-8",'
        ' label="shop, the plan"];\n'
        '  node [fontname="Helvetica,Arial,sans-serif", fontsize="11"];\n'
        '  edge [fontname="Helvetica,Arial,sans-serif", fontsize="11"];\n'
        '  n0 [label="Visit", shape="box", style="rounded,filled", fillcolor="#e8f0fa", color="#3d6ea5"];\n'
        '  n1 [label="cart", shape="box", style="rounded,filled", fillcolor="#e8f0fa", color="#3d6ea5"];\n'
        '  n0 -> n1 [label="", color="#5b6b7d"];\n'
        "}\n"
    )


def test_edges_are_as_thick_as_their_moves_and_dashed_without(observed):
    """The eye should go where the customers went."""
    text = to_dot(observed)

    assert '  n0 -> n2 [label="4 · 0.40", color="#5b6b7d", penwidth="4.00"];\n' in text
    assert '  n5 -> n5 [label="9", color="#5b6b7d", penwidth="6.00"];\n' in text
    assert '  n0 -> n1 [label="0", color="#5b6b7d", style="dashed"];\n' in text
    assert '  n0 -> n5 [dir="none", style="dotted", color="#9aa7b5"];\n' in text


def test_hard_names_stay_inside_their_strings(hard_names, named_plan):
    """Without its strings, a drawing of hard names is the drawing of plain ones."""
    names = [name for name in hard_names if name]
    plain = to_dot(named_plan([f"name{place}" for place in range(len(names))]))

    assert STRING.sub('""', to_dot(named_plan(names, 'x"]; y'))) == STRING.sub('""', plain)


def test_graphviz_reads_and_draws_hard_names(hard_names, named_plan, tmp_path):
    """Graphviz is the authority on DOT; what it draws shows each name as it is."""
    pygraphviz = pytest.importorskip("pygraphviz", reason="Graphviz comes with the extra `plot`")
    names = [name for name in hard_names if name]
    drawing = tmp_path / "hard.svg"
    pygraphviz.AGraph(string=to_dot(named_plan(names, 'x"]; y'))).draw(str(drawing), prog="dot")

    texts = minidom.parse(str(drawing)).getElementsByTagName("text")
    shown = [text.firstChild.data.replace("\xa0", " ") for text in texts]
    assert sorted(text.strip() for text in shown) == sorted(
        printable(name).strip() for name in [*names, 'x"]; y, the plan']
    )


def test_an_empty_graph_is_an_empty_drawing():
    """A filter may leave nothing."""
    assert to_dot(nx.DiGraph()).splitlines()[-1] == "}"
