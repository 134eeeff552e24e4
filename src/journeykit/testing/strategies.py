"""Draw lifecycles, event logs, the settings to observe them with, and observed journeys.

    from journeykit.testing import strategies as jst

    @given(jst.journeys())
    def test_every_visit_has_exactly_one_outcome(journey): ...

Times are drawn as whole days and half days, so that ties, silences of exactly
`idle` and events at exactly `as_of` are frequent.  This is the one module that
imports hypothesis.

May import: the rest of testing, model, errors; journey on use.
"""

from __future__ import annotations

import random
import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.vendor.pretty import for_type_by_name

from journeykit.errors import EventLogError, JourneykitWarning
from journeykit.model import Activity, Lifecycle, Stage, StageKind, Touchpoint
from journeykit.testing.cases import JourneyInput, Row, day, fixed_cases
from journeykit.testing.oracle.reading import given_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy
    from hypothesis.vendor.pretty import RepresentationPrinter

    from journeykit.journey import Journey

__all__ = [
    "JourneyInput",
    "activities",
    "event_logs",
    "fixed_cases",
    "journeys",
    "journeys_input",
    "lifecycles",
]

CUSTOMERS = ("NA", "ana", "ben", "cy", "null", "Øst", "0", "dee", "eve", "fay", "gus", "hal")
"""The customers that events are drawn for."""

UNKNOWN_TOUCHPOINTS = ("zz_unknown", "Aa", "<script>")
UNKNOWN_STAGES = ("nowhere", "Aa")

_STAGES = ("mid", "top", "alpha", "zed", "base", "end")
_TOUCHPOINTS = ("walk", "call", "ad", "Zoom", "mail", "visit_us", "chat", "demo")
_KINDS: tuple[StageKind, ...] = ("progress", "progress", "progress", "goal", "risk", "exit")
_CELLS: dict[str, tuple[object, ...]] = {
    "sequence": (None, None, 1, 2, 3),
    "channel": (None, "", "web", "phone", "NA"),
    "agent": (None, "kim", "bo"),
    "value": (None, 0.0, 2.5, 10.0, -1.0),
    "attribute:region": (None, "", "north", "Süd"),
    "attribute:plan": (None, 1, 2),
}
_LAST_DAY = 20


def _some(draw: DrawFn, names: Sequence[Any], *, least: int = 0) -> list[Any]:
    """Draw some of the names, in their own order."""
    chosen = draw(
        st.lists(st.sampled_from(range(len(names))), min_size=least, max_size=len(names), unique=True)
    )
    return [names[place] for place in sorted(chosen)]


@st.composite
def lifecycles(draw: DrawFn) -> Lifecycle:
    """Draw a lifecycle: 2 to 6 stages of any kind, ties of rank, loops, shared touchpoints, a CRM's names."""
    ids = draw(st.permutations(_STAGES))[: draw(st.sampled_from((2, 3, 4, 5, 6)))]
    kinds = draw(st.lists(st.sampled_from(_KINDS), min_size=len(ids), max_size=len(ids)))
    kinds[draw(st.integers(0, len(ids) - 1))] = "progress"
    touchpoints = _drawn_touchpoints(draw, ids)
    pairs = [(source, target) for source in ids for target in ids]
    declared = draw(st.lists(st.sampled_from(pairs), max_size=8, unique=True))
    explicit = draw(st.booleans())
    stages = []
    for id_, kind in zip(ids, kinds, strict=True):
        own = [touchpoint.id for touchpoint in touchpoints if id_ in touchpoint.stages]
        entry = _some(draw, own) if (id_, id_) in declared and own else []
        rank = draw(st.integers(1, 3)) if explicit and kind in {"progress", "goal"} else None
        stages.append(Stage(id_, kind=kind, rank=rank, entry=tuple(entry)))
    idle = timedelta(days=draw(st.integers(2, 8)))
    lifecycle = Lifecycle("drawn", stages=stages, transitions=declared, touchpoints=touchpoints, idle=idle)
    return _renamed(draw, lifecycle)


