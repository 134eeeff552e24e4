"""Turn names into small integers, so that the ordered pass moves no text.

A stage's or touchpoint's code is its place in the lifecycle; names that the lifecycle
does not know follow by code point.

May import: eventlog, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
import pyarrow as pa

from journeykit.eventlog.columns import EVENT_ATTRIBUTE, ROLES
from journeykit.relations.moments import STAGE, Moments

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis.expr.types as ir

    from journeykit.eventlog.log import EventLog
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.rules import Rules
    from journeykit.relations.scratch import Scratch

TIE_BREAKERS = ROLES[ROLES.index("event_id") :]
"""Columns that order events which are equal in time, sequence, stage and touchpoint."""

ATTRIBUTES = ("contact", "channel", "device", "department", "initiator", "agent")
"""Parameters of `events` that `by=` can group by, beside the attributes."""

NAMES: Final = {"stage": (pa.string(), ""), "touchpoint": (pa.string(), ""), "ruled": (pa.int16(), -1)}
"""What tells the unit of an event: the type of each column, and what stands for null in it.

Engines join what is equal quickly, and what is null or equal slowly.
"""


@attrs.frozen(kw_only=True)
class Coded:
    """An event log as integers.

    Attributes:
        events: One row an event, lazily: `customer` (the id), `time_us`, `unit` (the only stage possible, or
            none, and the touchpoint, see `moments`), `nth` (its place in `units`), `sequence` where given,
            `shared` (which set of stages is possible where several are, or null) where any is, and the
            columns that `by=` may ask for.
        units: The units of the events, ascending.
        touchpoint_names: The touchpoints by their codes.
        moments: How times, stages and touchpoints are laid down.
        shared: For each value of `shared`, the codes of the stages that declare the touchpoint.
        kept: The columns of `events` that `by=` may ask for.
        unmapped: Whether any event may belong to no stage.
        last_us: The time of the newest event, or later.
    """

    events: ir.Table
    units: tuple[int, ...]
    touchpoint_names: tuple[str, ...]
    moments: Moments
    shared: tuple[tuple[int, ...], ...]
    kept: tuple[str, ...]
    unmapped: bool
    last_us: int


@attrs.frozen
class _Unit:
    """What the names of an event come to: stage and touchpoint, or the set of stages that are possible."""

    names: dict[str, Any]
    stage: int | None
    touchpoint: int | None
    shared: int | None


def code_events(log: EventLog, lifecycle: Lifecycle, scratch: Scratch, *, rules: Rules) -> Coded:
    """Replace every name in the log by its code under the lifecycle.

    Args:
        log: The usable events.
        lifecycle: Gives stages and touchpoints their codes.
        scratch: Where the relations are made.
        rules: What tells stages beside the stage column and the touchpoints.

    Returns:
        The coded events and their dictionaries.
    """
    events = log.events
    if rules.offers:
        events = events.mutate(ruled=rules.stage(lifecycle, STAGE))
    telling = [name for name in NAMES if name in events.columns]
    seen = scratch.arrow(events.select(*telling).distinct()).to_pylist()
    touchpoint_names = _touchpoint_names(lifecycle, (row.get("touchpoint") for row in seen))
    sets = _stage_sets(lifecycle)
    units = _units(seen, lifecycle, touchpoint_names, sets)
    first_us, last_us = log.span_us
    moments = Moments.of(first_us, last_us, stages=len(lifecycle.stages), touchpoints=len(touchpoint_names))
    coded = events.inner_join(*_dictionary(events, units, telling, moments, scratch))
    shared = any(unit.shared is not None for unit in units)
    kept = tuple(name for name in events.columns if name in ATTRIBUTES or name.startswith(EVENT_ATTRIBUTE))
    # Without one of these nobody can tell which of two events that agree so far came first.
    told = kept or (shared and "stage" in events.columns)
    breakers = [name for name in TIE_BREAKERS if name in events.columns and name not in kept] if told else []
    columns = ["customer", "time_us", "unit", "nth", *(["sequence"] if "sequence" in events.columns else [])]
    return Coded(
        events=coded.select(*columns, *(["shared"] if shared else []), *breakers, *kept),
        units=_places(units, moments),
        touchpoint_names=touchpoint_names,
        moments=moments,
        shared=sets if shared else (),
        kept=kept,
        unmapped=any(unit.stage is None and unit.shared is None for unit in units),
        last_us=last_us,
    )


def _touchpoint_names(lifecycle: Lifecycle, seen: Iterable[str | None]) -> tuple[str, ...]:
    """Put the names that the lifecycle does not know after its own, by code point."""
    others = {name for name in seen if name is not None and name not in lifecycle.touchpoint_names}
    return (*lifecycle.touchpoint_ids, *sorted(others))


def _stage_sets(lifecycle: Lifecycle) -> tuple[tuple[int, ...], ...]:
    """List the distinct sets of stages that share a touchpoint, as codes."""
    places = {stage: code for code, stage in enumerate(lifecycle.stage_ids)}
    sets = {tuple(places[stage] for stage in stages) for _, stages in lifecycle.touchpoint_names.values()}
    return tuple(sorted(codes for codes in sets if len(codes) > 1))


def _units(
    seen: list[dict[str, Any]],
    lifecycle: Lifecycle,
    touchpoint_names: tuple[str, ...],
    sets: tuple[tuple[int, ...], ...],
) -> list[_Unit]:
    """Find what each combination of names comes to: what the stage column says goes before a rule."""
    places = {stage: code for code, stage in enumerate(lifecycle.stage_ids)}
    codes = {name: code for code, name in enumerate(touchpoint_names)}
    found = []
    for names in seen:
        stage, ruled = names.get("stage"), names.get("ruled")
        touchpoint: str | None = names.get("touchpoint")
        known, stages = lifecycle.touchpoint_names.get(touchpoint or "", (touchpoint, ()))
        possible = tuple(places[one] for one in stages)
        fixed, shared = possible[0] if len(possible) == 1 else None, None
        if stage is not None:
            fixed = places.get(lifecycle.stage_names.get(stage, ""))
        elif ruled is not None:
            fixed = ruled
        elif len(possible) > 1:
            shared = sets.index(possible)
        code = None if known is None else codes[known]
        found.append(_Unit(names, stage=fixed, touchpoint=code, shared=shared))
    return found


def _places(units: list[_Unit], moments: Moments) -> tuple[int, ...]:
    return tuple(sorted({moments.place(unit.stage, unit.touchpoint) for unit in units}))


def _dictionary(
    events: ir.Table, units: list[_Unit], telling: list[str], moments: Moments, scratch: Scratch
) -> tuple[ir.Table, list[ir.BooleanValue]]:
    """Send what the names come to to the engine, and say how events are joined to it."""
    # With one column there is no null in it: an event without any name is none.
    alone = len(telling) == 1
    numbers = {place: nth for nth, place in enumerate(_places(units, moments))}
    rows = []
    for unit in units:
        names = {f"of_{name}": _filled(unit.names[name], NAMES[name][1]) for name in telling}
        place = moments.place(unit.stage, unit.touchpoint)
        rows.append({**names, "unit": place, "nth": numbers[place], "shared": unit.shared})
    types = {f"of_{name}": NAMES[name][0] for name in telling}
    codes = {"unit": pa.int64(), "nth": pa.int64(), "shared": pa.int16()}
    table = scratch.rows("units", types | codes, rows)
    keys = {name: events[name] if alone else events[name].fill_null(NAMES[name][1]) for name in telling}
    return table, [key == table[f"of_{name}"] for name, key in keys.items()]


def _filled(value: object, missing: object) -> object:
    return missing if value is None else value
