"""Compare, by brute force, the stage that follows from the events with the one that is stored.

May import: model.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.model import Lifecycle
    from journeykit.testing.oracle.observing import Observed, Person
    from journeykit.testing.oracle.reading import Row


def stored_stages(observed: Observed, customers: Sequence[Row]) -> list[Row]:
    """Count the customers of each pair of a stage they are in and a stage stored for them.

    Args:
        observed: What was observed.
        customers: One dict a customer, "stored_stage" being the stage that is stored; None and
            "" are none.
    """
    stored = {row["customer"]: row.get("stored_stage") or None for row in customers}
    found = {person.group for person in observed.people} if observed.by else {None}
    rows: list[Row] = []
    for group in sorted(found, key=lambda value: (value is None, str(value))):
        pairs = Counter(
            _pair(person, stored.get(person.customer), observed.lifecycle)
            for person in observed.members(group)
        )
        for stage, name in sorted(pairs, key=lambda pair: _places(pair, observed.lifecycle)):
            agrees = None if stage is None or name is None else stage == name
            row = {"stage": stage, "stored": name, "customers": pairs[stage, name], "agrees": agrees}
            rows.append({**row, "group": group})
    return rows


def _pair(person: Person, name: str | None, lifecycle: Lifecycle) -> tuple[str | None, str | None]:
    stage = person.visits[-1].stage if person.visits else None
    return stage, lifecycle.stage_names.get(name, name) if name else None


def _places(pair: tuple[str | None, str | None], lifecycle: Lifecycle) -> list[tuple[bool, int, str]]:
    """Order stages by place, other names after them by code point, and None last."""
    ids = lifecycle.stage_ids
    return [(name is None, ids.index(name) if name in ids else len(ids), name or "") for name in pair]
