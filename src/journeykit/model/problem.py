"""A broken rule, as a sentence that knows where in the lifecycle it belongs.

May import: nothing of ours.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final, Self, TypeAlias

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


MOST: Final = 100
"""How many problems of one kind are listed."""


def first(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Yield the first problems of one kind: a table in the wrong place has one for each of its cells."""
    yield from itertools.islice(problems, MOST - 1)
    for problem, another in itertools.zip_longest(
        itertools.islice(problems, 1), itertools.islice(problems, 1)
    ):
        yield problem if another is None else Problem(f"{problem}; and so on", problem.path)


@attrs.frozen
class Misfit:
    """What was given in a place where it can't be used; rules report its sentence."""

    sentence: str
