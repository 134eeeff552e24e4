"""Read what was done with whom in Salesforce: tasks, calendar events and campaigns, as touchpoints.

What is only planned, and what belongs to no deal or lead, is set aside.

May import: crm_tables, salesforce_tables, salesforce_people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from journeykit.builtin.readers.crm_tables import stacked, time_us
from journeykit.builtin.readers.salesforce_tables import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from journeykit.builtin.readers.crm_tables import CrmTable
    from journeykit.builtin.readers.salesforce_people import People
    from journeykit.builtin.readers.salesforce_tables import Found

KINDS: Final = ("tasks", "meetings", "campaigns")

_SHAPE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("timestamp", "touchpoint", "event_id", "contact", "channel", "initiator"), "string"),
    **dict.fromkeys(("agent", "user", "aside", "what", "who", "account"), "string"),
    "deleted": "boolean",
}
_WRITTEN: Final = ("fivetransynced", "systemmodstamp", "lastmodifieddate", "createddate")
_CHANNELS: Final = (
    ("email", "email"),
    ("call", "phone"),
    ("linkedin", "social_media"),
    ("meeting", "meeting"),
)
_DEALS: Final = tuple(prefix for prefix, kind in PREFIXES.items() if kind in {"opportunity", "lead", "case"})


def read_activities(
    found: Sequence[Found], people: People | None, *, customer: str, keep_deleted: bool
) -> ir.Table:
    """Read every task, calendar event and campaign member.

    Args:
        found: These tables of the export.
        people: What the record tables say.
        customer: Who is the customer: "opportunity", "account" or "record".
        keep_deleted: Whether deleted activities, and those of deleted records, are events.

    Returns:
        One row a row of the tables: `customer`, `record`, `us` and the columns of an event.
    """
    read = {"tasks": _tasks, "meetings": _meetings, "campaigns": _campaigns}
    rows = stacked([read[one.kind](one.table) for one in found])
    rows = rows.mutate(us=time_us(rows.timestamp))
    by_account = customer == "account"
    asked = ("account", "what", "who") if by_account else ("what", "who")
    for name in asked:
        rows = _looked_up(rows, name, people)
    customers = [rows[f"{name}_customer"] for name in asked]
    if by_account:
        customers.append(rows.account)
    alone = (*_DEALS, *(["001"] if by_account else []))
    own = [ibis.ifelse(rows[name].substr(0, 3).isin(alone), rows[name], None) for name in ("what", "who")]
    owner = ibis.coalesce(*customers, *own)
    gone = ibis.or_(*(rows[f"{name}_gone"].fill_null(ibis.literal(False)) for name in asked))
    aside = ibis.cases(
        (rows.aside.notnull(), rows.aside),
        ((rows.deleted | gone) & ibis.literal(not keep_deleted), "deleted"),
        (owner.isnull(), "other_record"),
    )
    return rows.mutate(customer=owner, record=ibis.coalesce(*own, rows.what, rows.who), aside=aside)


def _tasks(table: CrmTable) -> ir.Table:
    """Read tasks: completed when they say so, else on the day they were due."""
    done = table.flag("isclosed") if table.has("isclosed") else table.text("status").lower() == "completed"
    done |= table.text("completeddatetime").notnull()
    call = table.text("calltype").lower()
    return _laid_out(
        table,
        kind="Task",
        timestamp=table.text("completeddatetime", "activitydate", "createddate"),
        subtype="tasksubtype",
        initiator=ibis.cases((call == "inbound", "customer"), (call == "outbound", "company")),
        aside=ibis.ifelse(done.fill_null(ibis.literal(False)), None, "not_completed"),
    )


def _meetings(table: CrmTable) -> ir.Table:
    """Read calendar events; what begins after the export was made has not happened."""
    begun = table.text("startdatetime", "activitydatetime", "activitydate")
    written = [time_us(table.text(name)) for name in _WRITTEN if table.has(name)]
    planned = ibis.literal(False)
    if written:
        exported = table.table.aggregate(us=ibis.greatest(*written).max()).as_scalar()
        planned = (time_us(begun) > exported).fill_null(ibis.literal(False))
    return _laid_out(
        table,
        kind="Event",
        timestamp=begun,
        subtype="eventsubtype",
        aside=ibis.cases((table.flag("ischild"), "copy_for_invitee"), (planned, "not_yet_held")),
    )


def _campaigns(table: CrmTable) -> ir.Table:
    """Read members of campaigns: when they first responded, else when they were added.

    A response has a date only: where the member was added on that day, the response came no earlier.
    """
    responded, added = table.text("firstrespondeddate"), table.text("createddate")
    answered = responded.notnull() & (
        table.flag("hasresponded") | ibis.literal(not table.has("hasresponded"))
    )
    same_day = responded.substr(0, 10) == added.substr(0, 10)
    when = ibis.ifelse(answered & ~same_day.fill_null(ibis.literal(False)), responded, added)
    return table.rows(
        _SHAPE,
        timestamp=when.coalesce(responded),
        touchpoint=ibis.ifelse(answered, "Campaign response", "Campaign member"),
        event_id=table.text("id"),
        contact=table.text("contactid", "leadid", "leadorcontactid"),
        initiator=ibis.ifelse(answered, "customer", "company"),
        user=table.text("createdbyid"),
        who=table.text("leadid", "contactid", "leadorcontactid"),
        account=table.text("accountid"),
        deleted=table.flag("isdeleted"),
    )


def _laid_out(table: CrmTable, *, kind: str, subtype: str, **told: ir.Value) -> ir.Table:
    """Lay out what tasks and calendar events have in common."""
    name = table.text("type", subtype).coalesce(ibis.literal(kind))
    words = table.text(subtype).fill_null("") + " " + table.text("type").fill_null("")
    channels = [(words.lower().contains(word), channel) for word, channel in _CHANNELS]
    who = table.text("whoid")
    return table.rows(
        _SHAPE,
        touchpoint=name,
        event_id=table.text("id"),
        contact=who,
        channel=ibis.cases(*channels, else_="meeting" if kind == "Event" else None),
        agent=table.text("ownerid"),
        user=table.text("createdbyid"),
        what=table.text("whatid"),
        who=who,
        account=table.text("accountid"),
        deleted=table.flag("isdeleted"),
        **told,
    )


def _looked_up(rows: ir.Table, name: str, people: People | None) -> ir.Table:
    """Say whose the record is that a column names."""
    if people is None:
        nothing = {f"{name}_customer": ibis.null("string"), f"{name}_gone": ibis.literal(False)}
        return rows.mutate(**nothing)
    prefixes = [(prefix, ibis.literal(kind)) for prefix, kind in PREFIXES.items()]
    keyed = rows.mutate(kind=rows[name].substr(0, 3).cases(*prefixes, else_=None))
    told = people.whose.select(
        kind="object", **{name: "record", f"{name}_customer": "customer", f"{name}_gone": "gone"}
    )
    joined = keyed.left_join(told, ["kind", name], rname="{name}_again")
    return joined.drop("kind", "kind_again", f"{name}_again")
