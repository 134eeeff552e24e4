"""Put a file in the place of another in one step, and take away what dead processes left.

The file is written beside its place under a name of its own, and takes the place when all of it
is on the disk: a reader, or a power cut, finds the old file or the new one.

May import: errors.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where a file that somebody has open can't be removed anyway
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """Give a place beside *place* to write to; what is written there takes its place at the end.

    Args:
        place: The file to replace, or to make; no link.

    Raises:
        OSError: It can't be put there.
    """
    sweep(place)
    beside = place.with_name(f".{place.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        yield beside
        if place.exists():
            beside.chmod(place.stat().st_mode & 0o777)
        _flush(beside)
        # What somebody did to the old file, and did not finish, would be taken for a part of the new one.
        _log_of(place).unlink(missing_ok=True)
        beside.replace(place)
    except BaseException:
        _remove(beside)
        raise
    _flush(place.parent)


def sweep(place: Path) -> None:
    """Take away what processes that are gone were writing when they were killed."""
    pattern = re.compile(rf"\.{re.escape(place.name)}\.(\d+)-[0-9a-f]{{8}}\.tmp(\.wal)?")
    with contextlib.suppress(OSError):
        for file in place.parent.iterdir():
            written = pattern.fullmatch(file.name)
            if written and not _is_alive(int(written[1])) and not _is_locked(file):
                _remove(file)


def _remove(file: Path) -> None:
    """Take a file away, with its log."""
    for each in (file, _log_of(file)):
        with contextlib.suppress(OSError):
            each.unlink()


def _log_of(file: Path) -> Path:
    """Name the log that DuckDB keeps beside a file that it writes to."""
    return file.with_name(f"{file.name}.wal")


def _flush(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk; some systems open no folder."""
    try:
        opened = os.open(path, os.O_RDONLY)
    except OSError:
        if path.is_dir():
            return
        raise
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _is_alive(process: int) -> bool:
    """Tell whether a process of this machine is there; where that can't be told, it is."""
    if fcntl is None:
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _is_locked(file: Path) -> bool:
    """Tell whether somebody writes to a file, on another machine or in a container, too: DuckDB locks it."""
    try:
        with file.open("rb+") as opened:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False
