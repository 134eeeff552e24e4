"""Lay a time and what happened then down as one integer: one column where three would be.

Ordering is paid by the byte: one integer of 64 bits sorts, moves and is stored in a fraction of
what time, stage and touchpoint take apart.  The time comes first in it, then the stage, then the
touchpoint, each "none" after all others, so that it orders as the definition asks.

May import: nothing of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self, overload

import attrs
import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

STAGE: Final = "int16"
TOUCHPOINT: Final = "int32"

WIDTH: Final = 62
"""So many bits hold a number that is not negative, in every engine, and one more is left."""


@attrs.frozen(kw_only=True)
class Moments:
    """How moments are laid down for one log.

    A unit is a stage and a touchpoint, either of which may be none.

    Attributes:
        origin_us: The time that is 0.
        stages: How many stages there are; this code is "none".
        touchpoints: How many touchpoints there are; this code is "none".
        packed: Whether time and unit fit into one integer; else they are two columns.
    """

    origin_us: int
    stages: int
    touchpoints: int
    packed: bool

    @classmethod
    def of(cls, first_us: int, last_us: int, *, stages: int, touchpoints: int) -> Self:
        """Choose how to lay down moments from *first_us* to *last_us*."""
        bits = (last_us - first_us).bit_length() + stages.bit_length() + touchpoints.bit_length()
        return cls(origin_us=first_us, stages=stages, touchpoints=touchpoints, packed=bits <= WIDTH)

    @property
    def shift(self) -> int:
        """So many bits of a unit are the touchpoint."""
        return self.touchpoints.bit_length()

    @property
    def bits(self) -> int:
        """So many bits a unit has."""
        return self.shift + self.stages.bit_length()

    def place(self, stage: int | None, touchpoint: int | None) -> int:
        """Give the unit of a stage and a touchpoint."""
        return self.unit_of_stage(stage) + (self.touchpoints if touchpoint is None else touchpoint)

    def unit_of_stage(self, stage: int | None) -> int:
        """Give the least unit of a stage."""
        return (self.stages if stage is None else stage) << self.shift

    @overload
    def stage_of(self, unit: int) -> int: ...

    @overload
    def stage_of(self, unit: ir.IntegerValue) -> ir.IntegerValue: ...

    def stage_of(self, unit: int | ir.IntegerValue) -> int | ir.IntegerValue:
        """Give the stage of a unit; that of none is as any other."""
        return unit >> self.shift

    def names_of(self, unit: int) -> tuple[int | None, int | None]:
        """Give the stage and the touchpoint of a unit; None for none."""
        stage, touchpoint = self.stage_of(unit), self.touchpoint_of(unit)
        return (
            None if stage == self.stages else stage,
            None if touchpoint == self.touchpoints else touchpoint,
        )

    def touchpoint_of(self, unit: int) -> int:
        """Give the touchpoint of a unit."""
        return unit & ((1 << self.shift) - 1)

    def unit(self, stage: ir.IntegerValue, touchpoint: ir.IntegerValue) -> ir.IntegerValue:
        """Make the unit of a stage's and a touchpoint's code, either of which may be null."""
        stage = stage.cast("int64").fill_null(self.stages)
        return (stage << self.shift) + touchpoint.cast("int64").fill_null(self.touchpoints)

    def stage(self, unit: ir.IntegerValue) -> ir.IntegerValue:
        """Read the stage of a unit; null for none."""
        return (unit >> self.shift).nullif(self.stages).cast(STAGE)

    def touchpoint(self, unit: ir.IntegerValue) -> ir.IntegerValue:
        """Read the touchpoint of a unit; null for none."""
        return (unit & ((1 << self.shift) - 1)).nullif(self.touchpoints).cast(TOUCHPOINT)

    def columns(self, name: str) -> tuple[str, ...]:
        """Name the columns that a moment of this name takes."""
        return (name,) if self.packed else (f"{name}_us", f"{name}_unit")

    def lay(self, name: str, time_us: ir.IntegerValue, unit: ir.IntegerValue) -> dict[str, ir.IntegerValue]:
        """Lay a moment down; what is null in either is null."""
        if not self.packed:
            return dict(zip(self.columns(name), (time_us, unit), strict=True))
        since = time_us.cast("int64") - self.origin_us
        return {name: (since << self.bits) + unit}

    def time_us(self, table: ir.Table, name: str) -> ir.IntegerValue:
        """Read the time of a moment."""
        if not self.packed:
            return table[f"{name}_us"]
        return (table[name] >> self.bits) + ibis.literal(self.origin_us, "int64")

    def unit_at(self, table: ir.Table, name: str) -> ir.IntegerValue:
        """Read the unit of a moment."""
        return self.unit_of(table[self.columns(name)[-1]])

    def meet(self, staged: ir.IntegerValue | int, touched: ir.IntegerValue) -> ir.IntegerValue:
        """Make a unit of the stage of one and the touchpoint of another."""
        mask = (1 << self.shift) - 1
        return (staged & ~mask) + (touched & mask)

    def with_unit(self, table: ir.Table, name: str, unit: ir.IntegerValue) -> dict[str, ir.IntegerValue]:
        """Put another unit into a moment."""
        *times, last = self.columns(name)
        return {one: table[one] for one in times} | {last: table[last] - self.unit_of(table[last]) + unit}

    def unit_of(self, last: ir.IntegerValue) -> ir.IntegerValue:
        """Read the unit of a moment in the last of its columns."""
        return last & ((1 << self.bits) - 1) if self.packed else last
