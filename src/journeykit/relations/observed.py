"""The relations that questions count over, whichever way the events were ordered.

Definitions: docs page "definitions", Visit, Outcome of a visit, Intervals.

May import: nothing of ours.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import attrs
import ibis

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

END: Final = ("day", "ending")
"""When, in whole days since it began, and how a visit ended, or was still going on at `as_of`."""


@attrs.frozen(kw_only=True)
class Observed:
    """What was observed of a log under a lifecycle, in codes.

    Attributes:
        steps: One row an event, as `relations.ordering.Ordered.steps` shows it.
        visits: One row a visit, as `relations.visits.Reader.visits` shows it.
        ends: One row a visit: `customer`, `stage`, `day` and `ending`; `counts_customer` (of one of the
            customer's visits to the stage alone), `counts_ending` (of one of those with this ending), and
            `reached` (the customer ever visited a goal stage, or reached their own target).
        pairs: The pairs of visits that one customer made to one stage: `customer`, `stage`, `day` and
            `ending` of the one, `other_day` and `other_ending`, and `n`, how many such pairs.
        uses: Takes a function that adds `group` to a relation with `customer`, and counts the uses of
            touchpoints: `group`, `stage` (null for none), `touchpoint`, `events`, `customers`.
    """

    steps: ir.Table
    visits: ir.Table
    ends: ir.Table
    pairs: ir.Table
    uses: Callable[[Callable[[ir.Table], ir.Table]], ir.Table]

    @classmethod
    def of(cls, steps: ir.Table, visits: ir.Table, ends: ir.Table) -> Observed:
        """Find pairs and uses by joining and grouping."""
        return cls(
            steps=steps, visits=visits, ends=ends, pairs=pairs_of(ends), uses=partial(count_uses, steps)
        )

    def only(self, customer: int) -> Observed:
        """Keep what belongs to one customer."""

        def keep(relation: ir.Table) -> ir.Table:
            return relation.filter(relation.customer == customer)

        return Observed(
            steps=keep(self.steps),
            visits=keep(self.visits),
            ends=keep(self.ends),
            pairs=keep(self.pairs),
            uses=lambda join: self.uses(lambda relation: join(keep(relation))),
        )


def pairs_of(ends: ir.Table) -> ir.Table:
    """Pair the visits of one customer to one stage; equal ones are counted first, so that few are joined."""
    several = ends.filter(~ends.counts_customer).select("customer", "stage").distinct()
    again = ends.semi_join(several, ["customer", "stage"])
    cells = again.group_by(["customer", "stage", *END]).aggregate(n=again.count())
    others = cells.rename({f"other_{name}": name for name in (*END, "n")})
    pairs = cells.inner_join(others, ["customer", "stage"])
    same = (pairs.day == pairs.other_day) & (pairs.ending == pairs.other_ending)
    later = (pairs.day < pairs.other_day) | (
        (pairs.day == pairs.other_day) & (pairs.ending < pairs.other_ending)
    )
    n = ibis.ifelse(same, pairs.n * (pairs.n - 1) // 2, pairs.n * pairs.other_n)
    found = pairs.filter(later | (same & (pairs.n > 1)))
    return found.select("customer", "stage", *END, *(f"other_{name}" for name in END), n=n.cast("int64"))


def count_uses(steps: ir.Table, join: Callable[[ir.Table], ir.Table]) -> ir.Table:
    """Count the uses of touchpoints, those of each customer first: engines do that at half the price."""
    named = join(steps.filter(steps.touchpoint.notnull()))
    unit = ["group", "stage", "touchpoint"]
    each = named.group_by([*unit, "customer"]).aggregate(events=named.count())
    return each.group_by(unit).aggregate(events=each.events.sum().cast("int64"), customers=each.count())
