"""Tell events' stages by rules: one Ibis expression over the events, checked before any query.

A rule's predicate is somebody else's code: whatever it does wrong is told with the rule's
name, and the plugin's where one offers it.

May import: plugins, eventlog, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
import ibis
import ibis.expr.types as ir

from journeykit.errors import EventLogError, JourneykitError, PluginError, UnknownNameError
from journeykit.model.values import brief
from journeykit.plugins.asking import FAULTS, Offer, told_of
from journeykit.plugins.judging import rules_of
from journeykit.plugins.loading import RESTRICTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from journeykit.eventlog.log import EventLog
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.plugins.manager import Manager
    from journeykit.plugins.offers import StageRule
    from journeykit.relations.scratch import Scratch

HOOK: Final = "journeykit_stage_rules"

CALLER: Final = ""
"""Stands for the plugin of a rule that no plugin offers: whoever calls `observe` gave it."""


class Events(ir.Table):  # type: ignore[misc]  # Ibis ships no types
    """The events, as a rule's predicate sees them: any Ibis table, but it knows what to say of a name."""

    def __getattr__(self, key: str, /) -> Any:
        if key not in self.columns:
            raise _NoColumnError("column", key, self.columns, where="the events")
        return super().__getattr__(key)

    def __getitem__(self, what: Any, /) -> Any:
        if isinstance(what, str) and what not in self.columns:
            raise _NoColumnError("column", what, self.columns, where="the events")
        return super().__getitem__(what)


class _NoColumnError(UnknownNameError, AttributeError):  # type: ignore[misc]  # both have a name
    """An event has no such column; an attribute error, too, so that ``hasattr`` answers."""


@attrs.frozen
class Rules:
    """The rules that tell the stages of a log's events.

    Attributes:
        offers: Those that are used, in the order in which they count, with who offers them.
        conditions: The condition of each, over `EventLog.events`.
    """

    offers: tuple[Offer[StageRule], ...] = ()
    conditions: tuple[ir.BooleanValue, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the rules that are used."""
        return tuple(offer.name for offer in self.offers)

    def stage(self, lifecycle: Lifecycle, kind: str) -> ir.IntegerValue:
        """Write the code of the stage that the first rule tells which holds; null where none does."""
        codes = [lifecycle.stage_ids.index(offer.item.stage) for offer in self.offers]
        # SQL takes a condition that is null for one that does not hold.
        branches = zip(self.conditions, (ibis.literal(code, kind) for code in codes), strict=True)
        return ibis.cases(*branches, else_=ibis.null(kind))

    def find_fault(self, events: ir.Table, scratch: Scratch) -> Exception | None:
        """Run each condition by itself, after all failed together; return the error of the one to blame."""
        for offer, condition in zip(self.offers, self.conditions, strict=True):
            try:
                scratch.one(events.select(holds=condition).aggregate(n=lambda t: t.holds.sum()))
            except FAULTS as error:
                failure = _failure(offer, f"the engine can't run it: {told_of(error).splitlines()[0]}")
                failure.__cause__ = error
                return failure
        return None


def choose_rules(
    log: EventLog, lifecycle: Lifecycle, given: Sequence[StageRule] | None, manager: Manager | None
) -> Rules:
    """Find the rules for a log and check them, without a query.

    Args:
        log: The events.
        lifecycle: Has the stages that the rules tell.
        given: The caller's rules; None: what plugins offer for the lifecycle.
        manager: Where to look for them; None: what ships and what is installed.

    Raises:
        PluginError: A plugin's rule raises, names a column there isn't, or gives no truth value.
        UnknownNameError: A rule of the caller's names a stage or a column there isn't.
        EventLogError: A rule of the caller's raises or gives no truth value, or something is no rule.
    """
    offers = _offered(lifecycle, manager) if given is None else _given(lifecycle, given)
    used = tuple(offer for offer in offers if set(offer.item.needs) <= set(log.events.columns))
    return Rules(used, tuple(_condition(offer, log.events) for offer in used))


def _offered(lifecycle: Lifecycle, manager: Manager | None) -> Iterable[Offer[StageRule]]:
    from journeykit.plugins.manager import default_manager

    asked = manager or default_manager()
    found = asked.stage_rules(lifecycle)
    asked.warn_of_failures()
    return [Offer(found.plugin_of(name), name, rule) for name, rule in found.items()]


def _given(lifecycle: Lifecycle, rules: object) -> Iterable[Offer[StageRule]]:
    """Hold a caller's rules to what a plugin's are held to."""
    try:
        named = rules_of(lifecycle)(rules)
    except UnknownNameError:
        raise
    except JourneykitError as error:
        raise EventLogError(f"rules: {error}") from None
    ids = [name for name, _ in named]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise EventLogError(f"rules: {', '.join(map(repr, repeated))} stands there more than once")
    return [Offer(CALLER, name, rule) for name, rule in named]


def _condition(offer: Offer[StageRule], events: ir.Table) -> ir.BooleanValue:
    """Ask a rule for its predicate over the events, and see that it is one."""
    try:
        found = offer.item.when(Events(events.op()))
    except UnknownNameError as error:
        raise _unknown(offer, error) from None
    except FAULTS as error:
        raise _failure(offer, told_of(error)) from error
    if not isinstance(found, ir.BooleanValue):
        what = f"a value of type {found.type()}" if isinstance(found, ir.Value) else brief(found)
        raise _failure(offer, f"gave {what}, which is no Ibis truth value")
    try:
        events.select(holds=found)
    except FAULTS as error:
        raise _failure(offer, f"its predicate is not about the events: {told_of(error)}") from error
    return found


def _unknown(offer: Offer[StageRule], error: UnknownNameError) -> Exception:
    """Name the column there isn't, the nearest one, and the way to skip a log that lacks it."""
    if offer.plugin != CALLER:
        return _failure(offer, f"{error} A rule that not every log has the columns for names them in needs=")
    where = f"{error.where} (stage rule {offer.name!r})"
    return UnknownNameError(error.kind, error.name, error.known, where=where)


def _failure(offer: Offer[StageRule], cause: str) -> Exception:
    if offer.plugin == CALLER:
        return EventLogError(f"stage rule {offer.name!r}: {cause}")
    way_out = f"observe(..., rules=()) uses no rule, and {RESTRICTION} can leave the plugin out"
    return PluginError(offer.plugin, HOOK, f"stage rule {offer.name!r}: {cause} ({way_out})")
