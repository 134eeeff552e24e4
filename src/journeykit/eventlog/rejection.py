"""Set aside the rows that can't be used, each for one reason, and count them in one pass.

Nothing is dropped in silence: what is set aside keeps its own columns and its reason,
and the reasons add up to the rows that were read.

May import: times, columns, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

import attrs
import ibis

from journeykit.eventlog import columns as names
from journeykit.eventlog.columns import EVENT_ATTRIBUTE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import ibis.expr.types as ir

    from journeykit.eventlog.times import Times

Reason: TypeAlias = Literal[
    "no_customer",
    "no_timestamp",
    "unreadable_timestamp",
    "timestamp_out_of_range",
    "no_touchpoint_or_stage",
    "repeated_event_id",
]
"""Why a row can't be used: the first of these that fits."""

REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
REPEATED: Final = REASONS.index("repeated_event_id")

_CODE: Final = "reason_code"
_FLAG: Final = "is:"
_RAW: Final = "raw:"
_RANK: Final = "rank_of_id"


@attrs.frozen(kw_only=True)
class LogCounts:
    """How many rows were read, used and set aside.

    Attributes:
        read: Rows of the source.
        used: Rows that are events.
        by_reason: Rows set aside, for each reason that occurs, in the order of `REASONS`.
    """

    read: int
    used: int
    by_reason: dict[Reason, int]

    @property
    def set_aside(self) -> int:
        """Rows that are no events."""
        return self.read - self.used


@attrs.frozen(kw_only=True)
class Judged:
    """A source whose every row has been judged, lazily.

    Attributes:
        source: The rows as they are.
        values: The columns that events have, by name.
        flags: What else is asked of a row, by name.
        fit: Whether the row is usable, as far as it tells by itself.
        code: The place of the row's reason in `REASONS`, null where it fits.
    """

    source: ir.Table
    values: dict[str, ir.Value]
    flags: dict[str, ir.BooleanValue]
    fit: ir.BooleanValue
    code: ir.IntegerValue

    @property
    def by_id(self) -> bool:
        """Whether events have ids, so that repeated ones are set aside."""
        return "event_id" in self.values


def judge(source: ir.Table, columns: Mapping[str, str], values: dict[str, ir.Column], times: Times) -> Judged:
    """Judge each row by itself; whether its event id is repeated is asked later, of usable rows only.

    Args:
        source: The rows as they are.
        columns: For each parameter of `events`, the column it names.
        values: The columns but for the timestamp, read (`columns.canonical`).
        times: The timestamp column, read.
    """
    named = [values[role].notnull() for role in ("touchpoint", "stage") if role in values]
    fit = values["customer"].notnull() & times.in_range & (named[0] | named[-1])
    code = ibis.cases(
        (values["customer"].isnull(), 0),
        (~times.given, 1),
        (~times.readable, 2),
        (times.in_range, 4),
        else_=3,
    )
    flags = {"own_zone": times.own_zone}
    for role in names.NUMBERS:
        if role in columns:
            flags[role] = names.unreadable_number(source[columns[role]])
    if "sequence" in values:
        flags["sequence"] = names.text(source[columns["sequence"]]).notnull() & values["sequence"].isnull()
    ordered = {"customer": values["customer"], "time_us": times.time_us} | values
    # Which reason it is waits for a row that does not fit.
    return Judged(source=source, values=ordered, flags=flags, fit=fit, code=ibis.ifelse(fit, None, code))


def usable(judged: Judged, *, flags: bool = False) -> ir.Table:
    """Keep the rows that can be used.

    Args:
        judged: Every row.
        flags: Whether the flags come along, as `is:<name>`.
    """
    asked = {_FLAG + name: flag for name, flag in judged.flags.items()} if flags else {}
    rows = judged.source.filter(judged.fit).select(**judged.values, **asked)
    if not judged.by_id:
        return rows
    ranked = _ranked(rows, judged)
    return ranked.filter(ranked[_RANK] == 0).drop(_RANK)


def flag(rows: ir.Table, name: str) -> ir.BooleanColumn:
    """Find a flag that `usable` brought along."""
    return rows[_FLAG + name]


def _ranked(rows: ir.Table, judged: Judged) -> ir.Table:
    """Number the rows of one event id from 0, in the order of the log; without an id each is the first."""
    known = ("time_us", "sequence", *names.ROLES, *_attributes(judged))
    order = [rows[name] for name in dict.fromkeys(known) if name in rows.columns] + _raw(rows)
    # Rows without an id would be one huge group: the customer cuts it up.
    lone = ibis.ifelse(rows.event_id.isnull(), rows.customer, None)
    number = ibis.row_number().over(group_by=[rows.event_id, lone], order_by=order)
    return rows.mutate(**{_RANK: ibis.ifelse(rows.event_id.isnull(), 0, number)})


def _attributes(judged: Judged) -> list[str]:
    return sorted(name for name in judged.values if name.startswith(EVENT_ATTRIBUTE))


def _raw(rows: ir.Table) -> list[ir.Column]:
    return [rows[name] for name in rows.columns if name.startswith(_RAW)]


def raw_names(source: ir.Table) -> dict[str, str]:
    """Name the source's columns as `set_aside` does: as they are, but its own `reason` is `source:reason`."""
    return {name: "source:" + name if name.lower() == "reason" else name for name in source.columns}


def set_aside(judged: Judged) -> ir.Table:
    """Keep the rows that can't be used: the source's columns, and `reason`."""
    source = judged.source
    raw = {_RAW + name: source[name] for name in source.columns}
    values = judged.values if judged.by_id else {}
    rows = source.select(**raw, **values, **{_CODE: judged.code})
    kept = {shown: _RAW + name for name, shown in raw_names(source).items()}
    reasons = list(enumerate(REASONS))
    alone = rows.filter(rows[_CODE].notnull())
    alone = alone.select(**kept, reason=alone[_CODE].cases(*reasons))
    if not judged.by_id:
        return alone
    ranked = _ranked(rows.filter(rows[_CODE].isnull()), judged)
    again = ranked.filter(ranked[_RANK] > 0)
    return alone.union(again.select(**kept, reason=ibis.literal(REASONS[REPEATED])))


def counting(judged: Judged) -> ir.Table:
    """Ask for all counts at once: at most a row a reason, and one for the usable rows.

    `event_ids` and `with_id` count ids and rows that have one: their difference is repeated.
    """
    asked = {"bad_sequence": judged.flags["sequence"]} if "sequence" in judged.flags else {}
    ids = {"event_id": judged.values["event_id"]} if judged.by_id else {}
    rows = judged.source.select(**{_CODE: judged.code}, **asked, **ids)
    counted = {"rows": rows.count()}
    if asked:
        counted["bad_sequence"] = rows.bad_sequence.sum()
    if ids:
        counted |= {"event_ids": rows.event_id.nunique(), "with_id": rows.event_id.count()}
    return rows.group_by(_CODE).aggregate(**counted)


def read_counts(rows: list[dict[str, Any]]) -> LogCounts:
    """Add up what `counting` answered."""
    found = {row[_CODE]: row["rows"] for row in rows}
    usable_rows = [row for row in rows if row[_CODE] is None]
    repeated = sum(row["with_id"] - row["event_ids"] for row in usable_rows if "with_id" in row)
    by_code = found | {REPEATED: repeated}
    return LogCounts(
        read=sum(found.values()),
        used=found.get(None, 0) - repeated,
        by_reason={reason: by_code[code] for code, reason in enumerate(REASONS) if by_code.get(code)},
    )
