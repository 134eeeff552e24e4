"""Plugins: the hooks they implement, what they offer, and the manager that asks them.

``pluggy`` is imported nowhere else.

May import: model, errors; builtin is plugged in by its name, as any plugin.
"""

from journeykit.plugins.hookspecs import hookimpl
from journeykit.plugins.loading import Plugin
from journeykit.plugins.manager import (
    Manager,
    default_manager,
    lifecycle,
    lifecycles,
    make_manager,
    map_system,
)
from journeykit.plugins.offers import Analysis, GapDetector, Reader, Reading, SourceTable, StageRule

__all__ = [
    "Analysis",
    "GapDetector",
    "Manager",
    "Plugin",
    "Reader",
    "Reading",
    "SourceTable",
    "StageRule",
    "default_manager",
    "hookimpl",
    "lifecycle",
    "lifecycles",
    "make_manager",
    "map_system",
]
