"""Draw many logs into one relation: a question is asked once of all, the oracle of each log by itself.

The same logs on every run: what the strategies of `journeykit.testing` draw, derandomised.
Customers carry the number of their log, which is an attribute that groups them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings

from journeykit.testing import strategies as jst
from journeykit.testing.oracle.reading import given_columns

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    import journeykit as jk
    from journeykit.testing.cases import Row
    from tests.property.test_rules import TwoFaced

LOGS = min(max(12, settings.default.max_examples), 30)
"""How many logs are drawn into one relation."""

LOG = "attribute:log"
"""The number of a row's log."""

TABLE = ("target_stage", "stored_stage", "vertical", "region")
"""What a table of customers may know of them."""


@dataclass(frozen=True)
class Batch:
    """Many logs in one relation, and all they are asked with.

    Attributes:
        name: What makes it hard.
        lifecycle: The plan.
        other: The plan of the second journey of the same log.
        events: The rows as the oracle reads them, each with the number of its log.
        columns: The event columns given, in the canonical order.
        customers: One row a customer.
        as_of: The moment of observation, or None for the default.
        idle: The silence that counts as a drop-off, or None for the lifecycle's.
        by: An attribute that cuts across the logs.
        rules: Stage rules, for the engine and for the oracle.
        activities: What the company does.
        written: What the relation holds for timestamps, where that is not what the oracle reads.
        timezone: The clocks that these show, or None.
        called: What the relation calls its columns, where that is not the parameter's name.
    """

    name: str
    lifecycle: jk.Lifecycle
    other: jk.Lifecycle
    events: tuple[Row, ...]
    columns: tuple[str, ...]
    customers: tuple[Row, ...]
    as_of: dt.datetime | None = None
    idle: dt.timedelta | None = None
    by: str | None = None
    rules: tuple[TwoFaced, ...] = ()
    activities: tuple[jk.Activity, ...] = ()
    written: tuple[Any, ...] | None = None
    timezone: str | None = None
    called: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def collect(strategy: Any, count: int) -> list[Any]:
    """List what a strategy draws, the same on every run."""
    found: list[Any] = []

    @settings(
        max_examples=count, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def gather(one: Any) -> None:
        found.append(one)

    gather()
    return found[:count]


@cache
def lifecycles() -> list[jk.Lifecycle]:
    """Draw lifecycles, those with the most that can go wrong first."""

    def hardness(plan: jk.Lifecycle) -> int:
        kinds = {stage.kind for stage in plan.stages}
        shared = {len(stages) for _, stages in plan.touchpoint_names.values()} - {1}
        repeats = {bool(plan.entry_touchpoints(one)) for one in plan.stage_ids if plan.repeats(one)}
        others = plan.touchpoint_names.keys() - set(plan.touchpoint_ids)
        return 2 * len(kinds) + 2 * len(shared) + 2 * len(repeats) + len(plan.stages) + bool(others)

    drawn = sorted(collect(jst.lifecycles(), 200), key=hardness, reverse=True)
    apart: dict[frozenset[str], jk.Lifecycle] = {}
    for plan in drawn:
        apart.setdefault(frozenset(plan.stage_ids), plan)
    return list(apart.values())


def drawn_logs(plan: jk.Lifecycle, *, least: frozenset[str] = frozenset()) -> list[list[Row]]:
    """Draw the logs of a batch.

    Args:
        plan: Knows most of the names in them.
        least: The columns that are wanted alone; by default whatever is drawn.
    """
    logs = [rows for rows, _ in collect(jst.event_logs(plan, most=36), LOGS)]
    if not least:
        return logs
    return [[{name: cell for name, cell in row.items() if name in least} for row in rows] for rows in logs]


def make_batch(
    name: str,
    plan: jk.Lifecycle,
    logs: Sequence[Sequence[Row]],
    *,
    other: jk.Lifecycle,
    told: bool = True,
    **settings: Any,
) -> Batch:
    """Put logs into one relation, the customers of each under its number.

    Args:
        name: What makes the batch hard.
        plan: The plan.
        logs: The rows of each log.
        other: The plan of the second journey.
        told: Whether the events say which log they are of; else only the customers' table does.
        settings: Anything else of `Batch`.
    """
    rows = [_numbered(row, number) for number, rows in enumerate(logs) for row in rows]
    names = {name for row in rows for name in row}
    columns = given_columns([], names if told else names - {LOG})
    events = tuple({**dict.fromkeys(columns), **row} for row in rows)
    people = {row["customer"]: row[LOG] for row in events if row["customer"]}
    known = _drawn_table(random.Random(name), [*people, "nobody"], plan, other)
    listed = known if told else people
    customers = tuple(
        {"customer": one, **dict.fromkeys(TABLE), **known.get(one, {})}
        | ({} if told else {"log": people[one]})
        for one in listed
    )
    activities = tuple(max(collect(jst.activities(plan), 8), key=len))
    return Batch(name, plan, other, events, columns, customers, **{"activities": activities, **settings})


def _numbered(row: Row, number: int) -> Row:
    """Say in a row's ids which log it is of; ids of two logs are never the same."""
    ids = {name: row[name] and f"{number}/{row[name]}" for name in ("customer", "event_id") if name in row}
    return {**row, **ids, LOG: number}


def _drawn_table(
    draw: random.Random, people: Iterable[str], plan: jk.Lifecycle, other: jk.Lifecycle
) -> dict[str, Row]:
    """Draw what is known of two customers in three; a target is one in both plans."""
    ranked = [
        name
        for name, stage in plan.stage_names.items()
        if plan.rank(stage) is not None
        and name in other.stage_names
        and other.rank(other.stage_names[name]) is not None
    ]
    cells: dict[str, Sequence[object]] = {
        "target_stage": (None, "", *ranked),
        "stored_stage": (None, "", "Qualified", "Aa", *plan.stage_names),
        "vertical": (None, "", "north", "retail", "Øst"),
        "region": (None, None, "", "south"),
    }
    known = [one for one in people if draw.random() < 2 / 3]
    return {one: {name: draw.choice(values) for name, values in cells.items()} for one in known}
