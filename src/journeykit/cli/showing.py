"""Show lifecycles, and check a file.

May import: cli, html, testing, model, plugins, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import journeykit as jk
from journeykit.cli.printing import print_table
from journeykit.html.table import Column, Table, bodies
from journeykit.html.wording import count, counted, plain
from journeykit.model.codec.bases import SUFFIXES
from journeykit.model.duration import in_words
from journeykit.model.values import misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from journeykit.cli.terminal import Terminal
    from journeykit.model.lifecycle import Lifecycle

LIFECYCLE_COLUMNS = (
    Column("Id", "name"),
    Column("Title", "name", rank=1),
    Column("Stages"),
    Column("Touchpoints"),
    Column("Idle", "word", rank=2),
)


def show_lifecycles(terminal: Terminal) -> None:
    """List the lifecycles that are installed."""
    known = jk.lifecycles()
    rows = (("", _lifecycle_row(one)) for one in known)
    kept, more = bodies(rows, most=len(known))
    table = Table(id="lifecycles", caption="", columns=LIFECYCLE_COLUMNS, bodies=kept, more=more)
    print_table(terminal, table, most=len(known))


def _lifecycle_row(one: Lifecycle) -> tuple[str, ...]:
    stages, touchpoints = count(len(one.stages)), count(len(one.touchpoints))
    return plain(one.id), plain(one.title.get("en")), stages, touchpoints, in_words(one.idle)


def show_check(terminal: Terminal, file: Path) -> int:
    """Say that a lifecycle file is good, and what it lacks all the same.

    Returns:
        How many things it lacks.

    Raises:
        LifecycleError: It is not good; every problem is listed.
    """
    from journeykit.testing import check_lifecycle

    one = jk.read_lifecycle(file)
    kinds = [stage.kind for stage in one.stages]
    others = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("goal", "risk", "exit") if kind in kinds)
    terminal.say(f"{plain(file)}: OK", style="bold")
    terminal.say(
        f"{plain(one.id)}: {counted(len(kinds), 'stage')}{f' ({others})' if others else ''}, "
        f"{counted(len(one.transitions), 'transition')}, {counted(len(one.touchpoints), 'touchpoint')}, "
        f"{counted(len(one.activities), 'activity', 'activities')}; idle after {in_words(one.idle)}"
    )
    for sentence in _bridges_to_nowhere(one, file):
        terminal.say(f"Note: {plain(sentence)}")
    findings = check_lifecycle(one)
    if findings:
        terminal.say(f"{counted(len(findings), 'piece')} of advice:", style="bold")
    for finding in findings:
        terminal.say(f"- {plain(finding)}")
    return len(findings)


def _bridges_to_nowhere(one: Lifecycle, file: Path) -> Iterator[str]:
    """Find bridges whose other end is neither installed nor beside the file; elsewhere it may be."""
    known = {each.id: each for each in jk.lifecycles()} if one.bridges else {}
    for bridge in one.bridges:
        other, target = bridge.lifecycle, bridge.target
        if other in known and target is not None and target not in known[other].stage_ids:
            yield f"bridge {bridge.stage!r}: {misspelt('stage', target, known[other].stage_ids)} in {other!r}"
        elif other not in known and not any(file.with_name(other + end).exists() for end in SUFFIXES):
            yield f"bridge {bridge.stage!r}: {misspelt('installed lifecycle', other, known)}"
