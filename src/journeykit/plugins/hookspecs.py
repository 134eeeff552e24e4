"""The hooks: what a plugin may offer journeykit.

A plugin is a module or an object with functions of these names, each marked
`hookimpl`.  It is found through an entry point of the group "journeykit", or given to
`journeykit.make_manager`.  It returns values, and never takes a callback to register
them with.  An implementation may leave out arguments that it does not need.  Plugins are asked
in this order: what ships, what is installed by name, what the caller hands over.

May import: nothing of ours at run time; plugins.offers and model for types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from journeykit.model import Lifecycle, Names
    from journeykit.plugins.offers import Analysis, GapDetector, Reader, StageRule

PROJECT: Final = "journeykit"
"""The name of the markers, and of the group of entry points."""

hookspec: Final = pluggy.HookspecMarker(PROJECT)

hookimpl: Final = pluggy.HookimplMarker(PROJECT)
"""Marks a plugin's function as the implementation of the hook of its name."""


@hookspec
def journeykit_lifecycles() -> Iterable[Lifecycle]:  # type: ignore[empty-body]
    """Offer lifecycles under their ids.

    Called once per manager, on the first `lifecycle()` or `lifecycles()`.  An exception, a
    lifecycle that breaks rules and anything that is no lifecycle become a `PluginError` in
    `Manager.failures`: the plugin's lifecycles are left out, those of others stand.
    """


@hookspec
def journeykit_touchpoints(lifecycle: Lifecycle) -> Mapping[str, Names]:  # type: ignore[empty-body]
    """Offer a system's own names of a lifecycle's touchpoints and stages, by system, such as "stripe".

    Called on the first `map_system()` of a lifecycle; the answer is kept for the 100 lifecycles
    used last.  Return nothing for a lifecycle that the plugin does not know.  An exception, and
    names that mean what the lifecycle does not have, become a `PluginError` in
    `Manager.failures`: the plugin's names are left out, those of others stand.

    Args:
        lifecycle: The plan whose touchpoints and stages are named.
    """


@hookspec
def journeykit_stage_rules(lifecycle: Lifecycle) -> Iterable[StageRule]:  # type: ignore[empty-body]
    """Offer rules that tell an event's stage by more than its touchpoint.

    Called on the first `observe()` under a lifecycle that is not given rules itself; the answer
    is kept for the 100 lifecycles used last.  Return nothing for a lifecycle that the plugin
    does not know.  Of several rules that hold for an event, the first offered counts.  An
    exception, and a rule for a stage that the lifecycle does not have, become a `PluginError` in
    `Manager.failures`: the plugin's rules are left out, those of others stand.  An exception of a
    rule itself, when it is run, is a `PluginError` that `observe()` raises.

    Args:
        lifecycle: The plan whose stages the rules tell.
    """


@hookspec
def journeykit_readers() -> Iterable[Reader]:  # type: ignore[empty-body]
    """Offer readers of exports, each under the name of its format.

    Called once per manager, on the first `events()` with a format.  An exception, and anything
    that is no reader, become a `PluginError` in `Manager.failures`: the plugin's readers are
    left out, those of others stand.  An exception of a reader itself, when it is run, is a
    `PluginError` that `events()` raises.
    """


@hookspec
def journeykit_analyses() -> Mapping[str, Analysis]:  # type: ignore[empty-body]
    """Offer questions of the same shape as ours, each under its name.

    Called once per manager, on the first `analyze()`.  An exception, and anything that can't be
    called, become a `PluginError` in `Manager.failures`: the plugin's questions are left out,
    those of others stand.  An exception of a question itself, when it is asked, is a
    `PluginError` that `analyze()` raises.
    """


@hookspec
def journeykit_gap_detectors() -> Mapping[str, GapDetector]:  # type: ignore[empty-body]
    """Offer detectors that find more in the counts of a gap analysis, each under its name.

    Called once per manager, on the first `gaps()`.  An exception, and anything that can't be
    called, become a `PluginError` in `Manager.failures`: the plugin's detectors are left out.
    An exception of a detector itself, when it is run, is recorded there, too: its findings
    are left out, those of others stand.
    """
