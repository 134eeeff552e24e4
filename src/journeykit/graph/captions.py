"""Write what a drawing says of a node or an edge: one wording for Mermaid, DOT and SVG.

Captions are plain text, free of what no drawing can show; each format escapes them
itself.  Numbers are those of the graph: counts in full, shares from 0 to 1.

May import: nothing of ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_SHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: XML forbids most of them, and C texts end at the first NUL
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that reorder the text around them
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # halves of a surrogate pair, and what is no character
)


def printable(text: str) -> str:
    """Put *text* on one line, with U+FFFD for each character that can't be shown."""
    return NOT_SHOWN.sub("\ufffd", re.sub(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+", " ", text))


def title(graph_attributes: Mapping[str, Any]) -> str:
    """Name a graph by its lifecycle and origin."""
    lifecycle = printable(str(graph_attributes.get("lifecycle", "")))
    origin = {"planned": "the plan", "observed": "as observed", "customer": "one customer's journey"}
    return ", ".join(filter(None, (lifecycle, origin.get(graph_attributes.get("origin", "")))))


def counted(number: int, one: str, many: str) -> str:
    """Write a count with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def share(value: float) -> str:
    """Write a share with two decimals; one that would round to nothing is not nothing."""
    shown = f"{value:.2f}"
    return "<0.01" if value > 0 and shown == "0.00" else shown


def stage_lines(node: str, data: Mapping[str, Any]) -> list[str]:
    """Describe a stage: its label, its kind where that is not progress, and what was counted."""
    lines = [printable(str(data.get("label", node)))]
    if data.get("stage_kind") in {"goal", "risk", "exit"}:
        lines.append(str(data["stage_kind"]))
    if "visits" in data:
        lines.append(counted(data["visits"], "visit", "visits"))
    if "share_lost" in data:
        lines.append(f"{share(data['share_lost'])} lost")
    return lines


def touchpoint_lines(node: str, data: Mapping[str, Any]) -> list[str]:
    """Describe a touchpoint: its label, and how many events were counted."""
    lines = [printable(str(data.get("label", node)))]
    if "events" in data:
        lines.append(counted(data["events"], "event", "events"))
    return lines


def node_lines(node: str, data: Mapping[str, Any]) -> list[str]:
    """Describe a node of either kind."""
    return touchpoint_lines(node, data) if data.get("kind") == "touchpoint" else stage_lines(node, data)


def edge_caption(data: Mapping[str, Any]) -> str:
    """Describe a move: how often, and the share of the source's visits that ended so."""
    parts = []
    if "moves" in data:
        parts.append(f"{data['moves']:,}")
    if "share" in data and data.get("moves") != 0:
        parts.append(share(data["share"]))
    return " · ".join(parts)
