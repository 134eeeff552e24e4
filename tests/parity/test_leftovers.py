"""What journeykit makes in somebody's engine is gone afterwards, and theirs is as it was."""

from __future__ import annotations

import gc
from contextlib import contextmanager

import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.relations.scratch import Scratch
from journeykit.testing.cases import day, trial_lifecycle
from tests.logs import event_rows, frame

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

EVENTS = frame(
    event_rows(
        {
            "ana": {0: "page_view", 1: "account_created", 2: "support_call", 9: "invoice_paid"},
            "ben": {0: "page_view", 1: "zz_unknown", 3: ["account_created", "cancelled"]},
            "cy": {0: {"touchpoint": "page_view", "channel": "web"}, 30: "first_login"},
        }
    )
)
CUSTOMERS = pa.table({"customer": ["ana", "ben"], "stored_stage": ["paid", "trial"], "region": ["n", "s"]})


@contextmanager
def unchanged(engine):
    """Hold the engine to leave nothing, and to keep the caller's tables and settings."""
    gc.collect()
    theirs = engine.put(EVENTS)
    try:
        things, settings, rows = engine.things(), engine.settings(), engine.rows_of(theirs)
        yield theirs
        gc.collect()
        assert engine.things() - things == things - engine.things() == set()
        assert engine.settings() == settings
        assert engine.rows_of(theirs) == rows
    finally:
        engine.drop(theirs)


def opened(table, **settings):
    """Open the events."""
    return jk.events(
        table,
        customer="customer",
        timestamp="timestamp",
        touchpoint="touchpoint",
        channel="channel",
        customers=CUSTOMERS,
        **settings,
    )


def ask(journey, other):
    """Ask what makes relations of its own."""
    jk.drop_offs(journey, by="channel")
    jk.gaps(journey, by="region")
    jk.overlap(journey, other, every="week", by="region")
    jk.carry_over(journey, other, bridge="signup", by="region")
    jk.trace(journey, "ana")


def test_nothing_is_left_after_close(engine):
    """Two journeys of one log, and the questions that make relations of their own."""
    with unchanged(engine) as theirs:
        log = opened(theirs)
        journey = jk.observe(log, trial_lifecycle())
        other = jk.observe(log, trial_lifecycle(), as_of=journey.as_of, idle="3 days")
        ask(journey, other)
        journey.close()
        assert jk.drop_offs(other)
        other.close()
        log.close()


def test_nothing_is_left_when_nobody_holds_it_any_more(engine):
    """Most people never call `close`."""
    with unchanged(engine) as theirs:
        journey = jk.observe(opened(theirs), trial_lifecycle())
        jk.drop_offs(journey, by="region")
        del journey


class StopError(Exception):
    """Stands for whatever goes wrong in the middle."""


POINTS = [
    ("table", 1, KeyboardInterrupt),
    ("table", 3, StopError),
    ("arrow", 8, KeyboardInterrupt),
]
"""What has just been done when it ends, how often, and what ends it."""


@pytest.mark.parametrize(("method", "times", "end"), POINTS)
def test_nothing_is_left_after_an_end_in_the_middle(engine, monkeypatch, method, times, end):
    """Whichever relation was made last, and whichever question was the last one answered."""
    real = getattr(Scratch, method)
    calls = []

    def stopped(self, *args):
        calls.append(args)
        made = real(self, *args)
        if len(calls) == times:
            raise end
        return made

    monkeypatch.setattr(Scratch, method, stopped)
    with unchanged(engine) as theirs, pytest.raises(end), opened(theirs) as log:
        jk.carry_over(*[jk.observe(log, trial_lifecycle())] * 2, bridge="signup", by="region")


def test_nothing_is_left_after_the_engine_refuses(engine):
    """A value in row ten million that no cast can read."""
    broken = jk.StageRule("broken", stage="paid", when=lambda events: events.touchpoint.cast("int64") > 0)

    with unchanged(engine) as theirs:
        with opened(theirs) as log, pytest.raises(jk.EventLogError):
            jk.observe(log, trial_lifecycle(), rules=[broken])
        with pytest.raises(jk.UnknownNameError), opened(theirs) as log:
            jk.drop_offs(jk.observe(log, trial_lifecycle(), rules=(), as_of=day(5)), by="nowhere")
