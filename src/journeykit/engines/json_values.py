"""Look into JSON as DuckDB holds it: files and frames are always read by it.

May import: nothing of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

if TYPE_CHECKING:
    import ibis.expr.types as ir


def json_member(value: ir.JSONValue, name: str) -> ir.JSONValue:
    """Find the member of a JSON object that has a name; null where it has none, or is no object."""
    return _JSON_MEMBER(value, _pointer(name))


def json_text(value: ir.JSONValue, name: str) -> ir.StringValue:
    """Read the member of a JSON object that has a name as text: a number by its digits."""
    return _JSON_TEXT(value, _pointer(name))


def json_type(value: ir.JSONValue) -> ir.StringValue:
    """Name the kind of a JSON value as DuckDB does: "VARCHAR", "BIGINT", "OBJECT", ..., "NULL"."""
    return _JSON_TYPE(value)


def _pointer(name: str) -> ir.StringValue:
    escaped = name.replace("~", "~0").replace("/", "~1")
    return ibis.literal(f"/{escaped}")


def _one(_: object) -> None: ...


def _two(_: object, __: object) -> None: ...


_scalar = ibis.udf.scalar.builtin
_JSON_TYPE = _scalar(_one, name="json_type", signature=((dt.json,), dt.string))
_JSON_MEMBER = _scalar(_two, name="json_extract", signature=((dt.json, dt.string), dt.json))
_JSON_TEXT = _scalar(_two, name="json_extract_string", signature=((dt.json, dt.string), dt.string))
