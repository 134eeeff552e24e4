"""DuckDB, whether our own or the caller's.

May import: engine, duckdb_messages, duckdb_shape, duckdb_lists, duckdb_views, interrupts, errors.
"""

from __future__ import annotations

import contextlib
import uuid
import weakref
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
from ibis.backends.sql.datatypes import DuckDBType

from journeykit.engines import duckdb_lists, duckdb_views
from journeykit.engines.duckdb_messages import explained
from journeykit.engines.engine import AWARE, LOCAL, Engine
from journeykit.engines.failures import translated
from journeykit.engines.interrupts import interrupts_held_back, stopped_by_interrupt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

    from journeykit.engines.duckdb_shape import Shape
    from journeykit.engines.failures import Named
    from journeykit.errors import JourneykitError

MOST_PARTS: Final = 256
"""Into so many parts customers are divided before it is one of them that does not fit."""

_BARS: Final = {"enable_progress_bar_print": False, "enable_progress_bar": True}
"""What makes DuckDB count how far it is, and draw nothing."""


class DuckDB(Engine):
    """DuckDB, which can do all that is asked."""

    tested: ClassVar[bool] = True
    missing: ClassVar[Mapping[str, str]] = {}

    def __init__(self, backend: BaseBackend) -> None:
        super().__init__(backend)
        self._shown: dict[str, tuple[str, ...]] = {}

    @property
    def title(self) -> str:
        """What messages call it."""
        return "DuckDB"

    def instant_us(self, moment: ir.Value) -> ir.IntegerValue:
        """Count the microseconds from 1970 in UTC to a moment with a time zone; null where it is infinite."""
        return _EPOCH_US(moment.cast(AWARE))

    def local_us(self, local: ir.Value, timezone: str) -> ir.IntegerValue:
        """Count the microseconds from 1970 in UTC to a time on the clocks of *timezone*."""
        naive = local.cast(LOCAL)
        return _EPOCH_US(naive if timezone == "UTC" else _AT_ZONE(ibis.literal(timezone), naive))

    def clock_us(self, time_us: ir.IntegerValue, timezone: str) -> ir.IntegerValue:
        """Count the microseconds from 1970 on the clocks of *timezone*: the inverse of `local_us`."""
        return (
            time_us if timezone == "UTC" else _EPOCH_US(_ON_CLOCKS(ibis.literal(timezone), _MOMENT(time_us)))
        )

    def parse(self, text: ir.StringValue, pattern: str, *, aware: bool) -> ir.TimestampValue:
        """Read text by a strptime pattern; null where it does not fit."""
        return (_PARSE_AWARE if aware else _PARSE)(text, ibis.literal(pattern))

    def try_cast(self, value: ir.Value, kind: str | dt.DataType) -> ir.Value:
        """Read a value as another type; null where it does not fit."""
        return value.try_cast(kind)

    def hash64(self, column: ir.Value) -> ir.IntegerValue:
        """Mix a value into 63 bits, as a number from 0."""
        mixed = _HASH_INT(column) if column.type().is_integer() else _HASH(column.cast("string"))
        # DuckDB's are unsigned, and so half of them no int64; Ibis takes what is shifted for one.
        return (mixed >> 1).cast("uint64").cast("int64")

    def hand_over(self, frame: pa.Table, *, schema: str | None = None) -> ir.Table:  # noqa: ARG002 - never needed
        """Let DuckDB read an arrow frame where it stands, for as long as an expression does.

        Ibis has `memtable` for this, which keeps frame and engine until the program ends.
        """
        name = f"journeykit_frame_{uuid.uuid4().hex}"
        self.backend.con.register(name, frame)
        table: ir.Table = self.backend.table(name)
        weakref.finalize(table.op(), _take_back, self.backend.con, name).atexit = False
        return table

    def take_back(self, table: ir.Table, *, schema: str | None = None) -> None:  # noqa: ARG002 - never needed
        """Take away what `hand_over` made, before the last expression on it goes."""
        _take_back(self.backend.con, table.op().name)

    def keep(self, name: str, rows: ir.Table | pa.Table, *, schema: str | None) -> ir.Table:
        """Compute rows and hold them under a name; Ctrl-C stops it at once."""
        if hasattr(rows, "op"):
            with self.interruptible():
                return super().keep(name, rows, schema=schema)
        handed = self.hand_over(rows)
        try:
            # DuckDB has types for some of arrow's that Ibis does not know.
            told = ibis.Schema.from_pyarrow(rows.schema)
            read = self.backend.compile(handed.cast(told))
            self._run(f"{_create('TABLE', name, schema)} AS {read}")
        finally:
            self.take_back(handed)
        return self._shown_as(name, told, schema)

    def keep_lists(
        self, name: str, events: ir.Table, shape: Shape, *, rows: int, schema: str | None
    ) -> dict[str, ir.Table] | None:
        """Hold one sorted list a customer, and show what it tells; None where one does not fit into memory.

        Lists that are being made can't spill: where all would not fit, some customers follow others.
        """
        if not self._fill_lists(name, events, shape, rows=rows, schema=schema):
            return None
        # DuckDB numbers the rows of a table: one a customer.
        lists = f"(SELECT rowid AS customer, * FROM {_full(name, schema)})"  # noqa: S608 - a name of ours
        return self.show_lists(name, lists, shape, schema)

    def show_lists(self, name: str, lists: str, shape: Shape, schema: str | None) -> dict[str, ir.Table]:
        """Show what lists tell: see `duckdb_views.views`; the views go with *name*."""
        queries = duckdb_views.views(lists, shape)
        self._shown[name] = tuple(queries)
        begin = {view: _create("VIEW", f"{name}_{view}", schema) for view in queries}
        self._run("; ".join(f"{begin[view]} AS {query}" for view, query in queries.items()))
        return self._views(name, schema)

    def _views(self, name: str, schema: str | None) -> dict[str, ir.Table]:
        """Find the views on lists, in one query: Ibis asks twice for each."""
        asked = f"""
            SELECT table_name, column_name, data_type FROM duckdb_columns()
            WHERE starts_with(table_name, '{name}_') ORDER BY column_index"""  # noqa: S608 - a name of ours
        told: dict[str, dict[str, dt.DataType]] = {}
        for view, column, kind in self._run(asked):
            told.setdefault(view, {})[column] = DuckDBType.from_string(kind)
        return {
            view.removeprefix(f"{name}_"): self._shown_as(view, ibis.schema(columns), schema)
            for view, columns in told.items()
        }

    def _shown_as(self, name: str, columns: ibis.Schema, schema: str | None) -> ir.Table:
        """Give a relation of ours, whose columns are known, without asking for them."""
        space = ops.Namespace(database=schema) if schema else ops.Namespace(catalog="temp", database="main")
        return ops.DatabaseTable(name, schema=columns, source=self.backend, namespace=space).to_expr()

    def _fill_lists(
        self, name: str, events: ir.Table, shape: Shape, *, rows: int, schema: str | None
    ) -> bool:
        """Make the lists, of all customers at once or, where memory is short, of some after the others."""
        read, parts = self.backend.compile(events), self.parts(rows, duckdb_lists.EVENT_BYTES)
        while parts <= MOST_PARTS:
            begin = f"{_create('TABLE', name, schema)} AS"
            try:
                for part in range(parts):
                    some = f"FROM ({read}) WHERE hash(customer) % {parts} = {part}" if parts > 1 else read
                    self._run(f"{begin} {duckdb_lists.rows(some, shape)}")
                    begin = f"INSERT INTO {_full(name, schema)}"
            except duckdb.OutOfMemoryException:
                self.drop(name, schema=schema)
                parts *= 4
            else:
                return True
        return False

    def parts(self, rows: int, row_bytes: int) -> int:
        """Say in how many parts to ask for what DuckDB holds in memory until it is done."""
        [[memory]] = self._run("SELECT parse_formatted_bytes(current_setting('memory_limit'))")
        return rows * row_bytes // int(memory) + 1

    def drop(self, table_name: str, *, schema: str | None) -> None:
        """Take a relation away, and what shows it; what is gone, or can't be reached, is passed over."""
        with contextlib.suppress(*self.gone()):
            for view in self._shown.pop(table_name, ()):  # not by `_run`: threads can't begin at the end
                self.backend.con.execute(f"DROP VIEW IF EXISTS {_full(f'{table_name}_{view}', schema)}")
            self.backend.con.execute(f"DROP TABLE IF EXISTS {_full(table_name, schema)}")

    def _run(self, sql: str) -> list[tuple[Any, ...]]:
        with self.interruptible():
            rows: list[tuple[Any, ...]] = self.backend.con.execute(sql).fetchall()
        return rows

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Ask for counts: few rows, never events; Ctrl-C stops it at once."""
        # Ibis loads it, and pandas with it, for the first answer; pandas can't be loaded in two attempts.
        with interrupts_held_back():
            import_module("ibis.backends.duckdb.converter")
        with self.interruptible():
            return super().arrow(expression)

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let Ctrl-C stop what is asked of DuckDB in the meantime."""
        try:
            with stopped_by_interrupt(self.interrupt):
                yield
        except RuntimeError as error:
            # So DuckDB passes on what Python's handler of Ctrl-C raised.
            if str(error) != "Query interrupted":
                raise
            raise KeyboardInterrupt from error

    @contextlib.contextmanager
    def watched(self) -> Iterator[Callable[[], float | None]]:
        """Let DuckDB count how far it is, while this lasts, without a bar of its own."""
        connection = self.backend.con
        before: dict[str, bool] = {}
        # Where the engine is closed, or refuses, the query itself will say so.
        with contextlib.suppress(duckdb.Error):
            before = {name: _set(connection, name, to=to) for name, to in _BARS.items()}
        try:
            yield lambda: _fraction(connection)
        finally:
            with contextlib.suppress(duckdb.Error):
                for name in reversed(before):
                    _set(connection, name, to=before[name])

    def interrupt(self) -> None:
        """Stop the running query, from any thread."""
        with contextlib.suppress(duckdb.ConnectionException):
            self.backend.con.interrupt()

    def explained(self, error: Exception, log: Named) -> JourneykitError:
        """Say in our words what DuckDB raised."""
        return explained(error, log)

    def raises(self) -> tuple[type[Exception], ...]:
        """Name what DuckDB raises."""
        return (duckdb.Error,)

    def gone(self) -> tuple[type[Exception], ...]:
        """Name what is raised where the connection is closed already."""
        return (duckdb.ConnectionException,)


