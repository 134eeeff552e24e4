"""Order each customer's events, place them in stages, and cut them into visits.

Follows the sentences "Order", "Stage of an event", "as_of", "idle" and "by" of
the definitions; `visits` follows the rest.

May import: model, errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from journeykit.errors import UnknownNameError
from journeykit.testing.oracle.reading import (
    ATTRIBUTE,
    Row,
    given_columns,
    microseconds,
    nulls_last,
    usable_rows,
)
from journeykit.testing.oracle.visits import Step, Visit, visits_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from journeykit.model import Lifecycle

    Rules = Sequence[tuple[str, Callable[[Row], object]]]

_CODED = ("customer", "timestamp", "touchpoint", "stage", "sequence")


@dataclass(frozen=True)
class Person:
    """One customer who has an event by `as_of`.

    Attributes:
        customer: The customer, as the events name it.
        group: The customer's value of `by`, or None.
        target: The id of the customer's own target stage, or None.
        steps: The customer's events, in order.
        visits: The customer's visits, in order; none if the customer is unplaced.
    """

    customer: Any
    group: Any
    target: str | None
    steps: tuple[Step, ...]
    visits: tuple[Visit, ...]


@dataclass(frozen=True)
class Observed:
    """What was observed of a lifecycle.

    Attributes:
        lifecycle: The plan.
        columns: The event columns given, in the canonical order.
        as_of: The moment of observation; None where no row is usable.
        idle: The silence that counts as a drop-off.
        by: The attribute that groups the customers, or None.
        read: How many rows were given.
        rejected: How many rows were set aside, by reason.
        later: How many usable events lie after `as_of`.
        people: The customers with an event by `as_of`, by name.
    """

    lifecycle: Lifecycle
    columns: tuple[str, ...]
    as_of: datetime | None
    idle: timedelta
    by: str | None
    read: int
    rejected: Counter[str]
    later: int
    people: tuple[Person, ...]

    def groups(self) -> list[Any]:
        """List the values of `by` among the customers with a visit, missing last; [None] without `by`."""
        if self.by is None:
            return [None]
        values = {person.group for person in self.people if person.visits}
        return sorted(values, key=lambda value: (value is None, str(value)))

    def members(self, group: object) -> list[Person]:
        """List the customers of a group."""
        return [person for person in self.people if self.by is None or person.group == group]

    def visits(self, group: object) -> list[Visit]:
        """List the visits of a group's customers."""
        return [visit for person in self.members(group) for visit in person.visits]


def observe(
    events: Sequence[Row],
    lifecycle: Lifecycle,
    *,
    as_of: datetime | None = None,
    idle: timedelta | None = None,
    customers: Sequence[Row] | None = None,
    by: str | None = None,
    columns: Iterable[str] | None = None,
    rules: Rules = (),
) -> Observed:
    """Observe a lifecycle in a list of events.

    Args:
        events: One dict an event, with the names of the parameters of `events` as
            keys and any other column under "attribute:" and its name.  Timestamps
            are aware datetimes; None and "" are null.
        lifecycle: The plan.
        as_of: The moment of observation; by default the newest usable event's.
        idle: The silence that counts as a drop-off; by default the lifecycle's own.
        customers: One dict a customer: "customer" and the customer's attributes;
            "target_stage" names the customer's own target.
        by: An attribute of `customers`; where a customer has none, a column or an attribute of the events.
        columns: The event columns given; by default all keys of all events.
        rules: Pairs of a stage and what says of an event whether it belongs there; the first that holds
            tells the stage of an event whose stage column is null.

    Raises:
        UnknownNameError: `by` or a target stage is unknown.
        ValueError: A customer has two rows, or a target stage has no rank.
    """
    given = given_columns(events, columns)
    rows, rejected = usable_rows(events, given)
    if as_of is None and rows:
        as_of = max(row["timestamp"] for row in rows)
    seen = [row for row in rows if as_of is not None and row["timestamp"] <= as_of]
    idle = lifecycle.idle if idle is None else idle
    table = _customer_table(customers or ())
    targets = {customer: _target(lifecycle, row) for customer, row in table.items()}
    column = _group_column(by, given, table)
    now = 0 if as_of is None else microseconds(as_of)
    histories: dict[Any, list[Row]] = {}
    for row in seen:
        histories.setdefault(row["customer"], []).append(row)
    people = []
    for customer, history in sorted(histories.items(), key=lambda item: str(item[0])):
        ordered = sorted(history, key=lambda row: _place_in_order(row, lifecycle, given, rules))
        steps = _placed(ordered, lifecycle, rules)
        target = targets.get(customer)
        visits = visits_of(
            customer, steps, lifecycle, target=target, as_of=now, silence=idle // timedelta(microseconds=1)
        )
        group = table.get(customer, {}).get(by) if by else None
        if group is None and column is not None:
            group = next((row[column] for row in ordered if row[column] is not None), None)
        people.append(Person(customer, group, target, steps, visits))
    later = len(rows) - len(seen)
    return Observed(lifecycle, given, as_of, idle, by, len(events), rejected, later, tuple(people))


