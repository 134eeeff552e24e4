"""Spark, in a session of our own beside the caller's.

Nothing of the caller's session is changed: settings, views, what is active and what is cached stay
as they are.  journeykit's session shares Spark and its tables, and goes when nobody asks any more.

May import: engine, spark_held, spark_sql, spark_times, errors.
"""

from __future__ import annotations

import contextlib
import re
import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Final

import ibis
import ibis.expr.datatypes as dt
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import AnalysisException, PySparkException, PythonException
from pyspark.sql import SparkSession

from journeykit.engines import spark_times
from journeykit.engines.engine import AWARE, LOCAL, READERS, Engine, spellings
from journeykit.engines.failures import first_line
from journeykit.engines.spark_held import Held, is_stopped, quoted
from journeykit.engines.spark_sql import SparkBackend, connect_beside
from journeykit.engines.types import with_types
from journeykit.errors import EngineError, EventLogError, JourneykitError, UnknownNameError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

    from journeykit.engines.failures import Named
    from journeykit.engines.spark_held import Done

_READABLE: Final = re.compile(r"CAST|NUMERIC_VALUE|ARITHMETIC|OVERFLOW|DIVIDE|FAILED_READ|MALFORMED|CORRUPT")
"""In the names of the conditions where the data are at fault."""

_LOST: Final = "Checkpoint block rdd_"
_SUFFIXED: Final = r"(?i)[0-9.][df]\s*$"
"""A number as Java writes it, which Spark reads from text, too."""


