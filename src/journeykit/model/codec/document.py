"""What a file says, as plain data, with the line of every part.

May import: problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from journeykit.model.problem import Path, Problem


class UnreadableError(ValueError):
    """A text can't be read as plain data; the readers of files turn it into a `LifecycleError`.

    Attributes:
        problems: What is wrong, each with its line.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)


@attrs.frozen
class Document:
    """Plain data, and where each part of it stands.

    Attributes:
        data: Mappings, lists, texts, numbers, truths and None.
        lines: The line, from 1, at which each key and item begins; empty where unknown.
    """

    data: Any
    lines: Mapping[Path, int]

    def line(self, problem: Problem) -> int:
        """Find the line of a problem, or of the nearest part around it; 0 where lines are unknown."""
        path = problem.path
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def located(self, problem: Problem) -> Problem:
        """Put the line before a problem, where it is known."""
        line = self.line(problem)
        return Problem(f"line {line}: {problem}", problem.path) if line else problem
