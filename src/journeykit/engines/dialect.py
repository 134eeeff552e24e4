"""The one place that knows how an engine spells what Ibis has no word for.

Everything else is Ibis, the same for every engine.  DuckDB is spelled here so far; any
other engine is refused by name, with the way out, before anything is computed.

May import: errors.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
import uuid
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import attrs
import duckdb
import ibis
import ibis.expr.datatypes as dt

from journeykit.errors import EngineError, EventLogError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

AWARE: Final = dt.Timestamp(timezone="UTC")
LOCAL: Final = dt.Timestamp(scale=6)

MEMORY_LIMIT: Final = "1GB"
"""What a DuckDB of our own may hold in memory before it spills to disk.

Ten million events take as long with this limit as without it, at half the memory.
"""

_DATA_ERRORS: Final = (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException)
"""What DuckDB raises when the data are at fault, rather than the query."""

_CSV_LINE: Final = re.compile(r"CSV Error on Line: (\d+)\n(?:Original Line: (?P<text>.*)\n)?(?P<why>.+)")
_FILE: Final = re.compile(r"(?m)^\s*file = (.+)$")
_READ_ELSEWHERE: Final = "read it with pandas or polars and hand over the frame"


class Named(Protocol):
    """Whatever can say in an error what was being read."""

    @property
    def name(self) -> str:
        """Its name, such as the path."""


@attrs.frozen
class Title:
    """A name and nothing more, for what has no log yet."""

    name: str


def connect() -> BaseBackend:
    """Open a DuckDB of our own: in memory, spilling to the temporary directory, never on the network."""
    spill = Path(tempfile.gettempdir()) / f"journeykit-{uuid.uuid4().hex}"
    own = ibis.duckdb.connect(
        memory_limit=MEMORY_LIMIT,
        temp_directory=str(spill),
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
    )
    # DuckDB would draw a bar of its own in notebooks and shells.
    own.settings["enable_progress_bar"] = False
    return own


def hand_over(backend: BaseBackend, frame: pa.Table) -> ir.Table:
    """Let an engine read an arrow frame where it stands; what this makes goes with the last expression on it.

    Ibis has `memtable` for this, which keeps frame and engine until the program ends.
    """
    name = f"journeykit_frame_{uuid.uuid4().hex}"
    backend.con.register(name, frame)
    table: ir.Table = backend.table(name)
    weakref.finalize(table.op(), _take_back, backend.con, name).atexit = False
    return table


def with_types(table: ir.Table) -> ir.Table:
    """Take columns that hold nulls only, and so have no type, for text."""
    untyped = [name for name, kind in table.schema().items() if kind.is_null() or _is_null_type(kind)]
    return table.mutate(**{name: ibis.null("string") for name in untyped}) if untyped else table


def _is_null_type(kind: dt.DataType) -> bool:
    """Tell DuckDB's type of null, which Ibis does not know, by the only name it has."""
    return bool(kind.is_unknown() and 'kind="NULL"' in str(kind))


