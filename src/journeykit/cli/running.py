"""Run a command, and turn whatever goes wrong into a line and an exit code.

May import: cli, cli.app, cli.terminal, errors.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import warnings
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import typer
from typer.main import get_command

from journeykit.cli import INTERRUPTED
from journeykit.cli.app import app
from journeykit.cli.terminal import Terminal
from journeykit.errors import JourneykitError, JourneykitWarning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

DONE, FAILED, PIPE_CLOSED = 0, 2, 141

TRACEBACK = "JOURNEYKIT_TRACEBACK"
"""The environment variable that, when set, lets a traceback through: for those who mend journeykit."""


@runtime_checkable
class UsageError(Protocol):
    """What typer raises of a wrong command line, whichever click it brings."""

    def format_message(self) -> str:
        """Say what is wrong."""
        ...


def run(arguments: Sequence[str]) -> int:
    """Run a command.

    Args:
        arguments: What follows `journeykit` on the command line.

    Returns:
        The exit code.
    """
    terminal = Terminal.here()
    with warnings.catch_warnings(), _interrupts() as interrupts:
        _take_warnings(terminal)
        try:
            command = get_command(app)
            code = command.main(list(arguments), prog_name="journeykit", standalone_mode=False, obj=terminal)
            sys.stdout.flush()
        except BrokenPipeError:
            return _pipe_closed()
        except SystemExit as left:
            # So rich and typer leave, with 1, when they print help that nobody reads any more.
            if isinstance(left.__context__, BrokenPipeError):
                return _pipe_closed()
            raise
        except (KeyboardInterrupt, typer.Abort):
            return INTERRUPTED
        except Exception as error:
            if interrupts:
                return INTERRUPTED
            if os.environ.get(TRACEBACK):
                raise
            terminal.complain(sentence(error))
            return FAILED
    return code if isinstance(code, int) else DONE


def _pipe_closed() -> int:
    """Let go of stdout, whose reader has left: what Python still holds back must not fail at its own exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


@contextlib.contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Keep a list of the interrupts there were: an engine that is interrupted raises an error of its own."""
    seen: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield seen
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _take_warnings(terminal: Terminal) -> None:
    """Show our warnings as lines, and no others; who asks Python for warnings gets all of them its way."""
    if sys.warnoptions:
        return
    warnings.simplefilter("ignore")
    warnings.simplefilter("always", JourneykitWarning)

    def show(message: Warning | str, *_: object, **__: object) -> None:
        terminal.warn(str(message))

    warnings.showwarning = show


def sentence(error: Exception) -> str:
    """Say what went wrong; lists of problems keep a line for each, all else becomes one line."""
    if isinstance(error, JourneykitError):
        return str(error) if hasattr(error, "problems") else _one_line(str(error))
    if isinstance(error, UsageError):
        return _usage(error)
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename is not None else ""
        return f"{place}{error.strerror}"
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    text = _one_line(str(error))
    return f"journeykit itself failed, with {type(error).__name__}: {text}. {TRACEBACK}=1 shows where"


def _usage(error: UsageError) -> str:
    """Say what is wrong with the command line, and where help is."""
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "journeykit"
    said = _one_line(error.format_message())
    stop = "" if said.endswith((".", "?")) else "."
    return f"{said}{stop} Try '{where} --help'."


def _one_line(text: str) -> str:
    """Join lines: with a semicolon, or with nothing where a line leads on to the next."""
    joined = ""
    for line in filter(None, (line.strip() for line in text.splitlines())):
        lead = " " if joined.endswith((":", ",", ";", ".", "such as")) else "; "
        joined += lead + line if joined else line
    return joined
