"""Run gap detectors over the counts of a gap analysis, and see that what they find makes sense.

A plugin's detector that fails is recorded and left out; what others find stands.  One
that the caller gives is the caller's own, and its error is raised.

May import: analysis, plugins, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from journeykit.analysis.gap_rows import GapFinding
from journeykit.errors import EventLogError, PluginError, UnknownNameError
from journeykit.model.values import brief
from journeykit.plugins import default_manager
from journeykit.plugins.asking import FAULTS, told_of
from journeykit.plugins.judging import WrongOfferError, every

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from journeykit.analysis.gap_rows import Gaps
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.plugins import GapDetector, Manager

HOOK: Final = "journeykit_gap_detectors"


def detect(
    gaps: Gaps,
    lifecycle: Lifecycle,
    detectors: Mapping[str, GapDetector] | None,
    manager: Manager | None,
) -> list[GapFinding]:
    """Ask every detector what it finds.

    Args:
        gaps: What was counted.
        lifecycle: The plan.
        detectors: The caller's; None: what plugins offer.
        manager: Where to look for them; None: what ships and what is installed.

    Returns:
        The findings, by group, stage, touchpoint and detector.

    Raises:
        EventLogError: One of *detectors* finds what makes no sense.

    Warns:
        JourneykitWarning: A plugin's detector failed.
    """
    if detectors is None:
        found = _offered(manager or default_manager(), gaps, lifecycle)
    else:
        found = []
        for name, detector in detectors.items():
            found += _given(name, detector, gaps, lifecycle)
    groups = [row.group for row in gaps.stages]
    stages = {stage: place for place, stage in enumerate(lifecycle.stage_ids)}
    places = {touchpoint: place for place, touchpoint in enumerate(lifecycle.touchpoint_ids)}

    def place(one: GapFinding) -> tuple[int, int, int, str, str]:
        touchpoint = one.touchpoint or ""
        at = places.get(touchpoint, len(places)) if touchpoint else -1
        return groups.index(one.group), stages[one.stage], at, touchpoint, one.detector

    return sorted(found, key=place)


def _offered(manager: Manager, gaps: Gaps, lifecycle: Lifecycle) -> list[GapFinding]:
    """Ask the plugins' detectors; what fails is recorded."""
    offers = manager.gap_detectors
    found: list[GapFinding] = []
    for name, detector in offers.items():
        try:
            found += _judged(name, detector(gaps, lifecycle), gaps, lifecycle)
        except FAULTS as error:
            failure = PluginError(offers.plugin_of(name), HOOK, f"gap detector {name!r}: {told_of(error)}")
            failure.__cause__ = error
            manager.fail(failure)
    manager.warn_of_failures()
    return found


def _given(name: str, detector: GapDetector, gaps: Gaps, lifecycle: Lifecycle) -> list[GapFinding]:
    """Ask one of the caller's detectors."""
    answer = detector(gaps, lifecycle)
    try:
        return _judged(name, answer, gaps, lifecycle)
    except (WrongOfferError, UnknownNameError) as error:
        raise EventLogError(f"gap detector {name!r}: {error}") from None


def _judged(name: str, answer: object, gaps: Gaps, lifecycle: Lifecycle) -> list[GapFinding]:
    """See that what a detector found is about this lifecycle and these groups, and put its name on it."""
    groups = [row.group for row in gaps.stages]
    findings = every(answer, GapFinding)
    for one in findings:
        if one.stage not in lifecycle.stage_ids:
            raise UnknownNameError(
                "stage", str(one.stage), lifecycle.stage_ids, where=f"lifecycle {lifecycle.id!r}"
            )
        if one.group not in groups:
            raise WrongOfferError(f"{brief(one.group)} is no group of the answer: take it from a row")
        for field, (fits, what) in FIELDS.items():
            value = getattr(one, field)
            if not fits(value):
                raise WrongOfferError(f"{field} must be {what}, not {brief(value)}")
    return [attrs.evolve(one, detector=name) for one in findings]


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _or_none(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or fits(value)


FIELDS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "finding": (_is_sentence, "a sentence"),
    "touchpoint": (_or_none(_is_sentence), "text or None"),
    "customers": (_or_none(_is_count), "a whole number from 0 or None"),
    "share": (_or_none(_is_share), "a number from 0 to 1 or None"),
    "action": (_or_none(_is_sentence), "a sentence or None"),
}
"""What each field of a finding must hold."""
