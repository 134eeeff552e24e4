"""Read JSON lines: one object a line, the columns as all the lines together have them.

Numbers and truth values keep their type.  Text stays text: what looks like a date is
read by the same rules as in any other format, not by the engine's guess.

May import: paths, engines, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import duckdb

from journeykit.engines import json_values
from journeykit.errors import EventLogError
from journeykit.eventlog.readers.paths import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

_KEPT: Final = {
    frozenset({"BIGINT", "UBIGINT"}): "BIGINT",
    frozenset({"BIGINT", "UBIGINT", "DOUBLE"}): "DOUBLE",
    frozenset({"BOOLEAN"}): "BOOLEAN",
}
"""The engine's type to read kinds of JSON as; the first that holds them all."""

_USUAL: Final = 1 << 24
"""So many bytes the engine takes one object to have at most."""

_MOST: Final = 1 << 28
"""So many it may be told to expect; it holds twice as many in memory for each thread."""


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
    options: dict[str, Any] = {"format": form, "hive_partitioning": False, **_large(paths)}
    options["union_by_name"] = len(paths) > 1
    types = _types(backend, escaped(paths), options)
    if tuple(types) == ("json",):
        raise EventLogError(f"{name} holds no JSON objects, one a line")
    del options["union_by_name"]
    table: ir.Table = backend.read_json(escaped(paths), columns=types, **options)
    return table


def _types(backend: BaseBackend, paths: list[str], options: dict[str, Any]) -> dict[str, str]:
    """Find the columns, and the engine's type to read each as."""
    try:
        found = backend.read_json(paths, sample_size=-1, map_inference_threshold=-1, **options)
    except duckdb.NotImplementedException:
        # Two names in an object deep in the file differ in case only, which no type of the engine can have.
        return _types_on_top(backend, backend.read_json(paths, sample_size=-1, maximum_depth=1, **options))
    return {column: _kept(kind) for column, kind in found.schema().items()}


def _types_on_top(backend: BaseBackend, table: ir.Table) -> dict[str, str]:
    """Find the types without a look into objects and lists: as which kinds of JSON the values occur."""
    kinds = {column: json_values.json_type(table[column]).collect(distinct=True) for column in table.columns}
    [row] = backend.to_pyarrow(table.aggregate(**kinds)).to_pylist()
    return {column: _kept_of(set(told or ()) - {"NULL"}) for column, told in row.items()}


def _kept_of(kinds: set[str]) -> str:
    for known, kept in _KEPT.items():
        if kinds and kinds <= known:
            return kept
    return "JSON" if kinds & {"OBJECT", "ARRAY"} else "VARCHAR"


def _large(paths: Sequence[Path]) -> dict[str, int]:
    """Let an object be as large as its file: one page of an API may hold thousands of records."""
    sizes = [path.stat().st_size for path in paths if path.suffix.lower() == ".json"]
    largest = max(sizes, default=0)
    return {"maximum_object_size": largest} if _USUAL < largest <= _MOST else {}


def _kept(kind: dt.DataType) -> str:
    """Name the engine's type to read a column as."""
    if kind.is_int64():
        return "BIGINT"
    if kind.is_float64():
        return "DOUBLE"
    if kind.is_boolean():
        return "BOOLEAN"
    return "JSON" if kind.is_nested() else "VARCHAR"
