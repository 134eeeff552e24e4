"""Read Parquet; every column keeps its type.

May import: paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.eventlog.readers.paths import escaped, partition_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend


def read_parquet(backend: BaseBackend, paths: Sequence[Path]) -> ir.Table:
    """Open Parquet files as one table, columns matched by name.

    Args:
        backend: A DuckDB of our own.
        paths: Files; directories such as `year=2024` above them are columns, unless the files have these.
    """
    several = len(paths) > 1
    table: ir.Table = backend.read_parquet(escaped(paths), union_by_name=several, hive_partitioning=False)
    keys = partition_keys(paths)
    if keys and not keys & {column.lower() for column in table.columns}:
        table = backend.read_parquet(
            escaped(paths), union_by_name=several, hive_partitioning=True, hive_types_autocast=False
        )
    return table
