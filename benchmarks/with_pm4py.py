"""The first answer by pm4py on polars: how often one touchpoint directly follows another.

    python benchmarks/with_pm4py.py events.parquet

pm4py knows no stages, no drop-offs and no censoring.  Days are from event to event, where journeykit's run
from the first event of one visit to the first of the next, so that only counts can be compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pm4py
import polars as pl
from running import main

if TYPE_CHECKING:
    from running import Answers


class Pm4py:
    """What its documentation says to do: format the frame, then discover the directly-follows graph."""

    steps: tuple[str, ...] = ("order", "transitions", "medians")
    further: tuple[str, ...] = ("ends",)
    packages: tuple[str, ...] = ("pm4py", "polars")

    def __init__(self, path: str) -> None:
        self.path = path

    def order(self) -> None:
        """Say which column is which; pm4py sorts anew for each question."""
        frame = pl.scan_parquet(self.path)
        self.log = pm4py.format_dataframe(
            frame, case_id="customer", activity_key="touchpoint", timestamp_key="timestamp"
        )

    def transitions(self) -> Answers:
        """Count which touchpoint directly follows which; those that follow themselves are no move."""
        counts, _, _ = pm4py.discover_dfg(self.log)
        return {
            "transitions": {
                f"{source}>{target}": {"moves": n}
                for (source, target), n in counts.items()
                if source != target
            }
        }

    def medians(self) -> None:
        """Ask for the median time of each pair."""
        pm4py.discover_performance_dfg(self.log, perf_aggregation_key="median")

    def ends(self) -> None:
        """Ask which touchpoint comes last: the nearest thing to a drop-off."""
        pm4py.get_end_activities(self.log)


if __name__ == "__main__":
    main(Pm4py)
