"""Read an XML file into elements, without any of XML's dangers.

Expat resolves nothing by itself, and a file with a document type, where entities that
grow or that read other files are declared, is refused.

May import: errors.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

import attrs

from journeykit.errors import GraphError

if TYPE_CHECKING:
    from os import PathLike


@attrs.define
class Element:
    """One element: its name without namespace, attributes (foreign ones as "namespace name"), content."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = attrs.field(factory=list)
    text: str = ""


def parse(path: str | PathLike[str]) -> Element:
    """Read an XML file and return its root element.

    Raises:
        GraphError: The file is no well-formed XML, or has a document type.
        OSError: The file can't be read.
    """
    top = Element("", {})
    open_elements = [top]
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name.rpartition(" ")[2], attributes)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def end(_: str) -> None:
        open_elements.pop()

    def text(content: str) -> None:
        open_elements[-1].text += content

    def document_type(*_: object) -> None:
        raise GraphError((f"{path}: has a document type, which is not read",))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, document_type
    try:
        with Path(path).open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise GraphError((f"{path}: {error}",)) from error
    return top.children[0]
