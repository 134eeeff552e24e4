"""Time `observe` and each question at 10^5, 10^6 and 10^7 events, with pytest-benchmark.

    pip install pytest-benchmark
    python -m pytest benchmarks/test_questions.py                           # all; some minutes
    python -m pytest benchmarks/test_questions.py -k "transitions and 100000"
    python -m pytest benchmarks/test_questions.py --benchmark-autosave      # keep the figures,
    python -m pytest benchmarks/test_questions.py --benchmark-compare       # and compare with them later

No part of `make test`: pytest collects tests/ unless it is told otherwise.  Each round asks a journey
that was asked nothing before, for a journey remembers its answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from environments import log
from with_journeykit import lifecycle

import journeykit as jk

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (10**5, 10**6, 10**7)
ROUNDS = 3

QUESTIONS = {
    "transitions": jk.transitions,
    "drop_offs": jk.drop_offs,
    "last_touchpoints": jk.last_touchpoints,
    "gaps": jk.gaps,
    "graph": jk.Journey.graph,
}


@pytest.fixture(params=SIZES, ids=str, scope="module")
def events(request: pytest.FixtureRequest) -> Iterator[jk.EventLog]:
    """Read a log of so many events."""
    path = log(request.param)
    with jk.events(path, customer="customer", timestamp="timestamp", touchpoint="touchpoint") as read:
        yield read


def test_observe(benchmark: Any, events: jk.EventLog) -> None:
    """Ordering is where the time goes."""
    benchmark.pedantic(lambda: jk.observe(events, lifecycle()).close(), rounds=ROUNDS, warmup_rounds=1)


@pytest.mark.parametrize("question", QUESTIONS)
def test_question(benchmark: Any, events: jk.EventLog, question: str) -> None:
    """A question on an observed journey is a scan of `steps` or less."""
    asked: list[jk.Journey] = []

    def observe() -> tuple[tuple[jk.Journey, ...], dict[str, Any]]:
        while asked:
            asked.pop().close()
        asked.append(jk.observe(events, lifecycle()))
        return tuple(asked), {}

    benchmark.pedantic(QUESTIONS[question], setup=observe, rounds=ROUNDS)
    asked.pop().close()
