"""Answer: does the stage that the CRM stores agree with what its customers did?

Definitions: docs page "definitions", Stored stage.

May import: journey, relations, eventlog, result, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
import ibis

from journeykit.analysis.definition import define, require_journey
from journeykit.analysis.groups import groups
from journeykit.engines import engine_errors
from journeykit.errors import EventLogError
from journeykit.relations.people import attribute_columns
from journeykit.result import Result

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.analysis.groups import Groups
    from journeykit.journey import Journey

STORED: Final = "stored_stage"
"""The customer attribute that holds the stage the CRM says they are in."""

MOST_NAMES: Final = 200
"""More stages than any CRM has: what holds more values is no stage."""


@attrs.frozen(kw_only=True)
class StoredStage:
    """The customers who are in one stage by what they did, and in one by what the CRM stores.

    Attributes:
        stage: The stage of their last visit begun by `as_of`; None where they have none.
        stored: The stage that the CRM stores: its id, or the CRM's own name where the lifecycle
            does not know that; None where nothing is stored.
        customers: How many they are.
        agrees: Whether the two are the same stage; None where either is missing.
        group: The value of `by`.
    """

    stage: str | None
    stored: str | None
    customers: int
    agrees: bool | None
    group: object = None


def stored_stages(journey: Journey, *, by: str | None = None) -> Result[StoredStage]:
    """Lay the stage that follows from the events beside the one that the CRM stores.

    The CRM's stage is the customer attribute `stored_stage`, as the readers of CRM exports
    give it, or as a column of `customers`; its names are read as those of a stage column.

    Args:
        journey: What was observed.
        by: A customer attribute; one group of rows for each of its values.

    Returns:
        One row for each pair of stages that anyone is in, by place in the lifecycle, then names that it does
        not know by code point, None last.  `customers` sums to the customers with an event by `as_of`; where
        `agrees` is False they sum to the disagreement.

    Raises:
        EventLogError: The customers have no attribute `stored_stage`, or it holds more than stages.
        UnknownNameError: No customer attribute is called *by*.

    Source: S1-31, S3-17 (mission page); docs page "definitions".
    """
    require_journey(journey)
    column = _stored_column(journey)
    with engine_errors(journey.log):
        split = groups(journey, by, among=journey.steps)
        stored = journey.customers.select("customer", stored=_stage_id(journey, journey.customers[column]))
        _require_stages(journey, stored)
        counted = journey.scratch.rows_of(_count(journey, stored, split))
    ids = journey.lifecycle.stage_ids
    places = {stage: place for place, stage in enumerate(ids)}
    rows = [_row(one, ids, split.values) for one in counted]
    order = {value: place for place, value in enumerate(split.values)}
    rows.sort(key=lambda row: (order[row.group], _place(row.stage, places), _place(row.stored, places)))
    definition = define(
        journey,
        "stored_stages",
        by=by,
        unit="a stage by the events, and the stage stored for the customers in it",
        denominators="none: these are counts; customers sum to those with an event by as_of",
        censoring="the stage is that of the last visit begun by as_of; the stored one is as of the export",
        intervals="none: these are counts",
        source="S1-31, S3-17",
    )
    return Result(rows, definition, row_type=StoredStage)


def _stored_column(journey: Journey) -> str:
    """Find the column of the stage that the CRM stores.

    Raises:
        EventLogError: There is none.
    """
    known = attribute_columns(journey.customers)
    if STORED in known:
        return known[STORED]
    message = (
        f"{journey.log.name}: no customer attribute {STORED!r} says which stage the CRM stores. Read the "
        f"CRM's files with format=, those of the records among them, or give customers= a column {STORED!r}"
    )
    raise EventLogError(message)


def _require_stages(journey: Journey, stored: ir.Table) -> None:
    """Refuse an attribute of so many values that it is no stage, and would make endless rows."""
    values = journey.scratch.one(stored.aggregate(n=stored.stored.nunique()))["n"]
    if values > MOST_NAMES:
        text = f"{journey.log.name}: the customer attribute {STORED!r} has {values:,} different values"
        raise EventLogError(f"{text}: is it a stage? A CRM has at most {MOST_NAMES} of them")


def _count(journey: Journey, stored: ir.Table, split: Groups) -> ir.Table:
    """Count the customers of each pair of stages."""
    visits, steps = journey.visits, journey.steps
    present = split.join(steps.filter(steps.next_time_us.isnull()).select("customer"))
    last = visits.filter(visits.next_stage.isnull()).select("customer", "stage")
    people = present.left_join(last, "customer").drop("customer_right").left_join(stored, "customer")
    return people.group_by(["group", "stage", "stored"]).aggregate(customers=people.count())


def _stage_id(journey: Journey, stored: ir.Column) -> ir.StringValue:
    """Read a stored name as a stage column's; what the lifecycle does not know stays as it is."""
    name = stored.cast("string").nullif("")
    names = sorted(journey.lifecycle.stage_names.items())
    return name.cases(*[(spelling, ibis.literal(stage)) for spelling, stage in names], else_=name)


def _row(one: dict[str, Any], ids: tuple[str, ...], values: tuple[object, ...]) -> StoredStage:
    stage = None if one["stage"] is None else ids[one["stage"]]
    stored = one["stored"]
    return StoredStage(
        stage=stage,
        stored=stored,
        customers=one["customers"],
        agrees=None if stage is None or stored is None else stage == stored,
        group=values[one["group"]],
    )


def _place(stage: str | None, places: dict[str, int]) -> tuple[int, str]:
    """Order stages by place, names that are none by code point, and None last."""
    if stage is None:
        return len(places) + 1, ""
    return places.get(stage, len(places)), "" if stage in places else stage
