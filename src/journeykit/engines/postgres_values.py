"""How PostgreSQL spells what Ibis has no word for: times, and casts that may fail.

It has no cast that gives null where the text does not fit, but from 16 on it tells beforehand
whether it would.  What it would read otherwise than DuckDB (hexadecimal numbers, the 60th second)
is ruled out here, so that both give the same answers.

May import: engine.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa

from journeykit.engines.engine import AWARE, LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import ibis.expr.types as ir

_ABBREVIATIONS: Final = {
    "CET": "Europe/Brussels",
    "MET": "Europe/Brussels",
    "EET": "Europe/Athens",
    "WET": "Europe/Lisbon",
}
"""Zones whose names PostgreSQL takes for an offset that never changes, and what they are links to."""

_NUMBERS: Final = {dt.Float64: "float8", dt.Int64: "int8", dt.Decimal: "numeric({0.precision},{0.scale})"}

_DECIMAL: Final = r"^\s*[+-]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)([eE][+-]?[0-9]+)?\s*$"
_FLOAT: Final = rf"(?i)(^\s*[+-]?(nan|inf|infinity)\s*$|{_DECIMAL})"
_UNDERSCORE: Final = r"([0-9])_(?=[0-9])"
_LEAP_SECOND: Final = ":60"
_SHORTEST_LONG: Final = len("2024-1-1 1:00:00.0000000")
_LONG_FRACTION: Final = r"(\.[0-9]{6})[0-9]+"
_LARGEST: Final = 9.2233720368547e18
"""No float between this and the next fits into 64 bits."""


def instant_us(moment: ir.Value) -> ir.IntegerValue:
    """Count microseconds from 1970; null where the moment is infinite."""
    # A float holds the seconds of the years 1900 to 2200 closely enough to round to the microsecond.
    micro = (_PART(ibis.literal("epoch"), moment) * 1_000_000).cast("int64")
    return ibis.ifelse(_IS_FINITE(moment), micro, None)


def local_us(local: ir.Value, timezone: str) -> ir.IntegerValue:
    """Count microseconds from 1970 in UTC to a time on the clocks of *timezone*."""
    naive = local.cast(LOCAL)
    return instant_us(naive if timezone == "UTC" else _AT_ZONE(_zone(timezone), naive))


def clock_us(time_us: ir.IntegerValue, timezone: str) -> ir.IntegerValue:
    """Count microseconds from 1970 on the clocks of *timezone*."""
    if timezone == "UTC":
        return time_us
    return instant_us(_ON_CLOCKS(_zone(timezone), _MOMENT(time_us.cast("float64") / 1_000_000)))


def _zone(timezone: str) -> ir.StringValue:
    return ibis.literal(_ABBREVIATIONS.get(timezone, timezone))


def try_cast(value: ir.Value, wanted: dt.DataType) -> ir.Value:
    """Read a value as another type; null where it does not fit."""
    told = value.type()
    if told.is_string():
        return _from_text(value, wanted)
    if told.is_boolean():
        return value.cast("int32").cast(wanted)
    if told.is_floating() and wanted.is_integer():
        return ibis.ifelse(value.abs() < _LARGEST, value, None).cast(wanted)
    if wanted.is_timestamp() and (told.is_timestamp() or told.is_date()):
        return value.cast(wanted)
    if wanted.is_numeric() and told.is_numeric():
        return value.cast(wanted)
    return _from_text(value.cast("string"), wanted)


def _from_text(text: Any, wanted: dt.DataType) -> ir.Value:
    if wanted.is_timestamp():
        kind = "timestamptz" if wanted.timezone else "timestamp"
        # PostgreSQL would round to the microsecond; a regular expression takes longer than all the rest.
        text = ibis.ifelse(text.length() >= _SHORTEST_LONG, text.re_replace(_LONG_FRACTION, r"\1"), text)
        # There is no year 0 here; any year that leaps and is out of range does.
        text = ibis.ifelse(text.startswith("0000"), ibis.literal("0004") + text.substr(4), text)
        fits = _IS_VALID(text, ibis.literal(kind)) & ~text.contains(_LEAP_SECOND)
    else:
        kind = _NUMBERS[type(wanted)].format(wanted)
        number = text.re_search(_FLOAT if wanted.is_floating() else _DECIMAL)
        text = text.re_replace(_UNDERSCORE, r"\1")
        fits = number & _IS_VALID(text, ibis.literal(kind))
    return ibis.ifelse(fits, text, None).cast(wanted)


def hash64(column: ir.Value) -> ir.IntegerValue:
    """Mix a value into 64 bits."""
    if column.type().is_integer():
        return _HASH_INT(column, ibis.literal(0, "int64"))
    return _HASH(column.cast("string"), ibis.literal(0, "int64"))


def by_code_point(column: ir.Value) -> ir.Value:
    """Give what a column is sorted by, of text its bytes: databases sort text by their own languages."""
    return _BYTES(column, ibis.literal("UTF8")) if column.type().is_string() else column


def as_text(column: ir.Value) -> ir.StringValue:
    """Read any single value as text, such as that of an enum, and what is padded without the padding."""
    text: ir.StringValue = _as_text(column.type())(column)
    return text


@cache
def _as_text(kind: dt.DataType) -> Callable[[ir.Value], ir.StringValue]:
    spelled: Callable[[ir.Value], ir.StringValue] = _scalar(_one, name="text", signature=((kind,), dt.string))
    return spelled


def is_textual(kind: dt.DataType) -> bool:
    """Tell whether a column is read as text: enums, padded text, and types that Ibis does not know."""
    known = kind.is_string() or kind.is_uuid() or kind.is_inet() or kind.is_macaddr()
    return bool(known or kind.is_time() or kind.is_interval() or kind.is_unknown())


def finite(column: ir.DecimalColumn) -> ir.DecimalColumn:
    """Take what is no number, or infinite, for null, as no other engine's decimals can be."""
    kind = column.type()
    strange = [ibis.literal(name).cast(kind) for name in ("NaN", "Infinity", "-Infinity")]
    return ibis.ifelse(column.isin(strange), None, column)


