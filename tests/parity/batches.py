"""The batches that every engine is asked: together they have what the definitions say is hard."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import journeykit as jk
from journeykit.testing.cases import day, fixed_cases, trial_lifecycle
from tests.parity.drawing import LOG, TABLE, Batch, drawn_logs, lifecycles, make_batch
from tests.property.test_rules import CELLS, TwoFaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from journeykit.testing.cases import Row

COPENHAGEN = "Europe/Copenhagen"
YEARS = range(1900, 2201)

HOSTILE = 'it\'s \\ "two" %s {0} `x` $1\t;\n--'
"""A name that breaks whatever is not quoted."""

HIGH, HIGHER = "\ufb00", "\U00010400"
"""Two names that UTF-16 sorts the other way round than code points do."""

SPELT = {
    "zz_unknown": HIGHER + HOSTILE,
    "Aa": HIGH + HOSTILE,
    "nowhere": HOSTILE + "'",
    "<script>": "\\",
    "web": HOSTILE,
    "ana": HOSTILE,
    "ben": "b\\",
    "north": f'"{HOSTILE}',
    "kim": "kim\\'",
}
"""What drawn names are called instead."""

CALLED = {
    "customer": 'who "exactly"?',
    "timestamp": "when; --",
    "touchpoint": "what\\",
    "stage": "select",
    "channel": "a b.c",
    "event_id": "Ünïque %s",
    "sequence": "{0}",
}
COLUMNS = {"attribute:region": "attribute:it's"}

SECOND = jk.Lifecycle(
    "second",
    stages=["visit", "signup", "busy", jk.Stage("paid", kind="goal"), jk.Stage("left", kind="exit")],
    touchpoints={
        "account_created": "signup",
        "page_view": ["visit", "busy"],
        "first_login": "busy",
        "invoice_paid": "paid",
        "cancelled": "left",
    },
    idle="4 days",
)
"""A second look at the fixed cases: the same names, other stages, less patience."""


def _fixed() -> Batch:
    """Each fixed case is a log of its own, moved so that all are observed on one day; others are drawn."""
    end, plan, cases = day(22), trial_lifecycle(), fixed_cases()
    logs = []
    for case in cases:
        usable = [row["timestamp"] for row in case.events if _in_range(row["timestamp"])]
        later = end - (case.as_of or max(usable))
        logs.append([_moved(row, later) for row in case.events])
    logs += [[_spelt(row) for row in rows] for rows in drawn_logs(plan)]
    known = {
        f"{number}/{row['customer']}": row | {"customer": f"{number}/{row['customer']}"}
        for number, case in enumerate(cases)
        for row in case.customers or ()
    }
    rules = (TwoFaced("paid", "agent", ("bo", HOSTILE)), TwoFaced("lapsed", "value", (2.5,)))
    batch = make_batch("the fixed cases", plan, logs, other=SECOND, as_of=end, by="region", rules=rules)
    drawn = [row for row in batch.customers if row["customer"] not in known]
    return replace(batch, customers=(*drawn, *({**dict.fromkeys(TABLE), **row} for row in known.values())))


def _every_column() -> Batch:
    """Every column that a log may have, rules, targets, an `as_of` and an `idle` of the caller."""
    return replace(_drawn("every column", 0), as_of=day(18.5), idle=dt.timedelta(days=3))


def _moved(row: Row, later: dt.timedelta) -> Row:
    moment = row["timestamp"]
    return {**row, "timestamp": moment + later if _in_range(moment) else moment}


def _in_range(moment: dt.datetime | None) -> bool:
    return moment is not None and moment.year in YEARS


def _dates() -> Batch:
    """Dates without hours, customers who are numbers, touchpoints of one stage: nothing to work out."""
    plan = next(plan for plan in lifecycles() if not any(map(plan.repeats, plan.stage_ids)) and _alone(plan))
    columns = frozenset({"customer", "timestamp", "touchpoint"})
    drawn = drawn_logs(plan, least=columns)
    logs = [[row for row in rows if row.get("touchpoint") in {None, "", *_alone(plan)}] for rows in drawn]
    batch = make_batch("dates and numbers", plan, logs, other=lifecycles()[2], told=False, by="vertical")
    codes = {one["customer"]: place for place, one in enumerate(batch.customers, start=-3)}

    def changed(row: Row) -> Row:
        return {**row, "customer": codes.get(row["customer"])}

    events = [{**changed(row), "timestamp": _midnight(row["timestamp"])} for row in batch.events]
    return replace(
        batch,
        events=tuple(events),
        customers=tuple(map(changed, batch.customers)),
        written=tuple(row["timestamp"] and row["timestamp"].date() for row in events),
    )


def _alone(plan: jk.Lifecycle) -> list[str]:
    """List the names that mean one stage, if these are several."""
    names = [name for name, (_, stages) in plan.touchpoint_names.items() if len(stages) == 1]
    several = {plan.touchpoint_names[name][1] for name in names}
    return names if len(several) > 2 else []


def _midnight(moment: dt.datetime | None) -> dt.datetime | None:
    return moment and moment.replace(hour=0)


def _clocks() -> Batch:
    """Clocks put forward in half of the logs, and back in the others, at an hour of many events.

    One log more has many names and three centuries, which no integer of 64 bits holds beside each other.
    """
    plan, other = lifecycles()[2:4]
    columns = frozenset({"customer", "timestamp", "stage", "touchpoint", "attribute:region"})
    logs = [*drawn_logs(plan, least=columns), _centuries(plan)]
    end = dt.datetime(2024, 11, 2, 9, tzinfo=dt.UTC)
    batch = make_batch("clocks", plan, logs, other=other, by="region", as_of=end)
    clocks = [_half_past_two(row["timestamp"], (76, 286)[row[LOG] % 2]) for row in batch.events]
    events = [
        {**row, "timestamp": clock and instant(clock, COPENHAGEN)}
        for row, clock in zip(batch.events, clocks, strict=True)
    ]
    return replace(batch, events=tuple(events), written=tuple(clocks), timezone=COPENHAGEN)


def _centuries(plan: jk.Lifecycle) -> list[Row]:
    """Write a log of more names than seven bits count, from 2020 to 2200."""
    names = [*plan.touchpoint_ids, *(f"unknown {number}" for number in range(125))]
    years = [*range(2020, 2024), *range(2030, 2200, 8)]
    return [
        {
            "customer": f"old {place % 3}",
            "timestamp": day(0).replace(year=years[place % len(years)]),
            "touchpoint": name,
        }
        for place, name in enumerate([*names, *names[::-2]])
    ]


def _half_past_two(moment: dt.datetime | None, days: int) -> dt.datetime | None:
    """Write a moment as clocks show it, so many days later, and 02:30 instead of noon."""
    if not _in_range(moment):
        return moment and moment.replace(tzinfo=None)
    clock = moment.replace(tzinfo=None) + dt.timedelta(days=days)
    return clock.replace(hour=2, minute=30) if clock.hour else clock


def instant(clock: dt.datetime, timezone: str) -> dt.datetime:
    """Read a clock as the definitions do: skipped hours by the offset before, doubled ones by that after."""
    zone = ZoneInfo(timezone)
    once, again = (clock.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    skipped = once.astimezone(zone).replace(tzinfo=None) != clock
    return once if skipped else again


def _hostile() -> Batch:
    """Names that have to be quoted: of columns, touchpoints, stages, customers and values."""
    plan, other = lifecycles()[3], lifecycles()[0]
    first, *_, last = plan.stage_ids
    own = plan.touchpoint_ids[0]
    plan = plan.map(touchpoints={HOSTILE: own, HIGHER: f"{last}/{own}"}, stages={HOSTILE: first, "'": last})
    logs = [[_spelt(row) for row in rows] for rows in drawn_logs(plan)]
    rules = (TwoFaced(last, "channel", (HOSTILE, "'")), TwoFaced(first, "attribute:it's", (f'"{HOSTILE}',)))
    settings = {"by": "it's", "as_of": day(15), "called": CALLED, "rules": rules}
    renamed = [[{COLUMNS.get(name, name): row[name] for name in row} for row in rows] for rows in logs]
    return make_batch("names to quote", plan, renamed, other=other, **settings)


def _spelt(row: Row) -> Row:
    return {name: SPELT.get(cell, cell) if isinstance(cell, str) else cell for name, cell in row.items()}


def _drawn(name: str, place: int) -> Batch:
    plan, other = lifecycles()[place : place + 2]
    draw = random.Random(name)
    batch = make_batch(
        name,
        plan,
        drawn_logs(plan),
        other=other,
        as_of=draw.choice((None, day(12), day(20.5), day(26))),
        idle=draw.choice((None, dt.timedelta(days=3))),
        by="region",
    )
    columns = [column for column in CELLS if column in batch.columns]
    rules = [
        TwoFaced(draw.choice(plan.stage_ids), column, tuple(draw.sample(CELLS[column], 2)), denied=not place)
        for column in draw.sample(columns, 2)
    ]
    return replace(batch, rules=tuple(rules))


_MAKERS: dict[str, Callable[[], Batch]] = {
    "the fixed cases": _fixed,
    "every column": _every_column,
    "clocks": _clocks,
    "dates and numbers": _dates,
    "names to quote": _hostile,
    **{f"drawn {place}": partial(_drawn, f"drawn {place}", place) for place in (5,)},
}

NAMES = tuple(_MAKERS)
"""The batches by name: the drawn ones come last."""


@cache
def batch(name: str) -> Batch:
    """Make a batch; drawing it takes half a second."""
    return _MAKERS[name]()
