"""Show the plan that a log was observed under.

May import: model, names, table, wording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.html.table import Cell, Column, Table, define
from journeykit.html.wording import count, plain
from journeykit.model.duration import in_words

if TYPE_CHECKING:
    from journeykit.html.names import Names
    from journeykit.html.table import Tone
    from journeykit.model.lifecycle import Lifecycle

STAGE_COLUMNS = (
    Column("Stage", "name"),
    Column("Id", "name"),
    Column("Kind", "word", "Goals are success; risk and exit stages can be reached from anywhere"),
    Column("Rank", "number", "Its place on the way; risk and exit stages have none"),
    Column("Planned touchpoints", "text"),
)

KIND_TONES: dict[str, Tone] = {"goal": "good", "risk": "warn", "exit": "bad"}


def lifecycle_facts(lifecycle: Lifecycle) -> tuple[tuple[str, str], ...]:
    """Say what the lifecycle says of itself."""
    touchpoints, stages = count(len(lifecycle.names.touchpoints)), count(len(lifecycle.names.stages))
    return define(
        {
            "Lifecycle": plain(lifecycle.id),
            "Description": plain(lifecycle.description.get("en")),
            "Idle by default": in_words(lifecycle.idle),
            "Declared transitions": count(len(lifecycle.transitions)),
            "Names added for this log": f"{touchpoints} of touchpoints, {stages} of stages",
            "Stands on": ", ".join(map(plain, lifecycle.sources)),
        }
    )


def stages_table(lifecycle: Lifecycle, names: Names) -> Table:
    """Lay out the stages in the lifecycle's order."""
    rows = []
    for stage in lifecycle.stages:
        planned = [one.id for one in lifecycle.touchpoints if one.expected and stage.id in one.stages]
        rank = lifecycle.rank(stage.id)
        cells = (
            names.stage(stage.id),
            Cell(plain(stage.id), "faint"),
            Cell(stage.kind, KIND_TONES.get(stage.kind, "")),
            "" if rank is None else str(rank),
            ", ".join(map(names.touchpoint, planned)) or Cell("none", "faint"),
        )
        rows.append(("", cells))
    return Table.of(
        rows,
        id="stages-table",
        caption="The stages of the lifecycle",
        columns=STAGE_COLUMNS,
    )
