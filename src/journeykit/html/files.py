"""Write a file whole or not at all.

The text goes to a new file beside the place, which then takes the place in one step: a
reader never sees half a page, and an interrupted run leaves what was there before.

May import: errors.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from journeykit.errors import ReportError


def check_place(path: str | Path) -> None:
    """Refuse a place where no file can be written, before the work that would fill it.

    Raises:
        OSError: The directory is missing or can't be written to, or the place is a directory.
    """
    place = Path(path)
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not place.parent.is_dir():
        missing = errno.ENOENT if not place.parent.exists() else errno.ENOTDIR
        raise OSError(missing, f"{os.strerror(missing)} to write the file into", str(path))
    if not os.access(place.parent if _is_plain(place) else place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def require_page(path: str | Path) -> None:
    """Refuse to write a page over what is no page, such as the export it was made from.

    Raises:
        ReportError: The name does not end in .html or .htm.
    """
    place = Path(path)
    if _is_plain(place) and place.suffix.lower() not in {".html", ".htm"}:
        raise ReportError(f"a report is a page: write it to a name in .html, not to {str(path)!r}")


def write_file(path: str | Path, text: str) -> None:
    """Write *text* as UTF-8, whole or not at all; half a character is written as an escape.

    Args:
        path: Where to.  A link is followed; what is no plain file (a pipe, a device) is written to as it is.
        text: What to write.

    Raises:
        OSError: It can't be written there.
    """
    check_place(path)
    content = text.encode("utf-8", "backslashreplace")
    place = Path(os.path.realpath(path))
    if not _is_plain(place):
        place.write_bytes(content)
        return
    beside = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(content)
        if place.exists():
            beside.chmod(place.stat().st_mode & 0o777)
        beside.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _is_plain(place: Path) -> bool:
    """Tell whether a file is there that can be replaced, or none."""
    return place.is_file() or not place.exists()
