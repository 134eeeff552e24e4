"""Walk a lifecycle, and the page that describes it, for tests of the lifecycles that ship."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from journeykit.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

MISSION_ID = re.compile(r"S[1-5]-\d\d")
"""What an id of the mission page looks like."""


def parts(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value of ours within another, with its place, itself first."""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from parts(item, f"{place}[{getattr(item, 'id', number)}]")
    elif attrs.has(type(value)):
        yield place, value
        if not isinstance(value, Text):
            for field in attrs.fields(type(value)):
                yield from parts(getattr(value, field.name), f"{place}.{field.name}".lstrip("."))


def all_sources(value: object) -> set[str]:
    """Every source id anywhere in a value."""
    return {source for _, part in parts(value) for source in getattr(part, "sources", ())}


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its two head lines."""
    section = page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines[2:]]
