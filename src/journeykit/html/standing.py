"""Say in a few figures how large the journey is, and where its customers stand at its end.

May import: answers, table, wording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from journeykit.html.wording import count, counted, percent

if TYPE_CHECKING:
    from journeykit.html.answers import Findings
    from journeykit.html.table import Tone


@attrs.frozen(kw_only=True)
class Figure:
    """One large number, with what it counts and what else there is to say of it."""

    title: str
    value: str
    note: str = ""


@attrs.frozen(kw_only=True)
class Share:
    """Some of the customers, in words, with their share of all of them and a colour."""

    tone: Tone
    text: str
    share: float


@attrs.frozen
class Standing:
    """Where each customer stands: every one of them in exactly one part."""

    parts: tuple[Share, ...]

    @property
    def bar(self) -> tuple[tuple[Tone, float], ...]:
        """The parts as a bar."""
        return tuple((part.tone, part.share) for part in self.parts)


def figures(found: Findings) -> tuple[Figure, ...]:
    """Say how large the journey is."""
    counts, check = found.journey.counts, found.check
    rows = found.overall.drop_offs
    lost, open_visits = sum(row.lost for row in rows), sum(row.open for row in rows)
    moves = sum(row.moves for row in found.overall.transitions)
    unplaced = f"{count(counts.unplaced)} without a stage" if counts.unplaced else "each in a stage"
    unmapped = f"{count(counts.unmapped)} of no stage" if counts.unmapped else "each of a stage"
    aside = check.read - check.used
    return (
        Figure(title="Customers", value=count(counts.customers), note=unplaced),
        Figure(
            title="Visits to stages",
            value=count(counts.visits),
            note=f"{counted(moves, 'move')} between them",
        ),
        Figure(title="Lost", value=count(lost), note="visits, into an exit or in silence"),
        Figure(title="Open", value=count(open_visits), note="visits, neither kept nor lost yet"),
        Figure(title="Events", value=count(counts.events), note=unmapped),
        Figure(title="Rows set aside", value=count(aside), note=f"of {count(check.read)} that were read"),
    )


def standing(found: Findings) -> Standing:
    """Say where the customers stand: the outcomes of their last visits, which are one a customer."""
    rows, counts = found.overall.drop_offs, found.journey.counts
    ends: tuple[tuple[Tone, int, str], ...] = (
        ("good", sum(row.achieved for row in rows), "in a goal, or at their own target"),
        ("warn", sum(row.open for row in rows), "on their way: heard from recently"),
        ("bad", sum(row.dropped for row in rows), "fallen silent"),
        ("faint", sum(row.departed for row in rows), "in an exit"),
        ("calm", counts.unplaced, "seen, but in no stage yet"),
    )
    return Standing(
        tuple(
            Share(
                tone=tone,
                text=f"{count(number)} {what} ({percent(number / counts.customers)})",
                share=number / counts.customers,
            )
            for tone, number, what in ends
            if number
        )
    )
