"""Run a plugin's stage rules, readers, questions and gap detectors.

May import: the other modules of testing.checks, plugins, eventlog, errors; journeykit's public names on use.
"""

from __future__ import annotations

import inspect
import itertools
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from journeykit.errors import JourneykitError, PluginError, UnknownNameError, listed
from journeykit.eventlog.columns import ROLES
from journeykit.plugins.asking import FAULTS
from journeykit.testing.checks.finding import PluginFinding
from journeykit.testing.checks.plugged import attempt, gathered, in_a_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from journeykit.journey import Journey
    from journeykit.model import Lifecycle
    from journeykit.plugins import StageRule
    from journeykit.testing.checks.plugged import Plugged

RULES: Final = "journeykit_stage_rules"
READERS: Final = "journeykit_readers"
ANALYSES: Final = "journeykit_analyses"
DETECTORS: Final = "journeykit_gap_detectors"

ATTRIBUTE: Final = "attribute:"

TIME: Final = "time_us"

COLUMNS: Final = (TIME, *(role for role in ROLES if role != "timestamp"))
"""The columns of `EventLog.events` that are no attributes; the others are called after theirs."""

TYPES: Final[dict[str, Sequence[object]]] = {
    "text": ("north", "", None),
    "number": (0.0, 2.5, None),
    "truth": (True, False, None),
    "moment": (0, 1_700_000_000_000_000, None),
}
"""Columns that a rule may need are tried as each type, with these values in turn."""

KINDS: Final = {
    "text": pa.string(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "moment": pa.timestamp("us", "UTC"),
}

NONSENSE: Final = {"nonsense": ["what", "is", "this"]}


def rule_findings(plugged: Plugged) -> Iterator[PluginFinding]:
    """Run each rule over a simulated log that has the columns it needs, and no other."""
    return gathered(RULES, _failing_rules(plugged))


def _failing_rules(plugged: Plugged) -> Iterator[tuple[str, str, str]]:
    for lifecycle in plugged.lifecycles:
        for name, rule in plugged.own(plugged.manager.stage_rules(lifecycle)).items():
            unknown = [need for need in rule.needs if need not in COLUMNS and not need.startswith(ATTRIBUTE)]
            if unknown:
                lacking = UnknownNameError("column", unknown[0], [*COLUMNS, f"{ATTRIBUTE}<name>"])
                yield f"rule {name!r}", lifecycle.id, f"it needs what no log has and is never used: {lacking}"
                continue
            error = _first_error(lifecycle, plugged.events(lifecycle), rule)
            if error is not None:
                needs = f"only the columns that it needs ({listed(rule.needs)})"
                sentence = f"it fails on a log with {needs if rule.needs else 'no further columns'}: "
                is_lacking = isinstance(error, UnknownNameError)
                hint = " Name every column that it uses in `needs`." if is_lacking else ""
                yield f"rule {name!r}", lifecycle.id, f"{sentence}{in_a_line(error)}{hint}"


def _first_error(lifecycle: Lifecycle, events: pa.Table, rule: StageRule) -> BaseException | None:
    """Try a rule's columns as one type after the other, and return the first error if all fail."""
    first: BaseException | None = None
    made_up = [name for name in rule.needs if name not in {*events.column_names, TIME}]
    for types in itertools.product(TYPES, repeat=min(len(made_up), 2)):
        chosen = itertools.chain(types, itertools.repeat(types[-1] if types else ""))
        try:
            _run(lifecycle, events, rule, dict(zip(made_up, chosen, strict=False)))
        except FAULTS as error:
            first = first or error
        else:
            return None
    return first


def _run(lifecycle: Lifecycle, events: pa.Table, rule: StageRule, types: dict[str, str]) -> None:
    """Observe the events with more columns, each of the type that is said, under one rule."""
    import journeykit as jk

    roles: dict[str, Any] = {name: name for name in events.column_names}
    attributes = []
    for name, kind in types.items():
        column = name.removeprefix(ATTRIBUTE)
        if name.startswith(ATTRIBUTE):
            attributes.append(column)
        else:
            roles[name] = column
        values = list(itertools.islice(itertools.cycle(TYPES[kind]), events.num_rows))
        events = events.append_column(column, pa.array(values, KINDS[kind]))
    with (
        jk.events(events, **roles, attributes=attributes) as log,
        jk.observe(log, lifecycle, rules=[rule]),
    ):
        pass


def reader_findings(plugged: Plugged) -> Iterator[PluginFinding]:
    """See that each reader refuses what is no export, politely."""
    import journeykit as jk

    for name in plugged.own(plugged.manager.readers):
        place = f"reader {name!r}"
        try:
            jk.events(pa.table(NONSENSE), format=name, manager=plugged.manager).close()
        except FAULTS as error:
            if isinstance(error, PluginError) or not isinstance(error, JourneykitError):
                sentence = (
                    f"it fails at a table that is no export: {in_a_line(error)} "
                    "Raise an EventLogError that says which columns it looks for."
                )
                yield PluginFinding(READERS, place, sentence)
        else:
            sentence = (
                "it takes a table that is no export for one. "
                "Raise an EventLogError where the columns it looks for are missing."
            )
            yield PluginFinding(READERS, place, sentence)


def analysis_findings(plugged: Plugged) -> Iterator[PluginFinding]:
    """Ask each question of every journey; an error of journeykit is an answer, too."""
    return gathered(ANALYSES, _failing_analyses(plugged))


def _failing_analyses(plugged: Plugged) -> Iterator[tuple[str, str, str]]:
    import journeykit as jk

    for name, question in plugged.own(plugged.manager.analyses).items():
        if not _takes_a_journey_alone(question):
            continue
        for journey in plugged.journeys:
            try:
                jk.analyze(name, journey, manager=plugged.manager)
            except FAULTS as error:
                if not isinstance(error.__cause__, JourneykitError):
                    yield f"analysis {name!r}", journey.lifecycle.id, f"it fails: {in_a_line(error)}"


def _takes_a_journey_alone(question: Any) -> bool:
    """Tell whether a question can be asked with nothing but a journey."""
    try:
        inspect.signature(question).bind(None)
    except (TypeError, ValueError):
        return False
    return True


def detector_findings(plugged: Plugged) -> Iterator[PluginFinding]:
    """Run each detector on the counts of every journey, with and without what the company does."""
    return gathered(DETECTORS, _failing_detectors(plugged))


def _failing_detectors(plugged: Plugged) -> Iterator[tuple[str, str, str]]:
    for name, detector in plugged.own(plugged.manager.gap_detectors).items():
        for journey in plugged.journeys:
            found: list[str] = []
            with attempt(found, "running it on counts"):
                _detect(journey, {name: detector})
            for sentence in found:
                yield f"gap detector {name!r}", journey.lifecycle.id, sentence


def _detect(journey: Journey, detectors: dict[str, Any]) -> None:
    import journeykit as jk

    company = [
        jk.Activity(each.stages[0], each.id, effort=float(place), unit="hours")
        for place, each in enumerate(journey.lifecycle.touchpoints)
    ]
    jk.gaps(journey, detectors=detectors)
    jk.gaps(journey, activities=company, detectors=detectors)
