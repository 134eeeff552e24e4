"""Count how the visits to each stage ended, and when.

One grouped count over the visits: moves, outcomes, distinct customers and Aalen-Johansen shares all
come from it, for each visit is marked that counts its customer (`relations.visits`).

May import: journey, relations.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeAlias

import attrs
import numpy as np

from journeykit.relations.observed import END

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from journeykit.relations.scratch import Scratch

    Integers: TypeAlias = NDArray[np.int64]

Cell: TypeAlias = tuple[int, int]
"""The codes of a group and a stage."""

CELL = ("group", "stage")
COUNTS = ("visits", "customers", "enders", "reached")


@attrs.frozen
class Endings:
    """How the visits of a cell ended; each attribute has one entry for each distinct (day, ending).

    Attributes:
        days: The days.
        endings: The endings.
        visits: How many visits ended so.
        customers: How many of those count their customer in the stage: their sum is its distinct customers.
        enders: How many of those count their customer with this ending: the same, by ending.
        reached: As `customers`, of those who ever reached a goal stage, or their own target.
    """

    days: Integers
    endings: Integers
    visits: Integers
    customers: Integers
    enders: Integers
    reached: Integers

    def total(self, counts: Integers, endings: set[int] | frozenset[int]) -> int:
        """Add up the counts of some endings."""
        return int(counts[np.isin(self.endings, list(endings))].sum())


def ask_endings(counted: ir.Table, scratch: Scratch) -> dict[Cell, Endings]:
    """Ask how the visits to each stage ended.

    Args:
        counted: What `relations.observed.count_ends` counts.
        scratch: Where to ask.

    Returns:
        For each (group, stage) that has visits.
    """
    answer = scratch.arrow(counted.order_by([*CELL, *END]))
    columns = [answer[name].to_numpy().astype(np.int64) for name in (*CELL, *END, *COUNTS)]
    group, stage, *told = columns
    if not group.size:
        return {}
    changes = np.flatnonzero((np.diff(group) != 0) | (np.diff(stage) != 0)) + 1
    pieces = itertools.pairwise([0, *changes.tolist(), group.size])
    return {(int(group[a]), int(stage[a])): Endings(*(column[a:b] for column in told)) for a, b in pieces}
