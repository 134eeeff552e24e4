"""What the integers mean that DuckDB's lists hold.

May import: nothing of ours.
"""

from __future__ import annotations

from typing import Final

import attrs

INTEGER_BITS: Final = 32
"""So many bits DuckDB's INTEGER has, the sign among them."""

MOMENT_BITS: Final = 63
"""Fewer bits than these a moment has: one is for the sign, and one is put below it."""

FLAGS: Final = ("counts_customer", "counts_ending", "reached")
"""What is told of an end, see `relations.observed`; in lists a bit each, the last of them lowest."""


@attrs.frozen(kw_only=True)
class Shape:
    """What the integers mean.

    A moment is a time, a stage and a touchpoint.  An end is a stage, whether the customer is done with it,
    an ending and a day: so ordered, an end tells by the one after it what it counts.

    Attributes:
        bits: So many bits of a moment are stage and touchpoint.
        touchpoint_bits: So many of these are the touchpoint.
        none: The stage of a moment that has none.
        unmapped: Whether any moment has none.
        later: Whether any moment is later than `as_of`.
        day_bits: So many bits of an end are the day.
        ending_bits: So many bits of it are the ending.
        done: For each stage, the endings that a customer is done with it by, as bits.
        entries: The stages and touchpoints of moments that may begin a visit to the stage they are in.
        goals: The stages that are goals.
        exits: The stages that are exits.
        last: The endings of a customer's last visit: achieved, departed, dropped, open.
        as_of: The censoring date, in microseconds since the time that is 0.
        idle: The silence that is a drop-off, in microseconds.
        day: A day, in microseconds.
        uses: The bits of one integer that tell a customer's uses of goal stages; None where uses are too
            many to be bits.
    """

    bits: int
    touchpoint_bits: int
    none: int
    unmapped: bool
    later: bool
    day_bits: int
    ending_bits: int
    done: tuple[int, ...]
    entries: tuple[int, ...]
    goals: tuple[int, ...]
    exits: tuple[int, ...]
    last: tuple[int, int, int, int]
    as_of: int
    idle: int
    day: int
    uses: int | None

    @property
    def stage_bits(self) -> int:
        """So many bits of a moment are the stage."""
        return self.bits - self.touchpoint_bits

    @property
    def stage_shift(self) -> int:
        """Where the stage of an end begins."""
        return self.day_bits + self.ending_bits + 1

    @property
    def end_bits(self) -> int:
        """So many bits an end has."""
        return self.stage_shift + len(self.done).bit_length()

    @property
    def fits(self) -> bool:
        """Whether `as_of` can be a moment, too."""
        return self.as_of >= 0 and self.as_of.bit_length() + self.bits < MOMENT_BITS

    def stage(self, moment: str) -> str:
        """Read the stage of a moment."""
        return f"({moment} >> {self.touchpoint_bits} & {(1 << self.stage_bits) - 1})"

    def staged(self, moment: str) -> str:
        """Keep the bits of a moment that are its stage, where they are."""
        return f"({moment} & {(1 << self.bits) - (1 << self.touchpoint_bits)})"

    def unit(self, moment: str) -> str:
        """Read stage and touchpoint of a moment."""
        return f"({moment} & {(1 << self.bits) - 1})"

    def time(self, moment: str) -> str:
        """Read the time of a moment."""
        return f"({moment} >> {self.bits})"

    @property
    def kinds(self) -> list[int]:
        """Lay down all of an end but its day: for open and for silent customers, by stage, by what came next.

        Next is the stage of the next visit, or none after the last visit.
        """
        return [
            ((stage << 1 | done >> ending & 1) << self.ending_bits | ending) << self.day_bits
            for silent in (False, True)
            for stage, done in enumerate(self.done)
            for ending in (self._ending(stage, code, silent) for code in range(1 << self.stage_bits))
        ]

    def _ending(self, stage: int, code: int, silent: bool) -> int:  # noqa: FBT001 - a bit of the place
        achieved, departed, dropped, still = self.last
        if code < self.none:
            return code
        if stage in self.goals:
            return achieved
        if stage in self.exits:
            return departed
        return dropped if silent else still
