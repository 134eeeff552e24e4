"""Spark's SQL, where Ibis 12 spells it so that its answers differ from those of other engines.

Each method names one such difference; whatever is not here, Ibis spells right.

May import: nothing of ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import sqlglot.expressions as sge
from ibis.backends.pyspark import Backend
from ibis.backends.pyspark.datatypes import PySparkType
from ibis.backends.sql.compilers.base import NULL, STAR
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.common.exceptions import IbisTypeError
from pyspark.sql.types import TimestampNTZType, TimestampType

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.types import DataType

SPACE: Final = " \t\n\r\v\f"
"""What `strip` takes away."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_GROUP: Final = re.compile(r"\\(\d)|\$")

_SETTINGS: Final = {
    # What a time without an offset means is said by `timezone=`, not by whoever began the session.
    "spark.sql.session.timeZone": "UTC",
    # Spark writes every plan down, those of what it holds within those that read it: that fills the driver.
    "spark.sql.maxPlanStringLength": "10000",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    # Numbers that do not fit are an error, as on other engines, and not another number.
    "spark.sql.ansi.enabled": "true",
    # "Region" and "region" are two columns.
    "spark.sql.caseSensitive": "true",
    # A caller's names may hold "${...}", backslashes and quotes.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    # Ibis groups by the place of a column.
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.orderByOrdinal": "true",
}


class Compiler(PySparkCompiler):  # type: ignore[misc]  # Ibis ships no types
    """Writes SQL for Spark."""

    __slots__ = ()

    SIMPLE_OPS: ClassVar = {ops.BitAnd: "bit_and", ops.BitOr: "bit_or", ops.BitXor: "bit_xor"}

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: dt.DataType) -> Any:  # noqa: N802 - Ibis's name
        r"""Write text with control characters as bytes: Spark reads "\f" as an "f"."""
        if dtype.is_string() and _CONTROL.search(value):
            return self.f.decode(self.f.unhex(value.encode().hex()), "UTF-8")
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_Strip(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802 - Ibis's names
        """Take space away, and not the letters "v" and "f"."""
        return sge.Trim(this=arg, expression=self.f.decode(self.f.unhex(SPACE.encode().hex()), "UTF-8"))

    def visit_RegexReplace(self, op: Any, *, arg: Any, pattern: Any, replacement: Any) -> Any:  # noqa: N802 - Ibis's name
        r"""Put groups in: Java calls them "$1", not "\1"."""
        if isinstance(replacement, sge.Literal):
            replacement = sge.convert(_GROUP.sub(_java_group, replacement.this))
        return super().visit_RegexReplace(op, arg=arg, pattern=pattern, replacement=replacement)

    def visit_CountStar(self, op: Any, *, arg: Any, where: Any) -> Any:  # noqa: ARG002, N802 - Ibis's names
        """Count 0 rows as 0, where a sum would be null."""
        return self.f.count(STAR) if where is None else self.f.count_if(where)

    def visit_IsNull(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802 - Ibis's names
        """Take a NaN for a number."""
        return arg.is_(NULL)

    def visit_NotNull(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802 - Ibis's names
        """Take a NaN for a number."""
        return sge.Not(this=arg.is_(NULL))

    def visit_IsInf(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802 - Ibis's names
        """Know infinity."""
        return self.f.abs(arg).eq(self.cast("Infinity", dt.float64))

    def visit_ArgMin(self, op: Any, *, arg: Any, key: Any, where: Any) -> Any:  # noqa: ARG002, N802 - Ibis's names
        """Pass over rows that hold no value."""
        return self.f.min_by(arg, self._where_told(arg, key, where))

    def visit_ArgMax(self, op: Any, *, arg: Any, key: Any, where: Any) -> Any:  # noqa: ARG002, N802 - Ibis's names
        """Pass over rows that hold no value."""
        return self.f.max_by(arg, self._where_told(arg, key, where))

    def _where_told(self, arg: Any, key: Any, where: Any) -> Any:
        told = sge.Not(this=arg.is_(NULL))
        return self.if_(told if where is None else sge.and_(told, where), key, NULL)

    def visit_TimestampFromYMDHMS(self, op: Any, **parts: Any) -> Any:  # noqa: ARG002, N802 - Ibis's names
        """Make a time of its parts."""
        return self.f.make_timestamp(*parts.values())


class SparkBackend(Backend):  # type: ignore[misc]  # Ibis ships no types
    """Ibis on a session of ours, which is nobody else's."""

    compiler = Compiler()

    def disconnect(self) -> None:
        """Leave Spark running: it is the caller's."""

    def get_schema(
        self, table_name: str, *, catalog: str | None = None, database: str | None = None
    ) -> sch.Schema:
        """Tell moments from times without a zone, which Ibis takes for the same."""
        if catalog is not None or database is not None:
            return super().get_schema(table_name, catalog=catalog, database=database)
        return sch.Schema(
            {field.name: _kind(field.dataType) for field in self._session.table(table_name).schema}
        )


def _java_group(found: re.Match[str]) -> str:
    return f"${found[1]}" if found[1] else r"\$"


def _kind(spark_type: DataType) -> dt.DataType:
    """Name a type for Ibis; unknown where it has no name for it, for nobody may ask for that column."""
    if isinstance(spark_type, TimestampType):
        return dt.Timestamp(timezone="UTC")
    if isinstance(spark_type, TimestampNTZType):
        return dt.Timestamp(scale=6)
    try:
        return PySparkType.to_ibis(spark_type)
    except (NotImplementedError, IbisTypeError):
        return dt.unknown


def connect_beside(session: SparkSession) -> SparkBackend:
    """Open a session of our own beside a caller's: the same Spark and tables, other settings and views."""
    own = session.newSession()
    for name, value in session.conf.getAll.items():
        if name.startswith("spark.sql.") and session.conf.isModifiable(name):
            own.conf.set(name, value)
    for name, value in _SETTINGS.items():
        own.conf.set(name, value)
    # Ibis makes the options of a backend when it is asked for by this name.
    _ = ibis.pyspark
    backend: SparkBackend = SparkBackend().connect(own)
    return backend
