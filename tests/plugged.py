"""Make plugins for tests: objects that offer what they are told, and packages installed by hand."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import journeykit as jk
from journeykit.plugins import hookspecs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("journeykit_"))


def plan(name: str, *stages: str) -> jk.Lifecycle:
    """Make the smallest lifecycle of a name."""
    return jk.Lifecycle(name, list(stages) or ["visit"])


def plugin(name: str = "Acme", **answers: Callable[..., Any]) -> object:
    """Make an object of a class of this name that implements hooks by these functions.

    A hook is named without "journeykit_"; its function takes what the hook does.
    """
    made: dict[str, Any] = {}
    for hook, answer in answers.items():
        # A lambda may be in use as another hook, too; a hook takes its arguments by name.
        made[f"journeykit_{hook}"] = staticmethod(jk.hookimpl(answer))
    return type(name, (), made)()


def manager_of(*plugins: object) -> jk.Manager:
    """Plug these in beside what ships, and nothing that happens to be installed here."""
    return jk.make_manager(*plugins, entry_points=False)


def failures_of(manager: jk.Manager) -> list[str]:
    """Say what failed so far."""
    return [str(failure) for failure in manager.failures]


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, point: str, source: str) -> None:
    """Install a package by hand: a module, and the metadata that name its entry point."""
    module = f"journeykit_test_{folder.name}_{len(list(folder.iterdir()))}".replace("-", "_")
    (folder / f"{module}.py").write_text(textwrap.dedent(source), encoding="utf-8")
    metadata = folder / f"{module}-1.2.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text(f"[journeykit]\n{point} = {module}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
