"""Open each real log once for all tests that ask about it."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import journeykit as jk
from tests.realdata import reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Known(NamedTuple):
    """A real log: what is known of it, its events in order, and the names in it."""

    facts: dict[str, Any]
    events: list[reference.Event]
    names: list[str]


@pytest.fixture(scope="session")
def known(shared_data: Path) -> Any:
    """Read a log by its name."""

    @cache
    def read(name: str) -> Known:
        log = reference.LOGS[name]
        events = log.events(shared_data)
        return Known(log.facts(shared_data), events, sorted({event.touchpoint for event in events}))

    return read


@pytest.fixture(scope="session")
def example(known: Any, project: Path) -> Iterator[Any]:
    """Observe a log under the plan that examples/ has for it, ties in the order of facts.json."""
    with ExitStack() as stack:

        @cache
        def observe(name: str, idle: str | None = None) -> jk.Journey:
            log = stack.enter_context(reference.open_events(known(name).events))
            plan = reference.example_plan(name, project)
            return stack.enter_context(jk.observe(log, plan, idle=idle))

        yield observe
