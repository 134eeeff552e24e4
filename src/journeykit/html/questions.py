"""Lay transitions, drop-offs and last touchpoints out as tables.

Nothing is counted here: each cell is a field of a row, in words.

May import: analysis, result, names, table, wording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.html.table import Cell, Column, Table, define
from journeykit.html.wording import THIN, count, days, percent, plain, share

if TYPE_CHECKING:
    from journeykit.analysis.drop_offs import DropOff
    from journeykit.analysis.last_touchpoints import LastTouchpoint
    from journeykit.analysis.transitions import TransitionRow
    from journeykit.html.names import Names
    from journeykit.html.table import Tone
    from journeykit.result import Definition, Result

KINDS: dict[str, tuple[str, Tone]] = {
    "advance": ("advance", "good"),
    "skip": ("skip", "calm"),
    "lateral": ("lateral", "calm"),
    "repeat": ("repeat", "calm"),
    "regress": ("regress", "warn"),
    "at_risk": ("at risk", "warn"),
    "recover": ("recover", "good"),
    "exit": ("exit", "bad"),
    "re_entry": ("re-entry", "good"),
}
"""How a kind of transition is written, and coloured."""


def definition_of(definition: Definition) -> tuple[tuple[str, str], ...]:
    """Say how an answer was counted, as (what, how) pairs."""
    return define(
        {
            "One row is": definition.unit,
            "Shares are of": definition.denominators,
            "Order of events": definition.order,
            "Stages told by rules, too": plain(definition.rules),
            "Open visits": definition.censoring,
            "Intervals": definition.intervals,
            "Stands on": definition.source,
        }
    )


TRANSITION_COLUMNS = (
    Column("From", "name"),
    Column("To", "name"),
    Column("Kind", "word", "What the move means by the ranks of its ends", 3),
    Column("Planned", "word", "Whether the lifecycle declares the move", 6),
    Column("Moves", "number", "Visits that ended so"),
    Column("Customers", "number", "How many customers made the move", 4),
    Column(
        f"Share (95{THIN}%)",
        "number",
        "Probability that a visit of the first stage ends so, with its 95 % interval",
        1,
    ),
    Column("Median days", "number", "From the first event of the one visit to the first of the next", 2),
    Column(f"90{THIN}% within", "number", "Days within which nine in ten of the moves are made", 5),
)


def transitions_table(result: Result[TransitionRow], names: Names, *, end: str = "") -> Table:
    """Lay out how customers move."""
    rows = ((names.group(row.group, result.definition.by), _transition(row, names)) for row in result)
    return Table.of(
        rows,
        id=f"transitions-table{end}",
        caption="Moves between stages, most moves first",
        columns=TRANSITION_COLUMNS,
        definition=definition_of(result.definition),
    )


def _transition(row: TransitionRow, names: Names) -> tuple[str | Cell, ...]:
    kind, tone = KINDS[row.kind]
    return (
        names.stage(row.source),
        names.stage(row.target),
        Cell(kind, tone),
        "yes" if row.declared else Cell("no", "faint"),
        count(row.moves) if row.moves else Cell("never", "faint"),
        count(row.customers),
        _share(row.share if row.moves else None, row.share_low, row.share_high, tone),
        days(row.median_days),
        days(row.p90_days),
    )


def _share(value: float | None, low: float | None, high: float | None, tone: Tone) -> Cell:
    return Cell(share(value, low, high), bar=() if value is None else ((tone, value),))


DROP_OFF_COLUMNS = (
    Column("Stage", "name"),
    Column(f"Share lost (95{THIN}%)", "number", "Probability that a visit is lost, with its 95 % interval"),
    Column("Undetermined", "number", "Probability that a visit lasts beyond the day the share is read at", 5),
    Column("Lost", "number", "Visits that ended in an exit stage or in silence: exited + dropped"),
    Column("Open", "number", "Visits heard from recently: neither kept nor lost yet"),
    Column("Visits", "number", "Stays of a customer in the stage: the sum of the six outcomes", 1),
    Column("Customers", "number", "Distinct customers", 3),
    Column("Moved", "number", "Went on to a stage that is no exit, or began anew here", 4),
    Column("Exited", "number", "Went from here into an exit stage", 2),
    Column("Achieved", "number", "Are in a goal stage, or at their own target", 4),
    Column("Departed", "number", "Are in this exit stage", 6),
    Column("Dropped", "number", "Have been silent for the idle time or longer", 2),
    Column("Not taken", "number", "Customers who are done here and never moved on to a next stage", 7),
    Column("Reached goal", "number", "Customers of the stage who ever reached a goal", 5),
    Column("Came back", "number", "Visits in which a silence that would count as a loss ended", 6),
)


MUCH_UNDETERMINED = 0.1
"""From here on the share lost tells only part: much may yet be lost, or kept."""


def drop_offs_table(result: Result[DropOff], names: Names, *, end: str = "") -> Table:
    """Lay out where customers are lost."""
    rows = ((names.group(row.group, result.definition.by), _drop_off(row, names)) for row in result)
    return Table.of(
        rows,
        id=f"drop-offs-table{end}",
        caption="How the visits to each stage ended, largest share lost first",
        columns=DROP_OFF_COLUMNS,
        definition=definition_of(result.definition),
    )


def _drop_off(row: DropOff, names: Names) -> tuple[str | Cell, ...]:
    outcomes: tuple[tuple[Tone, int], ...] = (
        ("bad", row.lost),
        ("warn", row.open),
        ("calm", row.moved),
        ("good", row.achieved),
        ("faint", row.departed),
    )
    return (
        names.stage(row.stage),
        Cell(share(row.share_lost, row.share_low, row.share_high)),
        Cell(percent(row.undetermined), "warn" if row.undetermined > MUCH_UNDETERMINED else ""),
        Cell(count(row.lost), "bad" if row.lost else ""),
        Cell(count(row.open), "warn" if row.open else ""),
        Cell(
            count(row.visits), bar=tuple((tone, number / row.visits) for tone, number in outcomes if number)
        ),
        count(row.customers),
        count(row.moved),
        count(row.exited),
        count(row.achieved),
        count(row.departed),
        count(row.dropped),
        count(row.not_taken),
        count(row.reached_goal),
        count(row.returned_after_idle),
    )


LAST_COLUMNS = (
    Column("Lost from", "name"),
    Column("Last touchpoint", "name"),
    Column("Lost", "number", "Visits that were lost right after it"),
    Column(f"Share (95{THIN}%)", "number", "Of the stage's lost visits, with its 95 % interval"),
    Column("Exited", "number", "Lost into an exit stage", 1),
    Column("Dropped", "number", "Lost in silence", 1),
    Column("Customers", "number", "Distinct customers", 2),
)


def last_touchpoints_table(result: Result[LastTouchpoint], names: Names, *, end: str = "") -> Table:
    """Lay out what came just before the losses."""
    rows = ((names.group(row.group, result.definition.by), _last(row, names)) for row in result)
    return Table.of(
        rows,
        id=f"last-touchpoints-table{end}",
        caption="The touchpoint just before customers were lost, by stage",
        columns=LAST_COLUMNS,
        definition=definition_of(result.definition),
    )


def _last(row: LastTouchpoint, names: Names) -> tuple[str | Cell, ...]:
    name = names.touchpoint(row.touchpoint)
    is_known = row.declared or row.touchpoint is None
    return (
        names.stage(row.stage),
        name if is_known else Cell(f"{name} (not in the plan)", "faint"),
        Cell(count(row.lost), "bad"),
        _share(row.share, row.share_low, row.share_high, "bad"),
        count(row.exited),
        count(row.dropped),
        count(row.customers),
    )
