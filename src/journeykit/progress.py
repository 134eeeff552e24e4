"""Say how far long work has come, to a function that the caller gives.

Work enters `reporting`, and says what it does next; the steps have the same names on every
engine.  Where nobody listens nothing is measured and no thread is started.  Nothing is drawn
but the one line of `show_progress`, for whoever asks for it.

May import: engines, errors.
"""

from __future__ import annotations

import contextlib
import math
import sys
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

import attrs

from journeykit.errors import EventLogError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from journeykit.engines import Engine

StepName: TypeAlias = Literal[
    "reading rows",
    "reading names",
    "ordering events",
    "cutting visits",
    "describing customers",
    "counting ends",
    "counting moves",
    "writing lists",
    "writing steps",
    "writing visits",
    "writing ends",
    "writing customers",
    "adding checksums",
]
"""What may be under way."""

INTERVAL: Final = 0.2
"""Seconds between two calls while a step lasts."""

SETTLED: Final = 0.5
"""Seconds after which a step says when it will end: earlier, that swings."""

RECENT: Final = 15
"""So many calls tell how fast it goes at present."""

MOST: Final = 0.99
"""What a step comes to before it has ended, whatever the engine says."""

BAR: Final = 20
"""Signs in the bar that `show_progress` draws."""

WIDTH: Final = 79
"""Columns of the line that it draws."""


@attrs.frozen(kw_only=True)
class Progress:
    """How far a step of long work has come.

    Attributes:
        step: What is being done. In `observe`: "reading rows", "reading names", "ordering events", "cutting
            visits", "describing customers", "counting ends", "counting moves". In `Journey.save`: "writing
            lists", or "writing steps", "writing visits" and "writing ends"; "writing customers", "adding
            checksums".
        fraction: How much of the step is done: 0 when it begins, 1 when it has ended, what the engine says
            in between and never less than before; None where the engine says nothing.
        seconds: How long the step has taken so far.
        rows: How many rows the step is about; None where nobody knows yet.
        rows_per_second: How many of them a second does; None where that can't be told.
        seconds_left: When the step will end if it goes on so; None where that can't be told. Where the
            engine says nothing, this and *rows_per_second* are guessed from the step before.
    """

    step: StepName
    fraction: float | None
    seconds: float
    rows: int | None = None
    rows_per_second: float | None = None
    seconds_left: float | None = None

    def __str__(self) -> str:
        parts = [self.step if self.fraction is None else f"{self.step} {self.fraction:.0%}"]
        if self.rows_per_second:
            parts.append(f"{self.rows_per_second:,.0f} rows a second")
        parts.append(f"{self.seconds:.1f} s")
        if self.seconds_left is not None and self.fraction != 1:
            parts.append(f"{math.ceil(self.seconds_left)} s left")
        return ", ".join(parts)


def show_progress(now: Progress) -> None:
    """Draw a bar in the last line of stderr, and clear it away when the step has ended.

    Args:
        now: How far the step has come.
    """
    done = round(BAR * (now.fraction or 0))
    line = f"[{'#' * done:.<{BAR}}] {now}" if now.fraction != 1 else ""
    sys.stderr.write(f"\r{line:<{WIDTH}.{WIDTH}}\r")
    sys.stderr.flush()


class Doing(Protocol):
    """How work says what comes next: `doing("ordering events", rows=1_000)`."""

    def __call__(self, step: StepName, *, rows: int | None = None) -> None:
        """End the step before, and begin this one."""


@contextlib.contextmanager
def reporting(engine: Engine, progress: Callable[[Progress], object] | None) -> Iterator[Doing]:
    """Tell a function how far work has come: when a step begins and ends, and in between.

    It is never called while an earlier call lasts; in between, from a thread of its own. What it raises
    stops the work: the engine's query is interrupted, and the error leaves here.

    Args:
        engine: What does the work.
        progress: The function; None: nobody listens.

    Yields:
        A function that is told which step begins.

    Raises:
        EventLogError: *progress* is no function.
    """
    if progress is None:
        yield _tell_nobody
        return
    if not callable(progress):
        such_as = "such as jk.show_progress, or print for lines"
        raise EventLogError(f"progress is a function that takes a Progress, {such_as}: not {progress!r}")
    with engine.watched() as fraction:
        reporter = _Reporter(progress, fraction, engine.interrupt)
        try:
            yield reporter.begin
            reporter.end()
        except Exception:
            # What the function raised is why the engine was interrupted, or took it for an error of its own.
            reporter.stop()
            reporter.raise_what_was_raised()
            raise
        finally:
            reporter.stop()


