"""Compare how two sets of customers fare, at one day: shares, their difference, and how sure it is.

The shares are those of `shares`.  Two of them can be compared only where both are read at
the same day: what happens later is then one more way to end, which nobody asks about.
Pure arithmetic but for `end_shares`; it knows no lifecycle.

Sources: Newcombe, Statistics in Medicine 17 (1998), method 10, and Zou and Donner, Statistics
in Medicine 27 (2008), for the interval of a difference from the intervals of its two parts.

May import: relations, errors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs
import ibis
import pyarrow as pa

from journeykit.analysis.intervals import ROUNDING
from journeykit.analysis.shares import Share, end_shares
from journeykit.relations.observed import count_alone

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.analysis.shares import Ends
    from journeykit.relations.scratch import Scratch

WITHOUT, WITH = 0, 1
"""The two arms: customers who lack what is asked about, and those who have it."""

LATER = 2
"""The cause of what ends after the day that both arms are read at; the caller's own are below."""

Cell = tuple[int, int]
"""A group, and what the arms differ in."""


@attrs.frozen
class Pair:
    """How two sets of customers fared by one day.

    Attributes:
        day: The day, in whole days.
        arms: How they ended, `WITHOUT` and `WITH`.
    """

    day: int
    arms: tuple[Ends, Ends]

    def difference(self, cause: int) -> Share:
        """Give the share of a cause with, less that without."""
        one, other = self.arms[WITH].share(cause), self.arms[WITHOUT].share(cause)
        return subtract(one, other)


def subtract(one: Share, other: Share) -> Share:
    """Take one share from another that is independent of it, with a 95 % interval, -1 to 1."""
    if (
        one.value is None or one.low is None or one.high is None
        or other.value is None or other.low is None or other.high is None
    ):  # fmt: skip
        return Share(None)
    difference = one.value - other.value
    below = math.hypot(one.value - one.low, other.high - other.value)
    above = math.hypot(one.high - one.value, other.value - other.low)
    return Share(difference, difference - below, difference + above)


def arm(group: int, kind: int) -> int:
    """Give an arm of a group a code of its own, which stands for the group in `end_shares`."""
    return 2 * group + kind


def arm_code(group: ir.IntegerValue, has: ir.BooleanValue) -> ir.IntegerValue:
    """Do the same in the engine."""
    return (group * 2 + has.ifelse(WITH, WITHOUT)).cast("int32")


def compare(arms: ir.Table, ends: dict[Cell, Ends], scratch: Scratch) -> dict[Cell, Pair]:
    """Read the two arms of each question at one day.

    Args:
        arms: One row a customer and question: `customer`, `group` (`arm_code`), `stage` (the question),
            `day` and `cause`, as `end_shares` takes them.
        ends: What `end_shares` says of them, each arm read at its own day.
        scratch: The engine.

    Returns:
        For each (group, question) that has a day to read both arms at, how they ended by then.
    """
    days = _common_days(ends)
    if not days:
        return {}
    rows = [
        (arm(group, kind), stage, day) for (group, stage), day in days.items() for kind in (WITHOUT, WITH)
    ]
    groups, stages, reading = zip(*rows, strict=True)
    table = pa.table(
        {
            "group": pa.array(groups, pa.int32()),
            "stage": pa.array(stages, pa.int16()),
            "reading_day": pa.array(reading, pa.int32()),
        }
    )
    joined = arms.inner_join(scratch.send("reading_days", table), ["group", "stage"])
    late = joined.day > joined.reading_day
    cut = joined.select(
        "customer",
        "group",
        "stage",
        day=late.ifelse(joined.reading_day + 1, joined.day).cast("int32"),
        cause=late.ifelse(ibis.literal(LATER, "int16"), joined.cause),
    )
    again = end_shares(count_alone(scratch.table("cut", cut).rename(ending="cause")), scratch)
    scratch.drop("cut")
    scratch.drop("reading_days")
    return {
        (group, stage): Pair(day, (again[arm(group, WITHOUT), stage], again[arm(group, WITH), stage]))
        for (group, stage), day in days.items()
    }


def _common_days(ends: dict[Cell, Ends]) -> dict[Cell, int]:
    """Find the day to read both arms at: the earlier of their own, where that is not the end of everybody.

    An arm in which nobody is left stays as it is: it can be read at any later day.
    """
    days = {}
    for (code, stage), having in ends.items():
        group, kind = divmod(code, 2)
        lacking = ends.get((arm(group, WITHOUT), stage))
        if kind == WITHOUT or lacking is None:
            continue
        pair = lacking, having
        told = [(one.day, one.undetermined <= ROUNDING) for one in pair if one.day is not None]
        if len(told) == len(pair):
            waiting = [day for day, over in told if not over]
            days[group, stage] = min(waiting) if waiting else max(day for day, _ in told)
    return days