def _drawn_touchpoints(draw: DrawFn, stages: Sequence[str]) -> list[Touchpoint]:
    touchpoints = []
    for name in draw(st.permutations(_TOUCHPOINTS))[: draw(st.integers(1, len(_TOUCHPOINTS)))]:
        shared = draw(st.sampled_from((1, 1, 1, 2, 3)))
        places = draw(st.lists(st.sampled_from(stages), min_size=1, max_size=shared, unique=True))
        weight = draw(st.sampled_from((None, None, 0.5, 2.0)))
        expected = draw(st.sampled_from((True, True, False)))
        touchpoints.append(Touchpoint(name, stages=tuple(places), weight=weight, expected=expected))
    return touchpoints


def _renamed(draw: DrawFn, lifecycle: Lifecycle) -> Lifecycle:
    """Give some touchpoints and stages a second name, as a CRM would."""
    if not draw(st.booleans()):
        return lifecycle
    own = lifecycle.touchpoint_ids[0]
    others = ("demo", *lifecycle.touchpoint_ids)
    touchpoints = {
        name: _target(draw, lifecycle, own if name == own else draw(st.sampled_from(others)))
        for name in _some(draw, ("CRM 1", "CRM 2", own))
    }
    stages = draw(st.dictionaries(st.just("CRM stage"), st.sampled_from(lifecycle.stage_ids)))
    return lifecycle.map(touchpoints=touchpoints, stages=stages)


def _target(draw: DrawFn, lifecycle: Lifecycle, touchpoint: str) -> str | list[str]:
    """Draw what a name means: a touchpoint, that touchpoint in one stage, or in one of several."""
    places = [f"{stage}/{touchpoint}" for stage in _some(draw, lifecycle.stage_ids, least=1)]
    meanings: list[str | list[str]] = [places[0], places]
    if touchpoint in lifecycle.touchpoint_ids:
        meanings.append(touchpoint)
    return draw(st.sampled_from(meanings))


