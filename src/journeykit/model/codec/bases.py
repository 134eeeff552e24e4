"""Find the lifecycle that a file extends.

It is one that the caller gives, or that stands in a file beside the one that is read, or
that ships; in this order.  Those of plugins must be given: a plugin reads its files while
it is asked for its lifecycles, and can't ask for them itself.

May import: codec.document, codec.files, lifecycle, values, errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from journeykit.errors import LifecycleError, listed
from journeykit.model.codec.document import UnreadableError
from journeykit.model.codec.files import LifecycleFile
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.values import brief, misspelt

SUFFIXES: Final = (".yaml", ".yml", ".json")
"""How the name of a lifecycle's file ends."""

_LONGEST: Final = 20


@attrs.frozen
class Bases:
    """Where to look for the lifecycle that a file extends.

    Attributes:
        given: The lifecycles that the caller gives.
        folder: The folder of the file; None where there is no file.
        chain: The ids of what is being read and of what that is read for, outermost first, each
            with its file.
    """

    given: tuple[Lifecycle, ...] = ()
    folder: Path | None = None
    chain: tuple[tuple[str, str], ...] = ()

    def reading(self, name: object, file: LifecycleFile | None) -> Bases:
        """Remember what is being read, and from which file."""
        return attrs.evolve(self, chain=(*self.chain, (str(name), str(file) if file else "")))

    def of(self, name: object, read: Read) -> Lifecycle:
        """Find the lifecycle that the last of the chain extends.

        Args:
            name: Its id, as the file gives it.
            read: How to read a file.

        Raises:
            UnreadableError: There is none, or it is no good.
        """
        if not isinstance(name, str):
            raise _failed(f"must be the id of a lifecycle, not {brief(name)}")
        if name == self.chain[-1][0]:
            raise _failed(f"a variant needs an id of its own, not {name!r} again")
        if len(self.chain) > _LONGEST:
            raise _failed(f"goes through more than {_LONGEST} lifecycles")
        given = {each for each in self.given if each.id == name}
        if len(given) > 1:
            raise _failed(f"{len(given)} different lifecycles named {name!r} are given as bases")
        return given.pop() if given else self._from_file(name, read)

    def _from_file(self, name: str, read: Read) -> Lifecycle:
        beside = {key: file for key, file in _beside(self.folder).items() if str(file) != self.chain[-1][1]}
        shipped = _shipped()
        if name in beside:
            return self._read(name, beside[name], self, read)
        if name in shipped:
            return self._read(name, shipped[name], Bases(chain=self.chain), read)
        known = {*shipped, *(each.id for each in self.given)}
        clause = misspelt("lifecycle", name, {*known, *beside})
        others = "" if "Did you mean" in clause else f"there are {listed(sorted(known))}; "
        where = "looked for in bases=, beside this file and among what ships: give a plugin's in bases="
        raise _failed(f"{clause} ({others}{where})")

    def _read(self, name: str, file: LifecycleFile, bases: Bases, read: Read) -> Lifecycle:
        files = [each for _, each in self.chain]
        if str(file) in files:
            circle = [each for each, _ in self.chain[files.index(str(file)) :]]
            raise _failed(f"goes in a circle: {' extends '.join(map(repr, [*circle, name]))}")
        try:
            base = read(file, bases)
        except LifecycleError as error:
            raise _failed(*(f"{file.name}: {problem}" for problem in error.problems)) from None
        if base.id != name:
            raise _failed(f"{file.name} holds lifecycle {base.id!r}, not {name!r}")
        return base


Read: TypeAlias = Callable[[LifecycleFile, Bases], Lifecycle]
"""How to read a file, with what that extends."""


def _failed(*clauses: str) -> UnreadableError:
    return UnreadableError(f"extends: {clause}" for clause in clauses)


def _beside(folder: Path | None) -> dict[str, LifecycleFile]:
    """List the files of a folder that may hold a lifecycle, by the id that their name says."""
    try:
        return _lifecycle_files([] if folder is None else folder.iterdir())
    except OSError:
        return {}


def _shipped() -> dict[str, LifecycleFile]:
    """List the files of the lifecycles that ship, by id."""
    folder = resources.files("journeykit") / "builtin" / "lifecycles"
    return _lifecycle_files(folder.iterdir())


def _lifecycle_files(files: Iterable[LifecycleFile]) -> dict[str, LifecycleFile]:
    """Key files by their names without suffix; of two, the one whose suffix is more usual."""
    found = [
        (SUFFIXES.index(suffix), file) for file in files for suffix in SUFFIXES if file.name.endswith(suffix)
    ]
    by_use = sorted(found, key=lambda pair: (pair[0], pair[1].name), reverse=True)
    return {file.name.removesuffix(SUFFIXES[place]): file for place, file in by_use}
