"""Open whatever a caller hands over: a path or a pattern, a frame, an Ibis table, or a table by its name.

Paths and frames go to a DuckDB of our own; what lives in an engine stays there.  Nothing is
read here but headers and types (JSON has its types in every line, and is scanned).

May import: place, readers, engines, plugins (what a reader takes), errors.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union

import attrs
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

from journeykit.engines import Engine, Title, connect_embedded, connect_to, engine_of, with_types
from journeykit.engines.engine import READERS
from journeykit.errors import EventLogError
from journeykit.eventlog.place import Place
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

    from journeykit.engines import Connection

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
        engine: What holds it.
        owned: Whether that engine is ours to close.
        schema: Where the relations that we make there are ordinary ones; None: they are temporary.
        by_name: Whether texts are names of tables there, rather than paths.
        handed: Frames handed over to the engine, to be taken away in the end.
    """

    table: ir.Table
    name: str
    engine: Engine
    owned: bool
    schema: str | None = None
    by_name: bool = False
    handed: list[ir.Table] = attrs.field(factory=list)

    def close(self) -> None:
        """Take away what was handed over, and let go of the engine, if it is ours."""
        take_back(self.engine, self.handed, self.schema)
        if self.owned:
            self.engine.close()


def take_back(engine: Engine, handed: list[ir.Table], schema: str | None) -> None:
    """Take away frames that were handed over to an engine."""
    while handed:
        engine.take_back(handed[-1], schema=schema)
        handed.pop()


@attrs.frozen(kw_only=True)
class Export:
    """A source that may be several tables, opened on one engine.

    Attributes:
        tables: Each file, or the one frame or table.
        name: What to call all of it in messages.
        engine: What holds it.
        owned: Whether that engine is ours to close.
    """

    tables: tuple[SourceTable, ...]
    name: str
    engine: Engine
    owned: bool

    @property
    def backend(self) -> BaseBackend:
        """The Ibis backend of the engine."""
        return self.engine.backend

    def read_as(self, table: ir.Table) -> Source:
        """Take what a reader made of it for a source."""
        return Source(table=with_types(table), name=self.name, engine=self.engine, owned=self.owned)

    def close(self) -> None:
        """Let go of the engine, if it is ours."""
        if self.owned:
            self.engine.close()


def open_export(source: EventSource, place: Place = Place()) -> Export:  # noqa: B008 - frozen
    """Open each file of a path, a pattern or a folder as a table of its own; a frame or an Ibis table as one.

    Raises:
        EventLogError: It can't be opened, or is nothing that can be read.
        UnsupportedError: An Ibis table lives in an engine that is not supported.
    """
    if place.connection is not None or not isinstance(source, str | os.PathLike):
        one = open_source(source, place, nested=True)
        alone = SourceTable(one.name, one.table)
        one.engine.require(READERS, "format=")
        return Export(tables=(alone,), name=one.name, engine=one.engine, owned=one.owned)
    path = os.fspath(source)
    files = find_export(path)
    place.require_own(repr(path))
    top = os.path.commonpath([file.parent for file in files])
    own = connect_embedded(place.limits)
    try:
        tables = tuple(
            SourceTable(os.path.relpath(file, top), _open_table(own, file, path)) for file in files
        )
    except BaseException:
        own.close()
        raise
    return Export(tables=tables, name=repr(path), engine=own, owned=True)


def _open_table(own: Engine, file: Path, path: str) -> ir.Table:
    """Open one file, which errors call as the caller does: by the path given, or from where we are."""
    given = Path(path).expanduser()
    name = str(file) if given.is_absolute() else os.path.relpath(file)
    if given.absolute() == file:
        name = path
    return with_types(_open_files(own, (file,), repr(name)))


