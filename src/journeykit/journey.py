"""A journey: what was observed of a log under a lifecycle, and what every question takes first.

It holds a few relations in the engine (`steps`, `visits`, `customers`, ...) and a few counts.  It
answers no question itself: those are functions of their own, in `analysis`.

May import: relations, eventlog, model, errors; types of progress.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

import attrs

from journeykit.errors import UnknownNameError
from journeykit.relations.people import attribute_columns

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import ibis.expr.types as ir
    import networkx as nx

    from journeykit.eventlog.log import EventLog
    from journeykit.eventlog.saved import SavedLog
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.progress import Progress
    from journeykit.relations.observed import Observed
    from journeykit.relations.scratch import Scratch


@attrs.frozen(kw_only=True)
class Counts:
    """How many of what a journey holds.

    Attributes:
        events: Usable events not after `as_of`.
        later: Usable events after `as_of`, ignored.
        unmapped: Events that belong to no stage: signs of life only.
        customers: Customers with an event by `as_of`.
        unplaced: Customers with an event by `as_of` but no visit.
        visits: Stays of a customer in a stage.
    """

    events: int
    later: int
    unmapped: int
    customers: int
    unplaced: int
    visits: int


@attrs.frozen(kw_only=True, eq=False)
class Journey:
    """What was observed: a log's events under a lifecycle, ordered once.

    A journey is for one thread at a time; threads of their own observe the log on their own.

    Attributes:
        lifecycle: The plan.
        log: The events; of a loaded journey what is left of them, a `SavedLog`.
        as_of: The censoring date, UTC.
        idle: The silence that is a drop-off.
        counts: How many events, customers and visits.
        rules: The stage rules that were used, by their ids, in the order in which they count.
        touchpoint_names: The touchpoints by their codes: the lifecycle's, then the names it does not know by
            code point.
        observed: The relations that questions count over, see `relations.observed`.
        customers: One row a customer, as `relations.people` makes it.
        scratch: The engine, and the relations made in it.
    """

    lifecycle: Lifecycle
    log: EventLog | SavedLog
    as_of: dt.datetime
    idle: dt.timedelta
    counts: Counts
    rules: tuple[str, ...] = ()
    touchpoint_names: tuple[str, ...] = attrs.field(repr=False)
    observed: Observed = attrs.field(repr=False)
    customers: ir.Table = attrs.field(repr=False)
    scratch: Scratch = attrs.field(repr=False)

    @property
    def steps(self) -> ir.Table:
        """The relation `steps`: one row an event, in order."""
        return self.observed.steps

    @property
    def visits(self) -> ir.Table:
        """The relation `visits`: one row a visit."""
        return self.observed.visits

    @property
    def idle_days(self) -> float:
        """The silence that is a drop-off, in days."""
        return self.idle / dt.timedelta(days=1)

    def attribute(self, name: str) -> str:
        """Find the column of `customers` that holds an attribute.

        Args:
            name: As in `customers` or `attributes`; a column given as channel, device, ... answers to
                either name.

        Raises:
            UnknownNameError: No customer attribute has this name.
        """
        known = attribute_columns(self.customers)
        if name not in known:
            raise UnknownNameError("customer attribute", name, known)
        return known[name]

    def graph(self, *, touchpoints: bool = True) -> nx.DiGraph[str]:
        """Draw what was observed as a plain networkx graph.

        Args:
            touchpoints: Whether touchpoints, and the moves between them, are nodes and edges too.

        Returns:
            A graph with the attribute schema of the reference page "graph schema", origin "observed".
        """
        from journeykit.analysis.observed_graph import observed_graph

        return observed_graph(self, touchpoints=touchpoints)

    def save(
        self, path: str | os.PathLike[str], *, progress: Callable[[Progress], object] | None = None
    ) -> None:
        """Save the journey to one file, which `load` loads: whole, or not at all.

        What stands there is replaced in one step; whoever loaded it goes on with what they loaded.

        Args:
            path: The file; its name ends in .jkt.
            progress: Is told how far it has come, see `observe`.

        Raises:
            SavedJourneyError: The name ends otherwise, or the file can't be written: the disk is full.
            OSError: No file can be put there.
            EngineError: The engine failed, or the journey is closed.
        """
        from journeykit.saving.writing import save_journey

        save_journey(self, path, progress)

    def close(self) -> None:
        """Take away what was made in the engine; a second call does nothing."""
        self.scratch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
