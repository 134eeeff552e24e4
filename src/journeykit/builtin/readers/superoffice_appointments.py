"""Read SuperOffice's appointments: meetings, calls, tasks and documents, as touchpoints.

What is only planned, was declined, or belongs to no sale is set aside.

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

_TODO, _NOTE, _DOCUMENT = "2", "3", "4"
_NO_ACTIVITY: Final = ("5", "8", "9")
"""Types of rows that are no activity: a saved report, drafts of mail merges."""

_COMPLETED: Final = "3"
_DECLINED: Final = ("4", "9", "10", "13")
"""Statuses: hidden, declined or cancelled."""

_CHANNELS: Final = (("1", "meeting"), ("2", "document"), ("3", "email"), ("4", "fax"), ("5", "phone"))
_INITIATORS: Final = (("1", "customer"), ("2", "company"))
_SHAPE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("record", "customer", "timestamp", "task", "kind", "event_id", "contact"), "string"),
    **dict.fromkeys(("agent", "user", "told", "aside"), "string"),
}


def read_appointments(tables: Tables, *, customer: str) -> ir.Table:
    """Read every appointment.

    Args:
        tables: The tables of the export.
        customer: Who is the customer: "sale", "contact" or "person".

    Returns:
        One row a row of the tables: `customer`, `us` and the columns of an event.
    """
    rows = stacked([_laid_out(table, customer) for table in tables.appointments])
    rows = _with_tasks(rows.mutate(us=time_us(rows.timestamp)), tables.tasks)
    lost = rows.aside.isnull() & rows.customer.isnull()
    return rows.mutate(aside=ibis.ifelse(lost, "other_record", rows.aside))


def _laid_out(source: CrmTable, customer: str) -> ir.Table:
    """Lay out appointments; when they take place is said in local time."""
    table = _dated(source)
    when = table.text("when")
    kind, status = table.text("type"), table.text("status")
    completed = _completed(table)
    appointment, mother = table.text("appointmentid"), given(table, "motherid")
    return table.rows(
        _SHAPE,
        record=appointment,
        customer=given(table, f"{customer}id"),
        timestamp=when,
        task=given(table, "taskidx"),
        kind=ibis.ifelse(given(table, "documentid").notnull(), _DOCUMENT, kind),
        event_id=ibis.literal("appointment ") + appointment,
        contact=given(table, "personid"),
        agent=given(table, "associateid"),
        user=given(table, "registeredassociateid"),
        told=ibis.ifelse(by_workflow(table), "automation", None),
        aside=ibis.cases(
            (kind.isin(_NO_ACTIVITY), "no_activity"),
            (status.isin(_DECLINED), "declined"),
            ((mother != appointment), "copy_for_invitee"),
            ((kind == _TODO) & ~completed, "not_completed"),
            (~completed & _ahead(source, when), "not_yet_held"),
        ),
    )


def _completed(table: CrmTable) -> ir.BooleanValue:
    return (table.text("status") == _COMPLETED).fill_null(ibis.literal(False))


def _dated(table: CrmTable) -> CrmTable:
    """Say when each took place, or is to."""
    planned = [table.text(name) for name in ("activedate", "doby")]
    # A date of no time, such as 1760, is no date.
    known = [ibis.ifelse(time_us(one).notnull(), one, None) for one in planned]
    done = table.text("done")
    when = ibis.coalesce(
        ibis.ifelse(_completed(table) & time_us(done).notnull(), done, None),
        *known,
        as_utc(table.text("registered")),
        *planned,
    )
    return table.with_columns(when=when)


def _ahead(table: CrmTable, when: ir.StringValue) -> ir.BooleanValue:
    """Tell what takes place after the newest row was written, which is about when the export was made."""
    written = [time_us(as_utc(table.text(name))) for name in ("registered", "updated") if table.has(name)]
    if not written:
        return ibis.literal(False)
    exported = table.table.aggregate(us=ibis.greatest(*written).max()).as_scalar()
    return (time_us(when) > exported).fill_null(ibis.literal(False))


def _with_tasks(rows: ir.Table, lists: Sequence[CrmTable]) -> ir.Table:
    """Name the touchpoints by the list of tasks; a document's kind is in another list."""
    is_document = (rows.kind == _DOCUMENT).fill_null(ibis.literal(False))
    rows = rows.mutate(task=ibis.ifelse(is_document, None, rows.task), is_document=is_document)
    if not lists:
        told = rows.mutate(
            called=ibis.null("string"), form=ibis.null("string"), direction=ibis.null("string")
        )
    else:
        texts = {"key": "taskid", "called": "name", "form": "recordtype", "direction": "direction"}
        tasks = stacked(
            [one.table.select(**{to: one.text(name) for to, name in texts.items()}) for one in lists]
        )
        named = tasks.group_by("key").aggregate(**{name: tasks[name].max() for name in list(texts)[1:]})
        told = rows.left_join(named, rows.task == named.key).drop("key")
    plain = ibis.cases(
        (told.is_document, "Document"), (told.kind == _NOTE, "Note"), else_=ibis.literal("Task ") + told.task
    )
    return told.mutate(
        touchpoint=told.called.coalesce(plain),
        channel=ibis.ifelse(told.is_document, "document", told.form.cases(*_CHANNELS)),
        initiator=told.direction.cases(*_INITIATORS),
    ).drop("called", "form", "direction", "is_document", "kind", "task")
