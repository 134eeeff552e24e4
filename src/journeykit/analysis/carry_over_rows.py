"""Hold the answer of `carry_over`: its rows, and what stands beside them.

May import: result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from journeykit.result import Definition, Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from journeykit.analysis.factors import FactorKind

OutcomeAfter: TypeAlias = Literal["reached", "lost"]


@attrs.frozen(kw_only=True)
class CarryOver:
    """How an outcome after the bridge goes with one thing on the path before it.

    Attributes:
        factor: stage (visited before the bridge), touchpoint (used before it), regressed, skipped (on the
            way), slow (longer on the way than half of the customers).
        name: Which stage or touchpoint; None for the others.
        outcome: reached (a goal stage, or the customer's own target) or lost (an exit stage, or silence).
        day: Whole days since the bridge, at the end of which both shares are read; None where no day serves
            both.
        with_customers: Customers who have the factor.
        with_ended: Of them, those for whom `outcome` came first, by `as_of`.
        with_open: Of them, those for whom neither outcome had come.
        with_share: The Aalen-Johansen probability that `outcome` comes first, and by `day`, 0 to 1.
        with_low: The lower end of its 95 % interval.
        with_high: The upper end.
        without_customers: Customers who lack the factor; the five that follow are theirs.
        without_ended: As `with_ended`.
        without_open: As `with_open`.
        without_share: As `with_share`.
        without_low: As `with_low`.
        without_high: As `with_high`.
        difference: `with_share` less `without_share`, -1 to 1; None where `day` is.
        difference_low: The lower end of its 95 % interval.
        difference_high: The upper end.
        group: The value of `by`.
    """

    factor: FactorKind
    name: str | None
    outcome: OutcomeAfter
    day: int | None
    with_customers: int
    with_ended: int
    with_open: int
    with_share: float | None
    with_low: float | None
    with_high: float | None
    without_customers: int
    without_ended: int
    without_open: int
    without_share: float | None
    without_low: float | None
    without_high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    group: object = None


@attrs.frozen(kw_only=True)
class Crossing:
    """What became of the customers who crossed a bridge.

    Attributes:
        never_crossed: Customers with a visit in the one journey and none to the bridge.
        crossed: Customers with a visit to the bridge.
        reached_before: Of them, those who stood in a goal stage of the other journey when they crossed;
            left out.
        lost_before: Of them, those who stood in one of its exit stages; left out.
        followed: The others: `reached`, `lost` and `open` sum to them.
        reached: Entered a goal stage, or reached their own target, first.
        lost: Entered an exit stage first, or fell silent.
        open: Neither, by `as_of`.
        median_days: Median days of the followed from their first visit to the bridge.
        day: Whole days since the bridge, at the end of which the shares are read.
        share_reached: The Aalen-Johansen probability of `reached` by then, 0 to 1; None where too few are
            known.
        reached_low: The lower end of its 95 % interval.
        reached_high: The upper end.
        share_lost: The same of `lost`.
        lost_low: The lower end of its 95 % interval.
        lost_high: The upper end.
        undetermined: The probability that neither has come by then.
        group: The value of `by`.
    """

    never_crossed: int
    crossed: int
    reached_before: int
    lost_before: int
    followed: int
    reached: int
    lost: int
    open: int
    median_days: float | None
    day: int | None
    share_reached: float | None
    reached_low: float | None
    reached_high: float | None
    share_lost: float | None
    lost_low: float | None
    lost_high: float | None
    undetermined: float
    group: object = None


class CarryOvers(Result[CarryOver]):
    """The rows of `carry_over`, with what stands beside them.

    Attributes:
        bridge: The stage that was crossed.
        crossings: Who crossed, and what became of them: one row a group.
    """

    __slots__ = ("bridge", "crossings")

    bridge: str
    crossings: tuple[Crossing, ...]

    def __init__(
        self,
        rows: Iterable[CarryOver],
        definition: Definition,
        *,
        bridge: str,
        crossings: Iterable[Crossing],
    ) -> None:
        super().__init__(rows, definition, row_type=CarryOver)
        self._set(bridge=bridge, crossings=tuple(crossings))

    def _parts(self) -> tuple[object, ...]:
        return *super()._parts(), self.bridge, self.crossings
