"""Read Salesforce: when leads and opportunities entered their stages, and what was done with them.

The format "salesforce" of `journeykit.events`.  All of it is expressions over the tables.

May import: crm_tables, salesforce_tables, salesforce_people, salesforce_changes, salesforce_activities,
plugins.offers, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from journeykit.builtin.readers.crm_tables import (
    COLUMNS,
    WRITER_OPTIONS,
    as_events,
    choice,
    record_attributes,
    with_writers,
)
from journeykit.builtin.readers.salesforce_activities import KINDS, read_activities
from journeykit.builtin.readers.salesforce_changes import histories, read_changes
from journeykit.builtin.readers.salesforce_people import ATTRIBUTES, CUSTOMERS, TAKEN, read_people
from journeykit.builtin.readers.salesforce_tables import find_tables, nothing_found
from journeykit.errors import listed
from journeykit.plugins.offers import Reader, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from journeykit.builtin.readers.salesforce_tables import Found
    from journeykit.plugins.offers import SourceTable

FORMAT: Final = "salesforce"

_OPTIONS: Final[Mapping[str, str]] = {
    "customer": "who the customer is: 'opportunity' (a lead until there is one), 'account', or 'record'",
    "field": "the field that is the stage, where it is not StageName or Status: 'Rating', 'account.Rating'",
    "attributes": "more columns of the records to group customers by, with commas between",
    "deleted": "'aside' sets deleted records aside, 'keep' keeps them",
    "stage_changes": "'keep', or 'aside': stages then follow from the activities alone",
    **WRITER_OPTIONS,
}


def read(tables: Sequence[SourceTable], options: Mapping[str, str]) -> Reading:
    """Make events of the tables of an export.

    Args:
        tables: Its tables.
        options: As `READER` lists them.

    Raises:
        EventLogError: No table holds events, one lacks a column that it needs, or an option is no number.
        UnknownNameError: An option has a value that it can't have.
    """
    customer = choice(options, "customer", CUSTOMERS, FORMAT)
    keep_deleted = choice(options, "deleted", ("aside", "keep"), FORMAT) == "keep"
    stages = choice(options, "stage_changes", ("keep", "aside"), FORMAT) == "keep"
    found, unused = find_tables(tables, options)
    people = read_people(
        found,
        customer=customer,
        attributes=record_attributes(options, ATTRIBUTES, TAKEN),
        keep_deleted=keep_deleted,
    )
    used, doubled = histories(found)
    activities = [one for one in found if one.kind in KINDS]
    if not used and not activities:
        raise nothing_found(tables)
    parts = []
    if used:
        changes = read_changes(used, people, keep_deleted=keep_deleted)
        parts.append(as_events(changes if stages else _without_stages(changes), bulky=True))
    if activities:
        done = read_activities(activities, people, customer=customer, keep_deleted=keep_deleted)
        parts.append(as_events(done, bulky=False))
    return Reading(
        events=with_writers(parts, options),
        columns={name: name for name in COLUMNS},
        customers=people.customers if people else None,
        aside="aside",
        collapse=True,
        notes=tuple(_notes(used, doubled, unused)),
    )


def _without_stages(changes: ir.Table) -> ir.Table:
    """Set the stages that the CRM knows aside; that a record was created stays."""
    told = changes.stage.notnull() & ~changes.creation & changes.aside.isnull()
    return changes.mutate(
        aside=ibis.ifelse(told, "stage_change", changes.aside),
        stage=ibis.ifelse(changes.creation, None, changes.stage),
    )


def _notes(used: Sequence[Found], doubled: Sequence[Found], unused: Sequence[str]) -> Iterator[str]:
    """Say what whoever reads the answer has to know."""
    if any(one.kind == "versions" for one in used):
        yield "the first version of a record tells when it was first copied: its stage may have begun before"
    if doubled:
        names = listed(sorted(one.table.name for one in doubled), most=5)
        yield f"not read for stages, which another table tells better: {names}"
    if unused:
        yield f"not used: {listed(sorted(unused), most=5)}"


READER: Final = Reader(
    FORMAT,
    title="Salesforce: histories of stages and fields, also Fivetran's; converted leads; activities",
    read=read,
    options=_OPTIONS,
)
