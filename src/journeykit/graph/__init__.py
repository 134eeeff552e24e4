"""Draw plans and journeys as plain `networkx.DiGraph`, and write them for other programs.

`schema` says what a graph holds and checks it; `planned` and `build` make graphs;
`mermaid`, `dot` and `svg` draw them; `exchange` and `graphml` write and read them.
Importing this package loads networkx.

May import: model, errors.
"""

from journeykit.graph.build import observed_graph
from journeykit.graph.dot import to_dot
from journeykit.graph.exchange import from_node_link, to_node_link
from journeykit.graph.graphml import read_graphml, write_graphml
from journeykit.graph.mermaid import to_mermaid
from journeykit.graph.planned import planned_graph
from journeykit.graph.schema import schema_markdown, validate
from journeykit.graph.svg import to_svg

__all__ = [
    "from_node_link",
    "observed_graph",
    "planned_graph",
    "read_graphml",
    "schema_markdown",
    "to_dot",
    "to_mermaid",
    "to_node_link",
    "to_svg",
    "validate",
    "write_graphml",
]
