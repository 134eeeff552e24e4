"""Write a journey to a file, which appears whole or not at all.

May import: saving, journey, progress, engines, errors.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa

from journeykit.engines import Title, engine_errors
from journeykit.engines.attached import hash_of, new_file
from journeykit.engines.failures import first_line
from journeykit.errors import EngineError, SavedJourneyError
from journeykit.progress import reporting
from journeykit.saving.manifest import LISTS, ROWS, Relation, manifest_of
from journeykit.saving.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import ibis.expr.types as ir

    from journeykit.engines import Engine
    from journeykit.engines.attached import Attached
    from journeykit.journey import Journey
    from journeykit.progress import Doing, Progress

SUFFIX: Final = ".jkt"
"""Ends the name of every saved journey: nothing else is ever written over."""

MANIFEST: Final = "manifest"
"""The relation that holds the manifest: one row, `text`; it is written last."""

PROBE: Final = "journeykit"
"""What is hashed to tell whether two DuckDB hash alike."""


def save_journey(
    journey: Journey, path: str | os.PathLike[str], progress: Callable[[Progress], object] | None = None
) -> None:
    """Write a journey to a file: see `Journey.save`."""
    journey.scratch.require_open()
    shown = os.fspath(path)
    place, engine = _place(shown), journey.scratch.engine
    with (
        replacing(place) as beside,
        engine.errors(journey.log),
        _write_errors(shown),
        new_file(engine, beside) as file,
        reporting(engine, progress) as doing,
    ):
        _write(journey, file, doing)


@contextlib.contextmanager
def _write_errors(path: str) -> Iterator[None]:
    """Say in our words what DuckDB raises that writes, whichever engine reads.

    Raises:
        SavedJourneyError: The file can't be written: the disk is full, most likely.
        EngineError: DuckDB failed, or is closed.
    """
    with engine_errors(Title(repr(path))):
        try:
            yield
        except duckdb.IOException as error:
            said = first_line(error).rpartition("Original error: ")[2].removeprefix("IO Error: ")
            cause = f"can't be saved, and what stood there is as it was: {said}"
            raise SavedJourneyError(path, cause) from error


def _place(path: str) -> Path:
    """Find the place of the file, following a link; refuse what can't be one, before the work.

    Raises:
        SavedJourneyError: The name does not end in .jkt.
        OSError: The folder is missing or can't be written to, or the place is a folder.
    """
    if Path(path).suffix.lower() != SUFFIX:
        raise SavedJourneyError(path, f"is no name for a saved journey: it must end in {SUFFIX}")
    place = Path(os.path.realpath(Path(path).expanduser()))
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not place.parent.is_dir():
        missing = errno.ENOENT if not place.parent.exists() else errno.ENOTDIR
        raise OSError(missing, f"{os.strerror(missing)} to save the journey into", path)
    if not os.access(place.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    return place


def _write(journey: Journey, file: Attached, doing: Doing) -> None:
    counts, touchpoint_names = journey.counts, journey.touchpoint_names
    touchpoints = {
        "touchpoint": pa.array(range(len(touchpoint_names)), pa.int32()),
        "name": pa.array(touchpoint_names, pa.string()),
    }
    engine, wanted = journey.scratch.engine, _write_observed(journey, file, doing)
    doing("writing customers", rows=counts.customers)
    _copy("customers", journey.customers, engine, file)
    file.write("touchpoints", pa.table(touchpoints))
    doing("adding checksums", rows=counts.events + 2 * counts.visits)
    file.finish()  # so that what is summed up is what the file holds
    names = LISTS if journey.observed.kept else ROWS
    relations = {name: Relation(*file.checksum(name)) for name in names}
    for name, rows in wanted.items():
        if relations[name].rows != rows:
            raise EngineError(f"DuckDB wrote {relations[name].rows:,} of {rows:,} rows of {name}")
    manifest = manifest_of(journey, relations, hash_of(file.engine, PROBE))
    file.write(MANIFEST, pa.table({"text": [manifest.to_json()]}))


def _write_observed(journey: Journey, file: Attached, doing: Doing) -> dict[str, int]:
    """Write what was observed, as it is kept; say how many rows each relation must have."""
    counts, observed, engine = journey.counts, journey.observed, journey.scratch.engine
    if observed.kept is not None:
        doing("writing lists", rows=counts.events)
        lists = observed.kept.rows
        # The ids are with the customers.
        _copy("lists", lists.drop("id") if "id" in lists.columns else lists, engine, file)
        return {"lists": journey.scratch.one(lists.aggregate(n=lists.count()))["n"]}
    doing("writing steps", rows=counts.events)
    _copy("steps", observed.steps, engine, file)
    doing("writing visits", rows=counts.visits)
    _copy("visits", observed.visits, engine, file)
    doing("writing ends", rows=counts.visits)
    _copy("ends", observed.ends, engine, file)
    return {"steps": counts.events, "visits": counts.visits, "ends": counts.visits}


def _copy(name: str, rows: ir.Table, engine: Engine, file: Attached) -> None:
    """Write one of the journey's relations, from whichever engine holds it."""
    if file.engine is engine:
        file.write(name, rows)
    else:
        file.pour(name, rows, engine)
