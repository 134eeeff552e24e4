"""Tell the tables of a HubSpot export apart by their columns, and choose those that hold the stages.

What people hand over is a file of the API, the tables of Airbyte or Fivetran, or the
list that HubSpot itself exports.  A folder holds many tables; most have no stages.

May import: builtin.readers.crm_tables, eventlog, errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from journeykit.builtin.readers.crm_tables import CrmTable, plain
from journeykit.errors import EventLogError, UnknownNameError, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from journeykit.plugins.offers import SourceTable

Shape: TypeAlias = Literal["json", "deal_stage", "history", "wide"]

SHAPES: Final[tuple[Shape, ...]] = ("json", "deal_stage", "history", "wide")
"""How stages are written, the most telling first: only the wide one has lost steps back."""

PROPERTIES: Final = {
    "contacts": "lifecyclestage",
    "companies": "lifecyclestage",
    "deals": "dealstage",
    "tickets": "hs_pipeline_stage",
}
"""The property that holds the stage, by object."""

ID_COLUMNS: Final = {
    "contacts": "contact_id",
    "companies": "company_id",
    "deals": "deal_id",
    "tickets": "ticket_id",
    "": "record_id",
}
"""The column of the customer in what the reader makes, by object; "" is one that nothing tells."""

IDS: Final = {
    "contacts": ("contactid", "vid"),
    "companies": ("companyid",),
    "deals": ("dealid",),
    "tickets": ("ticketid",),
}
ANY_ID: Final = ("hsobjectid", "recordid", "id", "objectid")
TIMES: Final = ("timestamp", "timestampinstant", "changedat")
NAMES: Final = ("property", "name", "propertyname")
STORED: Final = ("dealpipelinestageid", "lifecyclestage", "dealstage", "hspipelinestage")
PREFIXES: Final = ("property", "properties")

_PREFIX: Final = r"^(?:propert(?:y|ies)[_.])?"
ENTERED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_PREFIX}hs_v2_date_entered_(?!current_stage$)(.+)$",
        rf"{_PREFIX}hs_date_entered_(?!current_stage$)(.+)$",
        rf"{_PREFIX}hs_lifecyclestage_(.+)_date$",
        r"^date entered [\"'\u201c](.+?)(?: \(lifecycle stage pipeline\))?[\"'\u201d]$",
    )
)
"""How the wide export calls the column of when a record entered a stage; of several the first counts."""

_WORDS: Final = {"contacts": "contact", "companies": "compan", "deals": "deal", "tickets": "ticket"}
_LISTED: Final = 6


@attrs.frozen
class Found:
    """A table that holds stages.

    Attributes:
        table: The table.
        shape: How it writes them.
        thing: The object that has them, "" where nothing tells.
    """

    table: CrmTable
    shape: Shape
    thing: str


@attrs.frozen(kw_only=True)
class Chosen:
    """What to read.

    Attributes:
        thing: The object, "" where nothing tells.
        shape: How its stages are written.
        histories: The tables that hold them.
        records: Tables with a row a record: its stage of now, and what else is known.
        stages: Tables of the stages of pipelines.
        pipelines: Tables of pipelines.
        unused: Names of the other tables.
    """

    thing: str
    shape: Shape
    histories: tuple[CrmTable, ...]
    records: tuple[CrmTable, ...]
    stages: tuple[CrmTable, ...]
    pipelines: tuple[CrmTable, ...]
    unused: tuple[str, ...]


def choose(tables: Sequence[SourceTable], options: Mapping[str, str]) -> Chosen:
    """Choose the tables to read.

    Args:
        tables: All there are.
        options: "object" and "property", where the caller says.

    Raises:
        UnknownNameError: There is no such object.
        EventLogError: No table holds stages, or several objects have them.
    """
    looked = [CrmTable.of(table) for table in tables]
    wanted = _wanted(options)
    found = [one for table in looked for one in _found(table)]
    thing = _one_thing(found, wanted, looked)
    fitting = [one for one in found if one.thing in {thing, ""}]
    own_property = options.get("property", PROPERTIES.get(thing)) == PROPERTIES.get(thing)
    shapes = {one.shape for one in fitting if own_property or one.shape in {"json", "history"}}
    if not shapes:
        raise _nothing(looked, f"a history of the property {options['property']!r}")
    shape = next(one for one in SHAPES if one in shapes)
    histories = tuple(one.table for one in fitting if one.shape == shape)
    records = tuple(table for table in looked if _is_record(table, thing))
    stages = tuple(table for table in looked if table.has("stageid", "label"))
    pipelines = tuple(table for table in looked if table.has("pipelineid", "label") and table not in stages)
    used = {id(table) for table in (*histories, *records, *stages, *pipelines)}
    return Chosen(
        thing=thing,
        shape=shape,
        histories=histories,
        records=records,
        stages=stages,
        pipelines=pipelines,
        unused=tuple(table.name for table in looked if id(table) not in used),
    )


def _wanted(options: Mapping[str, str]) -> str | None:
    wanted = options.get("object")
    if wanted is not None and wanted not in PROPERTIES:
        raise UnknownNameError("object", wanted, PROPERTIES, where="the reader of 'hubspot'")
    return wanted


def _one_thing(found: Sequence[Found], wanted: str | None, looked: Sequence[CrmTable]) -> str:
    """Tell whose stages to read."""
    things = [thing for thing in PROPERTIES if any(one.thing == thing for one in found)]
    if wanted is not None:
        if wanted in things or any(not one.thing for one in found):
            return wanted
        raise _nothing(looked, f"stages of {wanted}")
    if len(things) > 1:
        how = f"say whose to read with the option object, such as object={things[-1]}"
        raise EventLogError(f"the tables hold stages of {listed(things)}: {how}")
    if not found:
        raise _nothing(looked, "stages")
    return things[0] if things else ""


def _nothing(looked: Sequence[CrmTable], what: str) -> EventLogError:
    """Say what was looked for, and what there is."""
    seen = "; ".join(
        f"{table.name!r} has {listed(table.table.columns, most=_LISTED)}" for table in looked[:_LISTED]
    )
    more = f"; and {len(looked) - _LISTED} tables more" if len(looked) > _LISTED else ""
    return EventLogError(
        f"no table holds {what} as HubSpot exports them: JSON with propertiesWithHistory, a property history "
        "(contact_id or contactId, ..., property or name, value, timestamp), deal_stage (deal_id, value, "
        f"date_entered), or columns such as hs_v2_date_entered_lead. There is: {seen}{more}"
    )


def _found(table: CrmTable) -> Iterator[Found]:
    """Tell whether a table holds stages, and how."""
    thing = _thing(table)
    if table.has("propertieswithhistory") or _has_pages(table):
        yield Found(table, "json", thing)
    elif table.has("dealid", "value", "dateentered"):
        yield Found(table, "deal_stage", "deals")
    elif table.has("value") and table.has_any(*TIMES) and table.has_any(*NAMES):
        if thing and table.has_any(*IDS[thing]):
            yield Found(table, "history", thing)
    elif entered_columns(table):
        yield Found(table, "wide", thing)


def _has_pages(table: CrmTable) -> bool:
    """Tell whether it has pages of the API, and no column of that name by chance."""
    if not table.has("results"):
        return False
    kind = table.table[table.columns["results"]].type()
    return bool(kind.is_json() or kind.is_nested())


def _thing(table: CrmTable) -> str:
    """Tell which object a table is of: by its ids, else by what only one has, else by its name."""
    by_id = [thing for thing, names in IDS.items() if table.has_any(*names)]
    if len(by_id) == 1:
        return by_id[0]
    for thing, name in (("deals", "dealstage"), ("tickets", "hspipelinestage"), ("deals", "dealname")):
        if table.has_any(*spelled(name)):
            return thing
    file = table.name.lower()
    by_name = [thing for thing, word in _WORDS.items() if word in file]
    return by_name[0] if len(by_name) == 1 else ""


def _is_record(table: CrmTable, thing: str) -> bool:
    """Tell whether a table has a row a record: of its object, with an id and what is stored of it."""
    if any(table.has_any(*names) for other, names in IDS.items() if other != thing):
        return False
    if any(_found(table)) and not entered_columns(table):
        return False
    if table.has("stageid") or not table.has_any(*ANY_ID, *IDS.get(thing, ())):
        return False
    stored = any(table.has_any(*spelled(name)) for name in STORED)
    return _thing(table) == thing and (stored or table.has_any("isdeleted", "fivetrandeleted", "archived"))


def spelled(name: str) -> tuple[str, ...]:
    """Give the plain spellings of a property as a column: alone, and as Fivetran and Airbyte write it."""
    return (plain(name), *(prefix + plain(name) for prefix in PREFIXES))


def entered_columns(table: CrmTable) -> dict[str, tuple[str, ...]]:
    """Find the columns of when a record entered each stage, the most telling first, by stage."""
    found: dict[str, tuple[str, ...]] = {}
    for pattern in ENTERED:
        for column in table.table.columns:
            if match := pattern.match(column):
                found[match[1]] = (*found.get(match[1], ()), column)
    return found
