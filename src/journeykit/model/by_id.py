"""Find a part of a lifecycle by its id, or name the nearest id there is.

May import: errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

import attrs

from journeykit.errors import UnknownNameError


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


Part = TypeVar("Part", bound=_WithId)


@attrs.frozen
class ById(Generic[Part]):
    """The parts of one kind.

    Attributes:
        kind: What one is called, such as "stage".
        parts: The parts by their ids, in the order of the lifecycle.
        where: What holds them, for the error.
    """

    kind: str
    parts: Mapping[str, Part]
    where: str

    def find(self, name: str) -> Part:
        """Return the part with this id.

        Raises:
            UnknownNameError: There is none.
        """
        if name not in self.parts:
            raise UnknownNameError(self.kind, name, tuple(self.parts), where=self.where)
        return self.parts[name]
