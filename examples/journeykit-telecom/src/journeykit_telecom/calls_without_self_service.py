"""Find the stages where customers have to call, as nothing lets them help themselves."""

from __future__ import annotations

from collections.abc import Iterator

import journeykit as jk

SELF_SERVICE = {"app", "web"}


def calls_without_self_service(gaps: jk.Gaps, lifecycle: jk.Lifecycle) -> Iterator[jk.GapFinding]:
    """Yield the call that most customers of a stage make, where the plan has no app or page."""
    calls: dict[tuple[str, object], list[jk.Gap]] = {}
    for row in gaps:
        channels = {each.channel for each in lifecycle.touchpoints_in(row.stage)}
        if is_call(row, lifecycle) and not channels & SELF_SERVICE:
            calls.setdefault((row.stage, row.group), []).append(row)
    for (stage, group), rows in calls.items():
        most = max(rows, key=lambda row: row.customers or 0)
        yield jk.GapFinding(
            stage=stage,
            touchpoint=most.touchpoint,
            finding=f"There is no self-service; most call for this: {lifecycle.label(most.touchpoint)}.",
            action="Offer it in the app, or answer it before they ask.",
            customers=most.customers,
            share=most.reach,
            group=group,
        )


def is_call(row: jk.Gap, lifecycle: jk.Lifecycle) -> bool:
    """Tell whether a row of the gap analysis is a call that somebody made."""
    planned = row.touchpoint in lifecycle.touchpoint_ids
    return bool(row.customers) and planned and lifecycle.touchpoint(row.touchpoint).channel == "phone"
