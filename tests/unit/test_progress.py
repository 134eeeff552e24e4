"""Progress of long work: who is told what, how often, and what an error in the telling does."""

from __future__ import annotations

import contextlib
import threading
import time
import types

import pytest

import journeykit as jk
from journeykit import progress
from journeykit.progress import Progress, reporting, show_progress


class FakeEngine:
    """An engine that says what it is told to say, and computes until it is interrupted."""

    def __init__(self, *fractions):
        self.fractions = list(fractions)
        self.interrupted = threading.Event()
        self.watches = 0

    @contextlib.contextmanager
    def watched(self):
        self.watches += 1
        try:
            yield lambda: self.fractions.pop(0) if self.fractions else None
        finally:
            self.watches -= 1

    def interrupt(self):
        self.interrupted.set()

    def compute(self):
        assert self.interrupted.wait(10)
        raise jk.EngineError("interrupted")


@pytest.fixture
def quick(monkeypatch):
    """Tell often, so that nobody waits."""
    monkeypatch.setattr(progress, "INTERVAL", 0.01)


@pytest.fixture
def clock(monkeypatch):
    """A clock that shows what it is told to show."""
    shown = [0.0]
    monkeypatch.setattr(progress, "time", types.SimpleNamespace(monotonic=lambda: shown[0]))
    return shown


def until(true):
    """Wait for what another thread does."""
    for _ in range(1_000):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("waited 10 s in vain")


def test_where_nobody_listens_nothing_is_measured():
    """Whoever does not ask must not pay: no thread, no question to the engine."""
    engine, threads = FakeEngine(), threading.active_count()

    with reporting(engine, None) as doing:
        doing("ordering events", rows=3)
        assert (threading.active_count(), engine.watches) == (threads, 0)


def test_every_step_is_told_when_it_begins_and_when_it_has_ended():
    """A quick step is a step: a log of what was done must hold it. The thread goes with the work."""
    told, threads = [], threading.active_count()

    with reporting(FakeEngine(), told.append) as doing:
        doing("reading names")
        doing("ordering events", rows=3)

    assert [(now.step, now.fraction, now.rows) for now in told] == [
        ("reading names", 0.0, None),
        ("reading names", 1.0, None),
        ("ordering events", 0.0, 3),
        ("ordering events", 1.0, 3),
    ]
    assert threading.active_count() == threads


def test_in_between_five_times_a_second_are_enough():
    """A bar that is drawn a thousand times a second takes the time that it shows."""
    told = []

    with reporting(FakeEngine(0.1, 0.3), told.append) as doing:
        doing("ordering events")
        time.sleep(0.5)

    assert [now.fraction for now in told] == [0.0, 0.1, 0.3, 1.0]


def test_a_step_never_goes_back_and_ends_once(quick):
    """DuckDB 1.5 wavers; and a step may take two queries: between them nobody knows, then it begins again."""
    told, engine = [], FakeEngine(None, 0.5, 0.8, 0.7, None, 0.0, 0.5, 1.0)

    with reporting(engine, told.append) as doing:
        doing("reading names")
        until(lambda: not engine.fractions)
        doing("cutting visits")

    fractions = [now.fraction for now in told if now.step == "reading names"]
    seen = [fraction if fraction is None else round(fraction, 6) for fraction in fractions[:9]]
    assert (seen, fractions[-1]) == ([0.0, None, 0.5, 0.8, 0.8, 0.8, 0.8, 0.9, 0.99], 1.0)


def test_a_call_never_begins_while_another_lasts(quick):
    """Whoever draws in two threads at a time draws rubbish."""
    within, overlaps = threading.Lock(), []

    def slowly(_):
        overlaps.append(not within.acquire(blocking=False))
        time.sleep(0.02)
        within.release()

    with reporting(FakeEngine(), slowly) as doing:
        for _ in range(10):
            doing("cutting visits")
            time.sleep(0.005)

    assert (len(overlaps) >= 20, any(overlaps)) == (True, False)


def broken(now):
    """Fail in the middle of a step."""
    if now.fraction is None:
        raise ZeroDivisionError("my bar")


def test_what_is_raised_stops_the_engine_and_leaves_as_it_is(quick):
    """A program says "stop" by raising; it must find its own error again, not the engine's."""
    engine, threads = FakeEngine(), threading.active_count()

    with pytest.raises(ZeroDivisionError, match="my bar"), reporting(engine, broken) as doing:  # noqa: PT012
        doing("ordering events")
        engine.compute()

    assert (threading.active_count(), engine.watches) == (threads, 0)


def test_what_is_raised_while_python_works_leaves_at_the_next_step(quick):
    """There is no query to interrupt then, but the next one must not begin."""
    engine, reached = FakeEngine(), []

    with pytest.raises(ZeroDivisionError), reporting(engine, broken) as doing:  # noqa: PT012
        doing("reading names")
        assert engine.interrupted.wait(10)
        reached.append("python's own work")
        doing("ordering events")
        reached.append("the next step")

    assert reached == ["python's own work"]


class StopError(Exception):
    """Somebody's own, which an engine may take for one of its driver's."""


