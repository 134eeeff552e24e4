"""Types of columns, as far as Ibis leaves them to us.

May import: nothing of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir


def with_types(table: ir.Table) -> ir.Table:
    """Take columns that hold nulls only, and so have no type, for text."""
    untyped = [name for name, kind in table.schema().items() if kind.is_null() or _is_null_type(kind)]
    return table.mutate(**{name: ibis.null("string") for name in untyped}) if untyped else table


def _is_null_type(kind: dt.DataType) -> bool:
    """Tell DuckDB's type of null, which Ibis does not know, by the only name it has."""
    return bool(kind.is_unknown() and 'kind="NULL"' in str(kind))


def always_fits(told: dt.DataType, wanted: dt.DataType) -> bool:
    """Tell whether a cast can't fail."""
    if wanted.is_timestamp():
        return bool(told.is_timestamp() or told.is_date())
    if wanted.is_float64():
        return bool(told.is_numeric())
    return bool(wanted.is_int64() and told.is_integer())
