"""The hooks: what a plugin may offer journeykit.

A plugin is a module or an object with functions of these names, each marked
`hookimpl`.  It is found through an entry point of the group "journeykit", or given to
`journeykit.plugins.make_manager`.  It returns values, and never takes a callback to
register them with.

May import: nothing of ours at run time; model for types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from journeykit.model import Lifecycle

PROJECT: Final = "journeykit"
"""The name of the markers, and of the group of entry points."""

hookspec: Final = pluggy.HookspecMarker(PROJECT)

hookimpl: Final = pluggy.HookimplMarker(PROJECT)
"""Marks a plugin's function as the implementation of the hook of its name."""


@hookspec
def journeykit_lifecycles() -> Iterable[Lifecycle]:  # type: ignore[empty-body]
    """Offer lifecycles under their ids.

    Called once per manager, on the first `lifecycle()` or `lifecycles()`.  Any exception
    becomes a `PluginError` that names the plugin; so does a lifecycle that breaks rules
    (with every broken rule), anything that is no lifecycle, and an id that another
    lifecycle has.
    """
