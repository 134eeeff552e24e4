"""Describe each customer once: id, target stage, and the attributes that `by=` groups by.

May import: eventlog, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from journeykit.errors import EventLogError, UnknownNameError
from journeykit.eventlog.columns import EVENT_ATTRIBUTE

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.eventlog.log import EventLog
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.coding import Coded
    from journeykit.relations.scratch import Scratch

TARGET = "target_stage"
"""The column of `customers` that holds a customer's own target stage."""

BY = "by:"
"""Goes before the name of an attribute in the relation `customers`."""


def describe_customers(log: EventLog, coded: Coded, lifecycle: Lifecycle, scratch: Scratch) -> ir.Table:
    """Join what the second source says of each customer to the customers of the log.

    Args:
        log: Holds the second source, `log.customers`, where one was given.
        coded: Holds the customers of the log.
        lifecycle: Knows the target stages.
        scratch: Where the relation is made.

    Returns:
        One row a customer of the log: `customer`, `id`, `target_rank`, and `by:<name>` for each column of the
        second source.

    Raises:
        UnknownNameError: A target stage is no stage of the lifecycle.
        EventLogError: A target stage has no rank.
    """
    told = log.customers
    if told is None:
        return coded.customers.mutate(target_rank=ibis.null("int64"))
    told = told.rename(id="customer")
    rank = _target_rank(told, lifecycle, scratch) if TARGET in told.columns else ibis.null("int64")
    values = {BY + name: told[name] for name in log.customer_columns}
    joined = coded.customers.left_join(told.select("id", target_rank=rank, **values), "id").drop("id_right")
    return scratch.table("described", joined)


def _target_rank(told: ir.Table, lifecycle: Lifecycle, scratch: Scratch) -> ir.IntegerValue:
    target = told[TARGET].cast("string").nullif("")
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
    customers: ir.Table, steps: ir.Table, kept: tuple[str, ...], scratch: Scratch
) -> ir.Table:
    """Add, for each column that `by=` may ask for, its value in the customer's first event that has one.

    Returns:
        *customers* with `by:<name>` columns; where the second source has the name too, its value comes first.
    """
    if not kept:
        return customers
    first = {
        _name(column): steps[column].argmin(steps.position, where=steps[column].notnull()) for column in kept
    }
    joined = customers.left_join(
        steps.group_by("customer").aggregate(**first), "customer", rname="event:{name}"
    )
    joined = joined.drop("event:customer")
    both = {name: _either(joined, name) for name in first if "event:" + name in joined.columns}
    return scratch.table("customers_by", joined.mutate(**both).drop(*("event:" + name for name in both)))


def _name(column: str) -> str:
    return BY + column.removeprefix(EVENT_ATTRIBUTE)


def _either(joined: ir.Table, name: str) -> ir.Value:
    told, seen = joined[name], joined["event:" + name]
    if told.type() != seen.type():
        told, seen = told.cast("string"), seen.cast("string")
    return told.coalesce(seen)
