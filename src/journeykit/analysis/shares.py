"""Estimate how visits end, with the open ones censored: Aalen-Johansen shares.

Counts of (stage, day, ending) leave the engine.  From them come the shares and each visit's
influence on them; the influences go back, are multiplied there for each pair of visits that one
customer made to one stage, and return as one sum a share.  No visit leaves the engine.

Sources: Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978), for the estimator; its
infinitesimal jackknife clustered by customer, after Therneau and Grambsch, Modeling Survival
Data (2000), ch. 7.  Definitions: docs page "definitions", Share and Intervals.

May import: journey, relations, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np
import pyarrow as pa

from journeykit.analysis.endings import CELL, ask_endings
from journeykit.analysis.intervals import clustered, wilson
from journeykit.relations.observed import END

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from journeykit.analysis.endings import Cell, Endings
    from journeykit.relations.scratch import Scratch

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

CENSORED = -1
"""The cause of a visit that had not ended."""

AT_RISK = 10
"""Shares are read at the last day with so many visits at risk, where any visit is censored."""


@attrs.frozen
class Share:
    """A share with its 95 % interval, all 0 to 1; None where no day has enough visits at risk."""

    value: float | None
    low: float | None = None
    high: float | None = None


@attrs.frozen
class Ends:
    """How the visits to one stage end.

    Attributes:
        shares: The share of each cause seen; None where no day has enough visits at risk.
        day: The day the shares are read at, in whole days since a visit began; None where there is none.
        undetermined: The share of visits that last beyond that day.
        customers: How many customers the visits are of.
    """

    shares: dict[int, Share] | None
    day: int | None
    undetermined: float
    customers: int

    def share(self, cause: int) -> Share:
        """Give the share of a cause, seen or not."""
        if self.shares is None:
            return Share(None)
        return self.shares.get(cause) or Share(0.0, *wilson(0.0, self.customers))


@attrs.frozen
class _Curve:
    """The estimate for one cell (group and stage), before its intervals.

    Attributes:
        ends: The distinct (day, ending) of its visits, and how many visits have each.
        kinds: The causes that end a visit, ascending.
        day: The day the shares are read at.
        values: The share of each kind, that day.
        influence: One row a (day, ending), one column a kind: what one such visit adds to the share's error.
    """

    ends: Endings
    kinds: Integers
    day: int
    values: Floats
    influence: Floats


def end_shares(
    counted: ir.Table,
    scratch: Scratch,
    *,
    pairs: ir.Table | None = None,
    cause: Callable[[int, int], int] | None = None,
) -> dict[Cell, Ends]:
    """Estimate how the visits to each stage end.

    Args:
        counted: The ends, as `relations.observed.count_ends` counts them.
        scratch: The engine.
        pairs: The pairs of visits, as `relations.observed.count_pairs` counts them; None where each visit is
            of another customer.
        cause: Gives, for a stage and an ending, what it counts as; None: endings are causes.

    Returns:
        For each (group, stage) that has visits, the shares of all causes seen there.
    """
    found = ask_endings(counted, scratch)
    causes = {cell: _causes(ended.endings, cell[1], cause) for cell, ended in found.items()}
    asked = counted.op(), None if pairs is None else pairs.op(), b"".join(map(bytes, causes.values()))
    return scratch.remembered(asked, lambda: _estimate(found, causes, pairs, scratch))


def _causes(endings: Integers, stage: int, cause: Callable[[int, int], int] | None) -> Integers:
    """Give the cause of each ending."""
    if cause is None:
        return endings
    several, place = np.unique(endings, return_inverse=True)
    return np.array([cause(stage, ending) for ending in several.tolist()], np.int64)[place]


def _estimate(
    found: dict[Cell, Endings], causes: dict[Cell, Integers], pairs: ir.Table | None, scratch: Scratch
) -> dict[Cell, Ends]:
    """Estimate the shares of each cell, with their intervals."""
    estimated = {cell: _curve(ended, causes[cell]) for cell, ended in found.items()}
    curves = {cell: curve for cell, curve in estimated.items() if curve is not None}
    variances = {
        cell: dict(zip(map(int, curve.kinds), (curve.ends.visits @ curve.influence**2).tolist(), strict=True))
        for cell, curve in curves.items()
    }
    if pairs is not None:
        _add_repeats(variances, curves, pairs, scratch)
    return {
        cell: _ends(curves.get(cell), variances.get(cell, {}), int(ended.customers.sum()))
        for cell, ended in found.items()
    }


def _curve(ends: Endings, causes: Integers) -> _Curve | None:
    """Estimate the shares of one cell; None where no day has enough visits at risk to read them at."""
    counts = ends.visits
    at, place = np.unique(ends.days, return_inverse=True)
    total = np.bincount(place, counts, at.size)
    risk = counts.sum() - np.r_[0, np.cumsum(total)[:-1]]
    censored = bool((causes == CENSORED).any())
    if censored:
        readable = np.flatnonzero(risk >= AT_RISK)
        if not readable.size:
            return None
        at, risk = at[: readable[-1] + 1], risk[: readable[-1] + 1]
    kinds = np.unique(causes[causes != CENSORED])
    ended = np.zeros((at.size, kinds.size))
    seen = (causes != CENSORED) & (place < at.size)
    np.add.at(ended, (place[seen], np.searchsorted(kinds, causes[seen])), counts[seen])
    hazard = ended / risk[:, None]
    all_hazard = ended.sum(1) / risk
    staying = np.r_[1.0, np.cumprod(1 - all_hazard)[:-1]]
    reached = np.cumsum(staying[:, None] * hazard, axis=0)
    values = reached[-1]
    left = values - reached
    still = (1 - all_hazard)[:, None]
    later = np.divide(left, still, out=np.zeros_like(left), where=still > 0)
    drift = np.cumsum((staying[:, None] * hazard - later * all_hazard[:, None]) / risk[:, None], axis=0)
    influence = -drift[np.minimum(place, at.size - 1)]
    rows = np.flatnonzero(seen)
    influence[rows] -= (later / risk[:, None])[place[rows]]
    influence[rows, np.searchsorted(kinds, causes[rows])] += (staying / risk)[place[rows]]
    return _Curve(ends, kinds, int(at[-1]), values, influence)


def _add_repeats(
    variances: dict[Cell, dict[int, float]],
    curves: dict[Cell, _Curve],
    pairs: ir.Table,
    scratch: Scratch,
) -> None:
    """Add what a customer's visits to one stage share: twice the product of the influences of each pair."""
    kinds = sorted({int(kind) for curve in curves.values() for kind in curve.kinds})
    if not kinds:
        return
    pairs = keep_pairs(pairs, scratch)
    one = scratch.send("influences", _influences(curves, kinds))
    other = one.rename("other_{name}")
    joined = pairs.inner_join(one, [*CELL, *END])
    here = [joined[name] == other[f"other_{name}"] for name in CELL]
    ends = [joined[f"other_{name}"] == other[f"other_{name}"] for name in END]
    joined = joined.inner_join(other, [*here, *ends], rname="again_{name}")
    products = {kind: joined[f"kind_{kind}"] * joined[f"other_kind_{kind}"] for kind in kinds}
    sums = {f"shared_{kind}": (joined.n * product).sum() for kind, product in products.items()}
    for row in scratch.rows_of(joined.group_by(CELL).aggregate(**sums)):
        cell = variances[row["group"], row["stage"]]
        for kind in cell:
            cell[kind] = max(cell[kind] + 2 * row[f"shared_{kind}"], 0.0)
    scratch.drop("influences")