class Spark(Engine):
    """Spark 4, through the classic API: local, on a cluster, or the caller's session."""

    tested: ClassVar[bool] = True
    missing: ClassVar[Mapping[str, str]] = {
        READERS: "name the columns, or let journeykit read the export's files itself",
    }

    def __init__(self, caller: BaseBackend | SparkSession) -> None:
        """Open a session beside that of an Ibis backend, or beside a session.

        Raises:
            UnsupportedError: The session is one of Spark Connect.
            EngineError: Its Spark is stopped.
        """
        if isinstance(caller, SparkBackend):
            super().__init__(caller)
            self._caller = self._session
        else:
            self._caller = caller if not hasattr(caller, "_session") else caller._session  # noqa: SLF001
            _require_classic(self._caller)
            super().__init__(connect_beside(self._caller))
        self._held = Held(self.backend)

    @property
    def title(self) -> str:
        """What messages call it."""
        return "Spark"

    @property
    def _session(self) -> SparkSession:
        session: SparkSession = self.backend._session  # noqa: SLF001 - Ibis has no other way to it
        return session

    # --- what Ibis has no word for ---

    def instant_us(self, moment: ir.Value) -> ir.IntegerValue:
        """Count the microseconds from 1970 in UTC to a moment with a time zone."""
        return spark_times.micros(moment.cast(AWARE))

    def local_us(self, local: ir.Value, timezone: str) -> ir.IntegerValue:
        """Count the microseconds from 1970 in UTC to a time on the clocks of *timezone*."""
        shown = local.cast(LOCAL)
        return spark_times.micros(shown) if timezone == "UTC" else spark_times.on_clocks_us(shown, timezone)

    def clock_us(self, time_us: ir.IntegerValue, timezone: str) -> ir.IntegerValue:
        """Count the microseconds from 1970 on the clocks of *timezone*: the inverse of `local_us`."""
        return time_us if timezone == "UTC" else spark_times.clock_us(time_us, timezone)

    def parse(self, text: ir.StringValue, pattern: str, *, aware: bool) -> ir.TimestampValue:  # noqa: ARG002 - told by it
        """Read text by a strptime pattern; null where it does not fit.

        Raises:
            UnsupportedError: The pattern has a directive that is not known here.
        """
        return spark_times.by_pattern(text, pattern, self.title)

    def try_cast(self, value: ir.Value, kind: str | dt.DataType) -> ir.Value:
        """Read a value as another type; null where it does not fit."""
        told, wanted = value.type(), dt.dtype(kind)
        if told.is_string() and wanted.is_timestamp():
            return spark_times.from_text(value, wanted)
        if told.is_string() and wanted.is_floating():
            return ibis.ifelse(value.re_search(_SUFFIXED), ibis.null(wanted), value.try_cast(wanted))
        if told.is_floating() and wanted.is_integer():
            # Spark would cut the fraction off.
            return _ROUNDED(value).try_cast(wanted)
        return value.try_cast(wanted)

    def hash64(self, column: ir.Value) -> ir.IntegerValue:
        """Mix a value into 63 bits, as a number from 0."""
        mixed = _HASH_INT(column) if column.type().is_integer() else _HASH(column.cast("string"))
        return _SHIFTED(mixed, 1)

    # --- relations ---

    def adopt(self, table: ir.Table) -> ir.Table:
        """Take over a table of the caller's Ibis backend, without computing it."""
        theirs = table.get_backend()
        if theirs is self.backend:
            return with_types(table)

        def taken() -> ir.Table:
            # The caller's session computes it as the caller's settings say.
            theirs._run_pre_execute_hooks(table)  # noqa: SLF001 - what is in memory, Ibis sends along
            return self._shown(self._caller.sql(theirs.compile(table)))

        return with_types(self._run(taken))

    def holds(self, backend: BaseBackend) -> bool:
        """Tell whether tables of an Ibis backend can be taken over."""
        return backend is self.backend or getattr(backend, "_session", None) is self._caller

    def table(self, name: str) -> ir.Table:
        """Find a table or a view of the caller's session, "schema.table" too.

        Raises:
            UnknownNameError: There is none.
        """

        def found() -> ir.Table | None:
            for parts in (*spellings(name), name.split(".")):
                with contextlib.suppress(AnalysisException):
                    if self._caller.catalog.tableExists(quoted(*parts)):
                        return self._shown(self._caller.table(quoted(*parts)))
            return None

        table = self._run(found)
        if table is None:
            known = self._run(lambda: [one.name for one in self._caller.catalog.listTables()])
            raise UnknownNameError("table", name, known, where="the Spark session")
        return table

    def _shown(self, rows: Any) -> ir.Table:
        name = f"journeykit_{uuid.uuid4().hex}"
        self._held.show(name, rows)
        return self.backend.table(name)

    def keep(self, name: str, rows: ir.Table | pa.Table, *, schema: str | None) -> ir.Table:
        """Compute rows and hold them: in the executors, or as a table in a schema."""

        def kept() -> ir.Table:
            if not hasattr(rows, "op"):
                self._held.send(name, rows)
            elif schema is None:
                self._held.hold(name, self._session.sql(self.backend.compile(rows)))
            else:
                self._held.store(name, self._session.sql(self.backend.compile(rows)), schema)
            return self.backend.table(name)

        return self._run(kept)

    def drop(self, table_name: str, *, schema: str | None) -> None:
        """Take a relation away; what is gone, or can't be reached any more, is passed over."""
        with contextlib.suppress(*self.gone()):
            self._held.aside(lambda: self._held.drop(table_name, schema))

    def require_schema(self, schema: str | None) -> None:
        """See that there is such a schema.

        Raises:
            UnknownNameError: There is none.
        """
        if schema is None or self._run(
            lambda: self._session.catalog.databaseExists(quoted(*schema.split(".")))
        ):
            return
        known = self._run(lambda: [one.name for one in self._session.catalog.listDatabases()])
        raise UnknownNameError("schema", schema, known, where="the Spark session")

    def close(self) -> None:
        """Leave Spark running: it is the caller's."""

    # --- asking ---

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Ask for counts: few rows, never events; Ctrl-C stops it at once."""
        query = self.backend.compile(expression)
        answer = self._run(lambda: self._session.sql(query).toArrow())
        return answer.cast(expression.as_table().schema().to_pyarrow())

    def interrupt(self) -> None:
        """Stop the running query, from any thread."""
        self._held.interrupt()

    def _run(self, work: Callable[[], Done]) -> Done:
        if is_stopped(self._session):
            raise _StoppedError
        return self._held.run(work)

    def explained(self, error: Exception, log: Named) -> JourneykitError:
        """Say in our words what Spark raised."""
        if isinstance(error, _StoppedError) or is_stopped(self._session):
            return EngineError(f"{log.name}: Spark is stopped, and what it held is gone: open the log again")
        told = _told(error)
        if isinstance(error, PySparkException) and _READABLE.search(error.getCondition() or ""):
            return EventLogError(f"{log.name}: {told}")
        if _LOST in told:
            way_out = "open the log again; with schema= what journeykit makes outlives an executor"
            return EngineError(f"{log.name}: an executor is lost, and what it held for journeykit: {way_out}")
        if "OutOfMemoryError" in told or "Java heap space" in told:
            way_out = (
                "give the executors more memory (spark.executor.memory; in local mode spark.driver.memory)"
            )
            return EngineError(f"{log.name}: Spark ran out of memory: {way_out}")
        return EngineError(f"{log.name}: Spark: {told}")

    def raises(self) -> tuple[type[Exception], ...]:
        """Name what Spark raises."""
        return (PySparkException, Py4JError, _StoppedError)

    def gone(self) -> tuple[type[Exception], ...]:
        """Name what is raised where Spark is stopped already."""
        return (Py4JError, _StoppedError)


class _StoppedError(Exception):
    """Spark is stopped."""


def _require_classic(session: object) -> None:
    if not isinstance(session, SparkSession) or not hasattr(session, "_jsparkSession"):
        way_out = "hand over a session of the classic API, or write the table to Parquet"
        raise UnsupportedError(f"Spark Connect lacks relations that are never computed anew: {way_out}")
    if is_stopped(session):
        raise EngineError("the Spark session is stopped: start another one")


def _told(error: Exception) -> str:
    """Find what Spark says, under what Java says around it."""
    if isinstance(error, Py4JJavaError):
        cause = error.java_exception
        while cause.getCause() is not None:
            cause = cause.getCause()
        return str(cause.toString()).split("\n", 1)[0]
    if isinstance(error, PythonException):
        # A function in Python that the caller's view calls: what it raised comes last.
        return str(error).strip().rsplit("\n", 1)[-1]
    return first_line(error)


def _one(_: object) -> None: ...


def _two(_: object, __: object) -> None: ...


_scalar = ibis.udf.scalar.builtin
_HASH = _scalar(_one, name="xxhash64", signature=((dt.string,), dt.int64))
_HASH_INT = _scalar(_one, name="xxhash64", signature=((dt.int64,), dt.int64))
_SHIFTED = _scalar(_two, name="shiftrightunsigned", signature=((dt.int64, dt.int32), dt.int64))
_ROUNDED = _scalar(_one, name="rint", signature=((dt.float64,), dt.float64))
