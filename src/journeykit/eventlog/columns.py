"""Name the columns once: which parameter of `events` reads which column, and as what.

The relation that comes out has the same names and meanings whatever the source calls
them: `customer`, `time_us`, then only what was given.  An empty text is null, and so is
a NaN; what should be a number and is none becomes null and is counted.

May import: engines (types only), errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops

from journeykit.errors import EventLogError, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import ibis.expr.types as ir

    from journeykit.engines import Engine

EVENT_ATTRIBUTE: Final = "attribute:"
"""Goes before the name of an attribute in the relation of events."""

ROLES: Final = (
    *("customer", "timestamp", "touchpoint", "stage", "sequence", "event_id", "contact"),
    *("channel", "device", "department", "initiator", "agent", "sentiment", "value", "writer"),
)
"""The parameters of `events` that name a column, in their order, which breaks ties."""

IDENTIFIERS: Final = frozenset({"customer", "event_id", "contact"})
NUMBERS: Final = ("sentiment", "value")

UNKNOWN_WRITER: Final = "unknown"
"""Stands for the writer of a row that names none."""

_TEXT_FILE: Final = re.compile(r"(?i)\.(csv|tsv|txt)(\.gz)?['\"]$")
_SEQUENCE: Final = dt.Decimal(38, 12)
"""Holds 19-digit ids exactly, which a float would turn into ties."""


def require_columns(wanted: Mapping[str, str], table: ir.Table, where: str) -> None:
    """Refuse names that the source does not have, all at once.

    Args:
        wanted: For each parameter, the column it names.
        table: The source.
        where: What to call the source.

    Raises:
        UnknownNameError: A column is missing; the message tells of every one.
    """
    known = table.columns
    missing = [(role, name) for role, name in wanted.items() if name not in known]
    if not missing:
        return
    role, name = missing[0]
    notes = [f"{role}="]
    for other, absent in missing[1:]:
        close = nearest(absent, known)
        notes.append(f"nor {absent!r} for {other}=" + (f", nearest {close!r}" if close else ""))
    if len(missing) == len(wanted) and _TEXT_FILE.search(where):
        notes.append("is the first line a header, and has every line as many cells, between , ; | or tabs?")
    raise UnknownNameError("column", name, known, where=f"{where} ({'; '.join(notes)})")


def require_scalars(wanted: Mapping[str, str], table: ir.Table, where: str) -> None:
    """Refuse columns whose values are no single values.

    Raises:
        EventLogError: A column holds lists, records or bytes.
    """
    for name in wanted.values():
        kind = table[name].type()
        if kind.is_nested() or kind.is_json() or kind.is_binary() or kind.is_unknown():
            message = f"{where}: column {name!r} holds {kind}; give a column that holds one plain value a row"
            raise EventLogError(message)


def identifier(column: ir.Column) -> ir.Column:
    """Read ids as they are, text or numbers; anything else as text."""
    kind = column.type()
    if kind.is_string():
        return column.nullif("")
    if kind.is_floating():
        return ibis.ifelse(column.isnan(), None, column)
    return column if kind.is_integer() else column.cast("string")


def identifier_text(column: ir.Column, engine: Engine) -> ir.StringColumn:
    """Read ids as text, a whole float as its digits: 7.0 is "7"."""
    kind = column.type()
    if kind.is_floating():
        whole = engine.try_cast(column, "int64")
        return ibis.ifelse(whole == column, whole.cast("string"), identifier(column).cast("string"))
    return identifier(column).cast("string")


def text(column: ir.Column) -> ir.StringColumn:
    """Read names as text."""
    return column.cast("string").nullif("")


def is_told(value: ir.Value) -> ir.BooleanValue:
    """Tell where a value is not null; null or false where it is.

    Engines compare text that may be empty with nothing faster than they copy it without.
    """
    op = value.op()
    if isinstance(op, ops.NullIf):
        return op.arg.to_expr() != op.null_if_expr.to_expr()
    return value.notnull()


def where_told(value: ir.Value) -> ir.Value:
    """Read a value again, among rows in which it is told."""
    op = value.op()
    return op.arg.to_expr() if isinstance(op, ops.NullIf) else value


def number(column: ir.Column, engine: Engine) -> ir.FloatingColumn:
    """Read finite numbers; null where there is none."""
    # DuckDB 2.0 reads a CSV column that is only ever cast as that type, and fails at a bad cell (#23818).
    given = text(column) if column.type().is_string() else column
    value = engine.try_cast(given, "float64")
    return ibis.ifelse(value.isnan() | value.isinf(), None, value)


def unreadable_number(column: ir.Column, engine: Engine) -> ir.BooleanColumn:
    """Tell where there is a value that is no finite number."""
    given = text(column) if column.type().is_string() else plain(column)
    return given.notnull() & number(column, engine).isnull()


def sequence(column: ir.Column, name: str, engine: Engine) -> ir.Column:
    """Read what breaks ties as numbers, exactly.

    Raises:
        EventLogError: The type has no order that a number could stand for.
    """
    kind = column.type()
    if kind.is_string():
        return engine.try_cast(text(column), _SEQUENCE)
    if kind.is_timestamp() or kind.is_date():
        aware = kind.is_timestamp() and kind.timezone
        return engine.instant_us(column) if aware else engine.local_us(column, "UTC")
    if kind.is_boolean() or not kind.is_numeric():
        raise EventLogError(f"column {name!r} for sequence= holds {kind}, not numbers")
    return identifier(column) if kind.is_floating() else column


def plain(column: ir.Column) -> ir.Column:
    """Keep a value's type; empty text and NaN are null."""
    kind = column.type()
    if kind.is_string():
        return column.nullif("")
    return ibis.ifelse(column.isnan(), None, column) if kind.is_floating() else column


def canonical(
    source: ir.Table,
    columns: Mapping[str, str],
    attributes: Iterable[str],
    engine: Engine,
    *,
    text_customers: bool = False,
) -> dict[str, ir.Column]:
    """Read every column that was given, but for the timestamp.

    Args:
        source: The rows as they are.
        columns: For each parameter of `events`, the column it names.
        attributes: More columns, each read under `attribute:<name>`.
        engine: What holds the rows.
        text_customers: Whether customers' ids become text, so that they can be joined to text.

    Returns:
        The columns by their own names, in their own order.
    """
    ids = source[columns["customer"]]
    found: dict[str, ir.Column] = {
        "customer": identifier_text(ids, engine) if text_customers else identifier(ids)
    }
    # The sequence comes first among what is optional, since it orders, and the stage before the touchpoint.
    for role in ("sequence", "stage", "touchpoint", *ROLES[5:]):
        if role not in columns:
            continue
        column = source[columns[role]]
        if role == "sequence":
            found[role] = sequence(column, columns[role], engine)
        elif role in IDENTIFIERS:
            found[role] = identifier(column)
        else:
            found[role] = number(column, engine) if role in NUMBERS else text(column)
    if "writer" in found:
        found["writer"] = found["writer"].coalesce(ibis.literal(UNKNOWN_WRITER))
    return found | {EVENT_ATTRIBUTE + name: plain(source[name]) for name in attributes}
