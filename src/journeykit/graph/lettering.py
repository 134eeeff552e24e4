"""Fit text into a drawing without knowing its font, and escape it for XML.

Widths are estimates on the safe side: a glyph of a proportional font is about half as
wide as it is high, a wide East Asian character or an emoji as wide as it is high.

May import: nothing of ours.
"""

from __future__ import annotations

import html
import re
import unicodedata

from journeykit.graph.captions import printable

ELLIPSIS = "…"
BASIC_PLANE = 0xFFFF
"""Beyond it are emoji and rare scripts."""


def width(text: str, size: float) -> float:
    """Estimate how wide *text* is at a font size, both in pixels."""
    return size * sum(_breadth(character) for character in text)


def _breadth(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF" or ord(character) > BASIC_PLANE:
        return 1.05
    if character in " .,:;'|!()[]iIjltf·":
        return 0.36
    return 0.92 if character in "mwMW@%" else 0.66 if character.isupper() else 0.58


def fit(text: str, room: float, size: float) -> str:
    """Cut *text* to a width, ending in an ellipsis where something was cut."""
    if width(text, size) <= room:
        return text
    kept = text[: int(room)]
    while kept and width(kept + ELLIPSIS, size) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def wrap(text: str, room: float, size: float, *, most: int) -> list[str]:
    """Break *text* after spaces, "_", "-" and "/" into lines of a width, *most* of them; the rest is cut."""
    lines = [""]
    for word in re.findall(r"[^ _/-]*[ _/-]*", text[: most * int(room)]):
        if width(lines[-1] + word.rstrip(), size) > room and lines[-1] and len(lines) < most:
            lines.append("")
        lines[-1] += word
    return [fit(line.rstrip(), room, size) for line in lines]


def xml(text: str) -> str:
    """Escape *text* for XML content and attributes, with U+FFFD for what XML can't hold."""
    return html.escape(printable(text), quote=True)