def _full(name: str, schema: str | None) -> str:
    """Write the name of a relation, temporary where there is no schema."""
    parts = [schema, name] if schema else ["temp", "main", name]
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def _create(kind: str, name: str, schema: str | None) -> str:
    """Write the beginning of a statement that makes a relation."""
    return f"CREATE {'' if schema else 'TEMP '}{kind} {_full(name, schema)}"


def _set(connection: duckdb.DuckDBPyConnection, name: str, *, to: bool) -> bool:
    """Change a setting, and say what it was."""
    [[before]] = connection.execute(f"select current_setting('{name}')").fetchall()
    connection.execute(f"set {name} = {to}")
    return bool(before)


def _fraction(connection: duckdb.DuckDBPyConnection) -> float | None:
    """Ask for the fraction that is done; DuckDB counts percent, and says -1 where nothing runs."""
    try:
        percent = connection.query_progress()
    except duckdb.ConnectionException:
        return None
    return percent / 100 if percent >= 0 else None


def errors(log: Named) -> contextlib.AbstractContextManager[None]:
    """Turn what DuckDB raises into our errors, where no engine is at hand."""
    return translated(log, "DuckDB", (duckdb.Error,), explained)


def _take_back(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    # Where the engine is closed, the frame is gone already.
    with contextlib.suppress(duckdb.Error):
        connection.unregister(name)


def _one(_: object) -> None: ...


def _two(_: object, __: object) -> None: ...


_scalar = ibis.udf.scalar.builtin
_EPOCH_US = _scalar(_one, name="epoch_us", signature=((dt.Timestamp(),), dt.int64))
_MOMENT = _scalar(_one, name="make_timestamptz", signature=((dt.int64,), AWARE))
_AT_ZONE = _scalar(_two, name="timezone", signature=((dt.string, dt.Timestamp()), AWARE))
_ON_CLOCKS = _scalar(_two, name="timezone", signature=((dt.string, AWARE), LOCAL))
_HASH = _scalar(_one, name="hash", signature=((dt.string,), dt.uint64))
_HASH_INT = _scalar(_one, name="hash", signature=((dt.int64,), dt.uint64))
_PARSE = _scalar(_two, name="try_strptime", signature=((dt.string, dt.string), LOCAL))
_PARSE_AWARE = _scalar(_two, name="try_strptime", signature=((dt.string, dt.string), AWARE))
