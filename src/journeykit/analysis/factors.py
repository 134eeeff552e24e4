"""Say of each customer what the path before a bridge held: what carry-over may hang on.

Each factor is a yes or a no, known when the customer crosses: what comes later can't be
mistaken for a cause of itself.  Definitions: docs page "definitions", Carry-over.

May import: journey, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs
import ibis

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from journeykit.journey import Journey
    from journeykit.model.kinds import TransitionKind
    from journeykit.model.lifecycle import Lifecycle

FactorKind: TypeAlias = Literal["stage", "touchpoint", "regressed", "skipped", "slow"]

MOVES: tuple[tuple[TransitionKind, FactorKind], ...] = (("regress", "regressed"), ("skip", "skipped"))
"""The moves that are asked about, and the factors they make."""

CODE = "int16"


@attrs.frozen
class Factor:
    """A yes or no about a customer's path.

    Attributes:
        kind: What is asked.
        name: Of which stage or touchpoint.
        code: Its number.
    """

    kind: FactorKind
    name: str | None
    code: int


def factors(lifecycle: Lifecycle, bridge: int) -> tuple[Factor, ...]:
    """List what is asked of a path: its stages but the bridge, its touchpoints, its moves, its length."""
    stages, touchpoints = lifecycle.stage_ids, lifecycle.touchpoint_ids
    asked: list[tuple[FactorKind, str | None]] = [("stage", name) for name in stages]
    asked += [("touchpoint", name) for name in touchpoints]
    asked += [("regressed", None), ("skipped", None), ("slow", None)]
    return tuple(Factor(kind, name, code) for code, (kind, name) in enumerate(asked) if code != bridge)


def held(followed: ir.Table, journey: Journey, asked: Sequence[Factor]) -> ir.Table:
    """List who has which factor.

    Args:
        followed: One row a customer: `customer`, `group`, `crossing` (the place of the event that ends the
            path), `waited_us`.
        journey: Where they walked it.
        asked: The factors.

    Returns:
        One row a customer and factor that they have: `customer`, `factor`.
    """
    lifecycle = journey.lifecycle
    ends = followed.select("customer", "crossing")
    visits = journey.visits.inner_join(ends, "customer")
    visits = visits.filter(visits.position < visits.crossing)
    steps = journey.steps.inner_join(ends, "customer")
    known = len(lifecycle.touchpoint_ids)
    used = steps.filter((steps.position < steps.crossing) & (steps.touchpoint < known))
    codes = {factor.kind: factor.code for factor in asked}
    found = [
        visits.select("customer", factor=visits.stage.cast(CODE)),
        used.select("customer", factor=(used.touchpoint + len(lifecycle.stage_ids)).cast(CODE)),
        *(
            visits.filter(_moved(visits, lifecycle, kind)).select("customer", factor=_code(codes[factor]))
            for kind, factor in MOVES
        ),
        _slow(followed).mutate(factor=_code(codes["slow"])),
    ]
    return ibis.union(*found, distinct=True)


def _code(code: int) -> ir.IntegerScalar:
    return ibis.literal(code, CODE)


def _moved(visits: ir.Table, lifecycle: Lifecycle, kind: TransitionKind) -> ir.BooleanValue:
    """Tell whether the move that ended a visit is of a kind."""
    stages = list(enumerate(lifecycle.stage_ids))
    moves = [
        (visits.stage == source) & (visits.next_stage == target)
        for source, here in stages
        for target, there in stages
        if lifecycle.transition_kind(here, there) == kind
    ]
    return ibis.or_(ibis.literal(False), *moves)


def _slow(followed: ir.Table) -> ir.Table:
    """Find those who took longer to the bridge than half of their group."""
    typical = followed.group_by("group").aggregate(median_us=followed.waited_us.cast("float64").quantile(0.5))
    told = followed.inner_join(typical, "group")
    return told.filter(told.waited_us > told.median_us).select("customer")
