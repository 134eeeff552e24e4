"""A broken rule, as a sentence that knows where in the lifecycle it belongs.

May import: nothing of ours.
"""

from __future__ import annotations

from typing import Self, TypeAlias

import attrs

Path: TypeAlias = tuple[str | int, ...]
"""A place in a lifecycle's plain data, such as ("touchpoints", 3, "stages", 0)."""


class Problem(str):
    """A sentence such as "touchpoint 'call': no stage named 'trial'".

    It is the text that `LifecycleError.problems` promises, and carries the place
    that a reader of files turns into a line.

    Attributes:
        path: Where it belongs in the lifecycle's plain data.
    """

    __slots__ = ("path",)

    path: Path

    def __new__(cls, sentence: str, path: Path = ()) -> Self:
        """Make the sentence and remember its place."""
        problem = super().__new__(cls, sentence)
        problem.path = path
        return problem


@attrs.frozen
class Misfit:
    """What was given in a place where it can't be used; rules report its sentence."""

    sentence: str
