"""Draw the bar that a terminal shows while work lasts, and take it away again.

May import: progress.
"""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING

from rich.progress import Progress as Bars
from rich.progress import ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from journeykit.progress import Progress

WIDTH = 24
"""Columns of the bar itself."""


class Bar(ProgressColumn):
    """Shows the fraction; where nobody knows it, that something goes on."""

    def render(self, task: Task) -> ProgressBar:
        """Draw the bar as it stands now."""
        fraction: float | None = task.fields["fraction"]
        return ProgressBar(
            total=1,
            completed=fraction or 0,
            width=WIDTH,
            pulse=fraction is None,
            animation_time=task.get_time(),
        )


@contextlib.contextmanager
def bar_on(console: Console) -> Iterator[Callable[[str, Progress | None], None]]:
    """Show a bar until this is left.

    Args:
        console: A terminal.

    Yields:
        A function that is told what is being done, and how far it has come where that is known.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        Bar(),
        TextColumn("{task.fields[pace]}", markup=False),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("Starting", total=None, fraction=None, pace="")

        def show(text: str, now: Progress | None = None) -> None:
            fraction = now.fraction if now else None
            bars.update(task, description=text, fraction=fraction, pace=_pace(now))

        yield show


def _pace(now: Progress | None) -> str:
    """Say how fast it goes, and how long it still takes."""
    if now is None:
        return ""
    rows = f"{now.rows_per_second:,.0f} rows a second" if now.rows_per_second else ""
    left = f"{math.ceil(now.seconds_left)} s left" if now.seconds_left else ""
    return ", ".join(filter(None, (rows, left)))
