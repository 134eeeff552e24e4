"""Aalen-Johansen shares, with intervals clustered by customer, from counts of visits and of pairs.

The squared sum of a customer's influences is the sum of their squares and of twice their products, and
products need only be known how often they occur: pairs of visits are counted, never joined.
Definitions: docs page "definitions", Shares and Intervals.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

CENSORED = 15
AT_RISK = 10
Z = 1.959963984540054


class Visits:
    """How many visits there are of each code: stage << 16 | cause << 11 | days."""

    def __init__(
        self, neighbours: Sequence[tuple[int, int | None, int]], pairs: Sequence[tuple[int, int, int]]
    ) -> None:
        """Take the counts over.

        Args:
            neighbours: The code of a visit, that of the customer's next one to the stage, and how often.
            pairs: The codes of two visits of a customer to one stage, and how often.
        """
        self.neighbours = neighbours
        counts: defaultdict[int, int] = defaultdict(int)
        for code, _, n in neighbours:
            counts[code] += n
        self.codes = np.array(sorted(counts), np.int64)
        self.counts = np.array([counts[code] for code in self.codes.tolist()], np.int64)
        self.stages, self.causes = self.codes >> 16, self.codes >> 11 & 31
        self.days = self.codes & 2047
        table = np.array(pairs, np.int64).reshape(-1, 3)
        self.one, self.other = (np.searchsorted(self.codes, table[:, column]) for column in (0, 1))
        self.together = table[:, 2]

    def customers_by_cause(self) -> dict[tuple[int, int], int]:
        """Count the customers by stage and what ended a visit: the last of their neighbours counts them."""
        found: defaultdict[tuple[int, int], int] = defaultdict(int)
        for code, other, n in self.neighbours:
            if other is None or other >> 11 != code >> 11:
                found[code >> 16, code >> 11 & 31] += n
        return found

    def customers(self) -> dict[int, int]:
        """Count the customers by stage."""
        found: defaultdict[int, int] = defaultdict(int)
        for code, other, n in self.neighbours:
            if other is None:
                found[code >> 16] += n
        return found


@dataclass(frozen=True)
class Ends:
    """For each cause its share, with the interval; and what lies beyond the day they are read at."""

    causes: dict[int, tuple[float, float, float]] | None
    undetermined: float
    customers: int

    def share(self, cause: int) -> tuple[float | None, float | None, float | None]:
        """Give the share of a cause, seen or not."""
        if self.causes is None:
            return None, None, None
        return self.causes.get(cause) or (0.0, *_interval(0.0, 0.0, self.customers))


def end_shares(visits: Visits, causes: Integers) -> dict[int, Ends]:
    """Estimate how the visits to each stage end, by causes that each code is given."""
    customers = visits.customers()
    found = {}
    for stage in np.unique(visits.stages).tolist():
        rows = np.flatnonzero(visits.stages == stage)
        curve = _curve(visits.days[rows], causes[rows], visits.counts[rows])
        if curve is None:
            found[stage] = Ends(None, 1.0, customers[stage])
            continue
        kinds, values, influence = curve
        first = rows[0]
        here = visits.stages[visits.one] == stage
        one, other = influence[visits.one[here] - first], influence[visits.other[here] - first]
        variances = visits.counts[rows] @ influence**2 + 2 * (visits.together[here] @ (one * other))
        found[stage] = Ends(
            {
                kind: (value, *_interval(value, variance, customers[stage]))
                for kind, value, variance in zip(
                    kinds.tolist(), values.tolist(), variances.tolist(), strict=True
                )
            },
            max(0.0, 1.0 - float(values.sum())),
            customers[stage],
        )
    return found


def _curve(days: Integers, causes: Integers, counts: Integers) -> tuple[Integers, Floats, Floats] | None:
    """Give the causes, the share of each, and what one visit of each row adds to the shares' errors."""
    at, place = np.unique(days, return_inverse=True)
    total = np.bincount(place, counts, at.size)
    risk = counts.sum() - np.r_[0, np.cumsum(total)[:-1]]
    if (causes == CENSORED).any():
        readable = np.flatnonzero(risk >= AT_RISK)
        if not readable.size:
            return None
        at, risk = at[: readable[-1] + 1], risk[: readable[-1] + 1]
    kinds = np.unique(causes[causes != CENSORED])
    seen = np.flatnonzero((causes != CENSORED) & (place < at.size))
    kind = np.searchsorted(kinds, causes[seen])
    ended = np.zeros((at.size, kinds.size))
    np.add.at(ended, (place[seen], kind), counts[seen])
    hazard, all_hazard = ended / risk[:, None], ended.sum(1) / risk
    staying = np.r_[1.0, np.cumprod(1 - all_hazard)[:-1]]
    reached = np.cumsum(staying[:, None] * hazard, axis=0)
    left, still = reached[-1] - reached, (1 - all_hazard)[:, None]
    later = np.divide(left, still, out=np.zeros_like(left), where=still > 0)
    drift = np.cumsum((staying[:, None] * hazard - later * all_hazard[:, None]) / risk[:, None], axis=0)
    influence = -drift[np.minimum(place, at.size - 1)]
    influence[seen] -= (later / risk[:, None])[place[seen]]
    influence[seen, kind] += (staying / risk)[place[seen]]
    return kinds, reached[-1], influence


def _interval(share: float, variance: float, customers: int) -> tuple[float, float]:
    """Give Wilson's interval with the effective sample size."""
    spread = share * (1 - share)
    told = spread > 1e-9 and variance * customers > 1e-9 * spread  # noqa: PLR2004 - rounding of a 0
    size = spread / variance if told else customers
    centre = share + Z * Z / (2 * size)
    width = Z * math.sqrt(max(spread / size + Z * Z / (4 * size * size), 0.0))
    scale = 1 + Z * Z / size
    low = 0.0 if share <= 0 else max(0.0, (centre - width) / scale)
    return low, 1.0 if share >= 1 else min(1.0, (centre + width) / scale)
