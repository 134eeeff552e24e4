"""Load a saved journey, to ask it whatever the one that was saved could be asked.

May import: saving, journey, relations, eventlog, engines, errors.
"""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING

import attrs

from journeykit.engines import Limits, Title, connect_embedded
from journeykit.engines.duckdb import DuckDB
from journeykit.errors import EventLogError, SavedJourneyError, UnsupportedError
from journeykit.eventlog.saved import SavedLog
from journeykit.eventlog.times import EPOCH, MICROSECOND
from journeykit.journey import Journey
from journeykit.relations.lists import read_lists, shape_of
from journeykit.relations.moments import Moments
from journeykit.relations.observed import Observed
from journeykit.relations.scratch import Scratch
from journeykit.relations.visits import Reader
from journeykit.saving.opening import find_file, manifest_in, opened
from journeykit.saving.opening import verify as verify_file

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.engines.attached import Attached
    from journeykit.engines.duckdb_shape import Shape
    from journeykit.eventlog.log import EventLog
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.saving.manifest import Manifest


def load(
    path: str | os.PathLike[str],
    *,
    memory_limit: str | None = None,
    threads: int | None = None,
    temp_dir: str | os.PathLike[str] | None = None,
    beside: Journey | None = None,
    verify: bool = False,
) -> Journey:
    """Load a journey that `Journey.save` saved, in less than a second however large it is.

    Nothing is read but the manifest; questions read what they count from the file. That may be replaced at
    any time: this journey stays the one that was loaded. Its log has a name and columns, but no events.

    Args:
        path: The file.
        memory_limit: How much memory its engine may use before it spills, such as "4GB"; None: 2 GB.
        threads: How many threads; None: as many as the machine has.
        temp_dir: An existing folder for what does not fit into memory; None: that of the system.
        beside: A journey of the same log, on whose engine to load this one, so that questions can be asked
            of the two, such as `overlap`. The limits are those of that engine.
        verify: Whether to read all of the file, and compare it with its checksums.

    Returns:
        The journey, which answers every question as the saved one did. It holds the file until `close`.

    Raises:
        SavedJourneyError: The file is no saved journey, is of another format than this journeykit's or of a
            newer DuckDB, or is damaged.
        EventLogError: *beside* is of another log, or a limit makes no sense.
        UnsupportedError: *beside* is on an engine that can't read the file.
        EngineError: *beside* is closed.

    Warns:
        JourneykitWarning: The definitions have changed since the journey was observed, or the checksums can't
            be compared.
    """
    limits = Limits(memory_limit=memory_limit, threads=threads, temp_dir=temp_dir)
    shown = os.fspath(path)
    if beside is not None:
        return _load(_engine_of(beside, limits), shown, beside=beside, verify=verify)
    engine = connect_embedded(limits)
    try:
        return _load(engine, shown, beside=None, verify=verify)
    except BaseException:
        engine.close()
        raise


def _engine_of(beside: object, limits: Limits) -> DuckDB:
    """Find the engine to load on."""
    if not isinstance(beside, Journey):
        raise EventLogError(f"beside= is a Journey, not {type(beside).__name__}")
    if limits.said:
        said = ", ".join(f"{name}=" for name in limits.said)
        raise EventLogError(f"{said} can't be said with beside=: the engine is that of the other journey")
    beside.scratch.require_open()
    engine = beside.scratch.engine
    if not isinstance(engine, DuckDB):
        way_out = "save that journey, too, and load both"
        raise UnsupportedError(f"{engine.title} can't read a saved journey beside its own: {way_out}")
    return engine


def _load(engine: DuckDB, path: str, *, beside: Journey | None, verify: bool) -> Journey:
    place = find_file(path)
    with engine.errors(Title(repr(path))), opened(engine, place, path) as file:
        manifest = manifest_in(file, path)
        lifecycle = manifest.plan(path)
        if verify:
            verify_file(file, manifest, path)
        names = tuple(engine.arrow(file.table("touchpoints").order_by("touchpoint"))["name"].to_pylist())
        scratch = _FileScratch(file)
        return Journey(
            lifecycle=lifecycle,
            log=_log(manifest, engine, path, beside),
            as_of=manifest.as_of,
            idle=manifest.idle,
            counts=manifest.counts,
            rules=manifest.rules,
            touchpoint_names=names,
            observed=_observed(manifest, lifecycle, names, scratch, path),
            customers=file.table("customers"),
            scratch=scratch,
        )


def _observed(
    manifest: Manifest, lifecycle: Lifecycle, names: tuple[str, ...], scratch: _FileScratch, path: str
) -> Observed:
    """Find what was observed, as the file holds it.

    Raises:
        SavedJourneyError: It can't hold what its manifest says.
    """
    # Times are not laid down in rows, and so it does not matter which.
    plain = Moments.of(0, 0, stages=len(lifecycle.stages), touchpoints=len(names))
    if manifest.lists is None:
        return Observed.of(plain, *(scratch.file.table(name) for name in ("steps", "visits", "ends")))
    layout, as_of_us = manifest.lists, (manifest.as_of - EPOCH) // MICROSECOND
    if layout.moments != attrs.evolve(plain, origin_us=layout.moments.origin_us):
        cause = "is damaged: its manifest lays lists down for other names than it has. Save the journey again"
        raise SavedJourneyError(path, cause)
    shape = shape_of(layout, lifecycle, as_of_us=as_of_us, idle_us=manifest.idle_us)
    if not shape.fits:
        raise SavedJourneyError(path, "is damaged: its dates don't fit its lists. Save the journey again")
    reader = Reader(moments=layout.moments, lifecycle=lifecycle, as_of_us=as_of_us, idle_us=manifest.idle_us)
    return read_lists(scratch.show_lists(shape), layout, shape, reader, scratch)


def _log(manifest: Manifest, engine: DuckDB, path: str, beside: Journey | None) -> EventLog | SavedLog:
    """Say of which log it was observed; two journeys of one log share it."""
    if beside is None:
        return SavedLog(**attrs.asdict(manifest.log), file=path, engine=engine)
    if beside.log.uid != manifest.log.uid:
        way_out = "observe one log, opened once, under both lifecycles, and save both"
        raise EventLogError(f"{path!r} is not of the log of beside=, which is {beside.log.name}: {way_out}")
    return beside.log


class _FileScratch(Scratch):
    """Makes relations beside those of the file, and lets go of it with them."""

    def __init__(self, file: Attached) -> None:
        super().__init__(file.engine)
        self.file = file
        weakref.finalize(self, file.detach)

    def show_lists(self, shape: Shape) -> dict[str, ir.Table]:
        """Show what the file's lists tell."""
        return self.file.show_lists(self._named("lists"), "lists", shape)

    def close(self) -> None:
        """Take every relation away, and let go of the file; a second call does nothing."""
        super().close()
        self.file.detach()
