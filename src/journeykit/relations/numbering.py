"""Give each customer a number, by which engines order and join faster than by text.

May import: engines, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.engines import Engine
    from journeykit.relations.scratch import Scratch


def number_customers(
    ids: ir.Table, events: ir.Table, engine: Engine, scratch: Scratch
) -> tuple[ir.Table, ir.Table]:
    """Replace customers' ids by numbers.

    Whole numbers are their own.  Text is hashed to 63 or 64 bits, which needs no join, and checked:
    should two customers ever have one hash, all are counted through instead.  So is everything else.

    Args:
        ids: One row an event, with the column `customer`.
        events: The same events, with that column and others.
        engine: May have a hash of 64 bits.
        scratch: Where the relation of customers is made.

    Returns:
        One row a customer (`customer`, `id`), held by the engine; and the events with the number for
        `customer`.
    """
    ids = ids.select(id="customer").distinct()
    code = _own_number(ids.id, engine)
    if code is not None:
        customers = scratch.table("customers", ids.select("id", customer=code))
        kind = ids.id.type()
        if kind.is_integer() or _is_unique(customers, scratch):
            return customers, events.mutate(customer=_own_number(events.customer, engine))
    counted = ids.mutate(customer=ibis.row_number().cast("int64"))
    customers = scratch.table("customers", counted)
    joined = events.rename(id="customer").inner_join(customers, "id")
    return customers, joined.drop("id")


def _own_number(ids: ir.Column, engine: Engine) -> ir.IntegerValue | None:
    """Write a number that follows from the id itself; None where there is none."""
    kind = ids.type()
    if kind.is_integer() and not kind.is_uint64():
        return ids.cast("int64")
    return engine.hash64(ids) if kind.is_string() else None


def _is_unique(customers: ir.Table, scratch: Scratch) -> bool:
    counted = scratch.one(customers.aggregate(ids=customers.count(), numbers=customers.customer.nunique()))
    return bool(counted["ids"] == counted["numbers"])
