"""Lay out the rows of each shape of a HubSpot export alike: one for each stage that a record entered.

Arrays of JSON are unnested by the engine; no row is read into Python.

May import: builtin.readers.{crm_tables,hubspot_shapes}, engines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from journeykit.builtin.readers import hubspot_shapes as shapes
from journeykit.builtin.readers.crm_tables import NOTHING, CrmTable, stacked
from journeykit.engines import json_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import ibis.expr.types as ir

ROWS: Final = {
    "record": "string",
    "entered_at": "string",
    "stage_id": "string",
    "written_by": "string",
    "property": "string",
    "number": "int64",
    "lost": "string",
}
"""What a row says: who entered which stage when, who wrote it, of which property, in which place of a list;
and why it is no event, or null."""

SOURCES: Final = ("sourcetype", "source", "changesource")
DELETED: Final = ("fivetrandeleted", "isdeleted", "archived", "deleted")

_MILLISECONDS: Final = r"^\d{11,14}$"


def event_rows(chosen: shapes.Chosen, property_name: str | None) -> ir.Table:
    """Make the rows of the tables that were chosen.

    Args:
        chosen: The tables.
        property_name: The property that holds the stage; None: whichever a record has.
    """
    names = possible(property_name)
    makers: Mapping[shapes.Shape, Callable[[CrmTable], ir.Table]] = {
        "json": lambda table: _of_json(table, names),
        "deal_stage": _of_deal_stage,
        "history": lambda table: _of_history(table, chosen.thing, names),
        "wide": lambda table: _of_wide(table, chosen.thing),
    }
    return stacked([makers[chosen.shape](table) for table in chosen.histories])


def possible(property_name: str | None) -> tuple[str, ...]:
    """Name the properties that may hold the stage."""
    return (property_name,) if property_name else tuple(dict.fromkeys(shapes.PROPERTIES.values()))


def _of_history(table: CrmTable, thing: str, names: Sequence[str]) -> ir.Table:
    """Read a property history as Airbyte and Fivetran write it."""
    told = table.text(*shapes.NAMES)
    value = table.text("value")
    lost = ibis.cases(
        (table.flag(*DELETED), "deleted"),
        (told.isnull() | told.notin(names), "other_property"),
        (value.isnull(), "cleared"),
    )
    return table.rows(
        ROWS,
        record=table.text(*shapes.IDS[thing]),
        entered_at=_moment(table.text(*shapes.TIMES)),
        stage_id=value,
        written_by=table.text(*SOURCES),
        property=told,
        lost=lost,
    )


def _of_deal_stage(table: CrmTable) -> ir.Table:
    """Read Fivetran's table of the stages of deals."""
    value = table.text("value")
    return table.rows(
        ROWS,
        record=table.text("dealid"),
        entered_at=_moment(table.text("dateentered")),
        stage_id=value,
        written_by=table.text(*SOURCES),
        property=ibis.literal("dealstage"),
        lost=ibis.cases((table.flag(*DELETED), "deleted"), (value.isnull(), "cleared")),
    )


def _of_wide(table: CrmTable, thing: str) -> ir.Table:
    """Read a list with one row a record: each date of entry becomes a row."""
    entries = {
        stage: _moment(ibis.coalesce(*(_cell(table, column) for column in columns)))
        for stage, columns in shapes.entered_columns(table).items()
    }
    kept = {"record": record_id(table, thing), "deleted": table.flag(*DELETED)}
    # Numbered, for a stage may be called as the columns that are kept.
    numbered = {f"entry {place}": entry for place, entry in enumerate(entries.values())}
    places = dict(zip(numbered, entries, strict=True))
    wide = table.table.select(**kept, **numbered)
    long = wide.pivot_longer(
        list(numbered), names_to="stage_id", values_to="entered_at", names_transform=places.get
    )
    long = long.filter(long.entered_at.notnull())
    laid = CrmTable(table.name, long, {})
    return laid.rows(
        ROWS,
        record=long.record,
        entered_at=long.entered_at,
        stage_id=long.stage_id,
        lost=ibis.ifelse(long.deleted, "deleted", NOTHING),
    )


def _of_json(table: CrmTable, names: Sequence[str]) -> ir.Table:
    """Read objects of the API, whose histories are arrays, the newest entry first."""
    objects = objects_of(table)
    history = ibis.coalesce(*(json_values.json_member(objects.history, name) for name in names))
    told = ibis.cases(*((json_values.json_member(objects.history, name).notnull(), name) for name in names))
    listed = objects.select("record", "deleted", property=told, entry=history.array)
    rows = listed.unnest("entry", offset="place", keep_empty=True)
    value = json_values.json_text(rows.entry, "value").nullif("")
    lost = ibis.cases(
        (rows.deleted, "deleted"),
        (rows.entry.isnull(), "no_history"),
        (value.isnull(), "cleared"),
    )
    return CrmTable(table.name, rows, {}).rows(
        ROWS,
        record=rows.record,
        entered_at=_moment(json_values.json_text(rows.entry, "timestamp")),
        stage_id=value,
        written_by=ibis.coalesce(
            json_values.json_text(rows.entry, "sourceType"), json_values.json_text(rows.entry, "source")
        ),
        property=rows.property,
        number=-rows.place,
        lost=lost,
    )


def objects_of(table: CrmTable) -> ir.Table:
    """Find the objects of a file: one each row, or many in each page of the API."""
    if table.has("propertieswithhistory"):
        return table.table.select(
            record=table.text(*shapes.ANY_ID),
            deleted=table.flag("archived"),
            history=_json(table, "propertieswithhistory"),
            now=_json(table, "properties"),
        )
    pages = table.table.select(item=_json(table, "results").array)
    items = pages.unnest("item")
    return items.select(
        record=json_values.json_text(items.item, "id"),
        deleted=(json_values.json_text(items.item, "archived") == "true").fill_null(ibis.literal(False)),
        history=json_values.json_member(items.item, "propertiesWithHistory"),
        now=json_values.json_member(items.item, "properties"),
    )


def _json(table: CrmTable, name: str) -> ir.JSONValue:
    """Read a column as JSON, whether it is that, text, or a record of a frame."""
    if name not in table.columns:
        return ibis.null("json")
    column = table.table[table.columns[name]]
    return column if column.type().is_json() else column.try_cast("json")


def record_id(table: CrmTable, thing: str) -> ir.StringValue:
    """Read whose row it is."""
    return table.text(*shapes.IDS.get(thing, ()), *shapes.ANY_ID)


def _cell(table: CrmTable, column: str) -> ir.StringValue:
    return CrmTable(table.name, table.table, {"it": column}).text("it")


def _moment(text: ir.StringValue) -> ir.StringValue:
    """Write milliseconds since 1970, which some connectors leave, as the time that they are."""
    number = text.re_search(_MILLISECONDS).ifelse(text, NOTHING).try_cast("int64")
    moment = number.as_timestamp("ms").cast("string") + "Z"
    return number.isnull().ifelse(text, moment)
