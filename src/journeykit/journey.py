"""Observe a log under a lifecycle: order the events once, keep what questions count over.

`observe` asks the engine for three relations (`steps`, `visits`, `customers`) and a few
counts.  It answers no question itself: those are functions of their own, in `analysis`.

May import: relations, eventlog, result, plugins, model, progress, engines, errors.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

import attrs

from journeykit.engines import engine_errors
from journeykit.errors import EngineError, EventLogError, UnknownNameError
from journeykit.eventlog.log import EventLog
from journeykit.eventlog.times import EPOCH, MICROSECOND
from journeykit.model.duration import in_words, to_timedelta
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.rules.quantities import LONGEST_IDLE
from journeykit.plugins import default_manager
from journeykit.progress import reporting
from journeykit.relations.coding import code_events
from journeykit.relations.counting import count_steps, warn_of_lone_newest, warn_of_no_visit
from journeykit.relations.ordering import order_events
from journeykit.relations.people import add_event_attributes, attribute_columns, describe_customers, targets
from journeykit.relations.rules import choose_rules
from journeykit.relations.scratch import Scratch
from journeykit.relations.visits import cut_visits

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    import ibis.expr.types as ir
    import networkx as nx

    from journeykit.eventlog.saved import SavedLog
    from journeykit.plugins import Manager, StageRule
    from journeykit.progress import Doing, Progress
    from journeykit.relations.coding import Coded
    from journeykit.relations.rules import Rules


@attrs.frozen(kw_only=True)
class Counts:
    """How many of what a journey holds.

    Attributes:
        events: Usable events not after `as_of`.
        later: Usable events after `as_of`, ignored.
        unmapped: Events that belong to no stage: signs of life only.
        customers: Customers with an event by `as_of`.
        unplaced: Customers with an event by `as_of` but no visit.
        visits: Stays of a customer in a stage.
    """

    events: int
    later: int
    unmapped: int
    customers: int
    unplaced: int
    visits: int


@attrs.frozen(kw_only=True, eq=False)
class Journey:
    """What was observed: a log's events under a lifecycle, ordered once.

    A journey is for one thread at a time; threads of their own observe the log on their own.

    Attributes:
        lifecycle: The plan.
        log: The events; of a loaded journey what is left of them, a `SavedLog`.
        as_of: The censoring date, UTC.
        idle: The silence that is a drop-off.
        counts: How many events, customers and visits.
        rules: The stage rules that were used, by their ids, in the order in which they count.
        touchpoint_names: The touchpoints by their codes: the lifecycle's, then the names it does not know by
            code point.
        steps: One row an event, as `relations.ordering.Ordered.steps` shows it.
        visits: One row a visit, as `relations.visits.Reader.visits` shows it.
        customers: One row a customer, as `relations.people` makes it.
        scratch: The engine, and the relations made in it.
    """

    lifecycle: Lifecycle
    log: EventLog | SavedLog
    as_of: dt.datetime
    idle: dt.timedelta
    counts: Counts
    rules: tuple[str, ...] = ()
    touchpoint_names: tuple[str, ...] = attrs.field(repr=False)
    steps: ir.Table = attrs.field(repr=False)
    visits: ir.Table = attrs.field(repr=False)
    customers: ir.Table = attrs.field(repr=False)
    scratch: Scratch = attrs.field(repr=False)

    @property
    def idle_days(self) -> float:
        """The silence that is a drop-off, in days."""
        return self.idle / dt.timedelta(days=1)

    def attribute(self, name: str) -> str:
        """Find the column of `customers` that holds an attribute.

        Args:
            name: As in `customers` or `attributes`; a column given as channel, device, ... answers to
                either name.

        Raises:
            UnknownNameError: No customer attribute has this name.
        """
        known = attribute_columns(self.customers)
        if name not in known:
            raise UnknownNameError("customer attribute", name, known)
        return known[name]

    def graph(self, *, touchpoints: bool = True) -> nx.DiGraph[str]:
        """Draw what was observed as a plain networkx graph.

        Args:
            touchpoints: Whether touchpoints, and the moves between them, are nodes and edges too.

        Returns:
            A graph with the attribute schema of the reference page "graph schema", origin "observed".
        """
        from journeykit.analysis.observed_graph import observed_graph

        return observed_graph(self, touchpoints=touchpoints)

    def save(
        self, path: str | os.PathLike[str], *, progress: Callable[[Progress], object] | None = None
    ) -> None:
        """Save the journey to one file, which `load` loads: whole, or not at all.

        What stands there is replaced in one step; whoever loaded it goes on with what they loaded.

        Args:
            path: The file; its name ends in .jkt.
            progress: Is told how far it has come, see `observe`.

        Raises:
            SavedJourneyError: The name ends otherwise, or the file can't be written: the disk is full.
            OSError: No file can be put there.
            EngineError: The engine failed, or the journey is closed.
        """
        from journeykit.saving.writing import save_journey

        save_journey(self, path, progress)

    def close(self) -> None:
        """Take away what was made in the engine; a second call does nothing."""
        self.scratch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def observe(
    log: EventLog,
    lifecycle: Lifecycle,
    *,
    as_of: dt.datetime | str | None = None,
    idle: dt.timedelta | str | None = None,
    rules: Sequence[StageRule] | None = None,
    progress: Callable[[Progress], object] | None = None,
    manager: Manager | None = None,
) -> Journey:
    """Join a log and a lifecycle: order each customer's events once and cut them into visits.

    Args:
        log: The events.
        lifecycle: The plan, under the names that the log uses (`Lifecycle.map`).
        as_of: What is known is known as of then; later events are ignored and counted. Without a time
            zone it is UTC. By default the time of the newest usable event.
        idle: The silence that is a drop-off, a duration or text such as "90 days". By default the
            lifecycle's own.
        rules: What tells the stage of an event whose stage column says nothing, before its touchpoint does.
            A rule is skipped where the log lacks a column that it needs. By default what plugins offer for
            the lifecycle; `()` for none.
        progress: A function that is told how far it has come, such as `show_progress`, when a step begins and
            ends, and up to five times a second in between. What it raises stops the work, and arrives here.
        manager: Where to look for rules; None: what ships and what is installed.

    Returns:
        The journey, which every question takes first.  It holds relations in the engine until `close`.

    Raises:
        EventLogError: *log* or *lifecycle* is none; no event can be used, or none is as old as *as_of*;
            *as_of* is no date, *idle* is not longer than 0, or *progress* is no function; one of *rules*
            raises or gives no truth value.
        UnknownNameError: A customer's target stage is no stage of the lifecycle; one of *rules* names a stage
            or a column there isn't.
        PluginError: A rule that a plugin offers raises, names a column there isn't, or gives no truth value.

    Warns:
        JourneykitWarning: Rows were set aside; the newest event stands alone, more than *idle* after the
            rest; no event belongs to any stage; or a plugin failed.

    Source: S2-03, S2-12, S2-22 (mission page); docs page "definitions".
    """
    _require_kinds(log, lifecycle)
    chosen = choose_rules(log, lifecycle, rules, manager)
    silence = lifecycle.idle if idle is None else _silence(to_timedelta(idle))
    scratch = Scratch(log.engine, schema=log.schema)
    try:
        with reporting(log.engine, progress) as doing, engine_errors(log):
            doing("reading rows")
            log.require_usable()
            until = to_utc(as_of)
            return _observe(
                log, lifecycle, scratch, doing, rules=chosen, as_of=until, idle=silence, manager=manager
            )
    except BaseException:
        scratch.close()
        raise


def _require_kinds(log: object, lifecycle: object) -> None:
    """Refuse at the door what is no log or no plan: further in, plugins would get the blame."""
    if not isinstance(log, EventLog):
        raise EventLogError(f"a log is what jk.events(...) returns, not {type(log).__name__}")
    if not isinstance(lifecycle, Lifecycle):
        found = "jk.lifecycle(...) finds it by its id, jk.read_lifecycle(...) reads its file"
        raise EventLogError(f"a plan is a Lifecycle, not {type(lifecycle).__name__}: {found}")


def _silence(idle: dt.timedelta) -> dt.timedelta:
    """Hold a caller's idle to the rule that a lifecycle's own keeps."""
    if not dt.timedelta(0) < idle <= LONGEST_IDLE:
        most = in_words(LONGEST_IDLE)
        raise EventLogError(f"idle: must be longer than 0 and at most {most}, not {in_words(idle)}")
    return idle


def to_utc(as_of: object) -> dt.datetime | None:
    """Read a caller's `as_of`; None where it is not said.

    Raises:
        EventLogError: It is no date or time.
    """
    moment = as_of
    if isinstance(moment, str):
        try:
            moment = dt.datetime.fromisoformat(moment)
        except ValueError:
            message = f"as_of: {moment!r} is no ISO 8601 date or time, such as '2024-12-31T18:00:00+01:00'"
            raise EventLogError(message) from None
    if moment is None:
        return None
    # pandas' missing time is a datetime, and unequal to itself.
    if not isinstance(moment, dt.datetime) or moment != moment:  # noqa: PLR0124
        message = f"as_of is a datetime, or text such as '2024-12-31', not {moment!r}"
        raise EventLogError(message)
    try:
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except OverflowError:
        raise EventLogError(f"as_of: {moment} is in no year from 1 to 9999 in UTC") from None


def _observe(
    log: EventLog,
    lifecycle: Lifecycle,
    scratch: Scratch,
    doing: Doing,
    *,
    rules: Rules,
    as_of: dt.datetime | None,
    idle: dt.timedelta,
    manager: Manager | None,
) -> Journey:
    doing("reading names", rows=log.counts().used)
    coded = _code(log, lifecycle, scratch, rules)
    customers = describe_customers(log, coded, lifecycle, scratch)
    as_of_us = None if as_of is None else (as_of - EPOCH) // MICROSECOND
    doing("ordering events", rows=log.counts().used)
    ordered = order_events(coded, lifecycle, as_of_us=as_of_us)
    kept = scratch.table("steps", ordered.rows)
    steps = ordered.steps(kept)
    counted = count_steps(steps, scratch)
    if counted is None:
        raise EventLogError(_too_early(log, as_of_us))
    if as_of_us is None:
        as_of_us = counted.newest_us
        warn_of_lone_newest(steps, counted, scratch, idle)
    doing("cutting visits", rows=counted.events)
    cut = cut_visits(
        ordered,
        kept,
        targets(log, customers),
        lifecycle,
        as_of_us=as_of_us,
        idle_us=idle // MICROSECOND,
    )
    visits = cut.reader.visits(scratch.table("visits", cut.rows))
    doing("describing customers", rows=counted.customers)
    customers = add_event_attributes(customers, steps, coded.kept, log.columns, scratch)
    placed = scratch.one(
        visits.aggregate(visits=visits.count(), last=visits.count(where=visits.next_stage.isnull()))
    )
    if not placed["visits"]:
        systems = (manager or default_manager()).names(lifecycle)
        warn_of_no_visit(coded.touchpoint_names, lifecycle, systems=systems)
    counts = Counts(
        events=counted.events,
        later=log.counts().used - counted.events,
        unmapped=counted.unmapped,
        customers=counted.customers,
        unplaced=counted.customers - placed["last"],
        visits=placed["visits"],
    )
    return Journey(
        lifecycle=lifecycle,
        log=log,
        as_of=EPOCH + as_of_us * MICROSECOND,
        idle=idle,
        counts=counts,
        rules=rules.ids,
        touchpoint_names=coded.touchpoint_names,
        steps=steps,
        visits=visits,
        customers=customers,
        scratch=scratch,
    )


def _too_early(log: EventLog, as_of_us: int | None) -> str:
    """Say that there is no event by then; None stands for no date."""
    when, begun = (f"{EPOCH + us * MICROSECOND:%Y-%m-%d %H:%M}" for us in (as_of_us or 0, log.span_us[0]))
    return f"no event by as_of={when}: the first is of {begun}"


def _code(log: EventLog, lifecycle: Lifecycle, scratch: Scratch, rules: Rules) -> Coded:
    """Code the events; where that fails, find out whether a rule is to blame."""
    try:
        with engine_errors(log):
            return code_events(log, lifecycle, scratch, rules=rules)
    except (EngineError, EventLogError):
        fault = rules.find_fault(log.events, scratch)
        if fault is None:
            raise
        raise fault from fault.__cause__
