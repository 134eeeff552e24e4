"""Try a plugin's lifecycles, and the names that it has for anybody's touchpoints.

May import: the other modules of testing.checks, model, errors; journeykit's public names on use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.errors import nearest
from journeykit.testing.checks.finding import PluginFinding
from journeykit.testing.checks.lifecycle import check_lifecycle
from journeykit.testing.checks.meanings import meaning_findings
from journeykit.testing.checks.plugged import attempt, gathered, observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from journeykit.journey import Journey
    from journeykit.model import Lifecycle
    from journeykit.testing.checks.plugged import Plugged

LIFECYCLES = "journeykit_lifecycles"
TOUCHPOINTS = "journeykit_touchpoints"


def lifecycle_findings(plugged: Plugged) -> Iterator[PluginFinding]:
    """Check each of the plugin's lifecycles, write and read it, and walk simulated customers through it."""
    for lifecycle in plugged.own(plugged.manager.lifecycles).values():
        place = f"lifecycle {lifecycle.id!r}"
        for lacking in check_lifecycle(lifecycle):
            where = place if lacking.place == "lifecycle" else f"{place}, {lacking.place}"
            yield PluginFinding(LIFECYCLES, where, lacking.sentence)
        for sentence in (*_written(lifecycle), *_walked(lifecycle, plugged)):
            yield PluginFinding(LIFECYCLES, place, sentence)
        yield from _strangers(lifecycle, place, plugged)


def _written(lifecycle: Lifecycle) -> list[str]:
    """Write a lifecycle and read it back."""
    found: list[str] = []
    cls = type(lifecycle)
    for form, write, read in (
        ("YAML", lifecycle.to_yaml, cls.from_yaml),
        ("JSON", lifecycle.to_json, cls.from_json),
    ):
        with attempt(found, f"writing it as {form} and reading it back"):
            if read(write()) != lifecycle:
                found.append(f"it is not the same after it is written as {form} and read back.")
    return found


def _walked(lifecycle: Lifecycle, plugged: Plugged) -> list[str]:
    """Draw its graph, walk customers through it, and ask our questions."""
    import journeykit as jk

    found: list[str] = []
    with attempt(found, "drawing its graph"):
        jk.validate(lifecycle.graph())
    with (
        attempt(found, "observing simulated customers"),
        observed(lifecycle, plugged.events(lifecycle)) as journey,
    ):
        questions: dict[str, Callable[[Journey], object]] = {
            "transitions": jk.transitions,
            "drop_offs": jk.drop_offs,
            "gaps": lambda journey: jk.gaps(journey, detectors={}),
        }
        for name, question in questions.items():
            with attempt(found, f"asking {name} of simulated customers"):
                question(journey)
    return found


def _strangers(lifecycle: Lifecycle, place: str, plugged: Plugged) -> Iterator[PluginFinding]:
    """Find stages of other lifecycles that those don't have; one that nobody knows may be installed later."""
    known = plugged.manager.lifecycles
    bridges = ((f"bridge {each.stage!r}", each.lifecycle, each.target) for each in lifecycle.bridges)
    parts = (
        (f"stage {stage.id!r}, part_of", *part.partition("/")[::2])
        for stage in lifecycle.stages
        for part in stage.part_of
    )
    for what, other, stage in (*bridges, *parts):
        where = f"{place}, {what}"
        if other not in known:
            near = nearest(other, known)
            if near:
                sentence = f"there is no lifecycle {other!r}. Did you mean {near!r}?"
                yield PluginFinding(LIFECYCLES, where, sentence)
        elif stage is not None and stage not in known[other].stage_ids:
            near = nearest(stage, known[other].stage_ids)
            hint = f" Did you mean {near!r}?" if near else ""
            sentence = f"lifecycle {other!r} has no stage {stage!r}.{hint}"
            yield PluginFinding(LIFECYCLES, where, sentence)


def name_findings(plugged: Plugged) -> Iterator[PluginFinding]:
    """Find names that a lifecycle, once it knows them, has two meanings for."""
    return gathered(TOUCHPOINTS, _misleading(plugged))


def _misleading(plugged: Plugged) -> Iterator[tuple[str, str, str]]:
    for lifecycle in plugged.lifecycles:
        before = set(meaning_findings(lifecycle))
        for system, names in plugged.own(plugged.manager.names(lifecycle)).items():
            mapped = lifecycle.map(touchpoints=dict(names.touchpoints), stages=dict(names.stages))
            for lacking in meaning_findings(mapped):
                if lacking not in before:
                    yield f"names of {system!r}", lifecycle.id, str(lacking)
