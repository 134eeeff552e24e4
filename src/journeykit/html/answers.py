"""Ask a journey everything that the report tells, once.

The page and the command line show the same answers; asking here, once, keeps a log of
millions from being counted for each of them.

May import: journey, analysis, result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from journeykit.analysis.drop_offs import drop_offs
from journeykit.analysis.gaps import gaps
from journeykit.analysis.last_touchpoints import last_touchpoints
from journeykit.analysis.observed_graph import graph_of
from journeykit.analysis.transitions import transitions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import networkx as nx

    from journeykit.analysis.drop_offs import DropOff
    from journeykit.analysis.gap_rows import Gaps
    from journeykit.analysis.last_touchpoints import LastTouchpoint
    from journeykit.analysis.transitions import TransitionRow
    from journeykit.eventlog import LogCheck
    from journeykit.journey import Journey
    from journeykit.model.activity import Activity
    from journeykit.result import Result


@attrs.frozen(kw_only=True)
class Answers:
    """The answers to the three questions, of all customers or group by group."""

    transitions: Result[TransitionRow]
    drop_offs: Result[DropOff]
    last_touchpoints: Result[LastTouchpoint]
    gaps: Gaps


@attrs.frozen(kw_only=True, eq=False)
class Findings:
    """What a report tells.

    Attributes:
        journey: What was observed.
        check: What was read of the log, and what was set aside.
        overall: The answers of all customers together.
        split: The answers by group; None without `by=`.
        graph: The journey's graph, touchpoints included.
        has_activities: Whether the company's side was told.
    """

    journey: Journey
    check: LogCheck
    overall: Answers
    split: Answers | None
    graph: nx.DiGraph[str]
    has_activities: bool

    @property
    def asked(self) -> Answers:
        """The answers as they were asked for: by group where `by=` was given."""
        return self.split or self.overall


def find(
    journey: Journey,
    *,
    activities: Sequence[Activity] | None = None,
    by: str | None = None,
    doing: Callable[[str], object] = lambda _: None,
) -> Findings:
    """Ask a journey everything that a report tells.

    Args:
        journey: What was observed.
        activities: What the company does.
        by: A customer attribute; the answers come for all, and for each of its values.
        doing: Is told what comes next, before each step.

    Raises:
        UnknownNameError: No customer attribute is called *by*, or an activity's stage is no stage.
        EventLogError: The activities of one stage measure effort in different units.
    """
    if by is not None:
        journey.attribute(by)
    doing("Checking the log")
    check = journey.log.check(journey.lifecycle)
    overall = _ask(journey, activities, None, doing)
    split = None if by is None else _ask(journey, activities, by, doing)
    doing("Drawing the graph")
    return Findings(
        journey=journey,
        check=check,
        overall=overall,
        split=split,
        graph=graph_of(journey, overall.drop_offs, overall.transitions),
        has_activities=activities is not None,
    )


def _ask(
    journey: Journey, activities: Sequence[Activity] | None, by: str | None, doing: Callable[[str], object]
) -> Answers:
    groups = "" if by is None else " by group"
    doing(f"Finding the gaps{groups}")
    found = gaps(journey, activities=activities, by=by)
    doing(f"Counting transitions{groups}")
    moves = transitions(journey, by=by)
    doing(f"Finding where customers are lost{groups}")
    lost = drop_offs(journey, by=by)
    doing(f"Finding what came before{groups}")
    return Answers(
        transitions=moves, drop_offs=lost, last_touchpoints=last_touchpoints(journey, by=by), gaps=found
    )
