"""Estimate the probability that a visit ends so, and how sure that is.

The Aalen-Johansen estimator, day by day as the textbooks have it, in exact
fractions.  Its variance is the infinitesimal jackknife, by customer: the sum of
squares of what the estimate changes when one customer's visits weigh a little
more, here differentiated numerically (a complex step, which has no rounding
error worth speaking of) instead of by a formula.  The interval is Wilson's with
the sample size that would give that variance.

May import: nothing of ours outside this package.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from journeykit.testing.oracle.visits import Visit

Cause = tuple[str, str | None]

Z = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""

AT_RISK = 10
"""How many visits must be at risk on the day that shares are read at."""

_STEP = 1e-20
_NOTHING = 1e-12

Interval = tuple[float, float]


def wilson(share: float, size: float) -> Interval:
    """Return Wilson's 95 % interval of a share seen in a sample of *size*, within 0 to 1."""
    square = Z * Z / size
    middle = (share + square / 2) / (1 + square)
    half = Z / (1 + square) * math.sqrt(share * (1 - share) / size + square / (4 * size))
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return low, high


def clustered(share: float, variance: float, customers: int) -> Interval:
    """Return Wilson's interval with the sample size that the variance speaks of."""
    sure = share in {0, 1} or variance == 0
    return wilson(share, customers if sure else share * (1 - share) / variance)


@dataclass(frozen=True)
class Shares:
    """The estimates of one stage of one group.

    Attributes:
        day: The day they are read at; None where they can't be read.
        probabilities: What share of the visits ends by each cause: outcome and next stage.
        undetermined: The share of the visits that have not ended by that day.
        influence: For each customer, the derivative of each probability by the customer's weight.
        customers: How many customers have a visit.
    """

    day: int | None
    probabilities: dict[Cause, Fraction]
    undetermined: Fraction
    influence: dict[Any, dict[Cause, float]]
    customers: int

    def share(self, ends_so: Callable[[Cause], bool]) -> tuple[float | None, float | None, float | None]:
        """Return the share of the visits that end so, and its interval; null where it can't be read."""
        if self.day is None:
            return None, None, None
        share = float(sum(value for cause, value in self.probabilities.items() if ends_so(cause)))
        variance = 0.0
        for slopes in self.influence.values():
            slope = sum(value for cause, value in slopes.items() if ends_so(cause))
            variance += slope * slope if abs(slope) > _NOTHING else 0.0
        return (share, *clustered(share, variance, self.customers))


def shares_of(visits: Sequence[Visit]) -> Shares:
    """Estimate how the visits of one stage of one group end."""
    day = reading_day(visits)
    if day is None:
        return Shares(None, {}, Fraction(1), {}, len({visit.customer for visit in visits}))
    return shares_by(day, visits)


def shares_by(day: int, visits: Sequence[Visit]) -> Shares:
    """Estimate how the visits end by a day, whether or not enough are at risk that day."""
    customers = {visit.customer for visit in visits}
    days = sorted({visit.day for visit in visits if not visit.censored and visit.day <= day})
    risk, ends = _table(visits, days)
    exact, left = _aalen_johansen([Fraction(n) for n in risk], ends)
    influence = {}
    for customer in customers:
        own_risk, own_ends = _table([visit for visit in visits if visit.customer == customer], days)
        nudged_risk = [complex(n, _STEP * own) for n, own in zip(risk, own_risk, strict=True)]
        nudged_ends = [
            {cause: complex(n, _STEP * own[cause]) for cause, n in every.items()}
            for every, own in zip(ends, own_ends, strict=True)
        ]
        nudged, _ = _aalen_johansen(nudged_risk, nudged_ends)
        influence[customer] = {cause: value.imag / _STEP for cause, value in nudged.items()}
    return Shares(day, exact, left, influence, len(customers))


def reading_day(visits: Sequence[Visit]) -> int | None:
    """Find the last day with enough visits at risk; the end where nothing is censored."""
    days = sorted((visit.day for visit in visits), reverse=True)
    enough = AT_RISK if any(visit.censored for visit in visits) else 1
    return days[enough - 1] if len(days) >= enough else None


def _table(visits: Sequence[Visit], days: Sequence[int]) -> tuple[list[int], list[Counter[Cause]]]:
    """Count, for each day, the visits at risk and those that end on it, by cause."""
    risk = [sum(visit.day >= day for visit in visits) for day in days]
    ended = [visit for visit in visits if not visit.censored]
    ends = [Counter((visit.outcome, visit.next_stage) for visit in ended if visit.day == day) for day in days]
    return risk, ends


def _aalen_johansen(risk: Sequence[Any], ends: Sequence[dict[Cause, Any]]) -> tuple[dict[Cause, Any], Any]:
    """Walk the days; in whatever numbers the risk is given: fractions, or complex ones."""
    left: Any = Fraction(1) if not risk or isinstance(risk[0], Fraction) else complex(1)
    probabilities: dict[Cause, Any] = {}
    for at_risk, ended in zip(risk, ends, strict=True):
        for cause, count in ended.items():
            probabilities[cause] = probabilities.get(cause, 0) + left * count / at_risk
        left = left * (at_risk - sum(ended.values())) / at_risk
    return probabilities, left
