"""Tell the tables of a SuperOffice export apart by their columns: of the database, or of archive providers.

May import: crm_tables, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import ibis

from journeykit.builtin.readers.crm_tables import CrmTable
from journeykit.errors import EventLogError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from journeykit.plugins.offers import SourceTable

_OF_SALE: Final = (
    *("stagename", "stagerank", "stageid", "daysinstage", "salecycle"),
    *("hasguide", "hasstakeholders", "createdbyworkflow"),
)
"""Columns that the provider of sales has, and that of their history has not."""

_CHANGED: Final = ("updated", "updateddate", "registered", "registereddate")
_WANTED: Final = (
    "SaleHist or sale (sale_id, probability_idx, updated); saleHistory or sale of an archive provider "
    "(saleId, stage, updatedDate); appointment (appointment_id, task_idx, activeDate). The lists Prob and "
    "Task name what is in them"
)
_SHOWN: Final = 5


@attrs.frozen(kw_only=True)
class Tables:
    """The tables of an export, by what they are.

    Attributes:
        history: One row a version of a sale: SaleHist, saleHistory.
        sales: One row a sale, as it is now.
        appointments: Appointments, tasks, calls and documents.
        stages: The list Prob: names of stages.
        tasks: The list Task: what kinds of appointment there are.
        unused: Names of the others.
    """

    history: tuple[CrmTable, ...]
    sales: tuple[CrmTable, ...]
    appointments: tuple[CrmTable, ...]
    stages: tuple[CrmTable, ...]
    tasks: tuple[CrmTable, ...]
    unused: tuple[str, ...]


def find_tables(sources: Sequence[SourceTable]) -> Tables:
    """Recognise the tables of an export.

    Raises:
        EventLogError: None of them holds events, or one lacks a column that it needs.
    """
    found: dict[str, list[CrmTable]] = {}
    for source in sources:
        table = CrmTable.of(source)
        found.setdefault(_kind(table), []).append(table)
    kinds = {
        name: tuple(found.get(name, ())) for name in ("history", "sales", "appointments", "stages", "tasks")
    }
    if not any(kinds[name] for name in ("history", "sales", "appointments")):
        shown = "; ".join(f"{one.name!r} with {listed(one.table.columns)}" for one in sources[:_SHOWN])
        more = f"; and {len(sources) - _SHOWN} more" if len(sources) > _SHOWN else ""
        raise EventLogError(f"no table of SuperOffice with events. Known are {_WANTED}. Found: {shown}{more}")
    return Tables(**kinds, unused=tuple(table.name for table in found.get("", ())))


def _kind(table: CrmTable) -> str:
    """Find out what a table is; the first that fits, "" where none does."""
    if table.has("appointmentid", "taskidx"):
        table.require({"activedate|doby|done": "activeDate, do_by or done"}, "appointment")
        return "appointments"
    if table.has("saleid") and table.has_any("probabilityidx", "stage", "stagename"):
        is_history = table.has("salehistid") or not table.has_any("probabilityidx", *_OF_SALE)
        kind = "SaleHist" if is_history else "sale"
        table.require({"|".join(_CHANGED): "updated (updatedDate)"}, kind)
        return "history" if is_history else "sales"
    if table.has("probid", "name"):
        return "stages"
    return "tasks" if table.has("taskid", "name", "recordtype") else ""


def given(table: CrmTable, *names: str) -> ir.StringValue:
    """Read ids, of which 0 is none."""
    return table.text(*names).nullif("0")


def by_workflow(table: CrmTable) -> ir.BooleanValue:
    """Tell what a workflow created; it is named, by its number or in words."""
    named = given(table, "createdbyworkflowid", "createdbyworkflow")
    return (named.lower() != "false").fill_null(ibis.literal(False))
