"""Read CSV and its kin as text, so that no value is taken for something else.

The engine finds the delimiter and the header; quotes are double quotes, nothing is a
comment, and no cell is guessed to be a number, a date or "not available".

May import: paths, errors.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from journeykit.errors import EventLogError
from journeykit.eventlog.readers.paths import escaped, partition_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

_UNNAMED = "column0"
"""What the engine calls the first column of a file that has no header."""


def read_delimited(backend: BaseBackend, paths: Sequence[Path], name: str) -> ir.Table:
    """Open delimited text files as one table of text columns, matched by name.

    Args:
        backend: A DuckDB of our own.
        paths: Files, plain or gzipped.
        name: What to call them in errors.

    Raises:
        EventLogError: There is no header, or two columns have one name.
    """
    full = [path for path in paths if not _is_empty(path)]
    if not full:
        raise EventLogError(f"{name} is empty: there is not even a header line")
    table = _read(backend, full)
    if table.columns == (_UNNAMED,):
        raise EventLogError(f"{name} has no header line")
    keys = partition_keys(full)
    if keys and not keys & {column.lower() for column in table.columns}:
        table = _read(backend, full, hive_partitioning=True, hive_types_autocast=False)
    _require_distinct_header(backend, full[0], table, name)
    return table


def _read(backend: BaseBackend, paths: Sequence[Path], **options: object) -> ir.Table:
    table: ir.Table = backend.read_csv(
        escaped(paths),
        **{
            "all_varchar": True,
            "header": True,
            "quote": '"',
            "escape": '"',
            "comment": "",
            "union_by_name": len(paths) > 1,
            "hive_partitioning": False,
            **({"delim": "\t"} if ".tsv" in paths[0].suffixes else {}),
            **options,
        },
    )
    return table


def _is_empty(path: Path) -> bool:
    if path.suffix.lower() != ".gz":
        return path.stat().st_size == 0
    try:
        with gzip.open(path) as stream:
            return not stream.read(1)
    except (OSError, EOFError) as error:
        raise EventLogError(f"file {str(path)!r} is named .gz but is not gzipped: {error}") from error


def _require_distinct_header(backend: BaseBackend, path: Path, table: ir.Table, name: str) -> None:
    """Refuse a name that two columns have; the engine would rename the second without a word."""
    first = _read(backend, [path], header=False).limit(1)
    header = [value or "" for value in next(iter(backend.to_pyarrow(first).to_pylist()), {}).values()]
    seen: dict[str, str] = {}
    for told, column in zip(header, table.columns, strict=False):
        earlier = seen.setdefault(told.lower(), told)
        if column != told and column.startswith(told + "_") and earlier.lower() == told.lower():
            raise EventLogError(f"{name}: two columns are named {told!r}, or differ in case only: rename one")
