"""Set aside the rows that are no events, each for one reason.

Nothing is dropped in silence: what is set aside keeps its own columns and its reason.
A row that can't be used is a fault of the source; one that a reader or the caller does
not want is none.

May import: times, columns, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

import attrs
import ibis

from journeykit.eventlog import columns as names
from journeykit.eventlog.columns import EVENT_ATTRIBUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import ibis.expr.types as ir

    from journeykit.engines import Engine
    from journeykit.eventlog.times import Times

Reason: TypeAlias = Literal[
    "no_customer",
    "no_timestamp",
    "unreadable_timestamp",
    "timestamp_out_of_range",
    "no_touchpoint_or_stage",
    "unwanted_writer",
    "repeated_event_id",
    "same_stage",
]
"""Why a row is no event: the first of these that fits; a reader's own reasons come before them all."""

REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
UNWANTED: Final = REASONS.index("unwanted_writer")
REPEATED: Final = REASONS.index("repeated_event_id")
SAME_STAGE: Final = REASONS.index("same_stage")

NO_FAULTS: Final = frozenset({"unwanted_writer", "same_stage"})
"""Reasons of ours that say nothing against a row."""

CODE: Final = "reason_code"
"""Names the place of a row's reason in `REASONS`: null where there is none, -1 where it is the reader's."""

ASIDE: Final = "reason_of_reader"
"""Names the reader's own reason."""

_NAMES: Final = ("touchpoint", "stage")
"""One of these a row must have."""

_BY_READER: Final = -1
_FLAG: Final = "is:"
_RAW: Final = "raw:"
_RANK: Final = "rank_of_id"
_SAME: Final = "same_stage_again"


@attrs.frozen(kw_only=True)
class Unwanted:
    """Rows that are no events although nothing is wrong with them.

    Attributes:
        aside: The column of the source that holds the reader's own reasons, or None.
        writers: Writers whose rows are set aside.
        collapse: Whether a row that repeats its customer's stage is set aside.
    """

    aside: str | None = None
    writers: tuple[str, ...] = ()
    collapse: bool = False


@attrs.frozen(kw_only=True)
class Judged:
    """A source whose every row has been judged, lazily.

    Attributes:
        source: The rows as they are.
        values: The columns that events have, by name.
        flags: What else is asked of a row, by name.
        fit: Whether the row is usable, as far as it tells by itself.
        code: The place of the row's reason in `REASONS`, null where it fits, -1 where the reader has one.
        unwanted: Which rows are no events although they could be used.
        aside: The reader's own reason, null where it has none; None where no reader gives any.
        engine: What holds the rows.
        kept: The columns of the source as it was, by their names there; None: all, under these names.
    """

    source: ir.Table
    values: dict[str, ir.Value]
    flags: dict[str, ir.BooleanValue]
    fit: ir.BooleanValue
    code: ir.IntegerValue
    unwanted: Unwanted
    aside: ir.StringValue | None
    engine: Engine
    kept: Mapping[str, str] | None = None

    @property
    def is_laid_out(self) -> bool:
        """Whether `lay_out` made it, so that other rows have had their say, too."""
        return self.kept is not None

    @property
    def collapse(self) -> bool:
        """Whether rows that repeat their customer's stage are still to be set aside."""
        return self.unwanted.collapse and "stage" in self.values and not self.is_laid_out

    @property
    def by_id(self) -> bool:
        """Whether events have ids, and rows that repeat one are still to be set aside."""
        return "event_id" in self.values and not self.is_laid_out

    @property
    def raw(self) -> dict[str, ir.Column]:
        """The columns of the source as it was."""
        kept = self.kept or {name: name for name in self.source.columns}
        return {_RAW + name: self.source[column] for name, column in kept.items()}


def _unreadable(
    source: ir.Table, columns: Mapping[str, str], values: Mapping[str, ir.Column], engine: Engine
) -> dict[str, ir.BooleanValue]:
    """Tell of each column of numbers where there is a value that is none."""
    numbers = [role for role in names.NUMBERS if role in columns]
    flags = {role: names.unreadable_number(source[columns[role]], engine) for role in numbers}
    if "sequence" in values:
        flags["sequence"] = names.text(source[columns["sequence"]]).notnull() & values["sequence"].isnull()
    return flags


