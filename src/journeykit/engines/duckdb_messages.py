"""What DuckDB raises, in our words.

May import: failures, errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import duckdb

from journeykit.engines.failures import first_line
from journeykit.errors import EngineError, EventLogError, JourneykitError

if TYPE_CHECKING:
    from journeykit.engines.failures import Named

_DATA_ERRORS: Final = (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException)
"""What DuckDB raises when the data are at fault, rather than the query."""

_CSV_LINE: Final = re.compile(r"CSV Error on Line: (\d+)\n(?:Original Line: (?P<text>.*)\n)?(?P<why>.+)")
_FILE: Final = re.compile(r"(?m)^\s*file = (.+)$")
_READ_ELSEWHERE: Final = "read it with pandas or polars and hand over the frame"


def explained(error: Exception, log: Named) -> JourneykitError:
    """Say in our words what DuckDB raised."""
    if isinstance(error, _DATA_ERRORS):
        return EventLogError(f"{log.name}: {_shortened(str(error))}")
    if isinstance(error, duckdb.ConnectionException):
        return EngineError(f"{log.name}: the log is closed, or its connection is: open it again")
    if isinstance(error, duckdb.OutOfMemoryException):
        way_out = "free memory, or disk space in the temporary directory, which takes what does not fit"
        return EngineError(f"{log.name}: DuckDB ran out of memory: {way_out}. {first_line(error)}")
    return EngineError(f"{log.name}: {first_line(error)}")


def _shortened(message: str) -> str:
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
