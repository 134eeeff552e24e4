"""Split customers into the groups of `by=`.

May import: journey, relations, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import ibis
import pyarrow as pa

from journeykit.errors import EventLogError

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.journey import Journey


@attrs.frozen
class Groups:
    """The groups of customers that a question is asked of.

    Attributes:
        values: What the customers of each group share, by the group's code: None where the
            attribute is missing, and for the one group there is without `by=`.
        members: One row a customer: `customer`, `group`; None where all are one group.
    """

    values: tuple[object, ...]
    members: ir.Table | None

    def join(self, relation: ir.Table) -> ir.Table:
        """Add the column `group` to a relation that has the column `customer`."""
        if self.members is None:
            return relation.mutate(group=ibis.literal(0, "int32"))
        return relation.inner_join(self.members, "customer")


def groups(journey: Journey, by: str | None, *, among: ir.Table | None = None) -> Groups:
    """Find the groups that `by=` makes, missing values being a group of their own.

    Args:
        journey: What was observed.
        by: A customer attribute, or None for one group of all.
        among: A relation that has the customers to split; by default those with a visit.

    Returns:
        The groups of these customers, sorted by value as text, the missing one last.

    Raises:
        UnknownNameError: No customer attribute is called *by*.
        EventLogError: It holds lists or records.
    """
    if by is None:
        return Groups((None,), None)
    value = journey.customers[journey.attribute(by)]
    if value.type().is_nested():
        message = f"by={by!r} holds {value.type()}; customers are grouped by one plain value each"
        raise EventLogError(message)
    asked = (journey.visits if among is None else among).select("customer").distinct()
    customers = asked.inner_join(journey.customers.select("customer", value=value), "customer")
    found = journey.scratch.arrow(customers.select("value").distinct())["value"]
    values = sorted(found.to_pylist(), key=lambda one: (one is None, str(one)))
    missing = len(values) - 1
    known = pa.table(
        {"value": pa.array(values, found.type), "group": pa.array(range(len(values)), pa.int32())}
    )
    codes = journey.scratch.send("groups", known)
    joined = customers.left_join(codes, "value")
    members = joined.select("customer", group=joined.group.fill_null(missing))
    return Groups(tuple(values), journey.scratch.table("members", members))
