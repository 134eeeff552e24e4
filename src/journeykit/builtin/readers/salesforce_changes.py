"""Read when Salesforce records entered their stages, from whichever history was exported.

A row of a history says what is so from then on; the last stage is open.  What was so before
the first change is said of the time the record was created, where that is known.

May import: crm_tables, salesforce_tables, salesforce_people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from journeykit.builtin.readers.crm_tables import stacked, time_us
from journeykit.builtin.readers.salesforce_tables import HISTORY_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from journeykit.builtin.readers.salesforce_people import People
    from journeykit.builtin.readers.salesforce_tables import Found

_CREATED: Final = ("created", "opportunitycreatedfromlead")
"""Values of `Field`, spelt plainly, that say the record was created."""

_CONVERTED: Final = "leadconverted"

_SHAPE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("object", "record", "timestamp", "stage", "before", "touchpoint"), "string"),
    **dict.fromkeys(("event_id", "contact", "channel", "user", "aside"), "string"),
    "value": "float64",
    **dict.fromkeys(("deleted", "creation", "listed"), "boolean"),
}
"""`creation`: the row says that the record was created; `listed`: it is the record itself."""

_BEST: Final = ("stages", "changes", "versions")
"""The histories of one kind of record, the one that says most first."""

_PLACES: Final = (("contact", 0), ("lead", 1), ("account", 2), ("opportunity", 3))
_TURNS: Final = 1_000_000


def histories(found: Sequence[Found]) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """Choose one history for each kind of record, and the records that were created.

    Returns:
        The tables to read, and those left out since another says the same.
    """
    told = [one for one in found if one.kind in _BEST]
    best = {
        kind: next(form for form in _BEST if any(one.kind == form and one.object == kind for one in told))
        for kind in {one.object for one in told}
    }
    used = [one for one in told if one.kind == best[one.object]]
    created = [one for one in found if one.kind == "records" and one.field and one.table.has("createddate")]
    return (*used, *created), tuple(one for one in told if one not in used)


def read_changes(used: Sequence[Found], people: People | None, *, keep_deleted: bool) -> ir.Table:
    """Read every row of histories, and every record that was created.

    Args:
        used: The tables, as `histories` chose them.
        people: What the record tables say.
        keep_deleted: Whether rows of deleted records are events.

    Returns:
        One row a row of the tables: `customer`, `us`, `sequence`, `creation` and the columns of an event.
    """
    read = {"stages": _stages, "changes": _changes, "versions": _versions, "records": _created}
    rows = stacked([read[one.kind](one) for one in used])
    rows = _with_customers(rows.mutate(us=time_us(rows.timestamp)), people, keep_deleted=keep_deleted)
    traced = sorted({one.object for one in used if one.kind == "changes"})
    return _with_first_stages(_numbered(rows), people, traced)


def _stages(one: Found) -> ir.Table:
    table = one.table
    return table.rows(
        _SHAPE,
        object=ibis.literal(one.object),
        record=table.text("opportunityid"),
        timestamp=table.text("createddate"),
        stage=table.text("stagename"),
        event_id=table.text("id"),
        user=table.text("createdbyid"),
        value=table.number("amount"),
        deleted=table.flag("isdeleted"),
        creation=ibis.literal(False),
    )


def _changes(one: Found) -> ir.Table:
    """Read one row a field that changed; other fields than the stage tell of no stage."""
    table = one.table
    key = next(key for key, kind in HISTORY_KEYS.items() if kind == one.object and table.has(key))
    field = table.text("field").re_replace(r"[\W_]+", "").lower()
    is_stage, created, converted = field == one.field, field.isin(_CREATED), field == _CONVERTED
    touchpoints = [(created, f"{one.object.capitalize()} created"), (converted, "Lead converted")]
    return table.rows(
        _SHAPE,
        object=ibis.literal(one.object),
        record=table.text(key),
        timestamp=table.text("createddate"),
        stage=ibis.ifelse(is_stage, table.text("newvalue"), None),
        before=ibis.ifelse(is_stage, table.text("oldvalue"), None),
        touchpoint=ibis.cases(*touchpoints),
        event_id=table.text("id"),
        user=table.text("createdbyid"),
        aside=ibis.ifelse(is_stage | created | converted, None, "other_field"),
        deleted=table.flag("isdeleted"),
        creation=created,
        listed=ibis.literal(False),
    )


def _versions(one: Found) -> ir.Table:
    """Read one row a version of a record; when it ended is when the next one began."""
    table = one.table
    begun = table.text("fivetranstart")
    return table.rows(
        _SHAPE,
        object=ibis.literal(one.object),
        record=table.text("id"),
        timestamp=begun,
        stage=table.text(one.field or ""),
        event_id=table.text("id") + "@" + begun,
        user=table.text("lastmodifiedbyid"),
        value=table.number("amount"),
        deleted=table.flag("isdeleted"),
        creation=ibis.literal(False),
    )


def _created(one: Found) -> ir.Table:
    table = one.table
    return table.rows(
        _SHAPE,
        object=ibis.literal(one.object),
        record=table.text("id"),
        timestamp=table.text("createddate"),
        touchpoint=ibis.literal(f"{one.object.capitalize()} created"),
        event_id=table.text("id"),
        contact=table.text("contactid"),
        channel=table.text("origin"),
        user=table.text("createdbyid"),
        deleted=table.flag("isdeleted"),
        creation=ibis.literal(True),
        listed=ibis.literal(True),
    )


def _with_customers(rows: ir.Table, people: People | None, *, keep_deleted: bool) -> ir.Table:
    """Say whose each row is, and set aside what is deleted: what was merged into another record is not."""
    if people is None:
        told = rows.mutate(customer=rows.record, gone=rows.deleted)
    else:
        joined = rows.left_join(people.whose, ["object", "record"], rname="{name}_again")
        merged, gone = (flag.fill_null(ibis.literal(False)) for flag in (joined.merged, joined.gone))
        told = joined.mutate(
            customer=joined.customer.coalesce(joined.record), gone=gone | (joined.deleted & ~merged)
        ).drop("object_again", "record_again", "merged")
    if keep_deleted:
        return told.drop("gone")
    return told.mutate(aside=ibis.ifelse(told.gone, "deleted", told.aside)).drop("gone")


def _numbered(rows: ir.Table) -> ir.Table:
    """Number a record's changes in their order, so that those of one second keep it.

    Creations come first and conversions last, and all of a lead before what it was converted into.
    Ids grow, and so tell which of two rows of one second was written first.
    """
    change = rows.aside.isnull() & rows.us.notnull() & rows.stage.notnull()
    rows = rows.mutate(change=change)
    order = [rows[name] for name in ("us", "event_id", "stage", "before", "file")]
    number = ibis.row_number().over(group_by=[rows.object, rows.record, rows.change], order_by=order)
    converted = rows.touchpoint.notnull()
    turn = ibis.cases((rows.creation, 0), (rows.change, number + 1), (converted, _TURNS - 1))
    place = rows.object.cases(*_PLACES, else_=len(_PLACES))
    return rows.mutate(turn=turn, sequence=(place * _TURNS + turn).cast("int64")).drop("change")


def _with_first_stages(rows: ir.Table, people: People | None, traced: list[str]) -> ir.Table:
    """Say in which stage a record was created: what it was before the first change, or what it still is.

    Only of records whose changes of stage were traced; a second row that tells of a creation is set aside.
    """
    first = rows.filter((rows.turn == 1) & rows.object.isin(traced)).select(
        "object", "record", first=rows.before, moved=ibis.literal(True)
    )
    joined = rows.left_join(first, ["object", "record"], rname="{name}_again")
    stage = joined["first"]
    if people is not None:
        joined = joined.left_join(people.stored, ["object", "record"], rname="{name}_now")
        still = joined.moved.isnull() & joined.object.isin(traced)
        stage = ibis.ifelse(still, joined.stored, joined["first"])
    told = joined.mutate(stage=ibis.ifelse(joined.creation, stage, joined.stage)).select(rows.columns)
    once = told.creation & told.aside.isnull()
    order = [told.listed.desc(nulls_first=False), told.us, told.event_id]
    again = ibis.row_number().over(group_by=[told.object, told.record, once], order_by=order) > 0
    return told.mutate(aside=ibis.ifelse(once & again, "repeated_creation", told.aside))
