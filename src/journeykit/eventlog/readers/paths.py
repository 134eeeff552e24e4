"""Find the files that a path or a pattern means; refuse what is no local file of a known kind.

May import: errors.
"""

from __future__ import annotations

import glob
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from journeykit.errors import EventLogError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

FileKind: TypeAlias = Literal["delimited", "jsonlines", "parquet"]

KINDS: Final[dict[str, FileKind]] = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
    ".parquet": "parquet",
    ".jsonl": "jsonlines",
    ".ndjson": "jsonlines",
    ".json": "jsonlines",
}
"""What a file's last suffix, less ".gz", says of its contents."""

_REMOTE: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+://")


def find_files(path: str) -> tuple[Path, ...]:
    """List the files that a path or a pattern (`*`, `?`, `[...]`, `**`) means, in order of their names.

    Raises:
        EventLogError: There is none, or it is a directory or an address on the network.
    """
    if _REMOTE.match(path):
        raise EventLogError(f"{path!r} is an address; journeykit never uses the network: download it first")
    literal = Path(path).expanduser()
    if literal.is_dir():
        pattern = path.rstrip("/") + "/*.csv"
        raise EventLogError(f"{path!r} is a directory: give a file, or a pattern such as {pattern!r}")
    if literal.is_file():
        return (literal.absolute(),)
    if not glob.has_magic(path):
        near = literal.parent if literal.parent.is_dir() else None
        siblings = sorted(file.name for file in near.iterdir() if file.suffix) if near else []
        raise EventLogError(_absent(path, siblings))
    # Unlike `Path.glob`, this leaves out hidden files, such as the locks of an office program.
    found = (Path(name).absolute() for name in glob.glob(str(literal), recursive=True))  # noqa: PTH207
    files = tuple(sorted(file for file in found if file.is_file()))
    if not files:
        raise EventLogError(f"no file matches {path!r}")
    return files


def find_export(path: str) -> tuple[Path, ...]:
    """List the files that a path, a pattern or a folder means; of a folder, those of a known ending.

    Raises:
        EventLogError: There is none, or it is an address on the network.
    """
    folder = Path(path).expanduser()
    if not folder.is_dir():
        return find_files(path)
    visible = (file for file in folder.absolute().iterdir() if not file.name.startswith("."))
    files = tuple(sorted(file for file in visible if _ending(file) in KINDS and file.is_file()))
    if not files:
        raise EventLogError(f"the folder {path!r} holds no file that can be read. {_known_endings()}")
    return files


def _known_endings() -> str:
    return f"Known endings: {', '.join(KINDS)}; text also with .gz"


def _absent(path: str, siblings: list[str]) -> str:
    close = nearest(Path(path).name, siblings)
    return f"there is no file {path!r}" + (f". Did you mean {close!r} beside it?" if close else "")


def file_kind(paths: Sequence[Path], name: str) -> FileKind:
    """Tell what files contain by their endings.

    Raises:
        EventLogError: An ending is not known, or there are several kinds.
    """
    kinds = {path: KINDS.get(_ending(path)) for path in paths}
    for path, kind in kinds.items():
        if kind is None:
            raise EventLogError(f"{str(path)!r}: what kind of file is this? {_known_endings()}")
    if len(set(kinds.values())) > 1:
        endings = sorted({_ending(path) for path in paths})
        raise EventLogError(
            f"{name} matches several kinds of files ({', '.join(endings)}): narrow the pattern"
        )
    return next(kind for kind in kinds.values() if kind)


def _ending(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
        return suffixes[-1] if suffixes and suffixes[-1] != ".parquet" else ".gz"
    return suffixes[-1] if suffixes else ""


def escaped(paths: Sequence[Path]) -> list[str]:
    """Write paths so that the engine takes each for one file: to it, too, `[1]` is a pattern."""
    return [glob.escape(str(path)) for path in paths]


def partition_keys(paths: Sequence[Path]) -> set[str]:
    """Name the columns that directories such as `year=2024` stand for; none for a single file."""
    if not paths[1:]:
        return set()
    found = [{part.split("=", 1)[0].lower() for part in path.parts[:-1] if "=" in part} for path in paths]
    return set.intersection(*found)
