"""Say whose each Salesforce record is: a converted lead and its opportunity are one customer.

What the record tables say is joined to rows that name records; merged records are followed to
the one that is left.  No record is guessed to be somebody's: without a link it stays its own.

May import: crm_tables, salesforce_tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import ibis

from journeykit.builtin.readers.crm_tables import stacked, time_us

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import ibis.expr.types as ir

    from journeykit.builtin.readers.salesforce_tables import Found

CUSTOMERS: Final = ("opportunity", "account", "record")
"""Who is the customer, the first by default."""

_TEXT: Final = ("object", "record", "master", "opportunity", "account", "contact", "stage")
_SHAPE: Final[Mapping[str, str]] = {
    **dict.fromkeys(_TEXT, "string"),
    **dict.fromkeys(("created_us", "changed_us"), "int64"),
    **dict.fromkeys(("deleted", "current", "version"), "boolean"),
}
ATTRIBUTES: Final[Mapping[str, str]] = {"leadsource": "lead_source", "type": "type", "industry": "industry"}
"""Columns of the records that are told of their customers unasked."""

TAKEN: Final = ("customer", "stored_stage", "object")
"""What customers are told otherwise."""

_OWN: Final = "attribute:"
"""Goes before the name of an attribute while it is among columns of ours."""

_MERGES: Final = 3
"""So many times a record may be merged into another one, and be followed."""

_FIRST: Final = ("opportunity", "contract", "case", "lead")
"""Whose stage is the customer's where records of several kinds are one customer's."""


@attrs.frozen(kw_only=True)
class People:
    """What the record tables say.

    Attributes:
        whose: One row a record: `object`, `record`, `customer` (null where nothing says), `merged` (into
            another record) and `gone` (deleted, and not merged).
        stored: One row a record: `object`, `record`, `stored` (its stage now).
        customers: One row a customer, with `stored_stage`, or None where no table has stages.
    """

    whose: ir.Table
    stored: ir.Table
    customers: ir.Table | None


def read_people(
    found: Iterable[Found], *, customer: str, attributes: Mapping[str, str], keep_deleted: bool
) -> People | None:
    """Read the record tables; None where there is none.

    Args:
        found: The tables of the export.
        customer: One of `CUSTOMERS`.
        attributes: The columns to tell of customers, each plain spelling with the name to tell it by.
        keep_deleted: Whether deleted records have customers, too.
    """
    tables = [one for one in found if one.kind in {"records", "versions"}]
    if not tables:
        return None
    told = {plain: name for plain, name in attributes.items() if any(one.table.has(plain) for one in tables)}
    records = stacked([_records(one, told) for one in tables])
    whose = _whose(records, customer, merges=any(one.table.has("masterrecordid") for one in tables))
    kinds = sorted({one.object for one in tables if one.field})
    now = _current(records, kinds)
    stored = now.select("object", "record", stored=now.stage)
    names = sorted(told.values())
    customers = _customers(now, whose, names, keep_deleted=keep_deleted) if kinds else None
    return People(whose=whose, stored=stored, customers=customers)


def _records(one: Found, attributes: Mapping[str, str]) -> ir.Table:
    """Lay out a table of records; of a version, only the current one says how the record is now."""
    table, kind = one.table, one.object
    own = {"opportunity": table.text("convertedopportunityid") if kind == "lead" else ibis.null("string")}
    accounts = {"lead": ("convertedaccountid",), "account": ("id",)}
    ends = table.text("fivetranend")
    open_end = ends.isnull() | ends.startswith("9999")
    current = table.flag("fivetranactive") if table.has("fivetranactive") else open_end
    version = table.has("fivetranstart")
    return table.rows(
        {**_SHAPE, **{_OWN + name: "string" for name in attributes.values()}},
        **own,
        object=ibis.literal(kind),
        record=table.text("id"),
        master=table.text("masterrecordid"),
        account=table.text(*accounts.get(kind, ("accountid",))),
        contact=table.text("convertedcontactid") if kind == "lead" else ibis.null("string"),
        stage=table.text(one.field) if one.field else ibis.null("string"),
        created_us=time_us(table.text("createddate")),
        changed_us=time_us(table.text("fivetranstart", "systemmodstamp", "lastmodifieddate")),
        deleted=table.flag("isdeleted"),
        current=current if version else ibis.literal(True),
        version=ibis.literal(version),
        **{_OWN + name: table.text(plain) for plain, name in attributes.items()},
    )


def _whose(records: ir.Table, customer: str, *, merges: bool) -> ir.Table:
    """Find the customer of each record; without merges, each is the one that is left."""
    known = records.group_by(["object", "record"]).aggregate(
        **{name: records[name].max() for name in ("master", "opportunity", "account")},
        deleted=(records.deleted & records.current).any(),
    )
    known = _lasting(_rooted(known), known) if merges else known.mutate(root=known.record)
    told = known.select(
        "object",
        "record",
        customer=_customer(known, customer),
        merged=known.master.notnull(),
        gone=known.deleted & known.master.isnull(),
        by_lead=ibis.literal(False),
    )
    if customer == "record":
        return told.drop("by_lead")
    both = told.union(_contacts(records, customer))
    # What a contact says itself comes before what its leads say.
    owner = both.customer.argmin(both.by_lead, where=both.customer.notnull())
    return both.group_by(["object", "record"]).aggregate(
        customer=owner, merged=both.merged.any(), gone=both.gone.any()
    )


def _rooted(known: ir.Table) -> ir.Table:
    """Follow merged records to the one that is left, `root`."""
    merged = known.filter(known.master.notnull()).select("object", root="record", above="master")
    rooted = known.mutate(root=known.record)
    for _ in range(_MERGES):
        joined = rooted.left_join(merged, ["object", "root"], rname="{name}_again")
        rooted = joined.mutate(root=joined.above.coalesce(joined.root)).select(rooted.columns)
    return rooted


def _lasting(rooted: ir.Table, known: ir.Table) -> ir.Table:
    """Take what a merged record lacks from the one that is left; and of its account the one that is left."""
    roots = known.select("object", root="record", left_opportunity="opportunity", left_account="account")
    joined = rooted.left_join(roots, ["object", "root"], rname="{name}_again")
    opportunity = joined.opportunity.coalesce(joined.left_opportunity)
    account = joined.account.coalesce(joined.left_account)
    filled = joined.mutate(opportunity=opportunity, account=account).select(rooted.columns)
    accounts = rooted.filter(rooted.object == "account").select(account="record", account_left="root")
    joined = filled.left_join(accounts, "account", rname="{name}_again")
    return joined.mutate(account=joined.account_left.coalesce(joined.account)).select(rooted.columns)


def _customer(known: ir.Table, customer: str) -> ir.StringValue:
    if customer == "record":
        return known.record
    own = ibis.ifelse(known.object.isin(["contact", "account"]), None, known.root)
    return (known.opportunity if customer == "opportunity" else known.account).coalesce(own)


def _contacts(records: ir.Table, customer: str) -> ir.Table:
    """Say of each contact whose it is where all leads that became that contact have one customer."""
    leads = records.filter(records.contact.notnull())
    target = leads.account if customer == "account" else leads.opportunity
    counted = leads.group_by(record="contact").aggregate(one=target.max(), several=target.nunique())
    return counted.filter(counted.several == 1).select(
        object=ibis.literal("contact"),
        record="record",
        customer="one",
        merged=ibis.literal(False),
        gone=ibis.literal(False),
        by_lead=ibis.literal(True),
    )


def _current(records: ir.Table, kinds: list[str]) -> ir.Table:
    """Keep what is said of each record now, by the latest to say so."""
    now = records.filter(records.current & records.object.isin(kinds))
    latest = [now.version, now.changed_us.desc(nulls_first=False), now.stage]
    numbered = now.mutate(place=ibis.row_number().over(group_by=[now.object, now.record], order_by=latest))
    return numbered.filter(numbered.place == 0)


def _customers(now: ir.Table, whose: ir.Table, told: list[str], *, keep_deleted: bool) -> ir.Table:
    """Make one row a customer: of several records, the deal created last."""
    joined = now.drop("deleted").inner_join(whose, ["object", "record"])
    kept = joined.filter(joined.customer.notnull() & ~joined.merged)
    kept = kept if keep_deleted else kept.filter(~kept.gone)
    places = [(kind, place) for place, kind in enumerate(_FIRST)]
    order = [
        kept.object.cases(*places, else_=len(places)),
        kept.created_us.desc(nulls_first=False),
        kept.record.desc(),
    ]
    numbered = kept.mutate(turn=ibis.row_number().over(group_by=kept.customer, order_by=order))
    first = numbered.filter(numbered.turn == 0)
    attributes = {name: _OWN + name for name in told}
    return first.select("customer", **attributes, stored_stage="stage", object="object")
