"""What ships, offered through the same hooks as anyone's.

Each YAML file in ``lifecycles/`` is a lifecycle, each in ``names/`` holds a system's names
for one; adding a file adds it, and no list has to be kept.  The files are read when a
hook is called and never before, and importing this loads no engine.

May import: model, plugins; on use analysis and its own modules.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from journeykit.plugins import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from journeykit.model import Lifecycle, Names
    from journeykit.plugins import Analysis, GapDetector, Reader, StageRule


@hookimpl
def journeykit_lifecycles() -> tuple[Lifecycle, ...]:
    """Offer every lifecycle of this package, by file name.

    Returns:
        One lifecycle a file, each under the id that its file is named after.

    Raises:
        LifecycleError: A file breaks rules; they are listed with its name.
    """
    from journeykit.model.codec import from_yaml

    return tuple(from_yaml(_text(file), origin=file.name) for file in _files("lifecycles"))


@hookimpl
def journeykit_touchpoints(lifecycle: Lifecycle) -> dict[str, Names]:
    """Offer the names of every file ``names/<system>.<lifecycle>.yaml``, for the lifecycle and its variants.

    A variant may have left out what some of the names mean; those are left out, too.
    """
    from journeykit.builtin.naming import read_names, without_strangers

    found = {}
    for file in _files("names"):
        system, _, plan = file.name.removesuffix(".yaml").partition(".")
        if plan in {lifecycle.id, *lifecycle.variant_of}:
            found[system] = without_strangers(read_names(_text(file)), lifecycle)
    return found


@hookimpl
def journeykit_stage_rules(lifecycle: Lifecycle) -> tuple[StageRule, ...]:
    """Offer the rules by which a subscription's status tells a stage of saas-freemium, or of its variants."""
    from journeykit.builtin.subscriptions import subscription_rules

    return subscription_rules(lifecycle) if "saas-freemium" in {lifecycle.id, *lifecycle.variant_of} else ()


@hookimpl
def journeykit_readers() -> tuple[Reader, ...]:
    """Offer the readers of the CRM systems that people ask for first."""
    from journeykit.builtin.readers import hubspot, salesforce, superoffice

    return hubspot.READER, salesforce.READER, superoffice.READER


@hookimpl
def journeykit_analyses() -> dict[str, Analysis]:
    """Offer our own questions of a journey, so that they can be asked by name as anyone's."""
    from journeykit.analysis.carry_over import carry_over
    from journeykit.analysis.drop_offs import drop_offs
    from journeykit.analysis.gaps import gaps
    from journeykit.analysis.last_touchpoints import last_touchpoints
    from journeykit.analysis.overlap import overlap
    from journeykit.analysis.stored_stages import stored_stages
    from journeykit.analysis.transitions import transitions

    questions = (carry_over, drop_offs, gaps, last_touchpoints, overlap, stored_stages, transitions)
    return {question.__name__: question for question in questions}


@hookimpl
def journeykit_gap_detectors() -> dict[str, GapDetector]:
    """Offer what the documents look for beside the gaps: the stages where customers do not find you."""
    from journeykit.builtin.detectors import not_found

    return {"not_found": not_found}


def _files(folder: str) -> Iterator[Traversable]:
    """Yield the YAML files of a folder of this package, by name."""
    found = (file for file in resources.files(__name__).joinpath(folder).iterdir())
    yield from sorted((file for file in found if file.name.endswith(".yaml")), key=lambda file: file.name)


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")