@pytest.mark.parametrize("fraction", [0.0, None, 1.0])
def test_no_engine_takes_it_for_an_error_of_its_own(quick, fraction):
    """What journeykit makes of an unknown engine's errors must not be made of the caller's."""
    engine = FakeEngine()

    def stop(now):
        if now.fraction == fraction:
            raise StopError

    with pytest.raises(StopError), reporting(engine, stop) as doing:
        translate_errors(engine, doing)


def translate_errors(engine, doing):
    """Work as the journey does on an engine whose errors nobody knows."""
    try:
        doing("ordering events")
        time.sleep(0.1)
        doing("cutting visits")
        engine.compute()
    except Exception as error:
        raise jk.EngineError("the engine failed") from error


def test_leaving_from_within_the_call_leaves(quick):
    """`sys.exit()` in a callback is no error that may be lost in a thread."""

    def leave(now):
        if now.fraction is None:
            raise SystemExit(3)

    engine = FakeEngine()

    with pytest.raises(SystemExit) as left, reporting(engine, leave) as doing:  # noqa: PT012
        doing("ordering events")
        engine.compute()

    assert left.value.code == 3


def test_an_error_of_the_work_itself_stays_what_it_is():
    """A listener changes nothing."""
    told = []

    with pytest.raises(jk.EventLogError, match="disk"), reporting(FakeEngine(), told.append) as doing:  # noqa: PT012
        doing("reading rows")
        raise jk.EventLogError("disk")

    assert [now.fraction for now in told] == [0.0]


@pytest.mark.parametrize("given", [True, "bar"])
def test_what_is_no_function_is_an_error_at_the_door(given):
    """`progress=True` is what many libraries take."""
    with pytest.raises(jk.EventLogError) as caught, reporting(FakeEngine(), given):
        pass

    assert str(caught.value) == (
        "progress is a function that takes a Progress, such as jk.show_progress, or print for lines: "
        f"not {given!r}"
    )


# --- how fast, how long still


def test_the_fraction_tells_how_fast_it_goes_and_how_long_it_takes(clock, quick):
    """Half in two seconds, then a quarter in eight: at this pace another eight, whatever the average says."""
    told, engine = [], FakeEngine()

    with reporting(engine, told.append) as doing:
        doing("ordering events", rows=1_000)
        for seconds, fraction in ((2.0, 0.5), (10.0, 0.75)):
            clock[0] = seconds
            engine.fractions.append(fraction)
            until(lambda: told[-1].fraction == fraction)  # noqa: B023 - waited for at once

    last = next(now for now in told if now.fraction == 0.75)
    assert last == Progress(
        step="ordering events",
        fraction=0.75,
        seconds=10.0,
        rows=1_000,
        rows_per_second=75.0,
        seconds_left=8.0,
    )


def test_in_the_first_moment_nobody_knows_how_long(clock, quick):
    """First "3 hours left", then "2 s left": that was noise."""
    told, engine = [], FakeEngine()

    with reporting(engine, told.append) as doing:
        doing("ordering events", rows=1_000)
        clock[0] = 0.4
        engine.fractions.append(0.001)
        until(lambda: len(told) > 1)

    assert (told[1].fraction, told[1].seconds_left) == (0.001, None)


def test_an_engine_that_says_nothing_is_judged_by_the_steps_before(clock, quick):
    """Postgres and Spark do not say how far they are; a guess beats silence, until it is proved wrong."""
    told = []

    with reporting(FakeEngine(), told.append) as doing:
        doing("reading names", rows=1_000)
        clock[0] = 10.0
        doing("ordering events", rows=1_000)
        clock[0] = 14.0
        until(lambda: told[-1].seconds == 4.0)
        guessed = told[-1]
        clock[0] = 50.0
        until(lambda: told[-1].seconds == 40.0)
        overdue = told[-1]

    assert guessed == Progress(
        step="ordering events",
        fraction=None,
        seconds=4.0,
        rows=1_000,
        rows_per_second=100.0,
        seconds_left=6.0,
    )
    assert overdue.seconds_left is None


# --- shown to people


def test_a_line_says_all_that_is_known():
    """`progress=print` is a log of the work without a line of code."""
    now = Progress(step="ordering events", fraction=0.434, seconds=3.06, rows=10**7, rows_per_second=1.4e6)

    assert [
        str(now),
        str(Progress(step="cutting visits", fraction=None, seconds=0.0)),
        str(Progress(step="cutting visits", fraction=0.5, seconds=61.0, seconds_left=61.0)),
    ] == [
        "ordering events 43%, 1,400,000 rows a second, 3.1 s",
        "cutting visits, 0.0 s",
        "cutting visits 50%, 61.0 s, 61 s left",
    ]


def test_a_bar_is_drawn_in_one_line_and_cleared_away(capsys):
    """What comes next, an answer or a traceback, begins at the beginning of a line."""
    show_progress(Progress(step="ordering events", fraction=0.5, seconds=3.0))
    show_progress(Progress(step="ordering events", fraction=1.0, seconds=6.0))

    out, err = capsys.readouterr()
    bar = "[##########..........] ordering events 50%, 3.0 s"
    assert (out, err) == ("", f"\r{bar:<79}\r\r{'':<79}\r")
