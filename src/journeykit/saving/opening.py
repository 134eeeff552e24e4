"""Open the file of a saved journey; what is none, or is damaged, is refused at once.

May import: saving, engines, errors.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from journeykit.engines.attached import hash_of, open_file
from journeykit.engines.failures import first_line
from journeykit.errors import SavedJourneyError, nearest, warn
from journeykit.saving.manifest import read_manifest, words
from journeykit.saving.writing import MANIFEST, PROBE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.engines.attached import Attached
    from journeykit.engines.duckdb import DuckDB
    from journeykit.saving.manifest import Manifest

_MAGIC_AT: Final = slice(8, 12)
_MAGIC: Final = b"DUCK"
"""How a DuckDB file says that it is one."""

_HEADERS: Final = 3 * 4096
"""The bytes of a DuckDB file before its first block."""

_NEWER: Final = re.compile(r"version number (\d+)")

_NO_FAULT: Final = (duckdb.ConnectionException, duckdb.OutOfMemoryException, duckdb.InterruptException)
"""What DuckDB raises that says nothing of the file."""


def find_file(path: str) -> Path:
    """Find the file, and see that it is one of DuckDB's.

    Raises:
        SavedJourneyError: It is not.
    """
    place = Path(os.path.realpath(Path(path).expanduser()))
    if place.exists() and not place.is_file():
        raise SavedJourneyError(path, "is no saved journey: that is one plain file")
    try:
        with place.open("rb") as file:
            head = file.read(_MAGIC_AT.stop)
    except FileNotFoundError as error:
        raise SavedJourneyError(path, _absent(place)) from error
    except OSError as error:
        raise SavedJourneyError(path, f"can't be read: {error.strerror}") from error
    if head[_MAGIC_AT] != _MAGIC:
        what = "it is no DuckDB file" if head else "it is empty"
        raise SavedJourneyError(path, f"is no saved journey: {what}. journey.save(...) writes one")
    return place


def _absent(place: Path) -> str:
    siblings = [file.name for file in place.parent.iterdir()] if place.parent.is_dir() else []
    near = nearest(place.name, siblings)
    return "is not there: journey.save(...) writes it" + (f". Did you mean {near!r}?" if near else "")


@contextlib.contextmanager
def opened(engine: DuckDB, place: Path, path: str) -> Iterator[Attached]:
    """Attach the file; an error lets go of it, and is told in our words.

    Args:
        engine: Where to.
        place: The file, as `find_file` found it.
        path: The file, as the caller named it.

    Raises:
        SavedJourneyError: The file is damaged, or of a newer DuckDB.
    """
    with contextlib.ExitStack() as stack:
        try:
            before = _identity(place)
            file = open_file(engine, place)
            stack.callback(file.detach)
            # A file that was replaced in between says nothing of the one that is attached.
            if before == _identity(place):
                _require_whole(file, before[0], path)
            yield file
        except _NO_FAULT:
            raise
        except duckdb.Error as error:
            raise SavedJourneyError(path, _fault(error)) from error
        stack.pop_all()


def _identity(place: Path) -> tuple[int, ...]:
    """Tell one file from another that takes its name; the size comes first."""
    try:
        told = place.stat()
    except OSError:
        return (-1,)
    return told.st_size, told.st_ino, told.st_dev, told.st_mtime_ns


def _require_whole(file: Attached, size: int, path: str) -> None:
    wanted = _HEADERS + file.block_bytes()
    if size < wanted:
        raise _damaged(path, f"{size:,} of its {wanted:,} bytes are there")


def _fault(error: duckdb.Error) -> str:
    said = str(error)
    if newer := _NEWER.search(said):
        here = f"than the one here, {duckdb.__version__} (storage version {newer[1]})"
        return f"was written by a newer DuckDB {here}: pip install --upgrade duckdb"
    if "lock on file" in said:
        return f"is open for writing elsewhere: close it there. {first_line(error)}"
    if ".wal" in said:
        return f"was opened for writing since it was saved, and not closed: {first_line(error)}. {_AGAIN}"
    return f"is damaged: {first_line(error)}. {_AGAIN}"


_AGAIN: Final = "Save the journey again, or take the file from a backup"


def _damaged(path: str, what: str) -> SavedJourneyError:
    return SavedJourneyError(path, f"is damaged: {what}. {_AGAIN}")


def manifest_in(file: Attached, path: str) -> Manifest:
    """Read the manifest, and hold it against the relations as far as that costs nothing.

    Raises:
        SavedJourneyError: There is none, it is of a newer format, or the file does not hold what it says.

    Warns:
        JourneykitWarning: The definitions have changed since.
    """
    sizes = file.sizes()
    if MANIFEST not in sizes:
        what = "no saved journey, or one that was not written to its end"
        raise SavedJourneyError(path, f"is a DuckDB database without a manifest: {what}")
    manifest = read_manifest(_text(file, path), path)
    for name in manifest.names:
        wanted, found = manifest.relations[name].rows, sizes.get(name)
        if wanted != found:
            there = "is missing" if found is None else f"has {found:,} rows in place of {wanted:,}"
            raise _damaged(path, f"its relation {name!r} {there}")
    if manifest.definition != words():
        told = f"was observed by journeykit {manifest.journeykit} under other definitions than today's"
        warn(f"{path!r} {told}: observe the log again, and save it, to count by the new ones")
    return manifest


def _text(file: Attached, path: str) -> str:
    table = file.table(MANIFEST)
    rows = file.engine.arrow(table.limit(2)).to_pylist() if table.columns == ("text",) else []
    if len(rows) != 1 or not isinstance(rows[0]["text"], str):
        raise SavedJourneyError(path, f"is no saved journey: its table {MANIFEST!r} is something else")
    return str(rows[0]["text"])


def verify(file: Attached, manifest: Manifest, path: str) -> None:
    """Read everything, at which DuckDB checks every block, and compare the checksums.

    Raises:
        SavedJourneyError: They differ.

    Warns:
        JourneykitWarning: They can't be compared, for this DuckDB makes others.
    """
    alike = hash_of(file.engine, PROBE) == manifest.hashed
    for name in manifest.names:
        wanted, (rows, checksum) = manifest.relations[name], file.checksum(name)
        if rows != wanted.rows or (alike and checksum != wanted.checksum):
            raise _damaged(path, f"the checksum of its relation {name!r} differs")
    if not alike:
        warn(f"{path!r}: every block can be read, but DuckDB {duckdb.__version__} makes other checksums")
