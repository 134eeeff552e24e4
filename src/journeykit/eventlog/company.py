"""Read the company's side: what it does at each stage and touchpoint, and at what cost.

A table of this kind has a few hundred rows; unlike events, they become Python objects.

May import: source, place, columns, engines (types only), model, errors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, get_args

from journeykit.errors import EventLogError, nearest, warn
from journeykit.eventlog.columns import require_columns
from journeykit.eventlog.place import Place
from journeykit.eventlog.source import open_source
from journeykit.model.activity import Activity, Basis

if TYPE_CHECKING:
    from journeykit.engines import Connection
    from journeykit.eventlog.source import EventSource

_NEEDED: Final = ("stage", "touchpoint")
_OPTIONAL: Final = ("channel", "effort", "unit", "owner", "department", "basis")
_MOST_PROBLEMS: Final = 10


def activities(source: EventSource, *, connection: Connection | None = None) -> tuple[Activity, ...]:
    """Read what the company does, one row an activity.

    The columns are `stage` and `touchpoint`, and optionally `channel`, `effort`, `unit`, `owner`,
    `department` and `basis` ("strategy" or "communication"). Others are ignored; an empty cell is unknown.

    Args:
        source: A path (CSV, Parquet, JSON lines), a frame or an Ibis table; with *connection*, the name of a
            table there.
        connection: What leads to an engine of somebody else's, as for `events`.

    Returns:
        The activities, in the order of the source. Efforts are 0 or more, in their `unit`.

    Raises:
        UnknownNameError: The column stage or touchpoint is missing.
        EngineError: The engine behind *connection* can't be reached, or fails.
        EventLogError: The source can't be read, or rows break a rule: all are named, the first being row 1.

    Warns:
        JourneykitWarning: A column that is ignored looks like a misspelt one.

    Source: S1-22, S1-26 (mission page).
    """
    opened = open_source(source, Place(connection=connection))
    try:
        require_columns({name: name for name in _NEEDED}, opened.table, opened.name)
        _warn_of_misspelt(opened.table.columns)
        known = [name for name in (*_NEEDED, *_OPTIONAL) if name in opened.table.columns]
        with opened.engine.errors(opened):
            rows = opened.engine.arrow(opened.table.select(*known)).to_pylist()
    finally:
        opened.close()
    problems: list[str] = []
    found = [_read_row(row, place, problems) for place, row in enumerate(rows, start=1)]
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        rest = [f"... and {more} more"] if more > 0 else []
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        lines = "\n".join(f"  {problem}" for problem in [*problems[:_MOST_PROBLEMS], *rest])
        raise EventLogError(f"activities, {opened.name}: {count}\n{lines}")
    return tuple(found)


def _warn_of_misspelt(columns: tuple[str, ...]) -> None:
    absent = [name for name in _OPTIONAL if name not in columns]
    for column in columns:
        close = nearest(column, absent) if column not in (*_NEEDED, *_OPTIONAL) else None
        if close:
            warn(f"activities: column {column!r} is ignored; was {close!r} meant?")


def _read_row(row: dict[str, Any], place: int, problems: list[str]) -> Activity:
    """Read one row; what is wrong with it is added to *problems*."""
    cells = {name: _cell(value) for name, value in row.items()}
    problems += [f"row {place}: no {name}" for name in _NEEDED if cells[name] is None]
    return Activity(
        cells["stage"] or "-",
        cells["touchpoint"] or "-",
        channel=cells.get("channel"),
        effort=_effort(row.get("effort"), place, problems),
        unit=cells.get("unit"),
        owner=cells.get("owner"),
        department=cells.get("department"),
        basis=_basis(cells.get("basis"), place, problems),
    )


def _cell(value: object) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value).strip() or None


def _basis(text: str | None, place: int, problems: list[str]) -> Basis | None:
    known: dict[str | None, Basis] = {basis: basis for basis in get_args(Basis)}
    if text is not None and text not in known:
        problems.append(f"row {place}: basis {text!r} is neither {' nor '.join(map(repr, known))}")
    return known.get(text)


def _effort(value: object, place: int, problems: list[str]) -> float | None:
    text = _cell(value)
    if text is None:
        return None
    try:
        effort = float(text)
    except ValueError:
        effort = math.nan
    if not math.isfinite(effort):
        problems.append(f"row {place}: effort {text!r} is no number")
    elif effort < 0:
        problems.append(f"row {place}: effort {text} is negative")
    else:
        return effort
    return None
