"""Read when SuperOffice's sales entered their stages: each edit of a sale was saved as a row.

A row says what is so from its `updated` on; the last stage is open.  A sale that is sold,
lost or stalled is in the stage of that name, whatever its probability says.

May import: crm_tables, superoffice_tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from journeykit.builtin.readers.crm_tables import as_utc, stacked, time_us
from journeykit.builtin.readers.superoffice_tables import by_workflow, given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from journeykit.builtin.readers.crm_tables import CrmTable
    from journeykit.builtin.readers.superoffice_tables import Tables

CUSTOMERS: Final = ("sale", "contact", "person")
"""Who is the customer, the first by default; a contact is a company."""

ATTRIBUTES: Final[Mapping[str, str]] = {"source": "source", "saletype": "sale_type"}
"""Columns of sales that are told of their customers unasked."""

TAKEN: Final = ("customer", "stored_stage")
"""What customers are told otherwise."""

_OWN: Final = "attribute:"
"""Goes before the name of an attribute while it is among columns of ours."""

_IN_DATABASE: Final = {"source": "sourceid", "saletype": "saletypeid"}
"""Columns that the database has otherwise; its own `source` is another thing."""

_STATUS: Final = {"0": "Unknown", "1": "Open", "2": "Sold", "3": "Lost", "4": "Stalled"}
_SHAPE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("record", "customer", "timestamp", "probability", "status", "event_id"), "string"),
    **dict.fromkeys(("contact", "agent", "user", "aside"), "string"),
    "value": "float64",
    "sequence": "int64",
    **dict.fromkeys(("now", "numbered", "by_workflow"), "boolean"),
}


def read_sales(
    tables: Tables, *, customer: str, statuses: Sequence[str], attributes: Mapping[str, str]
) -> ir.Table:
    """Read every version of a sale, and every sale as it is now.

    Args:
        tables: The tables of the export.
        customer: One of `CUSTOMERS`.
        statuses: Statuses that are stages of their own.
        attributes: The columns to tell of customers, each plain spelling with the name to tell it by.

    Returns:
        One row a row of the tables: `customer`, `us`, `stage`, `now`, `told` and the columns of an event.
    """
    told = {plain: name for plain, name in attributes.items() if _tells(tables.sales, plain)}
    parts = [_laid_out(table, customer, told, now=False) for table in tables.history]
    parts += [_laid_out(table, customer, told, now=True) for table in tables.sales]
    rows = stacked(parts)
    rows = rows.mutate(us=time_us(rows.timestamp))
    rows = _with_stages(rows, tables.stages, [status.lower() for status in statuses])
    return _with_workflows(rows)


def sale_customers(rows: ir.Table) -> ir.Table:
    """Make one row a customer: of several sales, the one that was changed last."""
    now = rows.filter(rows.now & rows.customer.notnull())
    order = [now.us.desc(nulls_first=False), now.record.desc(), now.stage]
    numbered = now.mutate(turn=ibis.row_number().over(group_by=now.customer, order_by=order))
    first = numbered.filter(numbered.turn == 0)
    told = {name.removeprefix(_OWN): name for name in rows.columns if name.startswith(_OWN)}
    return first.select("customer", **told, stored_stage="stage")


def _tells(sales: Sequence[CrmTable], attribute: str) -> bool:
    return any(_attribute(table, attribute) in table.columns for table in sales)


def _attribute(table: CrmTable, attribute: str) -> str:
    """Find out how a table spells an attribute."""
    return _IN_DATABASE.get(attribute, attribute) if table.has("probabilityidx") else attribute


def _laid_out(table: CrmTable, customer: str, attributes: Mapping[str, str], *, now: bool) -> ir.Table:
    """Lay out rows of the database or of an archive provider; both say times in UTC."""
    in_database = table.has("probabilityidx")
    table = _dated(table)
    edited, when = table.flag("edited"), table.text("when")
    sale, number = table.text("saleid"), table.text("salehistid")
    editor = given(table, "updatedassociateid", "updatedby")
    first = given(table, "registeredassociateid", "registeredby")
    return table.rows(
        {**_SHAPE, **{_OWN + name: "string" for name in attributes.values()}},
        record=sale,
        customer=given(table, f"{customer}id"),
        timestamp=when,
        probability=given(table, "probabilityidx") if in_database else table.text("stage", "stagename"),
        status=table.text("status" if in_database else "salestatus"),
        event_id=sale + "@" + when if now else ibis.literal("salehist ") + number,
        contact=given(table, "personid"),
        agent=given(table, "associateid"),
        user=ibis.ifelse(edited, editor, first).coalesce(first),
        **{_OWN + name: given(table, _attribute(table, plain)) for plain, name in attributes.items()},
        value=table.number("amount"),
        sequence=number.try_cast("int64"),
        now=ibis.literal(now),
        numbered=ibis.literal(in_database),
        by_workflow=by_workflow(table),
    )


def _dated(table: CrmTable) -> CrmTable:
    """Say since when each row is so, and whether it is since somebody edited the sale."""
    updated, registered = (
        as_utc(table.text(*names)) for names in (("updated", "updateddate"), ("registered", "registereddate"))
    )
    # What was never edited has a date of no time, such as 1760 or 0001.
    edited = time_us(updated).notnull() | registered.isnull()
    return table.with_columns(
        when=ibis.ifelse(edited, updated, registered), edited=ibis.ifelse(edited, "true", "false")
    )


def _with_stages(rows: ir.Table, lists: Sequence[CrmTable], statuses: Sequence[str]) -> ir.Table:
    """Name the stages: by the list of them where it is there, else by their numbers."""
    if lists:
        names = stacked([one.table.select(key=one.text("probid"), called=one.text("name")) for one in lists])
        named = names.group_by("key").aggregate(called=names.called.max())
        joined = rows.left_join(named, rows.probability == named.key)
        stage = ibis.ifelse(joined.numbered, joined.called.coalesce(joined.probability), joined.probability)
        rows = joined.mutate(probability=stage).drop("key", "called")
    words = [(number, ibis.literal(word)) for number, word in _STATUS.items()]
    word = rows.status.cases(*words, else_=rows.status)
    stage = ibis.ifelse(word.lower().isin(statuses), word, rows.probability) if statuses else rows.probability
    return rows.mutate(stage=stage).drop("probability", "status", "numbered")


def _with_workflows(rows: ir.Table) -> ir.Table:
    """Say of a sale's first row that a workflow wrote it, where the sale says it was created by one."""
    made = rows.filter(rows.by_workflow).select("record", made=ibis.literal(True)).distinct()
    joined = rows.left_join(made, "record", rname="{name}_again")
    # Ranked, not numbered: what two exports both hold was written once.
    turn = ibis.rank().over(group_by=joined.record, order_by=[joined.us, joined.sequence])
    told = ibis.ifelse(joined.made & (turn == 0), "automation", None)
    return joined.mutate(told=told).select(*(name for name in rows.columns if name != "by_workflow"), "told")
