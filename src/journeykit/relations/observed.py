"""The relations that questions count over, whichever way the events were ordered.

Definitions: docs page "definitions", Visit, Outcome of a visit, Intervals.

May import: moments.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import attrs
import ibis

from journeykit.relations.moments import Moments  # noqa: TC001 - cattrs reads it at run time

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    import ibis.expr.types as ir

    Join: TypeAlias = Callable[[ir.Table], ir.Table]
    """Adds `group` to a relation that has `customer`."""

    Count: TypeAlias = Callable[[Join], ir.Table]

END: Final = ("day", "ending")
"""When, in whole days since it began, and how a visit ended, or was still going on at `as_of`."""


@attrs.frozen(kw_only=True)
class Layout:
    """What has to be known of lists to read them, beside the lifecycle and the dates.

    Attributes:
        moments: How moments are laid down.
        units: The units of the events, ascending.
        unmapped: Whether any event may belong to no stage.
    """

    moments: Moments
    units: tuple[int, ...]
    unmapped: bool


@attrs.frozen(kw_only=True)
class KeptLists:
    """Lists, one row a customer, and how to read them.

    Attributes:
        rows: `customer`, and what the engine keeps.
        layout: How to read them.
    """

    rows: ir.Table
    layout: Layout


@attrs.frozen(kw_only=True)
class Observed:
    """What was observed of a log under a lifecycle, in codes.

    Attributes:
        moments: How units, which are a stage and a touchpoint each, are laid down.
        steps: One row an event, as `relations.ordering.Ordered.steps` shows it.
        links: One row an event that another one of the customer follows: `customer`, `time_us`, `unit`,
            `next_unit` and `waited_us`, the time between the two.
        visits: One row a visit, as `relations.visits.Reader.visits` shows it.
        moves: One row a visit that another one follows: `customer`, `stage`, `next_stage` and `waited_us`,
            the time from the first event of the one to that of the other.
        ends: One row a visit: `customer`, `stage`, `day` and `ending`; `counts_customer` (of one of the
            customer's visits to the stage alone), `counts_ending` (of one of those with this ending), and
            `reached` (the customer ever visited a goal stage, or reached their own target).
        count_ends: Counts ends by group: see the function of this name.
        count_pairs: Counts by group the pairs of visits that one customer made to one stage: `group`,
            `stage`, `day` and `ending` of the one, `other_day` and `other_ending`, and `n`.
        count_uses: Counts by group the uses of touchpoints: `group`, `stage` (null for none), `touchpoint`,
            `events`, `customers`.
        count_users: As `count_uses`, but for `events`, which need not be counted; windows do, all the same.
        kept: The lists that hold all this, where lists do; else None, and it is in steps, visits and ends.
    """

    moments: Moments
    steps: ir.Table
    links: ir.Table
    visits: ir.Table
    moves: ir.Table
    ends: ir.Table
    count_ends: Count
    count_pairs: Count
    count_uses: Count
    count_users: Count
    kept: KeptLists | None = None

    @classmethod
    def of(cls, moments: Moments, steps: ir.Table, visits: ir.Table, ends: ir.Table) -> Observed:
        """Count by joining and grouping rows."""
        return cls(
            moments=moments,
            steps=steps,
            links=links_of(steps, moments),
            visits=visits,
            moves=moves_of(visits),
            ends=ends,
            count_ends=lambda join: count_ends(join(ends)),
            count_pairs=lambda join: count_pairs(join(pairs_of(ends))),
            count_uses=partial(count_uses, steps),
            count_users=partial(count_uses, steps),
        )

    def only(self, customer: int) -> Observed:
        """Keep what belongs to one customer."""

        def keep(relation: ir.Table) -> ir.Table:
            return relation.filter(relation.customer == customer)

        return Observed(
            moments=self.moments,
            steps=keep(self.steps),
            links=keep(self.links),
            visits=keep(self.visits),
            moves=keep(self.moves),
            ends=keep(self.ends),
            count_ends=lambda join: self.count_ends(lambda relation: join(keep(relation))),
            count_pairs=lambda join: self.count_pairs(lambda relation: join(keep(relation))),
            count_uses=lambda join: self.count_uses(lambda relation: join(keep(relation))),
            count_users=lambda join: self.count_users(lambda relation: join(keep(relation))),
        )


def links_of(steps: ir.Table, moments: Moments) -> ir.Table:
    """Meet each event with the one after it."""
    some = steps.filter(steps.next_time_us.notnull())
    return some.select(
        "customer", "time_us",
        unit=moments.unit(some.stage, some.touchpoint),
        next_unit=moments.unit(some.next_stage, some.next_touchpoint),
        waited_us=some.next_time_us - some.time_us,
    )  # fmt: skip


def moves_of(visits: ir.Table) -> ir.Table:
    """Meet each visit with the one after it."""
    some = visits.filter(visits.next_stage.notnull())
    stages = {name: some[name].cast("int64") for name in ("stage", "next_stage")}
    return some.select("customer", **stages, waited_us=some.next_start_us - some.start_us)


def count_ends(ends: ir.Table) -> ir.Table:
    """Count how the visits to each stage ended.

    Args:
        ends: The relation `ends`, with `group`.

    Returns:
        For each `group`, `stage`, `day` and `ending` how many `visits` ended so; how many of those count
            their customer in the stage (`customers`), with this ending (`enders`); and how many of
            `customers` have `reached` a goal.
    """
    return ends.group_by(["group", "stage", *END]).aggregate(
        visits=ends.count(),
        customers=ends.count(where=ends.counts_customer),
        enders=ends.count(where=ends.counts_ending),
        reached=ends.count(where=ends.counts_customer & ends.reached),
    )


def count_alone(ends: ir.Table) -> ir.Table:
    """Count `group`, `stage`, `day` and `ending` as `count_ends` does, each row being of another customer."""
    counted = ends.group_by(["group", "stage", *END]).aggregate(visits=ends.count())
    return counted.mutate(customers=counted.visits, enders=counted.visits, reached=counted.visits)


def count_pairs(pairs: ir.Table) -> ir.Table:
    """Count the pairs of `pairs_of`, with `group`, by when and how the two visits ended."""
    keys = ["group", "stage", *END, *(f"other_{name}" for name in END)]
    return pairs.group_by(keys).aggregate(n=pairs.n.sum())


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


def count_uses(steps: ir.Table, join: Join) -> ir.Table:
    """Count the uses of touchpoints, those of each customer first: engines do that at half the price."""
    named = join(steps.filter(steps.touchpoint.notnull()))
    unit = ["group", "stage", "touchpoint"]
    each = named.group_by([*unit, "customer"]).aggregate(events=named.count())
    return each.group_by(unit).aggregate(events=each.events.sum().cast("int64"), customers=each.count())