def judge(
    source: ir.Table,
    columns: Mapping[str, str],
    values: dict[str, ir.Column],
    times: Times,
    unwanted: Unwanted = Unwanted(),
    *,
    engine: Engine,
) -> Judged:
    """Judge each row by itself; what depends on other rows is asked later, of usable rows only.

    Args:
        source: The rows as they are.
        columns: For each parameter of `events`, the column it names.
        values: The columns but for the timestamp, read (`columns.canonical`).
        times: The timestamp column, read.
        unwanted: Which rows are no events although they could be used.
        engine: What holds the rows.
    """
    named = [names.is_told(values[role]) for role in _NAMES if role in values]
    happened = ibis.or_(*named)
    fit = names.is_told(values["customer"]) & times.in_range & happened
    reasons = [(values["customer"].isnull(), 0), (~times.given, 1), (~times.readable, 2)]
    if unwanted.writers:
        wanted = values["writer"].notin(unwanted.writers)
        fit &= wanted
        reasons.append((times.in_range & happened, UNWANTED))
    code = ibis.cases(*reasons, (times.in_range, 4), else_=3)
    aside = None
    if unwanted.aside is not None:
        aside = names.text(source[unwanted.aside])
        fit = aside.isnull() & fit
        code = ibis.ifelse(aside.isnull(), code, _BY_READER)
    # Which reason it is waits for a row that does not fit.
    return Judged(
        source=source,
        values={"customer": values["customer"], "time_us": times.time_us} | values,
        flags={"own_zone": times.own_zone} | _unreadable(source, columns, values, engine),
        fit=fit,
        code=ibis.ifelse(fit, None, code),
        unwanted=unwanted,
        aside=aside,
        engine=engine,
    )


def lay_out(judged: Judged, make: Callable[[ir.Table], ir.Table]) -> Judged:
    """Judge every row in the engine once: a reader's expressions are dear, and each question repeats them.

    Args:
        judged: What is to be laid out.
        make: Computes a table in the engine, and keeps it there.
    """
    flags = {_FLAG + name: flag for name, flag in judged.flags.items()}
    rows = judged.source.select(**judged.raw, **judged.values, **flags, **reasons_of(judged))
    table = make(with_later_reasons(rows, judged))
    return attrs.evolve(
        judged,
        source=table,
        values={name: table[name] for name in judged.values},
        flags={name: table[_FLAG + name] for name in judged.flags},
        fit=table[CODE].isnull(),
        code=table[CODE],
        aside=None if judged.aside is None else table[ASIDE],
        kept={name: _RAW + name for name in judged.source.columns},
    )


def usable(judged: Judged, *, flags: bool = False) -> ir.Table:
    """Keep the rows that can be used.

    Args:
        judged: Every row.
        flags: Whether the flags come along, as `is:<name>`.
    """
    asked = {_FLAG + name: flag for name, flag in judged.flags.items()} if flags else {}
    named = [role for role in _NAMES if role in judged.values]
    told = ["customer", *named] if len(named) == 1 else ["customer"]
    values = judged.values | {role: names.where_told(judged.values[role]) for role in told}
    return _split(judged.source.filter(judged.fit).select(**values, **asked), judged)[0]


def flag(rows: ir.Table, name: str) -> ir.BooleanColumn:
    """Find a flag that `usable` brought along."""
    return rows[_FLAG + name]


def _split(rows: ir.Table, judged: Judged) -> tuple[ir.Table, list[tuple[Reason, ir.Table]]]:
    """Split rows that fit by themselves into those that are used and those that other rows rule out."""
    ruled_out: list[tuple[Reason, ir.Table]] = []
    if judged.by_id:
        ranked = _ranked(rows, judged)
        ruled_out.append(("repeated_event_id", ranked.filter(ranked[_RANK] > 0)))
        rows = ranked.filter(ranked[_RANK] == 0).drop(_RANK)
    if judged.collapse:
        compared = _compared(rows, judged)
        ruled_out.append(("same_stage", compared.filter(compared[_SAME])))
        rows = compared.filter(~compared[_SAME]).drop(_SAME)
    return rows, ruled_out