def open_source(source: EventSource, place: Place = Place(), *, nested: bool = False) -> Source:  # noqa: B008 - frozen
    """Open a source on its own engine: that of the connection, an Ibis table's, else a DuckDB of our own.

    Args:
        source: What a caller hands over.
        place: Which engine, and what it may use.
        nested: Whether dicts and lists in a pandas frame are wanted as such.

    Raises:
        EventLogError: It can't be opened, or is nothing that can be read.
        UnknownNameError: The engine has no table of that name, or no such schema.
    """
    backend = home(source) if isinstance(source, ir.Table) else None
    if place.connection is not None:
        return _open_there(source, backend, place.connection, place)
    if backend is not None:
        place.require_theirs("the Ibis table")
        engine = engine_of(backend)
        with engine.errors(Title("the Ibis table")):
            engine.require_schema(place.schema)
            table = engine.adopt(source)
        return Source(table=table, name="the Ibis table", engine=engine, owned=False, schema=place.schema)
    place.require_own("files and frames")
    own = connect_embedded(place.limits)
    try:
        table, name = _open_on(own, source, nested=nested)
    except BaseException:
        own.close()
        raise
    return Source(table=with_types(table), name=name, engine=own, owned=True)


def _open_there(
    source: EventSource, backend: BaseBackend | None, connection: Connection, place: Place
) -> Source:
    """Open a table by its name, or an Ibis table of the connection."""
    place.require_theirs("connection=")
    engine, owned = connect_to(connection)
    try:
        table, name = _find(source, backend, engine)
        with engine.errors(Title("schema=")):
            engine.require_schema(place.schema)
    except BaseException:
        if owned:
            engine.close()
        raise
    return Source(table=table, name=name, engine=engine, owned=owned, schema=place.schema, by_name=True)


def _find(source: EventSource, backend: BaseBackend | None, engine: Engine) -> tuple[ir.Table, str]:
    if isinstance(source, str):
        name = f"table {source!r}"
        with engine.errors(Title(name)):
            return engine.adopt(engine.table(source)), name
    if isinstance(source, ir.Table) and backend is not None and engine.holds(backend):
        with engine.errors(Title("the Ibis table")):
            return engine.adopt(source), "the Ibis table"
    wanted = "the name of a table there, or an Ibis table of that connection"
    raise EventLogError(f"with connection=, the source is {wanted}, not {type(source).__name__}")


def _open_on(own: Engine, source: EventSource, *, nested: bool = False) -> tuple[ir.Table, str]:
    """Open a path, a frame or an Ibis table in memory on an engine of our own."""
    if isinstance(source, ir.Table):
        return own.hand_over(_computed(source)), "the Ibis table"
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        return _open_files(own, find_files(path), repr(path)), repr(path)
    library = frame_library(source)
    if library is None:
        known = "a path, a pandas, polars or pyarrow frame, or an Ibis table"
        raise EventLogError(f"a source is {known}, not {type(source).__name__}")
    name = f"the {library} frame"
    return own.hand_over(read_frame(source, name, nested=nested)), name


def _computed(table: ir.Table) -> pa.Table:
    """Compute an Ibis table that is in memory only."""
    engine = connect_embedded()
    try:
        # What has no type, DuckDB before 2.0 would hand on as numbers.
        return engine.arrow(with_types(table))
    finally:
        engine.close()


def _open_files(own: Engine, files: Sequence[Path], name: str) -> ir.Table:
    kind = file_kind(files, name)
    with own.errors(Title(name)):
        if kind == "delimited":
            return read_delimited(own.backend, files, name)
        return (
            read_jsonlines(own.backend, files, name)
            if kind == "jsonlines"
            else read_parquet(own.backend, files)
        )


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

    What lives on another engine is handed over in memory, as arrow. Beside a table by its name, a text is the
    name of another; a file is a `Path` there.

    Returns:
        The rows, and what to call them in messages.
    """
    backend = home(source) if isinstance(source, ir.Table) else None
    if (backend is not None and first.engine.holds(backend)) or (first.by_name and isinstance(source, str)):
        return _find(source, backend, first.engine)
    if first.owned and not first.by_name and not isinstance(source, ir.Table):
        table, name = _open_on(first.engine, source)
        return with_types(table), name
    opened = open_source(source)
    try:
        with opened.engine.errors(opened):
            frame = opened.engine.arrow(opened.table)
    finally:
        opened.close()
    with first.engine.errors(opened):
        table = first.engine.hand_over(frame, schema=first.schema)
    first.handed.append(table)
    return table, opened.name
