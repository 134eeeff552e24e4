"""What the command line writes to: answers to stdout, everything else to stderr.

Text from data can't steer the terminal: it is never read as markup, and control characters
are shown as escapes.  A terminal that can't show a character gets another, not an error.

May import: cli.bar, html.wording, progress.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import IO, TYPE_CHECKING, Self, TextIO

import attrs

from journeykit.html.wording import THIN, plain, without_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from journeykit.progress import Progress

ASCII = str.maketrans({"\u2013": "-", "\u2014": "-", "\u2026": "...", "\u00b7": "-"})
"""Stand-ins for what we write ourselves, where the terminal knows ASCII only."""

HELD = "\ue000"
"""Stands for a space where no line may end, while lines are made: inside a number."""

UNBOUND_WIDTH = 100
"""How wide lines are where nobody says how wide the terminal is: in a file or a pipe."""


@attrs.frozen(eq=False)
class Terminal:
    """Where answers and messages go.

    Attributes:
        out: For answers.
        err: For messages, warnings and progress.
    """

    out: Console
    err: Console
    _warned: set[str] = attrs.field(factory=set, init=False)

    @classmethod
    def here(cls) -> Self:
        """Take the streams of this process, made unable to fail at a character."""
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:
                setattr(sys, name, io.StringIO())
            stream = getattr(sys, name)
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        return cls(_console(sys.stdout), _console(sys.stderr))

    def answers_to_stderr(self) -> Terminal:
        """Give a terminal that keeps stdout free, for what a program reads there."""
        return Terminal(self.err, self.err)

    def say(self, text: str = "", *, style: str = "") -> None:
        """Write a paragraph of an answer, wrapped at words."""
        from rich.text import Text

        for line in Text(self.fit(text.replace(THIN, HELD))).wrap(self.out, self.out.width):
            self.out.print(Text(line.plain.rstrip().replace(HELD, " "), style=style))

    def note(self, text: str) -> None:
        """Write a line about the work to stderr."""
        self.err.file.write(f"{self.fit(plain(text))}\n")

    def warn(self, text: str) -> None:
        """Write a warning to stderr as one line; a second time it says nothing."""
        if text in self._warned:
            return
        self._warned.add(text)
        line = f"warning: {' '.join(self.fit(plain(part.strip())) for part in text.splitlines())}"
        self.err.print(line, soft_wrap=True, style="yellow")

    def complain(self, text: str) -> None:
        """Write an error to stderr; a list keeps its lines."""
        lines = [self.fit(plain(line)) for line in text.splitlines()]
        self.err.file.write("\n".join([f"error: {lines[0]}", *lines[1:]]) + "\n")

    def fit(self, text: str) -> str:
        """Replace what a terminal shows badly: thin spaces, marks of direction, our signs in ASCII."""
        simple = without_marks(text).replace(THIN, " ")
        return simple if _is_utf8(self.out.file) else simple.translate(ASCII)

    @contextlib.contextmanager
    def working(self) -> Iterator[Work]:
        """Show what is being done, how far it has come and for how long, while it is; only on a terminal.

        Yields:
            What is told what comes next.
        """
        if not self.err.file.isatty() or self.err.is_dumb_terminal:
            yield Work()
            return
        from journeykit.cli.bar import bar_on

        with bar_on(self.err) as show:
            yield Work(lambda text, now=None: show(self.fit(text), now))


@attrs.frozen
class Work:
    """Work that is shown while it lasts: call it with what comes next."""

    _show: Callable[..., object] | None = None

    def __call__(self, text: str) -> None:
        """Say what comes next."""
        if self._show is not None:
            self._show(text)

    @property
    def progress(self) -> Callable[[Progress], object] | None:
        """What long work tells how far it has come, as `progress=`; None where nobody looks."""
        show = self._show
        return None if show is None else lambda now: show(now.step.capitalize(), now)


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            """Let the caller decide."""
            raise BrokenPipeError

    unbound = not stream.isatty() and "COLUMNS" not in os.environ
    return Plain(
        file=stream, markup=False, emoji=False, highlight=False, width=UNBOUND_WIDTH if unbound else None
    )


def _is_utf8(stream: IO[str]) -> bool:
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") in {"utf8", "utf16"}