def _ranked(rows: ir.Table, judged: Judged, *apart: ir.Value) -> ir.Table:
    """Number the rows of one event id from 0, in the order of the log; without an id each is the first."""
    # Rows without an id would be one huge group: the customer cuts it up.
    lone = ibis.ifelse(rows.event_id.isnull(), rows.customer, None)
    order = _order(rows, judged, "time_us", "sequence")
    number = ibis.row_number().over(group_by=[rows.event_id, lone, *apart], order_by=order)
    return rows.mutate(**{_RANK: ibis.ifelse(rows.event_id.isnull(), 0, number)})


def _compared(rows: ir.Table, judged: Judged, *apart: ir.Value) -> ir.Table:
    """Tell the rows whose customer is in their stage already; those without a stage change nothing."""
    order = _order(rows, judged, "time_us", "sequence", "stage")
    window = ibis.window(group_by=[rows.customer, rows.stage.isnull(), *apart], order_by=order)
    same = rows.stage.lag().over(window) == rows.stage
    return rows.mutate(**{_SAME: same.coalesce(ibis.literal(False))})


def _order(rows: ir.Table, judged: Judged, *first: str) -> list[ir.Value]:
    """List what orders rows: *first*, then every other column, so that no two runs differ."""
    attributes = sorted(name for name in judged.values if name.startswith(EVENT_ATTRIBUTE))
    known = dict.fromkeys((*first, *names.ROLES, *attributes))
    raw = [name for name in rows.columns if name.startswith(_RAW)]
    present = (name for name in (*known, *raw) if name in rows.columns)
    return [judged.engine.by_code_point(rows[name]) for name in present]


def raw_names(columns: Iterable[str]) -> dict[str, str]:
    """Name the source's columns as `set_aside` does: as they are, but its own `reason` is `source:reason`."""
    return {name: "source:" + name if name.lower() == "reason" else name for name in columns}


def set_aside(judged: Judged) -> ir.Table:
    """Keep the rows that are no events: the source's columns, and `reason`."""
    values = judged.values if judged.by_id or judged.collapse else {}
    rows = judged.source.select(**judged.raw, **values, **reasons_of(judged))
    kept = {shown: _RAW + name for name, shown in raw_names(judged.kept or judged.source.columns).items()}
    alone = rows.filter(rows[CODE].notnull())
    reason = alone[CODE].cases(*enumerate(REASONS))
    if judged.aside is not None:
        reason = alone[ASIDE].coalesce(reason)
    alone = alone.select(**kept, reason=reason)
    for name, ruled_out in _split(rows.filter(rows[CODE].isnull()), judged)[1]:
        alone = alone.union(ruled_out.select(**kept, reason=ibis.literal(name)))
    return alone


def reasons_of(judged: Judged) -> dict[str, ir.Value]:
    """Name what says why a row is set aside as far as it tells by itself."""
    return {CODE: judged.code} | ({} if judged.aside is None else {ASIDE: judged.aside})


def with_later_reasons(rows: ir.Table, judged: Judged) -> ir.Table:
    """Give the rows that others rule out their reason, too, among all rows, in the same pass."""
    if judged.by_id:
        rows = _ranked(rows, judged, rows[CODE].isnull())
        repeated = rows[CODE].isnull() & (rows[_RANK] > 0)
        rows = rows.mutate(**{CODE: ibis.ifelse(repeated, REPEATED, rows[CODE])}).drop(_RANK)
    if judged.collapse:
        rows = _compared(rows, judged, rows[CODE].isnull())
        same = rows[CODE].isnull() & rows[_SAME]
        rows = rows.mutate(**{CODE: ibis.ifelse(same, SAME_STAGE, rows[CODE])}).drop(_SAME)
    return rows
