"""Count ahead what questions begin with, so that the first one asked need not wait.

May import: analysis, journey, engines, progress, errors.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from journeykit.analysis.drop_offs import count_returned
from journeykit.analysis.endings import ask_endings
from journeykit.analysis.groups import groups
from journeykit.analysis.shares import keep_pairs
from journeykit.analysis.transitions import count_moves
from journeykit.engines.engine import QUANTILES
from journeykit.errors import UnsupportedError

if TYPE_CHECKING:
    from journeykit.journey import Journey
    from journeykit.progress import Doing


def count_ahead(journey: Journey, doing: Doing) -> None:
    """Count what transitions, drop-offs and the graph all ask for; the journey remembers it.

    Args:
        journey: What was observed.
        doing: Is told how far this has come.
    """
    every, observed, scratch = groups(journey, None), journey.observed, journey.scratch
    doing("counting ends", rows=journey.counts.visits)
    ask_endings(observed.count_ends(every.join), scratch)
    keep_pairs(observed.count_pairs(every.join), scratch)
    doing("counting moves", rows=journey.counts.visits)
    count_returned(journey, every)
    # An engine without quantiles says so when it is asked for transitions.
    with contextlib.suppress(UnsupportedError):
        scratch.engine.require(QUANTILES, "transitions")
        count_moves(journey, every)
