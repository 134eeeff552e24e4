"""Find in the counts of a gap analysis what the documents look for beside the gaps.

Counts in, findings out: nothing here sees an event.

May import: analysis, model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from journeykit.analysis.gap_rows import GapFinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.analysis.gap_rows import Gap, Gaps
    from journeykit.model import Lifecycle

NOT_FOUND: Final = "Customers do not find you"
"""What it means, where the stage has no presence question that says so itself (S1-17)."""


def not_found(gaps: Gaps, lifecycle: Lifecycle) -> Iterator[GapFinding]:
    """Find the stages where customers use touchpoints and the company is present at none.

    What that means is what a "no" to the stage's presence questions means.  Without the
    company's activities there is nothing to find.

    Exit stages are left out: who is there has found the company and left it, and what they
    still do is no place to be found at.  Risk stages are not: a customer with a problem
    looks for help, and may be saved by whoever is there.

    Source: S1-17, S1-18.
    """
    for presence in gaps.stages:
        if presence.stage is None or presence.presence != 0:
            continue
        if lifecycle.stage(presence.stage).kind == "exit":
            continue
        used = [row for row in gaps if _is_used(row, presence.stage, presence.group)]
        if not used:
            continue
        most = max(used, key=lambda row: row.customers or 0)
        places = "1 touchpoint" if len(used) == 1 else f"{len(used)} touchpoints"
        yield GapFinding(
            stage=presence.stage,
            finding=f"Customers of {presence.stage!r} are at {places}, and the company at none of them: "
            f"{_consequence(lifecycle, presence.stage)}.",
            customers=_customers(most),
            action=f"Be where they are, first at {most.touchpoint!r}.",
            group=presence.group,
        )


def _is_used(row: Gap, stage: str, group: object) -> bool:
    is_missed = row.match == "missing" and bool(row.customers)
    return is_missed and row.stage == stage and row.group == group


def _customers(row: Gap) -> int | None:
    """Work out a stage's customers from one of its rows: reach is the row's share of them."""
    return round(row.customers / row.reach) if row.customers and row.reach else None


def _consequence(lifecycle: Lifecycle, stage: str) -> str:
    """Say what a "no" to the stage's presence questions means, each meaning once."""
    said = [question.consequence.get("en") for question in lifecycle.stage(stage).presence_questions]
    meanings = dict.fromkeys(text for text in said if text) or {NOT_FOUND: None}
    return ", ".join(text[0].lower() + text[1:] for text in meanings)
