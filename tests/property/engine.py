"""Ask the engine what the oracle is asked: the same rows, settings and shapes."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from journeykit.testing.observing import observe_input

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import journeykit as jk
    from journeykit.testing.cases import JourneyInput


@contextmanager
def observed(
    given: JourneyInput, rows: Sequence[dict[str, Any]] | None = None, *, rules: Sequence[jk.StageRule] = ()
) -> Iterator[jk.Journey]:
    """Observe an oracle's input with the engine, or other rows in its place; let go of it afterwards."""
    journey = observe_input(given if rows is None else replace(given, events=tuple(rows)), rules=rules)
    with journey.log, journey:
        yield journey
