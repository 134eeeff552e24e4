"""What the tests of graphs share: hard names, hard graphs and one small journey."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import strategies as st

from journeykit.graph import observed_graph
from journeykit.model import Lifecycle, Stage, Touchpoint

HARD_NAMES = (
    *("end", "graph", "subgraph", "class", "click", "style", "default", "o", "x", "node", "edge", "strict"),
    *('a"b', "it's", "<script>alert(1)</script>", "]]>", '"; drop table', "a\nb\r\nc\td", " lead and trail "),
    *(
        "1. one",
        "- two",
        "* three",
        "# four",
        "`code`",
        "**b** _i_",
        "%%{init: {}}%%",
        "%% comment",
        "$$x^2$$",
    ),
    *("\\", "\\n \\N \\u00005c", "&amp; &#35; #quot;", "http://x.y www.x.com a@b.c", "{{x}} [y] (z) |p|"),
    *("--> ==>", "style a:b #c;", "fa:fa-car", ":::c", "---", "a/b", "?/c", "snake_case kebab-case 1.5", ""),
    *(
        "😀👨‍👩‍👧",
        "æøå Ωж 漢字",
        "e\u0302",
        "\x00\x07\x1b\x7f\x85",
        "\u2028",
        "\u202eabc",
        "\ud800",
        "\ufffe",
        "A" * 300,
    ),
)
"""Names that mean something to some format, or that some format can't hold."""


@pytest.fixture(scope="session")
def hard_names() -> tuple[str, ...]:
    """Names that mean something to some format, or that some format can't hold."""
    return HARD_NAMES


def _scalars():
    whole_floats = st.integers(-(10**6), 10**6).map(float)
    numbers = st.integers() | whole_floats | st.floats(allow_nan=False, allow_infinity=False)
    return st.booleans() | numbers | _texts()


def _texts():
    # Every code point, also the halves of a surrogate pair, which st.text leaves out.
    return st.sampled_from(HARD_NAMES) | st.text(st.characters(exclude_categories=()), max_size=6)


@st.composite
def _graphs(draw):
    reserved = {"id", "source", "target"}
    attributes = st.dictionaries(_texts().filter(lambda name: name not in reserved), _scalars(), max_size=3)
    graph = nx.DiGraph()
    graph.graph.update(draw(attributes))
    nodes = draw(st.lists(_texts(), max_size=5, unique=True))
    graph.add_nodes_from((node, draw(attributes)) for node in nodes)
    if nodes:
        ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
        for source, target in draw(st.lists(ends, max_size=6)):
            graph.add_edges_from([(source, target, draw(attributes))])
    return graph


@pytest.fixture(scope="session")
def any_graph():
    """A strategy for directed graphs with any text as ids, names and values."""
    return _graphs()


def _named_plan(names, lifecycle="plan"):
    graph = nx.DiGraph(origin="planned", lifecycle=lifecycle, idle_days=30.0)
    for place, name in enumerate(names):
        graph.add_node(f"s{place}", kind="stage", stage_kind="progress", rank=place, label=name)
    return graph


@pytest.fixture(scope="session")
def named_plan():
    """Makes a plan of stages that are called so, also by names that no lifecycle would take."""
    return _named_plan


def exactly(graph):
    """Everything a graph holds, in its order, with the type of each value: 1, 1.0 and True differ."""

    def typed(attributes):
        return [(name, type(value), repr(value)) for name, value in attributes.items()]

    nodes = [(node, typed(data)) for node, data in graph.nodes(data=True)]
    edges = [(source, target, typed(data)) for source, target, data in graph.edges(data=True)]
    return type(graph), typed(graph.graph), nodes, edges


@pytest.fixture(scope="session", name="exactly")
def _exactly():
    return exactly


@pytest.fixture(scope="session")
def shop() -> Lifecycle:
    """A small lifecycle with everything in it: a loop, a repeat, a shared touchpoint, risk and exit."""
    return Lifecycle(
        "shop",
        stages=[
            Stage("visit", label="Visit"),
            "cart",
            Stage("buy", kind="goal", entry=("order",)),
            Stage("at_risk", kind="risk"),
            Stage("gone", kind="exit"),
        ],
        transitions=[("visit", "cart"), ("cart", "buy"), ("buy", "buy"), ("buy", "visit"), ("cart", "gone")],
        touchpoints=[
            Touchpoint("page", stages=("visit",), channel="web", label="Page view"),
            Touchpoint("order", stages=("buy",)),
            Touchpoint("support", stages=("cart", "buy"), expected=False, channel="phone"),
        ],
        idle="90 days",
    )


@pytest.fixture(scope="session")
def counts():
    """Counts of a journey through the shop, as the questions hand them over."""
    return {
        "as_of": "2026-01-01T00:00:00+00:00",
        "idle_days": 90,
        "customers": 12,
        "stages": [
            {"stage": "buy", "customers": 4, "visits": 6, "lost": 1, "open": 2, "share_lost": None},
            {
                "stage": "visit",
                "customers": 10,
                "visits": 11,
                "lost": 3,
                "open": 1,
                "share_lost": 0.3,
                "moved": 7,
            },
        ],
        "transitions": [
            {"source": "buy", "target": "buy", "moves": 2, "customers": 2, "share": 0.25, "median_days": 7.0},
            {"source": "visit", "target": "buy", "moves": 4, "customers": 4, "share": 0.4, "median_days": 2},
            {
                "source": "visit",
                "target": "cart",
                "moves": 0,
                "customers": 0,
                "share": 0.0,
                "median_days": None,
            },
        ],
        "touchpoints": [
            {"stage": None, "name": "spam/1", "events": 2, "customers": 1},
            {"stage": "visit", "name": "page", "events": 20, "customers": 10},
            {"stage": "visit", "name": "order", "events": 1, "customers": 1, "channel": "shop"},
        ],
        "next_moves": [
            {
                "source_stage": "visit",
                "source": "page",
                "target_stage": "visit",
                "target": "page",
                "moves": 9,
                "median_days": 0.5,
            },
            {
                "source_stage": None,
                "source": "spam/1",
                "target_stage": "buy",
                "target": "order",
                "moves": 1,
                "median_days": float("nan"),
            },
        ],
    }


@pytest.fixture
def observed(shop, counts) -> nx.DiGraph:
    """The graph of these counts."""
    return observed_graph(shop, origin="observed", **counts)