def _take_back(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    # Where the engine is closed, the frame is gone already.
    with contextlib.suppress(duckdb.Error):
        connection.unregister(name)


def require_supported(backend: BaseBackend) -> None:
    """Refuse an engine whose spelling is not known.

    Raises:
        UnsupportedError: The engine is not DuckDB.
    """
    if backend.name != "duckdb":
        message = (
            f"journeykit does not read events in {backend.name} yet, only in DuckDB: "
            "write the table to Parquet, or hand it over as a pyarrow frame (table.to_pyarrow())"
        )
        raise UnsupportedError(message)


def instant_us(moment: ir.Value) -> ir.IntegerValue:
    """Count the microseconds from 1970 in UTC to a moment with a time zone; null where it is infinite."""
    return _EPOCH_US(moment.cast(AWARE))


def local_us(local: ir.Value, timezone: str) -> ir.IntegerValue:
    """Count the microseconds from 1970 in UTC to a time on the clocks of *timezone*.

    An hour that the clocks skip is read with the offset before the change, one that they show twice with the
    offset after it.
    """
    naive = local.cast(LOCAL)
    return _EPOCH_US(naive if timezone == "UTC" else _AT_ZONE(ibis.literal(timezone), naive))


def clock_us(time_us: ir.IntegerValue, timezone: str) -> ir.IntegerValue:
    """Count the microseconds from 1970 on the clocks of *timezone*: the inverse of `local_us`."""
    return time_us if timezone == "UTC" else _EPOCH_US(_ON_CLOCKS(ibis.literal(timezone), _MOMENT(time_us)))


def parse(text: ir.StringValue, pattern: str, *, aware: bool) -> ir.TimestampValue:
    """Read text by a strptime pattern; null where it does not fit.

    Args:
        text: What to read.
        pattern: As for `datetime.strptime`.
        aware: Whether the pattern reads an offset or a zone (%z, %Z).
    """
    return (_PARSE_AWARE if aware else _PARSE)(text, ibis.literal(pattern))


def json_member(value: ir.JSONValue, name: str) -> ir.JSONValue:
    """Find the member of a JSON object that has a name; null where it has none, or is no object."""
    return _JSON_MEMBER(value, _pointer(name))


def json_text(value: ir.JSONValue, name: str) -> ir.StringValue:
    """Read the member of a JSON object that has a name as text: a number by its digits."""
    return _JSON_TEXT(value, _pointer(name))


def json_type(value: ir.JSONValue) -> ir.StringValue:
    """Name the kind of a JSON value as DuckDB does: "VARCHAR", "BIGINT", "OBJECT", ..., "NULL"."""
    return _JSON_TYPE(value)


def _pointer(name: str) -> ir.StringValue:
    escaped = name.replace("~", "~0").replace("/", "~1")
    return ibis.literal(f"/{escaped}")


@contextlib.contextmanager
def engine_errors(log: Named) -> Iterator[None]:
    """Turn what the engine raises into our errors.

    Args:
        log: What is being read; its name begins the message.

    Raises:
        EventLogError: The data are at fault: a broken line, a file that is not UTF-8, a file that went away.
        EngineError: The engine is at fault, or out of memory, or closed.
    """
    try:
        yield
    except _DATA_ERRORS as error:
        raise EventLogError(f"{log.name}: {_explained(str(error))}") from error
    except duckdb.ConnectionException as error:
        raise EngineError(f"{log.name}: the log is closed, or its connection is: open it again") from error
    except duckdb.OutOfMemoryException as error:
        way_out = "free memory, or disk space in the temporary directory, which takes what does not fit"
        raise EngineError(f"{log.name}: DuckDB ran out of memory: {way_out}. {_first_line(error)}") from error
    except duckdb.Error as error:
        raise EngineError(f"{log.name}: {_first_line(error)}") from error


def unless_closed() -> contextlib.AbstractContextManager[None]:
    """Pass over what can't be done since the connection is closed."""
    return contextlib.suppress(duckdb.ConnectionException)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def _explained(message: str) -> str:
    """Cut DuckDB's page of advice down to the file, the line, what is wrong and the way out."""
    file = _FILE.search(message)
    where = f"file {file[1]!r}, " if file else ""
    line = _CSV_LINE.search(message)
    if "not utf-8" in message or "invalid UTF-8" in message:
        where += f"line {line[1]}: " if line else ""
        return f"{where}the text is not UTF-8. Save it as UTF-8, or {_READ_ELSEWHERE}"
    if line:
        text = f" The line: {line['text'][:200]!r}." if line["text"] else ""
        why = line["why"].strip().rstrip(".")
        return f"{where}line {line[1]}: {why}.{text} Mend the line, or {_READ_ELSEWHERE}"
    if "sniffing" in message:
        hint = "lines of unequal length, or endings of both Windows and Unix, are the usual reasons"
        return f"no delimiter and quotes fit all lines ({hint}). Mend the file, or {_READ_ELSEWHERE}"
    return message.split("\n", 1)[0].removeprefix("Invalid Input Error: ").removeprefix("IO Error: ").strip()


def _one(_: object) -> None: ...


def _two(_: object, __: object) -> None: ...


_scalar = ibis.udf.scalar.builtin
_EPOCH_US = _scalar(_one, name="epoch_us", signature=((dt.Timestamp(),), dt.int64))
_MOMENT = _scalar(_one, name="make_timestamptz", signature=((dt.int64,), AWARE))
_AT_ZONE = _scalar(_two, name="timezone", signature=((dt.string, dt.Timestamp()), AWARE))
_ON_CLOCKS = _scalar(_two, name="timezone", signature=((dt.string, AWARE), LOCAL))
_JSON_TYPE = _scalar(_one, name="json_type", signature=((dt.json,), dt.string))
_JSON_MEMBER = _scalar(_two, name="json_extract", signature=((dt.json, dt.string), dt.json))
_JSON_TEXT = _scalar(_two, name="json_extract_string", signature=((dt.json, dt.string), dt.string))
_PARSE = _scalar(_two, name="try_strptime", signature=((dt.string, dt.string), LOCAL))
_PARSE_AWARE = _scalar(_two, name="try_strptime", signature=((dt.string, dt.string), AWARE))
