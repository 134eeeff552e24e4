"""Estimate how visits end, with the open ones censored: Aalen-Johansen shares.

Counts of (stage, day, cause) leave the engine.  From them come the shares and each visit's
influence on them; the influences go back, are summed there for customers who visited a stage
more than once, and return as one sum of squares a share.  No visit leaves the engine.

Sources: Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978), for the estimator; its
infinitesimal jackknife clustered by customer, after Therneau and Grambsch, Modeling Survival
Data (2000), ch. 7.  Definitions: docs page "definitions", Share and Intervals.

May import: journey, relations, errors.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import attrs
import numpy as np
import pyarrow as pa

from journeykit.analysis.intervals import clustered, wilson

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from numpy.typing import NDArray

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
        days, causes, counts: The distinct (day, cause) of its visits, and how many visits have each.
        kinds: The causes that end a visit, ascending.
        day: The day the shares are read at.
        values: The share of each kind, that day.
        influence: One row a (day, cause), one column a kind: what one such visit adds to the share's error.
    """

    days: Integers
    causes: Integers
    counts: Integers
    kinds: Integers
    day: int
    values: Floats
    influence: Floats


def end_shares(visits: ir.Table, scratch: Scratch) -> dict[tuple[int, int], Ends]:
    """Estimate how the visits to each stage end.

    Args:
        visits: One row a visit: `customer`, `group`, `stage`, `day` (whole days to its end or to
            censoring) and `cause`
            (`CENSORED`, or what ended it).
        scratch: The engine.

    Returns:
        For each (group, stage) that has visits, the shares of all causes seen there.
    """
    keys = ["group", "stage", "day", "cause"]
    counted = visits.group_by(keys).aggregate(n=visits.count())
    columns = {
        name: column.to_numpy().astype(np.int64)
        for name, column in _columns(scratch.arrow(counted.order_by(keys)))
    }
    people = visits.group_by(["group", "stage"]).aggregate(n=visits.customer.nunique())
    customers = {(row["group"], row["stage"]): row["n"] for row in scratch.rows_of(people)}
    curves = {cell: _curve(*counts) for cell, counts in _cells(columns)}
    variances = _variances(visits, {cell: curve for cell, curve in curves.items() if curve}, scratch)
    return {cell: _ends(curve, variances.get(cell, {}), customers[cell]) for cell, curve in curves.items()}


def _columns(table: pa.Table) -> list[tuple[str, pa.ChunkedArray]]:
    return list(zip(table.column_names, table.columns, strict=True))


def _cells(columns: dict[str, Integers]) -> list[tuple[tuple[int, int], tuple[Integers, Integers, Integers]]]:
    """Cut columns that are sorted by group and stage into one piece a cell."""
    group, stage = columns["group"], columns["stage"]
    changes = np.flatnonzero((np.diff(group) != 0) | (np.diff(stage) != 0)) + 1
    edges = np.unique(np.r_[0, changes, group.size])
    pieces = itertools.pairwise(edges)
    return [
        ((int(group[a]), int(stage[a])), (columns["day"][a:b], columns["cause"][a:b], columns["n"][a:b]))
        for a, b in pieces
    ]


def _curve(days: Integers, causes: Integers, counts: Integers) -> _Curve | None:
    """Estimate the shares of one cell; None where no day has enough visits at risk to read them at."""
    at, place = np.unique(days, return_inverse=True)
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
    return _Curve(days, causes, counts, kinds, int(at[-1]), values, influence)


def _variances(
    visits: ir.Table, curves: dict[tuple[int, int], _Curve], scratch: Scratch
) -> dict[tuple[int, int], dict[int, float]]:
    """Sum the squared influences, those of a customer's visits to one stage being added first."""
    variances = {
        cell: dict(zip(map(int, curve.kinds), (curve.counts @ curve.influence**2).tolist(), strict=True))
        for cell, curve in curves.items()
    }
    pairs = visits.group_by(["customer", "stage"]).aggregate(n=visits.count())
    again = visits.semi_join(pairs.filter(pairs.n > 1), ["customer", "stage"])
    kinds = sorted({int(kind) for curve in curves.values() for kind in curve.kinds})
    if not kinds:
        return variances
    influences = scratch.send("influences", _influences(curves, kinds))
    joined = again.inner_join(influences, ["group", "stage", "day", "cause"])
    sums = {f"sum_{kind}": joined[f"kind_{kind}"].sum() for kind in kinds}
    squares = {f"own_{kind}": (joined[f"kind_{kind}"] * joined[f"kind_{kind}"]).sum() for kind in kinds}
    clusters = joined.group_by(["group", "stage", "customer"]).aggregate(**sums, **squares)
    extra = {
        f"extra_{kind}": (clusters[f"sum_{kind}"] * clusters[f"sum_{kind}"] - clusters[f"own_{kind}"]).sum()
        for kind in kinds
    }
    for row in scratch.rows_of(clusters.group_by(["group", "stage"]).aggregate(**extra)):
        cell = variances[row["group"], row["stage"]]
        for kind in cell:
            cell[kind] = max(cell[kind] + row[f"extra_{kind}"], 0.0)
    scratch.drop("influences")
    return variances


def _influences(curves: dict[tuple[int, int], _Curve], kinds: list[int]) -> pa.Table:
    """Lay the influences out as one table, zero where a cell does not know a kind."""
    wide = []
    for curve in curves.values():
        block = np.zeros((curve.days.size, len(kinds)))
        block[:, np.searchsorted(kinds, curve.kinds)] = curve.influence
        wide.append(block)
    values = np.concatenate(wide)
    sizes = [curve.days.size for curve in curves.values()]
    return pa.table(
        {
            "group": pa.array(np.repeat([group for group, _ in curves], sizes), pa.int32()),
            "stage": pa.array(np.repeat([stage for _, stage in curves], sizes), pa.int16()),
            "day": pa.array(np.concatenate([curve.days for curve in curves.values()]), pa.int32()),
            "cause": pa.array(np.concatenate([curve.causes for curve in curves.values()]), pa.int16()),
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
