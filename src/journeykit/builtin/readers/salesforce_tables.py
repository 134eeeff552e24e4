"""Tell the tables of a Salesforce export apart by their columns.

The API's own names and Fivetran's are one: spelling does not matter.  What is none of the
tables known is left out, and said to be.

May import: crm_tables, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from journeykit.builtin.readers.crm_tables import CrmTable, plain, several
from journeykit.errors import EventLogError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from journeykit.plugins.offers import SourceTable

STAGE_FIELDS: Final[Mapping[str, str]] = {
    "opportunity": "stagename",
    "lead": "status",
    "case": "status",
    "contract": "status",
}
"""The field that is the stage of a record, by the kind of record."""

PREFIXES: Final[Mapping[str, str]] = {
    "001": "account",
    "003": "contact",
    "006": "opportunity",
    "00Q": "lead",
    "500": "case",
}
"""What a Salesforce id begins with, by the kind of record it is of."""

HISTORY_KEYS: Final[Mapping[str, str]] = {
    "opportunityid": "opportunity",
    "leadid": "lead",
    "caseid": "case",
    "contractid": "contract",
    "contactid": "contact",
    "accountid": "account",
    "parentid": "record",
}
"""The column that names the record in a table of field changes, by the kind of record."""

_WANTED: Final = (
    "OpportunityHistory (OpportunityId, StageName, CreatedDate); LeadHistory, OpportunityFieldHistory, "
    "CaseHistory or their like (<Object>Id, Field, OldValue, NewValue, CreatedDate); Fivetran's history mode "
    "(id, stage_name or status, _fivetran_start); Opportunity, Lead or Case with CreatedDate; Task, Event or "
    "CampaignMember"
)
_SHOWN: Final = 5


@attrs.frozen
class Found:
    """A table that was recognised.

    Attributes:
        kind: "stages" (OpportunityHistory), "changes" (one row a field that changed), "versions" (one row a
            version of a record), "records", "tasks", "meetings" or "campaigns".
        object: The kind of record its rows are of.
        table: Its rows.
        field: The field that holds the stage.
    """

    kind: str
    object: str
    table: CrmTable
    field: str | None = None


def find_tables(
    tables: Sequence[SourceTable], options: Mapping[str, str]
) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """Recognise the tables of an export.

    Returns:
        Those that are known, and the names of those that are not used.

    Raises:
        EventLogError: One lacks a column that it needs.
    """
    fields = _stage_fields(options)
    looked = [CrmTable.of(source) for source in tables]
    found = [(table, _recognised(table, fields)) for table in looked]
    known = tuple(one for _, one in found if one is not None)
    return known, tuple(table.name for table, one in found if one is None)


def nothing_found(tables: Sequence[SourceTable]) -> EventLogError:
    """Say which tables are known, and what was found instead."""
    shown = "; ".join(f"{one.name!r} with {listed(one.table.columns)}" for one in tables[:_SHOWN])
    more = f"; and {len(tables) - _SHOWN} more" if len(tables) > _SHOWN else ""
    return EventLogError(f"no table of Salesforce with a time. Known are {_WANTED}. Found: {shown}{more}")


def _stage_fields(options: Mapping[str, str]) -> Mapping[str, str]:
    """Name the field that is the stage, by kind of record; a field without a kind is for those left."""
    told = [field.rpartition(".") for field in several(options, "field")]
    own = {plain(kind): plain(field) for kind, dot, field in told if dot}
    rest = [plain(field) for _, dot, field in told if not dot]
    known = {**dict.fromkeys(HISTORY_KEYS.values(), rest[0] if rest else ""), **STAGE_FIELDS, **own}
    return {kind: field for kind, field in known.items() if field}


def _recognised(table: CrmTable, fields: Mapping[str, str]) -> Found | None:
    """Find out what a table is; the first that fits."""
    if table.has("field") and table.has_any("newvalue", "oldvalue"):
        return _changes(table, fields)
    if table.has("fivetranstart", "id"):
        return _versions(table, fields)
    if table.has("opportunityid", "stagename"):
        table.require({"createddate": "CreatedDate"}, "OpportunityHistory")
        return Found("stages", "opportunity", table, fields["opportunity"])
    if table.has_any("whatid", "whoid"):
        if table.has_any("startdatetime", "activitydatetime"):
            return Found("meetings", "event", table)
        return Found("tasks", "task", table) if table.has_any("activitydate", "completeddatetime") else None
    if table.has("campaignid") and table.has_any("leadorcontactid", "hasresponded"):
        return Found("campaigns", "campaign", table)
    kind = _kind_of_record(table)
    return Found("records", kind, table, fields.get(kind)) if kind else None


def _changes(table: CrmTable, fields: Mapping[str, str]) -> Found | None:
    told = {
        "|".join(HISTORY_KEYS): "for the record, such as LeadId",
        "newvalue": "NewValue",
        "createddate": "CreatedDate",
    }
    table.require(told, "a history of fields")
    kind = next(kind for key, kind in HISTORY_KEYS.items() if table.has(key))
    return Found("changes", kind, table, fields[kind]) if kind in fields else None


def _versions(table: CrmTable, fields: Mapping[str, str]) -> Found | None:
    told = (kind for kind, field in fields.items() if kind not in STAGE_FIELDS and table.has(field))
    kind = _kind_of_record(table) or next(told, "record")
    if fields.get(kind) in table.columns:
        return Found("versions", kind, table, fields[kind])
    return Found("records", kind, table) if kind in {"account", "contact"} else None


def _kind_of_record(table: CrmTable) -> str | None:
    """Tell what kind of record the rows of a table are, by what no other kind has."""
    if not table.has("id"):
        return None
    if table.has("stagename"):
        return "opportunity"
    if table.has("status"):
        if table.has("casenumber"):
            return "case"
        if table.has_any("isconverted", "convertedopportunityid", "converteddate", "leadsource"):
            return "lead"
        return "contract" if table.has("contractnumber") else None
    if table.has("accountid") and table.has_any("lastname", "reportstoid"):
        return "contact"
    return "account" if table.has("name") and table.has_any("accountsource", "industry", "website") else None
