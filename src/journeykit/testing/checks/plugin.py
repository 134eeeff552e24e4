"""Check a plugin: plug it in, call every hook of it, and run what it offers.

May import: the other modules of testing.checks, plugins, model, errors; the rest on use.
"""

from __future__ import annotations

import importlib.metadata
import warnings
from typing import TYPE_CHECKING, Final

from journeykit.errors import PluginError, UnknownNameError, listed
from journeykit.plugins import make_manager
from journeykit.plugins.asking import FAULTS, told_of
from journeykit.plugins.hookspecs import PROJECT
from journeykit.plugins.implementations import HOOKS, implementations_of
from journeykit.testing.checks.finding import PluginFinding
from journeykit.testing.checks.planned import lifecycle_findings, name_findings
from journeykit.testing.checks.plugged import Plugged, in_a_line
from journeykit.testing.checks.running import (
    analysis_findings,
    detector_findings,
    reader_findings,
    rule_findings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHECKS: Final[dict[str, Callable[[Plugged], Iterator[PluginFinding]]]] = {
    "journeykit_lifecycles": lifecycle_findings,
    "journeykit_touchpoints": name_findings,
    "journeykit_stage_rules": rule_findings,
    "journeykit_readers": reader_findings,
    "journeykit_analyses": analysis_findings,
    "journeykit_gap_detectors": detector_findings,
}
"""What is checked of each hook's offers."""


def check_plugin(plugin: object) -> tuple[PluginFinding, ...]:
    """Say what is wrong with a plugin, in plain words: the conformance suite.

    The plugin is plugged in beside what ships, without others that are installed.  Every hook
    that it implements is called, with its own lifecycles and with those that ship, and what
    it offers is run:

    - each lifecycle lacks nothing (`check_lifecycle`), is the same after YAML and JSON, has a
      valid graph, and can be simulated, observed and asked our questions;
    - each system's names leave nothing with two meanings;
    - each stage rule runs on a log that has the columns it needs, and no others;
    - each reader refuses what is no export with an error of journeykit;
    - each question that takes a journey alone answers or refuses it, and answers with a `Result`;
    - each gap detector runs on the counts of every lifecycle.

    Nothing is warned of, and no other plugin has a say.

    Args:
        plugin: A module or an object with functions marked `hookimpl`, or the name of its entry
            point.

    Returns:
        One finding for each thing that is wrong; empty where nothing is.

    Raises:
        UnknownNameError: No installed plugin has this name.
    """
    with warnings.catch_warnings(action="ignore"):
        return tuple(dict.fromkeys(_findings(plugin)))


def _findings(plugin: object) -> Iterator[PluginFinding]:
    try:
        loaded = _installed(plugin) if isinstance(plugin, str) else plugin
        manager = make_manager(loaded, entry_points=False)
    except PluginError as error:
        yield PluginFinding(error.hook, "", f"it can't be plugged in: {in_a_line(error)}")
        return
    name = manager.plugins[-1].name
    hooks = frozenset(each.hook for each in implementations_of(loaded, name))
    if not hooks:
        yield PluginFinding("", "", f"it implements no hook. There are {listed(HOOKS)}.")
        return
    plugged = Plugged(manager, name)
    for hook, check in CHECKS.items():
        if hook in hooks:
            yield from check(plugged)
    for failure in manager.failures:
        yield PluginFinding(failure.hook, "", in_a_line(failure))


def _installed(name: str) -> object:
    """Load what an entry point names.

    Raises:
        UnknownNameError: None has this name.
        PluginError: It can't be loaded.
    """
    points = importlib.metadata.entry_points(group=PROJECT)
    if name not in points.names:
        where = "this environment (is the package installed, with `pip install --editable .`?)"
        raise UnknownNameError("installed plugin", name, sorted(points.names), where=where)
    try:
        return points[name].load()
    except FAULTS as error:
        raise PluginError(name, "", f"its entry point can't be loaded: {told_of(error)}") from error
