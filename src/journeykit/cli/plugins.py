"""Show what is plugged in: each plugin, what it offers at each hook, and what failed, and why.

A failed plugin is what this command is for: it is no error here.

May import: cli, html, plugins.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

import attrs

from journeykit.cli.printing import print_table
from journeykit.html.table import Column, Table, bodies
from journeykit.html.wording import plain
from journeykit.plugins import default_manager
from journeykit.plugins.implementations import HOOKS, PREFIX
from journeykit.plugins.inventory import inventory
from journeykit.plugins.loading import RESTRICTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.cli.terminal import Terminal
    from journeykit.plugins import Manager, Plugin
    from journeykit.plugins.inventory import Offered

COLUMNS: Final = (
    Column("Plugin", "name"),
    Column("From", "name", rank=1),
    Column("Hook", "word"),
    Column("Offers", "text"),
)

Row = tuple[str, tuple[str, ...]]


def show_plugins(terminal: Terminal, *, as_json: bool) -> None:
    """List the plugins, as a table or as JSON.

    Args:
        terminal: Where to print.
        as_json: Whether a program reads it.
    """
    manager = default_manager()
    offered = inventory(manager)
    if as_json:
        # Of characters that are no ASCII none can steer a terminal.
        terminal.out.file.write(json.dumps(_record(manager, offered), indent=1) + "\n")
        return
    rows = [row for plugin in manager.plugins for row in _rows(plugin, offered)]
    kept, _ = bodies(rows, most=len(rows))
    print_table(terminal, Table(id="plugins", caption="", columns=COLUMNS, bodies=kept), most=len(rows))
    for failure in manager.failures:
        hook = f", hook {plain(failure.hook)}" if failure.hook else ""
        terminal.say()
        terminal.say(f"{plain(failure.plugin)}{hook}, is left out:", style="bold")
        for line in failure.cause.splitlines():
            terminal.say(f"  {plain(line)}")
    restriction = os.environ.get(RESTRICTION)
    if restriction is not None:
        terminal.say()
        named = plain(restriction.strip()) or "empty"
        terminal.say(f"{RESTRICTION} is {named}: no other installed plugin is loaded.")


def _rows(plugin: Plugin, offered: list[Offered]) -> Iterator[Row]:
    """Make a row of each hook at which a plugin offers something, or one that says that it offers nothing."""
    title = plain(plugin.name)
    origin = " ".join(plain(part) for part in (plugin.distribution, plugin.version) if part)
    own = [one for one in offered if one.plugin == plugin.name]
    if not own:
        yield "", (title, origin, "", "nothing" if plugin.is_loaded else "failed")
    for hook in HOOKS:
        here = [one for one in own if one.hook == hook]
        if here:
            yield "", (title, origin, hook.removeprefix(PREFIX).replace("_", " "), _names(here))
            title = origin = ""


def _names(offered: list[Offered]) -> str:
    """List names, each with the lifecycles that it is offered for."""
    by_name: dict[str, list[str]] = {}
    for one in offered:
        by_name.setdefault(one.name, []).extend([one.lifecycle] if one.lifecycle else [])
    told = [f"{name} ({', '.join(plans)})" if plans else name for name, plans in by_name.items()]
    return plain(", ".join(told))


def _record(manager: Manager, offered: list[Offered]) -> dict[str, Any]:
    restriction = os.environ.get(RESTRICTION)
    return {
        "plugins": [
            {
                **attrs.asdict(plugin),
                "offers": [
                    {"hook": one.hook, "name": one.name, "lifecycle": one.lifecycle}
                    for one in offered
                    if one.plugin == plugin.name
                ],
            }
            for plugin in manager.plugins
        ],
        "failures": [
            {"plugin": failure.plugin, "hook": failure.hook, "cause": failure.cause}
            for failure in manager.failures
        ],
        "restriction": restriction,
    }
