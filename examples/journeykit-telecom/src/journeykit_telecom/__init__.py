"""Telecom: customer journeys for journeykit."""

from __future__ import annotations

from pathlib import Path

import ibis.expr.types as ir
import journeykit as jk

from .call_centre import READER, REASONS
from .calls_without_self_service import calls_without_self_service
from .repeat_calls import repeat_calls

LIFECYCLES = Path(__file__).parent / "lifecycles"


@jk.hookimpl
def journeykit_lifecycles() -> list[jk.Lifecycle]:
    """Offer every lifecycle of the folder; a file that is added there is a lifecycle that is offered."""
    return [jk.read_lifecycle(file) for file in sorted(LIFECYCLES.glob("*.yaml"))]


@jk.hookimpl
def journeykit_touchpoints(lifecycle: jk.Lifecycle) -> dict[str, jk.Names]:
    """Offer the call centre's words, as far as the lifecycle has what they mean."""
    if not is_ours(lifecycle):
        return {}
    known = {reason: name for reason, name in REASONS.items() if name in lifecycle.touchpoint_ids}
    return {"call_centre": jk.Names(touchpoints=known)}


@jk.hookimpl
def journeykit_stage_rules(lifecycle: jk.Lifecycle) -> list[jk.StageRule]:
    """Offer the rule that whoever asks for a porting code is at risk, whatever the call was about."""
    if not is_ours(lifecycle):
        return []
    return [
        jk.StageRule(
            "porting_code_given",
            stage="at_risk",
            when=gave_porting_code,
            needs=["attribute:porting_code"],
        )
    ]


@jk.hookimpl
def journeykit_readers() -> list[jk.Reader]:
    """Offer the reader of the call centre's export."""
    return [READER]


@jk.hookimpl
def journeykit_analyses() -> dict[str, object]:
    """Offer the question that call centres are asked first."""
    return {"repeat_calls": repeat_calls}


@jk.hookimpl
def journeykit_gap_detectors() -> dict[str, object]:
    """Offer what to look for beside the gaps."""
    return {"calls_without_self_service": calls_without_self_service}


def gave_porting_code(events: ir.Table) -> ir.BooleanValue:
    """Tell which calls ended with a code: "yes" in the export, true in a frame."""
    return events["attribute:porting_code"].cast("string").lower().isin(["yes", "true"])


def is_ours(lifecycle: jk.Lifecycle) -> bool:
    """Tell whether a lifecycle is one of this package, or somebody's variant of one."""
    return any(name.startswith("telecom-") for name in (lifecycle.id, *lifecycle.variant_of))
