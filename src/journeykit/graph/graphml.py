r"""Write graphs as GraphML and read them back with every type intact.

GraphML has types of its own (boolean, long, double, string), so that whole floats stay
floats.  XML can't hold most control characters; a file
that needs to carry one says so in its root element, and writes it, and every backslash,
as ``\uXXXXXX``.  Other files are plain GraphML, which any program reads.

May import: graph, errors.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import attrs
import networkx as nx

from journeykit.errors import GraphError
from journeykit.graph.elements import Element, parse
from journeykit.graph.exchange import require_exchangeable, structure_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from os import PathLike

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
ESCAPED = "urn:journeykit:graphml"
"""The namespace of the attribute `escaped` on the root element."""

TYPES: dict[type, str] = {bool: "boolean", int: "long", float: "double", str: "string"}
READERS: Mapping[str, Any] = {
    "boolean": lambda text: {"true": True, "false": False, "1": True, "0": False}[text.strip().lower()],
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "string": str,
}

UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold."""


def write_graphml(graph: nx.DiGraph[str], path: str | PathLike[str]) -> None:
    """Write a graph to a GraphML file.

    Args:
        graph: A directed graph with text ids and scalar attributes.
        path: The file; one that exists is replaced.

    Raises:
        GraphError: An id or an attribute can't be written; every one is named.
        OSError: The file can't be written.
    """
    require_exchangeable(graph)
    Path(path).write_text("\n".join(_document(graph)) + "\n", encoding="utf-8", newline="\n")


def read_graphml(path: str | PathLike[str]) -> nx.DiGraph[str]:
    """Read a graph from a GraphML file that `write_graphml` or another program wrote.

    What a program keeps for itself, such as yEd's shapes, is passed over.

    Args:
        path: The file.

    Returns:
        A new plain graph; one that `write_graphml` wrote is equal to what was written, in
        the same order.

    Raises:
        GraphError: The file is no GraphML, has a document type, or holds no single directed
            graph without parallel edges; every breach is named.
        OSError: The file can't be read.
    """
    return _interpret(parse(path))


def _document(graph: nx.DiGraph[str]) -> Iterator[str]:
    keys = _keys(graph)
    text = _escaped if any(UNFIT.search(text) for text in _texts(graph)) else str
    flag = f' xmlns:journeykit="{ESCAPED}" journeykit:escaped="true"' if text is _escaped else ""
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<graphml xmlns="{NAMESPACE}"{flag}>'
    for (scope, name, kind), key in keys.items():
        yield f'  <key id="{key}" for="{scope}" attr.name={quoteattr(text(name))} attr.type="{TYPES[kind]}"/>'
    yield '  <graph edgedefault="directed">'

    def data(scope: str, attributes: Mapping[str, Any]) -> Iterator[str]:
        for name, value in attributes.items():
            shown = str(value).lower() if isinstance(value, bool) else text(str(value))
            content = escape(shown, {"\r": "&#13;"})
            yield f'      <data key="{keys[scope, name, type(value)]}">{content}</data>'

    yield from data("graph", graph.graph)
    for node, attributes in graph.nodes(data=True):
        yield f"    <node id={quoteattr(text(node))}>"
        yield from data("node", attributes)
        yield "    </node>"
    for source, target, attributes in graph.edges(data=True):
        yield f"    <edge source={quoteattr(text(source))} target={quoteattr(text(target))}>"
        yield from data("edge", attributes)
        yield "    </edge>"
    yield "  </graph>"
    yield "</graphml>"


