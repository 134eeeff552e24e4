"""Open what a report is asked of: the plan, the events, the company's side.

Every error names the file or the option that it is about.

May import: eventlog, model, plugins, journey, errors.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import typer

import journeykit as jk
from journeykit.errors import EventLogError, LifecycleError, UnknownNameError, listed, nearest
from journeykit.eventlog.readers.paths import find_export, find_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from journeykit.eventlog import EventLog
    from journeykit.model.activity import Activity
    from journeykit.model.lifecycle import Lifecycle

SUFFIXES = {".yaml", ".yml", ".json"}

MAP = "map"
"""What errors call a file of names."""

PARTS = ("touchpoints", "stages")
"""What a file of names may hold."""


@attrs.frozen(kw_only=True)
class Request:
    """What the command line asks for.

    Attributes:
        source: Where the events are.
        lifecycle: The plan's id, or its file.
        columns: For each parameter of `events`, the source's column, or None.
        format: The reader of an export, or None.
        options: What the reader is told.
        without_writers: Writers whose rows are set aside.
        by: A column that makes groups.
        names: A file of the CRM's names, or the name of a system.
        activities: A file of the company's activities.
        customers: A file with one row a customer.
        timezone: The clocks that timestamps without an offset show.
        timestamp_format: How timestamps are written.
        as_of: The censoring date.
        idle: The silence that is a loss.
        strict: Whether a row that can't be used is an error.
        limits: What the engine may use, by parameter of `events`; None: its own measure.
    """

    source: str
    lifecycle: str
    columns: Mapping[str, str | None]
    format: str | None = None
    options: Mapping[str, str] | None = None
    without_writers: tuple[str, ...] = ()
    by: str | None = None
    names: Path | None = None
    activities: str | None = None
    customers: str | None = None
    timezone: str | None = None
    timestamp_format: str | None = None
    as_of: str | None = None
    idle: str | None = None
    strict: bool = False
    limits: Mapping[str, str | int | Path | None] = attrs.field(factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read, those that a pattern means among them: nothing may be written there."""
        plain = (self.lifecycle, self.names)
        found = [Path(one) for one in plain if one is not None and Path(one).exists()]
        for pattern in (self.source, self.activities, self.customers):
            # What means no file is refused where it is opened, with everything else said of it.
            with contextlib.suppress(EventLogError):
                find = find_export if pattern is self.source and self.format else find_files
                found += find(pattern) if pattern is not None else ()
        return tuple(found)

    def require_sense(self) -> None:
        """Refuse options that do not go together.

        Raises:
            typer.BadParameter: Something is missing, or is said to nobody.
        """
        if self.format is not None:
            return
        if self.columns.get("customer") is None or self.columns.get("timestamp") is None:
            raise typer.BadParameter("name --customer and --timestamp, or --format for an export")
        if self.options is not None:
            raise typer.BadParameter("--option is for a reader: say which with --format")
        if self.without_writers and self.columns.get("writer") is None:
            raise typer.BadParameter("--without-writers needs --writer, the column, or --format")


def pairs(options: Sequence[str] | None) -> dict[str, str] | None:
    """Read options such as "object=deals"; None where there is none.

    Raises:
        typer.BadParameter: One of them is no pair, or comes twice.
    """
    if not options:
        return None
    found: dict[str, str] = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"--option {option!r} is no pair such as object=deals")
        if name.strip() in found:
            raise typer.BadParameter(f"--option {name.strip()} is there twice")
        found[name.strip()] = value.strip()
    return found


def words(listed_words: str | None) -> tuple[str, ...]:
    """Read words with commas between."""
    return tuple(word.strip() for word in (listed_words or "").split(",") if word.strip())


def read_plan(request: Request) -> Lifecycle:
    """Find the lifecycle that is asked for, under the CRM's names.

    Raises:
        UnknownNameError: No lifecycle has this id, or nobody knows the names of the system.
        LifecycleError: A file can't be read, or breaks rules.
    """
    wanted = request.lifecycle
    is_file = Path(wanted).suffix.lower() in SUFFIXES or os.sep in wanted
    plan = jk.read_lifecycle(wanted) if is_file else jk.lifecycle(wanted)
    if request.names is None:
        return plan
    if request.names.suffix.lower() in SUFFIXES or request.names.exists() or len(request.names.parts) > 1:
        return with_names(plan, request.names)
    return jk.map_system(plan, str(request.names))