def _tell_nobody(step: StepName, *, rows: int | None = None) -> None:
    pass


@attrs.define
class _Step:
    """A step that is under way, and how far it was at the last calls."""

    name: StepName
    rows: int | None
    began: float
    _before: float = 0.0
    _told: float = 0.0
    _seen: deque[tuple[float, float]] = attrs.field(factory=lambda: deque(maxlen=RECENT))

    def now(self, told: float | None, pace: float | None) -> Progress:
        """Say how far it is: by what the engine told, else by *pace*, what a row took before."""
        seconds = time.monotonic() - self.began
        fraction = self._fraction(seconds, told)
        if fraction is not None:
            return self._progress(fraction, seconds, seconds / fraction if fraction else None, self._left())
        whole = pace * self.rows if pace and self.rows else None
        return self._progress(None, seconds, whole, whole - seconds if whole and whole > seconds else None)

    def end(self, fraction: float) -> Progress:
        """Say that it begins, at 0, or has ended, at 1."""
        seconds = time.monotonic() - self.began
        return self._progress(fraction, seconds, seconds * fraction, 0.0 if fraction else None)

    def _fraction(self, seconds: float, told: float | None) -> float | None:
        """Keep what was told, and never less; where it is far less, another query of the step has begun."""
        if told is not None:
            done = self._seen[-1][1] if self._seen else 0.0
            self._before = done if told < self._told / 2 else self._before
            self._told = told
            whole = self._before + (1 - self._before) * told
            self._seen.append((seconds, max(done, min(whole, MOST))))
        return self._seen[-1][1] if self._seen else None

    def _left(self) -> float | None:
        """Tell when it ends if it goes on as at the last calls: engines are quick at first, and then slow."""
        (since, begun), (seconds, fraction) = self._seen[0], self._seen[-1]
        settled = seconds >= SETTLED and fraction > begun
        return (1 - fraction) * (seconds - since) / (fraction - begun) if settled else None

    def _progress(
        self, fraction: float | None, seconds: float, whole: float | None, left: float | None
    ) -> Progress:
        return Progress(
            step=self.name,
            fraction=fraction,
            seconds=seconds,
            rows=self.rows,
            rows_per_second=self.rows / whole if self.rows and whole else None,
            seconds_left=left,
        )


class _Reporter:
    """Calls the function: at the ends of steps from the thread that works, in between from one of its own."""

    def __init__(
        self,
        progress: Callable[[Progress], object],
        fraction: Callable[[], float | None],
        interrupt: Callable[[], None],
    ) -> None:
        self._progress = progress
        self._fraction = fraction
        self._interrupt = interrupt
        self._calling = threading.Lock()
        self._stopped = threading.Event()
        self._raised: BaseException | None = None
        self._step: _Step | None = None
        self._pace: float | None = None
        self._thread = threading.Thread(target=self._watch, name="journeykit-progress", daemon=True)
        self._thread.start()

    def begin(self, step: StepName, *, rows: int | None = None) -> None:
        """End the step before, and begin this one."""
        self.end()
        with self._calling:
            self._step = _Step(step, rows, time.monotonic())
            self._call(self._step.end(0.0))

    def end(self) -> None:
        """End the step."""
        with self._calling:
            self.raise_what_was_raised()
            step, self._step = self._step, None
            if step is not None:
                ended = step.end(1.0)
                self._pace = ended.seconds / step.rows if step.rows else None
                self._call(ended)

    def stop(self) -> None:
        """Call the function no more."""
        self._stopped.set()
        self._thread.join()

    def raise_what_was_raised(self) -> None:
        """Raise what the function raised, in whichever thread."""
        if self._raised is not None:
            raise self._raised from None

    def _watch(self) -> None:
        while self._raised is None and not self._stopped.wait(INTERVAL):
            with self._calling, contextlib.suppress(BaseException):
                if self._step is not None:
                    self._call(self._step.now(self._fraction(), self._pace))
        # Again and again: an interrupt between two queries is none.
        while not self._stopped.wait(INTERVAL / 10):
            with contextlib.suppress(Exception):
                self._interrupt()

    def _call(self, now: Progress) -> None:
        try:
            self._progress(now)
        except BaseException as error:
            self._raised = error
            raise
