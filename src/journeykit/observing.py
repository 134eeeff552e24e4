"""Observe a log under a lifecycle: order the events once, keep what questions count over.

May import: journey, analysis, relations, eventlog, plugins, model, progress, engines, errors.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import attrs

from journeykit.analysis.ahead import count_ahead
from journeykit.engines import engine_errors
from journeykit.errors import EngineError, EventLogError
from journeykit.eventlog.log import EventLog
from journeykit.eventlog.times import EPOCH, MICROSECOND
from journeykit.journey import Counts, Journey
from journeykit.model.duration import in_words, to_timedelta
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.rules.quantities import LONGEST_IDLE
from journeykit.plugins import default_manager
from journeykit.progress import reporting
from journeykit.relations.coding import code_events
from journeykit.relations.counting import count_steps, count_visits, warn_of_lone_newest, warn_of_no_visit
from journeykit.relations.lists import count_lists, is_plain, keep_lists
from journeykit.relations.numbering import number_customers
from journeykit.relations.observed import Observed
from journeykit.relations.ordering import order_events
from journeykit.relations.people import add_event_attributes, describe_customers, has_targets
from journeykit.relations.rules import choose_rules
from journeykit.relations.scratch import Scratch
from journeykit.relations.visits import cut_visits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import ibis.expr.types as ir

    from journeykit.plugins import Manager, StageRule
    from journeykit.progress import Doing, Progress
    from journeykit.relations.coding import Coded
    from journeykit.relations.counting import Counted
    from journeykit.relations.rules import Rules


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
            observing = _Observing(log, lifecycle, scratch, doing, silence)
            return observing.run(chosen, to_utc(as_of), manager)
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


@attrs.frozen
class _Found:
    """What the ordered events came to."""

    counted: Counted
    observed: Observed
    customers: ir.Table


@attrs.frozen
class _Observing:
    """What every step of observing needs."""

    log: EventLog
    lifecycle: Lifecycle
    scratch: Scratch
    doing: Doing
    idle: dt.timedelta

    def run(self, rules: Rules, as_of: dt.datetime | None, manager: Manager | None) -> Journey:
        """Take the steps one by one."""
        self.doing("reading names", rows=self.log.counts().used)
        coded = self._code(rules)
        self.doing("ordering events", rows=self.log.counts().used)
        found = self._by_lists(coded, as_of) or self._by_windows(coded, as_of)
        if not found.counted.visits:
            systems = (manager or default_manager()).names(self.lifecycle)
            warn_of_no_visit(coded.touchpoint_names, self.lifecycle, systems=systems)
        journey = Journey(
            lifecycle=self.lifecycle,
            log=self.log,
            as_of=as_of or found.counted.newest,
            idle=self.idle,
            counts=self._counts(found.counted),
            rules=rules.ids,
            touchpoint_names=coded.touchpoint_names,
            observed=found.observed,
            customers=found.customers,
            scratch=self.scratch,
        )
        count_ahead(journey, self.doing)
        return journey

    def _code(self, rules: Rules) -> Coded:
        """Code the events; where that fails, find out whether a rule is to blame."""
        try:
            with engine_errors(self.log):
                return code_events(self.log, self.lifecycle, self.scratch, rules=rules)
        except (EngineError, EventLogError):
            fault = rules.find_fault(self.log.events, self.scratch)
            if fault is None:
                raise
            raise fault from fault.__cause__

    def _by_lists(self, coded: Coded, as_of: dt.datetime | None) -> _Found | None:
        """Order a plain log by lists, where the engine has lists."""
        if has_targets(self.log) or not is_plain(coded, self.lifecycle):
            return None
        made = keep_lists(
            coded,
            self.lifecycle,
            self.scratch,
            rows=self.log.counts().used,
            as_of_us=_microseconds(as_of or self._newest()),
            idle_us=self.idle // MICROSECOND,
        )
        if made is None:
            return None
        self.doing("cutting visits", rows=self.log.counts().used)
        found, late = count_lists(made, self.scratch)
        counted = self._checked(found, as_of)
        if as_of is None:
            warn_of_lone_newest(made.observed.steps, counted, late, self.scratch, self.idle)
        self.doing("describing customers", rows=counted.customers)
        customers = describe_customers(self.log, made.customers, self.lifecycle, self.scratch)
        return _Found(counted, made.observed, customers)

    def _newest(self) -> dt.datetime:
        """Find the time of the newest usable event."""
        if "event_id" not in self.log.columns:
            return EPOCH + self.log.span_us[1] * MICROSECOND
        # The latest row may be one that repeats an id.
        events = self.log.events
        newest_us = int(self.scratch.one(events.aggregate(us=events.time_us.max()))["us"])
        return EPOCH + newest_us * MICROSECOND

    def _by_windows(self, coded: Coded, as_of: dt.datetime | None) -> _Found:
        """Order any log by windows."""
        engine, scratch = self.log.engine, self.scratch
        customers, events = number_customers(self.log.events, coded.events, engine, scratch)
        customers = describe_customers(self.log, customers, self.lifecycle, scratch)
        numbered = attrs.evolve(coded, events=events.drop("nth"))
        as_of_us = None if as_of is None else _microseconds(as_of)
        ordered = order_events(numbered, self.lifecycle, engine, as_of_us=as_of_us)
        kept = scratch.table("steps", ordered.rows)
        steps = ordered.steps(kept)
        counted = self._checked(count_steps(steps, scratch), as_of)
        if as_of is None:
            last = steps.filter(steps.next_time_us.isnull())
            silent_us = counted.newest_us - self.idle // MICROSECOND
            late = scratch.one(last.aggregate(n=last.count(where=last.time_us >= silent_us)))["n"]
            warn_of_lone_newest(steps, counted, late, scratch, self.idle)
        self.doing("cutting visits", rows=counted.events)
        cut = cut_visits(
            ordered,
            kept,
            customers.select("customer", "target_rank") if has_targets(self.log) else None,
            self.lifecycle,
            as_of_us=_microseconds(as_of or counted.newest),
            idle_us=self.idle // MICROSECOND,
        )
        rows = scratch.table("visits", cut.rows)
        observed = Observed.of(ordered.moments, steps, cut.reader.visits(rows), cut.reader.ends(rows))
        self.doing("describing customers", rows=counted.customers)
        customers = add_event_attributes(customers, steps, coded.kept, self.log.columns, scratch)
        return _Found(count_visits(counted, observed.visits, scratch), observed, customers)

    def _checked(self, counted: Counted | None, as_of: dt.datetime | None) -> Counted:
        """See that there is an event."""
        if counted is None:
            when, first = as_of or EPOCH, EPOCH + self.log.span_us[0] * MICROSECOND
            message = f"no event by as_of={when:%Y-%m-%d %H:%M}: the first is of {first:%Y-%m-%d %H:%M}"
            raise EventLogError(message)
        return counted

    def _counts(self, counted: Counted) -> Counts:
        return Counts(
            events=counted.events,
            later=self.log.counts().used - counted.events,
            unmapped=counted.unmapped,
            customers=counted.customers,
            unplaced=counted.customers - counted.placed,
            visits=counted.visits,
        )


def _microseconds(moment: dt.datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