def keep_pairs(pairs: ir.Table, scratch: Scratch) -> ir.Table:
    """Keep the counts of pairs: every question about ends asks for them."""
    return scratch.once("pairs", pairs)


def _influences(curves: dict[Cell, _Curve], kinds: list[int]) -> pa.Table:
    """Lay the influences out as one table, zero where a cell does not know a kind."""
    wide = []
    for curve in curves.values():
        block = np.zeros((curve.ends.days.size, len(kinds)))
        block[:, np.searchsorted(kinds, curve.kinds)] = curve.influence
        wide.append(block)
    values = np.concatenate(wide)
    sizes = [curve.ends.days.size for curve in curves.values()]
    return pa.table(
        {
            "group": pa.array(np.repeat([group for group, _ in curves], sizes), pa.int32()),
            "stage": pa.array(np.repeat([stage for _, stage in curves], sizes), pa.int16()),
            "day": pa.array(np.concatenate([curve.ends.days for curve in curves.values()]), pa.int32()),
            "ending": pa.array(np.concatenate([curve.ends.endings for curve in curves.values()]), pa.int16()),
            **{f"kind_{kind}": values[:, place] for place, kind in enumerate(kinds)},
        }
    )


def _ends(curve: _Curve | None, variances: dict[int, float], customers: int) -> Ends:
    if curve is None:
        return Ends(None, None, 1.0, customers)
    shares = {}
    for kind, value in zip(map(int, curve.kinds), map(float, curve.values), strict=True):
        shares[kind] = Share(value, *clustered(value, variances[kind], customers))
    return Ends(shares, curve.day, max(0.0, 1.0 - float(curve.values.sum())), customers)
