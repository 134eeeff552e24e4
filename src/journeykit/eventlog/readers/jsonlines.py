"""Read JSON lines: one object a line, the columns as all the lines together have them.

Numbers and truth values keep their type.  Text stays text: what looks like a date is
read by the same rules as in any other format, not by the engine's guess.

May import: paths, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.errors import EventLogError
from journeykit.eventlog.readers.paths import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend


def read_jsonlines(backend: BaseBackend, paths: Sequence[Path], name: str) -> ir.Table:
    """Open files of JSON objects as one table.

    Args:
        backend: A DuckDB of our own.
        paths: Files, plain or gzipped; `.json` may also hold one array of objects.
        name: What to call them in errors.

    Raises:
        EventLogError: There is no object in them.
    """
    form = "auto" if all(".json" in path.suffixes for path in paths) else "newline_delimited"
    options = {"format": form, "hive_partitioning": False}
    found = backend.read_json(
        escaped(paths), sample_size=-1, map_inference_threshold=-1, union_by_name=len(paths) > 1, **options
    )
    if found.columns == ("json",):
        raise EventLogError(f"{name} holds no JSON objects, one a line")
    types = {column: _kept(kind) for column, kind in found.schema().items()}
    table: ir.Table = backend.read_json(escaped(paths), columns=types, **options)
    return table


def _kept(kind: dt.DataType) -> str:
    """Name the engine's type to read a column as."""
    if kind.is_int64():
        return "BIGINT"
    if kind.is_float64():
        return "DOUBLE"
    if kind.is_boolean():
        return "BOOLEAN"
    return "JSON" if kind.is_nested() else "VARCHAR"
