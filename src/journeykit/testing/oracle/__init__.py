"""Answer journeykit's questions by brute force, in plain Python.

An independent reading of the definitions page: loops over lists of dicts, no
engine, nothing but the standard library.  It is slow, it holds every event in
memory, and it shares no line with the code that counts for real; that is what
makes it worth comparing with.  Every answer is a list of dicts with the field
names and the row order of the result it checks.

    observed = oracle.observe(events, lifecycle, as_of=..., idle=..., by="vertical")
    oracle.drop_offs(observed)

May import: model, errors.
"""

from __future__ import annotations

from journeykit.testing.oracle.answers import drop_offs, last_touchpoints, transitions
from journeykit.testing.oracle.gaps import Gaps, gaps, plan_gaps
from journeykit.testing.oracle.linked import CarryOvers, carry_over, overlap
from journeykit.testing.oracle.nodes import counts, next_moves, stage_nodes, touchpoint_nodes
from journeykit.testing.oracle.observing import Observed, observe

__all__ = [
    "CarryOvers",
    "Gaps",
    "Observed",
    "carry_over",
    "counts",
    "drop_offs",
    "gaps",
    "last_touchpoints",
    "next_moves",
    "observe",
    "overlap",
    "plan_gaps",
    "stage_nodes",
    "touchpoint_nodes",
    "transitions",
]
