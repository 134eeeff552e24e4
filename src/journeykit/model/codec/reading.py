"""Read a lifecycle from a file, YAML, JSON or plain data.

May import: the rest of codec, lifecycle, errors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from cattrs.errors import BaseValidationError

from journeykit.errors import LifecycleError
from journeykit.model.codec import shape
from journeykit.model.codec.bases import SUFFIXES, Bases
from journeykit.model.codec.converter import converter
from journeykit.model.codec.document import Document, UnreadableError
from journeykit.model.codec.files import LARGEST, LifecycleFile, file_text, too_large
from journeykit.model.codec.json_text import read_json
from journeykit.model.codec.variant import extended
from journeykit.model.codec.yaml_text import read_yaml
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.problem import Problem
from journeykit.model.values import brief

_READERS: Final[Mapping[str, Callable[[str], Document]]] = dict(
    zip(SUFFIXES, (read_yaml, read_yaml, read_json), strict=True)
)

_UNNAMED: Final = "unnamed"


def read_lifecycle(path: str | os.PathLike[str], *, bases: Iterable[Lifecycle] | None = None) -> Lifecycle:
    """Read a lifecycle from a YAML or JSON file.

    Args:
        path: The file; its name ends in .yaml, .yml or .json.
        bases: Lifecycles that the file may extend, beside those in files beside it and those
            that ship.

    Raises:
        LifecycleError: The file can't be read, is not UTF-8 text, or holds no good
            lifecycle; every problem names its place, in YAML with its line.
    """
    file = Path(path)
    if file.suffix.lower() not in _READERS:
        raise LifecycleError(str(file), [f"the name of a lifecycle's file ends in {', '.join(_READERS)}"])
    return _from_file(file, Bases(tuple(bases or ()), file.parent))


def from_yaml(text: str, *, origin: str = "", bases: Iterable[Lifecycle] | None = None) -> Lifecycle:
    """Read a lifecycle from YAML.

    Args:
        text: The YAML.
        origin: What errors call it, such as a file's name; by default the id it gives.
        bases: Lifecycles that it may extend, beside those that ship.

    Raises:
        LifecycleError: It holds no good lifecycle; every problem names its line and place.
    """
    return _from_text(text, read_yaml, origin, Bases(tuple(bases or ())))


def from_json(text: str, *, origin: str = "", bases: Iterable[Lifecycle] | None = None) -> Lifecycle:
    """Read a lifecycle from JSON.

    Args:
        text: The JSON.
        origin: What errors call it, such as a file's name; by default the id it gives.
        bases: Lifecycles that it may extend, beside those that ship.

    Raises:
        LifecycleError: It holds no good lifecycle; every problem names its place.
    """
    return _from_text(text, read_json, origin, Bases(tuple(bases or ())))


def from_dict(
    data: Mapping[str, Any], *, origin: str = "", bases: Iterable[Lifecycle] | None = None
) -> Lifecycle:
    """Read a lifecycle from plain data, as `to_dict` writes it.

    Args:
        data: Mappings, lists, texts, numbers and truths; see the lifecycle file reference.
        origin: What errors call it; by default the id it gives.
        bases: Lifecycles that it may extend, beside those that ship.

    Raises:
        LifecycleError: It holds no good lifecycle; every problem names its place.
    """
    return _structured(Document(data, {}), origin, Bases(tuple(bases or ())))


def _from_file(file: LifecycleFile, bases: Bases) -> Lifecycle:
    reader = _READERS[Path(file.name).suffix.lower()]
    return _from_text(file_text(file), reader, str(file), bases, file)


def _from_text(
    text: str,
    reader: Callable[[str], Document],
    origin: str,
    bases: Bases,
    file: LifecycleFile | None = None,
) -> Lifecycle:
    if len(text) > LARGEST:
        raise LifecycleError(origin or _UNNAMED, [too_large(len(text), "characters")])
    try:
        document = reader(text)
    except UnreadableError as error:
        raise LifecycleError(origin or _UNNAMED, error.problems) from None
    return _structured(document, origin, bases, file)


def _structured(
    document: Document, origin: str, bases: Bases, file: LifecycleFile | None = None
) -> Lifecycle:
    """Make a lifecycle of plain data, and give every problem its line."""
    data = document.data
    if not isinstance(data, Mapping):
        clause = "is empty" if data is None else f"must be a mapping with id and stages, not {brief(data)}"
        raise LifecycleError(origin or _UNNAMED, [clause])
    name = origin or str(data.get("id") or _UNNAMED)
    try:
        whole, problems = _whole(document, bases.reading(data.get("id"), file))
    except UnreadableError as error:
        found = [Problem(clause, ("extends",)) for clause in error.problems]
        raise LifecycleError(name, [document.located(problem) for problem in found]) from None
    try:
        lifecycle: Lifecycle = converter().structure(whole.data, Lifecycle)
    except BaseValidationError as error:
        problems += shape.problems(error, whole.data)
    if problems:
        found = sorted(problems, key=whole.line)
        raise LifecycleError(name, [whole.located(problem) for problem in found])
    return lifecycle


def _whole(document: Document, bases: Bases) -> tuple[Document, list[Problem]]:
    """Lay a variant over what it extends; what extends nothing stays as it is."""
    data: Mapping[str, Any] = document.data
    if "extends" in data:
        return extended(document, bases.of(data["extends"], _from_file))
    if "without" in data:
        problem = Problem("without: says what is left out of a base; name that in 'extends'", ("without",))
        rest = {field: value for field, value in data.items() if field != "without"}
        return Document(rest, document.lines), [problem]
    return document, []
