"""Cut the ordered events into visits, each with exactly one outcome.

Definitions: docs page "definitions", Visit, Outcome of a visit, Share (its clock).

May import: moments, ordering, engines, model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import ibis

from journeykit.engines.duckdb_shape import FLAGS
from journeykit.relations.moments import STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis.expr.types as ir

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.moments import Moments
    from journeykit.relations.ordering import Ordered

DAY_US = 86_400_000_000

MOVED, EXITED, ACHIEVED, DEPARTED, DROPPED, OPEN = range(6)

OUTCOMES = ("moved", "exited", "achieved", "departed", "dropped", "open")
"""The outcomes by their codes."""


@attrs.frozen(kw_only=True)
class Cut:
    """The visits as they are kept: narrow, for every byte a row is paid for in each question.

    Attributes:
        rows: What the engine is to keep: `customer`, `visit`, `position`, `moment` (of the first event),
            `next` (that of the next visit with the touchpoint of the event before it; for a customer's last
            visit that of their last event, without a stage, and null where that is the first), the marks of
            `Observed.ends`, and `target_rank` where customers have targets.
        reader: How to read them.
    """

    rows: ir.Table
    reader: Reader


@attrs.frozen(kw_only=True)
class Reader:
    """How to read the visits that are kept.

    Attributes:
        moments: How moments are laid down.
        lifecycle: Says what a goal, a risk and an exit are.
        as_of_us: The censoring date.
        idle_us: The silence that is a drop-off.
    """

    moments: Moments
    lifecycle: Lifecycle
    as_of_us: int
    idle_us: int

    def ends(self, rows: ir.Table) -> ir.Table:
        """Show the rows as the relation `ends`: see `Observed`."""
        return self.visits(rows, also=FLAGS).select("customer", "stage", "day", "ending", *FLAGS)

    def visits(self, rows: ir.Table, *, also: Iterable[str] = ()) -> ir.Table:
        """Show the rows, once the engine keeps them, as the relation `visits`.

        Args:
            rows: What is kept.
            also: More of its columns to show.

        Returns:
            One row a visit: `customer`, `visit` (from 1), `position` (of its first event), `stage`,
            `start_us`, `next_stage`, `next_start_us`, `outcome` (a code of `OUTCOMES`), `ending` (see
            `ending_of`), `day` (whole days to the outcome, or to censoring), `aimed` (in a goal stage, or at
            or above the customer's own target), `last_touchpoint` (of the event before the visit ended).
        """
        read = self.moments
        start_us = read.time_us(rows, "moment")
        # A visit is always to a stage: there is no none to look for.
        stage = read.stage_of(read.unit_at(rows, "moment")).cast(STAGE)
        next_stage, next_us, last_us, last = self._told(rows)
        outcome = self._outcome(rows, stage, next_stage, last_us)
        ended_us = ibis.cases(
            (next_stage.notnull(), next_us), (outcome == DROPPED, last_us + self.idle_us), else_=self.as_of_us
        )
        found = rows.select(
            "customer", "visit", "position",
            stage=stage,
            start_us=start_us,
            next_stage=next_stage,
            next_start_us=next_us,
            outcome=outcome,
            aimed=self._aimed(rows, stage),
            day=((ended_us - start_us) // DAY_US).cast("int32"),
            last_touchpoint=read.touchpoint(last),
            **{name: rows[name] for name in also},
        )  # fmt: skip
        ending = found.next_stage.coalesce(
            (found.outcome - ACHIEVED + len(self.lifecycle.stages)).cast(STAGE)
        )
        return found.mutate(ending=ending)

    def _told(self, rows: ir.Table) -> tuple[ir.IntegerValue, ...]:
        """Read what came after: stage and time of the next visit, and the last event.

        Of that the time, which only a customer's last visit is asked for, and the unit.
        """
        read = self.moments
        met, next_us = read.unit_at(rows, "next"), read.time_us(rows, "next")
        if "newest" in rows.columns:  # lists tell it apart
            next_stage = read.stage_of(met).cast(STAGE)
            return next_stage, next_us, read.time_us(rows, "newest"), read.unit_at(rows, "last")
        next_stage = read.stage(met)
        last_us = next_us.coalesce(read.time_us(rows, "moment"))
        last = ibis.ifelse(next_us.isnull(), read.unit_at(rows, "moment"), met)
        return next_stage, ibis.ifelse(next_stage.isnull(), ibis.null("int64"), next_us), last_us, last

    def _outcome(
        self, rows: ir.Table, stage: ir.IntegerValue, next_stage: ir.IntegerValue, last_us: ir.IntegerValue
    ) -> ir.IntegerValue:
        exits = codes_of(self.lifecycle, "exit")
        return ibis.cases(
            (next_stage.isin(exits) & stage.notin(exits), EXITED),
            (next_stage.notnull(), MOVED),
            (self._aimed(rows, stage), ACHIEVED),
            (stage.isin(exits), DEPARTED),
            (self.as_of_us - last_us >= self.idle_us, DROPPED),
            else_=OPEN,
        ).cast("int8")

    def _aimed(self, rows: ir.Table, stage: ir.IntegerValue) -> ir.BooleanValue:
        goals = stage.isin(codes_of(self.lifecycle, "goal"))
        if "target_rank" not in rows.columns:
            return goals
        ranks = [(code, self.lifecycle.rank(one)) for code, one in enumerate(self.lifecycle.stage_ids)]
        ranked = [(code, rank) for code, rank in ranks if rank is not None]
        if not ranked:
            return goals
        rank = stage.cases(*ranked, else_=ibis.null("int64"))
        return goals | (rank >= rows.target_rank).fill_null(ibis.literal(False))


def codes_of(lifecycle: Lifecycle, kind: str) -> tuple[int, ...]:
    """Give the codes of the stages of a kind."""
    return tuple(code for code, stage in enumerate(lifecycle.stages) if stage.kind == kind)


def ending_of(lifecycle: Lifecycle, outcome: int) -> int:
    """Give the code of the ending of a customer's last visit; that of any other is the next stage."""
    return len(lifecycle.stages) + outcome - ACHIEVED


def is_done(lifecycle: Lifecycle, stage: int, ending: int) -> bool:
    """Tell of whoever ended a visit so that nobody misses the stage's targets: they took one, or may yet.

    Only a customer's last visit can be open or achieved, and so only one that is their last to its stage.
    """
    if ending in {ending_of(lifecycle, ACHIEVED), ending_of(lifecycle, OPEN)}:
        return True
    targets = lifecycle.onward(lifecycle.stage_ids[stage]) or ()
    return ending < len(lifecycle.stages) and lifecycle.stage_ids[ending] in targets


def cut_visits(
    ordered: Ordered,
    kept: ir.Table,
    targets: ir.Table | None,
    lifecycle: Lifecycle,
    *,
    as_of_us: int,
    idle_us: int,
) -> Cut:
    """Make one row a visit.

    Args:
        ordered: How the ordered events are laid down.
        kept: Their rows, kept by the engine.
        targets: One row a customer, `customer` and `target_rank`; None where nobody has a target.
        lifecycle: Says what a goal, a risk and an exit are.
        as_of_us: The censoring date.
        idle_us: The silence that is a drop-off.
    """
    reader = Reader(moments=ordered.moments, lifecycle=lifecycle, as_of_us=as_of_us, idle_us=idle_us)
    rows = _begin(ordered, kept)
    if targets is not None:
        rows = rows.left_join(targets, "customer").drop("customer_right")
    return Cut(rows=_flag(rows, reader), reader=reader)


def _begin(ordered: Ordered, kept: ir.Table) -> ir.Table:
    """Meet each event that begins a visit with the next one that does, or with the customer's last."""
    moments = ordered.moments
    now, following = moments.columns("moment"), moments.columns("next")
    ends = kept.mutate(begins=ordered.begins(kept))
    # A customer's last event closes their last visit: where it begins none, it comes along as a row.
    ends = ends.filter(ends.begins | ends[following[-1]].isnull())
    unit = moments.unit_at(ends, "moment")
    # One integer tells the visit before all that it needs: when it ended, where to, and after what.
    seen = ibis.ifelse(
        ends.begins, moments.meet(unit, ends.previous), moments.meet(moments.unit_of_stage(None), unit)
    )
    ends = ends.select(
        "customer", "position", "begins", *now,
        **{f"as_{name}": value for name, value in moments.with_unit(ends, "moment", seen).items()},
    )  # fmt: skip
    window = ibis.window(group_by=ends.customer, order_by=ends.position)
    told = zip(following, now, strict=True)
    found = ends.mutate(
        visit=(ibis.row_number().over(window) + 1).cast("int32"),
        **{name: ends[f"as_{here}"].lead().over(window) for name, here in told},
    )
    return found.filter(found.begins).select("customer", "visit", "position", *now, *following)


def _flag(rows: ir.Table, reader: Reader) -> ir.Table:
    """Mark one of a customer's visits to a stage, and one of those with an ending: marks count customers.

    Those that are done with the stage come first, so that the one that is marked tells whether any is.
    """
    lifecycle = reader.lifecycle
    endings = range(len(lifecycle.stages) + OPEN - ACHIEVED + 1)
    kept = [name for name in rows.columns if name not in {"customer", "visit", "position"}]
    visits = reader.visits(rows, also=kept)
    done = [
        (visits.stage == stage)
        & visits.ending.isin([ending for ending in endings if is_done(lifecycle, stage, ending)])
        for stage in range(len(lifecycle.stages))
    ]
    width = len(endings)
    kind = visits.stage.cast("int32") * 2 + ibis.ifelse(ibis.or_(*done), 0, 1)
    keyed = visits.select("customer", "visit", "position", "aimed", *kept, kind=kind * width + visits.ending)
    window = ibis.window(group_by=keyed.customer, order_by=keyed.kind)
    before = keyed.kind.lag().over(window)
    return keyed.mutate(
        counts_customer=(before // (2 * width) != keyed.kind // (2 * width)).fill_null(ibis.literal(True)),
        counts_ending=(before != keyed.kind).fill_null(ibis.literal(True)),
        reached=keyed.aimed.any().over(ibis.window(group_by=keyed.customer)),
    ).drop("kind", "aimed")
