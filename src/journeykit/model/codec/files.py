"""Read the text of a lifecycle's file, and refuse one that no lifecycle fills.

May import: errors.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, Final, TypeAlias

from journeykit.errors import LifecycleError, nearest

LifecycleFile: TypeAlias = Path | Traversable
"""A file of the disk, or of an installed package."""

LARGEST: Final = 2_000_000
"""Bytes in a file, and characters in a text; the lifecycles that ship have a fiftieth of it."""


def file_text(file: LifecycleFile) -> str:
    """Read a file as UTF-8 text.

    Raises:
        LifecycleError: It can't be read, is too large, or is not UTF-8 text.
    """
    try:
        with file.open("rb") as opened:
            content: bytes = opened.read(LARGEST + 1)
            size = _size(opened) if len(content) > LARGEST else 0
    except OSError as error:
        hint = _neighbour(file) if isinstance(error, FileNotFoundError) else ""
        raise LifecycleError(str(file), [f"can't be read: {error.strerror}{hint}"]) from error
    if size != 0:
        raise LifecycleError(str(file), [too_large(size, "bytes")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LifecycleError(
            str(file),
            [f"line {line}: is not UTF-8 text (byte {content[error.start]:#04x}); save the file as UTF-8"],
        ) from error


def too_large(size: int | None, unit: str) -> str:
    """Say that something is too large to be a lifecycle; None: larger, and who knows how much."""
    found = f"{size:,}" if size is not None else f"more than {LARGEST:,}"
    return f"has {found} {unit}; a lifecycle has at most {LARGEST:,}"


def _size(opened: IO[bytes]) -> int | None:
    """Measure a file that is open; what is no file on a disk may have no end."""
    return (opened.seek(0, 2) or None) if opened.seekable() else None


def _neighbour(file: LifecycleFile) -> str:
    """Name the file beside a missing one that is most like it."""
    if not isinstance(file, Path):
        return ""
    try:
        names = [each.name for each in file.parent.iterdir()]
    except OSError:
        return ""
    near = nearest(file.name, names)
    return f". Did you mean {near!r}?" if near else ""
