"""Read a lifecycle from a file, YAML, JSON or plain data.

May import: the rest of codec, lifecycle, errors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from cattrs.errors import BaseValidationError

from journeykit.errors import LifecycleError, nearest
from journeykit.model.codec import shape
from journeykit.model.codec.converter import converter
from journeykit.model.codec.json_text import read_json
from journeykit.model.codec.yaml_text import Document, UnreadableError, read_yaml
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.values import brief

_READERS: Final[Mapping[str, Callable[[str], Document]]] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": read_json,
}

_UNNAMED: Final = "unnamed"


def read_lifecycle(path: str | os.PathLike[str]) -> Lifecycle:
    """Read a lifecycle from a YAML or JSON file.

    Args:
        path: The file; its name ends in .yaml, .yml or .json.

    Raises:
        LifecycleError: The file can't be read, is not UTF-8 text, or holds no good
            lifecycle; every problem names its place, in YAML with its line.
    """
    file = Path(path)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise LifecycleError(str(file), [f"the name of a lifecycle's file ends in {', '.join(_READERS)}"])
    return _read(_file_text(file), reader, str(file))


def from_yaml(text: str, *, origin: str = "") -> Lifecycle:
    """Read a lifecycle from YAML.

    Args:
        text: The YAML.
        origin: What errors call it, such as a file's name; by default the id it gives.

    Raises:
        LifecycleError: It holds no good lifecycle; every problem names its line and place.
    """
    return _read(text, read_yaml, origin)


def from_json(text: str, *, origin: str = "") -> Lifecycle:
    """Read a lifecycle from JSON.

    Args:
        text: The JSON.
        origin: What errors call it, such as a file's name; by default the id it gives.

    Raises:
        LifecycleError: It holds no good lifecycle; every problem names its place.
    """
    return _read(text, read_json, origin)


def from_dict(data: Mapping[str, Any], *, origin: str = "") -> Lifecycle:
    """Read a lifecycle from plain data, as `to_dict` writes it.

    Args:
        data: Mappings, lists, texts, numbers and truths; see the lifecycle file reference.
        origin: What errors call it; by default the id it gives.

    Raises:
        LifecycleError: It holds no good lifecycle; every problem names its place.
    """
    return _structured(Document(data, {}), origin)


def _file_text(file: Path) -> str:
    """Read a file as UTF-8 text."""
    try:
        content = file.read_bytes()
    except OSError as error:
        hint = _neighbour(file) if isinstance(error, FileNotFoundError) else ""
        raise LifecycleError(str(file), [f"can't be read: {error.strerror}{hint}"]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LifecycleError(
            str(file),
            [f"line {line}: is not UTF-8 text (byte {content[error.start]:#04x}); save the file as UTF-8"],
        ) from error


def _neighbour(file: Path) -> str:
    """Name the file beside a missing one that is most like it."""
    try:
        names = [each.name for each in file.parent.iterdir()]
    except OSError:
        return ""
    near = nearest(file.name, names)
    return f". Did you mean {near!r}?" if near else ""


def _read(text: str, reader: Callable[[str], Document], origin: str) -> Lifecycle:
    try:
        document = reader(text)
    except UnreadableError as error:
        raise LifecycleError(origin or _UNNAMED, error.problems) from None
    return _structured(document, origin)


def _structured(document: Document, origin: str) -> Lifecycle:
    """Make a lifecycle of plain data, and give every problem its line."""
    data = document.data
    if not isinstance(data, Mapping):
        clause = "is empty" if data is None else f"must be a mapping with id and stages, not {brief(data)}"
        raise LifecycleError(origin or _UNNAMED, [clause])
    try:
        lifecycle: Lifecycle = converter().structure(data, Lifecycle)
    except BaseValidationError as error:
        found = sorted(shape.problems(error, data), key=document.line)
        name = origin or str(data.get("id") or _UNNAMED)
        raise LifecycleError(name, [document.located(problem) for problem in found]) from None
    return lifecycle
