"""Hold the answers of two systems against each other, as far as they count the same thing."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

Answers = dict[str, dict[str, dict[str, Any]]]

TOLERANCE = 1e-6
"""Engines add in whatever order their threads finish: the last digits are theirs."""


def agree(ours: Answers, theirs: Answers) -> tuple[Counter[str], list[str]]:
    """Compare every number of theirs with ours.

    Returns:
        How many numbers agree, by what they are; and for each that does not, who says what.
    """
    known = {**ours, "last": _last_visits(ours)}
    same: Counter[str] = Counter()
    different: list[str] = []
    for answer, rows in theirs.items():
        for key in sorted(rows.keys() | known[answer].keys()):
            mine, other = known[answer].get(key), rows.get(key)
            if mine is None or other is None:
                different.append(f"{answer} {key}: ours {mine}, theirs {other}")
                continue
            for column, value in other.items():
                if _equal(mine[column], value):
                    same[column if column == answer else f"{answer} {column}"] += 1
                else:
                    different.append(f"{answer} {key} {column}: ours {mine[column]}, theirs {value}")
    return same, different


def _last_visits(ours: Answers) -> dict[str, dict[str, Any]]:
    """Count the visits that no other follows: what a path's end is to a peer that knows no outcome."""
    kinds = ("achieved", "departed", "dropped", "open")
    return {stage: {"last": sum(row[kind] for kind in kinds)} for stage, row in ours["drop_offs"].items()}


def _equal(mine: Any, other: Any) -> bool:
    if isinstance(mine, float) and isinstance(other, float):
        return math.isclose(mine, other, rel_tol=TOLERANCE, abs_tol=1e-12)
    return bool(mine == other)
