"""Read JSON into plain data, strictly.

May import: codec.document.
"""

from __future__ import annotations

import json
from typing import Any

from journeykit.model.codec.document import Document, UnreadableError


def read_json(text: str) -> Document:
    """Read a JSON text.

    Raises:
        UnreadableError: It is no JSON, holds a key twice or a number that is none (NaN), or is
            nested too deeply.
    """
    repeated: list[str] = []

    def as_mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key, value in pairs:
            if key in mapping:
                repeated.append(f"key {key!r} stands twice in one object")
            mapping[key] = value
        return mapping

    try:
        data = json.loads(text, object_pairs_hook=as_mapping, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise UnreadableError([f"line {error.lineno}: is no JSON: {error.msg}"]) from error
    except ValueError as error:
        raise UnreadableError([f"is no JSON: {error}"]) from error
    except RecursionError as error:
        raise UnreadableError(["is nested too deeply"]) from error
    if repeated:
        raise UnreadableError(repeated)
    return Document(data, {})


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")