@st.composite
def event_logs(draw: DrawFn, lifecycle: Lifecycle, *, most: int = 60) -> tuple[list[Row], tuple[str, ...]]:
    """Draw a log of 1 to *most* rows, not all of them usable, and the columns it gives."""
    named = draw(st.sampled_from((("touchpoint",), ("touchpoint",), ("touchpoint", "stage"), ("stage",))))
    least = max(1, draw(st.sampled_from((1, 1, most // 3, most))))
    crowd = tuple(f"c{number}" for number in range(draw(st.sampled_from((0, least // 2, least)))))
    customers = CUSTOMERS[: draw(st.integers(1, len(CUSTOMERS)))] + crowd
    cells: dict[str, SearchStrategy[Any]] = {
        "customer": st.sampled_from(customers),
        "timestamp": st.integers(0, 2 * _LAST_DAY).map(lambda halves: day(halves / 2)),
    }
    if "touchpoint" in named:
        cells["touchpoint"] = _names(tuple(lifecycle.touchpoint_names), UNKNOWN_TOUCHPOINTS, often=True)
    if "stage" in named:
        cells["stage"] = _names(tuple(lifecycle.stage_names), UNKNOWN_STAGES, often="touchpoint" not in named)
    cells |= {name: st.sampled_from(_CELLS[name]) for name in _some(draw, tuple(_CELLS))}
    if draw(st.booleans()):
        cells |= _dirty(customers)
    columns = given_columns([], cells)
    rows = draw(st.lists(st.fixed_dictionaries(cells), min_size=least, max_size=most))
    return rows, columns


def _names(known: tuple[str, ...], unknown: tuple[str, ...], *, often: bool) -> SearchStrategy[str | None]:
    """Draw a name that is mostly known, where it is often given at all."""
    given = (*known * 3, *unknown, None, "") if often else (*known, unknown[0], *[None] * 8, "")
    return st.sampled_from(given)


def _dirty(customers: tuple[str, ...]) -> dict[str, SearchStrategy[Any]]:
    """Draw null customers and moments, moments out of range, and repeated event ids too."""
    out_of_range = (None, datetime(9999, 12, 31, tzinfo=UTC), datetime(1899, 12, 31, tzinfo=UTC))
    return {
        "customer": st.sampled_from((*customers * 4, None, "")),
        "timestamp": st.integers(-len(out_of_range), 2 * _LAST_DAY).map(
            lambda halves: day(halves / 2) if halves >= 0 else out_of_range[halves]
        ),
        "event_id": st.sampled_from((None, *(f"e{number}" for number in range(40)))),
    }


@st.composite
def journeys_input(draw: DrawFn, *, most: int = 60) -> JourneyInput:
    """Draw all that a journey is observed from: `as_of` is often before the last event."""
    lifecycle = draw(lifecycles())
    rows, columns = draw(event_logs(lifecycle, most=most))
    as_of = draw(st.none() | st.integers(0, 2 * _LAST_DAY + 20).map(lambda halves: day(halves / 2)))
    idle = draw(st.none() | st.integers(1, 8).map(lambda days: timedelta(days=days)))
    customers = draw(st.none() | _customer_tables(lifecycle))
    groups = [name.removeprefix("attribute:") for name in columns if name in {"channel", "attribute:region"}]
    groups += sorted({"vertical", "region"}.intersection(customers[0])) if customers else []
    by = draw(st.sampled_from([None, *groups]))
    return JourneyInput("drawn", lifecycle, tuple(rows), columns, as_of, idle, customers, by)


def journeys(*, most: int = 60) -> SearchStrategy[Journey]:
    """Draw a journey, observed from what `journeys_input` draws, in an engine of its own.

    Logs without a usable event by `as_of` are not drawn, and rows that are set aside are not
    warned of.  The journey is let go when nobody holds it.  A failing example says what it was
    observed from.
    """
    # Hypothesis would write down every field, and Ibis can't write a relation whose engine is gone.
    for_type_by_name("journeykit.journey", "Journey", _write)
    return journeys_input(most=most).map(_observed)


def _observed(given: JourneyInput) -> Journey:
    # Libraries that are imported now may draw random numbers, which hypothesis takes for a strategy's.
    state = random.getstate()
    try:
        from journeykit.testing.observing import observe_input

        with warnings.catch_warnings(action="ignore", category=JourneykitWarning):
            return observe_input(given)
    except EventLogError:
        reject()
    finally:
        random.setstate(state)


def _write(journey: Journey, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001
    printer.text(repr(journey))


@st.composite
def _customer_tables(draw: DrawFn, lifecycle: Lifecycle) -> tuple[Row, ...]:
    ranked = [name for name, stage in lifecycle.stage_names.items() if lifecycle.rank(stage) is not None]
    customers = _some(draw, CUSTOMERS, least=1)
    attribute = draw(st.sampled_from(("vertical", "vertical", "region")))
    targets, values = (None, "", *ranked), (None, "", "north", "retail")
    return tuple(
        {
            "customer": customer,
            "target_stage": draw(st.sampled_from(targets)),
            attribute: draw(st.sampled_from(values)),
        }
        for customer in customers
    )


@st.composite
def activities(draw: DrawFn, lifecycle: Lifecycle) -> list[Activity]:
    """Draw the company's side: known, unknown and no effort, at known and unknown touchpoints."""
    stages = tuple(lifecycle.stage_names)
    names = (*lifecycle.touchpoint_names, *lifecycle.touchpoint_ids, *UNKNOWN_TOUCHPOINTS[:1])
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(stages),
                st.sampled_from(names),
                st.sampled_from((None, 0.0, 1.0, 1.0, 2.0, 5.0, 12.5)),
            ),
            max_size=12,
        )
    )
    return [Activity(stage, touchpoint, effort=effort, unit="hours") for stage, touchpoint, effort in rows]
