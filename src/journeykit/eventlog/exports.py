"""Let a plugin's reader make events of an export, and see that its answer makes sense.

A reader returns expressions over the tables it is given; nothing is computed here.  What
it does wrong is a `PluginError` that names it; what is wrong with the export is its own to
say, as a `JourneykitError`.

May import: source, columns, times, plugins, errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import ibis.expr.types as ir

from journeykit.errors import EventLogError, JourneykitError, PluginError, UnknownNameError, listed, nearest
from journeykit.eventlog.columns import ROLES
from journeykit.eventlog.source import home
from journeykit.eventlog.times import check_timezone
from journeykit.plugins.asking import FAULTS, told_of
from journeykit.plugins.manager import default_manager
from journeykit.plugins.offers import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.eventlog.source import Export
    from journeykit.plugins.manager import Manager
    from journeykit.plugins.offers import Reader

HOOK: Final = "journeykit_readers"

_KIND: Final = "reader of format"


def read_export(
    export: Export, form: str, options: Mapping[str, str], manager: Manager | None = None
) -> Reading:
    """Find the reader of a format, and let it read.

    Args:
        export: The tables, opened.
        form: The format.
        options: What the reader is told.
        manager: Where to look; None: what ships and what is installed.

    Raises:
        UnknownNameError: There is no reader of this format, or it does not know an option.
        EventLogError: The reader can't read this export.
        PluginError: Two plugins offer the format, or the reader fails.
    """
    asked = manager or default_manager()
    reader = asked.find(_KIND, form, asked.readers)
    _require_options(reader, options)
    plugin = asked.readers.plugin_of(form)
    try:
        reading = reader.read(export.tables, dict(options))
        problems = list(_problems(reading, export))
    except JourneykitError:
        raise
    except FAULTS as error:
        raise _failed(plugin, form, told_of(error)) from error
    if problems:
        raise _failed(plugin, form, "; ".join(problems))
    return reading


def _failed(plugin: str, form: str, cause: str) -> PluginError:
    return PluginError(plugin, HOOK, f"reader of format {form!r}: {cause}")


def _require_options(reader: Reader, options: Mapping[str, str]) -> None:
    """Refuse options that the reader does not know, and values that are no text."""
    for name, value in options.items():
        if name not in reader.options:
            raise UnknownNameError("option", name, reader.options, where=f"the reader of {reader.format!r}")
        if not isinstance(value, str):
            raise EventLogError(f"options: {name!r} must be text, not {value!r}")


def _problems(reading: object, export: Export) -> Iterator[str]:
    """Find what is wrong with a reader's answer."""
    if not isinstance(reading, Reading):
        yield f"it returned {reading!r}, which is no `Reading`"
        return
    if not isinstance(reading.events, ir.Table) or not isinstance(reading.columns, Mapping):
        yield "`Reading.events` must be an Ibis table, and `Reading.columns` a mapping"
        return
    yield from _strangers(reading.events, "events", export)
    yield from _misnamed(reading)
    if reading.aside is not None and reading.aside in reading.events.columns:
        kind = reading.events[reading.aside].type()
        if not kind.is_string():
            yield f"column {reading.aside!r} (aside) holds {kind}, not text"
    if reading.customers is not None:
        yield from _strangers(reading.customers, "customers", export)
        yield from _nameless(reading)
    try:
        check_timezone(reading.timezone)
    except UnknownNameError as error:
        yield str(error)


def _strangers(table: Any, what: str, export: Export) -> Iterator[str]:
    if not isinstance(table, ir.Table):
        yield f"`Reading.{what}` must be an Ibis table, not {table!r}"
    elif home(table) not in {None, export.backend}:
        yield f"`Reading.{what}` is not made of the tables it was given, but lives on an engine of its own"


def _nameless(reading: Reading) -> Iterator[str]:
    """See that a table of customers says who they are; without that all it tells would be overlooked."""
    key, told = reading.columns.get("customer"), reading.customers
    if key is not None and isinstance(told, ir.Table) and key not in told.columns:
        yield f"`Reading.customers` has no column {key!r} (customer=), only {listed(told.columns)}"


def _misnamed(reading: Reading) -> Iterator[str]:
    """Find parameters that `events` does not have, and columns that are not in the table."""
    known = reading.events.columns
    wanted = [(f"{role}=", column) for role, column in reading.columns.items()]
    wanted += [("attributes", column) for column in reading.attributes]
    wanted += [] if reading.aside is None else [("aside", reading.aside)]
    for role in reading.columns:
        if role not in ROLES:
            close = nearest(str(role), ROLES)
            yield f"`events` has no parameter {role!r}" + (f", nearest {close!r}" if close else "")
    for role, column in wanted:
        if column not in known:
            close = nearest(str(column), known)
            hint = f", nearest {close!r}" if close else f", only {listed(known)}"
            yield f"its table has no column {column!r} ({role}){hint}"
