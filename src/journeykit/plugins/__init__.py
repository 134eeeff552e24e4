"""Plugins: the hooks they implement, and the manager that asks them.

``pluggy`` is imported nowhere else.

May import: builtin (on use), model, errors.
"""

from journeykit.plugins.hookspecs import hookimpl
from journeykit.plugins.manager import Manager, lifecycle, lifecycles, make_manager

__all__ = ["Manager", "hookimpl", "lifecycle", "lifecycles", "make_manager"]
