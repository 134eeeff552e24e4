"""Write docs/reference/hooks.md from the hook specifications, so that the two can't differ.

Run by hand after a change of `plugins/hookspecs.py`: `python -m tests.docs.hooks_page`.
A test compares.
"""

from __future__ import annotations

import inspect
from pathlib import Path

from journeykit import builtin
from journeykit.plugins import hookspecs
from journeykit.plugins.implementations import HOOKS

PAGE = Path("docs/reference/hooks.md")

COMMAND = "python -m tests.docs.hooks_page"

HEAD = """\
# Hooks

What a [plugin](plugins.md) may offer, each hook under its exact signature. An implementation may leave
out arguments that it does not need. Plugins are asked in this order: what ships with journeykit, what is
installed by the names of the entry points, what is handed to `make_manager`.

This page is made from `journeykit/plugins/hookspecs.py`.
"""


def page() -> str:
    """Write the page."""
    return "\n".join([HEAD, *(section(name) for name in HOOKS)])


def section(name: str) -> str:
    """Write what the page says of a hook: its signature, its documentation, and what ships through it."""
    ships = inspect.getdoc(getattr(builtin, name)) or ""
    return "\n".join(
        [
            f"## `{signature(name)}`",
            "",
            f"::: journeykit.plugins.hookspecs.{name}",
            "    options:",
            "      show_root_heading: false",
            "      show_root_toc_entry: false",
            "",
            f"In `journeykit.builtin`, which ships: {ships.splitlines()[0]}",
            "",
        ]
    )


def signature(name: str) -> str:
    """Write a hook as one calls it, with its types as they stand in the file."""
    hook = getattr(hookspecs, name)
    told = inspect.signature(hook)
    taken = ", ".join(f"{one.name}: {one.annotation}" for one in told.parameters.values())
    return f"{name}({taken}) -> {told.return_annotation}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
