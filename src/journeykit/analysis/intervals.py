"""Make 95 % intervals of shares whose visits come in clusters.

Visits of one customer are alike, so that many visits of few customers tell less than
as many customers would.  The effective sample size n = p (1 - p) / variance, with the
variance clustered by customer, says how much less; Wilson's interval takes it from there.

Sources: Wilson, JASA 22 (1927); Dean and Pagano, Computational Statistics 30 (2015), for
Wilson's interval with an effective sample size.

May import: nothing of ours.
"""

from __future__ import annotations

import math

Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""

DIGITS = 12
"""Shares that agree to so many digits are equal: what is left is rounding."""

VARIANCE_DIGITS = 8
"""How many significant digits of a variance count."""

ROUNDING = 1e-9
"""Shares and deviations below this are the rounding of a 0."""


def wilson(share: float, n: float) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share seen in *n* independent trials.

    Args:
        share: What was seen, 0 to 1.
        n: How many trials, or their effective number; above 0.

    Returns:
        The lower and the upper end, 0 to 1.
    """
    centre = share + Z * Z / (2 * n)
    spread = Z * math.sqrt(max(share * (1 - share) / n + Z * Z / (4 * n * n), 0.0))
    scale = 1 + Z * Z / n
    low = 0.0 if share <= 0 else max(0.0, (centre - spread) / scale)
    high = 1.0 if share >= 1 else min(1.0, (centre + spread) / scale)
    return low, high


def clustered(share: float, variance: float, customers: int) -> tuple[float, float]:
    """Give the 95 % interval of a share with a known clustered variance.

    Args:
        share: What was seen, 0 to 1.
        variance: Its variance, clustered by customer.
        customers: How many customers there are: the effective size where all of them agree, and
            the variance says nothing.

    Returns:
        The lower and the upper end, 0 to 1.
    """
    # An engine adds in whatever order its threads finish: the last digits are theirs, not the log's.
    variance = float(f"{variance:.{VARIANCE_DIGITS}g}")
    spread = share * (1 - share)
    # Sums that cancel leave rounding in proportion to what was summed, about `spread / customers`.
    told = spread > ROUNDING and variance * customers > ROUNDING * spread
    return wilson(share, spread / variance if told else customers)
