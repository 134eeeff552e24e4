"""Rules on names of other lifecycles and of their stages.

Only their shape is checked: another lifecycle may be written by somebody else, and not be
installed here.

May import: the values a lifecycle holds, rules.ids, rules.parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from journeykit.model.bridge import Bridge
from journeykit.model.names import split_target
from journeykit.model.problem import Problem
from journeykit.model.rules.ids import wrong_id
from journeykit.model.rules.parts import parts, problem, texts
from journeykit.model.stage import Stage
from journeykit.model.values import brief

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def _base(lifecycle: Lifecycle) -> Iterator[Problem]:
    for place, base in enumerate(lifecycle.variant_of):
        if clause := wrong_id(base):
            yield problem(lifecycle, ("variant_of",), clause, at=(place,))
        elif base == lifecycle.id:
            clause = f"a variant needs an id of its own, not {base!r} again"
            yield problem(lifecycle, ("variant_of",), clause, at=(place,))


def _part_of(lifecycle: Lifecycle) -> Iterator[Problem]:
    for place, stage in parts(lifecycle.stages, Stage):
        for name in sorted(texts(*stage.part_of)):
            other, within = split_target(name)
            clause = None
            if other is None or wrong_id(other) or wrong_id(within):
                clause = f"must be 'lifecycle/stage', not {brief(name)}"
            elif other == lifecycle.id:
                clause = f"{name!r} is in this lifecycle itself, not in another"
            if clause:
                at = (stage.part_of.index(name),)
                yield problem(lifecycle, ("stages", place, "part_of"), clause, at=at)


def _bridges(lifecycle: Lifecycle) -> Iterator[Problem]:
    for place, bridge in parts(lifecycle.bridges, Bridge):
        for field in ("lifecycle", "target"):
            if clause := wrong_id(getattr(bridge, field)):
                yield problem(lifecycle, ("bridges", place, field), clause)
        if isinstance(bridge.lifecycle, str) and bridge.lifecycle == lifecycle.id:
            clause = "leads to this lifecycle itself, not to another"
            yield problem(lifecycle, ("bridges", place), clause, at=("lifecycle",))


RULES: Final = (_base, _part_of, _bridges)
