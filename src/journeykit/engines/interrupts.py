"""Let Ctrl-C stop a query at once.

While an engine computes, Python's main thread waits in it, and hears of a signal when the engine
next looks up: DuckDB 2.0 does so after seconds, and 1.5 says that it has stopped and goes on
computing.  So another thread waits for the signal, and stops the query.

May import: nothing of ours.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_AT_ONCE: Final = 64
"""How many signals are read at a time."""


@contextlib.contextmanager
def stopped_by_interrupt(stop: Callable[[], object]) -> Iterator[None]:
    """Call a function as soon as Ctrl-C is pressed.

    Args:
        stop: What stops the engine; called from another thread. Not called where the caller's program has
            a handler of its own, which may want to go on, or where this is not the main thread, which gets
            no signals.
    """
    if not _interrupts_here():
        yield
        return
    ours, theirs = socket.socketpair()
    theirs.settimeout(0)
    earlier = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    waiting = threading.Thread(
        target=_wait, args=(ours, earlier, stop), name="journeykit-interrupt", daemon=True
    )
    waiting.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(earlier)
        theirs.close()
        waiting.join()
        ours.close()


@contextlib.contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Let Ctrl-C wait until this is left: what it breaks off, such as an import, can't be done again."""
    if not _interrupts_here():
        yield
        return
    pressed: list[FrameType | None] = []
    handler = signal.signal(signal.SIGINT, lambda _, frame: pressed.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if pressed and callable(handler):
            handler(signal.SIGINT, pressed[0])


def _interrupts_here() -> bool:
    """Tell whether Ctrl-C becomes a KeyboardInterrupt here, by Python's handler or our command line's."""
    handler = signal.getsignal(signal.SIGINT)
    ours = (getattr(handler, "__module__", None) or "").startswith("journeykit.")
    return threading.current_thread() is threading.main_thread() and (
        ours or handler is signal.default_int_handler
    )


def _wait(signals: socket.socket, earlier: int, stop: Callable[[], object]) -> None:
    """Wait for signals until the other end is closed; pass them on to whoever was woken by them before."""
    while numbers := signals.recv(_AT_ONCE):
        if earlier >= 0:
            with contextlib.suppress(OSError):
                os.write(earlier, numbers)
        if signal.SIGINT in numbers:
            stop()
