"""Describe each customer once: id, target stage, and the attributes that `by=` groups by.

May import: eventlog, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from journeykit.errors import EventLogError, UnknownNameError
from journeykit.eventlog.columns import EVENT_ATTRIBUTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from journeykit.eventlog.log import EventLog
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.scratch import Scratch

TARGET = "target_stage"
"""The column of `customers` that holds a customer's own target stage."""

BY = "by"
"""Begins the names of the attributes in the relation `customers`, see `attribute_columns`."""

SEEN = "seen:"
"""Goes before the name of a column of the events while its first value is looked up."""


def describe_customers(
    log: EventLog, customers: ir.Table, lifecycle: Lifecycle, scratch: Scratch
) -> ir.Table:
    """Join what the second source says of each customer to the customers of the log.

    Args:
        log: Holds the second source, `log.customers`, where one was given.
        customers: One row a customer of the log: `customer`, `id`.
        lifecycle: Knows the target stages.
        scratch: Where the relation is made.

    Returns:
        One row a customer of the log: `customer`, `id`, `target_rank`, and `by:<n>:<name>` for each
        column of the second source.

    Raises:
        UnknownNameError: A target stage is no stage of the lifecycle.
        EventLogError: A target stage has no rank.
    """
    told = log.customers
    if told is None:
        return customers.mutate(target_rank=ibis.null("int64"))
    rank = _target_rank(told, lifecycle, scratch) if TARGET in told.columns else ibis.null("int64")
    values = {f"{BY}:{place}:{name}": told[name] for place, name in enumerate(log.customer_columns)}
    # Chosen, not renamed: a column of the second source may be called `id`, too.
    told = told.select(id=told.customer, target_rank=rank, **values)
    joined = customers.left_join(told, "id").drop("id_right")
    return scratch.table("described", joined)


def has_targets(log: EventLog) -> bool:
    """Tell whether the second source tells of customers' own targets."""
    return TARGET in log.customer_columns


def _target_rank(told: ir.Table, lifecycle: Lifecycle, scratch: Scratch) -> ir.IntegerValue:
    target = told[TARGET].cast("string")
    names = sorted(row["name"] for row in scratch.rows_of(told.select(name=target).distinct()) if row["name"])
    branches = []
    for name in names:
        stage = lifecycle.stage_names.get(name)
        if stage is None:
            raise UnknownNameError(
                "stage", name, lifecycle.stage_names, where=f"column {TARGET!r} of customers"
            )
        rank = lifecycle.rank(stage)
        if rank is None:
            kind = lifecycle.stage(stage).kind
            message = (
                f"column {TARGET!r} of customers: {name!r} is a {kind} stage, which has no rank to aim at"
            )
            raise EventLogError(message)
        branches.append((name, rank))
    return target.cases(*branches, else_=ibis.null("int64")) if branches else ibis.null("int64")


def add_event_attributes(
    customers: ir.Table, steps: ir.Table, kept: tuple[str, ...], sources: Mapping[str, str], scratch: Scratch
) -> ir.Table:
    """Add, for each column that `by=` may ask for, its value in the customer's first event that has one.

    Args:
        customers: One row a customer.
        steps: The ordered events.
        kept: The columns of `steps` that `by=` may ask for.
        sources: For each parameter of `events`, the source's column.
        scratch: Where the relation is made.

    Returns:
        *customers* with `by:<n>:<name>` columns; where the second source has the name too, its value
        comes first.
    """
    if not kept:
        return customers
    first = {
        SEEN + column: steps[column].argmin(steps.position, where=steps[column].notnull()) for column in kept
    }
    joined = customers.left_join(
        steps.group_by("customer").aggregate(**first), "customer", rname="again:{name}"
    )
    told = attribute_columns(customers)
    values: dict[str, ir.Value] = {}
    for name, column in _names(kept, sources).items():
        place = told.get(name, f"{BY}:{len(told) + len(values)}:{name}")
        values[place] = _either(joined, place, SEEN + column)
    return scratch.table("customers_by", joined.mutate(**values).drop("again:customer", *first))


def attribute_columns(customers: ir.Table) -> dict[str, str]:
    """Find the attributes in the relation `customers`: the column of each, by its name.

    The columns are numbered, since engines can't tell "Region" from "region".
    """
    columns = [column.split(":", 2) for column in customers.columns if column.startswith(f"{BY}:")]
    return {column[2]: ":".join(column) for column in columns}


def _names(kept: tuple[str, ...], sources: Mapping[str, str]) -> dict[str, str]:
    """Name the columns for `by=`: what was given as a parameter answers to that name, and to its own.

    Where the two meet, as `channel="medium"` beside an attribute "channel", the source's own name is meant.
    """
    roles = [column for column in kept if column in sources]
    attributes = [column for column in kept if column not in sources]
    return {
        **{role: role for role in roles},
        **{sources[role]: role for role in roles},
        **{column.removeprefix(EVENT_ATTRIBUTE): column for column in attributes},
    }


def _either(joined: ir.Table, told: str, seen: str) -> ir.Value:
    """Take what the second source told, else what was seen."""
    if told not in joined.columns:
        return joined[seen]
    first, second = joined[told], joined[seen]
    if first.type() != second.type():
        first, second = first.cast("string"), second.cast("string")
    return first.coalesce(second)
