"""PostgreSQL, where CRMs live.

What journeykit makes there are temporary tables of the session, or unlogged ones in a schema that
the caller chose.  Every statement is a transaction of its own, or a savepoint in the caller's: an
error or Ctrl-C undoes it, and leaves connection and transaction as they were.

May import: engine, postgres_values, errors.
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any, ClassVar, Final

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import psycopg
import pyarrow as pa
from ibis.expr.schema import Schema
from psycopg import sql
from pyarrow import csv

from journeykit.engines import postgres_values as values
from journeykit.engines.engine import CASTS, PATTERNS, READERS, Engine, spellings
from journeykit.engines.failures import ELSEWHERE, first_line
from journeykit.errors import EngineError, EventLogError, JourneykitError, UnknownNameError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from journeykit.engines.failures import Named

_CAN_TELL: Final = 16
"""From this version on, it can tell whether a text would fit a type."""

_SETTINGS: Final = {"TimeZone": "UTC"}
"""What our statements run under, whatever the session is set to."""


_FIND: Final = """\
SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE pg_class.oid = to_regclass(%(name)s) AND relkind IN ('r', 'v', 'm', 'f', 'p')"""
_KNOWN: Final = """\
SELECT CASE WHEN pg_table_is_visible(pg_class.oid) THEN relname ELSE nspname || '.' || relname END
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname <> 'information_schema' AND nspname !~ '^pg_' AND relkind IN ('r', 'v', 'm', 'f', 'p')
ORDER BY 1"""


class Postgres(Engine):
    """PostgreSQL, by psycopg."""

    tested: ClassVar[bool] = True
    missing: ClassVar[Mapping[str, str]] = {
        PATTERNS: f"read them in a view there, with to_timestamp(), or {ELSEWHERE}",
        READERS: f"name the columns, or {ELSEWHERE}",
    }

    def __init__(self, backend: BaseBackend) -> None:
        super().__init__(backend)
        self._later: list[sql.Composed] = []

    @property
    def title(self) -> str:
        """What messages call it."""
        return "PostgreSQL"

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The connection of psycopg."""
        found: psycopg.Connection[Any] = self.backend.con
        return found

    def instant_us(self, moment: ir.Value) -> ir.IntegerValue:
        """Count the microseconds from 1970 in UTC to a moment with a time zone; null where it is infinite."""
        return values.instant_us(moment)

    def local_us(self, local: ir.Value, timezone: str) -> ir.IntegerValue:
        """Count the microseconds from 1970 in UTC to a time on the clocks of *timezone*."""
        return values.local_us(local, timezone)

    def clock_us(self, time_us: ir.IntegerValue, timezone: str) -> ir.IntegerValue:
        """Count the microseconds from 1970 on the clocks of *timezone*: the inverse of `local_us`."""
        return values.clock_us(time_us, timezone)

    def try_cast(self, value: ir.Value, kind: str | dt.DataType) -> ir.Value:
        """Read a value as another type; null where it does not fit.

        Raises:
            UnsupportedError: It is text, and the server is older than PostgreSQL 16.
        """
        wanted = dt.dtype(kind)
        version = self.connection.info.server_version // 10_000
        if value.type().is_string() and version < _CAN_TELL:
            needed = f"PostgreSQL {version} lacks {CASTS}, needed by text that is read as {wanted}"
            raise UnsupportedError(f"{needed}: {_CAN_TELL} has them; or {ELSEWHERE}")
        return values.try_cast(value, wanted)

    def hash64(self, column: ir.Value) -> ir.IntegerValue:
        """Mix a value into 64 bits."""
        return values.hash64(column)

    def by_code_point(self, column: ir.Value) -> ir.Value:
        """Give what a column is sorted by: of text the code points, whatever the language of the database."""
        return values.by_code_point(column)

    def adopt(self, table: ir.Table) -> ir.Table:
        """Read enums, padded text and the server's own types as text; a decimal that is none as null."""
        told = dict(table.schema().items())
        texts = {name: values.as_text(table[name]) for name, kind in told.items() if values.is_textual(kind)}
        numbers = {name: values.finite(table[name]) for name, kind in told.items() if kind.is_decimal()}
        return table.mutate(**texts, **numbers) if texts or numbers else table

    def require_schema(self, schema: str | None) -> None:
        """See that there is such a schema.

        Raises:
            UnknownNameError: There is none.
        """
        if schema is None:
            return
        with self._running() as cursor:
            known = [row[0] for row in cursor.execute("SELECT nspname FROM pg_namespace ORDER BY 1")]
        if schema not in known:
            theirs = [name for name in known if not name.startswith("pg_")]
            raise UnknownNameError("schema", schema, theirs, where="the PostgreSQL database")

    # --- relations of ours ---

    def keep(self, name: str, rows: ir.Table | pa.Table, *, schema: str | None) -> ir.Table:
        """Compute rows and hold them: a temporary table, or an unlogged one in a schema."""
        where = sql.Identifier(name) if schema is None else sql.Identifier(schema, name)
        kind = sql.SQL("TEMPORARY" if schema is None else "UNLOGGED")
        if isinstance(rows, pa.Table):
            frame = values.as_written(rows)
            told = Schema.from_pyarrow(frame.schema)
            self._send(where, kind, frame, told)
        else:
            told = rows.schema()
            with self._running() as cursor:
                query = sql.SQL("CREATE {} TABLE {} AS SELECT {} FROM ({}) AS computed").format(
                    kind, where, self._typed(told), sql.SQL(self.backend.compile(rows))
                )
                cursor.execute(query)
                # Without it the server takes a table for small, and joins it row by row.
                cursor.execute(sql.SQL("ANALYZE {}").format(where))
        return self._held(name, told, schema)

    def _typed(self, told: Schema) -> sql.Composable:
        """Spell columns with the types that Ibis takes them to have: sums and literals may differ."""
        parts = [
            sql.SQL("CAST(computed.{} AS {}) AS {}").format(
                sql.Identifier(name), sql.SQL(self._type(kind)), sql.Identifier(name)
            )
            for name, kind in told.items()
        ]
        return sql.SQL(", ").join(parts)

    def _type(self, kind: dt.DataType) -> str:
        spelled: str = self.backend.compiler.type_mapper.to_string(kind)
        return spelled

    def _send(self, where: sql.Composable, kind: sql.Composable, frame: pa.Table, told: Schema) -> None:
        columns = [
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(self._type(held)))
            for name, held in told.items()
        ]
        written = io.BytesIO()
        options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
        csv.write_csv(frame, written, options)
        with self._running() as cursor:
            cursor.execute(
                sql.SQL("CREATE {} TABLE {} ({})").format(kind, where, sql.SQL(", ").join(columns))
            )
            copying = sql.SQL("COPY {} FROM STDIN (FORMAT csv, ENCODING 'UTF8')").format(where)
            with cursor.copy(copying) as copy:
                copy.write(written.getbuffer())
            cursor.execute(sql.SQL("ANALYZE {}").format(where))

    def drop(self, table_name: str, *, schema: str | None) -> None:
        """Take a relation away; what is gone, or can't be reached any more, is passed over."""
        names = ("pg_temp", table_name) if schema is None else (schema, table_name)
        self._later.append(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(*names)))
        # Python may collect garbage, and call this, while a statement of ours runs: the next one does it.
        if not self.connection.lock.locked():
            with contextlib.suppress(psycopg.Error), self._running():
                pass

    # --- asking ---

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Ask for counts: few rows, never events."""
        told = expression.schema().to_pyarrow()
        query = self.backend.compile(expression)
        with self._running() as cursor:
            rows = cursor.execute(query).fetchall()
        columns = zip(*rows, strict=True) if rows else ((),) * len(told)
        arrays = [values.as_arrow(column, field.type) for column, field in zip(columns, told, strict=True)]
        return pa.table(arrays, schema=told)

    @contextlib.contextmanager
    def _running(self) -> Iterator[psycopg.Cursor[Any]]:
        """Run statements of ours, and leave the connection as it was, whatever happens."""
        connection = self.connection
        alone = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor, connection.transaction():
            before = {} if alone else {name: _setting(cursor, name) for name in _SETTINGS}
            _set(cursor, _SETTINGS)
            while self._later:
                cursor.execute(self._later[-1])
                self._later.pop()
            yield cursor
            # In a transaction of the caller's, a setting would outlive our savepoint.
            _set(cursor, before)

    def interrupt(self) -> None:
        """Stop the running query, from any thread."""
        self.connection.cancel_safe()

    # --- what is there ---

    def table(self, name: str) -> ir.Table:
        """Find a table or a view by its name, or by "schema.table"; a name that has a dot itself comes first.

        Raises:
            UnknownNameError: There is none.
        """
        with self._running() as cursor:
            for parts in spellings(name):
                quoted = sql.Identifier(*parts).as_string(cursor)
                found = cursor.execute(_FIND, {"name": quoted}).fetchone()
                if found:
                    told = self.backend.get_schema(found[1], database=found[0])
                    return self._held(found[1], told, found[0])
            known = [row[0] for row in cursor.execute(_KNOWN)]
        raise UnknownNameError("table", name, known, where="the PostgreSQL database")

    def _held(self, name: str, told: Schema, schema: str | None) -> ir.Table:
        place = ops.Namespace(database=schema)
        return ops.DatabaseTable(name, schema=told, source=self.backend, namespace=place).to_expr()

    def explained(self, error: Exception, log: Named) -> JourneykitError:
        """Say in our words what psycopg raised."""
        said = f"{log.name}: PostgreSQL: {first_line(error)}"
        if isinstance(error, psycopg.DataError):
            return EventLogError(said)
        if self.connection.closed:
            return EngineError(f"{log.name}: the log is closed, or its connection is: open it again")
        if isinstance(error, psycopg.errors.InsufficientPrivilege):
            way_out = (
                "Name a schema that you may write to as schema=" if " temporary " in said else "Ask for it"
            )
            return EngineError(f"{said}. {way_out}, or {ELSEWHERE}")
        if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            return EngineError(
                f"{said}, not even temporary ones. Use a session that may write, or {ELSEWHERE}"
            )
        if isinstance(error, psycopg.errors.UndefinedTable):
            return EngineError(f"{said}. Was a transaction rolled back since? Then observe the log again")
        return EngineError(said)

    def raises(self) -> tuple[type[Exception], ...]:
        """Name what psycopg raises."""
        return (psycopg.Error,)


def _setting(cursor: psycopg.Cursor[Any], name: str) -> str:
    row = cursor.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return str(row[0]) if row else ""


def _set(cursor: psycopg.Cursor[Any], settings: Mapping[str, str]) -> None:
    """Change settings for the transaction that runs."""
    for name, value in settings.items():
        cursor.execute("SELECT set_config(%s, %s, true)", (name, value))
