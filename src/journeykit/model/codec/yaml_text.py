"""Read YAML into plain data, and remember the line of everything.

Only what JSON can say is read: no tags, no aliases, every key a text.  Plain words are
read as YAML 1.2 reads them, so that "no" and "2024-01-31" are text.  Built from parser
events on a stack of its own: PyYAML's composer recurses, and its fast version crashes
Python on deeply nested input.

May import: codec.document, problem.
"""

from __future__ import annotations

import re
from typing import Any, Final

import attrs
import yaml

from journeykit.model.codec.document import Document, UnreadableError
from journeykit.model.problem import MOST, Path

_DEEPEST: Final = 20
_CONSTANTS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# Every number here is one to PyYAML's writer, too, which therefore quotes a text that looks like it.
_WHOLE_NUMBER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,300}\.[0-9]{0,300}(?:[eE][-+][0-9]{1,3})?")


def read_yaml(text: str) -> Document:
    """Read a YAML text of one document.

    Raises:
        UnreadableError: It is no YAML, holds several documents, tags, aliases, keys that are
            no text or stand twice, or is nested deeper than any lifecycle.
    """
    builder = _Builder()
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.complain(mark.line + 1 if mark else 1, f"is no YAML: {error.problem or error.context}")
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        # PyYAML's fast version counts bytes where the other counts characters.
        at = error.start if isinstance(error, UnicodeEncodeError) else text.find(chr(error.character))
        builder.complain(text.count("\n", 0, at) + 1, f"is no YAML: character {text[at]!a} is not allowed")
    if builder.problems:
        raise UnreadableError(builder.problems)
    return Document(builder.data, builder.lines)


@attrs.define
class _Open:
    """A mapping or a list that has not ended."""

    path: Path
    items: dict[str, Any] | list[Any]
    key: str | None = None

    def awaits_key(self) -> bool:
        return isinstance(self.items, dict) and self.key is None


@attrs.define
class _Builder:
    """Builds data out of parser events."""

    data: Any = None
    lines: dict[Path, int] = attrs.Factory(dict)
    problems: list[str] = attrs.Factory(list)
    stack: list[_Open] = attrs.Factory(list)
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.complain(line, "another document begins; a file holds one lifecycle")
                raise UnreadableError(self.problems)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event, line)

    def complain(self, line: int, clause: str) -> None:
        """Note a problem; after many, stop reading."""
        if len(self.problems) == MOST:
            *others, last = self.problems
            raise UnreadableError([*others, f"{last}; and so on"])
        self.problems.append(f"line {line}: {clause}")

    def _take_node(self, event: yaml.NodeEvent, line: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.complain(line, f"an alias (*{event.anchor}) is not read: write out what it stands for")
        elif tag := getattr(event, "tag", None):
            self.complain(line, f"a tag ({tag}) is not read: leave it out")
        if self.stack and self.stack[-1].awaits_key():
            self._take_key(event, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            items: dict[str, Any] | list[Any] = {} if is_mapping else []
            self.stack.append(_Open(self._put(items, line), items))
            if len(self.stack) > _DEEPEST:
                self.complain(line, "is nested too deeply")
                raise UnreadableError(self.problems)
        else:
            self._put(_meant(event) if isinstance(event, yaml.ScalarEvent) else None, line)

    def _take_key(self, event: yaml.NodeEvent, line: int) -> None:
        mapping = self.stack[-1]
        if not isinstance(event, yaml.ScalarEvent):
            self.complain(line, "a key must be text")
            raise UnreadableError(self.problems)
        mapping.key = event.value
        path = (*mapping.path, event.value)
        if event.value in mapping.items:
            self.complain(line, f"key {event.value!r} stands there twice, first at line {self.lines[path]}")
        self.lines.setdefault(path, line)

    def _put(self, value: object, line: int) -> Path:
        """Put a value where it belongs, and return that place."""
        if not self.stack:
            self.data = value
            self.lines[()] = line
            return ()
        whole = self.stack[-1]
        if isinstance(whole.items, list):
            whole.items.append(value)
            path = (*whole.path, len(whole.items) - 1)
            self.lines[path] = line
            return path
        key, whole.key = str(whole.key), None
        whole.items[key] = value
        return (*whole.path, key)


def _meant(scalar: yaml.ScalarEvent) -> object:
    """Tell what a scalar means: in quotes it is text, a plain word may be more."""
    text: str = scalar.value
    if not scalar.implicit[0]:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL_NUMBER.fullmatch(text) else text