def _scopes(graph: nx.DiGraph[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "graph", graph.graph
    yield from (("node", attributes) for _, attributes in graph.nodes(data=True))
    yield from (("edge", attributes) for _, _, attributes in graph.edges(data=True))


def _keys(graph: nx.DiGraph[str]) -> dict[tuple[str, str, type], str]:
    """Number each pair of name and type: one attribute may be whole here and a fraction there."""
    keys: dict[tuple[str, str, type], str] = {}
    for scope, attributes in _scopes(graph):
        for name, value in attributes.items():
            keys.setdefault((scope, name, type(value)), f"d{len(keys)}")
    return keys


def _texts(graph: nx.DiGraph[str]) -> Iterator[str]:
    yield from graph
    for _, attributes in _scopes(graph):
        yield from attributes
        yield from (value for value in attributes.values() if isinstance(value, str))


def _escaped(text: str) -> str:
    return re.sub(rf"\\|{UNFIT.pattern}", lambda found: f"\\u{ord(found[0]):06x}", text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{6})", lambda found: chr(int(found[1], 16)), text)


@attrs.frozen
class _Key:
    """What a `key` element declares: an attribute's name, its type, and what it is by default."""

    scope: str
    name: str
    type: str
    default: str | None


def _interpret(root: Element) -> nx.DiGraph[str]:
    text = _unescaped if root.attributes.get(f"{ESCAPED} escaped") == "true" else str
    graphs = [child for child in root.children if child.tag == "graph"]
    if root.tag != "graphml" or len(graphs) != 1 or graphs[0].attributes.get("edgedefault") != "directed":
        raise GraphError(("file: expected a graphml element with one graph, directed by default",))
    problems: list[str] = []
    data = _DataReader(_read_keys(root, text), text, problems)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.graph.update(data.read("graph", "graph", graphs[0]))
    nodes, edges = [], []
    for child in graphs[0].children:
        if child.tag == "node":
            node = text(child.attributes.get("id", ""))
            nodes.append((node, data.read(f"node {node!r}", "node", child)))
        elif child.tag == "edge":
            ends = [text(child.attributes.get(end, "")) for end in ("source", "target")]
            edges.append((ends[0], ends[1], data.read(f"edge {ends[0]!r} -> {ends[1]!r}", "edge", child)))
        if child.tag == "hyperedge" or child.attributes.get("directed") == "false":
            problems.append(f"file: a journey's graph has directed edges only: {child.attributes}")
    problems += structure_problems([node for node, _ in nodes], [edge[:2] for edge in edges])
    if problems:
        raise GraphError(problems)
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    require_exchangeable(graph)
    return graph


def _read_keys(root: Element, text: Callable[[str], str]) -> dict[str, _Key]:
    keys = {}
    for child in root.children:
        attributes = child.attributes
        if (
            child.tag == "key"
            and "attr.name" in attributes
            and attributes.get("attr.type", "string") in READERS
        ):
            defaults = [grandchild.text for grandchild in child.children if grandchild.tag == "default"]
            keys[attributes.get("id", "")] = _Key(
                attributes.get("for", "all"),
                text(attributes["attr.name"]),
                attributes.get("attr.type", "string"),
                defaults[0] if defaults else None,
            )
    return keys


@attrs.frozen
class _DataReader:
    """Read the attributes of a graph, a node or an edge, and note what can't be read."""

    keys: Mapping[str, _Key]
    text: Callable[[str], str]
    problems: list[str]

    def read(self, place: str, scope: str, element: Element) -> dict[str, Any]:
        """Give the attributes of *element*, defaults first where it says nothing itself."""
        found: dict[str, Any] = {}
        for key in self.keys.values():
            if key.scope in {scope, "all"} and key.default is not None:
                self._put(found, place, key, key.default)
        for child in element.children:
            declared = self.keys.get(child.attributes.get("key", ""))
            if child.tag == "data" and declared is not None and not child.children:
                self._put(found, place, declared, child.text)
        return found

    def _put(self, found: dict[str, Any], place: str, key: _Key, text: str) -> None:
        try:
            value = READERS[key.type](text)
        except (KeyError, ValueError):
            self.problems.append(f"{place}: {key.name} is {text!r}, no {key.type}")
        else:
            found[key.name] = self.text(value) if isinstance(value, str) else value