def _customer_table(customers: Sequence[Row]) -> dict[Any, Row]:
    cleaned = [{name: None if cell == "" else cell for name, cell in row.items()} for row in customers]
    table = {row["customer"]: row for row in cleaned}
    if len(table) < len(customers):
        raise ValueError("a customer has two rows")
    return table


def _target(lifecycle: Lifecycle, row: Row) -> str | None:
    name = row.get("target_stage")
    if name is None:
        return None
    if name not in lifecycle.stage_names:
        raise UnknownNameError("stage", name, lifecycle.stage_names, where="target_stage")
    stage = lifecycle.stage_names[name]
    if lifecycle.rank(stage) is None:
        raise ValueError(f"target stage {stage!r} is a risk or an exit stage")
    return stage


def _group_column(by: str | None, given: Sequence[str], table: dict[Any, Row]) -> str | None:
    """Find the event column that `by` names; None where only the customers have it."""
    for column in (by, f"{ATTRIBUTE}{by}"):
        if column in given:
            return column
    if by is None or any(by in row for row in table.values()):
        return None
    raise UnknownNameError("customer attribute", by, given)


def _possible_stages(row: Row, lifecycle: Lifecycle, rules: Rules) -> tuple[str, ...]:
    """Name the stages an event may belong to, before anything is resolved."""
    if row.get("stage") is not None:
        stage = lifecycle.stage_names.get(row["stage"])
        return () if stage is None else (stage,)
    for told, holds in rules:
        if holds(row):
            return (told,)
    _, stages = lifecycle.touchpoint_names.get(row["touchpoint"], ("", ()))
    return stages


def _touchpoint(row: Row, lifecycle: Lifecycle) -> str | None:
    """Name an event's touchpoint as the lifecycle does, or as the event does."""
    name = row.get("touchpoint")
    if name is None:
        return None
    return lifecycle.touchpoint_names.get(name, (name, ()))[0]


def touchpoint_code(name: str | None, lifecycle: Lifecycle) -> tuple[int, Any]:
    """Make a sort key of a touchpoint: the lifecycle's in its order, then others by code point, null last."""
    if name is None:
        return (2, 0)
    if name in lifecycle.touchpoint_ids:
        return (0, lifecycle.touchpoint_ids.index(name))
    return (1, name)


def _place_in_order(row: Row, lifecycle: Lifecycle, given: Sequence[str], rules: Rules) -> tuple[Any, ...]:
    possible = _possible_stages(row, lifecycle, rules)
    code = lifecycle.stage_ids.index(possible[0]) if len(possible) == 1 else None
    return (
        row["timestamp"],
        nulls_last(row.get("sequence")),
        nulls_last(code),
        touchpoint_code(_touchpoint(row, lifecycle), lifecycle),
        *(nulls_last(row[name]) for name in given if name not in _CODED),
        nulls_last(row.get("stage")),
    )


def _placed(ordered: Sequence[Row], lifecycle: Lifecycle, rules: Rules) -> tuple[Step, ...]:
    """Give each event its stage; shared touchpoints take one from what came before."""
    steps: list[Step] = []
    certain: list[str] = []
    for row in ordered:
        possible = _possible_stages(row, lifecycle, rules)
        stage: str | None = None
        if len(possible) == 1:
            stage = possible[0]
            certain.append(stage)
        elif possible:
            earlier = [known for known in certain if known in possible]
            stage = earlier[-1] if earlier else _lowest(possible, lifecycle)
        steps.append(Step(microseconds(row["timestamp"]), _touchpoint(row, lifecycle), stage))
    return tuple(steps)


def _lowest(stages: Sequence[str], lifecycle: Lifecycle) -> str:
    def height(stage: str) -> tuple[Any, ...]:
        return (*nulls_last(lifecycle.rank(stage)), lifecycle.stage_ids.index(stage))

    return min(stages, key=height)
