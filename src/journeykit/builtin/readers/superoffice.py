"""Read SuperOffice: when sales entered their stages, and what was done with them.

The format "superoffice" of `journeykit.events`.  All of it is expressions over the tables.

May import: crm_tables, superoffice_tables, superoffice_sales, superoffice_appointments, plugins.offers,
errors.
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
    several,
    with_writers,
)
from journeykit.builtin.readers.superoffice_appointments import read_appointments
from journeykit.builtin.readers.superoffice_sales import (
    ATTRIBUTES,
    CUSTOMERS,
    TAKEN,
    read_sales,
    sale_customers,
)
from journeykit.builtin.readers.superoffice_tables import find_tables
from journeykit.errors import listed
from journeykit.plugins.offers import Reader, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from journeykit.builtin.readers.superoffice_tables import Tables
    from journeykit.plugins.offers import SourceTable

FORMAT: Final = "superoffice"

_STATUSES: Final = "Sold,Lost,Stalled"
_OPTIONS: Final[Mapping[str, str]] = {
    "customer": "who the customer is: 'sale', 'contact' (the company) or 'person'",
    "status_stages": f"statuses that are stages of their own, with commas between: {_STATUSES!r} unless said",
    "attributes": "more columns of sales to group customers by, with commas between",
    "stage_changes": "'keep', or 'aside': stages then follow from the appointments alone",
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
    stages = choice(options, "stage_changes", ("keep", "aside"), FORMAT) == "keep"
    found = find_tables(tables)
    parts, customers = [], None
    if found.history or found.sales:
        sales = read_sales(
            found,
            customer=customer,
            statuses=several(options, "status_stages", _STATUSES),
            attributes=record_attributes(options, ATTRIBUTES, TAKEN),
        )
        customers = sale_customers(sales) if found.sales else None
        parts.append(as_events(sales if stages else _without_stages(sales), bulky=True))
    if found.appointments:
        parts.append(as_events(read_appointments(found, customer=customer), bulky=False))
    return Reading(
        events=with_writers(parts, options),
        columns={name: name for name in COLUMNS},
        customers=customers,
        aside="aside",
        collapse=True,
        notes=tuple(_notes(found)),
    )


def _without_stages(sales: ir.Table) -> ir.Table:
    return sales.mutate(aside=ibis.ifelse(sales.stage.notnull(), "stage_change", sales.aside))


def _notes(found: Tables) -> Iterator[str]:
    """Say what whoever reads the answer has to know."""
    if found.sales and not found.history:
        yield (
            "without SaleHist, each sale is seen in its present stage only, at the time it was edited last: "
            "export that, too"
        )
    numbered = any(table.has("probabilityidx") for table in (*found.history, *found.sales))
    if numbered and not found.stages:
        yield "without the list Prob (Prob_id, name), stages have numbers for names"
    if found.appointments and not found.tasks:
        yield "without the list Task (Task_id, name, record_type), appointments have numbers for names"
    if found.unused:
        yield f"not used: {listed(sorted(found.unused), most=5)}"


READER: Final = Reader(
    FORMAT,
    title="SuperOffice: SaleHist and sale, of the database or of archive providers; appointments",
    read=read,
    options=_OPTIONS,
)
