"""The same answers by journeykit.

python benchmarks/with_journeykit.py events.parquet
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plan import EXIT, GOAL, IDLE_DAYS, NAMES
from running import main

import journeykit as jk

if TYPE_CHECKING:
    from running import Answers

KINDS = {GOAL: "goal", EXIT: "exit"}
COUNTS = ("visits", "moved", "exited", "achieved", "departed", "dropped", "open", "customers")
SHARES = ("share_lost", "share_low", "share_high", "undetermined")
BESIDE = ("reached_goal", "returned_after_idle", "not_taken")


def lifecycle() -> jk.Lifecycle:
    """Write the plan down for journeykit."""
    return jk.Lifecycle(
        "walk",
        stages=[jk.Stage(name, kind=KINDS.get(name, "progress")) for name in NAMES],
        touchpoints={name: name for name in NAMES},
        idle=f"{IDLE_DAYS} days",
    )


class Journeykit:
    """The four answers: three questions, for drop-offs count the customers of each stage, too."""

    steps: tuple[str, ...] = ("order", "transitions", "drop_offs", "touchpoints")
    further: tuple[str, ...] = ("graph",)
    packages: tuple[str, ...] = ("journeykit", "duckdb", "ibis-framework")

    def __init__(self, path: str) -> None:
        self.path = path

    def order(self) -> None:
        """Observe the log."""
        log = jk.events(self.path, customer="customer", timestamp="timestamp", touchpoint="touchpoint")
        self.journey = jk.observe(log, lifecycle())

    def transitions(self) -> Answers:
        """Ask for the transitions."""
        names = ("moves", "customers", "median_days", "p90_days", "share", "share_low", "share_high")
        return {
            "transitions": {
                f"{row.source}>{row.target}": {name: getattr(row, name) for name in names}
                for row in jk.transitions(self.journey)
                if row.moves
            }
        }

    def drop_offs(self) -> Answers:
        """Ask for the drop-offs, and with them for the customers of each stage."""
        rows = jk.drop_offs(self.journey)
        names = (*COUNTS, *SHARES, *BESIDE)
        return {
            "drop_offs": {row.stage: {name: getattr(row, name) for name in names} for row in rows},
            "customers": {row.stage: {"customers": row.customers} for row in rows},
        }

    def touchpoints(self) -> Answers:
        """Ask for the gaps: they count the customers of each touchpoint in each stage."""
        return {
            "touchpoints": {
                f"{row.stage}/{row.touchpoint}": {"customers": row.customers} for row in jk.gaps(self.journey)
            }
        }

    def graph(self) -> None:
        """Draw the graph, touchpoints and the moves between them included."""
        self.journey.graph()


if __name__ == "__main__":
    main(Journeykit)
