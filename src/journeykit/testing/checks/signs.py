"""Stages that no log can place a customer in, unless it names stages itself.

An event takes the stage that its touchpoint is in.  One that several stages share takes
the stage told before, and without that the lowest-ranked: a stage all of whose
touchpoints are shared with lower ones gets none by them.

May import: testing.checks.finding, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.errors import listed
from journeykit.testing.checks.finding import LifecycleFinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.model import Lifecycle


def sign_findings(lifecycle: Lifecycle) -> Iterator[LifecycleFinding]:
    """Find progress and goal stages that neither a touchpoint of their own nor an entry signal tells.

    A plan without any touchpoints is for logs that name stages, and lacks none.  Risk and
    exit stages are often told by rules or by the CRM, and are left alone.
    """
    if not lifecycle.touchpoints:
        return
    told = {_fallback(lifecycle, stages) for _, stages in lifecycle.touchpoint_names.values()}
    for stage in lifecycle.stages:
        if lifecycle.rank(stage.id) is None or stage.id in told or stage.entry_signals:
            continue
        shared = [each.id for each in lifecycle.touchpoints_in(stage.id)]
        why = (
            f"all its touchpoints ({listed(map(repr, shared))}) are shared with a stage before it, "
            "which gets their events"
            if shared
            else "it has no touchpoint"
        )
        sentence = (
            f"{why}: only a log with a stage column can place a customer here. "
            "Add a touchpoint that is in this stage alone, or `entry_signals` that say what shows it."
        )
        yield LifecycleFinding("no_sign_of_stage", f"stage {stage.id!r}", sentence)


def _fallback(lifecycle: Lifecycle, stages: tuple[str, ...]) -> str:
    """Name the stage that an event takes which may be in any of these, when nothing was told before."""
    ranks = [(rank is None, rank or 0, place) for place, rank in enumerate(map(lifecycle.rank, stages))]
    return stages[min(ranks)[2]]
