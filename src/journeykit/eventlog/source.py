"""Open whatever a caller hands over: a path or a pattern, a frame, or an Ibis table.

Paths and frames go to a DuckDB of our own; an Ibis table stays where it is.  Nothing is
read here but headers and types (JSON has its types in every line, and is scanned).

May import: readers, engines, plugins (what a reader takes), errors.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union

import attrs
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

from journeykit.engines import dialect
from journeykit.errors import EventLogError
from journeykit.eventlog.readers.delimited import read_delimited
from journeykit.eventlog.readers.frames import frame_library, read_frame
from journeykit.eventlog.readers.jsonlines import read_jsonlines
from journeykit.eventlog.readers.parquet import read_parquet
from journeykit.eventlog.readers.paths import file_kind, find_export, find_files
from journeykit.plugins.offers import SourceTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from ibis.backends import BaseBackend

EventSource: TypeAlias = Union[
    "str", "os.PathLike[str]", "ir.Table", "pd.DataFrame", "pl.DataFrame", "pl.LazyFrame", "pa.Table"
]
"""A path or a pattern of paths (CSV, Parquet, JSON lines), a frame, or an Ibis table."""


@attrs.frozen(kw_only=True)
class Source:
    """A source, opened.

    Attributes:
        table: Its rows, lazily.
        name: What to call it in messages.
        backend: The engine that holds it.
        owned: Whether that engine is ours to close.
    """

    table: ir.Table
    name: str
    backend: BaseBackend
    owned: bool


@attrs.frozen(kw_only=True)
class Export:
    """A source that may be several tables, opened on one engine.

    Attributes:
        tables: Each file, or the one frame or table.
        name: What to call all of it in messages.
        backend: The engine that holds it.
        owned: Whether that engine is ours to close.
    """

    tables: tuple[SourceTable, ...]
    name: str
    backend: BaseBackend
    owned: bool

    def read_as(self, table: ir.Table) -> Source:
        """Take what a reader made of it for a source."""
        return Source(table=dialect.with_types(table), name=self.name, backend=self.backend, owned=self.owned)


def open_export(source: EventSource) -> Export:
    """Open each file of a path, a pattern or a folder as a table of its own; a frame or an Ibis table as one.

    Raises:
        EventLogError: It can't be opened, or is nothing that can be read.
        UnsupportedError: An Ibis table lives in an engine that is not supported.
    """
    if not isinstance(source, str | os.PathLike):
        one = open_source(source, nested=True)
        alone = SourceTable(one.name, one.table)
        return Export(tables=(alone,), name=one.name, backend=one.backend, owned=one.owned)
    path = os.fspath(source)
    files = find_export(path)
    top = os.path.commonpath([file.parent for file in files])
    own = dialect.connect()
    try:
        tables = tuple(
            SourceTable(os.path.relpath(file, top), _open_table(own, file, path)) for file in files
        )
    except BaseException:
        own.disconnect()
        raise
    return Export(tables=tables, name=repr(path), backend=own, owned=True)


def _open_table(own: BaseBackend, file: Path, path: str) -> ir.Table:
    """Open one file, which errors call as the caller does: by the path given, or from where we are."""
    given = Path(path).expanduser()
    name = str(file) if given.is_absolute() else os.path.relpath(file)
    if given.absolute() == file:
        name = path
    return dialect.with_types(_open_files(own, (file,), repr(name)))


def open_source(source: EventSource, *, nested: bool = False) -> Source:
    """Open a source on its own engine: an Ibis table's, else a DuckDB of our own.

    Args:
        source: What a caller hands over.
        nested: Whether dicts and lists in a pandas frame are wanted as such.

    Raises:
        EventLogError: It can't be opened, or is nothing that can be read.
        UnsupportedError: An Ibis table lives in an engine that is not supported.
    """
    backend = home(source) if isinstance(source, ir.Table) else None
    if backend is not None:
        dialect.require_supported(backend)
        return Source(table=dialect.with_types(source), name="the Ibis table", backend=backend, owned=False)
    own = dialect.connect()
    try:
        table, name = _open_on(own, source, nested=nested)
    except BaseException:
        own.disconnect()
        raise
    return Source(table=dialect.with_types(table), name=name, backend=own, owned=True)


def _open_on(own: BaseBackend, source: EventSource, *, nested: bool = False) -> tuple[ir.Table, str]:
    """Open a path, a frame or an Ibis table in memory on an engine of our own."""
    if isinstance(source, ir.Table):
        return dialect.hand_over(own, _computed(source)), "the Ibis table"
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        return _open_files(own, find_files(path), repr(path)), repr(path)
    library = frame_library(source)
    if library is None:
        known = "a path, a pandas, polars or pyarrow frame, or an Ibis table"
        raise EventLogError(f"a source is {known}, not {type(source).__name__}")
    name = f"the {library} frame"
    return dialect.hand_over(own, read_frame(source, name, nested=nested)), name


def _computed(table: ir.Table) -> pa.Table:
    """Compute an Ibis table that is in memory only."""
    engine = dialect.connect()
    try:
        # What has no type, DuckDB before 2.0 would hand on as numbers.
        return engine.to_pyarrow(dialect.with_types(table))
    finally:
        engine.disconnect()


def _open_files(own: BaseBackend, files: Sequence[Path], name: str) -> ir.Table:
    kind = file_kind(files, name)
    with dialect.engine_errors(dialect.Title(name)):
        if kind == "delimited":
            return read_delimited(own, files, name)
        return read_jsonlines(own, files, name) if kind == "jsonlines" else read_parquet(own, files)


def home(table: ir.Table) -> BaseBackend | None:
    """Find the engine that holds an Ibis table; None where it is in memory only.

    Raises:
        EventLogError: There is none, or there are several.
    """
    if all(isinstance(leaf, ops.InMemoryTable) for leaf in table.op().find(ops.PhysicalTable)):
        return None
    try:
        return table.get_backend()
    except IbisError as error:
        raise EventLogError(f"the Ibis table belongs to no engine, or to several: {error}") from error


def open_beside(source: EventSource, first: Source) -> tuple[ir.Table, str]:
    """Open a second source so that the engine of the first can join the two.

    What lives on another engine is handed over in memory, as arrow.

    Returns:
        The rows, and what to call them in messages.
    """
    if first.owned and not isinstance(source, ir.Table):
        table, name = _open_on(first.backend, source)
        return dialect.with_types(table), name
    opened = open_source(source)
    if opened.backend is first.backend:
        return opened.table, opened.name
    with dialect.engine_errors(opened):
        frame = opened.backend.to_pyarrow(opened.table)
    if opened.owned:
        opened.backend.disconnect()
    return dialect.hand_over(first.backend, frame), opened.name