def with_names(plan: Lifecycle, file: Path) -> Lifecycle:
    """Teach a lifecycle the names in a file.

    Args:
        plan: The lifecycle.
        file: YAML with a mapping `touchpoints`, a mapping `stages`, or both, as `Lifecycle.map`
            takes them.

    Raises:
        LifecycleError: The file can't be read, or names what is not there; every problem is listed.
    """
    given = _names(file)
    try:
        return plan.map(**given)
    except LifecycleError as error:
        raise LifecycleError(str(file), error.problems, MAP) from None


def _names(file: Path) -> dict[str, dict[str, Any]]:
    """Read the names in a file; what they mean is the lifecycle's to judge."""
    from journeykit.model.codec.document import UnreadableError
    from journeykit.model.codec.yaml_text import read_yaml

    try:
        data: Any = read_yaml(file.read_text("utf-8-sig")).data
    except UnreadableError as error:
        raise LifecycleError(str(file), error.problems, MAP) from None
    except UnicodeDecodeError:
        raise LifecycleError(str(file), ["is not UTF-8 text"], MAP) from None
    if not isinstance(data, dict):
        raise LifecycleError(str(file), ["must be a mapping with touchpoints:, stages:, or both"], MAP)
    problems = [
        f"{key}: no part named {key!r}{_hint(key)} (there are {', '.join(PARTS)})"
        for key in data
        if key not in PARTS
    ]
    found: dict[str, dict[str, Any]] = {}
    for part in PARTS:
        names = data.get(part) or {}
        if not isinstance(names, dict):
            problems.append(f"{part}: must be a mapping from your names to the lifecycle's")
            continue
        found[part] = names
    if problems:
        raise LifecycleError(str(file), problems, MAP)
    return found


def _hint(key: str) -> str:
    close = nearest(key, PARTS)
    return f". Did you mean {close!r}?" if close else ""


def open_log(request: Request) -> EventLog:
    """Open the events, with the column of `--by` among the attributes where it is one of theirs.

    Raises:
        UnknownNameError: A column does not exist.
        EventLogError: The events can't be read, or the column of `--by` makes no groups.
    """
    request.require_sense()
    if request.by is None:
        return _open(request, ())
    # Only the header is needed to know where the column is; with `strict` every row would be read.
    with _open(attrs.evolve(request, strict=False), ()) as log:
        attributes = _group_column(log, request.by)
    return _open(request, attributes)


def _group_column(log: EventLog, by: str) -> tuple[str, ...]:
    """Name the column of `--by` if it is one that the log does not keep yet; refuse what makes no groups."""
    from journeykit.relations.coding import ATTRIBUTES

    grouping = {role: column for role, column in log.columns.items() if role in ATTRIBUTES}
    if by in {*grouping, *grouping.values(), *log.customer_columns}:
        return ()
    taken = {column: role for role, column in log.columns.items() if role not in ATTRIBUTES}
    columns = log.source.columns
    if by in columns and by not in taken:
        return (by,)
    known = tuple(dict.fromkeys((*log.customer_columns, *(one for one in columns if one not in taken))))
    role = taken.get(by, by)
    if role in log.columns:
        why = "every customer would be a group" if role == "customer" else "it differs from event to event"
        can = f"Columns that can: {listed(known)}" if known else "Give --customers a file of what they share"
        is_it = f"it is the --{role.replace('_', '-')}, and {why}"
        raise EventLogError(f"--by {by!r} makes no groups of customers: {is_it}. {can}")
    raise UnknownNameError("column", by, known, where=f"{log.name} or --customers (--by)")


def _open(request: Request, attributes: tuple[str, ...]) -> EventLog:
    columns = {role: column for role, column in request.columns.items() if column is not None}
    given: dict[str, Any] = {
        **columns,
        "format": request.format,
        "options": request.options,
        "without_writers": request.without_writers,
        "attributes": attributes,
        "customers": request.customers,
        "timezone": request.timezone,
        "timestamp_format": request.timestamp_format,
        "strict": request.strict,
        **request.limits,
    }
    return jk.events(request.source, **given)


def read_activities(request: Request) -> tuple[Activity, ...] | None:
    """Read what the company does; None where it is not told.

    Raises:
        UnknownNameError: A column is missing.
        EventLogError: The file can't be read.
    """
    return None if request.activities is None else jk.activities(request.activities)
