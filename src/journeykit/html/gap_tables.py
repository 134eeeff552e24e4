"""Lay the gaps out as tables: touchpoints, presence by stage, findings, and what belongs to no stage.

Nothing is counted here: each cell is a field of a row, in words.

May import: analysis, result, names, table, questions, wording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.html.questions import definition_of
from journeykit.html.table import Cell, Column, Table
from journeykit.html.wording import amount, count, percent, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from journeykit.analysis.gap_rows import Gap, Gaps
    from journeykit.html.names import Names
    from journeykit.html.table import Tone

ACTIONS: dict[str | None, Tone] = {
    "start": "bad",
    "increase": "warn",
    "decrease": "warn",
    "drop": "bad",
    "keep": "good",
}


MATCH = (
    "Who is there: both (matched, and whether the effort fits the use), customers only (missing), "
    "the company only (unmatched)"
)

GAP_COLUMNS = (
    Column("Rank", "number", "1 for the gap that weighs most"),
    Column("Stage", "name"),
    Column("Touchpoint", "name"),
    Column("Action", "word", "What to do: start, increase, decrease, drop or keep"),
    Column("Match", "word", MATCH, 5),
    Column("Planned", "word", "Whether the plan expects customers to use it", 3),
    Column("Customers", "number", "Customers who used it in this stage", 2),
    Column("Reach", "number", "Their share of the stage's customers", 1),
    Column("Importance", "number", "Its share of all that customers do in the stage", 4),
    Column("Effort", "number", "What the company puts in, in its own unit", 4),
    Column("Effort share", "number", "Its share of the effort on the stage's matched touchpoints", 3),
    Column("What it means", "text", "", 8),
)


def gaps_table(
    result: Gaps, names: Names, *, has_activities: bool, only: Iterable[Gap] | None = None, end: str = ""
) -> Table:
    """Lay out where customers and company miss each other, by rank.

    Args:
        result: The answer.
        names: How things are called.
        has_activities: Whether the company's side was told; its columns are left out otherwise.
        only: The rows to show; all where it is None.
        end: The end of the table's id.
    """
    told = {"Action", "Match", "Effort", "Effort share"}
    kept_columns = [
        place for place, column in enumerate(GAP_COLUMNS) if has_activities or column.title not in told
    ]
    places = {row.group: place for place, row in enumerate(result.stages)}
    ordered = sorted(result if only is None else only, key=lambda row: (places[row.group], row.rank))
    rows = []
    for row in ordered:
        cells = _gap(row, names)
        rows.append(
            (names.group(row.group, result.definition.by), tuple(cells[place] for place in kept_columns))
        )
    return Table.of(
        rows,
        id=f"gaps-table{end}",
        caption="Touchpoints, weightiest gap first"
        if has_activities
        else "Touchpoints, most important first",
        columns=tuple(GAP_COLUMNS[place] for place in kept_columns),
        definition=definition_of(result.definition),
    )


def _gap(row: Gap, names: Names) -> tuple[str | Cell, ...]:
    unused = row.customers == 0 and row.expected
    return (
        count(row.rank),
        names.stage(row.stage),
        names.touchpoint(row.touchpoint),
        Cell(row.action or "", ACTIONS.get(row.action, "")),
        ", ".join(part.replace("_", "-") for part in (row.match, row.investment) if part),
        "yes" if row.expected else Cell("no", "warn"),
        Cell(count(row.customers), "warn" if unused else ""),
        Cell(percent(row.reach), bar=() if row.reach is None else (("calm", row.reach),)),
        percent(row.importance_share),
        amount(row.effort),
        percent(row.effort_share),
        row.consequence,
    )


PRESENCE_COLUMNS = (
    Column("Stage", "name"),
    Column(
        "Presence", "number", "Of the touchpoints on the customers' side, those where the company is, too"
    ),
    Column("Match score", "number", "Of the touchpoints on either side, those on both"),
)


def presence_table(result: Gaps, names: Names, *, end: str = "") -> Table:
    """Lay out how well the two sides of each stage match."""
    rows = (
        (
            names.group(row.group, result.definition.by),
            (
                names.stage(row.stage),
                Cell(percent(row.presence), bar=() if row.presence is None else (("good", row.presence),)),
                percent(row.match_score),
            ),
        )
        for row in result.stages
    )
    return Table.of(
        rows,
        id=f"presence-table{end}",
        caption="Where the company meets its customers, by stage",
        columns=PRESENCE_COLUMNS,
    )


FINDING_COLUMNS = (
    Column("Stage", "name"),
    Column("Touchpoint", "name"),
    Column("Finding", "text"),
    Column("What to do", "text", "", 1),
    Column("Customers", "number", "Customers whom it concerns", 2),
    Column("Share", "number", "Their share of the stage's customers", 3),
    Column("Found by", "name", "The gap detector, of journeykit or of a plugin", 4),
)


def findings_table(result: Gaps, names: Names, *, end: str = "") -> Table:
    """Lay out what the gap detectors found, in the order of the lifecycle.

    Their sentences and names are a plugin's, so that they are made harmless as data are.
    """
    rows = (
        (
            names.group(row.group, result.definition.by),
            (
                names.stage(row.stage),
                "" if row.touchpoint is None else names.touchpoint(row.touchpoint),
                plain(row.finding),
                plain(row.action or ""),
                count(row.customers),
                percent(row.share),
                plain(row.detector),
            ),
        )
        for row in result.findings
    )
    return Table.of(
        rows,
        id=f"findings-table{end}",
        caption="What gap detectors found in these counts",
        columns=FINDING_COLUMNS,
    )


UNMAPPED_COLUMNS = (
    Column("Touchpoint in the log", "name"),
    Column("Events", "number"),
    Column("Customers", "number"),
)


def unmapped_table(result: Gaps, names: Names) -> Table:
    """Lay out the touchpoints that belong to no stage, most events first."""
    rows = (
        ("", (names.touchpoint(row.touchpoint), count(row.events), count(row.customers)))
        for row in result.unmapped
    )
    return Table.of(
        rows,
        id="unmapped-table",
        caption="Touchpoints that belong to no stage, most events first",
        columns=UNMAPPED_COLUMNS,
    )
