"""Import a package from its folder, as if it were installed, and forget it again."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType


@contextmanager
def imported(project: Path) -> Iterator[ModuleType]:
    """Import the one package that a project has in `src`."""
    source = project / "src"
    [name] = (path.name for path in source.iterdir() if (path / "__init__.py").exists())
    sys.path.insert(0, str(source))
    forget(name)
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(source))
        forget(name)


def forget(name: str) -> None:
    """Let a package be imported anew: another test may have had one of its name, from another folder."""
    for module in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
        del sys.modules[module]


def installed(module: str, name: str, place: Path) -> None:
    """Let a module be a plugin under a name, as far as Python can tell, to whom *place* is on the path."""
    info = place / f"{module}-0.1.0.dist-info"
    info.mkdir()
    distribution = module.replace("_", "-")
    metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 0.1.0\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    (info / "entry_points.txt").write_text(f"[journeykit]\n{name} = {module}\n", "utf-8")
