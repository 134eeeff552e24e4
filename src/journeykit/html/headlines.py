"""Say in plain language what stands out: the largest loss, the commonest move, the gaps that weigh most.

Every sentence is made from the rows of the answers, with the numbers that the tables show.

May import: analysis, result, model, names, wording.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from journeykit.html.wording import count, counted, days, isolated, percent, share
from journeykit.model.duration import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from journeykit.analysis.drop_offs import DropOff
    from journeykit.analysis.gap_rows import Gap, Gaps
    from journeykit.analysis.last_touchpoints import LastTouchpoint
    from journeykit.analysis.transitions import TransitionRow
    from journeykit.html.answers import Findings
    from journeykit.html.names import Names

ENOUGH_VISITS = 10
"""A stage with fewer visits makes no headline of its share lost."""

MOST_NAMED = 3
"""How many gaps, or transitions never taken, a headline names."""


@attrs.frozen(kw_only=True)
class Headline:
    """What stands out of the answer to one question.

    Attributes:
        id: The section that tells more.
        title: The question.
        sentences: The answer.
    """

    id: str
    title: str
    sentences: tuple[str, ...]


def headlines(found: Findings, names: Names) -> tuple[Headline, ...]:
    """Say what stands out of the three answers, all customers taken together."""
    overall, idle = found.overall, in_words(found.journey.idle)
    last = overall.last_touchpoints
    return (
        Headline(
            id="drop-offs",
            title="Where customers are lost",
            sentences=tuple(_loss(overall.drop_offs, last, names, idle)),
        ),
        Headline(
            id="transitions", title="How customers move", sentences=tuple(_moves(overall.transitions, names))
        ),
        Headline(
            id="gaps",
            title="Where the gaps are",
            sentences=tuple(
                _gaps(
                    overall.gaps,
                    names,
                    has_activities=found.has_activities,
                    seen=found.journey.counts.visits > 0,
                )
            ),
        ),
    )


def _loss(rows: Iterable[DropOff], last: Iterable[LastTouchpoint], names: Names, idle: str) -> Iterable[str]:
    rows = list(rows)
    losing = [row for row in rows if row.lost]
    if not losing:
        still = _still_open(sum(row.open for row in rows))
        yield f"No visit has been lost; {still}." if rows else "Nobody has visited a stage."
        return
    most = max(losing, key=lambda row: row.lost)
    tops = [row for row in losing if row.lost == most.lost]
    if tops[1:]:
        stages = [isolated(names.stage(row.stage)) for row in tops]
        still = _still_open(sum(row.open for row in tops))
        yield _as_many("are lost", stages, counted(most.lost, "visit"), f"; {still} there")
        yield from _largest_share(rows, names)
        return
    yield f"Most are lost from {isolated(names.stage(most.stage))}: {_losses(most, idle)}"
    yield from _largest_share(rows, names, most=most.stage)
    yield from _came_last([row for row in last if row.stage == most.stage], names)


def _losses(most: DropOff, idle: str) -> str:
    ways = [f"{count(most.exited)} into an exit"] if most.exited else []
    ways += [f"{count(most.dropped)} in silence of {idle} or longer"] if most.dropped else []
    losses = f"{count(most.lost)} of {counted(most.visits, 'visit')}, {' and '.join(ways)}"
    return f"{losses}; {_still_open(most.open)}."


def _still_open(visits: int) -> str:
    return {0: "none is", 1: "1 is"}.get(visits, f"{count(visits)} are") + " still open"


def _largest_share(rows: Iterable[DropOff], names: Names, *, most: str | None = None) -> Iterable[str]:
    """Say which stage loses the largest share; *most* is the one that was just said to lose most."""
    known = [row for row in rows if row.share_lost and row.visits >= ENOUGH_VISITS]
    if not known:
        return
    largest = max(row.share_lost or 0 for row in known)
    tops = [row for row in known if math.isclose(row.share_lost or 0, largest)]
    top = next((row for row in tops if row.stage == most), tops[0])
    odds = share(top.share_lost, top.share_low, top.share_high)
    if top.stage == most:
        yield f"No stage loses a larger share: a visit there is lost with probability {odds}."
    elif tops[1:]:
        stages = [isolated(names.stage(row.stage)) for row in tops]
        yield f"As large a share is lost from {stages[0]} as from {_listed(stages[1:])}: {percent(largest)}."
    else:
        yield (
            f"The largest share is lost from {isolated(names.stage(top.stage))}: "
            f"{odds} of {counted(top.visits, 'visit')}."
        )


def _came_last(before: list[LastTouchpoint], names: Names) -> Iterable[str]:
    """Say what came last before most losses of a stage; nothing where that event tells no touchpoint."""
    most = max((row.lost for row in before), default=0)
    finals = [row for row in before if row.lost == most]
    if not finals or any(row.touchpoint is None for row in finals):
        return
    touchpoints = [isolated(names.touchpoint(row.touchpoint)) for row in finals]
    stage, part = isolated(names.stage(finals[0].stage)), percent(finals[0].share)
    if touchpoints[1:]:
        yield (
            f"What came last in {stage} was as often {touchpoints[0]} as {_listed(touchpoints[1:])}: "
            f"each before {part} of its losses."
        )
    else:
        yield f"What came last in {stage} was most often {touchpoints[0]}: before {part} of its losses."


def _moves(rows: Iterable[TransitionRow], names: Names) -> Iterable[str]:
    rows = list(rows)
    taken = [row for row in rows if row.moves]
    if not taken:
        yield "Nobody has moved from one stage to another."
    else:
        yield _commonest(taken, names, one="The most common move is", many="move")
    back = [row for row in taken if row.kind == "regress"]
    if back:
        yield _commonest(back, names, one="The most common step back is", many="step back")
    elif taken:
        yield "Nobody has stepped back to an earlier stage."
    never = [
        f"{isolated(names.stage(row.source))} to {isolated(names.stage(row.target))}"
        for row in rows
        if not row.moves
    ]
    if never:
        several = "transition was" if len(never) == 1 else "transitions were"
        yield f"{count(len(never))} planned {several} never taken: {_listed(never)}."


def _commonest(rows: list[TransitionRow], names: Names, *, one: str, many: str) -> str:
    most = max(row.moves for row in rows)
    tops = [row for row in rows if row.moves == most]
    if not tops[1:]:
        return f"{one} from {_move(tops[0], names)}"
    ways = [f"{isolated(names.stage(row.source))} to {isolated(names.stage(row.target))}" for row in tops]
    return _as_many(many, ways, counted(most, "move"))


def _as_many(do: str, ways: list[str], each: str, more: str = "") -> str:
    """Say of a tie that it is one: none of them is "most"."""
    return f"As many {do} from {ways[0]} as from {_listed(ways[1:])}: {each} each{more}."


def _move(row: TransitionRow, names: Names) -> str:
    source, target = isolated(names.stage(row.source)), isolated(names.stage(row.target))
    odds = (
        ""
        if row.share is None
        else f", {share(row.share, row.share_low, row.share_high)} of the visits to {source}"
    )
    median = "" if row.median_days is None else f", after {days(row.median_days)} days in the median"
    often = f"{counted(row.moves, 'move')} by {counted(row.customers, 'customer')}"
    return f"{source} to {target}: {often}{odds}{median}."


def weighty(result: Iterable[Gap], *, has_activities: bool) -> list[Gap]:
    """Keep the rows that ask for something, by rank.

    With activities these are the ones whose action is not to keep; without, what of the
    plan nobody did and what nobody planned.
    """
    if has_activities:
        asking = [row for row in result if row.action not in {None, "keep"}]
    else:
        asking = [row for row in result if row.reach is not None and (not row.expected or row.customers == 0)]
    return sorted(asking, key=lambda row: row.rank)


def _gaps(result: Gaps, names: Names, *, has_activities: bool, seen: bool) -> Iterable[str]:
    if not seen:
        yield "Nobody was seen in any stage, so there is nothing to hold the plan against."
        return
    asking = weighty(result, has_activities=has_activities)
    if not asking:
        both = "customers and company meet" if has_activities else "the plan and what customers do agree"
        yield f"None stands out: {both} at every touchpoint of the stages that were visited."
    for row in asking[:MOST_NAMED]:
        yield _gap(row, names)
    rest = len(asking) - MOST_NAMED
    if rest > 0:
        yield f"{counted(rest, 'more touchpoint')} {'asks' if rest == 1 else 'ask'} for something."
    if not has_activities:
        yield "What the company does was not told: with its activities, effort is held against use."
    if result.unseen:
        unseen = [isolated(names.stage(stage)) for stage in result.unseen]
        yield f"Nobody was seen in {_listed(unseen)}."


def _gap(row: Gap, names: Names) -> str:
    """Say of one gap what to do and by which numbers."""
    where = f"{isolated(names.touchpoint(row.touchpoint))} in {isolated(names.stage(row.stage))}"
    seen = f"{counted(row.customers or 0, 'customer')} ({percent(row.reach)} of the stage's)"
    if row.action == "start":
        came = f"{seen} came" if row.customers else "the plan expects customers, none came"
        return f"Start at {where}: {came}, and the company does nothing there."
    if row.action == "drop":
        few = f"only {seen}" if row.customers else "no customer"
        return f"Drop {where}: {few} came, and none is expected to."
    if row.action in {"decrease", "increase"}:
        effort = f"{percent(row.effort_share)} of the effort where both sides of the stage meet"
        if row.action == "decrease":
            return f"Do less at {where}: it takes {effort}, more than customers' use explains."
        return f"Do more at {where}: it gets {effort}, less than customers' use asks for."
    if row.expected:
        return f"The plan expects customers at {where}, and none was seen there."
    return f"The plan does not expect customers at {where}, and {seen} came."


def _listed(names: list[str]) -> str:
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
