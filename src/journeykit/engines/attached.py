"""A DuckDB database in a file, attached to a DuckDB engine under a name of its own.

What is written goes from the engine to the file within the engine, and spills as its queries
do; rows of other engines come as arrow, a part at a time, by way of a DuckDB of our own.

May import: duckdb, duckdb_shape, embedded, engine, postgres_copy, errors.
"""

from __future__ import annotations

import contextlib
import uuid
from typing import TYPE_CHECKING, Any, Final, cast

import duckdb

from journeykit.engines.duckdb import DuckDB
from journeykit.engines.embedded import connect_embedded
from journeykit.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import ibis.expr.types as ir
    import pyarrow as pa

    from journeykit.engines.duckdb_shape import Shape
    from journeykit.engines.engine import Engine
    from journeykit.engines.postgres import Postgres

STORAGE: Final = "v1.5.0"
"""How files are written: as the oldest DuckDB that journeykit allows reads them, and every later one."""

SLICE: Final = 250_000
"""So many rows are fetched of another engine at a time."""


class Attached:
    """A database in a file, until `detach`.

    Attributes:
        engine: What it is attached to.
    """

    def __init__(self, engine: DuckDB, path: Path, options: str) -> None:
        self.engine = engine
        self._name = f"journeykit_{uuid.uuid4().hex}"
        self.run(f"ATTACH {_text(str(path))} AS {self._name} (TYPE duckdb, {options})")

    def run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement; the rows it gives are counts or few."""
        with self.engine.interruptible():
            rows: list[tuple[Any, ...]] = self.engine.backend.con.execute(sql, values or None).fetchall()
        return rows

    def table(self, name: str) -> ir.Table:
        """Find one of its relations."""
        return self.engine.backend.table(name, database=(self._name, "main"))

    def show_lists(self, name: str, lists: str, shape: Shape) -> dict[str, ir.Table]:
        """Show what lists tell that are one of its relations, by views in the engine called *name*."""
        return self.engine.show_lists(name, f"{self._name}.{_name(lists)}", shape, None)

    def write(self, name: str, rows: ir.Table | pa.Table) -> None:
        """Write rows of the engine, or an arrow table of ours, as a relation."""
        if hasattr(rows, "op"):
            self.run(f"CREATE TABLE {self._name}.{_name(name)} AS {self.engine.backend.compile(rows)}")
            return
        handed = self.engine.hand_over(rows)
        try:
            self.write(name, handed)
        finally:
            self.engine.take_back(handed)

    def pour(self, name: str, rows: ir.Table, source: Engine) -> None:
        """Write rows of another engine, which have a column `customer`, as a relation, a part at a time."""
        # Made before the transaction: DuckDB 1.5 and 2.0 hide what is inserted into a table made in it.
        self.write(name, rows.schema().to_pyarrow().empty_table())
        self.run("BEGIN")
        for fetched in _fetched(rows, source):
            handed = self.engine.hand_over(fetched)
            self.run(f"INSERT INTO {self._name}.{_name(name)} {self.engine.backend.compile(handed)}")
            self.engine.take_back(handed)
        self.run("COMMIT")

    def sizes(self) -> dict[str, int]:
        """Count the rows of every relation, without reading them."""
        asked = "SELECT table_name, estimated_size FROM duckdb_tables() WHERE database_name = ?"
        return {name: int(rows) for name, rows in self.run(asked, self._name)}

    def block_bytes(self) -> int:
        """Tell how much its blocks take of the file."""
        asked = "SELECT block_size * total_blocks FROM pragma_database_size() WHERE database_name = ?"
        return int(self.run(asked, self._name)[0][0])

    def checksum(self, name: str) -> tuple[int, str]:
        """Count a relation's rows, and add up their hashes, in whichever order they come."""
        columns = ", ".join(_name(column) for column in self.table(name).columns)
        asked = f"SELECT count(*), sum(hash({columns})) FROM {self._name}.{_name(name)}"  # noqa: S608 - quoted
        rows, total = self.run(asked)[0]
        return int(rows), str(int(total or 0))

    def finish(self) -> None:
        """Write what is still to be written into the file."""
        self.run(f"CHECKPOINT {self._name}")

    def detach(self) -> None:
        """Let go of the file; nothing where that is done, or the engine is closed."""
        with contextlib.suppress(duckdb.Error):
            self.run(f"DETACH {self._name}")


@contextlib.contextmanager
def new_file(engine: Engine, path: Path) -> Iterator[Attached]:
    """Make a database file and attach it: to the engine where that is DuckDB, else to one of our own.

    Raises:
        EngineError: The engine's connection has a transaction going on.
    """
    with contextlib.ExitStack() as stack:
        if isinstance(engine, DuckDB):
            writer = engine
            _require_no_transaction(writer)
        else:
            writer = connect_embedded()
            stack.callback(writer.close)
        made = Attached(writer, path, f"STORAGE_VERSION {_text(STORAGE)}")
        stack.callback(made.detach)
        yield made
        made.finish()


def open_file(engine: DuckDB, path: Path) -> Attached:
    """Attach a database file to read it."""
    return Attached(engine, path, "READ_ONLY")


def hash_of(engine: DuckDB, text: str) -> str:
    """Hash a text, to tell whether two DuckDB hash alike."""
    hashed = engine.backend.con.execute(
        "SELECT hash(?, 1::TINYINT, NULL::INTEGER, [1::BIGINT])", [text]
    ).fetchall()
    return str(hashed[0][0])


def _require_no_transaction(engine: DuckDB) -> None:
    """Refuse a transaction of the caller's: DuckDB writes to one database in each."""
    one, other = (engine.backend.con.execute("SELECT txid_current()").fetchall() for _ in range(2))
    if one == other:
        raise EngineError("the connection has a transaction going on: commit it or roll it back first")


def _fetched(rows: ir.Table, source: Engine) -> Iterator[pa.Table]:
    """Fetch the rows of another engine, a part at a time."""
    if source.name == "postgres":
        from journeykit.engines.postgres_copy import copied, fits

        if fits(rows):
            return copied(rows, cast("Postgres", source))
    return _slices(rows, source)


def _slices(rows: ir.Table, source: Engine) -> Iterator[pa.Table]:
    """Fetch the rows of some customers at a time: few engines hand out one answer in parts."""
    wanted = source.arrow(rows.aggregate(n=rows.count()))["n"][0].as_py()
    parts, fetched = wanted // SLICE + 1, 0
    for part in range(parts):
        fetched_now = source.arrow(rows.filter(rows.customer % parts == part) if parts > 1 else rows)
        fetched += fetched_now.num_rows
        yield fetched_now
    if fetched != wanted:
        raise EngineError(f"{source.title} gave {fetched:,} of {wanted:,} rows, though they never change")


def _name(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _text(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
