"""Tests of Mermaid flowcharts."""

from __future__ import annotations

import html
import re

import networkx as nx
import pytest

from journeykit.graph import planned_graph, to_mermaid
from journeykit.graph.captions import printable

# What a line may be: nodes in quotes and brackets, arrows with a quoted caption, classes. In quotes
# stand letters, digits, a few harmless marks and entities: nothing that Mermaid, Markdown or HTML reads.
LABEL = r"(?:[^\W_]|[ ,·\ufffd]|#\d+;|<br/>|(?<=[^\W_])[_-](?=[^\W_])|(?<=\d)\.(?=\d))+"
SHAPES = [
    rf'\["{LABEL}"\]',
    rf'\(\["{LABEL}"\]\)',
    rf'{{{{"{LABEL}"}}}}',
    rf'\[\["{LABEL}"\]\]',
    rf'\("{LABEL}"\)',
]
LINES = [
    rf"  (?:n\d+|more)(?:{'|'.join(SHAPES)})",
    rf'  n\d+ (?:---|(?:-->|-\.->)(?:\|"{LABEL}"\|)?) n\d+',
    r"  classDef [a-z]+_ [a-z0-9:,#]+",
    r"  class n\d+(?:,n\d+)* [a-z]+_",
]
LINE = re.compile("|".join(LINES))


def test_a_plan_is_a_flowchart(shop):
    """The whole text, as it would be pasted into a wiki."""
    graph = planned_graph(shop)
    graph.remove_nodes_from(["cart/support", "buy/support"])

    assert to_mermaid(graph) == (
        "flowchart LR\n"
        '  n0["Visit"]\n'
        '  n1["cart"]\n'
        '  n2(["buy<br/>goal"])\n'
        '  n3{{"at_risk<br/>risk"}}\n'
        '  n4[["gone<br/>exit"]]\n'
        '  n5("Page view")\n'
        '  n6("order")\n'
        "  n0 --- n5\n"
        "  n0 --> n1\n"
        "  n1 --> n2\n"
        "  n1 --> n4\n"
        "  n2 --- n6\n"
        "  n2 --> n2\n"
        "  n2 --> n0\n"
        "  classDef progress_ fill:#e8f0fa,stroke:#3d6ea5,color:#10233a\n"
        "  class n0,n1 progress_\n"
        "  classDef goal_ fill:#e2f3e4,stroke:#2f7d3b,color:#10233a\n"
        "  class n2 goal_\n"
        "  classDef risk_ fill:#fdf1d8,stroke:#a8740a,color:#10233a\n"
        "  class n3 risk_\n"
        "  classDef exit_ fill:#f6e3e3,stroke:#a33b3b,color:#10233a\n"
        "  class n4 exit_\n"
        "  classDef touchpoint_ fill:#ffffff,stroke:#9aa7b5,color:#10233a\n"
        "  class n5,n6 touchpoint_\n"
    )


def test_counts_stand_on_nodes_and_arrows(observed):
    """A move never made is dotted, as are moves between touchpoints."""
    text = to_mermaid(observed)

    assert '  n0["Visit<br/>11 visits<br/>0.30 lost"]\n' in text
    assert '  n0 -.->|"0"| n1\n' in text
    assert '  n0 -->|"4 · 0.40"| n2\n' in text
    assert '  n5 -.->|"9"| n5\n' in text
    assert '  n5("Page view<br/>20 events")\n' in text


def test_hard_names_stay_inside_their_labels(hard_names, named_plan):
    """A stage called "end" ends the drawing otherwise, and a script would run."""
    names = [name for name in hard_names if name]
    lines = to_mermaid(named_plan(names)).split("\n")[:-1]

    assert lines[0] == "flowchart LR"
    assert [line for line in lines[1:] if not LINE.fullmatch(line)] == []
    labels = [line.partition('"')[2].removesuffix('"]') for line in lines[1 : len(names) + 1]]
    read = [html.unescape(label.replace("#", "&#")).replace("\u2060", "") for label in labels]
    assert read == [printable(name) for name in names]


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ('a"b', "a#34;b"),
        ("#quot;", "#35;quot#59;"),
        ("1. one", "1#46; one"),
        ("v1.5 re-entry snake_case", "v1.5 re-entry snake_case"),
        ("_emphasis_", "#95;emphasis#95;"),
        ("www.x.com", "www#46;x#46;com"),
        # What Mermaid would read even after the entities: a line break, a formula, an icon.
        ("\\n", "#92;#8288;n"),
        ("$$x$$", "#36;#8288;#36;x#36;#8288;#36;"),
        ("fa:fa-car", "fa#58;#8288;fa-car"),
        ("a\n\tb", "a b"),
        ("\x00", "\ufffd"),
    ],
)
def test_every_character_that_means_something_is_an_entity(name, escaped):
    """Checked against Mermaid 11 in a browser: each of these came out as it went in."""
    graph = nx.DiGraph()
    graph.add_node("a", kind="stage", label=name)

    assert to_mermaid(graph).splitlines()[1] == f'  n0["{escaped}"]'


def test_too_many_edges_are_left_out_the_rarest_first_and_counted(observed):
    """Mermaid draws nothing at all beyond its limit."""
    text = to_mermaid(observed, most_edges=8)

    assert [line.strip() for line in text.splitlines() if "|" in line] == [
        'n0 -.->|"0"| n1',
        'n0 -->|"4 · 0.40"| n2',
        'n2 -->|"2 · 0.25"| n2',
    ]
    assert '  more["2 more edges are not drawn"]\n' in text
    assert text.count("---") == 5


def test_an_empty_graph_is_an_empty_flowchart():
    """A filter may leave nothing."""
    assert to_mermaid(nx.DiGraph()) == "flowchart LR\n"
