"""The four answers by Retentioneering 5, as far as it has them.

    python benchmarks/with_retentioneering.py events.parquet

Paths of events stand for visits of stages.  Days are from event to event, where journeykit's run from the
first event of one visit to the first of the next; the end of a path is all it knows of a drop-off, so that
nobody is open, and nobody has achieved anything.  Counts of moves, of last visits and of customers can be
compared.  What it would send to its makers is turned off.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

os.environ["RETENTIONEERING_NO_TRACK"] = "1"

import pandas as pd
from plan import NAMES
from retentioneering import Eventstream
from running import main

if TYPE_CHECKING:
    from running import Answers

SCHEMA = {"path_cols": ["customer"], "event_col": "touchpoint", "timestamp_col": "timestamp"}


class Retentioneering:
    """What its documentation says to do: build a stream, then ask its tools without their widgets."""

    steps: tuple[str, ...] = ("order", "transitions", "medians", "touchpoints")
    further: tuple[str, ...] = ("funnel",)
    packages: tuple[str, ...] = ("retentioneering", "pandas", "duckdb", "pyarrow")

    def __init__(self, path: str) -> None:
        self.path = path

    def order(self) -> None:
        """Build the stream, which sorts it."""
        self.stream = Eventstream(pd.read_parquet(self.path), SCHEMA)

    def transitions(self) -> Answers:
        """Count which touchpoint directly follows which, and which comes last."""
        counts = self.stream.transition_graph_data(edge_weight="count")
        return {
            "transitions": {
                f"{source}>{target}": {"moves": int(counts.loc[source, target])}
                for source in NAMES
                for target in NAMES
                if source != target and counts.loc[source, target]
            },
            "last": {name: {"last": int(counts.loc[name, "path_end"])} for name in NAMES},
        }

    def medians(self) -> None:
        """Ask for the median time of each pair."""
        self.stream.transition_graph_data(edge_weight="time_median")

    def touchpoints(self) -> Answers:
        """Count the customers of each touchpoint."""
        wanted = {"metric": "has_event_bulk", "metric_args": {"events": list(NAMES)}}
        has = self.stream.get_metrics([wanted])
        counts = {name: {"customers": int(has[f"has_event_bulk_{name}"].sum())} for name in NAMES}
        return {"customers": counts, "touchpoints": {f"{name}/{name}": n for name, n in counts.items()}}

    def funnel(self) -> None:
        """Ask how many customers went through three steps in order."""
        self.stream.funnel_data(steps=["site_visit", "signup", "purchase"])


if __name__ == "__main__":
    main(Retentioneering)
