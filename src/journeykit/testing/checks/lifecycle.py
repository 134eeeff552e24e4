"""Check a lifecycle: what it lacks though it breaks no rule.

May import: the other modules of testing.checks, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from journeykit.testing.checks.finding import FindingKind, LifecycleFinding
from journeykit.testing.checks.meanings import meaning_findings
from journeykit.testing.checks.paths import path_findings
from journeykit.testing.checks.personas import persona_findings
from journeykit.testing.checks.signs import sign_findings
from journeykit.testing.checks.translations import translation_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.model import Lifecycle


def check_lifecycle(
    lifecycle: Lifecycle, *, languages: Sequence[str] | None = None
) -> tuple[LifecycleFinding, ...]:
    """Say what a lifecycle lacks, in plain words.

    A lifecycle that breaks a rule can't be made; this is about those that can, and in
    which customers, logs or readers get lost all the same.  A path follows declared
    transitions and, from stages that declare none onwards, the order of ranks; risk and
    exit stages are reachable from anywhere.  Loops, branches, several starts and ways
    back lack nothing.

    Args:
        lifecycle: The plan.
        languages: The languages it should have labels in; None: every language that any of
            its labels is in.

    Returns:
        One finding for each thing that is lacking: its kind, its place, and a sentence with
        the way out.  By kind, then in the order of the lifecycle; empty where nothing is.

    Raises:
        UnknownNameError: There is no such language.

    Source: S2-12, S2-15, S2-21, S2-22, S4-08 (mission page).

    Example:
        >>> from journeykit import Lifecycle, Stage
        >>> plan = Lifecycle("acme", ["visit", "trial"], [("visit", "trial")])
        >>> [finding.kind for finding in check_lifecycle(plan)]
        ['no_way_out']
    """
    found = [
        *path_findings(lifecycle),
        *sign_findings(lifecycle),
        *persona_findings(lifecycle),
        *translation_findings(lifecycle, languages),
        *meaning_findings(lifecycle),
    ]
    kinds = get_args(FindingKind)
    return tuple(sorted(found, key=lambda finding: kinds.index(finding.kind)))