def as_written(frame: pa.Table) -> pa.Table:
    """Give a frame types that can be written as CSV, and that the server has."""
    fields = [field.with_type(_written(field.type)) for field in frame.schema]
    return frame.cast(pa.schema(fields), safe=False)


def _written(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _written(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    if pa.types.is_uint64(kind):
        return pa.decimal128(20, 0)
    return pa.string() if pa.types.is_null(kind) else kind


def as_arrow(values: Iterable[Any], kind: pa.DataType) -> pa.Array:
    """Lay out what the server answered: its sums are decimals, its ids have a type of their own."""
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_string(kind):
        read = int if pa.types.is_integer(kind) else float if pa.types.is_floating(kind) else str
        values = (None if value is None else read(value) for value in values)
    return pa.array(list(values), type=kind)


def _one(_: object) -> None: ...


def _two(_: object, __: object) -> None: ...


_scalar = ibis.udf.scalar.builtin
_PART = _scalar(_two, name="date_part", signature=((dt.string, dt.Timestamp()), dt.float64))
_IS_FINITE = _scalar(_one, name="isfinite", signature=((dt.Timestamp(),), dt.boolean))
_AT_ZONE = _scalar(_two, name="timezone", signature=((dt.string, dt.Timestamp()), AWARE))
_ON_CLOCKS = _scalar(_two, name="timezone", signature=((dt.string, AWARE), LOCAL))
_MOMENT = _scalar(_one, name="to_timestamp", signature=((dt.float64,), AWARE))
_IS_VALID = _scalar(_two, name="pg_input_is_valid", signature=((dt.string, dt.string), dt.boolean))
_HASH = _scalar(_two, name="hashtextextended", signature=((dt.string, dt.int64), dt.int64))
_HASH_INT = _scalar(_two, name="hashint8extended", signature=((dt.int64, dt.int64), dt.int64))
_BYTES = _scalar(_two, name="convert_to", signature=((dt.string, dt.string), dt.binary))
